/* The grammar of RFC 8259, without recursion: a word of bits is the stack.
 *
 * The same code checks a document and later skips over values in it, so that
 * nothing relies on a text having been checked. */
#include <barequote/json.h>

#include <limits.h>

#include "json_chars.h"

struct stack {
	uint32_t objects; /* bit 0: the innermost container is an object; bit 1: the next */
	unsigned depth;
};

_Static_assert(BQ_JSON_DEPTH <= sizeof(uint32_t) * CHAR_BIT, "one bit a level");

/*@ requires \valid_read(r) && readable(*r);
  @ assigns \nothing;
  @ ensures -1 <= \result <= 255 && (\result == -1 <==> r->n == 0); */
static int peek(const struct bq_view *r)
{
	return r->n == 0 ? -1 : r->p[0];
}

/* Over the next byte, if it is this one. */
/*@ requires reader(r) && c >= 0;
  @ assigns *r;
  @ ensures moved{Pre, Post}(r, \result ? 1 : 0); */
static bool accept(struct bq_view *r, char c)
{
	return peek(r) == c && bq_rd_skip(r, 1) == 0;
}

/*@ requires reader(r); assigns *r; ensures advanced{Pre, Post}(r); */
static void skip_space(struct bq_view *r)
{
	/*@ loop invariant reader(r) && advanced{Pre, Here}(r);
	  @ loop assigns *r;
	  @ loop variant r->n; */
	while (accept(r, ' ') || accept(r, '\n') || accept(r, '\t') || accept(r, '\r'))
		;
}

/*@ requires reader(r) && readable(word) && word.n > 0;
  @ assigns *r;
  @ ensures advanced{Pre, Post}(r);
  @ ensures \result == 0 ==> r->n < \old(r->n); */
static int skip_word(struct bq_view *r, struct bq_view word)
{
	struct bq_view v;

	if (bq_rd_take(r, word.n, &v) != 0 || !bq_view_eq(v, word))
		return BQ_E_JSON_SYNTAX;
	return 0;
}

/*@ requires reader(r);
  @ assigns *r;
  @ ensures advanced{Pre, Post}(r) && (\result ==> r->n < \old(r->n)); */
static bool skip_digits(struct bq_view *r)
{
	size_t n = 0;

	/*@ loop invariant 0 <= n <= r->n;
	  @ loop assigns n;
	  @ loop variant r->n - n; */
	while (n < r->n && r->p[n] >= '0' && r->p[n] <= '9')
		n++;
	return n != 0 && bq_rd_skip(r, n) == 0;
}

/* Section 6 */
/*@ requires reader(r);
  @ assigns *r;
  @ ensures advanced{Pre, Post}(r);
  @ ensures \result == 0 ==> r->n < \old(r->n); */
static int skip_number(struct bq_view *r)
{
	accept(r, '-');
	if (!accept(r, '0') && !skip_digits(r))
		return BQ_E_JSON_SYNTAX;
	if (accept(r, '.') && !skip_digits(r))
		return BQ_E_JSON_SYNTAX;
	if (accept(r, 'e') || accept(r, 'E')) {
		if (!accept(r, '+'))
			accept(r, '-');
		if (!skip_digits(r))
			return BQ_E_JSON_SYNTAX;
	}
	return 0;
}

/* Section 7 */
/*@ requires reader(r);
  @ assigns *r;
  @ ensures advanced{Pre, Post}(r);
  @ ensures \result == 0 ==> r->n < \old(r->n); */
static int skip_string(struct bq_view *r)
{
	uint32_t cp;
	int e;

	if (!accept(r, '"'))
		return BQ_E_JSON_SYNTAX;
	/*@ loop invariant reader(r) && advanced{Pre, Here}(r) && r->n < \at(r->n, Pre);
	  @ loop assigns *r, cp, e;
	  @ loop variant r->n; */
	for (;;) {
		if ((e = bq_rd_skip(r, bq_json_plain(*r))) != 0)
			return e;
		if (accept(r, '"'))
			return 0;
		if ((e = bq_json_char(r, &cp)) != 0)
			return e;
	}
}

/*@ requires reader(r);
  @ assigns *r;
  @ ensures advanced{Pre, Post}(r);
  @ ensures \result == 0 ==> r->n < \old(r->n); */
static int skip_scalar(struct bq_view *r)
{
	int c = peek(r);

	if (c == '"')
		return skip_string(r);
	if (c == 't') /* lengths by hand: WP does not look for the end of a literal */
		return skip_word(r, bq_view_of("true", 4));
	if (c == 'f')
		return skip_word(r, bq_view_of("false", 5));
	if (c == 'n')
		return skip_word(r, bq_view_of("null", 4));
	return skip_number(r);
}

/* A member's name and its colon. */
/*@ requires reader(r);
  @ assigns *r;
  @ ensures advanced{Pre, Post}(r);
  @ ensures \result == 0 ==> r->n < \old(r->n); */
static int skip_key(struct bq_view *r)
{
	int e;

	skip_space(r);
	if ((e = skip_string(r)) != 0)
		return e;
	skip_space(r);
	return accept(r, ':') ? 0 : BQ_E_JSON_SYNTAX;
}

/*@ requires \valid_read(s); assigns \nothing; */
static bool in_object(const struct stack *s)
{
	return (s->objects & 1) != 0;
}

/*@ requires reader(r) && \valid(s) && \separated(r, s) && 1 <= s->depth <= BQ_JSON_DEPTH;
  @ assigns *r, *s;
  @ ensures advanced{Pre, Post}(r) && s->depth <= BQ_JSON_DEPTH;
  @ ensures \result ==> r->n < \old(r->n) && s->depth == \old(s->depth) - 1;
  @ ensures !\result ==> *s == \old(*s); */
static bool close_container(struct bq_view *r, struct stack *s)
{
	skip_space(r);
	if (!accept(r, in_object(s) ? '}' : ']'))
		return false;
	s->objects >>= 1;
	s->depth--;
	return true;
}

/* Into a container as far as its first value, or all of it where it is empty. */
/*@ requires reader(r) && \valid(s) && \valid(empty) && \separated(r, s, empty);
  @ requires s->depth <= BQ_JSON_DEPTH && r->n > 0;
  @ assigns *r, *s, *empty;
  @ ensures advanced{Pre, Post}(r) && s->depth <= BQ_JSON_DEPTH;
  @ ensures \result == 0 ==> r->n < \old(r->n); */
static int open_container(struct bq_view *r, struct stack *s, bool *empty)
{
	int e;

	if (s->depth == BQ_JSON_DEPTH)
		return BQ_E_JSON_DEPTH;
	s->objects = s->objects << 1 | (peek(r) == '{');
	s->depth++;
	if ((e = bq_rd_skip(r, 1)) != 0)
		return e;
	*empty = close_container(r, s);
	return *empty || !in_object(s) ? 0 : skip_key(r);
}

/* After a value: out of every container that ends here, and as far as the next
 * value, if s->depth says that there is one. */
/*@ requires reader(r) && \valid(s) && \separated(r, s) && s->depth <= BQ_JSON_DEPTH;
  @ assigns *r, *s;
  @ ensures advanced{Pre, Post}(r) && s->depth <= BQ_JSON_DEPTH; */
static int to_next_value(struct bq_view *r, struct stack *s)
{
	/*@ loop invariant reader(r) && advanced{Pre, Here}(r) && s->depth <= BQ_JSON_DEPTH;
	  @ loop assigns *r, *s;
	  @ loop variant r->n; */
	while (s->depth != 0) {
		skip_space(r);
		if (accept(r, ','))
			return in_object(s) ? skip_key(r) : 0;
		if (!close_container(r, s))
			return BQ_E_JSON_SYNTAX;
	}
	return 0;
}

/*@ requires reader(r);
  @ assigns *r;
  @ ensures advanced{Pre, Post}(r);
  @ ensures \result == 0 ==> r->n < \old(r->n); */
static int skip_value(struct bq_view *r)
{
	struct stack s = {0};
	int e;

	/*@ loop invariant reader(r) && advanced{Pre, Here}(r) && s.depth <= BQ_JSON_DEPTH;
	  @ loop assigns *r, s, e;
	  @ loop variant r->n; */
	do {
		bool whole = true;

		skip_space(r);
		if (peek(r) == '{' || peek(r) == '[')
			e = open_container(r, &s, &whole);
		else
			e = skip_scalar(r);
		if (e == 0 && whole)
			e = to_next_value(r, &s);
	} while (e == 0 && s.depth != 0);
	return e;
}

/* What skip moves over, without white space around it. */
static int take(struct bq_view *r, int (*skip)(struct bq_view *r), struct bq_json *out)
{
	struct bq_view t;
	int e;

	skip_space(r);
	t = *r;
	if ((e = skip(&t)) != 0)
		return e;
	return bq_rd_take(r, r->n - t.n, &out->raw);
}

int bq_json_parse(struct bq_view text, struct bq_json *root)
{
	struct bq_json j;
	int e;

	if ((e = take(&text, skip_value, &j)) != 0)
		return e;
	skip_space(&text);
	if (text.n != 0)
		return BQ_E_JSON_SYNTAX;
	*root = j;
	return 0;
}

int bq_json_iter(struct bq_json j, struct bq_json_iter *it)
{
	enum bq_json_type type = bq_json_type(j);
	struct bq_view inside;

	if ((type != BQ_JSON_OBJECT && type != BQ_JSON_ARRAY) ||
	    bq_view_sub(j.raw, 1, j.raw.n - 2, &inside) != 0)
		return BQ_E_JSON_TYPE;
	*it = (struct bq_json_iter){.rest = inside, .object = type == BQ_JSON_OBJECT};
	return 0;
}

bool bq_json_next(struct bq_json_iter *it, struct bq_json *key, struct bq_json *value)
{
	struct bq_view r = it->rest;
	struct bq_json k = {{NULL, 0}}, v;

	skip_space(&r);
	accept(&r, ',');
	if (it->object) {
		if (take(&r, skip_string, &k) != 0)
			return false;
		skip_space(&r);
		if (!accept(&r, ':'))
			return false;
	}
	if (take(&r, skip_value, &v) != 0)
		return false;
	it->rest = r;
	*key = k;
	*value = v;
	return true;
}

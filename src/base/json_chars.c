#include "json_chars.h"

#include <barequote/text.h>

#define UNICODE_MAX 0x10FFFF

size_t bq_json_plain(struct bq_view v)
{
	size_t n = 0;

	/*@ loop invariant 0 <= n <= v.n;
	  @ loop assigns n;
	  @ loop variant v.n - n; */
	while (n < v.n && v.p[n] >= 0x20 && v.p[n] < 0x7F && v.p[n] != '"' && v.p[n] != '\\')
		n++;
	return n;
}

bool bq_is_surrogate(uint32_t cp)
{
	return cp >= 0xD800 && cp <= 0xDFFF;
}

size_t bq_utf8_encode(uint32_t cp, uint8_t out[4])
{
	static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};
	size_t rest = cp < 0x80 ? 0 : cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;

	/*@ loop invariant 0 <= i <= rest <= 3;
	  @ loop assigns i, cp, out[0 .. 3];
	  @ loop variant i; */
	for (size_t i = rest; i > 0; i--, cp >>= 6)
		out[i] = (uint8_t)(0x80 | (cp & 0x3F));
	out[0] = (uint8_t)(lead[rest] | cp);
	return rest + 1;
}

/* Whatever does not encode to the same bytes again is malformed. */
int bq_utf8_next(struct bq_view *r, uint32_t *cp)
{
	struct bq_view t = *r, used;
	uint8_t first, again[4];
	size_t rest;
	uint32_t x;

	if (bq_rd_u8(&t, &first) != 0)
		return BQ_E_JSON_UTF8;
	rest = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
	t = *r;
	if (bq_rd_take(&t, rest + 1, &used) != 0)
		return BQ_E_JSON_UTF8;
	x = rest == 0 ? first : first & (0x3Fu >> rest);
	/*@ loop invariant 1 <= i <= rest + 1;
	  @ loop assigns i, x;
	  @ loop variant rest + 1 - i; */
	for (size_t i = 1; i <= rest; i++)
		x = x << 6 | (used.p[i] & 0x3F);
	if (x > UNICODE_MAX || bq_is_surrogate(x) ||
	    !bq_view_eq(used, bq_view_of(again, bq_utf8_encode(x, again))))
		return BQ_E_JSON_UTF8;
	*r = t;
	*cp = x;
	return 0;
}

/* After `\u`. */
/*@ requires reader(r) && \valid(unit) && \separated(r, unit);
  @ assigns *r, *unit;
  @ ensures \result == 0 ==> moved{Pre, Post}(r, 4) && *unit <= 0xFFFF;
  @ ensures \result != 0 ==> *r == \old(*r) && *unit == \old(*unit); */
static int four_digits(struct bq_view *r, uint32_t *unit)
{
	struct bq_view t = *r, digits;
	uint8_t b[2];
	size_t n;

	if (bq_rd_take(&t, 4, &digits) != 0 || bq_hex_decode(digits, b, sizeof(b), &n) != 0)
		return BQ_E_JSON_SYNTAX;
	*r = t;
	*unit = 256u * b[0] + b[1];
	return 0;
}

/*@ requires reader(r) && \valid(cp) && \separated(r, cp);
  @ assigns *r, *cp;
  @ ensures \result == 0 ==> (moved{Pre, Post}(r, 4) || moved{Pre, Post}(r, 10)) && *cp <= 0x10FFFF;
  @ ensures \result != 0 ==> *r == \old(*r) && *cp == \old(*cp); */
/* After `\u`: one code unit, or two that make a pair. */
static int unicode_escape(struct bq_view *r, uint32_t *cp)
{
	static const uint8_t again[] = {'\\', 'u'};
	struct bq_view t, mark;
	uint32_t unit, low;
	int e;

	if ((e = four_digits(r, &unit)) != 0)
		return e;
	t = *r;
	if (unit >= 0xD800 && unit <= 0xDBFF && bq_rd_take(&t, 2, &mark) == 0 &&
	    bq_view_eq(mark, bq_view_of(again, sizeof(again))) && four_digits(&t, &low) == 0 &&
	    low >= 0xDC00 && low <= 0xDFFF) {
		unit = 0x10000 + (unit - 0xD800) * 1024 + (low - 0xDC00);
		*r = t;
	}
	*cp = unit;
	return 0;
}

/* After the backslash. */
/*@ requires reader(r) && \valid(cp) && \separated(r, cp);
  @ assigns *r, *cp;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && \old(r->n) - 11 <= r->n < \old(r->n);
  @ ensures \result == 0 ==> *cp <= 0x10FFFF;
  @ ensures \result != 0 ==> *cp == \old(*cp); */
static int escape(struct bq_view *r, uint32_t *cp)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t at;
	uint8_t c;

	if (bq_rd_u8(r, &c) != 0)
		return BQ_E_JSON_SYNTAX;
	if (c == 'u')
		return unicode_escape(r, cp);
	if ((at = bq_view_find(bq_view_str(from), c)) == sizeof(from) - 1)
		return BQ_E_JSON_SYNTAX;
	*cp = (uint8_t)to[at];
	return 0;
}

int bq_json_char(struct bq_view *r, uint32_t *cp)
{
	struct bq_view t = *r;
	uint8_t c;
	int e;

	if (bq_rd_u8(&t, &c) != 0 || c < 0x20)
		return BQ_E_JSON_SYNTAX;
	if (c != '\\')
		return bq_utf8_next(r, cp);
	if ((e = escape(&t, cp)) != 0)
		return e;
	*r = t;
	return 0;
}

/* The JSON writer: values go to the sink as they come. */
#include <barequote/json.h>

#include "json_chars.h"

void bq_jw_init(struct bq_jw *w, struct bq_sink *s, unsigned indent)
{
	*w = (struct bq_jw){.s = s, .indent = indent};
}

static void new_line(struct bq_jw *w)
{
	if (w->indent == 0)
		return;
	bq_put_chr(w->s, '\n');
	for (unsigned i = 0; i < w->indent * w->depth; i++)
		bq_put_chr(w->s, ' ');
}

/* C1 controls as well, since terminals obey them, and what turns the direction of
 * writing, so that one reads something else than is there. */
static bool is_obeyed(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x61C || cp == 0x200E ||
	       cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

/* One character, or a byte that is none. */
static void put_char(struct bq_sink *s, struct bq_view *v)
{
	struct bq_view rest = *v;
	uint32_t cp;

	if (bq_utf8_next(v, &cp) != 0) {
		bq_put(s, "\xEF\xBF\xBD", 3); /* U+FFFD */
		(void)bq_rd_skip(v, 1);
	} else if (is_obeyed(cp)) {
		bq_put_str(s, "\\u");
		bq_put_x64(s, cp, 4);
	} else {
		bq_put(s, rest.p, rest.n - v->n);
	}
}

/* Where it is not plain. */
static void put_special(struct bq_sink *s, struct bq_view *v)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	size_t at = bq_view_find(bq_view_str(from), v->p[0]);

	if (at == sizeof(from) - 1) {
		put_char(s, v);
		return;
	}
	bq_put_chr(s, '\\');
	bq_put_chr(s, to[at]);
	(void)bq_rd_skip(v, 1);
}

static void put_chars(struct bq_sink *s, struct bq_view v)
{
	struct bq_view plain;

	while (v.n != 0) {
		if (bq_rd_take(&v, bq_json_plain(v), &plain) == 0)
			bq_put_view(s, plain);
		if (v.n != 0)
			put_special(s, &v);
	}
}

static void put_string(struct bq_sink *s, struct bq_view v)
{
	bq_put_chr(s, '"');
	put_chars(s, v);
	bq_put_chr(s, '"');
}

/* Up to where the value goes. */
static void begin(struct bq_jw *w, const char *key)
{
	if (w->more)
		bq_put_chr(w->s, ',');
	if (w->depth != 0)
		new_line(w);
	if (key != NULL) {
		put_string(w->s, bq_view_str(key));
		bq_put_str(w->s, w->indent == 0 ? ":" : ": ");
	}
	w->more = true;
}

static void open_container(struct bq_jw *w, const char *key, char c)
{
	begin(w, key);
	bq_put_chr(w->s, c);
	w->depth++;
	w->more = false;
}

static void close_container(struct bq_jw *w, char c)
{
	w->depth--;
	if (w->more)
		new_line(w);
	bq_put_chr(w->s, c);
	w->more = true;
}

void bq_jw_object(struct bq_jw *w, const char *key)
{
	open_container(w, key, '{');
}

void bq_jw_array(struct bq_jw *w, const char *key)
{
	open_container(w, key, '[');
}

void bq_jw_end_object(struct bq_jw *w)
{
	close_container(w, '}');
}

void bq_jw_end_array(struct bq_jw *w)
{
	close_container(w, ']');
}

void bq_jw_raw(struct bq_jw *w, const char *key, struct bq_view json)
{
	begin(w, key);
	while (json.n != 0) {
		if (json.p[0] >= 0x20) {
			put_char(w->s, &json);
			continue;
		}
		bq_put_chr(w->s, ' '); /* white space between two tokens */
		(void)bq_rd_skip(&json, 1);
	}
}

void bq_jw_null(struct bq_jw *w, const char *key)
{
	bq_jw_raw(w, key, bq_view_str("null"));
}

void bq_jw_bool(struct bq_jw *w, const char *key, bool b)
{
	bq_jw_raw(w, key, bq_view_str(b ? "true" : "false"));
}

void bq_jw_u64(struct bq_jw *w, const char *key, uint64_t x)
{
	begin(w, key);
	bq_put_u64(w->s, x);
}

void bq_jw_chars(struct bq_jw *w, const char *key, struct bq_view v)
{
	begin(w, key);
	put_string(w->s, v);
}

void bq_jw_str(struct bq_jw *w, const char *key, const char *s)
{
	bq_jw_chars(w, key, bq_view_str(s));
}

void bq_jw_open_str(struct bq_jw *w, const char *key)
{
	begin(w, key);
	bq_put_chr(w->s, '"');
}

void bq_jw_close_str(struct bq_jw *w)
{
	bq_put_chr(w->s, '"');
}

void bq_jw_hex(struct bq_jw *w, const char *key, struct bq_view v)
{
	bq_jw_open_str(w, key);
	bq_put_hex(w->s, v);
	bq_jw_close_str(w);
}

void bq_jw_b64(struct bq_jw *w, const char *key, enum bq_base64 kind, struct bq_view v)
{
	bq_jw_open_str(w, key);
	bq_put_b64(w->s, kind, v);
	bq_jw_close_str(w);
}

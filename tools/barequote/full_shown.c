#include "full_shown.h"

#include <string.h>

#define LABEL 26 /* columns */

void shown_begin(struct shown *o, struct bq_sink *s, bool json, const char *what)
{
	*o = (struct shown){.s = s, .json = json};
	bq_jw_init(&o->jw, s, 2);
	if (json)
		bq_jw_object(&o->jw, NULL);
	if (what == NULL)
		return;
	if (json) {
		bq_jw_str(&o->jw, "kind", what);
	} else {
		bq_put_str(s, what);
		bq_put_chr(s, '\n');
		o->depth = 1;
	}
}

void shown_end(struct shown *o)
{
	if (!o->json)
		return;
	bq_jw_end_object(&o->jw);
	bq_put_chr(o->s, '\n');
}

static void indent(const struct shown *o)
{
	for (unsigned i = 0; i < 2 * o->depth; i++)
		bq_put_chr(o->s, ' ');
}

/* Up to where the value goes; list elements have a dash. */
static void label(const struct shown *o, const char *key)
{
	size_t column = (size_t)2 * o->depth;

	indent(o);
	if (key == NULL) {
		bq_put_str(o->s, "- ");
		return;
	}
	bq_put_str(o->s, key);
	column += strlen(key);
	do
		bq_put_chr(o->s, ' ');
	while (++column < LABEL);
}

static void open_text(struct shown *o, const char *key)
{
	indent(o);
	bq_put_str(o->s, key != NULL ? key : "-");
	bq_put_chr(o->s, '\n');
	o->depth++;
}

void shown_group(struct shown *o, const char *key)
{
	if (o->json)
		bq_jw_object(&o->jw, key);
	else
		open_text(o, key);
}

void shown_end_group(struct shown *o)
{
	if (o->json)
		bq_jw_end_object(&o->jw);
	else
		o->depth--;
}

void shown_list(struct shown *o, const char *key)
{
	if (o->json)
		bq_jw_array(&o->jw, key);
	else
		open_text(o, key);
}

void shown_end_list(struct shown *o)
{
	if (o->json)
		bq_jw_end_array(&o->jw);
	else
		o->depth--;
}

void shown_chars(struct shown *o, const char *key, struct bq_view v)
{
	if (o->json) {
		bq_jw_chars(&o->jw, key, v);
		return;
	}
	label(o, key);
	bq_put_safe(o->s, v);
	bq_put_chr(o->s, '\n');
}

void shown_printable(struct shown *o, const char *key, struct bq_view v)
{
	if (o->json) {
		bq_jw_chars(&o->jw, key, v);
		return;
	}
	label(o, key);
	bq_put_view(o->s, v);
	bq_put_chr(o->s, '\n');
}

void shown_str(struct shown *o, const char *key, const char *value)
{
	shown_chars(o, key, bq_view_str(value));
}

void shown_hex(struct shown *o, const char *key, struct bq_view v)
{
	if (o->json) {
		bq_jw_hex(&o->jw, key, v);
		return;
	}
	label(o, key);
	bq_put_hex(o->s, v);
	bq_put_chr(o->s, '\n');
}

void shown_u64(struct shown *o, const char *key, uint64_t x)
{
	if (o->json) {
		bq_jw_u64(&o->jw, key, x);
		return;
	}
	label(o, key);
	bq_put_u64(o->s, x);
	bq_put_chr(o->s, '\n');
}

/* 0x and the digits it takes. */
static struct bq_view x64_text(char buf[18], uint64_t x)
{
	struct bq_sink_buf b;
	unsigned digits = 1;

	while (digits < 16 && x >> (4 * digits) != 0)
		digits++;
	bq_sink_buf_init(&b, buf, 18);
	bq_put_str(&b.s, "0x");
	bq_put_x64(&b.s, x, digits);
	return bq_view_of(buf, b.n);
}

void shown_x64(struct shown *o, const char *key, uint64_t x)
{
	char buf[18];

	shown_chars(o, key, x64_text(buf, x));
}

void shown_bool(struct shown *o, const char *key, bool b)
{
	if (o->json)
		bq_jw_bool(&o->jw, key, b);
	else
		shown_str(o, key, b ? "yes" : "no");
}

void shown_named(struct shown *o, const char *key, uint64_t x, const char *name)
{
	char buf[18];

	if (name != NULL)
		shown_str(o, key, name);
	else
		shown_chars(o, key, x64_text(buf, x));
}

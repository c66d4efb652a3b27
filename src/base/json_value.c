/* What JSON values mean, once bq_json_parse() has passed the text. */
#include <barequote/json.h>

#include "json_chars.h"

/* What bq_json_unique() compares: members, and bytes in a name */
#define UNIQUE_MAX      256
#define UNIQUE_NAME_MAX 256

typedef int next_char(struct bq_view *r, uint32_t *cp);

enum bq_json_type bq_json_type(struct bq_json j)
{
	switch (j.raw.n == 0 ? 'n' : j.raw.p[0]) {
	case '{':
		return BQ_JSON_OBJECT;
	case '[':
		return BQ_JSON_ARRAY;
	case '"':
		return BQ_JSON_STRING;
	case 't':
	case 'f':
		return BQ_JSON_BOOL;
	case 'n':
		return BQ_JSON_NULL;
	default:
		return BQ_JSON_NUMBER;
	}
}

/* Between the quotes. */
static int string_body(struct bq_json j, struct bq_view *out)
{
	if (bq_json_type(j) != BQ_JSON_STRING || bq_view_sub(j.raw, 1, j.raw.n - 2, out) != 0)
		return BQ_E_JSON_TYPE;
	return 0;
}

/* Whether a string's body and a text that b_next reads have the same characters. */
static bool same_chars(struct bq_view a, struct bq_view b, next_char *b_next)
{
	uint32_t x, y;

	while (a.n != 0 && b.n != 0)
		if (bq_json_char(&a, &x) != 0 || b_next(&b, &y) != 0 || x != y)
			return false;
	return a.n == b.n;
}

bool bq_json_is(struct bq_json j, const char *s)
{
	struct bq_view body;

	return string_body(j, &body) == 0 && same_chars(body, bq_view_str(s), bq_utf8_next);
}

int bq_json_member(struct bq_json j, const char *name, struct bq_json *out)
{
	struct bq_json_iter it;
	struct bq_json key, value, found = {{NULL, 0}};

	if (bq_json_iter(j, &it) != 0 || !it.object)
		return BQ_E_JSON_TYPE;
	while (bq_json_next(&it, &key, &value)) {
		if (!bq_json_is(key, name))
			continue;
		if (found.raw.n != 0)
			return BQ_E_JSON_DUPLICATE;
		found = value;
	}
	if (found.raw.n == 0)
		return BQ_E_JSON_MISSING;
	*out = found;
	return 0;
}

int bq_json_unique(struct bq_json j)
{
	struct bq_view seen[UNIQUE_MAX], name;
	struct bq_json_iter it;
	struct bq_json key, value;
	size_t n = 0;

	if (bq_json_iter(j, &it) != 0 || !it.object)
		return BQ_E_JSON_TYPE;
	while (bq_json_next(&it, &key, &value)) {
		if (string_body(key, &name) != 0)
			return BQ_E_JSON_TYPE;
		if (n == UNIQUE_MAX || name.n > UNIQUE_NAME_MAX)
			return BQ_E_RANGE;
		for (size_t i = 0; i < n; i++)
			if (same_chars(seen[i], name, bq_json_char))
				return BQ_E_JSON_DUPLICATE;
		seen[n++] = name;
	}
	return 0;
}

int bq_json_count(struct bq_json j, size_t *n)
{
	struct bq_json_iter it;
	struct bq_json key, value;
	size_t count = 0;

	if (bq_json_iter(j, &it) != 0 || it.object)
		return BQ_E_JSON_TYPE;
	while (bq_json_next(&it, &key, &value))
		count++;
	*n = count;
	return 0;
}

int bq_json_bool(struct bq_json j, bool *out)
{
	if (bq_json_type(j) != BQ_JSON_BOOL)
		return BQ_E_JSON_TYPE;
	*out = j.raw.p[0] == 't';
	return 0;
}

int bq_json_u64(struct bq_json j, uint64_t max, uint64_t *out)
{
	if (bq_json_type(j) != BQ_JSON_NUMBER)
		return BQ_E_JSON_TYPE;
	for (size_t i = 0; i < j.raw.n; i++)
		if (j.raw.p[i] == '.' || j.raw.p[i] == 'e' || j.raw.p[i] == 'E')
			return BQ_E_JSON_TYPE;
	return bq_num_decode(j.raw, max, out);
}

int bq_json_chars(struct bq_json j, struct bq_view *out)
{
	struct bq_view body;
	int e;

	if ((e = string_body(j, &body)) != 0)
		return e;
	if (bq_view_find(body, '\\') != body.n)
		return BQ_E_JSON_SYNTAX;
	*out = body;
	return 0;
}

/* Decodes to dst, or only counts where that is NULL. dst may be where body lies:
 * no character is longer in UTF-8 than it was in JSON. */
static int decode(struct bq_view body, uint8_t *dst, size_t *n)
{
	uint8_t utf8[4];
	uint32_t cp;
	int e;

	*n = 0;
	while (body.n != 0) {
		if ((e = bq_json_char(&body, &cp)) != 0)
			return e;
		if (bq_is_surrogate(cp))
			return BQ_E_JSON_UTF8;
		for (size_t i = 0, len = bq_utf8_encode(cp, utf8); i < len; i++, (*n)++)
			if (dst != NULL)
				dst[*n] = utf8[i];
	}
	return 0;
}

int bq_json_text(struct bq_json j, void *dst, size_t cap, size_t *n)
{
	struct bq_view body;
	size_t size;
	int e;

	/* Once to know that it can be done, once to do it. */
	if ((e = string_body(j, &body)) != 0 || (e = decode(body, NULL, &size)) != 0)
		return e;
	if (size > cap)
		return BQ_E_SPACE;
	return decode(body, dst, n);
}

int bq_json_hex(struct bq_json j, void *dst, size_t cap, size_t *n)
{
	struct bq_view body;
	int e;

	return (e = string_body(j, &body)) != 0 ? e : bq_hex_decode(body, dst, cap, n);
}

int bq_json_b64(struct bq_json j, void *dst, size_t cap, size_t *n)
{
	struct bq_view body;
	int e;

	return (e = string_body(j, &body)) != 0 ? e : bq_b64_decode(body, dst, cap, n);
}

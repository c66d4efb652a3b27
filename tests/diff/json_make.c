#include "json_make.h"

#include <string.h>

struct text {
	uint8_t *p;
	size_t n, cap;
};

static void put(struct text *t, const char *s)
{
	size_t n = strlen(s);

	ck_assert_uint_le(t->n + n, t->cap);
	memcpy(t->p + t->n, s, n);
	t->n += n;
}

#define PICK(words) ((words)[below(sizeof(words) / sizeof((words)[0]))])

static void put_space(struct text *t)
{
	static const char *const spaces[] = {"", "", "", "", " ", "\t", "\r\n", "  "};

	put(t, PICK(spaces));
}

/* Few and short, so that names come up twice. The halves of a surrogate pair are
 * there alone as well as together. */
static void put_string(struct text *t)
{
	static const char *const pieces[] = {
		"a",
		"b",
		"key",
		"\\\"",
		"\\\\",
		"\\/",
		"\\n",
		"\\u0041",
		"\\u00e9",
		"\xc3\xa9",
		"\xe2\x82\xac",
		"\\u20AC",
		"\\ud83d",
		"\\ude00",
		"\\u0000",
		"\xf0\x9f\x98\x80",
		"\\ud83d\\ude00",
		"\x7f",
	};

	put(t, "\"");
	for (uint32_t n = below(4); n > 0; n--)
		put(t, PICK(pieces));
	put(t, "\"");
}

static void put_number(struct text *t)
{
	static const char *const whole[] = {
		"0",
		"1",
		"42",
		"65535",
		"4294967296",
		"9223372036854775807",
		"9223372036854775808",
		"18446744073709551616",
	};
	static const char *const tails[] = {"", "", "", "", ".5", "e3", "E+400", ".0e-400"};

	put(t, below(4) == 0 ? "-" : "");
	put(t, PICK(whole));
	put(t, PICK(tails));
}

static void put_value(struct text *t, unsigned depth);

static void put_name(struct text *t)
{
	put_space(t);
	put_string(t);
	put_space(t);
	put(t, ":");
}

static void put_container(struct text *t, bool object, unsigned depth)
{
	uint32_t n = below(4);

	put(t, object ? "{" : "[");
	put_space(t);
	for (uint32_t i = 0; i < n; i++) {
		put(t, i == 0 ? "" : ",");
		if (object)
			put_name(t);
		put_value(t, depth);
	}
	put(t, object ? "}" : "]");
}

static void put_value(struct text *t, unsigned depth)
{
	static const char *const words[] = {"true", "false", "null"};
	uint32_t kind;

	put_space(t);
	kind = depth == 0 ? below(4) : below(8);
	if (kind == 0)
		put(t, PICK(words));
	else if (kind == 1)
		put_number(t);
	else if (kind < 4)
		put_string(t);
	else
		put_container(t, kind >= 6, depth - 1);
	put_space(t);
}

/* Some of them just under and over the depth that ours takes. */
size_t make_json(uint8_t *p, size_t cap)
{
	struct text t = {p, 0, cap};
	uint32_t deep = below(8) == 0 ? BQ_JSON_DEPTH - 3 + below(6) : 0;

	for (uint32_t i = 0; i < deep; i++)
		put(&t, "[");
	put_value(&t, 3);
	for (uint32_t i = 0; i < deep; i++)
		put(&t, "]");
	return t.n;
}

/* The reader's grammar: what is JSON, and which error what is not. */
#include "support.h"

#include <string.h>

/* Over memory that ends with the text. The root is the text without the white
 * space around it; on failure it is not touched. */
static int parse(struct bq_view text, struct bq_json *root)
{
	struct bq_json j = {VIEW("untouched")};
	int e = bq_json_parse(tight_copy(text), &j);

	if (e != 0)
		ck_assert_view_eq(j.raw, VIEW("untouched"));
	else
		*root = j;
	return e;
}

static void assert_parses_to(struct bq_view text, int expected)
{
	struct bq_json j;
	int e = parse(text, &j);

	ck_assert_msg(e == expected, "%.*s: %s, expected: %s", (int)text.n, (const char *)text.p,
		      bq_strerror(e), bq_strerror(expected));
}

static void assert_all(const char *const *texts, size_t n, int expected)
{
	for (size_t i = 0; i < n; i++)
		assert_parses_to(bq_view_str(texts[i]), expected);
}

#define ASSERT_ALL(texts, expected) assert_all(texts, sizeof(texts) / sizeof((texts)[0]), expected)

START_TEST(values)
{
	static const char *const good[] = {"null",
					   "true",
					   "false",
					   "0",
					   "-0",
					   "10",
					   "-1",
					   "0.5",
					   "1e5",
					   "1E+5",
					   "1.25e-5",
					   "0e0",
					   "\"\"",
					   "\"a\"",
					   "[]",
					   "[ ]",
					   "{}",
					   "{ }",
					   "[1]",
					   "[1,2]",
					   "[[],{}]",
					   "{\"a\":1}",
					   "{\"\":null,\"b\":[{}]}",
					   "[\"\x7f\"]",
					   "\"\\u0000\"",
					   "\"\\ud800\"",
					   "\"\\udc00\\ud800\""};

	ASSERT_ALL(good, 0);
}
END_TEST

START_TEST(syntax_errors)
{
	static const char *const bad[] = {"",
					  " ",
					  "nul",
					  "nulll",
					  "Null",
					  "tru",
					  "true1",
					  "falsee",
					  "a",
					  "'a'",
					  "NaN",
					  "Infinity",
					  "-",
					  "+1",
					  "01",
					  "-01",
					  "00",
					  ".5",
					  "1.",
					  "1.e1",
					  "1e",
					  "1e+",
					  "1e-",
					  "1ee1",
					  "0x1",
					  "1_0",
					  "--1",
					  "1 2",
					  "\"",
					  "\"a",
					  "\"\\\"",
					  "\"\\x\"",
					  "\"\\",
					  "\"\\u\"",
					  "\"\\u12\"",
					  "\"\\u123\"",
					  "\"\\u123g\"",
					  "\"\\u 123\"",
					  "\"\\ud800\\u\"",
					  "\"\\ud800\\udc0\"",
					  "\"\\U0041\"",
					  "\"\t\"",
					  "\"\n\"",
					  "\"\x1f\"",
					  "\"a\" \"b\"",
					  "[",
					  "]",
					  "[,]",
					  "[1",
					  "[1,",
					  "[1,]",
					  "[,1]",
					  "[1 2]",
					  "[1,,2]",
					  "[1}",
					  "[1]]",
					  "[]]",
					  "[1:2]",
					  "[\"a\":1]",
					  "{",
					  "}",
					  "{,}",
					  "{\"a\"",
					  "{\"a\":",
					  "{\"a\":1",
					  "{\"a\":1,",
					  "{\"a\":1,}",
					  "{\"a\" 1}",
					  "{\"a\",1}",
					  "{\"a\"::1}",
					  "{a:1}",
					  "{1:1}",
					  "{null:1}",
					  "{\"a\":1 \"b\":2}",
					  "{\"a\":1]",
					  "{\"a\":1}}",
					  "{}{}",
					  "[][]",
					  "{},",
					  "//c\n1",
					  "1//c",
					  "/**/1",
					  "\xef\xbb\xbf"
					  "1",
					  "\v1",
					  "1\f",
					  "\xc2\xa0"
					  "1",
					  "\xff",
					  "[\xc3\xa9]"};

	ASSERT_ALL(bad, BQ_E_JSON_SYNTAX);
	assert_parses_to(VIEW("1\0"), BQ_E_JSON_SYNTAX);
	assert_parses_to(VIEW("\0"), BQ_E_JSON_SYNTAX);
	assert_parses_to(VIEW("\"a\0\""), BQ_E_JSON_SYNTAX);
	assert_parses_to(VIEW("\"\\\0\""), BQ_E_JSON_SYNTAX);
	assert_parses_to(VIEW("[1]\0"), BQ_E_JSON_SYNTAX);
	assert_parses_to(bq_view_of(NULL, 0), BQ_E_JSON_SYNTAX);
}
END_TEST

START_TEST(white_space_is_not_in_the_root)
{
	struct bq_json j;

	ck_assert_int_eq(parse(VIEW(" \t\r\n[ 1 , \n2 ] \t\r\n"), &j), 0);
	ck_assert_view_eq(j.raw, VIEW("[ 1 , \n2 ]"));
	ck_assert_int_eq(parse(VIEW("\n-1.5e3\n"), &j), 0);
	ck_assert_view_eq(j.raw, VIEW("-1.5e3"));
}
END_TEST

START_TEST(every_prefix_is_refused)
{
	static const char doc[] = "{\"a\\u00e9\\n\":[1,-2.5e+3,true,false,null,{}],\"\xc3\xa9\":"
				  "{\"\":\"\\ud83d\\ude00\xf0\x9f\x98\x80\",\"b\":[[]]}}";
	struct bq_json j;

	assert_parses_to(VIEW(doc), 0);
	for (size_t n = 0; n < sizeof(doc) - 1; n++)
		ck_assert_int_ne(parse(bq_view_of(doc, n), &j), 0);
}
END_TEST

/* --- depth ------------------------------------------------------------------ */

/* depth containers in each other, bit i of objects says which are objects, and
 * inside in the middle. Closes the level wrong with the other bracket. */
static struct bq_view nested(unsigned depth, uint64_t objects, const char *inside, unsigned wrong)
{
	static char text[1024];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < depth; i++)
		bq_put_str(&b.s, (objects >> i & 1) != 0 ? "{\"k\":" : "[");
	bq_put_str(&b.s, inside);
	for (unsigned i = depth; i > 0; i--)
		bq_put_chr(&b.s, ((objects >> (i - 1) & 1) != 0) != (wrong == i - 1) ? '}' : ']');
	ck_assert_int_eq(b.s.err, 0);
	return bq_view_of(text, b.n);
}

#define RIGHT UINT32_MAX /* no level is closed wrong */

static const uint64_t patterns[] = {0,   UINT64_MAX,         0x5555555555555555, 0xAAAAAAAAAAAAAAAA,
				    0x1, 0x123456789ABCDEF0, 0x80000000};

START_TEST(depth_limit_is_exact)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		for (unsigned d = 0; d <= BQ_JSON_DEPTH; d++)
			assert_parses_to(nested(d, patterns[i], "1", RIGHT), 0);
		assert_parses_to(nested(BQ_JSON_DEPTH - 1, patterns[i], "[]", RIGHT), 0);
		assert_parses_to(nested(BQ_JSON_DEPTH - 1, patterns[i], "{}", RIGHT), 0);
		assert_parses_to(nested(BQ_JSON_DEPTH, patterns[i], "[]", RIGHT), BQ_E_JSON_DEPTH);
		assert_parses_to(nested(BQ_JSON_DEPTH, patterns[i], "{}", RIGHT), BQ_E_JSON_DEPTH);
		assert_parses_to(nested(BQ_JSON_DEPTH + 1, patterns[i], "1", RIGHT),
				 BQ_E_JSON_DEPTH);
		assert_parses_to(nested(64, patterns[i], "1", RIGHT), BQ_E_JSON_DEPTH);
	}
}
END_TEST

START_TEST(each_level_remembers_its_bracket)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		for (unsigned wrong = 0; wrong < BQ_JSON_DEPTH; wrong++)
			assert_parses_to(nested(BQ_JSON_DEPTH, patterns[i], "1", wrong),
					 BQ_E_JSON_SYNTAX);
}
END_TEST

START_TEST(siblings_are_not_depth)
{
	char text[4096];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_chr(&b.s, '[');
	for (unsigned i = 0; i < 300; i++)
		bq_put_str(&b.s, "[{}],[],");
	bq_put_str(&b.s, "0]");
	ck_assert_int_eq(b.s.err, 0);
	assert_parses_to(bq_view_of(text, b.n), 0);
}
END_TEST

/* --- UTF-8 ------------------------------------------------------------------ */

/* RFC 3629, section 4, as a table: how many bytes a character is, by its first
 * byte and the range of its second. */
static size_t utf8_bytes(const uint8_t *p, size_t n)
{
	static const struct {
		uint8_t first, last, second_from, second_to, bytes;
	} rows[] = {
		{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
		{0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
		{0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
		{0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
	};

	if (p[0] < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (p[0] < rows[i].first || p[0] > rows[i].last)
			continue;
		if (n < rows[i].bytes || p[1] < rows[i].second_from || p[1] > rows[i].second_to)
			return 0;
		for (size_t k = 2; k < rows[i].bytes; k++)
			if (p[k] < 0x80 || p[k] > 0xBF)
				return 0;
		return rows[i].bytes;
	}
	return 0;
}

static int expected_of(const uint8_t *p, size_t n)
{
	for (size_t used; n > 0; p += used, n -= used)
		if ((used = utf8_bytes(p, n)) == 0)
			return BQ_E_JSON_UTF8;
	return 0;
}

/* Strings of four bytes: all first and second ones, and the edges of the others. */
START_TEST(utf8_as_the_rfc_says)
{
	static const uint8_t edges[] = {0x41, 0x7F, 0x80, 0xBF, 0xC0};
	struct bq_json j;

	for (unsigned a = 0x5D; a < 256; a++) {
		for (unsigned b = 0x5D; b < 256; b++) {
			for (unsigned k = 0; k < sizeof(edges) * sizeof(edges); k++) {
				uint8_t text[6] = {'"',
						   (uint8_t)a,
						   (uint8_t)b,
						   edges[k % sizeof(edges)],
						   edges[k / sizeof(edges)],
						   '"'};

				if (bq_json_parse(bq_view_of(text, sizeof(text)), &j) !=
				    expected_of(text + 1, 4))
					ck_abort_msg("%02x %02x %02x %02x", text[1], text[2],
						     text[3], text[4]);
			}
		}
	}
}
END_TEST

START_TEST(utf8_cut_short)
{
	assert_parses_to(VIEW("\"\xc3"), BQ_E_JSON_UTF8);
	assert_parses_to(VIEW("\"\xc3\""), BQ_E_JSON_UTF8);
	assert_parses_to(VIEW("\"\xe2\x82\""), BQ_E_JSON_UTF8);
	assert_parses_to(VIEW("\"\xf0\x9f\x98"), BQ_E_JSON_UTF8);
	assert_parses_to(VIEW("{\"\xc3\":1}"), BQ_E_JSON_UTF8);
}
END_TEST

START_TEST(only_these_escapes)
{
	for (unsigned c = 0; c < 256; c++) {
		uint8_t text[4] = {'"', '\\', (uint8_t)c, '"'};
		bool known = c != 0 && c < 0x80 && strchr("\"/bfnrt\\", (int)c) != NULL;

		assert_parses_to(bq_view_of(text, sizeof(text)), known ? 0 : BQ_E_JSON_SYNTAX);
	}
}
END_TEST

Suite *suite_json(void)
{
	Suite *s = suite_create("json");
	TCase *tc = tcase_create("json");

	tcase_add_test(tc, values);
	tcase_add_test(tc, syntax_errors);
	tcase_add_test(tc, white_space_is_not_in_the_root);
	tcase_add_test(tc, every_prefix_is_refused);
	tcase_add_test(tc, depth_limit_is_exact);
	tcase_add_test(tc, each_level_remembers_its_bracket);
	tcase_add_test(tc, siblings_are_not_depth);
	tcase_add_test(tc, utf8_as_the_rfc_says);
	tcase_add_test(tc, utf8_cut_short);
	tcase_add_test(tc, only_these_escapes);
	suite_add_tcase(s, tc);
	return s;
}

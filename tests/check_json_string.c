/* Strings: escapes, surrogates, digits in them. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static struct bq_json parsed(const char *text)
{
	struct bq_json j = {{NULL, 0}};

	ck_assert_msg(bq_json_parse(tight_copy(bq_view_str(text)), &j) == 0, "%s", text);
	return j;
}

START_TEST(characters_without_escapes)
{
	struct bq_view chars = VIEW("untouched");

	ck_assert_int_eq(bq_json_chars(parsed("\"a\\u0062\""), &chars), BQ_E_JSON_SYNTAX);
	ck_assert_int_eq(bq_json_chars(parsed("\"\\\\\""), &chars), BQ_E_JSON_SYNTAX);
	ck_assert_view_eq(chars, VIEW("untouched"));
	ck_assert_int_eq(bq_json_chars(parsed("\"a\xc3\xa9/\""), &chars), 0);
	ck_assert_view_eq(chars, VIEW("a\xc3\xa9/"));
	ck_assert_int_eq(bq_json_chars(parsed("\"\""), &chars), 0);
	ck_assert_uint_eq(chars.n, 0);
}
END_TEST

static const struct {
	const char *json;
	struct bq_view text;
} strings[] = {
#define ROW(json, text)                                                                            \
	{                                                                                          \
		json,                                                                              \
		{                                                                                  \
			(const uint8_t *)(text), sizeof(text) - 1                                  \
		}                                                                                  \
	}
	ROW("\"\"", ""),
	ROW("\"abc\"", "abc"),
	ROW("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"),
	ROW("\"\\u0000a\"", "\0a"),
	ROW("\"\\u007f\\u0080\\u07ff\\u0800\\uffff\"",
	    "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"),
	ROW("\"\\uD7FF\\uE000\"", "\xed\x9f\xbf\xee\x80\x80"),
	ROW("\"\\ud800\\udc00\\uDBFF\\uDFFF\"", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
	ROW("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
	ROW("\"\\\\u0041\"", "\\u0041"),
#undef ROW
};

#define STRINGS (int)(sizeof(strings) / sizeof(strings[0]))

START_TEST(text_decoded)
{
	struct bq_json j = parsed(strings[_i].json);
	struct bq_view expected = strings[_i].text;

	for (size_t cap = 0; cap <= expected.n + 1; cap++) {
		uint8_t *buf = malloc(cap + 1);
		size_t n = 77;

		ck_assert_ptr_nonnull(buf);
		memset(buf, 0xEE, cap + 1);
		if (cap < expected.n) {
			ck_assert_int_eq(bq_json_text(j, buf, cap, &n), BQ_E_SPACE);
			ck_assert_uint_eq(n, 77);
			ck_assert_uint_eq(buf[0], 0xEE);
		} else {
			ck_assert_int_eq(bq_json_text(j, buf, cap, &n), 0);
			ck_assert_view_eq(bq_view_of(buf, n), expected);
		}
		ck_assert_uint_eq(buf[cap], 0xEE);
		free(buf);
	}
}
END_TEST

/* Where the string lies, from its quote or from its first character. */
START_TEST(text_in_place)
{
	struct bq_view json = bq_view_str(strings[_i].json);

	for (size_t at = 0; at < 2; at++) {
		char buf[64];
		struct bq_json j;
		size_t n;

		memcpy(buf, json.p, json.n);
		ck_assert_int_eq(bq_json_parse(bq_view_of(buf, json.n), &j), 0);
		ck_assert_int_eq(bq_json_text(j, buf + at, sizeof(buf) - at, &n), 0);
		ck_assert_view_eq(bq_view_of(buf + at, n), strings[_i].text);
	}
}
END_TEST

START_TEST(lone_surrogates_are_no_text)
{
	static const char *const lone[] = {"\"\\ud800\"",
					   "\"\\udbff\"",
					   "\"\\udc00\"",
					   "\"\\udfff\"",
					   "\"a\\ud800b\"",
					   "\"\\udc00\\ud800\"",
					   "\"\\ud800\\ud800\\udc00\"",
					   "\"\\ud800\\n\"",
					   "\"\\ud800\\u0041\"",
					   "\"ok\\udfff\""};
	uint8_t buf[16];

	for (size_t i = 0; i < sizeof(lone) / sizeof(lone[0]); i++) {
		size_t n = 77;

		memset(buf, 0xEE, sizeof(buf));
		ck_assert_int_eq(bq_json_text(parsed(lone[i]), buf, sizeof(buf), &n),
				 BQ_E_JSON_UTF8);
		ck_assert_uint_eq(n, 77);
		ck_assert_uint_eq(buf[0], 0xEE);
	}
}
END_TEST

START_TEST(is_compares_what_is_meant)
{
	ck_assert(bq_json_is(parsed("\"\""), ""));
	ck_assert(bq_json_is(parsed("\"a\\u0062\\/\""), "ab/"));
	ck_assert(bq_json_is(parsed("\"\\ud83d\\ude00\""), "\xf0\x9f\x98\x80"));
	ck_assert(bq_json_is(parsed("\"\\\\n\""), "\\n"));
	ck_assert(!bq_json_is(parsed("\"\\n\""), "\\n"));
	ck_assert(!bq_json_is(parsed("\"ab\""), "a"));
	ck_assert(!bq_json_is(parsed("\"a\""), "ab"));
	ck_assert(!bq_json_is(parsed("\"a\\u0000\""), "a"));
	ck_assert(!bq_json_is(parsed("\"\\u0000\""), ""));
	ck_assert(!bq_json_is(parsed("\"\\ud800\""), "\xed\xa0\x80"));
	ck_assert(!bq_json_is(parsed("[\"a\"]"), "a"));
}
END_TEST

START_TEST(strings_of_digits)
{
	uint8_t buf[8];
	size_t n;
	struct bq_json j;
	char text[] = "\"00ff1A\"";

	ck_assert_int_eq(bq_json_hex(parsed("\"00ff1A\""), buf, 3, &n), 0);
	ck_assert_view_eq(bq_view_of(buf, n), VIEW("\x00\xff\x1a"));
	ck_assert_int_eq(bq_json_hex(parsed("\"00ff1A\""), buf, 2, &n), BQ_E_SPACE);
	ck_assert_int_eq(bq_json_hex(parsed("\"0\""), buf, 8, &n), BQ_E_HEX);
	ck_assert_int_eq(bq_json_hex(parsed("\"\\u0030\""), buf, 8, &n), BQ_E_HEX);
	ck_assert_int_eq(bq_json_b64(parsed("\"-_8\""), buf, 2, &n), 0);
	ck_assert_view_eq(bq_view_of(buf, n), VIEW("\xfb\xff"));
	ck_assert_int_eq(bq_json_b64(parsed("\"+/8=\""), buf, 2, &n), 0);
	ck_assert_view_eq(bq_view_of(buf, n), VIEW("\xfb\xff"));
	ck_assert_int_eq(bq_json_b64(parsed("\"+/8=\""), buf, 1, &n), BQ_E_SPACE);
	ck_assert_int_eq(bq_json_b64(parsed("\"+_8=\""), buf, 8, &n), BQ_E_BASE64);

	/* In place */
	ck_assert_int_eq(bq_json_parse(bq_view_str(text), &j), 0);
	ck_assert_int_eq(bq_json_hex(j, text, sizeof(text), &n), 0);
	ck_assert_view_eq(bq_view_of(text, n), VIEW("\x00\xff\x1a"));
}
END_TEST

Suite *suite_json_string(void)
{
	Suite *s = suite_create("json_string");
	TCase *tc = tcase_create("json_string");

	tcase_add_test(tc, characters_without_escapes);
	tcase_add_loop_test(tc, text_decoded, 0, STRINGS);
	tcase_add_loop_test(tc, text_in_place, 0, STRINGS);
	tcase_add_test(tc, lone_surrogates_are_no_text);
	tcase_add_test(tc, is_compares_what_is_meant);
	tcase_add_test(tc, strings_of_digits);
	suite_add_tcase(s, tc);
	return s;
}

#include "puts.h"

#include <string.h>

static struct bq_jw writer(struct bq_sink *s, unsigned indent)
{
	struct bq_jw w;

	bq_jw_init(&w, s, indent);
	return w;
}

/* One of everything. */
static void write_all(struct bq_sink *s, unsigned indent)
{
	struct bq_jw w = writer(s, indent);

	bq_jw_object(&w, NULL);
	bq_jw_null(&w, "null");
	bq_jw_bool(&w, "bool", true);
	bq_jw_array(&w, "array");
	bq_jw_u64(&w, NULL, 1);
	bq_jw_bool(&w, NULL, false);
	bq_jw_array(&w, NULL);
	bq_jw_end_array(&w);
	bq_jw_object(&w, NULL);
	bq_jw_u64(&w, "n", UINT64_MAX);
	bq_jw_end_object(&w);
	bq_jw_end_array(&w);
	bq_jw_object(&w, "");
	bq_jw_end_object(&w);
	bq_jw_str(&w, "a\"b", "c\n");
	bq_jw_hex(&w, "hex", VIEW("\x00\xff"));
	bq_jw_b64(&w, "b64", BQ_BASE64URL, VIEW("\xff"));
	bq_jw_raw(&w, "raw", VIEW("[1, 2]"));
	bq_jw_open_str(&w, "open");
	bq_put_str(s, "x");
	bq_put_u64(s, 5);
	bq_jw_close_str(&w);
	bq_jw_end_object(&w);
}

static const char one_line[] =
	"{\"null\":null,\"bool\":true,\"array\":[1,false,[],{\"n\":18446744073709551615}],\"\":{},"
	"\"a\\\"b\":\"c\\n\",\"hex\":\"00ff\",\"b64\":\"_w\",\"raw\":[1, 2],\"open\":\"x5\"}";

static const char indented[] = "{\n"
			       "  \"null\": null,\n"
			       "  \"bool\": true,\n"
			       "  \"array\": [\n"
			       "    1,\n"
			       "    false,\n"
			       "    [],\n"
			       "    {\n"
			       "      \"n\": 18446744073709551615\n"
			       "    }\n"
			       "  ],\n"
			       "  \"\": {},\n"
			       "  \"a\\\"b\": \"c\\n\",\n"
			       "  \"hex\": \"00ff\",\n"
			       "  \"b64\": \"_w\",\n"
			       "  \"raw\": [1, 2],\n"
			       "  \"open\": \"x5\"\n"
			       "}";

START_TEST(one_line_or_indented)
{
	struct bq_json j;

	ck_assert_puts(one_line, write_all(s, 0));
	ck_assert_puts(indented, write_all(s, 2));
	ck_assert_int_eq(bq_json_parse(VIEW(one_line), &j), 0);
	ck_assert_int_eq(bq_json_unique(j), 0);
	ck_assert_int_eq(bq_json_parse(VIEW(indented), &j), 0);
}
END_TEST

START_TEST(single_values_at_the_top)
{
	struct bq_jw w;

	ck_assert_puts("null", (w = writer(s, 2), bq_jw_null(&w, NULL)));
	ck_assert_puts("\"\"", (w = writer(s, 0), bq_jw_str(&w, NULL, "")));
	ck_assert_puts("[]", (w = writer(s, 4), bq_jw_array(&w, NULL), bq_jw_end_array(&w)));
}
END_TEST

/* A full buffer: what fits is the beginning, and the error stays. */
START_TEST(writing_stops_at_the_first_error)
{
	for (size_t cap = 0; cap < sizeof(indented) - 1; cap++) {
		char buf[sizeof(indented)];
		struct bq_sink_buf b;

		memset(buf, '~', sizeof(buf));
		bq_sink_buf_init(&b, buf, cap);
		write_all(&b.s, 2);
		ck_assert_int_eq(b.s.err, BQ_E_SPACE);
		ck_assert_uint_eq(b.n, cap);
		ck_assert_mem_eq(buf, indented, cap);
		ck_assert_int_eq(buf[cap], '~');
	}
}
END_TEST

static void put_chars(struct bq_sink *s, struct bq_view v)
{
	struct bq_jw w = writer(s, 0);

	bq_jw_chars(&w, NULL, v);
}

START_TEST(strings_are_escaped)
{
	ck_assert_puts("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u0001\\u001f\\u007f ~\"",
		       put_chars(s, VIEW("\"\\/\b\f\n\r\t\0\x01\x1f\x7f ~")));
	/* C1 controls move a terminal as ESC does. */
	ck_assert_puts("\"\\u0080\\u009b\\u009f\xc2\xa0\xc3\xa9\"",
		       put_chars(s, VIEW("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0\xc3\xa9")));
	/* So does what lets text run from right to left; its neighbours do not. */
	ck_assert_puts("\"\\u061c\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069\"",
		       put_chars(s, VIEW("\u061c\u200e\u200f\u202a\u202e\u2066\u2069")));
	ck_assert_puts("\"\u061b\u061d\u200d\u2010\u2029\u202f\u2065\u206a\"",
		       put_chars(s, VIEW("\u061b\u061d\u200d\u2010\u2029\u202f\u2065\u206a")));
	ck_assert_puts("\"\"", put_chars(s, bq_view_of(NULL, 0)));
}
END_TEST

/* The text of a value stays, but for what a terminal would obey. */
START_TEST(values_from_outside_are_escaped)
{
	struct bq_jw w;

	ck_assert_puts(
		"{\"\\u009b\":   [\"\\\\\\u202e\\n\\u007f\xc3\xa9\",  -1e5]}",
		(w = writer(s, 0),
		 bq_jw_raw(&w, NULL,
			   VIEW("{\"\xc2\x9b\":\r\n [\"\\\\\u202e\\n\x7f\xc3\xa9\",\t -1e5]}"))));
}
END_TEST

#define REPLACED "\xEF\xBF\xBD"

START_TEST(bytes_that_are_no_utf8_are_replaced)
{
	ck_assert_puts("\"a" REPLACED "b\"", put_chars(s, VIEW("a\xff"
							       "b")));
	ck_assert_puts("\"" REPLACED "\"", put_chars(s, VIEW("\xc3")));
	ck_assert_puts("\"" REPLACED REPLACED "\"", put_chars(s, VIEW("\xe2\x82")));
	ck_assert_puts("\"" REPLACED REPLACED "\"", put_chars(s, VIEW("\xc0\x80")));
	ck_assert_puts("\"" REPLACED REPLACED REPLACED "\"", put_chars(s, VIEW("\xed\xa0\x80")));
	ck_assert_puts("\"" REPLACED "\xc3\xa9" REPLACED "\\n\"",
		       put_chars(s, VIEW("\xf0\xc3\xa9\x80\n")));
}
END_TEST

/* UTF-8 made here, not with the code under test. */
static size_t encode(uint32_t cp, uint8_t *p)
{
	if (cp < 0x80) {
		p[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		p[0] = (uint8_t)(0xC0 | cp >> 6);
		p[1] = (uint8_t)(0x80 | (cp & 63));
		return 2;
	}
	if (cp < 0x10000) {
		p[0] = (uint8_t)(0xE0 | cp >> 12);
		p[1] = (uint8_t)(0x80 | (cp >> 6 & 63));
		p[2] = (uint8_t)(0x80 | (cp & 63));
		return 3;
	}
	p[0] = (uint8_t)(0xF0 | cp >> 18);
	p[1] = (uint8_t)(0x80 | (cp >> 12 & 63));
	p[2] = (uint8_t)(0x80 | (cp >> 6 & 63));
	p[3] = (uint8_t)(0x80 | (cp & 63));
	return 4;
}

/* Characters written and read back, 256 a string: all of the first plane, and
 * some of every other. */
START_TEST(characters_come_back)
{
	for (uint32_t cp = 0; cp < 0x110000; cp += cp < 0x10000 ? 0x100 : 0xF00) {
		static uint8_t text[1024], json[2048], back[1024];
		struct bq_sink_buf b;
		struct bq_json j;
		size_t n = 0, back_n;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		for (uint32_t i = 0; i < 256; i++)
			n += encode(cp + i, text + n);
		bq_sink_buf_init(&b, json, sizeof(json));
		put_chars(&b.s, bq_view_of(text, n));
		ck_assert_int_eq(b.s.err, 0);
		ck_assert_int_eq(bq_json_parse(bq_view_of(json, b.n), &j), 0);
		ck_assert_int_eq(bq_json_text(j, back, sizeof(back), &back_n), 0);
		ck_assert_view_eq(bq_view_of(back, back_n), bq_view_of(text, n));
	}
}
END_TEST

/* Whatever the bytes are, what is written is JSON. */
START_TEST(any_bytes_make_json)
{
	for (unsigned x = 0; x < 0x10000; x++) {
		const uint8_t bytes[] = {(uint8_t)(x >> 8), (uint8_t)x, 0x80};
		uint8_t json[32];

		for (size_t n = 1; n <= sizeof(bytes); n++) {
			struct bq_sink_buf b;
			struct bq_json j;

			bq_sink_buf_init(&b, json, sizeof(json));
			put_chars(&b.s, bq_view_of(bytes, n));
			if (b.s.err != 0 || bq_json_parse(bq_view_of(json, b.n), &j) != 0)
				ck_abort_msg("%04x, %zu bytes", x, n);
		}
	}
}
END_TEST

Suite *suite_json_write(void)
{
	Suite *s = suite_create("json_write");
	TCase *tc = tcase_create("json_write");

	tcase_add_test(tc, one_line_or_indented);
	tcase_add_test(tc, single_values_at_the_top);
	tcase_add_test(tc, writing_stops_at_the_first_error);
	tcase_add_test(tc, strings_are_escaped);
	tcase_add_test(tc, values_from_outside_are_escaped);
	tcase_add_test(tc, bytes_that_are_no_utf8_are_replaced);
	tcase_add_test(tc, characters_come_back);
	tcase_add_test(tc, any_bytes_make_json);
	suite_add_tcase(s, tc);
	return s;
}

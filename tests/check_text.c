#include "puts.h"

#include <string.h>

START_TEST(numbers_as_text)
{
	ck_assert_puts("0", bq_put_u64(s, 0));
	ck_assert_puts("9", bq_put_u64(s, 9));
	ck_assert_puts("10", bq_put_u64(s, 10));
	ck_assert_puts("18446744073709551615", bq_put_u64(s, UINT64_MAX));
	ck_assert_puts("0", bq_put_i64(s, 0));
	ck_assert_puts("-1", bq_put_i64(s, -1));
	ck_assert_puts("9223372036854775807", bq_put_i64(s, INT64_MAX));
	ck_assert_puts("-9223372036854775808", bq_put_i64(s, INT64_MIN));
	ck_assert_puts("0000beef", bq_put_x64(s, 0xBEEF, 8));
	ck_assert_puts("ef", bq_put_x64(s, 0xBEEF, 2));
	ck_assert_puts("fedcba9876543210", bq_put_x64(s, 0xFEDCBA9876543210, 16));
}
END_TEST

START_TEST(text_goes_through)
{
	ck_assert_puts("abcdef!", {
		bq_put(s, "abz", 2);
		bq_put_view(s, VIEW("cd"));
		bq_put_view(s, bq_view_of(NULL, 0));
		bq_put_str(s, "ef");
		bq_put_str(s, "");
		bq_put_chr(s, '!');
	});
}
END_TEST

START_TEST(terminals_get_printable_ascii_only)
{
	ck_assert_puts("a~ \\x1b[31m\\x5c\\x00\\x7f\\xc3\\xa9\\x0a",
		       bq_put_safe(s, VIEW("a~ \x1b[31m\\\0\x7f\xc3\xa9\n")));
}
END_TEST

/* Every byte of the output of put_safe is printable, for each byte of input. */
START_TEST(no_byte_escapes_the_escaping)
{
	for (unsigned c = 0; c < 256; c++) {
		uint8_t byte = (uint8_t)c;
		char buf[8];
		struct bq_sink_buf b;

		bq_sink_buf_init(&b, buf, sizeof(buf));
		bq_put_safe(&b.s, bq_view_of(&byte, 1));
		ck_assert_uint_eq(b.n, c >= 0x20 && c < 0x7F && c != '\\' ? 1 : 4);
		for (size_t i = 0; i < b.n; i++)
			ck_assert(buf[i] >= 0x20 && buf[i] < 0x7F);
	}
}
END_TEST

START_TEST(full_buffers_keep_what_fits)
{
	char buf[8] = "zzzzzzz";
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, buf, 4);
	bq_put_str(&b.s, "abc");
	ck_assert_int_eq(b.s.err, 0);
	bq_put_str(&b.s, "def");
	ck_assert_int_eq(b.s.err, BQ_E_SPACE);
	ck_assert_mem_eq(buf, "abcdzzz", 8);
	ck_assert_uint_eq(b.n, 4);

	bq_sink_buf_init(&b, buf, 4);
	bq_put_str(&b.s, "1234");
	bq_put(&b.s, NULL, 0);
	ck_assert_int_eq(b.s.err, 0);
	bq_put_chr(&b.s, '5');
	ck_assert_int_eq(b.s.err, BQ_E_SPACE);
	ck_assert_mem_eq(buf, "1234zzz", 8);
}
END_TEST

struct failing {
	struct bq_sink s;
	unsigned calls;
};

static int fail_second(struct bq_sink *s, const void *p, size_t n)
{
	struct failing *f = (struct failing *)s;

	(void)p;
	(void)n;
	return ++f->calls == 2 ? BQ_E_IO : 0;
}

START_TEST(sinks_stay_failed)
{
	struct failing f = {.s = {.put = fail_second}};

	bq_put_str(&f.s, "a");
	bq_put_str(&f.s, ""); /* not worth a call */
	ck_assert_uint_eq(f.calls, 1);
	bq_put_str(&f.s, "b");
	ck_assert_int_eq(f.s.err, BQ_E_IO);
	bq_put_str(&f.s, "c");
	bq_put_u64(&f.s, 7);
	bq_put_hex(&f.s, VIEW("x"));
	bq_put_b64(&f.s, BQ_BASE64, VIEW("x"));
	ck_assert_uint_eq(f.calls, 2);
	ck_assert_int_eq(f.s.err, BQ_E_IO);
}
END_TEST

START_TEST(numbers_from_text)
{
	static const struct {
		const char *text;
		uint64_t max, value;
	} good[] = {
		{"0", 0, 0},
		{"23", 23, 23},
		{"0x17", 23, 23},
		{"0XfF", UINT64_MAX, 255},
		{"007", 7, 7},
		{"18446744073709551615", UINT64_MAX, UINT64_MAX},
		{"0xffffffffffffffff", UINT64_MAX, UINT64_MAX},
		{"0x00000000000000000000001", 1, 1},
		{"4294967295", UINT32_MAX, UINT32_MAX},
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		uint64_t x = 77;

		ck_assert_int_eq(
			bq_num_decode(tight_copy(bq_view_str(good[i].text)), good[i].max, &x), 0);
		ck_assert_uint_eq(x, good[i].value);
	}
}
END_TEST

START_TEST(numbers_refused)
{
	static const struct {
		const char *text;
		uint64_t max;
	} bad[] = {
		{"", UINT64_MAX},
		{"0x", UINT64_MAX},
		{"x1", UINT64_MAX},
		{"-1", UINT64_MAX},
		{"+1", UINT64_MAX},
		{" 1", UINT64_MAX},
		{"1 ", UINT64_MAX},
		{"1a", UINT64_MAX},
		{"0x1g", UINT64_MAX},
		{"0x-1", UINT64_MAX},
		{"0x0x1", UINT64_MAX},
		{"1.0", UINT64_MAX},
		{"1e3", UINT64_MAX},
		{"1", 0},
		{"24", 23},
		{"0x18", 23},
		{"4294967296", UINT32_MAX},
		{"18446744073709551616", UINT64_MAX},
		{"18446744073709551620", UINT64_MAX},
		{"99999999999999999999", UINT64_MAX},
		{"0x10000000000000000", UINT64_MAX},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint64_t x = 77;

		ck_assert_msg(bq_num_decode(tight_copy(bq_view_str(bad[i].text)), bad[i].max, &x) ==
				      BQ_E_RANGE,
			      "%s", bad[i].text);
		ck_assert_uint_eq(x, 77);
	}
}
END_TEST

/* Around each limit, against arithmetic that cannot overflow here. */
START_TEST(limits_are_exact)
{
	for (uint64_t max = 0; max < 300; max++) {
		for (uint64_t x = 0; x < 310; x++) {
			char buf[8];
			struct bq_sink_buf b;
			uint64_t out;

			bq_sink_buf_init(&b, buf, sizeof(buf));
			bq_put_u64(&b.s, x);
			if (bq_num_decode(bq_view_of(buf, b.n), max, &out) !=
			    (x <= max ? 0 : BQ_E_RANGE))
				ck_abort_msg("%d of %d", (int)x, (int)max);
		}
	}
}
END_TEST

Suite *suite_text(void)
{
	Suite *s = suite_create("text");
	TCase *tc = tcase_create("text");

	tcase_add_test(tc, numbers_as_text);
	tcase_add_test(tc, text_goes_through);
	tcase_add_test(tc, terminals_get_printable_ascii_only);
	tcase_add_test(tc, no_byte_escapes_the_escaping);
	tcase_add_test(tc, full_buffers_keep_what_fits);
	tcase_add_test(tc, sinks_stay_failed);
	tcase_add_test(tc, numbers_from_text);
	tcase_add_test(tc, numbers_refused);
	tcase_add_test(tc, limits_are_exact);
	suite_add_tcase(s, tc);
	return s;
}

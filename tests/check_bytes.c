#include "support.h"

#include <string.h>

static const char COUNTING[] = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10";

/* --- views ------------------------------------------------------------------ */

START_TEST(views_compare_lengths_and_bytes)
{
	struct bq_view none = bq_view_of(NULL, 0);

	ck_assert(bq_view_eq(VIEW("ab"), VIEW("ab")));
	ck_assert(!bq_view_eq(VIEW("ab"), VIEW("ac")));
	ck_assert(!bq_view_eq(VIEW("ab"), VIEW("abc")));
	ck_assert(bq_view_eq(none, VIEW("")));
	ck_assert(bq_view_eq(none, none));
	ck_assert(bq_view_eq_str(VIEW("ab"), "ab"));
	ck_assert(!bq_view_eq_str(VIEW("ab"), "a"));
	ck_assert(!bq_view_eq_str(VIEW("ab\0"), "ab"));
	ck_assert_uint_eq(bq_view_str("abc").n, 3);
}
END_TEST

START_TEST(views_know_zeros)
{
	ck_assert(bq_view_is_zero(bq_view_of(NULL, 0)));
	ck_assert(bq_view_is_zero(VIEW("\0\0\0")));
	ck_assert(!bq_view_is_zero(VIEW("\x01\0\0")));
	ck_assert(!bq_view_is_zero(VIEW("\0\0\x80")));
}
END_TEST

/* A difference in any one bit of any byte is seen, whatever the others are. */
START_TEST(constant_time_compare_sees_each_bit)
{
	uint8_t a[33] = {0x5A, 0, 0xFF}, b[33];
	struct bq_view va = bq_view_of(a, sizeof(a)), vb = bq_view_of(b, sizeof(b));

	memcpy(b, a, sizeof(a));
	ck_assert(bq_view_eq_ct(va, vb));
	for (unsigned bit = 0; bit < 8 * sizeof(a); bit++) {
		b[bit / 8] = (uint8_t)(b[bit / 8] ^ 1u << bit % 8);
		ck_assert(!bq_view_eq_ct(va, vb));
		b[bit / 8] = (uint8_t)(b[bit / 8] ^ 1u << bit % 8);
	}
	/* Two differences do not cancel out. */
	b[0] ^= 1;
	b[1] ^= 1;
	ck_assert(!bq_view_eq_ct(va, vb));
	ck_assert(!bq_view_eq_ct(va, bq_view_of(a, sizeof(a) - 1)));
	ck_assert(bq_view_eq_ct(bq_view_of(NULL, 0), VIEW("")));
}
END_TEST

START_TEST(sub_views_lie_inside)
{
	struct bq_view v = tight_copy(VIEW("abcd")), out;

	for (size_t off = 0; off <= 6; off++) {
		for (size_t n = 0; n <= 6; n++) {
			out = bq_view_of("x", 1);
			if (off + n > v.n) {
				ck_assert_int_eq(bq_view_sub(v, off, n, &out), BQ_E_SHORT);
				ck_assert_view_eq(out, VIEW("x"));
			} else {
				ck_assert_int_eq(bq_view_sub(v, off, n, &out), 0);
				ck_assert_uint_eq(out.n, n);
				ck_assert_ptr_eq(out.p, v.p + off);
			}
		}
	}
	ck_assert_int_eq(bq_view_sub(v, SIZE_MAX, 2, &out), BQ_E_SHORT);
	ck_assert_int_eq(bq_view_sub(v, 2, SIZE_MAX, &out), BQ_E_SHORT);
	ck_assert_int_eq(bq_view_sub(v, SIZE_MAX, SIZE_MAX, &out), BQ_E_SHORT);
	ck_assert_int_eq(bq_view_sub(bq_view_of(NULL, 0), 0, 0, &out), 0);
	ck_assert_int_eq(bq_view_sub(bq_view_of(NULL, 0), 0, 1, &out), BQ_E_SHORT);
}
END_TEST

/* --- readers ---------------------------------------------------------------- */

/* The integer readers behind one type. */
#define WIDE(name, type)                                                                           \
	static int wide_##name(struct bq_view *r, uint64_t *x)                                     \
	{                                                                                          \
		type v = (type)*x;                                                                 \
		int e = bq_rd_##name(r, &v);                                                       \
                                                                                                   \
		*x = v;                                                                            \
		return e;                                                                          \
	}
WIDE(u8, uint8_t)
WIDE(be16, uint16_t)
WIDE(be32, uint32_t)
WIDE(be64, uint64_t)
WIDE(le16, uint16_t)
WIDE(le32, uint32_t)
WIDE(le64, uint64_t)

static const struct {
	int (*read)(struct bq_view *r, uint64_t *x);
	size_t size;
	uint64_t first, second; /* of COUNTING */
} integers[] = {
	{wide_u8, 1, 0x01, 0x02},
	{wide_be16, 2, 0x0102, 0x0304},
	{wide_be32, 4, 0x01020304, 0x05060708},
	{wide_be64, 8, 0x0102030405060708, 0x090a0b0c0d0e0f10},
	{wide_le16, 2, 0x0201, 0x0403},
	{wide_le32, 4, 0x04030201, 0x08070605},
	{wide_le64, 8, 0x0807060504030201, 0x100f0e0d0c0b0a09},
};

#define INTEGERS (int)(sizeof(integers) / sizeof(integers[0]))

START_TEST(integers_are_read_in_their_order)
{
	struct bq_view r = tight_copy(bq_view_of(COUNTING, 2 * integers[_i].size));
	uint64_t x = 0;

	ck_assert_int_eq(integers[_i].read(&r, &x), 0);
	ck_assert_uint_eq(x, integers[_i].first);
	ck_assert_int_eq(integers[_i].read(&r, &x), 0);
	ck_assert_uint_eq(x, integers[_i].second);
	ck_assert_uint_eq(r.n, 0);
}
END_TEST

START_TEST(short_integers_move_nothing)
{
	for (size_t n = 0; n < integers[_i].size; n++) {
		struct bq_view r = tight_copy(bq_view_of(COUNTING, n)), was = r;
		uint64_t x = 0xA5;

		ck_assert_int_eq(integers[_i].read(&r, &x), BQ_E_SHORT);
		ck_assert_ptr_eq(r.p, was.p);
		ck_assert_uint_eq(r.n, was.n);
		ck_assert_uint_eq(x, 0xA5);
	}
}
END_TEST

START_TEST(high_bits_survive)
{
	struct bq_view r = VIEW("\xFF\xFE\xFD\xFC\xFB\xFA\xF9\xF8");
	struct bq_view s = r;
	uint64_t x;

	ck_assert_int_eq(bq_rd_be64(&r, &x), 0);
	ck_assert_uint_eq(x, 0xFFFEFDFCFBFAF9F8);
	ck_assert_int_eq(bq_rd_le64(&s, &x), 0);
	ck_assert_uint_eq(x, 0xF8F9FAFBFCFDFEFF);
}
END_TEST

START_TEST(take_skip_and_copy_need_all_bytes)
{
	struct bq_view r = tight_copy(VIEW("abcd")), was = r, out = VIEW("x");
	uint8_t dst[8] = "zzzzzzz";

	ck_assert_int_eq(bq_rd_take(&r, 5, &out), BQ_E_SHORT);
	ck_assert_int_eq(bq_rd_take(&r, SIZE_MAX, &out), BQ_E_SHORT);
	ck_assert_int_eq(bq_rd_skip(&r, 5), BQ_E_SHORT);
	ck_assert_int_eq(bq_rd_copy(&r, dst, 5), BQ_E_SHORT);
	ck_assert_view_eq(out, VIEW("x"));
	ck_assert_mem_eq(dst, "zzzzzzz", 8);
	ck_assert_ptr_eq(r.p, was.p);
	ck_assert_uint_eq(r.n, 4);

	ck_assert_int_eq(bq_rd_take(&r, 1, &out), 0);
	ck_assert_view_eq(out, VIEW("a"));
	ck_assert_int_eq(bq_rd_copy(&r, dst, 2), 0);
	ck_assert_mem_eq(dst, "bczzzzz", 8);
	ck_assert_int_eq(bq_rd_skip(&r, 1), 0);
	ck_assert_int_eq(bq_rd_end(&r), 0);
}
END_TEST

START_TEST(nothing_is_read_from_nowhere)
{
	struct bq_view r = bq_view_of(NULL, 0), out;

	ck_assert_int_eq(bq_rd_take(&r, 0, &out), 0);
	ck_assert_int_eq(bq_rd_skip(&r, 0), 0);
	ck_assert_int_eq(bq_rd_copy(&r, NULL, 0), 0);
	ck_assert_int_eq(bq_rd_skip(&r, 1), BQ_E_SHORT);
	ck_assert_int_eq(bq_rd_end(&r), 0);
	ck_assert_int_eq(bq_rd_end_zeros(&r), 0);
}
END_TEST

START_TEST(sized_buffers_are_whole_or_not_read)
{
	struct bq_view whole = VIEW("\x00\x03"
				    "abc"
				    "\x00\x00"
				    "z");

	for (size_t n = 0; n < 5; n++) {
		struct bq_view r = tight_copy(bq_view_of(whole.p, n)), was = r, out = VIEW("x");

		ck_assert_int_eq(bq_rd_2b(&r, &out), BQ_E_SHORT);
		ck_assert_ptr_eq(r.p, was.p);
		ck_assert_uint_eq(r.n, n);
		ck_assert_view_eq(out, VIEW("x"));
	}
	struct bq_view r = tight_copy(whole), out;

	ck_assert_int_eq(bq_rd_2b(&r, &out), 0);
	ck_assert_view_eq(out, VIEW("abc"));
	ck_assert_int_eq(bq_rd_2b(&r, &out), 0);
	ck_assert_uint_eq(out.n, 0);
	ck_assert_view_eq(r, VIEW("z"));
}
END_TEST

START_TEST(ends_are_ends)
{
	struct bq_view zeros = VIEW("\0\0"), some = VIEW("\0\x01"), none = VIEW("");

	ck_assert_int_eq(bq_rd_end(&none), 0);
	ck_assert_int_eq(bq_rd_end(&zeros), BQ_E_TRAILING);
	ck_assert_int_eq(bq_rd_end_zeros(&none), 0);
	ck_assert_int_eq(bq_rd_end_zeros(&zeros), 0);
	ck_assert_int_eq(bq_rd_end_zeros(&some), BQ_E_PADDING);
}
END_TEST

/* --- writers ---------------------------------------------------------------- */

/* One of everything. */
static void write_all(struct bq_wr *w)
{
	bq_wr_u8(w, 0x01);
	bq_wr_be16(w, 0x0203);
	bq_wr_be32(w, 0x04050607);
	bq_wr_be64(w, 0x08090a0b0c0d0e0f);
	bq_wr_le16(w, 0x1110);
	bq_wr_le32(w, 0x15141312);
	bq_wr_le64(w, 0x1d1c1b1a19181716);
	bq_wr_view(w, VIEW("ab"));
	bq_wr_view(w, bq_view_of(NULL, 0));
	bq_wr_zeros(w, 2);
	bq_wr_zeros(w, 0);
	bq_wr_2b(w, VIEW("cde"));
	bq_wr_2b(w, bq_view_of(NULL, 0));
}

static const char WRITTEN[] = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11"
			      "\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d"
			      "ab\x00\x00\x00\x03"
			      "cde\x00\x00";

START_TEST(writers_write_in_their_order)
{
	uint8_t buf[sizeof(WRITTEN) - 1];
	struct bq_wr w;
	struct bq_view out;

	bq_wr_init(&w, buf, sizeof(buf));
	write_all(&w);
	ck_assert_int_eq(bq_wr_end(&w, &out), 0);
	ck_assert_ptr_eq(out.p, buf);
	ck_assert_view_eq(out, VIEW(WRITTEN));
}
END_TEST

/* At every size too small: the error is SPACE, it stays although later items
 * would fit, what was written before is right, and nothing is written behind. */
START_TEST(writers_stop_at_their_limit)
{
	for (size_t cap = 0; cap < sizeof(WRITTEN) - 1; cap++) {
		uint8_t buf[sizeof(WRITTEN)];
		struct bq_wr w;
		struct bq_view out = VIEW("x");

		memset(buf, 0xEE, sizeof(buf));
		bq_wr_init(&w, buf, cap);
		write_all(&w);
		ck_assert_uint_le(w.n, cap);
		ck_assert_mem_eq(buf, WRITTEN, w.n);
		for (size_t i = w.n; i < sizeof(buf); i++)
			ck_assert_uint_eq(buf[i], 0xEE);
		ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_SPACE);
		ck_assert_view_eq(out, VIEW("x"));
	}
}
END_TEST

START_TEST(first_error_sticks)
{
	static uint8_t big[UINT16_MAX + 1];
	uint8_t buf[8];
	struct bq_wr w;
	struct bq_view out;

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_2b(&w, bq_view_of(big, sizeof(big)));
	ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_RANGE);
	bq_wr_zeros(&w, 9);
	bq_wr_be16_at(&w, 100, 1);
	bq_wr_u8(&w, 1);
	ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_RANGE);
	ck_assert_uint_eq(w.n, 0);

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_zeros(&w, 9);
	bq_wr_2b(&w, bq_view_of(big, sizeof(big)));
	ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_SPACE);
	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_zeros(&w, SIZE_MAX);
	ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_SPACE);
}
END_TEST

START_TEST(longest_sized_buffer)
{
	static uint8_t big[UINT16_MAX], buf[UINT16_MAX + 2];
	struct bq_wr w;
	struct bq_view out, back;

	memset(big, 0x5A, sizeof(big));
	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_2b(&w, bq_view_of(big, sizeof(big)));
	ck_assert_int_eq(bq_wr_end(&w, &out), 0);
	ck_assert_int_eq(bq_rd_2b(&out, &back), 0);
	ck_assert_view_eq(back, bq_view_of(big, sizeof(big)));
	ck_assert_uint_eq(out.n, 0);
}
END_TEST

START_TEST(sizes_are_written_late)
{
	uint8_t buf[16];
	struct bq_wr w;
	struct bq_view out;

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_zeros(&w, 8);
	bq_wr_be16_at(&w, 0, 0x0102);
	bq_wr_be32_at(&w, 4, 0xA1A2A3A4);
	ck_assert_int_eq(bq_wr_end(&w, &out), 0);
	ck_assert_view_eq(out, VIEW("\x01\x02\x00\x00\xA1\xA2\xA3\xA4"));
	/* Room is not enough: only what has been written may be overwritten. */
	bq_wr_be32_at(&w, 5, 1);
	ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_ARG);
	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_u8(&w, 0);
	bq_wr_be16_at(&w, SIZE_MAX, 1);
	ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_ARG);
}
END_TEST

START_TEST(nothing_is_written_nowhere)
{
	struct bq_wr w;
	struct bq_view out;

	bq_wr_init(&w, NULL, 0);
	bq_wr_view(&w, bq_view_of(NULL, 0));
	bq_wr_zeros(&w, 0);
	ck_assert_int_eq(bq_wr_end(&w, &out), 0);
	ck_assert_uint_eq(out.n, 0);
	bq_wr_u8(&w, 1);
	ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_SPACE);
}
END_TEST

Suite *suite_bytes(void)
{
	Suite *s = suite_create("bytes");
	TCase *tc = tcase_create("bytes");

	tcase_add_test(tc, views_compare_lengths_and_bytes);
	tcase_add_test(tc, views_know_zeros);
	tcase_add_test(tc, constant_time_compare_sees_each_bit);
	tcase_add_test(tc, sub_views_lie_inside);
	tcase_add_loop_test(tc, integers_are_read_in_their_order, 0, INTEGERS);
	tcase_add_loop_test(tc, short_integers_move_nothing, 0, INTEGERS);
	tcase_add_test(tc, high_bits_survive);
	tcase_add_test(tc, take_skip_and_copy_need_all_bytes);
	tcase_add_test(tc, nothing_is_read_from_nowhere);
	tcase_add_test(tc, sized_buffers_are_whole_or_not_read);
	tcase_add_test(tc, ends_are_ends);
	tcase_add_test(tc, writers_write_in_their_order);
	tcase_add_test(tc, writers_stop_at_their_limit);
	tcase_add_test(tc, first_error_sticks);
	tcase_add_test(tc, longest_sized_buffer);
	tcase_add_test(tc, sizes_are_written_late);
	tcase_add_test(tc, nothing_is_written_nowhere);
	suite_add_tcase(s, tc);
	return s;
}

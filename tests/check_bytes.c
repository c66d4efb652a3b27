#include "support.h"

START_TEST(reads_move_forward)
{
	struct bq_view r = VIEW("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f");
	uint8_t a;
	uint16_t b, c;
	uint32_t d, e;

	ck_assert_int_eq(bq_rd_u8(&r, &a), 0);
	ck_assert_int_eq(bq_rd_be16(&r, &b), 0);
	ck_assert_int_eq(bq_rd_le16(&r, &c), 0);
	ck_assert_int_eq(bq_rd_be32(&r, &d), 0);
	ck_assert_int_eq(bq_rd_le32(&r, &e), 0);
	ck_assert_uint_eq(a, 0x01);
	ck_assert_uint_eq(b, 0x0203);
	ck_assert_uint_eq(c, 0x0504);
	ck_assert_uint_eq(d, 0x06070809);
	ck_assert_uint_eq(e, 0x0d0c0b0a);
	ck_assert_int_eq(bq_rd_end(&r), BQ_E_TRAILING);
	ck_assert_int_eq(bq_rd_skip(&r, 2), 0);
	ck_assert_int_eq(bq_rd_end(&r), 0);
}
END_TEST

Suite *suite_bytes(void)
{
	Suite *s = suite_create("bytes");
	TCase *tc = tcase_create("bytes");

	tcase_add_test(tc, reads_move_forward);
	suite_add_tcase(s, tc);
	return s;
}

/* Signatures as tpm2-tools' format plain. */
#include "support.h"

static uint8_t buf[256];
static struct bq_wr w;

static int plain(uint16_t alg, struct bq_view rsa, struct bq_view r, struct bq_view s, size_t cap)
{
	const struct bq_signature sig = {
		.alg = alg, .hash = TPM_ALG_SHA256, .rsa = rsa, .r = r, .s = s};

	bq_wr_init(&w, buf, cap);
	return bq_signature_plain(&sig, &w);
}

static int ecdsa(struct bq_view r, struct bq_view s)
{
	return plain(TPM_ALG_ECDSA, VIEW(""), r, s, sizeof(buf));
}

START_TEST(test_rsa_is_itself)
{
	ck_assert_int_eq(plain(TPM_ALG_RSASSA, VIEW("\0\x01\x02"), VIEW(""), VIEW(""), 3), 0);
	ck_assert_view_eq(bq_view_of(buf, w.n), VIEW("\0\x01\x02"));
	ck_assert_int_eq(plain(TPM_ALG_RSAPSS, VIEW("\x01\x02"), VIEW(""), VIEW(""), 1),
			 BQ_E_SPACE);
}
END_TEST

START_TEST(test_ecdsa_numbers_are_minimal)
{
	ck_assert_int_eq(ecdsa(VIEW("\0\0\x7f"), VIEW("\x80\x01")), 0);
	ck_assert_view_eq(bq_view_of(buf, w.n), VIEW("\x30\x08\x02\x01\x7f\x02\x03\x00\x80\x01"));
}
END_TEST

START_TEST(test_ecdsa_p521_needs_a_long_length)
{
	uint8_t number[66];

	for (size_t i = 0; i < sizeof(number); i++)
		number[i] = 1;
	ck_assert_int_eq(ecdsa(bq_view_of(number, 66), bq_view_of(number, 66)), 0);
	ck_assert_uint_eq(w.n, 3 + 2 * 68);
	ck_assert_view_eq(bq_view_of(buf, 5), VIEW("\x30\x81\x88\x02\x42"));
}
END_TEST

START_TEST(test_ecdsa_zero_is_refused)
{
	ck_assert_int_eq(ecdsa(VIEW("\0\0"), VIEW("\x01")), BQ_E_RANGE);
	ck_assert_int_eq(ecdsa(VIEW("\x01"), VIEW("")), BQ_E_RANGE);
	ck_assert_int_eq(w.err, BQ_E_RANGE);
}
END_TEST

START_TEST(test_room)
{
	struct bq_view one = VIEW("\x01");

	for (size_t cap = 0; cap < 8; cap++)
		ck_assert_int_eq(plain(TPM_ALG_ECDSA, VIEW(""), one, one, cap), BQ_E_SPACE);
	ck_assert_int_eq(plain(TPM_ALG_ECDSA, VIEW(""), one, one, 8), 0);
}
END_TEST

Suite *suite_sig_plain(void)
{
	Suite *s = suite_create("sig_plain");
	TCase *tc = tcase_create("plain");

	tcase_add_test(tc, test_rsa_is_itself);
	tcase_add_test(tc, test_ecdsa_numbers_are_minimal);
	tcase_add_test(tc, test_ecdsa_p521_needs_a_long_length);
	tcase_add_test(tc, test_ecdsa_zero_is_refused);
	tcase_add_test(tc, test_room);
	suite_add_tcase(s, tc);
	return s;
}

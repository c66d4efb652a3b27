#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* u16 alg, u16 hash, then one or two values of 3 bytes */
#define RSASSA                                                                                     \
	"00140004"                                                                                 \
	"0003010203"
#define RSAPSS                                                                                     \
	"0016000c"                                                                                 \
	"0003010203"
#define ECDSA                                                                                      \
	"0018000b"                                                                                 \
	"0003010203"                                                                               \
	"0003040506"

START_TEST(vector_parses)
{
	struct bq_view file = tight_copy(read_vector("quote-1bank.sig"));
	struct bq_signature s = {0};

	ck_assert_uint_eq(file.n, 262);
	ck_assert_int_eq(bq_signature_parse(file, &s), 0);
	ck_assert_uint_eq(s.alg, TPM_ALG_RSASSA);
	ck_assert_uint_eq(s.hash, TPM_ALG_SHA256);
	ck_assert_ptr_eq(s.rsa.p, file.p + 6);
	ck_assert_uint_eq(s.rsa.n, 256);
	ck_assert_uint_eq(s.r.n, 0);
	ck_assert_uint_eq(s.s.n, 0);
}
END_TEST

static const struct {
	const char *hex;
	uint16_t alg, hash;
} kinds[] = {
	{RSASSA, TPM_ALG_RSASSA, TPM_ALG_SHA1},
	{RSAPSS, TPM_ALG_RSAPSS, TPM_ALG_SHA384},
	{ECDSA, TPM_ALG_ECDSA, TPM_ALG_SHA256},
};

START_TEST(each_kind)
{
	struct bq_view file = tight_copy(from_hex(kinds[_i].hex));
	struct bq_signature s = {0};

	ck_assert_int_eq(bq_signature_parse(file, &s), 0);
	ck_assert_uint_eq(s.alg, kinds[_i].alg);
	ck_assert_uint_eq(s.hash, kinds[_i].hash);
	if (s.alg == TPM_ALG_ECDSA) {
		ck_assert_uint_eq(s.rsa.n, 0);
		ck_assert_view_eq(s.r, VIEW("\x01\x02\x03"));
		ck_assert_view_eq(s.s, VIEW("\x04\x05\x06"));
	} else {
		ck_assert_view_eq(s.rsa, VIEW("\x01\x02\x03"));
		ck_assert_uint_eq(s.r.n, 0);
		ck_assert_uint_eq(s.s.n, 0);
	}
}
END_TEST

START_TEST(truncations)
{
	struct bq_view file = from_hex(kinds[_i].hex);
	struct bq_signature s;

	for (size_t n = 0; n < file.n; n++)
		ck_assert_refused(BQ_E_SHORT, &s, bq_signature_parse(truncated(file, n), &s));
}
END_TEST

START_TEST(trailing)
{
	struct edit e = edit_of(from_hex(kinds[_i].hex));
	struct bq_signature s;

	e.p[e.n++] = 0;
	ck_assert_refused(BQ_E_TRAILING, &s, bq_signature_parse(edited(&e), &s));
}
END_TEST

static const struct {
	const char *hex;
	int error;
} refusals[] = {
	{"0010", BQ_E_SHORT},
	{"0010000b0003010203", BQ_E_SIG_ALG},           /* NULL */
	{"0005000b0003010203", BQ_E_SIG_ALG},           /* HMAC */
	{"0015000b0003010203", BQ_E_SIG_ALG},           /* RSAES: encrypts */
	{"0017000b0003010203", BQ_E_SIG_ALG},           /* OAEP */
	{"001a000b00030102030003040506", BQ_E_SIG_ALG}, /* ECDAA */
	{"001b000b00030102030003040506", BQ_E_SIG_ALG}, /* SM2 */
	{"1400000b0003010203", BQ_E_SIG_ALG},           /* little-endian */
	{"001400100003010203", BQ_E_SIG_ALG},           /* hash NULL */
	{"001400140003010203", BQ_E_SIG_ALG},           /* hash RSASSA */
	{"001400000003010203", BQ_E_SIG_ALG},
	{"0014000bffff010203", BQ_E_SHORT},
	{"0014000b0002010203", BQ_E_TRAILING},
	{"0018000b00030102030002040506", BQ_E_TRAILING},
	{"0018000b0003010203ffff040506", BQ_E_SHORT},
	{"0018000b0003010203", BQ_E_SHORT},              /* one value only */
	{"0014000b00030102030003040506", BQ_E_TRAILING}, /* two of them */
};

START_TEST(refused)
{
	struct bq_view file = tight_copy(from_hex(refusals[_i].hex));
	struct bq_signature s;

	ck_assert_refused(refusals[_i].error, &s, bq_signature_parse(file, &s));
}
END_TEST

/* Azure's containers carry the value alone: that is no TPMT_SIGNATURE. */
START_TEST(capture_of_a_bare_value)
{
	struct bq_view value = read_capture("azure-milan-2023/tpm-quote.sig");
	struct bq_signature s;
	struct edit e = {0};

	ck_assert_refused(BQ_E_SIG_ALG, &s, bq_signature_parse(tight_copy(value), &s));
	edit_be(&e, 0, 2, TPM_ALG_RSASSA);
	edit_be(&e, 2, 2, TPM_ALG_SHA256);
	edit_be(&e, 4, 2, value.n);
	memcpy(e.p + 6, value.p, value.n);
	e.n = 6 + value.n;
	ck_assert_int_eq(bq_signature_parse(edited(&e), &s), 0);
	ck_assert_view_eq(s.rsa, value);
}
END_TEST

Suite *suite_signature(void)
{
	Suite *s = suite_create("signature");
	TCase *tc = tcase_create("signature");

	tcase_add_test(tc, vector_parses);
	tcase_add_loop_test(tc, each_kind, 0, COUNT(kinds));
	tcase_add_loop_test(tc, truncations, 0, COUNT(kinds));
	tcase_add_loop_test(tc, trailing, 0, COUNT(kinds));
	tcase_add_loop_test(tc, refused, 0, COUNT(refusals));
	tcase_add_capture_test(tc, capture_of_a_bare_value);
	suite_add_tcase(s, tc);
	return s;
}

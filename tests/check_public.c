#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* TPMT_PUBLIC by parts */
#define RSA_HEAD                                                                                   \
	"0001"                                                                                     \
	"000b"                                                                                     \
	"00050472"                                                                                 \
	"0000"
#define ECC_HEAD                                                                                   \
	"0023"                                                                                     \
	"000b"                                                                                     \
	"00050472"                                                                                 \
	"0000"
#define NONE "0010"
#define AES                                                                                        \
	"0006"                                                                                     \
	"0080"                                                                                     \
	"0043"
#define RSASSA                                                                                     \
	"0014"                                                                                     \
	"000b"
#define ECDSA                                                                                      \
	"0018"                                                                                     \
	"000c"
#define KEY                                                                                        \
	"0010"                                                                                     \
	"00000000"                                                                                 \
	"0002"                                                                                     \
	"c0ff" /* 16 bits, the default exponent */
#define P256                                                                                       \
	"0003" NONE "0002"                                                                         \
	"0102"                                                                                     \
	"0003"                                                                                     \
	"030405"
/* A KDF's hash, x and y */
#define KDF_KEY                                                                                    \
	"000b"                                                                                     \
	"0002"                                                                                     \
	"0102"                                                                                     \
	"0003"                                                                                     \
	"030405"

static struct bq_public parsed(const char *hex)
{
	struct bq_public p;

	ck_assert_msg(bq_public_parse(tight_copy(from_hex(hex)), &p) == 0, "%s", hex);
	return p;
}

START_TEST(vector_is_azures_ak)
{
	struct bq_view file = tight_copy(read_vector("ak.pub"));
	struct bq_public p;

	ck_assert_int_eq(bq_public_parse_2b(file, &p), 0);
	ck_assert_uint_eq(p.type, TPM_ALG_RSA);
	ck_assert_uint_eq(p.name_alg, TPM_ALG_SHA256);
	ck_assert_uint_eq(p.attributes, 0x00050472);
	ck_assert_uint_eq(p.policy.n, 0);
	ck_assert_uint_eq(p.sym_alg, TPM_ALG_NULL);
	ck_assert_uint_eq(p.sym_bits | p.sym_mode, 0);
	ck_assert_uint_eq(p.scheme, TPM_ALG_RSASSA);
	ck_assert_uint_eq(p.hash, TPM_ALG_SHA256);
	ck_assert_uint_eq(p.bits, 2048);
	ck_assert_uint_eq(p.exponent, 65537);
	ck_assert_uint_eq(p.n.n, 256);
	ck_assert_ptr_eq(p.n.p + 256, file.p + file.n);
	ck_assert_uint_eq(p.n.p[0], 0xA5);
	ck_assert_uint_eq(p.curve | p.kdf | p.kdf_hash, 0);
	ck_assert_uint_eq(p.x.n + p.y.n, 0);
}
END_TEST

START_TEST(rsa_fields)
{
	struct bq_public p = parsed("0001"
				    "000c"
				    "11223344"
				    "0003"
				    "a0a1a2" AES "0016"
				    "000d"
				    "0018"
				    "00000003"
				    "0003"
				    "c0c1c2");

	ck_assert_uint_eq(p.type, TPM_ALG_RSA);
	ck_assert_uint_eq(p.name_alg, TPM_ALG_SHA384);
	ck_assert_uint_eq(p.attributes, 0x11223344);
	ck_assert_view_eq(p.policy, VIEW("\xa0\xa1\xa2"));
	ck_assert_uint_eq(p.sym_alg, TPM_ALG_AES);
	ck_assert_uint_eq(p.sym_bits, 128);
	ck_assert_uint_eq(p.sym_mode, TPM_ALG_CFB);
	ck_assert_uint_eq(p.scheme, TPM_ALG_RSAPSS);
	ck_assert_uint_eq(p.hash, TPM_ALG_SHA512);
	ck_assert_uint_eq(p.bits, 24);
	ck_assert_uint_eq(p.exponent, 3);
	ck_assert_view_eq(p.n, VIEW("\xc0\xc1\xc2"));
}
END_TEST

START_TEST(ecc_fields)
{
	struct bq_public p = parsed(ECC_HEAD AES ECDSA "0004"
						       "0020"
						       "000b"
						       "0002"
						       "0102"
						       "0003"
						       "030405");

	ck_assert_uint_eq(p.type, TPM_ALG_ECC);
	ck_assert_uint_eq(p.sym_alg, TPM_ALG_AES);
	ck_assert_uint_eq(p.scheme, TPM_ALG_ECDSA);
	ck_assert_uint_eq(p.hash, TPM_ALG_SHA384);
	ck_assert_uint_eq(p.curve, TPM_ECC_NIST_P384);
	ck_assert_uint_eq(p.kdf, 0x0020);
	ck_assert_uint_eq(p.kdf_hash, TPM_ALG_SHA256);
	ck_assert_view_eq(p.x, VIEW("\x01\x02"));
	ck_assert_view_eq(p.y, VIEW("\x03\x04\x05"));
	ck_assert_uint_eq(p.bits | p.exponent, 0);
	ck_assert_uint_eq(p.n.n, 0);
}
END_TEST

/* Every form that parts of the structure can have. */
static const char *const forms[] = {
	RSA_HEAD NONE NONE KEY,
	RSA_HEAD NONE "0015" KEY, /* RSAES: no hash */
	RSA_HEAD NONE "0017"
		      "000b" KEY,
	RSA_HEAD NONE RSASSA KEY,
	RSA_HEAD "0026"
		 "0080"
		 "0043" NONE KEY,
	RSA_HEAD "0013"
		 "0080"
		 "0043" NONE KEY,
	RSA_HEAD "0003"
		 "0080"
		 "0043" NONE KEY,
	ECC_HEAD NONE NONE P256,
	ECC_HEAD AES NONE P256,
	ECC_HEAD NONE ECDSA P256,
	ECC_HEAD NONE "0019"
		      "000b" P256,
	ECC_HEAD NONE "001a"
		      "000b"
		      "0007" P256, /* ECDAA: a count more */
	ECC_HEAD NONE "001b"
		      "000b" P256,
	ECC_HEAD NONE "001c"
		      "000b" P256,
	ECC_HEAD NONE "001d"
		      "000b" P256,
	ECC_HEAD NONE NONE "0003"
			   "0020"
			   "000b"
			   "0002"
			   "0102"
			   "0003"
			   "030405",
	ECC_HEAD NONE NONE "0003"
			   "0007" KDF_KEY,
	ECC_HEAD NONE NONE "0003"
			   "0021" KDF_KEY,
	ECC_HEAD NONE NONE "0003"
			   "0022" KDF_KEY,
};

START_TEST(every_form)
{
	struct bq_public p = parsed(forms[_i]);

	if (p.type == TPM_ALG_RSA) {
		ck_assert_view_eq(p.n, VIEW("\xc0\xff"));
	} else {
		ck_assert_uint_eq(p.curve, TPM_ECC_NIST_P256);
		ck_assert_view_eq(p.x, VIEW("\x01\x02"));
		ck_assert_view_eq(p.y, VIEW("\x03\x04\x05"));
	}
	if (p.scheme == TPM_ALG_NULL || p.scheme == TPM_ALG_RSAES)
		ck_assert_uint_eq(p.hash, 0);
	else
		ck_assert_uint_ne(p.hash, 0);
}
END_TEST

START_TEST(truncations)
{
	struct bq_view pub = from_hex(forms[_i]);
	struct bq_public p;

	for (size_t n = 0; n < pub.n; n++)
		ck_assert_refused(BQ_E_SHORT, &p, bq_public_parse(truncated(pub, n), &p));
}
END_TEST

START_TEST(trailing)
{
	struct edit e = edit_of(from_hex(forms[_i]));
	struct bq_public p;

	e.p[e.n++] = 0;
	ck_assert_refused(BQ_E_TRAILING, &p, bq_public_parse(edited(&e), &p));
}
END_TEST

static const struct {
	int error;
	const char *hex;
} refusals[] = {
	{BQ_E_PUBLIC, "0008"
		      "000b"
		      "00050472"
		      "0000" NONE "0000"}, /* KEYEDHASH */
	{BQ_E_PUBLIC, "0025"
		      "000b"
		      "00050472"
		      "0000" AES "0000"}, /* SYMCIPHER */
	{BQ_E_PUBLIC, "0100"
		      "000b"
		      "00050472"
		      "0000" NONE NONE KEY},
	{BQ_E_PUBLIC, RSA_HEAD "000a"
			       "000b" NONE KEY}, /* XOR */
	{BQ_E_PUBLIC, RSA_HEAD "0000" NONE KEY},
	{BQ_E_PUBLIC, RSA_HEAD NONE ECDSA KEY},
	{BQ_E_PUBLIC, RSA_HEAD NONE "0000" KEY},
	{BQ_E_PUBLIC, ECC_HEAD NONE RSASSA P256},
	{BQ_E_PUBLIC, ECC_HEAD NONE "0015" P256},
	{BQ_E_PUBLIC, ECC_HEAD "0000" NONE P256},
	/* no KDF: what follows it is not known */
	{BQ_E_PUBLIC, ECC_HEAD NONE NONE "0003"
					 "0000" KDF_KEY},
	{BQ_E_PUBLIC, ECC_HEAD NONE NONE "0003"
					 "0001" KDF_KEY},
	{BQ_E_PUBLIC, ECC_HEAD NONE NONE "0003"
					 "0023" KDF_KEY},
	/* a modulus of another size than the key says */
	{BQ_E_PUBLIC, RSA_HEAD NONE NONE "0018"
					 "00000000"
					 "0002"
					 "c0ff"},
	{BQ_E_PUBLIC, RSA_HEAD NONE NONE "0008"
					 "00000000"
					 "0002"
					 "c0ff"},
	{BQ_E_PUBLIC, RSA_HEAD NONE NONE "0011"
					 "00000000"
					 "0002"
					 "c0ff"},
	{BQ_E_PUBLIC, RSA_HEAD NONE NONE "0010"
					 "00000000"
					 "0000"},
	{BQ_E_SHORT, RSA_HEAD NONE NONE "0010"
					"00000000"
					"ffff"
					"c0ff"},
	{BQ_E_SHORT, "0001"
		     "000b"
		     "00050472"
		     "ffff" NONE NONE KEY},
};

START_TEST(refused)
{
	struct bq_view pub = tight_copy(from_hex(refusals[_i].hex));
	struct bq_public p;

	ck_assert_refused(refusals[_i].error, &p, bq_public_parse(pub, &p));
}
END_TEST

START_TEST(size_in_front)
{
	struct edit e = edit_of(read_vector("ak.pub"));
	struct bq_public p;

	for (size_t n = 0; n < e.n; n++)
		ck_assert_refused(BQ_E_SHORT, &p,
				  bq_public_parse_2b(truncated(bq_view_of(e.p, e.n), n), &p));
	edit_be(&e, 0, 2, e.n - 3);
	ck_assert_refused(BQ_E_TRAILING, &p, bq_public_parse_2b(edited(&e), &p));
	edit_be(&e, 0, 2, e.n - 1);
	ck_assert_refused(BQ_E_SHORT, &p, bq_public_parse_2b(edited(&e), &p));
	/* The size agrees with the file, and the structure is a byte shorter. */
	e.p[e.n++] = 0;
	edit_be(&e, 0, 2, e.n - 2);
	ck_assert_refused(BQ_E_TRAILING, &p, bq_public_parse_2b(edited(&e), &p));
}
END_TEST

Suite *suite_public(void)
{
	Suite *s = suite_create("public");
	TCase *tc = tcase_create("public");

	tcase_add_test(tc, vector_is_azures_ak);
	tcase_add_test(tc, rsa_fields);
	tcase_add_test(tc, ecc_fields);
	tcase_add_loop_test(tc, every_form, 0, COUNT(forms));
	tcase_add_loop_test(tc, truncations, 0, COUNT(forms));
	tcase_add_loop_test(tc, trailing, 0, COUNT(forms));
	tcase_add_loop_test(tc, refused, 0, COUNT(refusals));
	tcase_add_test(tc, size_in_front);
	suite_add_tcase(s, tc);
	return s;
}

/* SubjectPublicKeyInfo, held against OpenSSL's. */
#include "refuse.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A modulus of n bytes, or of one bit less: RSA keys differ by that in DER. */
static struct bq_view modulus(size_t n, bool high_bit)
{
	static uint8_t buf[1024];

	for (size_t i = 0; i < n; i++)
		buf[i] = (uint8_t)(0x11 * i + 1);
	buf[0] = high_bit ? 0x81 : 0x7F;
	return bq_view_of(buf, n);
}

static EVP_PKEY *pkey_of(const char *type, OSSL_PARAM_BLD *b)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
	EVP_PKEY *key = NULL;

	ck_assert_ptr_nonnull(ctx);
	ck_assert_ptr_nonnull(params);
	ck_assert_int_eq(EVP_PKEY_fromdata_init(ctx), 1);
	ck_assert_int_eq(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *openssl_rsa(struct bq_view n, uint32_t e)
{
	BIGNUM *bn = BN_bin2bn(n.p, (int)n.n, NULL);
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY *key;

	ck_assert_int_eq(OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, bn), 1);
	ck_assert_int_eq(OSSL_PARAM_BLD_push_ulong(b, OSSL_PKEY_PARAM_RSA_E, e), 1);
	key = pkey_of("RSA", b);
	OSSL_PARAM_BLD_free(b);
	BN_free(bn);
	return key;
}

/* der is what OpenSSL writes for key, and pem too; frees key. */
static void check_against(EVP_PKEY *key, struct bq_view der)
{
	unsigned char *want = NULL;
	int n = i2d_PUBKEY(key, &want);
	BIO *bio = BIO_new(BIO_s_mem());
	uint8_t pem[2048];
	struct bq_sink_buf b;
	char *text;
	long len;

	ck_assert_int_gt(n, 0);
	ck_assert_view_eq(der, bq_view_of(want, (size_t)n));
	ck_assert_int_eq(PEM_write_bio_PUBKEY(bio, key), 1);
	len = BIO_get_mem_data(bio, &text);
	bq_sink_buf_init(&b, pem, sizeof(pem));
	bq_put_pem(&b.s, "PUBLIC KEY", der);
	ck_assert_int_eq(b.s.err, 0);
	ck_assert_view_eq(bq_view_of(pem, b.n), bq_view_of(text, (size_t)len));
	BIO_free(bio);
	OPENSSL_free(want);
	EVP_PKEY_free(key);
}

static void check_rsa(struct bq_view n, uint32_t e)
{
	uint8_t buf[1100];
	struct bq_view der = {0};
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	ck_assert_int_eq(bq_rsa_spki(n, e, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &der), 0);
	check_against(openssl_rsa(n, e), der);
}

/* Across each border where a DER length takes another byte. */
START_TEST(rsa_of_every_length)
{
	for (size_t n = 64; n <= 1024; n += n < 300 ? 1 : 61) {
		check_rsa(modulus(n, true), 65537);
		check_rsa(modulus(n, false), 65537);
	}
}
END_TEST

START_TEST(rsa_exponents)
{
	static const uint32_t exponents[] = {
		3,     17,       127,      128,       255,        257,        0x7FFF,    0x8001,
		65537, 0x7FFFFF, 0x800001, 0x1000001, 0x7FFFFFFF, 0x80000001, UINT32_MAX};

	for (size_t i = 0; i < COUNT(exponents); i++)
		check_rsa(modulus(256, true), exponents[i]);
}
END_TEST

START_TEST(rsa_leading_zeros)
{
	uint8_t padded[260] = {0}, buf[600], want_buf[600];
	struct bq_view der = {0}, want = {0};
	struct bq_wr w;

	memcpy(padded + 4, modulus(256, true).p, 256);
	bq_wr_init(&w, buf, sizeof(buf));
	ck_assert_int_eq(bq_rsa_spki(bq_view_of(padded, 260), 65537, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &der), 0);
	bq_wr_init(&w, want_buf, sizeof(want_buf));
	ck_assert_int_eq(bq_rsa_spki(modulus(256, true), 65537, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &want), 0);
	ck_assert_view_eq(der, want);
}
END_TEST

START_TEST(small_numbers)
{
	uint8_t buf[64];
	struct bq_view der = {0};
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	ck_assert_int_eq(bq_rsa_spki(VIEW("\x80"), 1, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &der), 0);
	ck_assert_view_eq(der, from_hex("301b300d06092a864886f70d0101010500030a003007"
					"02020080020101"));
}
END_TEST

static int spki_error(const struct bq_public *p)
{
	uint8_t buf[600];
	struct bq_view der;
	struct bq_wr w;
	int e;

	bq_wr_init(&w, buf, sizeof(buf));
	e = bq_public_spki(p, &w);
	/* An error that the caller overlooks sticks all the same. */
	ck_assert_int_eq(bq_wr_end(&w, &der), e);
	ck_assert_uint_eq(w.n, e == 0 ? w.n : 0);
	return e;
}

START_TEST(refused)
{
	static const uint8_t zeros[256];
	const struct bq_view one = VIEW("\x01"), zero = bq_view_of(zeros, 256),
			     x33 = bq_view_of(zeros, 33), x32 = bq_view_of(zeros, 32);
	const struct {
		struct bq_public p;
		int error;
	} t[] = {
		{{.type = TPM_ALG_RSA, .n = one, .exponent = 3}, 0},
		{{.type = TPM_ALG_RSA, .n = one}, BQ_E_PUBLIC},
		{{.type = TPM_ALG_RSA, .n = zero, .exponent = 3}, BQ_E_PUBLIC},
		{{.type = TPM_ALG_RSA, .exponent = 3}, BQ_E_PUBLIC},
		{{.type = TPM_ALG_ECC, .curve = 3, .x = x32, .y = x32}, 0},
		{{.type = TPM_ALG_ECC, .curve = 3, .x = x33, .y = x32}, BQ_E_PUBLIC},
		{{.type = TPM_ALG_ECC, .curve = 3, .x = x32, .y = x33}, BQ_E_PUBLIC},
		{{.type = TPM_ALG_ECC, .curve = 3, .y = x32}, BQ_E_PUBLIC},
		{{.type = TPM_ALG_ECC, .curve = 3, .x = x32}, BQ_E_PUBLIC},
		{{.type = TPM_ALG_ECC, .curve = 5, .x = x32, .y = x32}, BQ_E_PUBLIC}, /* P-521 */
		{{.type = TPM_ALG_ECC, .curve = 0, .x = x32, .y = x32}, BQ_E_PUBLIC},
		{{.type = 0x0008, .n = one, .exponent = 3}, BQ_E_PUBLIC},
	};

	for (size_t i = 0; i < COUNT(t); i++)
		ck_assert_int_eq(spki_error(&t[i].p), t[i].error);
}
END_TEST

/* A key whose x or y starts with a zero byte, where one is asked for. */
static EVP_PKEY *ec_key(const char *curve, size_t field, bool leading_zero, uint8_t point[97])
{
	for (;;) {
		EVP_PKEY *key = EVP_EC_gen(curve);
		size_t n;

		ck_assert_ptr_nonnull(key);
		ck_assert_int_eq(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
								 point, 97, &n),
				 1);
		ck_assert_uint_eq(n, 1 + 2 * field);
		if (!leading_zero || point[1] == 0 || point[1 + field] == 0)
			return key;
		EVP_PKEY_free(key);
	}
}

/* As TPMs that leave leading zeros out return it. */
static struct bq_view stripped(const uint8_t *p, size_t n)
{
	return p[0] == 0 ? bq_view_of(p + 1, n - 1) : bq_view_of(p, n);
}

START_TEST(ec_keys)
{
	static const struct {
		const char *name;
		uint16_t curve;
		size_t field;
		bool leading_zero;
	} t[] = {
		{"P-256", TPM_ECC_NIST_P256, 32, false},
		{"P-256", TPM_ECC_NIST_P256, 32, true},
		{"P-384", TPM_ECC_NIST_P384, 48, false},
	};
	size_t field = t[_i].field;
	struct bq_public p = {.type = TPM_ALG_ECC, .curve = t[_i].curve};
	uint8_t point[97], buf[200];
	struct bq_view der = {0};
	struct bq_wr w;
	EVP_PKEY *key = ec_key(t[_i].name, field, t[_i].leading_zero, point);

	p.x = stripped(point + 1, field);
	p.y = stripped(point + 1 + field, field);
	bq_wr_init(&w, buf, sizeof(buf));
	ck_assert_int_eq(bq_public_spki(&p, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &der), 0);
	check_against(key, der);
}
END_TEST

START_TEST(no_room)
{
	uint8_t buf[294];
	struct bq_view der;
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	ck_assert_int_eq(bq_rsa_spki(modulus(256, true), 65537, &w), 0);
	ck_assert_uint_eq(w.n, sizeof(buf));
	for (size_t cap = 0; cap < sizeof(buf); cap++) {
		bq_wr_init(&w, buf, cap);
		ck_assert_int_eq(bq_rsa_spki(modulus(256, true), 65537, &w), BQ_E_SPACE);
		ck_assert_int_eq(bq_wr_end(&w, &der), BQ_E_SPACE);
	}
}
END_TEST

START_TEST(public_area_to_spki)
{
	struct bq_public p;
	struct bq_view der = {0};
	uint8_t buf[400];
	struct bq_wr w;

	ck_assert_int_eq(bq_public_parse_2b(read_vector("ak.pub"), &p), 0);
	bq_wr_init(&w, buf, sizeof(buf));
	ck_assert_int_eq(bq_public_spki(&p, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &der), 0);
	check_against(openssl_rsa(p.n, 65537), der);
}
END_TEST

START_TEST(pem_lines)
{
	static const char *const bodies[] = {"", "AAAA\n"};
	uint8_t zeros[49] = {0}, buf[200];
	struct bq_sink_buf b;
	struct bq_view want;

	for (size_t i = 0; i < COUNT(bodies); i++) {
		char text[100] = "-----BEGIN X Y-----\n";

		bq_sink_buf_init(&b, buf, sizeof(buf));
		bq_put_pem(&b.s, "X Y", bq_view_of(zeros, 3 * i));
		strcat(strcat(text, bodies[i]), "-----END X Y-----\n");
		ck_assert_view_eq(bq_view_of(buf, b.n), bq_view_str(text));
	}
	/* 48 bytes are a line of 64 characters, one more goes to the next. */
	bq_sink_buf_init(&b, buf, sizeof(buf));
	bq_put_pem(&b.s, "X", bq_view_of(zeros, 48));
	ck_assert_uint_eq(b.n, 18 + 65 + 16);
	bq_sink_buf_init(&b, buf, sizeof(buf));
	bq_put_pem(&b.s, "X", bq_view_of(zeros, 49));
	want = VIEW("A\nAA==\n-----END X-----\n");
	ck_assert_uint_eq(b.n, 18 + 65 + 5 + 16);
	ck_assert_view_eq(bq_view_of(buf + b.n - want.n, want.n), want);
	bq_sink_buf_init(&b, buf, 60);
	bq_put_pem(&b.s, "X", bq_view_of(zeros, 49));
	ck_assert_int_eq(b.s.err, BQ_E_SPACE);
}
END_TEST

/* Azure's AK public key as OpenSSL wrote it, taken apart and written again. */
START_TEST(capture_of_ak)
{
	struct bq_view pem = read_capture("azure-milan-2023b/akpub.pem"), der = {0};
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	uint8_t n[256], buf[400], out[600];
	struct bq_sink_buf b;
	BIGNUM *bn = NULL;
	struct bq_wr w;

	ck_assert_int_eq(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &bn), 1);
	ck_assert_int_eq(BN_bn2binpad(bn, n, 256), 256);
	bq_wr_init(&w, buf, sizeof(buf));
	ck_assert_int_eq(bq_rsa_spki(bq_view_of(n, 256), 65537, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &der), 0);
	bq_sink_buf_init(&b, out, sizeof(out));
	bq_put_pem(&b.s, "PUBLIC KEY", der);
	ck_assert_view_eq(bq_view_of(out, b.n), pem);
	BN_free(bn);
	BIO_free(bio);
	check_against(key, der);
}
END_TEST

Suite *suite_spki(void)
{
	Suite *s = suite_create("spki");
	TCase *tc = tcase_create("spki");

	tcase_add_test(tc, rsa_of_every_length);
	tcase_add_test(tc, rsa_exponents);
	tcase_add_test(tc, rsa_leading_zeros);
	tcase_add_test(tc, small_numbers);
	tcase_add_test(tc, refused);
	tcase_add_loop_test(tc, ec_keys, 0, 3);
	tcase_add_test(tc, no_room);
	tcase_add_test(tc, public_area_to_spki);
	tcase_add_test(tc, pem_lines);
	tcase_add_capture_test(tc, capture_of_ak);
	suite_add_tcase(s, tc);
	return s;
}

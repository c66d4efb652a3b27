#include "support.h"

#include <openssl/evp.h>

static struct bq_pcr_list parsed(const char *text)
{
	struct bq_pcr_list l = {0};

	ck_assert_msg(bq_pcr_list_parse(bq_view_str(text), &l) == 0, "%s", text);
	return l;
}

/* Bytes that say which bank and which PCR they are. */
static void set_value(struct bq_pcr_values *v, uint16_t alg, unsigned pcr)
{
	struct bq_pcr_bank *b = bq_pcr_bank_of(v, alg);

	ck_assert_ptr_nonnull(b);
	b->mask |= UINT32_C(1) << pcr;
	for (size_t i = 0; i < bq_alg_size(alg); i++)
		b->value[pcr][i] = (uint8_t)(alg * 31 + pcr * 7 + i);
}

START_TEST(banks_are_made_once)
{
	static struct bq_pcr_values v;
	struct bq_pcr_bank *sha1, *sha256;

	v.bank[0].mask = 0xFFFFFF; /* left over from other use */
	sha1 = bq_pcr_bank_of(&v, TPM_ALG_SHA1);
	sha256 = bq_pcr_bank_of(&v, TPM_ALG_SHA256);
	ck_assert_ptr_eq(sha1, &v.bank[0]);
	ck_assert_uint_eq(sha1->alg, TPM_ALG_SHA1);
	ck_assert_uint_eq(sha1->mask, 0);
	ck_assert_ptr_ne(sha1, sha256);
	sha1->mask = 5;
	ck_assert_ptr_eq(bq_pcr_bank_of(&v, TPM_ALG_SHA1), sha1);
	ck_assert_uint_eq(sha1->mask, 5);
	ck_assert_uint_eq(v.n, 2);
	for (uint16_t alg = 0x100; v.n < BQ_PCR_BANKS; alg++)
		ck_assert_ptr_nonnull(bq_pcr_bank_of(&v, alg));
	ck_assert_ptr_null(bq_pcr_bank_of(&v, 0x200));
	ck_assert_ptr_eq(bq_pcr_bank_of(&v, TPM_ALG_SHA256), sha256);
}
END_TEST

START_TEST(values_by_bank_and_index)
{
	static struct bq_pcr_values v;
	struct bq_view out = VIEW("untouched");

	set_value(&v, TPM_ALG_SHA1, 0);
	set_value(&v, TPM_ALG_SHA256, 7);
	set_value(&v, TPM_ALG_SHA256, 23);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 0, &out), BQ_E_PCR_SELECTION);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA1, 7, &out), BQ_E_PCR_SELECTION);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA384, 7, &out), BQ_E_PCR_SELECTION);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 24, &out), BQ_E_PCR_SELECTION);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 32, &out), BQ_E_PCR_SELECTION);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, UINT32_MAX, &out), BQ_E_PCR_SELECTION);
	ck_assert_view_eq(out, VIEW("untouched"));

	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 7, &out), 0);
	ck_assert_uint_eq(out.n, 32);
	ck_assert_uint_eq(out.p[0], (uint8_t)(TPM_ALG_SHA256 * 31 + 7 * 7));
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA1, 0, &out), 0);
	ck_assert_uint_eq(out.n, 20);
	/* Banks behind the last are not there, whatever they hold. */
	v.n = 1;
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 7, &out), BQ_E_PCR_SELECTION);
}
END_TEST

/* A bank of an algorithm without a digest size must not count as empty values. */
START_TEST(unknown_banks_have_no_values)
{
	static struct bq_pcr_values v;
	const struct bq_pcr_list l = {1, {{0x0027, 1}}};
	struct bq_view out = VIEW("untouched");
	uint8_t digest[BQ_SHA256_SIZE] = "untouched";

	bq_pcr_bank_of(&v, 0x0027)->mask = 1;
	bq_pcr_bank_of(&v, TPM_ALG_RSA)->mask = 1;
	ck_assert_int_eq(bq_pcr_value(&v, 0x0027, 0, &out), BQ_E_PCR_SELECTION);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_RSA, 0, &out), BQ_E_PCR_SELECTION);
	ck_assert_view_eq(out, VIEW("untouched"));
	ck_assert_int_eq(bq_pcr_digest_sha256(&l, &v, digest), BQ_E_PCR_SELECTION);
	ck_assert_str_eq((const char *)digest, "untouched");
}
END_TEST

/* --- digests ---------------------------------------------------------------- */

/* The digest of values put together by hand, in the order given as pairs. */
static struct bq_view digest_of(const struct bq_pcr_values *v, const unsigned (*order)[2], size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t out[BQ_SHA256_SIZE];
	struct bq_view value;
	unsigned len = 0;

	ck_assert_int_eq(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL), 1);
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(bq_pcr_value(v, (uint16_t)order[i][0], order[i][1], &value), 0);
		ck_assert_int_eq(EVP_DigestUpdate(ctx, value.p, value.n), 1);
	}
	ck_assert_int_eq(EVP_DigestFinal_ex(ctx, out, &len), 1);
	EVP_MD_CTX_free(ctx);
	return tight_copy(bq_view_of(out, len));
}

START_TEST(digest_is_over_banks_in_order_and_pcrs_ascending)
{
	static const struct {
		const char *list;
		unsigned order[4][2];
		size_t n;
	} rows[] = {
		{"sha256:9,0", {{TPM_ALG_SHA256, 0}, {TPM_ALG_SHA256, 9}}, 2},
		{"sha256:9,0+sha1:3",
		 {{TPM_ALG_SHA256, 0}, {TPM_ALG_SHA256, 9}, {TPM_ALG_SHA1, 3}},
		 3},
		{"sha1:3+sha256:9,0",
		 {{TPM_ALG_SHA1, 3}, {TPM_ALG_SHA256, 0}, {TPM_ALG_SHA256, 9}},
		 3},
		{"sha256:9+sha256:0", {{TPM_ALG_SHA256, 9}, {TPM_ALG_SHA256, 0}}, 2},
		{"sha256:none", {{0, 0}}, 0},
	};
	static struct bq_pcr_values v;
	uint8_t digest[BQ_SHA256_SIZE];

	/* Not in the order of the lists. */
	set_value(&v, TPM_ALG_SHA1, 3);
	set_value(&v, TPM_ALG_SHA256, 9);
	set_value(&v, TPM_ALG_SHA256, 0);
	set_value(&v, TPM_ALG_SHA256, 5);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bq_pcr_list l = parsed(rows[i].list);

		ck_assert_int_eq(bq_pcr_digest_sha256(&l, &v, digest), 0);
		ck_assert_view_eq(bq_view_of(digest, sizeof(digest)),
				  digest_of(&v, rows[i].order, rows[i].n));
	}
}
END_TEST

START_TEST(digest_needs_every_value)
{
	static struct bq_pcr_values v;
	struct bq_pcr_list l = parsed("sha256:0,1,2");
	uint8_t digest[BQ_SHA256_SIZE] = "untouched";

	set_value(&v, TPM_ALG_SHA256, 0);
	set_value(&v, TPM_ALG_SHA256, 2);
	set_value(&v, TPM_ALG_SHA1, 1);
	ck_assert_int_eq(bq_pcr_digest_sha256(&l, &v, digest), BQ_E_PCR_SELECTION);
	ck_assert_str_eq((const char *)digest, "untouched");
	set_value(&v, TPM_ALG_SHA256, 1);
	ck_assert_int_eq(bq_pcr_digest_sha256(&l, &v, digest), 0);
}
END_TEST

/* --- algorithms ------------------------------------------------------------- */

START_TEST(algorithms)
{
	static const struct {
		const char *name;
		uint16_t alg;
		size_t size;
	} rows[] = {
		{"sha1", TPM_ALG_SHA1, 20},       {"sha256", TPM_ALG_SHA256, 32},
		{"sha384", TPM_ALG_SHA384, 48},   {"sha512", TPM_ALG_SHA512, 64},
		{"sm3_256", TPM_ALG_SM3_256, 32}, {"rsa", TPM_ALG_RSA, 0},
		{"aes", TPM_ALG_AES, 0},          {"null", TPM_ALG_NULL, 0},
		{"rsassa", TPM_ALG_RSASSA, 0},    {"rsaes", TPM_ALG_RSAES, 0},
		{"rsapss", TPM_ALG_RSAPSS, 0},    {"oaep", TPM_ALG_OAEP, 0},
		{"ecdsa", TPM_ALG_ECDSA, 0},      {"ecc", TPM_ALG_ECC, 0},
		{"cfb", TPM_ALG_CFB, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char number[8];
		struct bq_sink_buf b;

		ck_assert_str_eq(bq_alg_name(rows[i].alg), rows[i].name);
		ck_assert_uint_eq(bq_alg_size(rows[i].alg), rows[i].size);
		ck_assert_uint_le(rows[i].size, BQ_DIGEST_MAX);
		ck_assert_uint_eq(bq_alg_hash(bq_view_str(rows[i].name)),
				  rows[i].size != 0 ? rows[i].alg : 0);
		bq_sink_buf_init(&b, number, sizeof(number));
		bq_put_str(&b.s, "0x");
		bq_put_x64(&b.s, rows[i].alg, 4);
		ck_assert_uint_eq(bq_alg_hash(bq_view_of(number, b.n)),
				  rows[i].size != 0 ? rows[i].alg : 0);
	}
	ck_assert_ptr_null(bq_alg_name(0));
	ck_assert_ptr_null(bq_alg_name(0xFFFF));
	ck_assert_uint_eq(bq_alg_size(0), 0);
	ck_assert_uint_eq(bq_alg_hash(VIEW("")), 0);
	ck_assert_uint_eq(bq_alg_hash(VIEW("sha")), 0);
	ck_assert_uint_eq(bq_alg_hash(VIEW("sha256x")), 0);
	ck_assert_uint_eq(bq_alg_hash(VIEW("sha256\0")), 0);
	ck_assert_uint_eq(bq_alg_hash(VIEW("0x1000b")), 0);
}
END_TEST

Suite *suite_pcr_values(void)
{
	Suite *s = suite_create("pcr_values");
	TCase *tc = tcase_create("pcr_values");

	tcase_add_test(tc, banks_are_made_once);
	tcase_add_test(tc, values_by_bank_and_index);
	tcase_add_test(tc, unknown_banks_have_no_values);
	tcase_add_test(tc, digest_is_over_banks_in_order_and_pcrs_ascending);
	tcase_add_test(tc, digest_needs_every_value);
	tcase_add_test(tc, algorithms);
	suite_add_tcase(s, tc);
	return s;
}

#include "support.h"

#include <openssl/evp.h>

#include <string.h>

static struct bq_view sha256(struct bq_view v, size_t piece)
{
	struct bq_hash c;
	struct bq_view part;
	uint8_t out[BQ_SHA256_SIZE];

	bq_hash_init(&c, TPM_ALG_SHA256);
	while (bq_rd_take(&v, piece, &part) == 0 && part.n != 0)
		bq_hash_add(&c, part);
	bq_hash_add(&c, v);
	bq_hash_end(&c, out);
	return tight_copy(bq_view_of(out, sizeof(out)));
}

/* NIST's examples for FIPS 180-4 */
START_TEST(sha256_examples)
{
	static const struct {
		const char *text, *digest;
	} examples[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
		{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		 "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		 "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
	};

	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		ck_assert_view_eq(sha256(bq_view_str(examples[i].text), 64),
				  from_hex(examples[i].digest));
}
END_TEST

START_TEST(sha256_of_a_million)
{
	static uint8_t a[1000000];

	memset(a, 'a', sizeof(a));
	ck_assert_view_eq(
		sha256(bq_view_of(a, sizeof(a)), 1000),
		from_hex("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
}
END_TEST

START_TEST(sha256_as_openssl)
{
	uint8_t bytes[300], expected[BQ_SHA256_SIZE];
	unsigned len;

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 101 + 3);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		struct bq_view in = tight_copy(bq_view_of(bytes, n));

		ck_assert_int_eq(EVP_Digest(in.p, n, expected, &len, EVP_sha256(), NULL), 1);
		ck_assert_uint_eq(len, BQ_SHA256_SIZE);
		for (size_t piece = 1; piece <= 129; piece += 16)
			ck_assert_view_eq(sha256(in, piece), bq_view_of(expected, len));
	}
}
END_TEST

/* The length of a message is 64 bits at the end of the last block. Too long a
 * message to hash is one whose count says so: its last block, written down by
 * hand, must lead to the same state. */
START_TEST(sha256_counts_past_32_bits)
{
	static const uint64_t counts[] = {UINT64_C(1) << 29, UINT64_C(1) << 32,
					  (UINT64_C(1) << 61) - 64, UINT64_C(0x0123456789ABCDC0)};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct bq_hash c, d;
		uint8_t out[BQ_SHA256_SIZE], block[64], state[BQ_SHA256_SIZE];
		struct bq_wr w;

		bq_hash_init(&c, TPM_ALG_SHA256);
		c.bytes = counts[i];
		bq_hash_end(&c, out);

		bq_wr_init(&w, block, sizeof(block));
		bq_wr_u8(&w, 0x80);
		bq_wr_zeros(&w, 55);
		bq_wr_be64(&w, counts[i] * 8);
		bq_hash_init(&d, TPM_ALG_SHA256);
		bq_hash_add(&d, bq_view_of(block, sizeof(block)));
		bq_wr_init(&w, state, sizeof(state));
		for (unsigned k = 0; k < 8; k++)
			bq_wr_be32(&w, d.h.w32[k]);
		ck_assert_int_eq(w.err, 0);
		ck_assert_mem_eq(out, state, sizeof(out));
	}
}
END_TEST

/* Every bank's hash, all lengths around its blocks, in one piece and in several. */
START_TEST(hashes_as_openssl)
{
	static const uint16_t algs[] = {TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384,
					TPM_ALG_SHA512};
	const EVP_MD *md = EVP_get_digestbyname(bq_alg_name(algs[_i]));
	uint8_t bytes[300], expected[BQ_DIGEST_MAX], out[BQ_DIGEST_MAX];
	unsigned len;

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		struct bq_view in = bq_view_of(bytes, n), head;
		struct bq_hash c;

		ck_assert_int_eq(EVP_Digest(bytes, n, expected, &len, md, NULL), 1);
		ck_assert_uint_eq(len, bq_alg_size(algs[_i]));
		ck_assert_int_eq(bq_hash_init(&c, algs[_i]), 0);
		ck_assert_int_eq(bq_rd_take(&in, n / 3, &head), 0);
		bq_hash_add(&c, head);
		bq_hash_add(&c, in);
		bq_hash_end(&c, out);
		ck_assert_mem_eq(out, expected, len);
	}
}
END_TEST

START_TEST(extending_hashes_both)
{
	uint8_t both[64] = {0}, pcr[32] = {0}, expected[32];
	struct bq_view head = bq_view_of(pcr, 32), tail = bq_view_of(both + 32, 32);
	unsigned len;

	memset(pcr, 0x11, sizeof(pcr));
	memset(both, 0x11, 32);
	memset(both + 32, 0x22, 32);
	ck_assert_int_eq(EVP_Digest(both, 64, expected, &len, EVP_sha256(), NULL), 1);
	ck_assert_int_eq(bq_hash_of(TPM_ALG_SHA256, head, tail, pcr), 0);
	ck_assert_mem_eq(pcr, expected, 32);
	ck_assert_int_eq(bq_hash_of(TPM_ALG_SM3_256, head, tail, pcr), BQ_E_ARG);
}
END_TEST

Suite *suite_hash(void)
{
	Suite *s = suite_create("hash");
	TCase *tc = tcase_create("sha256");

	tcase_add_test(tc, sha256_examples);
	tcase_add_test(tc, sha256_of_a_million);
	tcase_add_test(tc, sha256_as_openssl);
	tcase_add_test(tc, sha256_counts_past_32_bits);
	tcase_add_loop_test(tc, hashes_as_openssl, 0, 4);
	tcase_add_test(tc, extending_hashes_both);
	suite_add_tcase(s, tc);
	return s;
}

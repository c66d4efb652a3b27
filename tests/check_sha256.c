#include "support.h"

#include <openssl/evp.h>

#include <string.h>

static struct bq_view sha256(struct bq_view v, size_t piece)
{
	struct bq_sha256 c;
	struct bq_view part;
	uint8_t out[BQ_SHA256_SIZE];

	bq_sha256_init(&c);
	while (bq_rd_take(&v, piece, &part) == 0 && part.n != 0)
		bq_sha256_add(&c, part);
	bq_sha256_add(&c, v);
	bq_sha256_end(&c, out);
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
		struct bq_sha256 c, d;
		uint8_t out[BQ_SHA256_SIZE], block[64], state[BQ_SHA256_SIZE];
		struct bq_wr w;

		bq_sha256_init(&c);
		c.bytes = counts[i];
		bq_sha256_end(&c, out);

		bq_wr_init(&w, block, sizeof(block));
		bq_wr_u8(&w, 0x80);
		bq_wr_zeros(&w, 55);
		bq_wr_be64(&w, counts[i] * 8);
		bq_sha256_init(&d);
		bq_sha256_add(&d, bq_view_of(block, sizeof(block)));
		bq_wr_init(&w, state, sizeof(state));
		for (unsigned k = 0; k < 8; k++)
			bq_wr_be32(&w, d.h[k]);
		ck_assert_int_eq(w.err, 0);
		ck_assert_mem_eq(out, state, sizeof(out));
	}
}
END_TEST

Suite *suite_sha256(void)
{
	Suite *s = suite_create("sha256");
	TCase *tc = tcase_create("sha256");

	tcase_add_test(tc, sha256_examples);
	tcase_add_test(tc, sha256_of_a_million);
	tcase_add_test(tc, sha256_as_openssl);
	tcase_add_test(tc, sha256_counts_past_32_bits);
	suite_add_tcase(s, tc);
	return s;
}

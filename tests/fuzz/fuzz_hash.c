/* The hashes beside OpenSSL's, over the input in two pieces. */
#include <openssl/evp.h>

#include "fuzz.h"

static void hash(uint16_t alg, struct bq_view head, struct bq_view tail)
{
	const EVP_MD *md = EVP_get_digestbyname(bq_alg_name(alg));
	uint8_t ours[EVP_MAX_MD_SIZE], theirs[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct bq_hash c;

	if (alg == TPM_ALG_SHA256)
		bq_sha256_init(&c);
	else
		must(bq_hash_init(&c, alg) == 0);
	must(md != NULL && ctx != NULL);
	bq_hash_add(&c, head);
	bq_hash_add(&c, tail);
	bq_hash_end(&c, ours);
	must(EVP_DigestInit_ex(ctx, md, NULL) == 1);
	must(EVP_DigestUpdate(ctx, head.p, head.n) == 1);
	must(EVP_DigestUpdate(ctx, tail.p, tail.n) == 1);
	must(EVP_DigestFinal_ex(ctx, theirs, NULL) == 1);
	must(bq_view_eq(bq_view_of(ours, bq_alg_size(alg)), bq_view_of(theirs, bq_alg_size(alg))));
	EVP_MD_CTX_free(ctx);
}

/* A PCR is its value so far, and then what extends it. */
static void extend(uint16_t alg, struct bq_view value)
{
	uint8_t pcr[BQ_DIGEST_MAX] = {0}, want[BQ_DIGEST_MAX];
	struct bq_hash c;

	must(bq_hash_init(&c, alg) == 0);
	bq_hash_add(&c, bq_view_of(pcr, bq_alg_size(alg)));
	bq_hash_add(&c, value);
	bq_hash_end(&c, want);
	must(bq_hash_of(alg, bq_view_of(pcr, bq_alg_size(alg)), value, pcr) == 0);
	must(bq_view_eq(bq_view_of(pcr, bq_alg_size(alg)), bq_view_of(want, bq_alg_size(alg))));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint16_t algs[] = {TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384,
					TPM_ALG_SHA512};
	struct bq_view in = bq_view_of(p, n), head;
	uint16_t other = fuzz_u16(&in);
	struct bq_hash c;

	head = fuzz_take(&in, fuzz_u8(&in));
	for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++) {
		hash(algs[i], head, in);
		extend(algs[i], head);
	}
	must(bq_hash_init(&c, other) == 0 || bq_hash_of(other, head, in, NULL) == BQ_E_ARG);
	return 0;
}

/* Blocks, padding and digests, the same for every hash of FIPS 180-4 (5.1, 5.2). */
#include <barequote/hash.h>

#include <string.h>

#include <barequote/pcr.h>

#include "hash.h"

/* Initial values, section 5.3 */
static const uint32_t start_sha1[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
static const uint64_t start_sha384[8] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
					 0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
					 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};
static const uint64_t start_sha512[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
					 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
					 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/* SHA-384 and SHA-512 have 64-bit words and blocks of 128 bytes. */
static bool is_wide(uint16_t alg)
{
	return alg == TPM_ALG_SHA384 || alg == TPM_ALG_SHA512;
}

static size_t block_size(const struct bq_hash *c)
{
	return is_wide(c->alg) ? 128 : 64;
}

int bq_hash_init(struct bq_hash *c, uint16_t alg)
{
	*c = (struct bq_hash){.alg = alg};
	if (alg == TPM_ALG_SHA1)
		memcpy(c->h.w32, start_sha1, sizeof(start_sha1));
	else if (alg == TPM_ALG_SHA256) /* the upper halves, section 5.3.3 */
		for (unsigned i = 0; i < 8; i++)
			c->h.w32[i] = (uint32_t)(start_sha512[i] >> 32);
	else if (alg == TPM_ALG_SHA384)
		memcpy(c->h.w64, start_sha384, sizeof(start_sha384));
	else if (alg == TPM_ALG_SHA512)
		memcpy(c->h.w64, start_sha512, sizeof(start_sha512));
	else
		return BQ_E_ARG;
	return 0;
}

static void compress(struct bq_hash *c)
{
	if (is_wide(c->alg))
		bq_sha512_block(c->h.w64, c->block);
	else if (c->alg == TPM_ALG_SHA256)
		bq_sha256_block(c->h.w32, c->block);
	else
		bq_sha1_block(c->h.w32, c->block);
}

void bq_hash_add(struct bq_hash *c, struct bq_view v)
{
	size_t size = block_size(c);

	for (size_t i = 0; i < v.n; i++) {
		c->block[c->bytes++ % size] = v.p[i];
		if (c->bytes % size == 0)
			compress(c);
	}
}

/* The length in bits ends the last block, in 8 bytes or 16, of which the first
 * 8 are always zero here. */
static void pad(struct bq_hash *c)
{
	uint64_t start = c->bytes, bits = start * 8;
	size_t size = block_size(c);
	uint8_t byte = 0x80;

	do {
		bq_hash_add(c, bq_view_of(&byte, 1));
		byte = 0;
	} while (c->bytes % size != size - 8 || (is_wide(c->alg) && c->bytes - start < 1 + 8));
	for (unsigned i = 0; i < 8; i++) {
		byte = (uint8_t)(bits >> (56 - 8 * i));
		bq_hash_add(c, bq_view_of(&byte, 1));
	}
}

void bq_hash_end(struct bq_hash *c, uint8_t *out)
{
	size_t word = is_wide(c->alg) ? 8 : 4;

	pad(c);
	for (size_t i = 0; i < bq_alg_size(c->alg); i++) {
		uint64_t w = is_wide(c->alg) ? c->h.w64[i / word] : c->h.w32[i / word];

		out[i] = (uint8_t)(w >> (8 * (word - 1 - i % word)));
	}
}

int bq_hash_extend(uint16_t alg, uint8_t *pcr, struct bq_view value)
{
	struct bq_hash c;
	int e;

	if ((e = bq_hash_init(&c, alg)) != 0)
		return e;
	bq_hash_add(&c, bq_view_of(pcr, bq_alg_size(alg)));
	bq_hash_add(&c, value);
	bq_hash_end(&c, pcr);
	return 0;
}

/* SHA-512 and SHA-384, FIPS 180-4, section 6.4.2. */
#include "hash.h"

#include <string.h>

#define WHOLE(upper, lower) UINT64_C(upper) << 32 | (lower),

static const uint64_t k512[80] = {BQ_SHA2_K(WHOLE) BQ_SHA512_K(WHOLE)};
static const uint64_t start512[8] = {BQ_SHA2_START(WHOLE)};
/* Section 5.3.4 */
static const uint64_t start384[8] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
				     0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
				     0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};

static uint64_t rotr(uint64_t x, unsigned n)
{
	return x >> n | x << (64 - n);
}

static void schedule(const uint8_t block[128], uint64_t w[80])
{
	for (unsigned t = 0; t < 16; t++) {
		w[t] = 0;
		for (unsigned i = 0; i < 8; i++)
			w[t] = w[t] << 8 | block[8 * t + i];
	}
	for (unsigned t = 16; t < 80; t++) {
		uint64_t s0 = rotr(w[t - 15], 1) ^ rotr(w[t - 15], 8) ^ w[t - 15] >> 7;
		uint64_t s1 = rotr(w[t - 2], 19) ^ rotr(w[t - 2], 61) ^ w[t - 2] >> 6;

		w[t] = w[t - 16] + s0 + w[t - 7] + s1;
	}
}

static void compress(struct bq_hash *c)
{
	uint64_t w[80], v[8], *h = c->h.w64;

	schedule(c->block, w);
	memcpy(v, h, sizeof(v));
	for (unsigned t = 0; t < 80; t++) {
		uint64_t s1 = rotr(v[4], 14) ^ rotr(v[4], 18) ^ rotr(v[4], 41);
		uint64_t ch = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint64_t t1 = v[7] + s1 + ch + k512[t] + w[t];
		uint64_t s0 = rotr(v[0], 28) ^ rotr(v[0], 34) ^ rotr(v[0], 39);
		uint64_t maj = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);

		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + s0 + maj;
	}
	for (unsigned i = 0; i < 8; i++)
		h[i] += v[i];
}

const struct bq_hash_kind bq_kind_sha384 = {compress, start384, true, 48};
const struct bq_hash_kind bq_kind_sha512 = {compress, start512, true, 64};

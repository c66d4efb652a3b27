/* Blocks, padding and digests, the same for every hash of FIPS 180-4 (5.1, 5.2). */
#include <barequote/hash.h>

#include <string.h>

#include <barequote/pcr.h>

#include "hash.h"

static void begin(struct bq_hash *c, const struct bq_hash_kind *kind)
{
	*c = (struct bq_hash){.kind = kind};
	memcpy(&c->h, kind->start, kind->wide ? sizeof(c->h.w64) : sizeof(c->h.w32));
}

void bq_sha256_init(struct bq_hash *c)
{
	begin(c, &bq_kind_sha256);
}

int bq_hash_init(struct bq_hash *c, uint16_t alg)
{
	if (alg == TPM_ALG_SHA1)
		begin(c, &bq_kind_sha1);
	else if (alg == TPM_ALG_SHA256)
		begin(c, &bq_kind_sha256);
	else if (alg == TPM_ALG_SHA384)
		begin(c, &bq_kind_sha384);
	else if (alg == TPM_ALG_SHA512)
		begin(c, &bq_kind_sha512);
	else
		return BQ_E_ARG;
	return 0;
}

static size_t block_size(const struct bq_hash *c)
{
	return c->kind->wide ? 128 : 64;
}

void bq_hash_add(struct bq_hash *c, struct bq_view v)
{
	size_t size = block_size(c);

	for (size_t i = 0; i < v.n; i++) {
		c->block[c->bytes++ % size] = v.p[i];
		if (c->bytes % size == 0)
			c->kind->compress(c);
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
	} while (c->bytes % size != size - 8 || (c->kind->wide && c->bytes - start < 1 + 8));
	for (unsigned i = 0; i < 8; i++) {
		byte = (uint8_t)(bits >> (56 - 8 * i));
		bq_hash_add(c, bq_view_of(&byte, 1));
	}
}

void bq_hash_end(struct bq_hash *c, uint8_t *out)
{
	size_t word = c->kind->wide ? 8 : 4;

	pad(c);
	for (size_t i = 0; i < c->kind->size; i++) {
		uint64_t w = c->kind->wide ? c->h.w64[i / word] : c->h.w32[i / word];

		out[i] = (uint8_t)(w >> (8 * (word - 1 - i % word)));
	}
}

int bq_hash_of(uint16_t alg, struct bq_view head, struct bq_view tail, uint8_t *out)
{
	struct bq_hash c;
	int e;

	if ((e = bq_hash_init(&c, alg)) != 0)
		return e;
	bq_hash_add(&c, head);
	bq_hash_add(&c, tail);
	bq_hash_end(&c, out);
	return 0;
}

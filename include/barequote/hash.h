/* The hashes of PCR banks, FIPS 180-4: SHA-1, SHA-256, SHA-384, SHA-512. For the
 * attester, which has no OpenSSL; the verifier uses OpenSSL's. */
#ifndef BAREQUOTE_HASH_H
#define BAREQUOTE_HASH_H

#include <barequote/bytes.h>

#define BQ_SHA256_SIZE    32
#define BQ_HASH_BLOCK_MAX 128

struct bq_hash_kind;

struct bq_hash {
	const struct bq_hash_kind *kind;
	uint64_t bytes; /* so far */
	uint8_t block[BQ_HASH_BLOCK_MAX];
	union {
		uint32_t w32[8];
		uint64_t w64[8];
	} h;
};

/* alg is a TPM_ALG_SHA*: BQ_E_ARG where it is no hash that we have. */
int bq_hash_init(struct bq_hash *c, uint16_t alg);
/* The same with SHA-256; a static program then has no other hash in it. */
void bq_sha256_init(struct bq_hash *c);
void bq_hash_add(struct bq_hash *c, struct bq_view v);
/* bq_alg_size() bytes. */
void bq_hash_end(struct bq_hash *c, uint8_t *out);

/* out = H_alg(head || tail), bq_alg_size() bytes; out may be where head is, as in
 * extending a PCR. BQ_E_ARG: it has no such hash; any other error code: it failed. */
typedef int bq_hash_fn(uint16_t alg, struct bq_view head, struct bq_view tail, uint8_t *out);

/* The one of the hashes above. */
int bq_hash_of(uint16_t alg, struct bq_view head, struct bq_view tail, uint8_t *out);

#endif

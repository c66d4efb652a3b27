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

/* pcr = H(pcr || value): a bq_extend_fn, see eventlog.h. */
int bq_hash_extend(uint16_t alg, uint8_t *pcr, struct bq_view value);

#endif

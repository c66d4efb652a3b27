/* Quotes as a TPM makes them, of whatever is asked: for suites, and for fuzz targets,
 * which have no Check. */
#ifndef QUOTED_H
#define QUOTED_H

#include <barequote/attest.h>

#include <openssl/evp.h>

/* What varies of a TPMS_ATTEST. */
struct quoted {
	uint32_t magic; /* TPM_GENERATED_VALUE */
	uint16_t type;  /* TPM_ST_ATTEST_QUOTE */
	struct bq_view nonce;
	struct bq_pcr_list pcrs;
	struct bq_view digest;
	size_t trailing; /* zeros after it */
};

void quoted_write(struct bq_wr *w, const struct quoted *q);
/* RSASSA over OpenSSL's hash of that name. Bytes in out, 0 where OpenSSL fails. */
size_t quoted_sign(EVP_PKEY *key, const char *hash, struct bq_view msg, uint8_t out[512]);

#endif

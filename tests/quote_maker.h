/* Quotes on their own, by keys of every kind, from parts that a test may change before
 * they are made. */
#ifndef QUOTE_MAKER_H
#define QUOTE_MAKER_H

#include "support.h"

#include <openssl/evp.h>

#define QUOTE_NONCE VIEW("once")

enum quote_kind {
	QUOTE_RSASSA,
	QUOTE_RSAPSS,
	QUOTE_P256,
	QUOTE_P384,
	QUOTE_KINDS,
};

struct quote_maker {
	EVP_PKEY *key, *signer; /* signer NULL: key */
	int padding;            /* of RSA */
	const char *hash;
	uint16_t hash_alg;
	uint32_t magic;
	uint16_t type;
	struct bq_pcr_list signed_sel, sel;
	struct bq_pcr_values pcrs;
	size_t trailing;
	struct bq_checkquote q;
};

/* For an unchecked fixture, whose end quote_keys_free() is. */
extern EVP_PKEY *quote_key[QUOTE_KINDS], *quote_other_rsa, *quote_p521;
void quote_keys(void);
void quote_keys_free(void);

/* What is accepted. */
void quote_begin(struct quote_maker *m, enum quote_kind kind);
/* Makes m->q, its signature as a TPM's. */
void quote_make(struct quote_maker *m);
/* That signature without what the TPM puts around it. */
struct bq_view quote_plain_sig(const struct quote_maker *m);
struct bq_view quote_key_pem(EVP_PKEY *key);

#endif

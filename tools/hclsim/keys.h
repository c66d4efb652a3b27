/* The simulator's own private keys, kept as PEM files from one start to the
 * next. Whoever has the directory can sign anything with them: they are worth
 * nothing outside tests. */
#ifndef HCLSIM_KEYS_H
#define HCLSIM_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/bio.h>
#include <openssl/evp.h>

struct sim_keys {
	EVP_PKEY *ark, *ask, *asvk; /* RSA-4096, as AMD's */
	EVP_PKEY *vcek, *vlek;      /* P-384 */
	EVP_PKEY *ak_ca;            /* P-384: signs the certificate of the TPM's AK */
};

/* Reads ark.key.pem and its siblings in dir, which must exist, and makes those
 * that are missing: an RSA key takes seconds. k must be zero before the first
 * use; after a failure it still has to be freed. */
bool sim_keys_open(struct sim_keys *k, const char *dir);
void sim_keys_free(struct sim_keys *k);

/* A memory BIO's contents as a file of dir. */
bool sim_bio_write(const char *dir, const char *name, BIO *b, unsigned mode);

#endif

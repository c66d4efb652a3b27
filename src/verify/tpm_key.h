/* Keys of TPMs as files, and what they sign. */
#ifndef VERIFY_TPM_KEY_H
#define VERIFY_TPM_KEY_H

#include <barequote/attest.h>
#include <barequote/evidence.h>

#include <openssl/evp.h>

/* PEM, TPM2B_PUBLIC or TPMT_PUBLIC. NULL where it is none of them, or no RSA,
 * P-256 or P-384 key. */
EVP_PKEY *bq_tpm_key(struct bq_view file);

/* TPMT_SIGNATURE or plain, with that hash. The scheme of a plain one is any that
 * the key can have; hash receives the one that was used. NULL where it verifies,
 * else words for people. */
const char *bq_tpm_signature_problem(EVP_PKEY *key, struct bq_view sig, struct bq_view msg,
				     uint16_t *hash);

#endif

/* Keys and signatures, over OpenSSL's EVP. Functions named _problem return
 * NULL where all is well, else words for people. */
#ifndef VERIFY_CRYPTO_H
#define VERIFY_CRYPTO_H

#include <barequote/hash.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#define BQ_SHA256_BYTES 32

bool bq_sha256_of(struct bq_view v, uint8_t out[BQ_SHA256_BYTES]);
/* A bank's hash, to be freed; NULL where OpenSSL has none. */
EVP_MD *bq_md_of(uint16_t alg);
/* A bq_hash_fn. BQ_E_NO_MEMORY where OpenSSL has the hash and fails. */
int bq_evp_hash(uint16_t alg, struct bq_view head, struct bq_view tail, uint8_t *out);
/* SHA-256 of the SubjectPublicKeyInfo. */
bool bq_key_sha256(EVP_PKEY *key, uint8_t out[BQ_SHA256_BYTES]);

/* NULL where OpenSSL refuses. */
EVP_PKEY *bq_rsa_key(struct bq_view n, uint32_t e);
/* RSA of that many bits at least, with exponent 65537. */
bool bq_rsa_key_fits(EVP_PKEY *key, int bits);
bool bq_key_is_p384(EVP_PKEY *key);

/* The only way AMD signs: RSASSA-PSS, SHA-384, MGF1 with SHA-384, salt 48. */
const char *bq_cert_sig_problem(X509 *x, EVP_PKEY *key);
const char *bq_crl_sig_problem(X509_CRL *crl, EVP_PKEY *key);

/* padding: of OpenSSL, 0 where the key is not RSA. PSS with salt of any length. */
bool bq_signed(EVP_PKEY *key, const char *hash, int padding, struct bq_view sig,
	       struct bq_view msg);
/* r and s little-endian, 48 bytes each. */
bool bq_ecdsa_p384_sha384(EVP_PKEY *key, struct bq_view r, struct bq_view s, struct bq_view msg);
/* PKCS #1 v1.5. */
bool bq_rsassa_sha256(EVP_PKEY *key, struct bq_view sig, struct bq_view msg);

#endif

#include "tpm_key.h"

#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "crypto.h"

#define SPKI_MAX 1200 /* RSA-8192 and then some */
#define SIG_MAX  1100

static EVP_PKEY *from_spki(struct bq_view der)
{
	const unsigned char *at = der.p;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der.n);

	if (key != NULL && (size_t)(at - der.p) != der.n) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

static EVP_PKEY *from_public(const struct bq_public *pub)
{
	uint8_t der[SPKI_MAX];
	struct bq_view v;
	struct bq_wr w;

	bq_wr_init(&w, der, sizeof(der));
	if (bq_public_spki(pub, &w) != 0 || bq_wr_end(&w, &v) != 0)
		return NULL;
	return from_spki(v);
}

static EVP_PKEY *from_pem(struct bq_view file)
{
	uint8_t der[SPKI_MAX];
	size_t n;

	if (bq_pem_next(&file, "PUBLIC KEY", der, sizeof(der), &n) != 0)
		return NULL;
	return from_spki(bq_view_of(der, n));
}

/* Of the curves a TPM has, those that we know how to judge. */
static bool is_usable(EVP_PKEY *key)
{
	char group[32];
	size_t n;

	if (EVP_PKEY_is_a(key, "RSA") == 1)
		return true;
	return EVP_PKEY_is_a(key, "EC") == 1 &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), &n) == 1 &&
	       (strcmp(group, "prime256v1") == 0 || strcmp(group, "secp384r1") == 0);
}

EVP_PKEY *bq_tpm_key(struct bq_view file)
{
	struct bq_public pub;
	EVP_PKEY *key;

	if (bq_public_parse_2b(file, &pub) == 0 || bq_public_parse(file, &pub) == 0)
		key = from_public(&pub);
	else
		key = from_pem(file);
	if (key != NULL && !is_usable(key)) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

/* What tpm2_quote -f plain writes does not say how it was made. */
static bool plain_verifies(EVP_PKEY *key, const char *hash, struct bq_view sig, struct bq_view msg)
{
	if (EVP_PKEY_is_a(key, "RSA") != 1)
		return bq_signed(key, hash, 0, sig, msg);
	return bq_signed(key, hash, RSA_PKCS1_PADDING, sig, msg) ||
	       bq_signed(key, hash, RSA_PKCS1_PSS_PADDING, sig, msg);
}

static const char *tss_problem(EVP_PKEY *key, const struct bq_signature *sig, struct bq_view msg)
{
	const char *hash = bq_alg_name(sig->hash);
	bool rsa = sig->alg != TPM_ALG_ECDSA;
	uint8_t der[SIG_MAX];
	struct bq_view plain;
	struct bq_wr w;
	int padding = 0;

	if (rsa != (EVP_PKEY_is_a(key, "RSA") == 1))
		return "is not of the key's kind";
	bq_wr_init(&w, der, sizeof(der));
	if (bq_signature_plain(sig, &w) != 0 || bq_wr_end(&w, &plain) != 0)
		return "has numbers that no signature has";
	if (rsa)
		padding = sig->alg == TPM_ALG_RSASSA ? RSA_PKCS1_PADDING : RSA_PKCS1_PSS_PADDING;
	return bq_signed(key, hash, padding, plain, msg) ? NULL : "does not verify with the key";
}

const char *bq_tpm_signature_problem(EVP_PKEY *key, struct bq_view sig, struct bq_view msg,
				     uint16_t *hash)
{
	struct bq_signature tss;

	if (bq_signature_parse(sig, &tss) == 0) {
		*hash = tss.hash;
		return tss_problem(key, &tss, msg);
	}
	if (bq_alg_size(*hash) == 0)
		return "has no known hash";
	return plain_verifies(key, bq_alg_name(*hash), sig, msg) ? NULL
								 : "does not verify with the key";
}

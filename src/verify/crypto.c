/* Keys and signatures. */
#include "crypto.h"

#include <barequote/pcr.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

#define PSS_SALT     48
#define PSS_TRAILER  1
#define RSA_EXPONENT 65537

bool bq_sha256_of(struct bq_view v, uint8_t out[BQ_SHA256_BYTES])
{
	size_t n = 0;

	return EVP_Q_digest(NULL, "SHA256", NULL, v.p, v.n, out, &n) == 1 && n == BQ_SHA256_BYTES;
}

EVP_MD *bq_md_of(uint16_t alg)
{
	const char *name = bq_alg_size(alg) == 0 ? NULL : bq_alg_name(alg);

	if (alg == TPM_ALG_SM3_256)
		name = "SM3";
	return name == NULL ? NULL : EVP_MD_fetch(NULL, name, NULL);
}

int bq_evp_hash(uint16_t alg, struct bq_view head, struct bq_view tail, uint8_t *out)
{
	EVP_MD *md = bq_md_of(alg);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = md != NULL && ctx != NULL && EVP_DigestInit_ex2(ctx, md, NULL) == 1 &&
		  EVP_DigestUpdate(ctx, head.p, head.n) == 1 &&
		  EVP_DigestUpdate(ctx, tail.p, tail.n) == 1 &&
		  EVP_DigestFinal_ex(ctx, out, NULL) == 1;
	int e = ok ? 0 : md == NULL ? BQ_E_ARG : BQ_E_NO_MEMORY;

	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return e;
}

bool bq_key_sha256(EVP_PKEY *key, uint8_t out[BQ_SHA256_BYTES])
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	bool ok = n > 0 && bq_sha256_of(bq_view_of(der, (size_t)n), out);

	OPENSSL_free(der);
	return ok;
}

EVP_PKEY *bq_rsa_key(struct bq_view n, uint32_t e)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *bn = n.n <= INT32_MAX ? BN_bin2bn(n.p, (int)n.n, NULL) : NULL;
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (build == NULL || ctx == NULL || bn == NULL)
		goto out;
	if (OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, bn) != 1 ||
	    OSSL_PARAM_BLD_push_uint32(build, OSSL_PKEY_PARAM_RSA_E, e) != 1)
		goto out;
	params = OSSL_PARAM_BLD_to_param(build);
	if (params == NULL || EVP_PKEY_fromdata_init(ctx) != 1)
		goto out;
	if (EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
out:
	OSSL_PARAM_free(params);
	BN_free(bn);
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_BLD_free(build);
	return key;
}

bool bq_rsa_key_fits(EVP_PKEY *key, int bits)
{
	BIGNUM *e = NULL;
	bool ok = key != NULL && EVP_PKEY_is_a(key, "RSA") == 1 && EVP_PKEY_get_bits(key) >= bits &&
		  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
		  BN_is_word(e, RSA_EXPONENT) == 1;

	BN_free(e);
	return ok;
}

bool bq_key_is_p384(EVP_PKEY *key)
{
	char group[32];
	int explicit_params = 0;
	size_t n;

	if (key == NULL || EVP_PKEY_is_a(key, "EC") != 1 ||
	    EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
				   &explicit_params) != 1 ||
	    explicit_params != 0)
		return false;
	return EVP_PKEY_get_group_name(key, group, sizeof(group), &n) == 1 &&
	       strcmp(group, "secp384r1") == 0;
}

/* AlgorithmIdentifier of a hash: its parameters are absent or NULL (RFC 4055, 2.1). */
static bool is_sha384(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid;
	int type;

	if (alg == NULL)
		return false;
	X509_ALGOR_get0(&oid, &type, NULL, alg);
	return OBJ_obj2nid(oid) == NID_sha384 && (type == V_ASN1_UNDEF || type == V_ASN1_NULL);
}

static bool is_mgf1_sha384(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid;
	X509_ALGOR *hash;
	bool ok;

	if (alg == NULL)
		return false;
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	if (OBJ_obj2nid(oid) != NID_mgf1)
		return false;
	hash = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(X509_ALGOR), alg->parameter);
	ok = is_sha384(hash);
	X509_ALGOR_free(hash);
	return ok;
}

/* RSASSA-PSS-params, RFC 4055, 3.1. What is absent has a default that is not ours,
 * but for the trailer. */
static bool pss_params_fit(const RSA_PSS_PARAMS *p)
{
	return is_sha384(p->hashAlgorithm) && is_mgf1_sha384(p->maskGenAlgorithm) &&
	       p->saltLength != NULL && ASN1_INTEGER_get(p->saltLength) == PSS_SALT &&
	       (p->trailerField == NULL || ASN1_INTEGER_get(p->trailerField) == PSS_TRAILER);
}

static bool is_pss_sha384(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid;
	RSA_PSS_PARAMS *p;
	bool ok;

	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	if (OBJ_obj2nid(oid) != NID_rsassaPss)
		return false;
	p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), alg->parameter);
	ok = p != NULL && pss_params_fit(p);
	RSA_PSS_PARAMS_free(p);
	return ok;
}

static const char *const not_pss =
	"is not signed with RSASSA-PSS, SHA-384, MGF1 with SHA-384 and a salt of 48";
static const char *const not_verified = "has a signature that does not verify";

/* X509_verify() and X509_CRL_verify() also demand that the inner algorithm is the outer one. */
const char *bq_cert_sig_problem(X509 *x, EVP_PKEY *key)
{
	const X509_ALGOR *alg = NULL;

	X509_get0_signature(NULL, &alg, x);
	if (alg == NULL || !is_pss_sha384(alg))
		return not_pss;
	return key != NULL && X509_verify(x, key) == 1 ? NULL : not_verified;
}

const char *bq_crl_sig_problem(X509_CRL *crl, EVP_PKEY *key)
{
	const X509_ALGOR *alg = NULL;

	X509_CRL_get0_signature(crl, NULL, &alg);
	if (alg == NULL || !is_pss_sha384(alg))
		return not_pss;
	return key != NULL && X509_CRL_verify(crl, key) == 1 ? NULL : not_verified;
}

bool bq_signed(EVP_PKEY *key, const char *hash, int padding, struct bq_view sig, struct bq_view msg)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *key_ctx; /* belongs to ctx */
	bool ok = false;

	if (ctx == NULL || key == NULL)
		goto out;
	if (EVP_DigestVerifyInit_ex(ctx, &key_ctx, hash, NULL, NULL, key, NULL) != 1)
		goto out;
	if (padding != 0 && EVP_PKEY_CTX_set_rsa_padding(key_ctx, padding) != 1)
		goto out;
	if (padding == RSA_PKCS1_PSS_PADDING &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(key_ctx, RSA_PSS_SALTLEN_AUTO) != 1)
		goto out;
	ok = EVP_DigestVerify(ctx, sig.p, sig.n, msg.p, msg.n) == 1;
out:
	EVP_MD_CTX_free(ctx);
	return ok;
}

bool bq_rsassa_sha256(EVP_PKEY *key, struct bq_view sig, struct bq_view msg)
{
	return bq_signed(key, "SHA256", RSA_PKCS1_PADDING, sig, msg);
}

bool bq_ecdsa_p384_sha384(EVP_PKEY *key, struct bq_view r, struct bq_view s, struct bq_view msg)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *bn_r = BN_lebin2bn(r.p, (int)r.n, NULL);
	BIGNUM *bn_s = BN_lebin2bn(s.p, (int)s.n, NULL);
	unsigned char *der = NULL;
	bool ok = false;
	int n;

	/* ECDSA_SIG_set0() takes both numbers, or neither. */
	if (sig == NULL || bn_r == NULL || bn_s == NULL || ECDSA_SIG_set0(sig, bn_r, bn_s) != 1) {
		BN_free(bn_r);
		BN_free(bn_s);
		goto out;
	}
	n = i2d_ECDSA_SIG(sig, &der);
	ok = n > 0 && bq_signed(key, "SHA384", 0, bq_view_of(der, (size_t)n), msg);
out:
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	return ok;
}

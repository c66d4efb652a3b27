#include "cert.h"

#include <openssl/rsa.h>
#include <openssl/x509v3.h>

const struct sim_signing sim_amd_signing = {.digest = "SHA384", .salt = 48};

bool sim_sign_setup(EVP_MD_CTX *ctx, EVP_PKEY *key, const struct sim_signing *s)
{
	EVP_PKEY_CTX *p;

	if (EVP_DigestSignInit_ex(ctx, &p, s->digest, NULL, NULL, key, NULL) != 1)
		return false;
	if (s->pkcs1 || !EVP_PKEY_is_a(key, "RSA"))
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(p, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md_name(p, s->mgf1 == NULL ? s->digest : s->mgf1, NULL) ==
		       1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(p, s->salt) == 1;
}

static bool name_add(X509_NAME *n, const char *field, const char *value)
{
	return X509_NAME_add_entry_by_txt(n, field, MBSTRING_ASC, (const unsigned char *)value, -1,
					  -1, 0) == 1;
}

static X509_NAME *name_make(const char *cn, bool plain)
{
	static const char *const amd[][2] = {
		{"OU", "Engineering"},           {"C", "US"}, {"L", "Santa Clara"}, {"ST", "CA"},
		{"O", "Advanced Micro Devices"},
	};
	X509_NAME *n = X509_NAME_new();
	bool ok = n != NULL;

	for (size_t i = 0; ok && !plain && i < sizeof(amd) / sizeof(amd[0]); i++)
		ok = name_add(n, amd[i][0], amd[i][1]);
	if (ok && name_add(n, "CN", cn))
		return n;
	X509_NAME_free(n);
	return NULL;
}

X509_NAME *sim_amd_name(const char *cn)
{
	return name_make(cn, false);
}

X509 *sim_cert_begin(const struct sim_cert_head *h, const X509 *issuer, EVP_PKEY *key)
{
	X509_NAME *subject = name_make(h->cn, h->plain);
	X509 *x = X509_new();
	bool ok = subject != NULL && x != NULL && X509_set_version(x, X509_VERSION_3) == 1 &&
		  ASN1_INTEGER_set_int64(X509_get_serialNumber(x), h->serial) == 1 &&
		  X509_set_subject_name(x, subject) == 1 &&
		  X509_set_issuer_name(x, issuer == NULL ? subject
							 : X509_get_subject_name(issuer)) == 1 &&
		  ASN1_TIME_set(X509_getm_notBefore(x), (time_t)h->not_before) != NULL &&
		  ASN1_TIME_set(X509_getm_notAfter(x), (time_t)h->not_after) != NULL &&
		  X509_set_pubkey(x, key) == 1;

	X509_NAME_free(subject);
	if (ok)
		return x;
	X509_free(x);
	return NULL;
}

bool sim_cert_ext(X509 *x, const X509 *issuer, int nid, const char *value)
{
	/* X509V3_set_ctx() takes its certificates without const and only reads them. */
	X509 *from = issuer == NULL ? x : X509_dup(issuer);
	X509V3_CTX ctx;
	X509_EXTENSION *e;
	bool ok;

	if (from == NULL)
		return false;
	X509V3_set_ctx(&ctx, from, x, NULL, NULL, 0);
	e = X509V3_EXT_nconf_nid(NULL, &ctx, nid, value);
	ok = e != NULL && X509_add_ext(x, e, -1) == 1;
	X509_EXTENSION_free(e);
	if (issuer != NULL)
		X509_free(from);
	return ok;
}

X509 *sim_cert_end(X509 *x, bool ok, EVP_PKEY *issuer_key, const struct sim_signing *s)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	ok = ok && x != NULL && ctx != NULL && sim_sign_setup(ctx, issuer_key, s) &&
	     X509_sign_ctx(x, ctx) > 0;
	EVP_MD_CTX_free(ctx);
	if (ok)
		return x;
	X509_free(x);
	return NULL;
}

#include "cert.h"

#include <stdio.h>
#include <time.h>

#include <openssl/x509v3.h>

#define CA_NOT_BEFORE 1603299600 /* October 2020, when AMD's Milan authorities were made */

struct sim_ca sim_ca_like_amd(enum bq_product p, enum sim_ca_role role)
{
	static const struct {
		const char *prefix;
		int64_t number;
	} roles[] = {
		[SIM_ARK] = {"ARK-", 0},
		[SIM_ASK] = {"SEV-", 1},
		[SIM_ASVK] = {"SEV-VLEK-", 0x101},
	};
	struct sim_ca c = {
		.serial = (int64_t)p * 0x10000 + roles[role].number,
		.not_before = CA_NOT_BEFORE,
		.not_after = CA_NOT_BEFORE + 25 * SIM_YEAR,
		.ca = true,
		.crl_sign = role == SIM_ARK,
		.pathlen = role == SIM_ARK ? -1 : 0,
		.signing = sim_amd_signing,
	};

	snprintf(c.cn, sizeof(c.cn), "%s%s", roles[role].prefix, bq_product_name(p));
	return c;
}

static bool basic_constraints(X509 *x, bool ca, int pathlen)
{
	char text[48];

	if (pathlen >= 0)
		snprintf(text, sizeof(text), "critical,CA:%s,pathlen:%d", ca ? "TRUE" : "FALSE",
			 pathlen);
	else
		snprintf(text, sizeof(text), "critical,CA:%s", ca ? "TRUE" : "FALSE");
	return sim_cert_ext(x, NULL, NID_basic_constraints, text);
}

X509 *sim_ca_cert(const struct sim_ca *c, EVP_PKEY *key, const X509 *issuer, EVP_PKEY *issuer_key)
{
	struct sim_cert_head h = {c->cn, false, c->serial, c->not_before, c->not_after};
	X509 *x = sim_cert_begin(&h, issuer, key);
	bool ok = x != NULL &&
		  sim_cert_ext(x, NULL, NID_key_usage,
			       c->crl_sign ? "critical,keyCertSign,cRLSign"
					   : "critical,keyCertSign") &&
		  sim_cert_ext(x, NULL, NID_subject_key_identifier, "hash") &&
		  (issuer == NULL ||
		   sim_cert_ext(x, issuer, NID_authority_key_identifier, "keyid,issuer:always")) &&
		  basic_constraints(x, c->ca, c->pathlen);

	return sim_cert_end(x, ok, issuer_key, &c->signing);
}

static bool crl_add(X509_CRL *crl, int64_t serial, ASN1_TIME *when)
{
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_INTEGER *n = ASN1_INTEGER_new();
	bool ok = r != NULL && n != NULL && ASN1_INTEGER_set_int64(n, serial) == 1 &&
		  X509_REVOKED_set_serialNumber(r, n) == 1 &&
		  X509_REVOKED_set_revocationDate(r, when) == 1 &&
		  X509_CRL_add0_revoked(crl, r) == 1;

	ASN1_INTEGER_free(n);
	if (!ok)
		X509_REVOKED_free(r);
	return ok;
}

X509_CRL *sim_crl(const X509 *issuer, EVP_PKEY *issuer_key, const int64_t *serials, size_t n,
		  int64_t this_update, int64_t next_update)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)this_update),
		  *to = ASN1_TIME_set(NULL, (time_t)next_update);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = crl != NULL && from != NULL && to != NULL && ctx != NULL &&
		  X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
		  X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer)) == 1 &&
		  X509_CRL_set1_lastUpdate(crl, from) == 1 &&
		  X509_CRL_set1_nextUpdate(crl, to) == 1;

	for (size_t i = 0; ok && i < n; i++)
		ok = crl_add(crl, serials[i], from);
	ok = ok && sim_sign_setup(ctx, issuer_key, &sim_amd_signing) && X509_CRL_sort(crl) == 1 &&
	     X509_CRL_sign_ctx(crl, ctx) > 0;
	EVP_MD_CTX_free(ctx);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	if (ok)
		return crl;
	X509_CRL_free(crl);
	return NULL;
}

static X509 *role_cert(enum bq_product p, enum sim_ca_role role, EVP_PKEY *key, const X509 *issuer,
		       EVP_PKEY *issuer_key)
{
	struct sim_ca c = sim_ca_like_amd(p, role);

	return sim_ca_cert(&c, key, issuer, issuer_key);
}

bool sim_certs_mint(struct sim_certs *c, const struct sim_keys *k, enum bq_product p)
{
	struct sim_leaf vcek = sim_leaf_like_amd(p, false), vlek = sim_leaf_like_amd(p, true);

	*c = (struct sim_certs){0};
	vcek.hwid_n = sim_chip_id(p, k->vcek, vcek.hwid);
	c->ark = role_cert(p, SIM_ARK, k->ark, NULL, k->ark);
	if (c->ark != NULL) {
		c->ask = role_cert(p, SIM_ASK, k->ask, c->ark, k->ark);
		c->asvk = role_cert(p, SIM_ASVK, k->asvk, c->ark, k->ark);
	}
	if (c->ask != NULL)
		c->vcek = sim_leaf_cert(&vcek, k->vcek, c->ask, k->ask);
	if (c->asvk != NULL)
		c->vlek = sim_leaf_cert(&vlek, k->vlek, c->asvk, k->asvk);
	if (c->vcek != NULL && c->vlek != NULL)
		return true;
	sim_certs_free(c);
	return false;
}

void sim_certs_free(struct sim_certs *c)
{
	X509_free(c->ark);
	X509_free(c->ask);
	X509_free(c->asvk);
	X509_free(c->vcek);
	X509_free(c->vlek);
	*c = (struct sim_certs){0};
}

static const struct sim_signing ECDSA_SHA384 = {.digest = "SHA384"};

X509 *sim_ak_ca_cert(EVP_PKEY *key)
{
	struct sim_cert_head h = {"hclsim Virtual TPM CA", true, 1, CA_NOT_BEFORE,
				  CA_NOT_BEFORE + 25 * SIM_YEAR};
	X509 *x = sim_cert_begin(&h, NULL, key);
	bool ok = x != NULL && basic_constraints(x, true, -1) &&
		  sim_cert_ext(x, NULL, NID_key_usage, "critical,keyCertSign,cRLSign") &&
		  sim_cert_ext(x, NULL, NID_subject_key_identifier, "hash");

	return sim_cert_end(x, ok, key, &ECDSA_SHA384);
}

X509 *sim_ak_cert(EVP_PKEY *ak, const X509 *issuer, EVP_PKEY *issuer_key)
{
	int64_t from = (int64_t)time(NULL) - 86400;
	struct sim_cert_head h = {"hclsim virtual TPM", true, 2, from, from + SIM_YEAR};
	X509 *x = sim_cert_begin(&h, issuer, ak);
	bool ok = x != NULL && basic_constraints(x, false, -1) &&
		  sim_cert_ext(x, NULL, NID_key_usage, "critical,digitalSignature") &&
		  sim_cert_ext(x, issuer, NID_authority_key_identifier, "keyid:always");

	return sim_cert_end(x, ok, issuer_key, &ECDSA_SHA384);
}

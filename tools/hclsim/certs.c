#include "certs.h"

#include <string.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "io.h"

#define CERTS 5

struct slot {
	const char *name;
	X509 **cert;
	EVP_PKEY *key;
};

static void slots(struct slot s[CERTS], struct sim_certs *c, const struct sim_keys *k)
{
	s[0] = (struct slot){"ark.pem", &c->ark, k->ark};
	s[1] = (struct slot){"ask.pem", &c->ask, k->ask};
	s[2] = (struct slot){"asvk.pem", &c->asvk, k->asvk};
	s[3] = (struct slot){"vcek.pem", &c->vcek, k->vcek};
	s[4] = (struct slot){"vlek.pem", &c->vlek, k->vlek};
}

static X509 *cert_load(const char *dir, const char *name)
{
	char path[SIM_PATH_MAX];
	X509 *x = NULL;
	BIO *b;

	if (!sim_path(path, sizeof(path), dir, name))
		return NULL;
	b = BIO_new_file(path, "r");
	if (b != NULL)
		x = PEM_read_bio_X509(b, NULL, NULL, NULL);
	BIO_free(b);
	return x;
}

static bool load_all(struct slot s[CERTS], const char *dir)
{
	for (size_t i = 0; i < CERTS; i++) {
		*s[i].cert = cert_load(dir, s[i].name);
		if (*s[i].cert == NULL || X509_check_private_key(*s[i].cert, s[i].key) != 1 ||
		    X509_cmp_current_time(X509_get0_notAfter(*s[i].cert)) <= 0)
			return false;
	}
	return true;
}

static bool is_product(const struct sim_certs *c, enum bq_product p)
{
	char cn[64] = "";
	struct sim_ca want = sim_ca_like_amd(p, SIM_ARK);

	(void)X509_NAME_get_text_by_NID(X509_get_subject_name(c->ark), NID_commonName, cn,
					sizeof(cn));
	return strcmp(cn, want.cn) == 0;
}

bool sim_cert_write(const char *dir, const char *name, X509 *x)
{
	BIO *b = BIO_new(BIO_s_mem());
	bool ok = b != NULL && PEM_write_bio_X509(b, x) == 1 && sim_bio_write(dir, name, b, 0644);

	BIO_free(b);
	return ok;
}

static bool write_crl(const struct sim_certs *c, const struct sim_keys *k, const char *dir)
{
	int64_t now = (int64_t)time(NULL);
	X509_CRL *crl = sim_crl(c->ark, k->ark, NULL, 0, now - 86400, now + 365 * (int64_t)86400);
	BIO *b = BIO_new(BIO_s_mem());
	bool ok = crl != NULL && b != NULL && PEM_write_bio_X509_CRL(b, crl) == 1 &&
		  sim_bio_write(dir, "crl.pem", b, 0644);

	BIO_free(b);
	X509_CRL_free(crl);
	return ok;
}

bool sim_certs_open(struct sim_certs *c, const struct sim_keys *k, enum bq_product p,
		    const char *dir)
{
	struct slot s[CERTS];

	*c = (struct sim_certs){0};
	slots(s, c, k);
	if (load_all(s, dir) && is_product(c, p))
		return true;
	sim_certs_free(c);
	if (!sim_certs_mint(c, k, p))
		return false;
	for (size_t i = 0; i < CERTS; i++)
		if (!sim_cert_write(dir, s[i].name, *s[i].cert))
			return false;
	return write_crl(c, k, dir);
}

char *sim_pem(X509 *const *certs, size_t n)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *out = NULL, *p;
	bool ok = b != NULL;
	long size;

	for (size_t i = 0; ok && i < n; i++)
		ok = certs[i] == NULL || PEM_write_bio_X509(b, certs[i]) == 1;
	if (ok) {
		size = BIO_get_mem_data(b, &p);
		out = OPENSSL_strndup(p, (size_t)size);
	}
	BIO_free(b);
	return out;
}

EVP_PKEY *sim_rsa_public(struct bq_view n)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *bn = BN_bin2bn(n.p, (int)n.n, NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (bld != NULL && bn != NULL &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn) == 1 &&
	    OSSL_PARAM_BLD_push_uint(bld, OSSL_PKEY_PARAM_RSA_E, 65537) == 1)
		params = OSSL_PARAM_BLD_to_param(bld);
	if (params != NULL && ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
		(void)EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	BN_free(bn);
	return key;
}

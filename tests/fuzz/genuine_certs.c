/* Keys, certificates, lists of revocation, and the verifier that has the roots. */
#include "genuine.h"

#include <stdio.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "cert.h"

#define PRODUCTS 3

EVP_PKEY *genuine_key(unsigned k)
{
	static EVP_PKEY *keys[KEYS];

	if (keys[k] == NULL) {
		if (k == KEY_VCEK || k == KEY_VLEK || k == KEY_EVE_P384)
			keys[k] = EVP_EC_gen("P-384");
		else if (k == KEY_EVE_P256)
			keys[k] = EVP_EC_gen("P-256");
		else
			keys[k] = EVP_RSA_gen(2048); /* AMD's have 4096, and are slow to make */
		must(keys[k] != NULL);
	}
	return keys[k];
}

struct bq_view genuine_modulus(unsigned k)
{
	static uint8_t moduli[KEYS][256];
	BIGNUM *n = NULL;
	bool ok;

	if (EVP_PKEY_is_a(genuine_key(k), "RSA") != 1)
		return bq_view_of(NULL, 0);
	if (moduli[k][0] == 0) {
		ok = EVP_PKEY_get_bn_param(genuine_key(k), OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
		     BN_bn2binpad(n, moduli[k], sizeof(moduli[k])) == (int)sizeof(moduli[k]);
		BN_free(n);
		must(ok);
	}
	return bq_view_of(moduli[k], sizeof(moduli[k]));
}

static enum bq_product product_at(unsigned i)
{
	return (enum bq_product)(BQ_PRODUCT_MILAN + i % PRODUCTS);
}

enum bq_product genuine_ca_product(const struct genuine *g)
{
	return product_at(g->choice[C_CA_PRODUCT]);
}

static enum bq_product other_product(const struct genuine *g)
{
	return product_at(g->choice[C_CA_PRODUCT] + 1u);
}

/* Made once. */
static X509 *ark_of(enum bq_product p, bool eve)
{
	static X509 *made[2][PRODUCTS];
	X509 **x = &made[eve][p - BQ_PRODUCT_MILAN];
	EVP_PKEY *key = genuine_key(eve ? KEY_EVE_RSA : KEY_ARK);
	struct sim_ca c = sim_ca_like_amd(p, SIM_ARK);

	if (*x == NULL)
		*x = sim_ca_cert(&c, key, NULL, key);
	must(*x != NULL);
	return *x;
}

static struct sim_signing signing(uint8_t how)
{
	struct sim_signing s = sim_amd_signing;

	s.pkcs1 = how == SIGN_PKCS1;
	if (how == SIGN_SALT_32 || how == SIGN_SALT_0)
		s.salt = how == SIGN_SALT_32 ? 32 : 0;
	if (how == SIGN_SHA256)
		s.digest = "SHA256";
	if (how == SIGN_MGF1_SHA256)
		s.mgf1 = "SHA256";
	return s;
}

static void dates(uint8_t how, int64_t *from, int64_t *to)
{
	*from = how == DATES_FUTURE ? GENUINE_NOW + 1 : GENUINE_NOW - SIM_YEAR;
	*to = how == DATES_EXPIRED ? GENUINE_NOW - 1 : GENUINE_NOW + SIM_YEAR;
}

static X509 *make_ca(const struct genuine *g, enum sim_ca_role role)
{
	const uint8_t *c = g->choice;
	enum bq_product p = genuine_ca_product(g);
	struct sim_ca ca = sim_ca_like_amd(p, role);
	X509 *ark = ark_of(c[C_CA_OTHER_ISSUER] ? other_product(g) : p, false);

	ca.signing = signing(c[C_CA_SIGNING]);
	ca.ca = c[C_CA_IS_NONE] == 0;
	if (!ca.ca)
		ca.pathlen = -1;
	dates(c[C_CA_DATES], &ca.not_before, &ca.not_after);
	return sim_ca_cert(&ca, genuine_key(c[C_CA_KEY]), ark, genuine_key(c[C_CA_SIGNER]));
}

static X509 *make_leaf(struct genuine *g, const X509 *ca)
{
	static const char *const names[CNS] = {"SEV-VCEK", "SEV-VLEK", "SEV-VCEK2"};
	const uint8_t *c = g->choice;

	g->leaf.cn = names[c[C_LEAF_CN]];
	g->leaf.ca = c[C_LEAF_IS_CA];
	g->leaf.signing = signing(c[C_LEAF_SIGNING]);
	dates(c[C_LEAF_DATES], &g->leaf.not_before, &g->leaf.not_after);
	return sim_leaf_cert(&g->leaf, genuine_key(c[C_LEAF_KEY]), ca,
			     genuine_key(c[C_LEAF_SIGNER]));
}

static void to_der(X509 *x, struct bytes *out)
{
	uint8_t *at = out->p;
	int n = i2d_X509(x, NULL);

	must(n > 0 && (size_t)n <= sizeof(out->p) && i2d_X509(x, &at) == n);
	out->n = (size_t)n;
}

/* Choices from one to another are those of the variant. */
static bool are_usual(const struct genuine *g, enum choice from, enum choice to)
{
	return memcmp(g->choice + from, g->usual + from, to + 1u - from) == 0;
}

/* As genuine as the variant's, but another. */
static void second_leaf(const struct genuine *g, struct bytes *out)
{
	static struct genuine other;
	X509 *ca, *leaf;

	genuine_defaults(&other, g->variant);
	other.leaf = sim_leaf_like_amd(other.product, other.vlek);
	other.leaf.serial = 1;
	ca = make_ca(&other, (enum sim_ca_role)other.choice[C_CA_ROLE]);
	leaf = ca == NULL ? NULL : make_leaf(&other, ca);
	must(leaf != NULL);
	to_der(leaf, out);
	X509_free(leaf);
	X509_free(ca);
}

static void make_chain(struct genuine *g, struct bytes *leaf_der, struct bytes *ca_der)
{
	enum sim_ca_role role = (enum sim_ca_role)g->choice[C_CA_ROLE];
	X509 *ca = make_ca(g, role), *leaf = ca == NULL ? NULL : make_leaf(g, ca);

	if (g->choice[C_CA_OTHER_NAME]) {
		X509_free(ca);
		ca = make_ca(g, role == SIM_ASK ? SIM_ASVK : SIM_ASK);
	}
	must(leaf != NULL && ca != NULL);
	to_der(ca, ca_der);
	to_der(leaf, leaf_der);
	X509_free(leaf);
	X509_free(ca);
}

/* What is made anew of the variant's own is not another. */
static void keep(struct bytes *kept, struct bytes *made, bool own)
{
	if (own && kept->n == 0)
		bytes_set(kept, bytes_view(made));
	else if (own)
		bytes_set(made, bytes_view(kept));
}

/* The variant's own are made once: of a CA the leaf has no more than the name. */
void genuine_seal_certs(struct genuine *g)
{
	static struct bytes usual[VARIANTS][2];
	struct bytes *der = g->sealed.der, *kept = usual[g->variant];
	bool own_ca = are_usual(g, C_CA_PRODUCT, C_CA_DATES);
	bool own_leaf = are_usual(g, C_LEAF_CN, C_CA_ROLE) && !g->ext_edited;

	if (!own_ca || !own_leaf || kept[DER_CA].n == 0 || kept[DER_LEAF].n == 0)
		make_chain(g, &der[DER_LEAF], &der[DER_CA]);
	keep(&kept[DER_CA], &der[DER_CA], own_ca);
	keep(&kept[DER_LEAF], &der[DER_LEAF], own_leaf);
	if (g->choice[C_LEAF_BROUGHT] == 0)
		der[DER_LEAF].n = 0;
	if (g->choice[C_CA_BROUGHT] == 0)
		der[DER_CA].n = 0;
	if (g->choice[C_ARK_BROUGHT] == ARK_SECOND_LEAF)
		second_leaf(g, &der[DER_ARK]);
	else if (g->choice[C_ARK_BROUGHT] == ARK_OTHER_PRODUCT)
		to_der(ark_of(other_product(g), false), &der[DER_ARK]);
	else if (g->choice[C_ARK_BROUGHT] != ARK_NOT)
		to_der(ark_of(genuine_ca_product(g), g->choice[C_ARK_BROUGHT] == ARK_OF_EVE),
		       &der[DER_ARK]);
}

static void take(BIO *b, struct bytes *out)
{
	char *p;
	long n = BIO_get_mem_data(b, &p);

	must(n >= 0);
	bytes_set(out, bq_view_of(p, (size_t)n));
	BIO_free(b);
}

void genuine_roots(const struct genuine *g, struct bytes *out)
{
	uint8_t c = g->choice[C_ROOTS];
	enum bq_product own = product_at((unsigned)g->product - BQ_PRODUCT_MILAN);
	enum bq_product other = product_at((unsigned)g->product - BQ_PRODUCT_MILAN + 1);
	BIO *b = BIO_new(BIO_s_mem());

	must(b != NULL);
	if (c != ROOTS_OTHER_PRODUCT)
		must(PEM_write_bio_X509(b, ark_of(own, c == ROOTS_OF_EVE)) == 1);
	if (c == ROOTS_OTHER_PRODUCT || c == ROOTS_BOTH)
		must(PEM_write_bio_X509(b, ark_of(other, false)) == 1);
	take(b, out);
}

void genuine_crl(const struct genuine *g, struct bytes *out)
{
	uint8_t c = g->choice[C_CRL];
	enum bq_product p = genuine_ca_product(g);
	struct sim_ca ca = sim_ca_like_amd(p, (enum sim_ca_role)g->choice[C_CA_ROLE]);
	int64_t serial = c == CRL_REVOKED ? ca.serial : ca.serial + 7;
	int64_t from = c == CRL_FUTURE ? GENUINE_NOW + 1 : GENUINE_NOW - SIM_YEAR;
	X509_CRL *crl;
	BIO *b;

	out->n = 0;
	if (c == CRL_NOT)
		return;
	crl = sim_crl(ark_of(c == CRL_OTHER_ISSUER ? other_product(g) : p, false),
		      genuine_key(c == CRL_OF_EVE ? KEY_EVE_RSA : KEY_ARK), &serial, 1, from,
		      c == CRL_EXPIRED ? GENUINE_NOW : GENUINE_NOW + SIM_YEAR);
	b = BIO_new(BIO_s_mem());
	must(crl != NULL && b != NULL && PEM_write_bio_X509_CRL(b, crl) == 1);
	X509_CRL_free(crl);
	take(b, out);
}

struct bq_verifier *genuine_verifier(const struct genuine *g)
{
	static const int64_t times[TIMES] = {GENUINE_NOW, 631152000, 2840140800};
	const char *policy = genuine_policies[g->choice[C_POLICY]].json;
	struct bq_verifier *v = bq_verifier_new();
	static struct bytes text;

	must(v != NULL);
	genuine_roots(g, &text);
	must(bq_verifier_set_roots(v, bytes_view(&text)) == 0);
	genuine_crl(g, &text);
	if (text.n != 0)
		must(bq_verifier_set_crl(v, bytes_view(&text)) == 0);
	if (policy != NULL)
		must(bq_verifier_set_policy(v, bq_view_str(policy), NULL, 0) == 0);
	bq_verifier_set_time(v, times[g->choice[C_TIME]]);
	return v;
}

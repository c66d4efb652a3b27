/* From the leaf to an anchor. What arrived with the evidence only ever links
 * the two: no certificate in it is trusted for itself. */
#include <stdio.h>
#include <string.h>

#include "crypto.h"
#include "detail.h"
#include "verifier.h"

static const char *key_id(struct bq_str *b, EVP_PKEY *key)
{
	uint8_t hash[BQ_SHA256_BYTES];

	if (key == NULL || !bq_key_sha256(key, hash))
		return "unreadable";
	return bq_str_hex(b, bq_view_of(hash, 8));
}

static const char *origin(const struct bq_run *r)
{
	return r->v->anchors.builtin ? "AMD's key, built in" : "the roots given";
}

static bool is_leaf_cn(const char *cn)
{
	return strcmp(cn, "SEV-VCEK") == 0 || strcmp(cn, "SEV-VLEK") == 0;
}

/* Sets leaf, or why there is none. */
static void find_leaf(struct bq_run *r)
{
	char cn[BQ_CN_MAX];

	r->leaf_problem = r->certs.n == 0 ? "no certificate: give --certs"
					  : "no VCEK or VLEK among the certificates";
	for (unsigned i = 0; i < r->certs.n; i++) {
		if (!bq_name_cn(X509_get_subject_name(r->certs.x[i]), cn) || !is_leaf_cn(cn))
			continue;
		if (r->leaf != NULL) {
			r->leaf = NULL;
			r->leaf_problem = "more than one VCEK or VLEK certificate";
			return;
		}
		r->leaf = r->certs.x[i];
		memcpy(r->leaf_cn, cn, sizeof(cn));
	}
}

static void read_certs(struct bq_run *r)
{
	for (size_t i = 0; i < sizeof(r->ev->certs) / sizeof(r->ev->certs[0]); i++) {
		int e = r->ev->certs[i].n == 0 ? 0 : bq_certs_add(&r->certs, r->ev->certs[i]);

		if (e != 0) {
			r->leaf_problem = e == BQ_E_RANGE ? "more certificates than are read"
							  : "certificates that do not parse";
			return;
		}
	}
	find_leaf(r);
	if (r->leaf == NULL)
		return;
	bq_leaf_read(r->leaf, &r->ext);
	if (!bq_name_cn(X509_get_issuer_name(r->leaf), r->issuer_cn))
		r->issuer_cn[0] = '\0';
	else if (!bq_ca_by_name(r->issuer_cn, &r->product, &r->ca_role) || r->ca_role == BQ_CA_ARK)
		r->product = BQ_PRODUCT_UNKNOWN;
}

/* A root certificate of another product: bundles have all of them. */
static bool is_other_ark(const struct bq_run *r, const X509 *x)
{
	enum bq_product p;
	enum bq_ca_role role;
	char cn[BQ_CN_MAX];

	return bq_name_cn(X509_get_subject_name(x), cn) && bq_ca_by_name(cn, &p, &role) &&
	       role == BQ_CA_ARK && p != r->product;
}

/* Every root that the evidence brings must be the anchor itself. */
static bool roots_agree(struct bq_run *r)
{
	char cn[BQ_CN_MAX] = "";
	struct bq_str theirs, ours;

	for (unsigned i = 0; i < r->certs.n; i++) {
		X509 *x = r->certs.x[i];
		EVP_PKEY *key = X509_get0_pubkey(x);
		const char *problem;

		if (x == r->leaf || !bq_cert_self_issued(x) || is_other_ark(r, x))
			continue;
		bq_name_cn(X509_get_subject_name(x), cn);
		if (key == NULL || EVP_PKEY_eq(key, r->ark->key) != 1) {
			bq_verdict_add(r->out, "chain.root", BQ_FAIL,
				       "the evidence brings the root `%s` with key %s, not the "
				       "trusted one, %s (%s)",
				       cn, key_id(&theirs, key), key_id(&ours, r->ark->key),
				       origin(r));
			return false;
		}
		problem = bq_ca_cert_problem(x);
		if (problem == NULL)
			problem = bq_sigcache_problem(r->v->sigcache, x, r->ark->key);
		if (problem != NULL) {
			bq_verdict_add(r->out, "chain.root", BQ_FAIL,
				       "the evidence's root `%s` has the trusted key but %s", cn,
				       problem);
			return false;
		}
		r->ark_cert = x;
	}
	return true;
}

static void check_root(struct bq_run *r)
{
	char name[BQ_CA_NAME_MAX];
	struct bq_str id;

	if (r->product == BQ_PRODUCT_UNKNOWN) {
		bq_verdict_add(r->out, "chain.root", BQ_FAIL,
			       "the leaf's issuer is `%s`: expected SEV-<product> or "
			       "SEV-VLEK-<product>",
			       r->issuer_cn);
		return;
	}
	bq_ca_name(r->product, BQ_CA_ARK, name);
	r->ark = bq_anchor_find(&r->v->anchors, r->product, BQ_CA_ARK);
	if (r->ark == NULL) {
		bq_verdict_add(r->out, "chain.root", BQ_FAIL, "no trusted key of %s (%s)", name,
			       r->v->anchors.builtin ? "none is built in"
						     : "not in the roots given");
		return;
	}
	r->out->product = r->product;
	if (!roots_agree(r))
		return;
	bq_verdict_add(r->out, "chain.root", BQ_PASS, "%s, key %s (%s); the evidence brings %s",
		       name, key_id(&id, r->ark->key), origin(r),
		       r->ark_cert != NULL ? "a certificate with the same key" : "none");
}

static const char *ca_problem(const struct bq_run *r, X509 *x)
{
	const char *problem = bq_ca_cert_problem(x);

	if (problem != NULL)
		return problem;
	if (!bq_anchor_named(r->ark, X509_get_issuer_name(x)))
		return "names another issuer than that root";
	return bq_sigcache_problem(r->v->sigcache, x, r->ark->key);
}

/* Looks for the leaf's CA in c: sets it, or *problem to why the first one that
 * has its name will not do. */
static void find_ca(struct bq_run *r, const struct bq_certs *c, const char **problem)
{
	const X509_NAME *name = X509_get_issuer_name(r->leaf);

	for (unsigned i = 0; i < c->n && r->ca_cert == NULL; i++) {
		X509 *x = c->x[i];
		const char *why;

		if (x == r->leaf || bq_cert_self_issued(x) ||
		    X509_NAME_cmp(X509_get_subject_name(x), name) != 0)
			continue;
		why = ca_problem(r, x);
		if (why == NULL)
			r->ca_cert = x;
		else if (*problem == NULL)
			*problem = why;
	}
}

static void check_ca(struct bq_run *r)
{
	char ark[BQ_CA_NAME_MAX];
	const char *problem = NULL;
	struct bq_str id;

	if (r->ark == NULL) {
		bq_skip(r, "chain.ca", "no trusted root key");
		return;
	}
	bq_ca_name(r->product, BQ_CA_ARK, ark);
	find_ca(r, &r->v->links, &problem);
	find_ca(r, &r->certs, &problem);
	if (r->ca_cert != NULL) {
		r->ca_key = X509_get0_pubkey(r->ca_cert);
		bq_verdict_add(r->out, "chain.ca", r->ca_key != NULL ? BQ_PASS : BQ_FAIL,
			       "%s, key %s, signed by %s", r->issuer_cn, key_id(&id, r->ca_key),
			       ark);
		return;
	}
	if (problem != NULL) {
		bq_verdict_add(r->out, "chain.ca", BQ_FAIL, "the certificate of %s %s (root: %s)",
			       r->issuer_cn, problem, ark);
		return;
	}
	r->ca_anchor = bq_anchor_find(&r->v->anchors, r->product, r->ca_role);
	if (r->ca_anchor == NULL) {
		bq_verdict_add(r->out, "chain.ca", BQ_FAIL,
			       "no certificate of %s: put it into --certs or --roots",
			       r->issuer_cn);
		return;
	}
	r->ca_key = r->ca_anchor->key;
	bq_verdict_add(r->out, "chain.ca", BQ_PASS,
		       "%s, key %s (AMD's key, built in); the evidence brings none", r->issuer_cn,
		       key_id(&id, r->ca_key));
}

static void check_leaf_signature(struct bq_run *r)
{
	const char *problem;
	struct bq_str id;

	if (r->ca_key == NULL) {
		bq_skip(r, "chain.leaf", "no CA key to check it with");
		return;
	}
	problem = bq_leaf_cert_problem(r->leaf);
	if (problem == NULL && r->ca_anchor != NULL &&
	    !bq_anchor_named(r->ca_anchor, X509_get_issuer_name(r->leaf)))
		problem = "names another issuer than AMD's";
	if (problem == NULL)
		problem = bq_sigcache_problem(r->v->sigcache, r->leaf, r->ca_key);
	if (problem != NULL)
		bq_verdict_add(r->out, "chain.leaf", BQ_FAIL, "the certificate of %s %s (CA: %s)",
			       r->leaf_cn, problem, r->issuer_cn);
	else
		bq_verdict_add(r->out, "chain.leaf", BQ_PASS, "%s, key %s, signed by %s",
			       r->leaf_cn, key_id(&id, X509_get0_pubkey(r->leaf)), r->issuer_cn);
}

void bq_check_chain(struct bq_run *r)
{
	read_certs(r);
	if (r->leaf == NULL) {
		bq_skip(r, "chain.root", "no VCEK or VLEK certificate");
		bq_skip(r, "chain.ca", "no VCEK or VLEK certificate");
		bq_verdict_add(r->out, "chain.leaf", BQ_FAIL, "%s", r->leaf_problem);
		return;
	}
	check_root(r);
	check_ca(r);
	check_leaf_signature(r);
}

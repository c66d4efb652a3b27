/* A verifier, and one verification in the course of being made. */
#ifndef VERIFY_VERIFIER_H
#define VERIFY_VERIFIER_H

#include <barequote/leaf.h>

#include "anchors.h"
#include "certs.h"
#include "internal.h"
#include "sigcache.h"

#define BQ_CRLS_MAX 16

struct bq_crls {
	unsigned n;
	X509_CRL *crl[BQ_CRLS_MAX];
};

int bq_crls_add(struct bq_crls *c, struct bq_view v); /* BQ_E_CRL */
void bq_crls_free(struct bq_crls *c);

/* Read-only while it verifies. */
struct bq_verifier {
	struct bq_anchors anchors;
	struct bq_certs links; /* what the user's roots file has besides roots */
	struct bq_crls crls;
	struct bq_policy *policy;     /* NULL: none */
	struct bq_sigcache *sigcache; /* locks itself */
	bool has_time;
	int64_t time;
};

/* Filled in by the checks in their order: each group uses what those before it
 * found, and skips what cannot be done without. */
struct bq_run {
	const struct bq_verifier *v;
	const struct bq_evidence *ev;
	const struct bq_expect *expect;
	struct bq_verdict *out;
	struct bq_policy_core core;
	int64_t now;

	/* input.format */
	struct bq_hcl hcl; /* claims.n is 0 for a bare report */
	struct bq_snp snp;
	int claims_err; /* 0: claims is usable */
	struct bq_claims claims;

	/* chain.* */
	struct bq_certs certs;     /* of the evidence */
	X509 *leaf;                /* NULL: not exactly one; in certs */
	const char *leaf_problem;  /* why leaf is NULL */
	char leaf_cn[BQ_CN_MAX];   /* SEV-VCEK or SEV-VLEK */
	char issuer_cn[BQ_CN_MAX]; /* the leaf's; empty where it has none */
	enum bq_product product;   /* by issuer_cn */
	enum bq_ca_role ca_role;   /* by issuer_cn: what should have signed the leaf */
	const struct bq_anchor *ark;
	X509 *ark_cert;                    /* in the evidence, with the anchor's key; or NULL */
	EVP_PKEY *ca_key;                  /* NULL: not found or not good */
	X509 *ca_cert;                     /* NULL: the built-in key */
	const struct bq_anchor *ca_anchor; /* the built-in key, where that is used */
	struct bq_leaf ext;

	/* runtime.ak, quote.* */
	EVP_PKEY *ak;
	bool has_quote, quote_parsed, quote_verified;
	struct bq_attest quote;
	bool eventlog_verified;
};

/* Each adds its checks, all of them, in order. */
void bq_check_chain(struct bq_run *r);  /* chain.root, .ca, .leaf */
void bq_check_dates(struct bq_run *r);  /* chain.dates */
void bq_check_crl(struct bq_run *r);    /* chain.crl */
void bq_check_leaf(struct bq_run *r);   /* leaf.* */
void bq_check_report(struct bq_run *r); /* report.* */
void bq_check_runtime(struct bq_run *r);
void bq_check_quote(struct bq_run *r);
void bq_check_eventlog(struct bq_run *r); /* eventlog.replay */

/* Adds a skipped check: `not checked: WHY`. */
void bq_skip(struct bq_run *r, const char *name, const char *why);

/* The names of the checks that are always listed, in order; ends with NULL. */
extern const char *const bq_check_names[];

/* False where t does not read as a time. */
bool bq_asn1_time(const ASN1_TIME *t, int64_t *out);

#endif

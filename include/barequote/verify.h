/* The verdict over evidence: needs OpenSSL, no TPM, no network, no root.
 *
 * A verifier is built once (anchors, policy, CRL, time) and then only read:
 * any number of threads may verify with it at the same time.
 *
 * What is not checked: that the measurement, the PCRs or the claims are those
 * of software you trust (say so in a policy); that the AK certificate of the
 * platform exists; that the machine is still in the state it quoted. Checks
 * that did not apply are in the verdict as skipped, with the reason. */
#ifndef BAREQUOTE_VERIFY_H
#define BAREQUOTE_VERIFY_H

#include <barequote/evidence.h>

struct bq_verifier;

enum bq_result {
	BQ_SKIP,
	BQ_PASS,
	BQ_FAIL,
};

#define BQ_CHECKS_MAX 160

struct bq_check {
	char name[72]; /* `chain.root`, `policy.snp.measurement` */
	enum bq_result result;
	char detail[280]; /* the values compared, for people; printable ASCII */
};

struct bq_verdict {
	bool accepted; /* no check failed */
	unsigned n;
	struct bq_check checks[BQ_CHECKS_MAX]; /* in the order of the documentation */
	enum bq_product product;               /* whose keys were used */
};

/* What the relying party knows before it looks. */
struct bq_expect {
	bool no_nonce; /* said plainly: freshness is not checked */
	bool has_nonce;
	struct bq_view nonce; /* at most 64 bytes */
	bool no_quote;        /* the evidence need not have one */
	bool has_report_data; /* BQ_EVIDENCE_SNP, instead of a nonce: the whole REPORT_DATA */
	struct bq_view report_data;
};

/* Default policy, AMD's keys, the system's clock. NULL where memory is short. */
struct bq_verifier *bq_verifier_new(void);
void bq_verifier_free(struct bq_verifier *v);
/* Trust these self-signed CA certificates (PEM, ARKs; others in the file link)
 * instead of AMD's. BQ_E_ROOTS. */
int bq_verifier_set_roots(struct bq_verifier *v, struct bq_view pem);
/* A policy file. BQ_E_POLICY; where receives what is wrong and where, as text. */
int bq_verifier_set_policy(struct bq_verifier *v, struct bq_view json, char *where, size_t cap);
/* CRLs, PEM or DER. BQ_E_CRL. */
int bq_verifier_set_crl(struct bq_verifier *v, struct bq_view crl);
/* Seconds since 1970 instead of the system's clock. */
void bq_verifier_set_time(struct bq_verifier *v, int64_t unix_time);

/* 0 and a verdict, accepted or not; or, with a verdict whose input.format
 * check has failed and says why, the code of what cannot be understood
 * (BQ_E_HCL_TDX, BQ_E_SNP_VERSION, ...). */
int bq_verify(const struct bq_verifier *v, const struct bq_evidence *ev,
	      const struct bq_expect *expect, struct bq_verdict *out);

const struct bq_check *bq_verdict_check(const struct bq_verdict *v, const char *name);
const struct bq_check *bq_verdict_first_failure(const struct bq_verdict *v); /* or NULL */

/* A policy (JSON, indented) that pins what this evidence shows. */
int bq_policy_write(struct bq_sink *s, const struct bq_evidence *ev);

#endif

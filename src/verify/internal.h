/* What the files of the verifier share. */
#ifndef VERIFY_INTERNAL_H
#define VERIFY_INTERNAL_H

#include <barequote/attest.h>
#include <barequote/claims.h>
#include <barequote/verify.h>

/* Appends a check. The detail is a printf format; it is cut to the room there
 * is, and bytes that are not printable ASCII are replaced. A verdict that is
 * full (BQ_CHECKS_MAX) becomes a rejection. BQ_FAIL clears accepted. */
void bq_verdict_add(struct bq_verdict *v, const char *name, enum bq_result result,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* --- policy ------------------------------------------------------------- */

struct bq_policy; /* a parsed policy file, read-only once made */

int bq_policy_new(struct bq_view json, struct bq_policy **out, char *where, size_t cap);
void bq_policy_free(struct bq_policy *p);

/* What a policy changes about the checks that are always made. */
struct bq_policy_core {
	bool allow_vlek;       /* default false */
	bool require_crl;      /* default false */
	uint32_t vmpl_allowed; /* bit i: VMPL i; default 1 */
	bool allow_debug;      /* default false; true where the policy demands DEBUG */
	bool allow_migrate_ma; /* likewise */
	bool require_eventlog; /* default false */
};

struct bq_policy_core bq_policy_core(const struct bq_policy *p); /* NULL: the defaults */

/* What the evidence shows, for the policy to judge. */
struct bq_facts {
	const struct bq_snp *snp;
	enum bq_product product;        /* of the keys that verified it */
	const struct bq_claims *claims; /* NULL: none */
	const struct bq_attest *quote;  /* NULL: none */
	bool quote_verified;            /* signature, selection and digest all passed */
	const struct bq_pcr_values *pcrs;
	bool has_eventlog, eventlog_verified;
};

/* Adds a policy.<path> check for every member of the policy. */
void bq_policy_apply(const struct bq_policy *p, const struct bq_facts *f, struct bq_verdict *out);

#endif

/* One verification: every check, in the order of the documentation. */
#include <openssl/err.h>
#include <string.h>
#include <time.h>

#include "verifier.h"

static int fail_input(struct bq_run *r, const char *what, int e)
{
	bq_verdict_add(r->out, "input.format", BQ_FAIL, "%s: %s", what, bq_strerror(e));
	return e;
}

static bool is_claims_error(int e)
{
	return e == BQ_E_CLAIMS_KEYS || e == BQ_E_CLAIMS_AK || e == BQ_E_CLAIMS_USER_DATA ||
	       e == BQ_E_JWK;
}

static int read_hcl(struct bq_run *r, struct bq_view *report)
{
	int e;

	if ((e = bq_hcl_parse(r->ev->hcl, &r->hcl)) != 0 || (e = bq_hcl_require_snp(&r->hcl)) != 0)
		return fail_input(r, "HCL blob", e);
	*report = r->hcl.hardware_report;
	e = bq_claims_parse(r->hcl.claims, &r->claims);
	if (e != 0 && !is_claims_error(e))
		return fail_input(r, "runtime claims", e);
	r->claims_err = e; /* well-formed, but runtime.* will refuse it */
	return 0;
}

static int read_input(struct bq_run *r)
{
	bool bare = r->ev->format == BQ_EVIDENCE_SNP;
	struct bq_view report = r->ev->report;
	int e;

	if (!bare && (e = read_hcl(r, &report)) != 0)
		return e;
	if ((e = bq_snp_parse(report, &r->snp)) != 0)
		return fail_input(r, "SNP report", e);
	r->has_quote = r->ev->quote_msg.n != 0 || r->ev->quote_sig.n != 0;
	if (bare)
		bq_verdict_add(r->out, "input.format", BQ_PASS, "SNP report, version %u",
			       r->snp.version);
	else
		bq_verdict_add(r->out, "input.format", BQ_PASS,
			       "%s: HCL report, %zu bytes, with an SNP report, version %u",
			       bq_evidence_format_name(r->ev->format), r->ev->hcl.n,
			       r->snp.version);
	return 0;
}

static void apply_policy(struct bq_run *r)
{
	struct bq_facts f = {
		.snp = &r->snp,
		.product = r->product,
		.claims =
			r->ev->format != BQ_EVIDENCE_SNP && r->claims_err == 0 ? &r->claims : NULL,
		.quote = r->quote_parsed ? &r->quote : NULL,
		.quote_verified = r->quote_verified,
		.pcrs = &r->ev->pcrs,
		.has_eventlog = r->ev->eventlog.n != 0,
		.eventlog_verified = r->eventlog_verified,
	};

	if (r->v->policy != NULL)
		bq_policy_apply(r->v->policy, &f, r->out);
}

static int run(struct bq_run *r)
{
	int e = read_input(r);

	if (e != 0) {
		for (unsigned i = 1; bq_check_names[i] != NULL; i++)
			bq_skip(r, bq_check_names[i], "the input is malformed");
		return e;
	}
	bq_check_chain(r);
	bq_check_dates(r);
	bq_check_crl(r);
	bq_check_leaf(r);
	bq_check_report(r);
	bq_check_runtime(r);
	bq_check_quote(r);
	bq_check_eventlog(r);
	apply_policy(r);
	return 0;
}

int bq_verify(const struct bq_verifier *v, const struct bq_evidence *ev,
	      const struct bq_expect *expect, struct bq_verdict *out)
{
	struct bq_run r = {
		.v = v,
		.ev = ev,
		.expect = expect,
		.out = out,
		.core = bq_policy_core(v->policy),
		.now = v->has_time ? v->time : (int64_t)time(NULL),
	};
	int e;

	out->accepted = true;
	out->n = 0;
	out->product = BQ_PRODUCT_UNKNOWN;
	ERR_set_mark();
	e = run(&r);
	ERR_pop_to_mark();
	EVP_PKEY_free(r.ak);
	bq_certs_free(&r.certs);
	return e;
}

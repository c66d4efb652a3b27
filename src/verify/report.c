/* report.*: the hardware's report in itself. */
#include "crypto.h"
#include "detail.h"
#include "verifier.h"

#define P384_BYTES   48 /* of R and S that count */
#define VMPL_MAX     3
#define SIGNED_TOTAL (BQ_SNP_SIGNED_SIZE + 2 * 72) /* where the signature's padding starts */

static void check_version(struct bq_run *r)
{
	if (r->snp.version <= BQ_SNP_VERSION_MAX)
		bq_verdict_add(r->out, "report.version", BQ_PASS, "%u", r->snp.version);
	else
		bq_verdict_add(r->out, "report.version", BQ_PASS,
			       "%u, NEWER than any known here: read as version %d", r->snp.version,
			       BQ_SNP_VERSION_MAX);
}

static void check_sig_algo(struct bq_run *r)
{
	bool ok = r->snp.sig_algo == BQ_SNP_SIG_ECDSA_P384;

	bq_verdict_add(r->out, "report.sig_algo", ok ? BQ_PASS : BQ_FAIL,
		       ok ? "ECDSA P-384 with SHA-384"
			  : "SIG_ALGO is %u: expected 1, ECDSA P-384 with SHA-384",
		       r->snp.sig_algo);
}

static void check_key(struct bq_run *r)
{
	uint32_t key = BQ_SNP_SIGNING_KEY(r->snp.key_info);

	if ((r->snp.key_info & BQ_SNP_KEY_MASK_CHIP_KEY) != 0)
		bq_verdict_add(r->out, "report.key", BQ_FAIL,
			       "MASK_CHIP_KEY is set: the report is not signed");
	else if (key != BQ_SNP_SIGNING_KEY_VCEK && key != BQ_SNP_SIGNING_KEY_VLEK)
		bq_verdict_add(r->out, "report.key", BQ_FAIL,
			       "SIGNING_KEY is %u: expected 0 (VCEK) or 1 (VLEK)", key);
	else
		bq_verdict_add(r->out, "report.key", BQ_PASS, "signed with a %s",
			       key == BQ_SNP_SIGNING_KEY_VCEK ? "VCEK" : "VLEK");
}

/* The low 48 bytes of one number; false where the rest is not zero, or all is. */
static bool sig_number(struct bq_view field, struct bq_view *out)
{
	return bq_rd_take(&field, P384_BYTES, out) == 0 && bq_view_is_zero(field) &&
	       !bq_view_is_zero(*out);
}

static void check_signature(struct bq_run *r)
{
	struct bq_view sig_r, sig_s, rest = r->snp.raw;

	if (!sig_number(r->snp.sig_r, &sig_r) || !sig_number(r->snp.sig_s, &sig_s) ||
	    bq_rd_skip(&rest, SIGNED_TOTAL) != 0 || !bq_view_is_zero(rest)) {
		bq_verdict_add(r->out, "report.signature", BQ_FAIL,
			       "malformed: R or S is zero, or the padding is not");
		return;
	}
	if (r->leaf == NULL) {
		bq_skip(r, "report.signature", "no VCEK or VLEK certificate");
		return;
	}
	if (!bq_key_is_p384(X509_get0_pubkey(r->leaf))) {
		bq_verdict_add(r->out, "report.signature", BQ_FAIL,
			       "the certificate's key is not P-384");
		return;
	}
	if (bq_ecdsa_p384_sha384(X509_get0_pubkey(r->leaf), sig_r, sig_s, r->snp.signed_part))
		bq_verdict_add(r->out, "report.signature", BQ_PASS, "verifies with the %s's key",
			       r->leaf_cn);
	else
		bq_verdict_add(r->out, "report.signature", BQ_FAIL,
			       "does not verify with the %s's key", r->leaf_cn);
}

static void check_policy(struct bq_run *r)
{
	uint64_t p = r->snp.policy;
	const char *problem = NULL;

	if ((p & BQ_SNP_POLICY_MUST_BE_ONE) == 0)
		problem = "bit 17, which must be one, is clear";
	else if ((p & BQ_SNP_POLICY_DEBUG) != 0 && !r->core.allow_debug)
		problem = "DEBUG is set: the host can read the guest's memory";
	else if ((p & BQ_SNP_POLICY_MIGRATE_MA) != 0 && !r->core.allow_migrate_ma)
		problem = "MIGRATE_MA is set: a migration agent can move the guest";
	bq_verdict_add(r->out, "report.policy", problem == NULL ? BQ_PASS : BQ_FAIL, "0x%llx%s%s",
		       (unsigned long long)p, problem == NULL ? "" : ": ",
		       problem == NULL ? "" : problem);
}

static void check_vmpl(struct bq_run *r)
{
	uint32_t vmpl = r->snp.vmpl;

	if (vmpl > VMPL_MAX)
		bq_verdict_add(r->out, "report.vmpl", BQ_FAIL, "%u: expected 0 to 3", vmpl);
	else if ((r->core.vmpl_allowed >> vmpl & 1) == 0)
		bq_verdict_add(r->out, "report.vmpl", BQ_FAIL,
			       "%u: not allowed (snp.vmpl in the policy; by default only 0)", vmpl);
	else
		bq_verdict_add(r->out, "report.vmpl", BQ_PASS, "%u", vmpl);
}

/* Microcode may run ahead of what is committed, and does on Azure: the two need
 * not be equal. */
static void check_tcb(struct bq_run *r)
{
	enum bq_product cpu = bq_snp_product(&r->snp);
	enum bq_product p = cpu != BQ_PRODUCT_UNKNOWN ? cpu : r->product;
	struct bq_tcb current = bq_tcb_read(r->snp.current_tcb, p);
	struct bq_tcb reported = bq_tcb_read(r->snp.reported_tcb, p);
	struct bq_tcb committed = bq_tcb_read(r->snp.committed_tcb, p);
	struct bq_str a, b;

	if (!bq_tcb_at_least(&current, &reported))
		bq_verdict_add(r->out, "report.tcb", BQ_FAIL,
			       "REPORTED_TCB %s is over CURRENT_TCB %s", bq_str_tcb(&a, &reported),
			       bq_str_tcb(&b, &current));
	else if (!bq_tcb_at_least(&current, &committed))
		bq_verdict_add(r->out, "report.tcb", BQ_FAIL,
			       "COMMITTED_TCB %s is over CURRENT_TCB %s",
			       bq_str_tcb(&a, &committed), bq_str_tcb(&b, &current));
	else
		bq_verdict_add(r->out, "report.tcb", BQ_PASS, "reported: %s; current: %s",
			       bq_str_tcb(&a, &reported), bq_str_tcb(&b, &current));
}

static void check_bare_report_data(struct bq_run *r)
{
	struct bq_view data = r->snp.report_data, want = r->expect->report_data;
	struct bq_str a, b;

	if (!r->expect->has_report_data && r->expect->no_nonce)
		bq_skip(r, "report.report_data",
			"no --report-data given: freshness is not checked");
	else if (r->expect->has_report_data && r->expect->has_nonce)
		bq_verdict_add(r->out, "report.report_data", BQ_FAIL,
			       "both a nonce and REPORT_DATA were given: a bare report has only "
			       "the one");
	else if (!r->expect->has_report_data)
		bq_verdict_add(r->out, "report.report_data", BQ_FAIL,
			       "nothing ties the report to this request: give --report-data, or "
			       "--no-nonce");
	else if (bq_view_eq_ct(data, want))
		bq_verdict_add(r->out, "report.report_data", BQ_PASS, "%s", bq_str_hex(&a, data));
	else
		bq_verdict_add(r->out, "report.report_data", BQ_FAIL, "%s: expected %s (%zu bytes)",
			       bq_str_hex(&a, data), bq_str_hex(&b, want), want.n);
}

/* With claims, the first half is their hash: see runtime.binding. */
static void check_report_data(struct bq_run *r)
{
	struct bq_view half = r->snp.report_data;
	struct bq_str a;

	if (r->ev->format == BQ_EVIDENCE_SNP) {
		check_bare_report_data(r);
		return;
	}
	if (bq_rd_skip(&half, BQ_SHA256_SIZE) == 0 && bq_view_is_zero(half))
		bq_verdict_add(r->out, "report.report_data", BQ_PASS, "the second half is zero");
	else
		bq_verdict_add(r->out, "report.report_data", BQ_FAIL,
			       "the second half is %s: expected zeros", bq_str_hex(&a, half));
}

void bq_check_report(struct bq_run *r)
{
	check_version(r);
	check_sig_algo(r);
	check_key(r);
	check_signature(r);
	check_policy(r);
	check_vmpl(r);
	check_tcb(r);
	check_report_data(r);
}

/* Members about how the guest was launched, and about its host. */
#include "policy.h"

/* --- POLICY and PLATFORM_INFO bits -------------------------------------- */

static void judge_bit(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	uint64_t bits = rule->what == BQ_BITS_POLICY ? f->snp->policy : f->snp->platform_info;
	bool set = (bits & rule->number) != 0;

	bq_verdict_add(v, rule->name, set == rule->truth ? BQ_PASS : BQ_FAIL,
		       "%s in 0x%llx, expected %s", set ? "set" : "clear", (unsigned long long)bits,
		       rule->truth ? "set" : "clear");
}

static int read_bit(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		    unsigned which)
{
	const struct bq_bit *b =
		which == BQ_BITS_POLICY ? bq_snp_policy_bits : bq_snp_platform_bits;
	int e;

	while (b->name != NULL && !bq_view_eq_str(at->name, b->name))
		b++;
	if (b->name == NULL)
		return bq_policy_refuse(r, at, "unknown member");
	if ((e = bq_policy_bool(r, at, j, judge_bit, which)) != 0)
		return e;
	r->rule->number = b->bit;
	/* Two that are refused where no policy speaks of them. */
	if (which == BQ_BITS_POLICY && b->bit == BQ_SNP_POLICY_DEBUG)
		r->p->core.allow_debug = r->rule->truth;
	if (which == BQ_BITS_POLICY && b->bit == BQ_SNP_POLICY_MIGRATE_MA)
		r->p->core.allow_migrate_ma = r->rule->truth;
	return 0;
}

int bq_policy_read_bits(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			unsigned which)
{
	const struct bq_member any[] = {{NULL, read_bit, which}};

	return bq_policy_object(r, at, j, any);
}

/* --- lists of small numbers, kept as bits -------------------------------- */

static void judge_vmpl(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	bool ok = f->snp->vmpl <= BQ_VMPL_MAX && (rule->number >> f->snp->vmpl & 1) != 0;

	bq_verdict_add(v, rule->name, ok ? BQ_PASS : BQ_FAIL, "%u%s", f->snp->vmpl,
		       ok ? "" : " is not in the list");
}

static int read_one_vmpl(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			 unsigned what)
{
	uint64_t x;

	(void)what;
	if (bq_json_u64(j, BQ_VMPL_MAX, &x) != 0)
		return bq_policy_refuse(r, at, "expected 0..3");
	r->rule->number |= 1ull << x;
	return 0;
}

int bq_policy_read_vmpl(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			unsigned what)
{
	int e;

	if ((e = bq_policy_rule(r, at, judge_vmpl, what)) != 0 ||
	    (e = bq_policy_list(r, at, j, read_one_vmpl, what)) != 0)
		return e;
	r->p->core.vmpl_allowed = (uint32_t)r->rule->number;
	return 0;
}

static void judge_product(const struct bq_rule *rule, const struct bq_facts *f,
			  struct bq_verdict *v)
{
	bool ok = (rule->number >> f->product & 1) != 0;

	bq_verdict_add(v, rule->name, ok ? BQ_PASS : BQ_FAIL, "%s%s", bq_product_name(f->product),
		       ok ? "" : " is not in the list");
}

static int read_one_product(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			    unsigned what)
{
	enum bq_product p = BQ_PRODUCT_UNKNOWN;
	struct bq_view name;

	(void)what;
	if (bq_json_chars(j, &name) == 0)
		p = bq_product_by_name(name);
	if (p == BQ_PRODUCT_UNKNOWN)
		return bq_policy_refuse(r, at, "expected \"Milan\", \"Genoa\" or \"Turin\"");
	r->rule->number |= 1ull << p;
	return 0;
}

int bq_policy_read_product(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			   unsigned what)
{
	int e;

	if ((e = bq_policy_rule(r, at, judge_product, what)) != 0)
		return e;
	return bq_policy_list(r, at, j, read_one_product, what);
}

/* --- truth values --------------------------------------------------------- */

/* Provisional firmware: what runs has not been committed to, so that the host
 * may still go back behind it. */
static void judge_provisional(const struct bq_rule *rule, const struct bq_facts *f,
			      struct bq_verdict *v)
{
	const struct bq_snp *s = f->snp;

	if (rule->truth)
		bq_verdict_add(v, rule->name, BQ_SKIP, "not checked: the policy allows it");
	else if (!bq_view_eq(s->current_tcb, s->committed_tcb))
		bq_verdict_add(v, rule->name, BQ_FAIL,
			       "the current TCB is not the committed one: the host can go back");
	else
		bq_verdict_add(v, rule->name,
			       s->current_major == s->committed_major &&
					       s->current_minor == s->committed_minor &&
					       s->current_build == s->committed_build
				       ? BQ_PASS
				       : BQ_FAIL,
			       "current firmware %u.%u.%u, committed %u.%u.%u", s->current_major,
			       s->current_minor, s->current_build, s->committed_major,
			       s->committed_minor, s->committed_build);
}

int bq_policy_read_provisional(struct bq_policy_reader *r, const struct bq_path *at,
			       struct bq_json j, unsigned what)
{
	return bq_policy_bool(r, at, j, judge_provisional, what);
}

static void judge_vlek(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	bool vlek = BQ_SNP_SIGNING_KEY(f->snp->key_info) == BQ_SNP_SIGNING_KEY_VLEK;

	if (rule->truth)
		bq_verdict_add(v, rule->name, BQ_SKIP, "not checked: the policy allows it");
	else
		bq_verdict_add(v, rule->name, vlek ? BQ_FAIL : BQ_PASS, "signed with %s VLEK",
			       vlek ? "a" : "no");
}

int bq_policy_read_vlek(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			unsigned what)
{
	int e;

	if ((e = bq_policy_bool(r, at, j, judge_vlek, what)) != 0)
		return e;
	r->p->core.allow_vlek = r->rule->truth;
	return 0;
}

/* The verdict already says what came of the CRL. */
static void judge_crl(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	const struct bq_check *c = bq_verdict_check(v, "chain.crl");

	(void)f;
	if (!rule->truth)
		bq_verdict_add(v, rule->name, BQ_SKIP, "not checked: the policy does without");
	else if (c != NULL && c->result == BQ_PASS)
		bq_verdict_add(v, rule->name, BQ_PASS, "a CRL was checked");
	else
		bq_verdict_add(v, rule->name, BQ_FAIL, "no CRL was checked, see chain.crl");
}

int bq_policy_read_crl(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		       unsigned what)
{
	int e;

	if ((e = bq_policy_bool(r, at, j, judge_crl, what)) != 0)
		return e;
	r->p->core.require_crl = r->rule->truth;
	return 0;
}

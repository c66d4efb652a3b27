/* Members of `pcrs` and `eventlog`: what a verified quote must show. */
#include "policy.h"

bool bq_pcr_selected(const struct bq_pcr_list *l, uint16_t alg, unsigned index)
{
	for (unsigned i = 0; i < l->n; i++)
		if (l->bank[i].alg == alg && (l->bank[i].mask >> index & 1) != 0)
			return true;
	return false;
}

/* Values count only where the signature covers their selection: by bank and
 * index, never by place. */
static void judge_pcr(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	uint16_t alg = (uint16_t)rule->what;
	unsigned index = (unsigned)rule->number;
	struct bq_view have;

	if (f->quote == NULL)
		bq_verdict_add(v, rule->name, BQ_FAIL, "the evidence has no quote");
	else if (!f->quote_verified)
		bq_verdict_add(v, rule->name, BQ_FAIL, "the quote did not verify");
	else if (!bq_pcr_selected(&f->quote->pcrs, alg, index))
		bq_verdict_add(v, rule->name, BQ_FAIL, "not among the PCRs that were quoted");
	else if (bq_pcr_value(f->pcrs, alg, index, &have) != 0)
		bq_verdict_add(v, rule->name, BQ_FAIL, "the evidence does not have its value");
	else
		bq_judge_value(rule, have, v);
}

static int read_value(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		      unsigned alg)
{
	return bq_policy_hex(r, at, j, (unsigned)bq_alg_size((uint16_t)alg));
}

/* Decimal, in the one way there is to spell it. */
static bool is_index(struct bq_view name, uint64_t *index)
{
	if (name.n > 2 || (name.n == 2 && name.p[0] == '0'))
		return false;
	return bq_num_decode(name, BQ_PCRS - 1, index) == 0;
}

static int read_pcr(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		    unsigned alg)
{
	uint64_t index;
	int e;

	if (!is_index(at->name, &index))
		return bq_policy_refuse(r, at, "expected a PCR, 0..23");
	if ((e = bq_policy_rule(r, at, judge_pcr, alg)) != 0)
		return e;
	r->rule->number = index;
	return bq_policy_list(r, at, j, read_value, alg);
}

static int read_bank(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		     unsigned what)
{
	uint16_t alg = bq_alg_hash(at->name);
	const struct bq_member any[] = {{NULL, read_pcr, alg}};

	(void)what;
	if (alg == 0 || !bq_view_eq_str(at->name, bq_alg_name(alg)))
		return bq_policy_refuse(r, at, "expected a bank such as sha256");
	return bq_policy_object(r, at, j, any);
}

int bq_policy_read_pcrs(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			unsigned what)
{
	const struct bq_member any[] = {{NULL, read_bank, what}};

	return bq_policy_object(r, at, j, any);
}

static void judge_eventlog(const struct bq_rule *rule, const struct bq_facts *f,
			   struct bq_verdict *v)
{
	if (!rule->truth)
		bq_verdict_add(v, rule->name, BQ_SKIP, "not checked: the policy does without");
	else if (!f->has_eventlog)
		bq_verdict_add(v, rule->name, BQ_FAIL, "the evidence has no event log");
	else if (!f->eventlog_verified)
		bq_verdict_add(v, rule->name, BQ_FAIL,
			       "the event log does not lead to the quoted PCRs");
	else
		bq_verdict_add(v, rule->name, BQ_PASS, "the event log leads to the quoted PCRs");
}

static int read_require(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			unsigned what)
{
	int e;

	if ((e = bq_policy_bool(r, at, j, judge_eventlog, what)) != 0)
		return e;
	r->p->core.require_eventlog = r->rule->truth;
	return 0;
}

int bq_policy_read_eventlog(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			    unsigned what)
{
	static const struct bq_member members[] = {
		{"require", read_require, 0},
		{NULL, NULL, 0},
	};

	(void)what;
	return bq_policy_object(r, at, j, members);
}

/* Members of `claims`: what the claims' vm-configuration must say. The allowed
 * values stay in the arena as JSON and are compared by what they mean. */
#include "policy.h"

#define TEXT_MAX  256 /* bytes of a string that can be compared */
#define JSON_SEEN 96  /* bytes of JSON in a detail */

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool same_text(struct bq_json a, struct bq_json b, bool any_case)
{
	uint8_t x[TEXT_MAX], y[TEXT_MAX];
	size_t nx, ny;

	if (bq_json_text(a, x, sizeof(x), &nx) != 0 || bq_json_text(b, y, sizeof(y), &ny) != 0 ||
	    nx != ny)
		return false;
	for (size_t i = 0; i < nx; i++)
		if (any_case ? lower(x[i]) != lower(y[i]) : x[i] != y[i])
			return false;
	return true;
}

static bool same(struct bq_json a, struct bq_json b, bool any_case)
{
	uint64_t x, y;
	bool p, q;

	if (bq_json_bool(a, &p) == 0)
		return bq_json_bool(b, &q) == 0 && p == q;
	if (bq_json_u64(a, UINT64_MAX, &x) == 0)
		return bq_json_u64(b, UINT64_MAX, &y) == 0 && x == y;
	return same_text(a, b, any_case);
}

/* Whether have is the wanted value, or one of a list of them. */
static bool allowed(struct bq_json want, struct bq_json have, bool any_case)
{
	struct bq_json_iter it;
	struct bq_json key, one;

	if (bq_json_type(want) != BQ_JSON_ARRAY)
		return same(want, have, any_case);
	if (bq_json_iter(want, &it) == 0)
		while (bq_json_next(&it, &key, &one))
			if (same(one, have, any_case))
				return true;
	return false;
}

static int shown(struct bq_json j)
{
	return j.raw.n < JSON_SEEN ? (int)j.raw.n : JSON_SEEN;
}

static void judge_claim(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	const char *name = &rule->name[rule->what];
	struct bq_json want = {rule->values}, have;
	bool ok;
	int e;

	if (f->claims == NULL || !f->claims->has_config) {
		bq_verdict_add(v, rule->name, BQ_FAIL, "the evidence has no vm-configuration");
		return;
	}
	if ((e = bq_json_member(f->claims->config, name, &have)) != 0) {
		bq_verdict_add(v, rule->name, BQ_FAIL, "in vm-configuration: %s", bq_strerror(e));
		return;
	}
	ok = allowed(want, have, bq_view_eq_str(bq_view_str(name), BQ_CLAIM_VM_ID));
	bq_verdict_add(v, rule->name, ok ? BQ_PASS : BQ_FAIL, "%.*s, expected %.*s", shown(have),
		       (const char *)have.raw.p, shown(want), (const char *)want.raw.p);
}

static bool is_scalar(struct bq_json j)
{
	uint8_t text[TEXT_MAX];
	uint64_t x;
	size_t n;
	bool b;

	return bq_json_bool(j, &b) == 0 || bq_json_u64(j, UINT64_MAX, &x) == 0 ||
	       bq_json_text(j, text, sizeof(text), &n) == 0;
}

/* Letters, digits, - and _. */
static bool is_name(struct bq_view name)
{
	for (size_t i = 0; i < name.n; i++) {
		uint8_t c = lower(name.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
	}
	return name.n != 0 && name.n <= BQ_CLAIM_NAME_MAX;
}

bool bq_policy_is_claim(struct bq_view name, struct bq_json value)
{
	return is_name(name) && is_scalar(value);
}

static int check_scalar(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			unsigned what)
{
	(void)what;
	if (is_scalar(j))
		return 0;
	return bq_policy_refuse(
		r, at, "expected true, false, a whole number, or a string of at most 256 bytes");
}

static int read_claim(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		      unsigned what)
{
	int e;

	if (!is_name(at->name))
		return bq_policy_refuse(
			r, at, "expected a name of letters, digits, - and _, at most 57 bytes");
	if ((e = bq_policy_rule(r, at, judge_claim, (unsigned)sizeof("policy.claims.") - 1)) != 0)
		return e;
	e = bq_json_type(j) == BQ_JSON_ARRAY ? bq_policy_list(r, at, j, check_scalar, what)
					     : check_scalar(r, at, j, what);
	if (e != 0)
		return e;
	bq_wr_view(&r->p->arena, j.raw);
	r->rule->values.n = j.raw.n;
	return r->p->arena.err;
}

int bq_policy_read_claims(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			  unsigned what)
{
	const struct bq_member any[] = {{NULL, read_claim, what}};

	return bq_policy_object(r, at, j, any);
}

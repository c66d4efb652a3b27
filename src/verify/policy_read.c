/* What reading any member of a policy takes: paths, refusals, rules. */
#include "policy.h"

#include <stdio.h>

#define NAME_SHOWN 64 /* bytes of a member's name in messages */

static void put_path(struct bq_sink *s, const struct bq_path *at)
{
	struct bq_view name;

	if (at == NULL)
		return;
	put_path(s, at->up);
	if (at->name.p == NULL) {
		bq_put_chr(s, '[');
		bq_put_u64(s, at->index);
		bq_put_chr(s, ']');
		return;
	}
	if (at->up != NULL)
		bq_put_chr(s, '.');
	name = bq_view_of(at->name.p, at->name.n < NAME_SHOWN ? at->name.n : NAME_SHOWN);
	bq_put_safe(s, name);
}

int bq_policy_refuse(struct bq_policy_reader *r, const struct bq_path *at, const char *why)
{
	struct bq_sink_buf b;

	if (r->where == NULL || r->cap == 0)
		return BQ_E_POLICY;
	bq_sink_buf_init(&b, r->where, r->cap - 1);
	put_path(&b.s, at);
	if (at != NULL)
		bq_put_str(&b.s, ": ");
	bq_put_str(&b.s, why);
	r->where[b.n] = '\0';
	return BQ_E_POLICY;
}

/* Names with escapes are nobody's: they stay as they are spelt. */
static struct bq_view name_of(struct bq_json key)
{
	struct bq_view name;

	return bq_json_chars(key, &name) == 0 ? name : key.raw;
}

static int read_member(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		       const struct bq_member *members)
{
	while (members->name != NULL && !bq_view_eq_str(at->name, members->name))
		members++;
	if (members->read == NULL)
		return bq_policy_refuse(r, at, "unknown member");
	return members->read(r, at, j, members->what);
}

/* What bq_json_unique() found: where it is a name that is there twice, which. */
static int refuse_members(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			  int e)
{
	struct bq_json_iter it;
	struct bq_json key, value;
	char name[256];
	size_t n;

	if (e == BQ_E_RANGE)
		return bq_policy_refuse(r, at, "too many members");
	if (e != BQ_E_JSON_DUPLICATE || bq_json_iter(j, &it) != 0)
		return bq_policy_refuse(r, at, bq_strerror(e));
	while (bq_json_next(&it, &key, &value)) {
		struct bq_path frame = {.up = at, .name = name_of(key)};

		if (bq_json_text(key, name, sizeof(name) - 1, &n) != 0)
			continue;
		name[n] = '\0';
		if (bq_json_member(j, name, &value) == BQ_E_JSON_DUPLICATE)
			return bq_policy_refuse(r, &frame, "is there twice");
	}
	return bq_policy_refuse(r, at, bq_strerror(e));
}

int bq_policy_object(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		     const struct bq_member *members)
{
	struct bq_json_iter it;
	struct bq_json key, value;
	int e;

	if (bq_json_type(j) != BQ_JSON_OBJECT)
		return bq_policy_refuse(r, at, "expected an object");
	if ((e = bq_json_unique(j)) != 0 || (e = bq_json_iter(j, &it)) != 0)
		return refuse_members(r, at, j, e);
	while (bq_json_next(&it, &key, &value)) {
		struct bq_path frame = {.up = at, .name = name_of(key)};

		if ((e = read_member(r, &frame, value, members)) != 0)
			return e;
	}
	return 0;
}

int bq_policy_list(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		   bq_member_read *read, unsigned what)
{
	struct bq_path frame = {.up = at};
	struct bq_json_iter it;
	struct bq_json key, value;
	int e;

	if (bq_json_type(j) != BQ_JSON_ARRAY || bq_json_iter(j, &it) != 0)
		return bq_policy_refuse(r, at, "expected a list");
	for (; bq_json_next(&it, &key, &value); frame.index++)
		if ((e = read(r, &frame, value, what)) != 0)
			return e;
	return frame.index != 0 ? 0 : bq_policy_refuse(r, at, "an empty list: nothing would pass");
}

int bq_policy_rule(struct bq_policy_reader *r, const struct bq_path *at, bq_judge *judge,
		   unsigned what)
{
	struct bq_policy *p = r->p;
	struct bq_rule rule = {.judge = judge, .what = what};
	struct bq_sink_buf b;

	if (p->n == BQ_RULES_MAX)
		return bq_policy_refuse(r, at, "too many members in this policy");
	bq_sink_buf_init(&b, rule.name, sizeof(rule.name) - 1);
	bq_put_str(&b.s, "policy.");
	put_path(&b.s, at);
	if (b.s.err != 0)
		return bq_policy_refuse(r, at, "the name is too long");
	rule.values = bq_view_of(&p->bytes[p->arena.n], 0);
	r->rule = &p->rules[p->n++];
	*r->rule = rule;
	return 0;
}

int bq_policy_bool(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		   bq_judge *judge, unsigned what)
{
	bool truth;
	int e;

	if (bq_json_bool(j, &truth) != 0)
		return bq_policy_refuse(r, at, "expected true or false");
	if ((e = bq_policy_rule(r, at, judge, what)) != 0)
		return e;
	r->rule->truth = truth;
	return 0;
}

int bq_policy_hex(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		  unsigned size)
{
	uint8_t bytes[BQ_DIGEST_MAX];
	char why[48];
	size_t n;

	if (bq_json_hex(j, bytes, sizeof(bytes), &n) != 0 || n != size) {
		snprintf(why, sizeof(why), "expected a string of %u hex digits", 2 * size);
		return bq_policy_refuse(r, at, why);
	}
	bq_wr_view(&r->p->arena, bq_view_of(bytes, n));
	r->rule->values.n += n;
	r->rule->each = n;
	return r->p->arena.err;
}

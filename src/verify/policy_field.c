/* Members that list the allowed values of a field of the report. */
#include "policy.h"

#define CHIP_SHORT ((size_t)8) /* bytes of a chip id that Turin uses; zeros follow */

static const unsigned sizes[] = {
	[BQ_FIELD_MEASUREMENT] = 48,   [BQ_FIELD_HOST_DATA] = 32,         [BQ_FIELD_FAMILY_ID] = 16,
	[BQ_FIELD_IMAGE_ID] = 16,      [BQ_FIELD_REPORT_ID] = 32,         [BQ_FIELD_CHIP_ID] = 64,
	[BQ_FIELD_ID_KEY_DIGEST] = 48, [BQ_FIELD_AUTHOR_KEY_DIGEST] = 48,
};

static struct bq_view field_of(const struct bq_snp *s, enum bq_which_field which)
{
	switch (which) {
	case BQ_FIELD_MEASUREMENT:
		return s->measurement;
	case BQ_FIELD_HOST_DATA:
		return s->host_data;
	case BQ_FIELD_FAMILY_ID:
		return s->family_id;
	case BQ_FIELD_IMAGE_ID:
		return s->image_id;
	case BQ_FIELD_REPORT_ID:
		return s->report_id;
	case BQ_FIELD_CHIP_ID:
		return s->chip_id;
	case BQ_FIELD_ID_KEY_DIGEST:
		return s->id_key_digest;
	case BQ_FIELD_AUTHOR_KEY_DIGEST:
		return s->author_digest;
	}
	return bq_view_of(NULL, 0);
}

struct hex {
	char s[2 * BQ_DIGEST_MAX + 1];
};

static const char *hex_of(struct hex *h, struct bq_view v)
{
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, h->s, sizeof(h->s) - 1);
	bq_put_hex(&b.s, v);
	h->s[b.n] = '\0';
	return h->s;
}

void bq_judge_value(const struct bq_rule *rule, struct bq_view have, struct bq_verdict *v)
{
	struct bq_view rest = rule->values, first = {NULL, 0}, one;
	struct hex got, want;
	bool found = false;

	while (bq_rd_take(&rest, rule->each, &one) == 0 && one.n != 0) {
		if (first.n == 0)
			first = one;
		found = found || bq_view_eq(have, one);
	}
	if (found)
		bq_verdict_add(v, rule->name, BQ_PASS, "%s", hex_of(&got, have));
	else if (rule->values.n == rule->each)
		bq_verdict_add(v, rule->name, BQ_FAIL, "%s, expected %s", hex_of(&got, have),
			       hex_of(&want, first));
	else
		bq_verdict_add(v, rule->name, BQ_FAIL, "%s, expected one of %zu, the first %s",
			       hex_of(&got, have), rule->values.n / rule->each,
			       hex_of(&want, first));
}

static void judge_field(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	struct bq_view have = field_of(f->snp, (enum bq_which_field)rule->what);

	if (rule->what == BQ_FIELD_AUTHOR_KEY_DIGEST &&
	    (f->snp->key_info & BQ_SNP_KEY_AUTHOR_KEY_EN) == 0)
		bq_verdict_add(v, rule->name, BQ_FAIL,
			       "the guest was launched without an author key");
	else if (rule->what == BQ_FIELD_CHIP_ID && bq_view_is_zero(have))
		bq_verdict_add(v, rule->name, BQ_FAIL, "the report's chip id is masked");
	else
		bq_judge_value(rule, have, v);
}

/* Two spellings, one value: the short form is the long one without its zeros. */
static int read_chip_id(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j)
{
	unsigned size = sizes[BQ_FIELD_CHIP_ID];
	struct bq_view chars;
	int e;

	if (bq_json_chars(j, &chars) != 0 ||
	    (chars.n != 2 * CHIP_SHORT && chars.n != (size_t)2 * size))
		return bq_policy_refuse(r, at,
					"expected a string of 128 hex digits, or 16 (Turin)");
	if (chars.n != 2 * CHIP_SHORT)
		return bq_policy_hex(r, at, j, size);
	if ((e = bq_policy_hex(r, at, j, CHIP_SHORT)) != 0)
		return e;
	bq_wr_zeros(&r->p->arena, size - CHIP_SHORT);
	r->rule->values.n += size - CHIP_SHORT;
	r->rule->each = size;
	return r->p->arena.err;
}

static int read_value(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		      unsigned what)
{
	if (what == BQ_FIELD_CHIP_ID)
		return read_chip_id(r, at, j);
	return bq_policy_hex(r, at, j, sizes[what]);
}

int bq_policy_read_field(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			 unsigned what)
{
	int e;

	if ((e = bq_policy_rule(r, at, judge_field, what)) != 0)
		return e;
	return bq_policy_list(r, at, j, read_value, what);
}

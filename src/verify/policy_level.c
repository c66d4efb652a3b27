/* Members that demand at least some version of something. */
#include "policy.h"

static void judge_least(const struct bq_rule *rule, uint64_t have, struct bq_verdict *v)
{
	if (have >= rule->number)
		bq_verdict_add(v, rule->name, BQ_PASS, "%llu, at least %llu",
			       (unsigned long long)have, (unsigned long long)rule->number);
	else
		bq_verdict_add(v, rule->name, BQ_FAIL, "%llu, expected at least %llu",
			       (unsigned long long)have, (unsigned long long)rule->number);
}

/* A number of at most max. why is what to say where it is not one. */
static int read_least(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		      bq_judge *judge, unsigned what, uint64_t max, const char *why)
{
	uint64_t x;
	int e;

	if (bq_json_u64(j, max, &x) != 0)
		return bq_policy_refuse(r, at, why);
	if ((e = bq_policy_rule(r, at, judge, what)) != 0)
		return e;
	r->rule->number = x;
	return 0;
}

/* --- TCB versions, component by component ------------------------------- */

enum component {
	FMC,
	BOOTLOADER,
	TEE,
	SNP,
	MICROCODE,
};

static const char *const components[] = {
	[FMC] = "fmc", [BOOTLOADER] = "bootloader", [TEE] = "tee",
	[SNP] = "snp", [MICROCODE] = "microcode",
};

#define COMPONENTS (sizeof(components) / sizeof(components[0]))

static struct bq_view tcb_of(const struct bq_snp *s, enum bq_which_tcb which)
{
	switch (which) {
	case BQ_TCB_REPORTED:
		return s->reported_tcb;
	case BQ_TCB_LAUNCH:
		return s->launch_tcb;
	case BQ_TCB_COMMITTED:
		return s->committed_tcb;
	}
	return s->reported_tcb;
}

static uint8_t component_of(const struct bq_tcb *t, enum component c)
{
	switch (c) {
	case FMC:
		return t->fmc;
	case BOOTLOADER:
		return t->bootloader;
	case TEE:
		return t->tee;
	case SNP:
		return t->snp;
	case MICROCODE:
		return t->microcode;
	}
	return 0;
}

static void judge_tcb(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	enum bq_which_tcb which = (enum bq_which_tcb)(rule->what / COMPONENTS);
	enum component c = (enum component)(rule->what % COMPONENTS);
	struct bq_tcb t = bq_tcb_read(tcb_of(f->snp, which), f->product);

	if (c == FMC && !t.has_fmc && rule->number != 0)
		bq_verdict_add(v, rule->name, BQ_FAIL, "%s has no FMC, expected at least %llu",
			       bq_product_name(f->product), (unsigned long long)rule->number);
	else
		judge_least(rule, component_of(&t, c), v);
}

static int read_component(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			  unsigned which)
{
	unsigned c = 0;

	while (c < COMPONENTS && !bq_view_eq_str(at->name, components[c]))
		c++;
	if (c == COMPONENTS)
		return bq_policy_refuse(r, at, "unknown member");
	return read_least(r, at, j, judge_tcb, which * (unsigned)COMPONENTS + c, UINT8_MAX,
			  "expected 0..255");
}

int bq_policy_read_tcb(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		       unsigned which)
{
	const struct bq_member any[] = {{NULL, read_component, which}};

	return bq_policy_object(r, at, j, any);
}

/* --- guest SVN and mitigations ------------------------------------------ */

static void judge_svn(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	judge_least(rule, f->snp->guest_svn, v);
}

int bq_policy_read_svn(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		       unsigned what)
{
	return read_least(r, at, j, judge_svn, what, UINT32_MAX, "expected 0..4294967295");
}

static void judge_mitigations(const struct bq_rule *rule, const struct bq_facts *f,
			      struct bq_verdict *v)
{
	uint64_t have = f->snp->current_mit_vector, missing = rule->number & ~have;

	if (!f->snp->has_mitigations && rule->number != 0)
		bq_verdict_add(v, rule->name, BQ_FAIL,
			       "a version %u report has no mitigation vector, expected 0x%llx",
			       f->snp->version, (unsigned long long)rule->number);
	else if (missing != 0)
		bq_verdict_add(v, rule->name, BQ_FAIL, "0x%llx, expected also 0x%llx",
			       (unsigned long long)have, (unsigned long long)missing);
	else
		bq_verdict_add(v, rule->name, BQ_PASS, "0x%llx has all of 0x%llx",
			       (unsigned long long)have, (unsigned long long)rule->number);
}

int bq_policy_read_mitigations(struct bq_policy_reader *r, const struct bq_path *at,
			       struct bq_json j, unsigned what)
{
	struct bq_view chars;
	uint64_t x;
	int e;

	if (bq_json_chars(j, &chars) != 0 || chars.n < 2 || chars.p[0] != '0' ||
	    chars.p[1] != 'x' || bq_num_decode(chars, UINT64_MAX, &x) != 0)
		return bq_policy_refuse(r, at, "expected 64 bits in hex, such as \"0x1f\"");
	if ((e = bq_policy_rule(r, at, judge_mitigations, what)) != 0)
		return e;
	r->rule->number = x;
	return 0;
}

/* --- dotted versions: one byte a part, the first most significant -------- */

static int dotted(struct bq_view text, unsigned parts, uint64_t *out)
{
	uint64_t x = 0, part = 0;
	unsigned digits = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '.') {
			if (digits == 0 || --parts == 0)
				return BQ_E_RANGE;
			x = (x | part) << 8;
			part = digits = 0;
		} else if (text.p[i] < '0' || text.p[i] > '9') {
			return BQ_E_RANGE;
		} else {
			part = 10 * part + (uint64_t)(text.p[i] - '0');
			if (++digits > 3 || part > UINT8_MAX)
				return BQ_E_RANGE;
		}
	}
	if (digits == 0 || parts != 1)
		return BQ_E_RANGE;
	*out = x | part;
	return 0;
}

static int read_dotted(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		       bq_judge *judge, unsigned parts, const char *why)
{
	struct bq_view chars;
	uint64_t x;
	int e;

	if (bq_json_chars(j, &chars) != 0 || dotted(chars, parts, &x) != 0)
		return bq_policy_refuse(r, at, why);
	if ((e = bq_policy_rule(r, at, judge, 0)) != 0)
		return e;
	r->rule->number = x;
	return 0;
}

static unsigned byte_of(uint64_t x, unsigned i)
{
	return (unsigned)(x >> (8 * i) & UINT8_MAX);
}

static void judge_abi(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v)
{
	uint64_t have = f->snp->policy & UINT16_MAX, want = rule->number;
	bool ok = have >= want;

	bq_verdict_add(v, rule->name, ok ? BQ_PASS : BQ_FAIL, "%u.%u, %sat least %u.%u",
		       byte_of(have, 1), byte_of(have, 0), ok ? "" : "expected ", byte_of(want, 1),
		       byte_of(want, 0));
}

int bq_policy_read_abi(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		       unsigned what)
{
	(void)what;
	return read_dotted(r, at, j, judge_abi, 2,
			   "expected major.minor, each 0..255, such as \"1.51\"");
}

static void judge_firmware(const struct bq_rule *rule, const struct bq_facts *f,
			   struct bq_verdict *v)
{
	uint64_t want = rule->number, have = (uint64_t)f->snp->current_major << 16 |
					     (uint64_t)f->snp->current_minor << 8 |
					     f->snp->current_build;
	bool ok = have >= want;

	bq_verdict_add(v, rule->name, ok ? BQ_PASS : BQ_FAIL, "%u.%u.%u, %sat least %u.%u.%u",
		       byte_of(have, 2), byte_of(have, 1), byte_of(have, 0), ok ? "" : "expected ",
		       byte_of(want, 2), byte_of(want, 1), byte_of(want, 0));
}

int bq_policy_read_firmware(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			    unsigned what)
{
	(void)what;
	return read_dotted(r, at, j, judge_firmware, 3,
			   "expected major.minor.build, each 0..255, such as \"1.55.21\"");
}

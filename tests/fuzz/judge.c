/* The blob and the report: offsets as in formats' specifications, not as in the parsers. */
#include "judge.h"

#include <string.h>

#define HCL_REPORT 0x20
#define HCL_DATA   0x4C0
#define HCL_WORDS  20

static const uint8_t zeros[512];

static unsigned find(const struct judged *j, const char *check)
{
	unsigned i = 0;

	while (i < j->n && strcmp(j->not_pass[i], check) != 0)
		i++;
	return i;
}

bool judge_has(const struct judged *j, const char *check)
{
	return find(j, check) < j->n;
}

void judge_unproven(struct judged *j, bool is, const char *check)
{
	if (!is || judge_has(j, check))
		return;
	must(j->n < JUDGED_MAX);
	j->skip[j->n] = true;
	j->not_pass[j->n++] = check;
}

void judge_fails(struct judged *j, bool wrong, const char *check)
{
	judge_unproven(j, wrong, check);
	j->refuse = j->refuse || wrong;
}

void judge_must_fail(struct judged *j, bool wrong, const char *check)
{
	judge_fails(j, wrong, check);
	if (wrong)
		j->skip[find(j, check)] = false;
}

uint32_t judge_le32(struct bq_view v, size_t at)
{
	return v.p[at] | (uint32_t)v.p[at + 1] << 8 | (uint32_t)v.p[at + 2] << 16 |
	       (uint32_t)v.p[at + 3] << 24;
}

struct bq_view judge_part(struct bq_view v, size_t at, size_t n)
{
	must(at <= v.n && n <= v.n - at);
	return bq_view_of(v.p + at, n);
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

bool judge_contains(struct bq_view text, struct bq_view what, bool any_case)
{
	for (size_t i = 0; what.n <= text.n && i <= text.n - what.n; i++) {
		size_t k = 0;

		while (k < what.n && (text.p[i + k] == what.p[k] ||
				      (any_case && lower(text.p[i + k]) == lower(what.p[k]))))
			k++;
		if (k == what.n)
			return true;
	}
	return false;
}

int judge_tcb_offset(enum bq_product p, unsigned part)
{
	static const int milan[TCB_PARTS] = {0, 1, 6, 7, -1}, turin[TCB_PARTS] = {1, 2, 3, 7, 0};

	return p == BQ_PRODUCT_TURIN ? turin[part] : milan[part];
}

static bool is_zero(struct bq_view v)
{
	must(v.n <= sizeof(zeros));
	return v.n == 0 || memcmp(v.p, zeros, v.n) == 0;
}

/* False where the blob is none of an SNP report. */
static bool find_parts(struct judged *j, struct bq_view blob)
{
	uint32_t size, data, version, gap;

	if (blob.n < HCL_DATA + HCL_WORDS || memcmp(blob.p, "HCLA", 4) != 0)
		return false;
	size = judge_le32(blob, 8);
	data = judge_le32(blob, HCL_DATA);
	version = judge_le32(blob, HCL_DATA + 4);
	j->hash_type = judge_le32(blob, HCL_DATA + 12);
	gap = HCL_WORDS + (version == 2 ? 4 : 0);
	if (judge_le32(blob, 4) - 1 > 1 || version - 1 > 1 || size > blob.n ||
	    size != (uint64_t)HCL_DATA + data || data < gap ||
	    judge_le32(blob, HCL_DATA + 8) != 2 || judge_le32(blob, HCL_DATA + 16) != data - gap)
		return false;
	j->report = judge_part(blob, HCL_REPORT, BQ_SNP_REPORT_SIZE);
	j->claims = judge_part(blob, HCL_DATA + gap, data - gap);
	for (size_t i = size; i < blob.n; i++)
		if (blob.p[i] != 0)
			return false;
	return true;
}

static enum bq_product cpu_product(struct bq_view report)
{
	uint8_t family = report.p[0x188], model = report.p[0x189];

	if (family == 0x19 && model <= 0x0F)
		return BQ_PRODUCT_MILAN;
	if (family == 0x19 &&
	    ((model >= 0x10 && model <= 0x1F) || (model >= 0xA0 && model <= 0xAF)))
		return BQ_PRODUCT_GENOA;
	if (family == 0x1A && model <= 0x11)
		return BQ_PRODUCT_TURIN;
	return BQ_PRODUCT_UNKNOWN;
}

static void judge_tcb(struct judged *j)
{
	const uint8_t *current = j->report.p + 0x38, *reported = j->report.p + 0x180,
		      *committed = j->report.p + 0x1E0;

	if (j->cpu == BQ_PRODUCT_UNKNOWN)
		return; /* the layout is the issuer's */
	for (unsigned i = 0; i < TCB_PARTS; i++) {
		int at = judge_tcb_offset(j->cpu, i);

		judge_fails(j,
			    at >= 0 && (current[at] < reported[at] || current[at] < committed[at]),
			    "report.tcb");
	}
}

static void judge_data(struct judged *j)
{
	const struct genuine *g = j->g;
	struct bq_view data = judge_part(j->report, 0x50, 64);

	if (j->format != BQ_EVIDENCE_SNP) {
		judge_fails(j, !is_zero(judge_part(data, 32, 32)), "report.report_data");
		return;
	}
	judge_fails(j, g->choice[C_DATA] == 0 && g->choice[C_NONCE] != NONCE_DECLINED,
		    "report.report_data");
	judge_unproven(j, g->choice[C_DATA] == 0, "report.report_data");
	judge_fails(j,
		    g->choice[C_DATA] != 0 &&
			    (g->data.n != data.n || memcmp(g->data.p, data.p, data.n) != 0),
		    "report.report_data");
}

void judge_report(struct judged *j)
{
	const struct genuine *g = j->g;
	const struct genuine_policy *p = &genuine_policies[g->choice[C_POLICY]];
	unsigned key = g->choice[C_LEAF_KEY];
	uint32_t policy = judge_le32(j->report, 8), vmpl = judge_le32(j->report, 0x30);
	uint32_t info = judge_le32(j->report, 0x48);

	judge_must_fail(j, judge_le32(j->report, 0x34) != 1, "report.sig_algo");
	judge_must_fail(j, (info & 2) != 0 || (info >> 2 & 7) > 1, "report.key");
	judge_fails(j, memcmp(j->report.p, g->sealed.report.p, BQ_SNP_REPORT_SIZE) != 0,
		    "report.signature");
	judge_fails(j,
		    j->has_leaf && (g->choice[C_REPORT_KEY] != key ||
				    (key != KEY_VCEK && key != KEY_VLEK && key != KEY_EVE_P384)),
		    "report.signature");
	judge_must_fail(j,
			(policy & 1u << 17) == 0 || (policy & 1u << 18) != 0 ||
				((policy & 1u << 19) != 0 && !p->debug),
			"report.policy");
	judge_must_fail(j, vmpl > 3 || (p->vmpls >> vmpl & 1) == 0, "report.vmpl");
	judge_tcb(j);
	judge_data(j);
}

void judge(const struct genuine *g, struct judged *j)
{
	*j = (struct judged){.g = g, .format = (enum bq_evidence_format)g->choice[C_FORMAT]};
	j->report = bytes_view(&g->shown.report);
	j->has_quote = (g->choice[C_QUOTE] != QUOTE_NOT && g->choice[C_QUOTE] != QUOTE_NO_MSG &&
			g->shown.msg.n != 0) ||
		       (g->choice[C_QUOTE] != QUOTE_NOT && g->choice[C_QUOTE] != QUOTE_NO_SIG &&
			g->shown.sig.n != 0);
	if (j->format != BQ_EVIDENCE_SNP && !find_parts(j, bytes_view(&g->blob))) {
		judge_fails(j, true, "input.format");
		return; /* nothing else is looked at */
	}
	j->version = judge_le32(j->report, 0);
	judge_fails(j, j->version < 2, "input.format");
	if (j->version < 2)
		return;
	if (j->version >= 3)
		j->cpu = cpu_product(j->report);
	judge_chain(j);
	judge_leaf(j);
	judge_report(j);
	if (j->format != BQ_EVIDENCE_SNP)
		judge_runtime(j);
	judge_quote(j);
	judge_policy(j);
}

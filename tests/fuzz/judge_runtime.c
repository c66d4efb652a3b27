/* Claims, and what policies ask for. */
#include "judge.h"

#include <string.h>

#include "snp_sign.h"

static bool has_hash(const struct judged *j)
{
	uint8_t hash[32];

	must(EVP_Q_digest(NULL, "SHA256", NULL, j->claims.p, j->claims.n, hash, NULL) == 1);
	return memcmp(j->report.p + 0x50, hash, sizeof(hash)) == 0;
}

/* What the key's own object has to have, and a second one that follows it. */
static bool has_ak(const struct judged *j)
{
	static const char *const words[] = {"\"HCLAkPub\"", "\"RSA\"", "\"AQAB\""};
	static const char two[] = "{\"keys\":[{\"kid\":\"HCLAkPub\"";
	bool has = true;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		has = has && judge_contains(j->claims, bq_view_str(words[i]), false);
	return has && !(judge_contains(j->claims, bq_view_str(two), false) &&
			judge_contains(j->claims, bq_view_str("},{\"kid\":\"HCLAkPub\""), false));
}

/* The nonce, and zeros up to 64 bytes, in hex. */
static bool has_nonce(const struct judged *j)
{
	static const char digits[] = "0123456789abcdef";
	const struct bytes *nonce = &j->g->nonce;
	char text[128];
	bool zero = true;

	if (nonce->n > 64)
		return false;
	for (size_t i = 0; i < 64; i++) {
		uint8_t x = i < nonce->n ? nonce->p[i] : 0;

		zero = zero && x == 0;
		text[2 * i] = digits[x >> 4];
		text[2 * i + 1] = digits[x & 15];
	}
	return !zero && judge_contains(j->claims, bq_view_of(text, sizeof(text)), true);
}

void judge_runtime(struct judged *j)
{
	const struct genuine *g = j->g;
	bool required =
		!j->has_quote || j->format == BQ_EVIDENCE_COCO2 || j->format == BQ_EVIDENCE_DIR;

	judge_fails(j, j->hash_type != 1 || !has_hash(j), "runtime.binding");
	judge_fails(j, !has_ak(j), "runtime.ak");
	judge_fails(j,
		    required && (g->choice[C_NONCE] == NONCE_FORGOTTEN ||
				 (g->choice[C_NONCE] == NONCE_GIVEN && !has_nonce(j))),
		    "runtime.user_data");
	judge_unproven(j, g->choice[C_NONCE] != NONCE_GIVEN || !has_nonce(j), "runtime.user_data");
}

static bool pin_holds(const struct genuine_pin *pin, const uint8_t *report, const uint8_t *genuine)
{
	switch (pin->how) {
	case PIN_SAME:
		return memcmp(report + pin->at, genuine + pin->at, pin->n) == 0;
	case PIN_LEAST:
		return report[pin->at] >= pin->n;
	case PIN_SET:
		return (report[pin->at] & pin->n) != 0;
	case PIN_CLEAR:
		break;
	}
	return (report[pin->at] & pin->n) == 0;
}

static void judge_pins(struct judged *j)
{
	struct sim_report r = sim_report_like_azure(BQ_PRODUCT_MILAN, 3);
	bool milan = j->has_leaf && genuine_ca_product(j->g) == BQ_PRODUCT_MILAN &&
		     j->g->choice[C_CA_ROLE] != SIM_ARK;
	uint8_t genuine[BQ_SNP_REPORT_SIZE];

	sim_report_write(&r, genuine);
	for (const struct genuine_pin *p = genuine_pins; p->check != NULL; p++)
		judge_fails(j,
			    (milan || p->how != PIN_LEAST) && !pin_holds(p, j->report.p, genuine),
			    p->check);
	judge_fails(j, j->has_leaf && genuine_ca_product(j->g) != BQ_PRODUCT_MILAN,
		    "policy.snp.product");
	judge_fails(
		j,
		j->format == BQ_EVIDENCE_SNP ||
			(judge_contains(j->claims, bq_view_str("\"secure-boot\":false"), false) &&
			 !judge_contains(j->claims, bq_view_str("\"secure-boot\":true"), false)),
		"policy.claims.secure-boot");
}

void judge_policy(struct judged *j)
{
	const struct genuine *g = j->g;
	const struct genuine_policy *p = &genuine_policies[g->choice[C_POLICY]];
	int snp = judge_tcb_offset(genuine_ca_product(g), TCB_SNP);
	bool debug = (judge_le32(j->report, 8) & 1u << 19) != 0, pins = false;

	for (unsigned i = 0; i < 48; i++)
		pins = pins || j->report.p[0x90 + i] != 0xA0 + i;
	judge_fails(j, p->pins_measurement && pins, "policy.snp.measurement");
	judge_fails(j, p->debug && !debug, "policy.snp.policy.debug");
	judge_fails(j,
		    j->has_leaf && g->choice[C_CA_ROLE] != SIM_ARK &&
			    j->report.p[0x180 + snp] < p->snp_min,
		    "policy.snp.min_tcb.snp");
	if (p->pins_all)
		judge_pins(j);
}

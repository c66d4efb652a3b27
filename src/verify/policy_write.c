/* A policy that pins what one evidence shows. What changes on redeployment (the
 * chip, the report's id, the time) is left out, and so is what no policy can
 * spell: applied to the same evidence, the result passes. */
#include "policy.h"

#include "anchors.h"
#include "certs.h"

#define INDENT     2
#define CLAIMS_MAX 24 /* of them, so that the policy stays within BQ_RULES_MAX */

/* What the evidence comes to. */
struct shown {
	struct bq_snp snp;
	enum bq_product product;
	struct bq_claims claims;
	struct bq_attest quote;
	bool has_claims, has_quote;
};

/* A version 2 report has no CPUID; then the leaf's issuer tells, being the only
 * one that is an ASK or ASVK. */
static enum bq_product product_of(const struct bq_evidence *ev, const struct bq_snp *snp)
{
	enum bq_product found = bq_snp_product(snp), p;
	struct bq_certs certs = {0};
	enum bq_ca_role role;
	char cn[BQ_CN_MAX];

	for (size_t i = 0; i < sizeof(ev->certs) / sizeof(ev->certs[0]); i++)
		if (ev->certs[i].n != 0)
			(void)bq_certs_add(&certs, ev->certs[i]);
	for (unsigned i = 0; i < certs.n && found == BQ_PRODUCT_UNKNOWN; i++)
		if (bq_name_cn(X509_get_issuer_name(certs.x[i]), cn) &&
		    bq_ca_by_name(cn, &p, &role) && role != BQ_CA_ARK)
			found = p;
	bq_certs_free(&certs);
	return found;
}

static int read_shown(const struct bq_evidence *ev, struct shown *s)
{
	struct bq_view report = ev->report;
	struct bq_hcl hcl;
	int e;

	s->has_claims = ev->format != BQ_EVIDENCE_SNP;
	s->has_quote = s->has_claims && ev->quote_msg.n != 0;
	if (s->has_claims) {
		if ((e = bq_hcl_parse(ev->hcl, &hcl)) != 0 || (e = bq_hcl_require_snp(&hcl)) != 0 ||
		    (e = bq_claims_parse(hcl.claims, &s->claims)) != 0)
			return e;
		report = hcl.hardware_report;
	}
	if ((e = bq_snp_parse(report, &s->snp)) != 0 ||
	    (s->has_quote && (e = bq_attest_parse(ev->quote_msg, &s->quote)) != 0))
		return e;
	s->product = product_of(ev, &s->snp);
	return 0;
}

static void put_value(struct bq_jw *w, const char *key, struct bq_view v)
{
	bq_jw_array(w, key);
	bq_jw_hex(w, NULL, v);
	bq_jw_end_array(w);
}

static void put_tcb(struct bq_jw *w, const char *key, struct bq_view tcb, enum bq_product p)
{
	struct bq_tcb t = bq_tcb_read(tcb, p);

	bq_jw_object(w, key);
	bq_jw_u64(w, "bootloader", t.bootloader);
	bq_jw_u64(w, "tee", t.tee);
	bq_jw_u64(w, "snp", t.snp);
	bq_jw_u64(w, "microcode", t.microcode);
	if (t.has_fmc)
		bq_jw_u64(w, "fmc", t.fmc);
	bq_jw_end_object(w);
}

static void put_bits(struct bq_jw *w, const char *key, const struct bq_bit *b, uint64_t bits)
{
	bq_jw_object(w, key);
	for (; b->name != NULL; b++)
		bq_jw_bool(w, b->name, (bits & b->bit) != 0);
	bq_jw_end_object(w);
}

static void put_dotted(struct bq_jw *w, const char *key, const uint8_t *part, unsigned n)
{
	bq_jw_open_str(w, key);
	for (unsigned i = 0; i < n; i++) {
		if (i != 0)
			bq_put_chr(w->s, '.');
		bq_put_u64(w->s, part[i]);
	}
	bq_jw_close_str(w);
}

static void put_identity(struct bq_jw *w, const struct shown *s)
{
	put_value(w, "measurement", s->snp.measurement);
	put_value(w, "host_data", s->snp.host_data);
	put_value(w, "family_id", s->snp.family_id);
	put_value(w, "image_id", s->snp.image_id);
	put_value(w, "id_key_digest", s->snp.id_key_digest);
	if ((s->snp.key_info & BQ_SNP_KEY_AUTHOR_KEY_EN) != 0)
		put_value(w, "author_key_digest", s->snp.author_digest);
	if (s->snp.vmpl <= BQ_VMPL_MAX) {
		bq_jw_array(w, "vmpl");
		bq_jw_u64(w, NULL, s->snp.vmpl);
		bq_jw_end_array(w);
	}
	if (s->product != BQ_PRODUCT_UNKNOWN) {
		bq_jw_array(w, "product");
		bq_jw_str(w, NULL, bq_product_name(s->product));
		bq_jw_end_array(w);
	}
}

static void put_levels(struct bq_jw *w, const struct shown *s)
{
	const uint8_t abi[] = {(uint8_t)(s->snp.policy >> 8), (uint8_t)s->snp.policy};
	const uint8_t firmware[] = {s->snp.current_major, s->snp.current_minor,
				    s->snp.current_build};

	put_tcb(w, "min_tcb", s->snp.reported_tcb, s->product);
	put_tcb(w, "min_launch_tcb", s->snp.launch_tcb, s->product);
	put_tcb(w, "min_committed_tcb", s->snp.committed_tcb, s->product);
	bq_jw_u64(w, "min_guest_svn", s->snp.guest_svn);
	put_dotted(w, "min_abi", abi, sizeof(abi));
	put_dotted(w, "min_firmware", firmware, sizeof(firmware));
	put_bits(w, "policy", bq_snp_policy_bits, s->snp.policy);
	put_bits(w, "platform_info", bq_snp_platform_bits, s->snp.platform_info);
	if (s->snp.has_mitigations) {
		bq_jw_open_str(w, "min_mitigation_vector");
		bq_put_str(w->s, "0x");
		bq_put_x64(w->s, s->snp.current_mit_vector, 16);
		bq_jw_close_str(w);
	}
	if (BQ_SNP_SIGNING_KEY(s->snp.key_info) == BQ_SNP_SIGNING_KEY_VLEK)
		bq_jw_bool(w, "allow_vlek", true);
}

/* Truth values, and the VM's id. The name, NUL-terminated, goes to name. */
static bool is_pinned(struct bq_json key, struct bq_json value, char name[BQ_CLAIM_NAME_MAX + 1])
{
	size_t n;

	if (bq_json_text(key, name, BQ_CLAIM_NAME_MAX, &n) != 0 ||
	    !bq_policy_is_claim(bq_view_of(name, n), value))
		return false;
	name[n] = '\0';
	return bq_json_type(value) == BQ_JSON_BOOL ||
	       bq_view_eq_str(bq_view_of(name, n), BQ_CLAIM_VM_ID);
}

static void put_claim(struct bq_jw *w, const char *name, struct bq_json value)
{
	if (bq_json_type(value) == BQ_JSON_BOOL) {
		bq_jw_raw(w, name, value.raw);
	} else {
		bq_jw_array(w, name);
		bq_jw_raw(w, NULL, value.raw);
		bq_jw_end_array(w);
	}
}

static void put_claims(struct bq_jw *w, struct bq_json config)
{
	char name[BQ_CLAIM_NAME_MAX + 1];
	struct bq_json_iter it;
	struct bq_json key, value, only;
	unsigned n = 0;

	if (bq_json_iter(config, &it) != 0)
		return;
	bq_jw_object(w, "claims");
	while (n < CLAIMS_MAX && bq_json_next(&it, &key, &value)) {
		if (!is_pinned(key, value, name))
			continue;
		n++; /* a name given twice counts too: each is looked for in all of it */
		if (bq_json_member(config, name, &only) == 0)
			put_claim(w, name, value);
	}
	bq_jw_end_object(w);
}

/* The SHA-256 PCRs that the quote selects. Their number is the key. */
static void put_pcrs(struct bq_jw *w, const struct bq_pcr_list *quoted,
		     const struct bq_pcr_values *values)
{
	char key[] = "00";
	struct bq_view v;

	bq_jw_object(w, "pcrs");
	bq_jw_object(w, bq_alg_name(TPM_ALG_SHA256));
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		if (!bq_pcr_selected(quoted, TPM_ALG_SHA256, i) ||
		    bq_pcr_value(values, TPM_ALG_SHA256, i, &v) != 0)
			continue;
		key[0] = (char)('0' + i / 10);
		key[1] = (char)('0' + i % 10);
		put_value(w, i < 10 ? &key[1] : key, v);
	}
	bq_jw_end_object(w);
	bq_jw_end_object(w);
}

int bq_policy_write(struct bq_sink *s, const struct bq_evidence *ev)
{
	struct shown shown;
	struct bq_jw w;
	int e;

	if ((e = read_shown(ev, &shown)) != 0)
		return e;
	bq_jw_init(&w, s, INDENT);
	bq_jw_object(&w, NULL);
	bq_jw_object(&w, "snp");
	put_identity(&w, &shown);
	put_levels(&w, &shown);
	bq_jw_end_object(&w);
	if (shown.has_claims && shown.claims.has_config)
		put_claims(&w, shown.claims.config);
	if (shown.has_quote)
		put_pcrs(&w, &shown.quote.pcrs, &ev->pcrs);
	bq_jw_end_object(&w);
	bq_put_chr(s, '\n');
	return s->err;
}

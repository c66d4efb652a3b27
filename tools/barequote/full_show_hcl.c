/* The paravisor's blob, and the claims in it. */
#include "full_shown.h"

/* What a verifier wants to know first: does the report vouch for the claims? */
static const char *binding(struct bq_view claims, struct bq_view report_data)
{
	uint8_t hash[BQ_SHA256_SIZE];
	struct bq_hash c;
	struct bq_view half;

	(void)bq_hash_init(&c, TPM_ALG_SHA256);
	bq_hash_add(&c, claims);
	bq_hash_end(&c, hash);
	if (bq_view_sub(report_data, 0, sizeof(hash), &half) == 0 &&
	    bq_view_eq(half, bq_view_of(hash, sizeof(hash))))
		return "yes: REPORT_DATA starts with their SHA-256";
	return "NO: REPORT_DATA does not start with their SHA-256";
}

static void show_jwk(struct shown *o, const char *name, const struct bq_jwk *k)
{
	uint8_t n[BQ_RSA_MAX];
	uint32_t e;
	size_t n_len;
	int err;

	shown_group(o, name);
	err = bq_jwk_rsa(k, n, sizeof(n), &n_len, &e);
	if (err != 0) {
		shown_str(o, "problem", bq_strerror(err));
	} else {
		shown_u64(o, "rsa_bits", 8 * (uint64_t)n_len);
		shown_u64(o, "exponent", e);
		shown_hex(o, "modulus", bq_view_of(n, n_len));
	}
	if (k->key_ops.raw.n != 0)
		show_json(o, "key_ops", k->key_ops);
	shown_end_group(o);
}

void show_claims(struct shown *o, struct bq_view text, struct bq_view report_data)
{
	uint8_t user_data[BQ_HCL_USER_DATA_SIZE];
	struct bq_claims c;
	int e = bq_claims_parse(text, &c);

	shown_u64(o, "bytes", text.n);
	if (report_data.n != 0)
		shown_str(o, "bound_to_report", binding(text, report_data));
	if (e != 0) {
		shown_str(o, "problem", bq_strerror(e));
		return;
	}
	if (bq_claims_user_data(&c, user_data) == 0)
		shown_hex(o, "user_data", bq_view_of(user_data, sizeof(user_data)));
	else
		shown_str(o, "user_data", "none: this generation's reports carry no nonce");
	if (c.has_config)
		show_json(o, "vm-configuration", c.config);
	show_jwk(o, "attestation_key", &c.ak);
	if (c.has_ek)
		show_jwk(o, "endorsement_key", &c.ek);
}

/* Views of its REPORTDATA go to *report_data, for the claims. */
static void show_hardware_snp(struct shown *o, const struct bq_hcl *hcl, enum bq_product product,
			      struct bq_view *report_data)
{
	struct bq_snp snp;
	int e = bq_snp_parse(hcl->hardware_report, &snp);

	shown_group(o, "snp_report");
	if (e != 0) {
		shown_str(o, "problem", bq_strerror(e));
	} else {
		show_snp(o, &snp, product);
		*report_data = snp.report_data;
	}
	shown_end_group(o);
}

/* TDREPORT_STRUCT: Intel TDX Module ABI, 348551, "TDREPORT_STRUCT". REPORTMACSTRUCT
 * at 0 has REPORTDATA at 128; TDINFO_STRUCT is at 512. */
static void show_hardware_tdx(struct shown *o, const struct bq_hcl *hcl,
			      struct bq_view *report_data)
{
	static const struct {
		const char *name;
		size_t at, n;
	} fields[] = {
		{"report_data", 128, 64}, {"td_attributes", 512, 8}, {"xfam", 520, 8},
		{"mr_td", 528, 48},       {"mr_config_id", 576, 48}, {"mr_owner", 624, 48},
		{"rtmr0", 720, 48},       {"rtmr1", 768, 48},        {"rtmr2", 816, 48},
		{"rtmr3", 864, 48},
	};
	struct bq_view v;

	shown_group(o, "tdx_report");
	shown_str(o, "note", "a TDREPORT, which only the same machine can check; no quote");
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (bq_view_sub(hcl->hardware_report, fields[i].at, fields[i].n, &v) == 0)
			shown_hex(o, fields[i].name, v);
	(void)bq_view_sub(hcl->hardware_report, fields[0].at, fields[0].n, report_data);
	shown_end_group(o);
}

void show_hcl(struct shown *o, const struct bq_hcl *hcl, enum bq_product product)
{
	static const char *const hashes[] = {NULL, "SHA-256", "SHA-384", "SHA-512"};
	struct bq_view report_data = bq_view_of(NULL, 0);

	shown_str(o, "report_type", bq_hcl_type_name(hcl->report_type));
	shown_u64(o, "header_version", hcl->header_version);
	shown_u64(o, "report_size", hcl->report_size);
	shown_u64(o, "request_type", hcl->request_type);
	shown_u64(o, "status", hcl->status);
	shown_u64(o, "data_version", hcl->data_version);
	shown_named(o, "hash_type", hcl->hash_type,
		    hcl->hash_type < sizeof(hashes) / sizeof(hashes[0]) ? hashes[hcl->hash_type]
									: NULL);
	if (hcl->has_capabilities)
		shown_x64(o, "capabilities", hcl->capabilities);
	if (hcl->report_type == BQ_HCL_SNP)
		show_hardware_snp(o, hcl, product, &report_data);
	else if (hcl->report_type == BQ_HCL_TDX)
		show_hardware_tdx(o, hcl, &report_data);
	else
		shown_str(o, "note", bq_strerror(bq_hcl_require_snp(hcl)));
	shown_group(o, "claims");
	show_claims(o, hcl->claims, report_data);
	shown_end_group(o);
}

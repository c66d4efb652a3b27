/* leaf.*: the certificate is the one that this report calls for. */
#include <string.h>

#include "detail.h"
#include "verifier.h"

#define STRUCT_VERSION_MAX 1 /* Turin's */

/* The first of the fields that is malformed, or missing where it is required. */
static bool field_fails(struct bq_run *r, const char *check, enum bq_leaf_field f, bool required)
{
	const struct bq_leaf_value *v = &r->ext.field[f];

	if (v->problem == NULL || (!v->present && !required))
		return false;
	bq_verdict_add(r->out, check, BQ_FAIL, "the certificate's %s %s", bq_leaf_field_name(f),
		       v->problem);
	return true;
}

static bool is_vlek(const struct bq_run *r)
{
	return strcmp(r->leaf_cn, "SEV-VLEK") == 0;
}

static const char *type_problem(const struct bq_run *r)
{
	const struct bq_leaf_value *f = r->ext.field;
	uint32_t key = BQ_SNP_SIGNING_KEY(r->snp.key_info);

	if (is_vlek(r) && key != BQ_SNP_SIGNING_KEY_VLEK)
		return "a VLEK certificate, and the report is not signed with a VLEK";
	if (!is_vlek(r) && key != BQ_SNP_SIGNING_KEY_VCEK)
		return "a VCEK certificate, and the report is not signed with a VCEK";
	if (r->product == BQ_PRODUCT_UNKNOWN)
		return "issued by no CA of AMD's";
	if (is_vlek(r) && r->ca_role != BQ_CA_ASVK)
		return "a VLEK certificate issued by a CA for VCEKs";
	if (!is_vlek(r) && r->ca_role != BQ_CA_ASK)
		return "a VCEK certificate issued by a CA for VLEKs";
	if (is_vlek(r) && f[BQ_LEAF_HWID].present)
		return "a VLEK certificate with a hwID, which only VCEKs have";
	if (!is_vlek(r) && f[BQ_LEAF_CSP_ID].present)
		return "a VCEK certificate with a CSP_ID, which only VLEKs have";
	return NULL;
}

static void check_type(struct bq_run *r)
{
	const char *problem = type_problem(r);
	const struct bq_leaf_value *csp = &r->ext.field[BQ_LEAF_CSP_ID];

	if (problem != NULL) {
		bq_verdict_add(r->out, "leaf.type", BQ_FAIL, "%s (SIGNING_KEY %u, issuer %s)",
			       problem, BQ_SNP_SIGNING_KEY(r->snp.key_info), r->issuer_cn);
		return;
	}
	if (field_fails(r, "leaf.type", is_vlek(r) ? BQ_LEAF_CSP_ID : BQ_LEAF_HWID, true))
		return;
	if (!is_vlek(r))
		bq_verdict_add(r->out, "leaf.type", BQ_PASS, "VCEK, issued by %s", r->issuer_cn);
	else
		bq_verdict_add(r->out, "leaf.type", r->core.allow_vlek ? BQ_PASS : BQ_FAIL,
			       "VLEK of `%.*s`, issued by %s%s", (int)csp->bytes.n,
			       (const char *)csp->bytes.p, r->issuer_cn,
			       r->core.allow_vlek ? ""
						  : "; a VLEK needs snp.allow_vlek in the policy");
}

/* `Milan` of `Milan-B0` */
static enum bq_product product_of(struct bq_view name)
{
	const uint8_t *dash = memchr(name.p, '-', name.n);

	if (dash != NULL)
		name.n = (size_t)(dash - name.p);
	return bq_product_by_name(name);
}

static void check_product(struct bq_run *r)
{
	const struct bq_leaf_value *name = &r->ext.field[BQ_LEAF_PRODUCT_NAME];
	enum bq_product cpu = bq_snp_product(&r->snp);
	bool same;

	if (field_fails(r, "leaf.product", BQ_LEAF_STRUCT_VERSION, true) ||
	    field_fails(r, "leaf.product", BQ_LEAF_PRODUCT_NAME, true))
		return;
	if (r->ext.field[BQ_LEAF_STRUCT_VERSION].number > STRUCT_VERSION_MAX) {
		bq_verdict_add(r->out, "leaf.product", BQ_FAIL,
			       "the certificate's structVersion is %u: expected 0 or 1",
			       r->ext.field[BQ_LEAF_STRUCT_VERSION].number);
		return;
	}
	same = r->product != BQ_PRODUCT_UNKNOWN && product_of(name->bytes) == r->product &&
	       (!r->snp.has_cpuid || cpu == r->product);
	if (r->snp.has_cpuid)
		bq_verdict_add(
			r->out, "leaf.product", same ? BQ_PASS : BQ_FAIL,
			"issuer %s, productName %.*s, report's CPUID family %02x model %02x (%s)",
			r->issuer_cn, (int)name->bytes.n, (const char *)name->bytes.p,
			r->snp.cpuid_family, r->snp.cpuid_model, bq_product_name(cpu));
	else
		bq_verdict_add(r->out, "leaf.product", same ? BQ_PASS : BQ_FAIL,
			       "issuer %s, productName %.*s; a version %u report has no CPUID",
			       r->issuer_cn, (int)name->bytes.n, (const char *)name->bytes.p,
			       r->snp.version);
}

static bool same_tcb(const struct bq_tcb *a, const struct bq_tcb *b)
{
	return a->has_fmc == b->has_fmc && a->fmc == b->fmc && a->bootloader == b->bootloader &&
	       a->tee == b->tee && a->snp == b->snp && a->microcode == b->microcode;
}

static void check_tcb(struct bq_run *r)
{
	const struct bq_leaf_value *f = r->ext.field;
	struct bq_tcb want = bq_tcb_read(r->snp.reported_tcb, r->product), have;
	struct bq_str a, b;

	for (unsigned i = BQ_LEAF_BOOTLOADER; i <= BQ_LEAF_FMC; i++) {
		bool required = (i < BQ_LEAF_SPL4 || i > BQ_LEAF_SPL7) &&
				(i != BQ_LEAF_FMC || want.has_fmc);

		if (field_fails(r, "leaf.tcb", (enum bq_leaf_field)i, required))
			return;
	}
	have = (struct bq_tcb){.has_fmc = f[BQ_LEAF_FMC].present,
			       .fmc = f[BQ_LEAF_FMC].number,
			       .bootloader = f[BQ_LEAF_BOOTLOADER].number,
			       .tee = f[BQ_LEAF_TEE].number,
			       .snp = f[BQ_LEAF_SNP].number,
			       .microcode = f[BQ_LEAF_MICROCODE].number};
	if (same_tcb(&want, &have))
		bq_verdict_add(r->out, "leaf.tcb", BQ_PASS, "certificate and REPORTED_TCB: %s",
			       bq_str_tcb(&a, &have));
	else
		bq_verdict_add(r->out, "leaf.tcb", BQ_FAIL,
			       "the certificate is for %s; REPORTED_TCB: %s", bq_str_tcb(&a, &have),
			       bq_str_tcb(&b, &want));
}

/* hwID is CHIP_ID, which on Turin has 8 bytes and then zeros. */
static bool chip_matches(struct bq_view hwid, struct bq_view chip_id)
{
	struct bq_view head;

	return bq_rd_take(&chip_id, hwid.n, &head) == 0 && bq_view_eq(head, hwid) &&
	       bq_view_is_zero(chip_id);
}

static void check_chip_id(struct bq_run *r)
{
	struct bq_view hwid = r->ext.field[BQ_LEAF_HWID].bytes;
	struct bq_str a, b;
	bool same;

	if (is_vlek(r)) {
		bq_skip(r, "leaf.chip_id", "a VLEK is not tied to one chip");
		return;
	}
	if (field_fails(r, "leaf.chip_id", BQ_LEAF_HWID, true))
		return;
	if (bq_view_is_zero(r->snp.chip_id)) {
		bq_skip(r, "leaf.chip_id", "the report's CHIP_ID is masked");
		return;
	}
	same = chip_matches(hwid, r->snp.chip_id);
	bq_verdict_add(r->out, "leaf.chip_id", same ? BQ_PASS : BQ_FAIL,
		       same ? "%s" : "the certificate is for chip %s; CHIP_ID: %s",
		       bq_str_hex(&a, hwid), bq_str_hex(&b, r->snp.chip_id));
}

void bq_check_leaf(struct bq_run *r)
{
	static const char *const names[] = {"leaf.type", "leaf.product", "leaf.tcb",
					    "leaf.chip_id"};

	if (r->leaf == NULL) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			bq_skip(r, names[i], "no VCEK or VLEK certificate");
		return;
	}
	check_type(r);
	check_product(r);
	check_tcb(r);
	check_chip_id(r);
}

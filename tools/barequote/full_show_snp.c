/* An SNP attestation report. */
#include <string.h>

#include "full_shown.h"

void show_tcb(struct shown *o, const char *key, struct bq_view tcb, enum bq_product product)
{
	struct bq_tcb t = bq_tcb_read(tcb, product);
	char text[96];
	struct bq_sink_buf b;

	if (!o->json) {
		bq_sink_buf_init(&b, text, sizeof(text));
		bq_put_tcb(&b.s, &t);
		shown_chars(o, key, bq_view_of(text, b.n));
		return;
	}
	shown_group(o, key);
	if (t.has_fmc)
		shown_u64(o, "fmc", t.fmc);
	shown_u64(o, "bootloader", t.bootloader);
	shown_u64(o, "tee", t.tee);
	shown_u64(o, "snp", t.snp);
	shown_u64(o, "microcode", t.microcode);
	shown_end_group(o);
}

/* `smt|single_socket`; unknown bits as a number at the end. */
static void put_bits(struct bq_sink *s, uint64_t value, const struct bq_bit *bits)
{
	const char *bar = "";

	for (; bits->name != NULL; bits++) {
		if ((value & bits->bit) == 0)
			continue;
		bq_put_str(s, bar);
		bq_put_str(s, bits->name);
		bar = "|";
		value &= ~bits->bit;
	}
	if (value != 0) {
		bq_put_str(s, bar);
		bq_put_str(s, "0x");
		bq_put_x64(s, value, 16);
	}
}

static void show_bits(struct shown *o, const char *key, uint64_t value, const struct bq_bit *bits)
{
	char text[256];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	put_bits(&b.s, value, bits);
	shown_chars(o, key, bq_view_of(text, b.n));
}

/* POLICY: the ABI version in the low bytes, a bit that is always set, flags. */
static void show_policy(struct shown *o, uint64_t policy)
{
	const uint64_t others = 0xFFFFu | BQ_SNP_POLICY_MUST_BE_ONE;
	char text[16];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_u64(&b.s, policy >> 8 & 0xFF);
	bq_put_chr(&b.s, '.');
	bq_put_u64(&b.s, policy & 0xFF);
	shown_x64(o, "policy", policy);
	show_bits(o, "policy_bits", policy & ~others, bq_snp_policy_bits);
	shown_chars(o, "policy_min_abi", bq_view_of(text, b.n));
	shown_bool(o, "debug_allowed", (policy & BQ_SNP_POLICY_DEBUG) != 0);
	shown_bool(o, "migration_allowed", (policy & BQ_SNP_POLICY_MIGRATE_MA) != 0);
}

static void show_signing(struct shown *o, const struct bq_snp *snp)
{
	uint32_t key = BQ_SNP_SIGNING_KEY(snp->key_info);
	const char *name = key == BQ_SNP_SIGNING_KEY_VCEK   ? "VCEK"
			   : key == BQ_SNP_SIGNING_KEY_VLEK ? "VLEK"
			   : key == BQ_SNP_SIGNING_KEY_NONE ? "none"
							    : NULL;

	shown_named(o, "signing_key", key, name);
	shown_named(o, "sig_algo", snp->sig_algo,
		    snp->sig_algo == BQ_SNP_SIG_ECDSA_P384 ? "ECDSA P-384 with SHA-384" : NULL);
	shown_bool(o, "mask_chip_key", (snp->key_info & BQ_SNP_KEY_MASK_CHIP_KEY) != 0);
	shown_bool(o, "author_key_en", (snp->key_info & BQ_SNP_KEY_AUTHOR_KEY_EN) != 0);
}

static void show_build(struct shown *o, const char *key, uint8_t major, uint8_t minor,
		       uint8_t build)
{
	const uint8_t part[] = {major, minor, build};
	char text[16];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < 3; i++) {
		if (i != 0)
			bq_put_chr(&b.s, '.');
		bq_put_u64(&b.s, part[i]);
	}
	shown_chars(o, key, bq_view_of(text, b.n));
}

static void show_cpuid(struct shown *o, const struct bq_snp *snp)
{
	shown_x64(o, "cpuid_family", snp->cpuid_family);
	shown_x64(o, "cpuid_model", snp->cpuid_model);
	shown_x64(o, "cpuid_stepping", snp->cpuid_step);
}

static void show_versions(struct shown *o, const struct bq_snp *snp, enum bq_product product)
{
	show_tcb(o, "reported_tcb", snp->reported_tcb, product);
	show_tcb(o, "current_tcb", snp->current_tcb, product);
	show_tcb(o, "committed_tcb", snp->committed_tcb, product);
	show_tcb(o, "launch_tcb", snp->launch_tcb, product);
	show_build(o, "current_firmware", snp->current_major, snp->current_minor,
		   snp->current_build);
	show_build(o, "committed_firmware", snp->committed_major, snp->committed_minor,
		   snp->committed_build);
}

static void show_identity(struct shown *o, const struct bq_snp *snp)
{
	shown_hex(o, "report_data", snp->report_data);
	shown_hex(o, "measurement", snp->measurement);
	shown_hex(o, "host_data", snp->host_data);
	shown_hex(o, "family_id", snp->family_id);
	shown_hex(o, "image_id", snp->image_id);
	shown_hex(o, "id_key_digest", snp->id_key_digest);
	shown_hex(o, "author_key_digest", snp->author_digest);
	shown_hex(o, "report_id", snp->report_id);
	shown_hex(o, "report_id_ma", snp->report_id_ma);
	shown_hex(o, "chip_id", snp->chip_id);
}

void show_snp(struct shown *o, const struct bq_snp *snp, enum bq_product product)
{
	if (product == BQ_PRODUCT_UNKNOWN)
		product = bq_snp_product(snp);
	shown_u64(o, "version", snp->version);
	if (snp->version > BQ_SNP_VERSION_MAX)
		shown_str(o, "version_note", "newer than this program knows: read as version 5");
	shown_str(o, "product", bq_product_name(product));
	if (product == BQ_PRODUCT_UNKNOWN && !snp->has_cpuid)
		shown_str(o, "product_note", "a version 2 report does not say: the VCEK does");
	if (snp->has_cpuid)
		show_cpuid(o, snp);
	shown_u64(o, "vmpl", snp->vmpl);
	shown_u64(o, "guest_svn", snp->guest_svn);
	show_policy(o, snp->policy);
	shown_x64(o, "platform_info", snp->platform_info);
	show_bits(o, "platform_info_bits", snp->platform_info, bq_snp_platform_bits);
	show_signing(o, snp);
	show_versions(o, snp, product);
	if (snp->has_mitigations) {
		shown_x64(o, "launch_mit_vector", snp->launch_mit_vector);
		shown_x64(o, "current_mit_vector", snp->current_mit_vector);
	}
	show_identity(o, snp);
}

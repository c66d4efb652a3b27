/* Reports: what the hardware would sign and must not be taken, and signatures
 * that are none. */
#include "forgery.h"

#define REPORT    BQ_HCL_HEADER_SIZE /* in the blob */
#define SIG_R     BQ_SNP_SIGNED_SIZE
#define SIG_S     (BQ_SNP_SIGNED_SIZE + 72)
#define SIG_END   (BQ_SNP_SIGNED_SIZE + 144)
#define P384_SIZE 48

uint8_t *writable_report(struct forge *f)
{
	return writable(&f->ev.hcl) + REPORT;
}

/* The report as the verifier will parse it. */
static struct bq_snp parsed(const struct forge *f)
{
	struct bq_hcl h;
	struct bq_snp s;

	ck_assert_int_eq(bq_hcl_parse(f->ev.hcl, &h), 0);
	ck_assert_int_eq(bq_snp_parse(h.hardware_report, &s), 0);
	return s;
}

/* Changes byte i and makes sure that this, and no more, is what is verified. */
static void flip(struct forge *f, size_t i)
{
	struct bq_view before = tight_copy(parsed(f).raw), after, hcl;
	uint8_t *raw = writable_report(f);

	raw[i] ^= 0x80;
	hcl = f->ev.hcl;
	ck_assert_int_eq(bq_view_sub(hcl, REPORT, before.n, &after), 0);
	for (size_t k = 0; k < before.n; k++)
		ck_assert_int_eq(before.p[k] ^ after.p[k], k == i ? 0x80 : 0);
}

static void flip_byte(struct forge *f)
{
	flip(f, f->variant);
}

static void flip_signature(struct forge *f)
{
	flip(f, SIG_R + f->variant);
}

static void field(struct forge *f)
{
	struct bq_view v = from_hex(f->text);
	uint8_t *raw = writable_report(f);

	memcpy(raw + f->arg, v.p, v.n);
}

static void zero(struct forge *f)
{
	memset(writable_report(f) + f->arg, 0, 72);
}

static void zero_both(struct forge *f)
{
	memset(writable_report(f) + SIG_R, 0, 144);
}

/* The order of P-384's group, little-endian. */
static void order(struct forge *f)
{
	f->text = "7329c5cc6a19ecec7aa7b048b20d1a58df2d37f4814d63c7"
		  "ffffffffffffffffffffffffffffffffffffffffffffffff";
	field(f);
}

/* The same number once the order is added, where a verifier reduces. */
static void plus_order(struct forge *f)
{
	struct bq_view before = tight_copy(parsed(f).raw);
	uint8_t *raw;
	unsigned carry = 0;

	order(f);
	raw = writable_report(f);
	for (int i = f->arg; i < f->arg + P384_SIZE; i++) {
		carry += raw[i] + before.p[i];
		raw[i] = (uint8_t)carry;
		carry >>= 8;
	}
	raw[f->arg + P384_SIZE] = (uint8_t)carry;
}

static void one(struct forge *f)
{
	writable_report(f)[f->arg] ^= 1;
}

static void other_signer(struct forge *f)
{
	f->report_key = f->keys->vlek;
}

static void version(struct forge *f)
{
	f->report.version = (uint32_t)f->arg;
}

static void sig_algo(struct forge *f)
{
	f->report.sig_algo = (uint32_t)f->arg;
}

static void masked_key(struct forge *f)
{
	f->report.key_info |= BQ_SNP_KEY_MASK_CHIP_KEY;
}

static void signing_key(struct forge *f)
{
	f->report.key_info = (uint32_t)f->arg << 2;
}

static void debug(struct forge *f)
{
	f->report.policy |= BQ_SNP_POLICY_DEBUG;
}

static void migrate_ma(struct forge *f)
{
	f->report.policy |= BQ_SNP_POLICY_MIGRATE_MA;
}

static void bit_17(struct forge *f)
{
	f->report.policy &= ~BQ_SNP_POLICY_MUST_BE_ONE;
}

static void vmpl(struct forge *f)
{
	f->report.vmpl = (uint32_t)f->arg;
}

static void over_current(struct forge *f)
{
	f->report.current_tcb.snp--;
	f->report.committed_tcb = (struct bq_tcb){0};
}

static void microcode_over_current(struct forge *f)
{
	f->report.current_tcb.microcode--;
	f->report.current_tcb.snp++;
	f->report.committed_tcb = (struct bq_tcb){0};
}

static void committed_over_current(struct forge *f)
{
	f->report.committed_tcb.bootloader = (uint8_t)(f->report.current_tcb.bootloader + 1);
}

static void bootloader_back(struct forge *f)
{
	f->report.reported_tcb.bootloader--;
}

/* Milan's has nothing to go back to. */
static void tee_back(struct forge *f)
{
	f->leaf.tcb.tee++;
}

static void snp_back(struct forge *f)
{
	f->report.reported_tcb.snp--;
}

static void microcode_back(struct forge *f)
{
	f->report.reported_tcb.microcode--;
}

static void fmc_back(struct forge *f)
{
	f->report.reported_tcb.fmc--;
}

static void other_chip(struct forge *f)
{
	f->report.chip_id[0] ^= 1;
}

static void cpuid_of_genoa(struct forge *f)
{
	f->report.cpuid_model = 0x11;
}

/* Signed by the hardware, for claims that are not these. */
static void of_other_claims(struct forge *f)
{
	memset(f->report.report_data, 0x5A, BQ_SHA256_SIZE);
	f->own_report_data = true;
}

static void second_half(struct forge *f)
{
	memset(f->report.report_data + BQ_SHA256_SIZE, 0x5A, BQ_SHA256_SIZE);
}

const struct maker report_makers[] = {
	{"report/flip-byte", milan, .spoil = flip_byte, .variants = BQ_SNP_SIGNED_SIZE},
	{"report/flip-signature", milan, .spoil = flip_signature,
	 .variants = BQ_SNP_REPORT_SIZE - BQ_SNP_SIGNED_SIZE},
	{"report/other-signer", milan, .change = other_signer},
	{"report/signature-zero", milan, .spoil = zero_both},
	{"report/r-zero", milan, .spoil = zero, .arg = SIG_R},
	{"report/s-zero", milan, .spoil = zero, .arg = SIG_S},
	{"report/r-order", milan, .spoil = order, .arg = SIG_R},
	{"report/s-order", milan, .spoil = order, .arg = SIG_S},
	{"report/r-plus-order", milan, .spoil = plus_order, .arg = SIG_R},
	{"report/s-plus-order", milan, .spoil = plus_order, .arg = SIG_S},
	{"report/r-padding", milan, .spoil = one, .arg = SIG_R + P384_SIZE},
	{"report/s-padding", milan, .spoil = one, .arg = SIG_S + 71},
	{"report/padding", milan, .spoil = one, .arg = SIG_END},
	{"report/version-0", milan, .change = version, .arg = 0},
	{"report/version-1", milan, .change = version, .arg = 1},
	{"report/version-255-unsigned", milan, .spoil = field, .arg = 0, .text = "ff000000"},
	{"report/sig-algo-0", milan, .change = sig_algo, .arg = 0},
	{"report/sig-algo-2", milan, .change = sig_algo, .arg = 2},
	{"report/masked-key", milan, .change = masked_key},
	{"report/key-vlek", milan, .change = signing_key, .arg = BQ_SNP_SIGNING_KEY_VLEK},
	{"report/key-2", milan, .change = signing_key, .arg = 2},
	{"report/key-none", milan, .change = signing_key, .arg = BQ_SNP_SIGNING_KEY_NONE},
	{"report/debug", milan, .change = debug},
	{"report/migrate-ma", milan, .change = migrate_ma},
	{"report/bit-17", milan, .change = bit_17},
	{"report/vmpl-1", milan, .change = vmpl, .arg = 1},
	{"report/vmpl-2", milan, .change = vmpl, .arg = 2},
	{"report/vmpl-3", milan, .change = vmpl, .arg = 3},
	{"report/vmpl-4", milan, .change = vmpl, .arg = 4},
	{"report/vmpl-32", milan, .change = vmpl, .arg = 32},
	{"report/debug-unsigned", milan, .change = debug, .spoil = field, .arg = 8,
	 .text = "1f00030000000000"},
	{"report/reported-over-current", milan, .change = over_current},
	{"report/microcode-over-current", milan, .change = microcode_over_current},
	{"report/committed-over-current", milan, .change = committed_over_current},
	{"report/bootloader-back", milan, .change = bootloader_back},
	{"report/tee-back", milan, .change = tee_back},
	{"report/snp-back", milan, .change = snp_back},
	{"report/microcode-back", milan, .change = microcode_back},
	{"report/fmc-back", turin, .change = fmc_back},
	{"report/other-chip", milan, .change = other_chip},
	{"report/cpuid-of-genoa", milan, .change = cpuid_of_genoa},
	{"report/other-claims", milan, .change = of_other_claims},
	{"report/data-second-half", milan, .change = second_half},
	{0},
};

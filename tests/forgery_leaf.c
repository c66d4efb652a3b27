/* Leaves that AMD's CA has signed, with extensions that do not fit the report. */
#include "forgery.h"

static void ext(struct forge *f)
{
	forge_ext(f, (enum sim_ext)f->arg, f->text);
}

static void hwid_short(struct forge *f)
{
	f->leaf.hwid_n--;
}

static void hwid_long(struct forge *f)
{
	struct sim_ext_edit *e = &f->leaf.ext[SIM_EXT_HWID];

	memcpy(e->raw, f->leaf.hwid, f->leaf.hwid_n);
	e->raw_n = f->leaf.hwid_n + 1;
}

static void hwid_of_turin_length(struct forge *f)
{
	f->leaf.hwid_n = 8;
}

static void hwid_zero(struct forge *f)
{
	memset(f->leaf.hwid, 0, f->leaf.hwid_n);
}

static void hwid_of_other_chip(struct forge *f)
{
	f->leaf.hwid[f->leaf.hwid_n - 1] ^= 1;
}

static void product_name(struct forge *f)
{
	f->leaf.product_name = f->text;
}

/* Genoa's whole chain is trusted too, and vouches for a report of a Milan. */
static void genoa_for_milan(struct forge *f)
{
	forge_begin(f, BQ_PRODUCT_GENOA, false);
	f->report = sim_report_like_azure(BQ_PRODUCT_MILAN, 3);
}

static void vlek_for_vcek(struct forge *f)
{
	f->report.key_info = BQ_SNP_SIGNING_KEY_VCEK << 2;
}

static void vcek_for_vlek(struct forge *f)
{
	f->report.key_info = BQ_SNP_SIGNING_KEY_VLEK << 2;
}

static void vlek_not_allowed(struct forge *f)
{
	f->policy = NULL;
}

/* The right values: Milan 4, 0, 24 and 0xDB; Turin's FMC 1. */
const struct maker leaf_makers[] = {
	{"leaf/bootloader-missing", milan, .change = ext, .arg = SIM_EXT_BOOTLOADER},
	{"leaf/bootloader-twice", milan, .change = ext, .arg = SIM_EXT_BOOTLOADER, .text = "+"},
	{"leaf/bootloader-plus-256", milan, .change = ext, .arg = SIM_EXT_BOOTLOADER,
	 .text = "02020104"},
	{"leaf/bootloader-negative", milan, .change = ext, .arg = SIM_EXT_BOOTLOADER,
	 .text = "0202ff04"},
	{"leaf/bootloader-tag", milan, .change = ext, .arg = SIM_EXT_BOOTLOADER, .text = "0a0104"},
	{"leaf/bootloader-trailing", milan, .change = ext, .arg = SIM_EXT_BOOTLOADER,
	 .text = "02010400"},
	{"leaf/tee-missing", milan, .change = ext, .arg = SIM_EXT_TEE},
	{"leaf/tee-twice", milan, .change = ext, .arg = SIM_EXT_TEE, .text = "+"},
	{"leaf/tee-plus-256", milan, .change = ext, .arg = SIM_EXT_TEE, .text = "02020100"},
	{"leaf/tee-negative", milan, .change = ext, .arg = SIM_EXT_TEE, .text = "0202ff00"},
	{"leaf/tee-tag", milan, .change = ext, .arg = SIM_EXT_TEE, .text = "0a0100"},
	{"leaf/tee-trailing", milan, .change = ext, .arg = SIM_EXT_TEE, .text = "02010000"},
	{"leaf/snp-missing", milan, .change = ext, .arg = SIM_EXT_SNP},
	{"leaf/snp-twice", milan, .change = ext, .arg = SIM_EXT_SNP, .text = "+"},
	{"leaf/snp-plus-256", milan, .change = ext, .arg = SIM_EXT_SNP, .text = "02020118"},
	{"leaf/snp-negative", milan, .change = ext, .arg = SIM_EXT_SNP, .text = "0202ff18"},
	{"leaf/snp-tag", milan, .change = ext, .arg = SIM_EXT_SNP, .text = "0a0118"},
	{"leaf/snp-trailing", milan, .change = ext, .arg = SIM_EXT_SNP, .text = "02011800"},
	{"leaf/microcode-missing", milan, .change = ext, .arg = SIM_EXT_MICROCODE},
	{"leaf/microcode-twice", milan, .change = ext, .arg = SIM_EXT_MICROCODE, .text = "+"},
	{"leaf/microcode-plus-256", milan, .change = ext, .arg = SIM_EXT_MICROCODE,
	 .text = "020201db"},
	{"leaf/microcode-negative", milan, .change = ext, .arg = SIM_EXT_MICROCODE,
	 .text = "0201db"},
	{"leaf/microcode-tag", milan, .change = ext, .arg = SIM_EXT_MICROCODE, .text = "0a0200db"},
	{"leaf/microcode-trailing", milan, .change = ext, .arg = SIM_EXT_MICROCODE,
	 .text = "020200db00"},
	{"leaf/fmc-missing", turin, .change = ext, .arg = SIM_EXT_FMC},
	{"leaf/fmc-twice", turin, .change = ext, .arg = SIM_EXT_FMC, .text = "+"},
	{"leaf/fmc-plus-256", turin, .change = ext, .arg = SIM_EXT_FMC, .text = "02020101"},
	{"leaf/fmc-negative", turin, .change = ext, .arg = SIM_EXT_FMC, .text = "0202ff01"},
	{"leaf/fmc-tag", turin, .change = ext, .arg = SIM_EXT_FMC, .text = "0a0101"},
	{"leaf/fmc-trailing", turin, .change = ext, .arg = SIM_EXT_FMC, .text = "02010100"},
	{"leaf/fmc-on-milan", milan, .change = ext, .arg = SIM_EXT_FMC, .text = "!"},
	{"leaf/hwid-missing", milan, .change = ext, .arg = SIM_EXT_HWID},
	{"leaf/hwid-twice", milan, .change = ext, .arg = SIM_EXT_HWID, .text = "+"},
	{"leaf/hwid-short", milan, .change = hwid_short},
	{"leaf/hwid-long", milan, .change = hwid_long},
	{"leaf/hwid-8-of-64", milan, .change = hwid_of_turin_length},
	{"leaf/hwid-zero", milan, .change = hwid_zero},
	{"leaf/hwid-other-chip", milan, .change = hwid_of_other_chip},
	{"leaf/hwid-short-turin", turin, .change = hwid_short},
	{"leaf/hwid-other-chip-turin", turin, .change = hwid_of_other_chip},
	{"leaf/vlek-with-hwid", milan_vlek, .change = ext, .arg = SIM_EXT_HWID, .text = "!"},
	{"leaf/vlek-without-csp", milan_vlek, .change = ext, .arg = SIM_EXT_CSP_ID},
	{"leaf/vcek-with-csp", milan, .change = ext, .arg = SIM_EXT_CSP_ID, .text = "!"},
	{"leaf/vlek-not-allowed", milan_vlek, .change = vlek_not_allowed},
	{"leaf/vlek-for-vcek-report", milan_vlek, .change = vlek_for_vcek},
	{"leaf/vcek-for-vlek-report", milan, .change = vcek_for_vlek},
	{"leaf/name-of-genoa", milan, .change = product_name, .text = "Genoa"},
	{"leaf/name-longer", milan, .change = product_name, .text = "Milano"},
	{"leaf/name-lower-case", milan, .change = product_name, .text = "milan"},
	{"leaf/name-missing", milan, .change = ext, .arg = SIM_EXT_PRODUCT_NAME},
	{"leaf/name-twice", milan, .change = ext, .arg = SIM_EXT_PRODUCT_NAME, .text = "+"},
	{"leaf/struct-version-2", milan, .change = ext, .arg = SIM_EXT_STRUCT_VERSION,
	 .text = "020102"},
	{"leaf/genoa-for-milan", milan, .change = genoa_for_milan},
	{0},
};

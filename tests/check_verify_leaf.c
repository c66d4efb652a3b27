/* leaf.*: AMD's extensions, and their agreement with the report. */
#include "forge.h"

#include <string.h>

#include <barequote/leaf.h>

#define TURIN BQ_PRODUCT_TURIN
#define MILAN BQ_PRODUCT_MILAN

/* A certificate of the right CA for the right key, with this in an extension
 * instead of the right value, or with none. */
static const struct {
	enum bq_product p;
	bool vlek;
	enum sim_ext ext;
	const char *raw; /* as forge_ext() takes it */
	const char *fails, *words;
} exts[] = {
	{MILAN, false, SIM_EXT_STRUCT_VERSION, NULL, "leaf.product", "structVersion is missing"},
	{MILAN, false, SIM_EXT_STRUCT_VERSION, "+", "leaf.product", "twice"},
	{MILAN, false, SIM_EXT_STRUCT_VERSION, "020102", "leaf.product", "is 2"},
	{MILAN, false, SIM_EXT_STRUCT_VERSION, "0500", "leaf.product", "no INTEGER"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, NULL, "leaf.product", "missing"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "+", "leaf.product", "twice"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "16054d696c616e", "", "productName Milan,"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "16084d696c616e2d4232", "", "Milan-B2"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "1605476f6e6f61", "leaf.product", "Gonoa"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "160547656e6f61", "leaf.product", "Genoa"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "16064d696c616e6f", "leaf.product", "Milano"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "16032d4230", "leaf.product", "-B0"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "0c054d696c616e", "leaf.product", "no IA5String"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "16064d696c616e", "leaf.product", "no IA5String"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "16044d696c616e", "leaf.product", "no IA5String"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "16054d696c61ee", "leaf.product", "do not print"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "16054d696c6100", "leaf.product", "do not print"},
	{MILAN, false, SIM_EXT_PRODUCT_NAME, "1600", "leaf.product", "no IA5String"},
	{MILAN, false, SIM_EXT_BOOTLOADER, NULL, "leaf.tcb", "bootloader SPL is missing"},
	{MILAN, false, SIM_EXT_BOOTLOADER, "+", "leaf.tcb", "twice"},
	{MILAN, false, SIM_EXT_BOOTLOADER, "020105", "leaf.tcb", "bootloader 5"},
	{MILAN, false, SIM_EXT_TEE, NULL, "leaf.tcb", "TEE SPL is missing"},
	{MILAN, false, SIM_EXT_TEE, "+", "leaf.tcb", "twice"},
	{MILAN, false, SIM_EXT_TEE, "020101", "leaf.tcb", "TEE 1"},
	{MILAN, false, SIM_EXT_SNP, NULL, "leaf.tcb", "SNP SPL is missing"},
	{MILAN, false, SIM_EXT_SNP, "+", "leaf.tcb", "twice"},
	{MILAN, false, SIM_EXT_SNP, "020119", "leaf.tcb", "SNP 25"},
	{MILAN, false, SIM_EXT_MICROCODE, NULL, "leaf.tcb", "microcode SPL is missing"},
	{MILAN, false, SIM_EXT_MICROCODE, "+", "leaf.tcb", "twice"},
	/* 0xDB is right, and this is what it must not be taken for */
	{MILAN, false, SIM_EXT_MICROCODE, "020200db", "", "microcode 219"},
	{MILAN, false, SIM_EXT_MICROCODE, "0201db", "leaf.tcb", "out of range"},
	{MILAN, false, SIM_EXT_MICROCODE, "020201db", "leaf.tcb", "out of range"},
	{MILAN, false, SIM_EXT_MICROCODE, "0202ffdb", "leaf.tcb", "out of range"},
	{MILAN, false, SIM_EXT_MICROCODE, "02030000db", "leaf.tcb", "out of range"},
	{MILAN, false, SIM_EXT_MICROCODE, "020201000000db", "leaf.tcb", "no INTEGER"},
	{MILAN, false, SIM_EXT_MICROCODE, "028200db", "leaf.tcb", "no INTEGER"},
	{MILAN, false, SIM_EXT_MICROCODE, "02810200db", "leaf.tcb", "no INTEGER"},
	{MILAN, false, SIM_EXT_MICROCODE, "020200db00", "leaf.tcb", "no INTEGER"},
	{MILAN, false, SIM_EXT_MICROCODE, "040200db", "leaf.tcb", "no INTEGER"},
	{MILAN, false, SIM_EXT_MICROCODE, "0200", "leaf.tcb", "out of range"},
	{MILAN, false, SIM_EXT_MICROCODE, "02", "leaf.tcb", "no INTEGER"},
	{MILAN, false, SIM_EXT_TEE, "02020000", "leaf.tcb", "not DER"},
	{MILAN, false, SIM_EXT_TEE, "020180", "leaf.tcb", "out of range"},
	/* reserved: may be missing, not malformed */
	{MILAN, false, SIM_EXT_SPL4, NULL, "", ""},
	{MILAN, false, SIM_EXT_SPL4, "+", "leaf.tcb", "SPL 4 is there twice"},
	{MILAN, false, SIM_EXT_SPL7, "0500", "leaf.tcb", "SPL 7 is no INTEGER"},
	{MILAN, false, SIM_EXT_FMC, "!", "leaf.tcb", "FMC"},
	{TURIN, false, SIM_EXT_FMC, NULL, "leaf.tcb", "FMC SPL is missing"},
	{TURIN, false, SIM_EXT_FMC, "020102", "leaf.tcb", "FMC 2"},
	{TURIN, false, SIM_EXT_FMC, "+", "leaf.tcb", "twice"},
	{MILAN, false, SIM_EXT_HWID, NULL, "leaf.type leaf.chip_id", "hwID is missing"},
	{MILAN, false, SIM_EXT_HWID, "+", "leaf.type leaf.chip_id", "twice"},
	{MILAN, false, SIM_EXT_HWID, "0102030405060708", "leaf.chip_id", "0102030405060708"},
	{MILAN, false, SIM_EXT_HWID, "010203", "leaf.type leaf.chip_id", "bare bytes"},
	{MILAN, false, SIM_EXT_HWID, "04020102", "leaf.type leaf.chip_id", "64 or 8"},
	{MILAN, false, SIM_EXT_CSP_ID, "!", "leaf.type", "CSP_ID, which only VLEKs have"},
	{MILAN, true, SIM_EXT_CSP_ID, NULL, "leaf.type", "CSP_ID is missing"},
	{MILAN, true, SIM_EXT_CSP_ID, "+", "leaf.type", "twice"},
	{MILAN, true, SIM_EXT_CSP_ID, "1600", "leaf.type", "no IA5String"},
	{MILAN, true, SIM_EXT_HWID, "!", "leaf.type", "hwID, which only VCEKs have"},
};

START_TEST(extensions)
{
	struct bq_verdict v;
	struct forge f;
	const char *fails = exts[_i].fails;
	char check[32] = "";

	forge_begin(&f, exts[_i].p, exts[_i].vlek);
	forge_ext(&f, exts[_i].ext, exts[_i].raw);
	forge_make(&f);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, fails);
	if (fails[0] == '\0')
		fails = exts[_i].ext == SIM_EXT_PRODUCT_NAME ? "leaf.product" : "leaf.tcb";
	memcpy(check, fails, strcspn(fails, " "));
	assert_detail(&v, check, exts[_i].words);
}
END_TEST

/* Lengths over 127 take more than one byte: 0x90 is not 144. */
START_TEST(long_form)
{
	ASN1_OBJECT *oid = OBJ_txt2obj("1.3.6.1.4.1.3704.1.5", 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	uint8_t der[2 + 144] = {0x16, 0x90};
	struct bq_leaf leaf;
	X509_EXTENSION *e;
	X509 *x = X509_new();

	memset(der + 2, 'a', 144);
	ck_assert_int_eq(ASN1_OCTET_STRING_set(value, der, sizeof(der)), 1);
	e = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, value);
	ck_assert(e != NULL && X509_add_ext(x, e, -1) == 1);
	bq_leaf_read(x, &leaf);
	ck_assert(leaf.field[BQ_LEAF_CSP_ID].present);
	ck_assert_str_eq(leaf.field[BQ_LEAF_CSP_ID].problem, "is no IA5String");
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
	X509_free(x);
}
END_TEST

/* The other way about: the right certificate, and another report. */
static void other_bootloader(struct forge *f)
{
	f->report.reported_tcb.bootloader--;
}

static void other_tee(struct forge *f)
{
	f->leaf.tcb.tee++;
}

static void other_snp(struct forge *f)
{
	f->report.reported_tcb.snp--;
}

static void other_microcode(struct forge *f)
{
	f->report.reported_tcb.microcode--;
}

static void other_fmc(struct forge *f)
{
	forge_begin(f, TURIN, false);
	f->report.reported_tcb.fmc--;
}

static void other_chip(struct forge *f)
{
	f->report.chip_id[63] ^= 1;
}

static void other_chip_turin(struct forge *f)
{
	forge_begin(f, TURIN, false);
	f->report.chip_id[0] ^= 1;
}

/* Eight bytes are all of a Turin's: what follows must be zero. */
static void long_chip_turin(struct forge *f)
{
	forge_begin(f, TURIN, false);
	f->report.chip_id[8] = 1;
}

static void masked_chip(struct forge *f)
{
	memset(f->report.chip_id, 0, sizeof(f->report.chip_id));
}

static void wrapped_hwid(struct forge *f)
{
	struct sim_ext_edit *e = &f->leaf.ext[SIM_EXT_HWID];

	e->raw[0] = 0x04;
	e->raw[1] = 64;
	memcpy(e->raw + 2, f->leaf.hwid, 64);
	e->raw_n = 66;
}

static void wrapped_hwid_turin(struct forge *f)
{
	struct sim_ext_edit *e = &f->leaf.ext[SIM_EXT_HWID];

	forge_begin(f, TURIN, false);
	e->raw[0] = 0x04;
	e->raw[1] = 8;
	memcpy(e->raw + 2, f->leaf.hwid, 8);
	e->raw_n = 10;
}

static void cpuid_of_genoa(struct forge *f)
{
	f->report.cpuid_model = 0x11;
}

static void cpuid_of_nothing(struct forge *f)
{
	f->report.cpuid_family = 0x99;
}

static void no_cpuid(struct forge *f)
{
	f->report.version = 2;
	f->report.cpuid_family = 0x99;
}

static void bergamo(struct forge *f)
{
	forge_begin(f, BQ_PRODUCT_GENOA, false);
	f->report.cpuid_model = 0xA0;
}

static void report_of_vlek(struct forge *f)
{
	f->report.key_info = BQ_SNP_SIGNING_KEY_VLEK << 2;
}

static void vlek_report_of_vcek(struct forge *f)
{
	forge_begin(f, MILAN, true);
	f->report.key_info = 0;
}

static void vlek_not_allowed(struct forge *f)
{
	forge_begin(f, MILAN, true);
	f->policy = NULL;
}

static void vlek_of_any_chip(struct forge *f)
{
	forge_begin(f, MILAN, true);
	f->report.chip_id[0] ^= 1;
}

static const struct forgery reports[] = {
	{other_bootloader, "leaf.tcb"},
	{other_tee, "leaf.tcb"},
	{other_snp, "leaf.tcb"},
	{other_microcode, "leaf.tcb"},
	{other_fmc, "leaf.tcb"},
	{other_chip, "leaf.chip_id"},
	{other_chip_turin, "leaf.chip_id"},
	{long_chip_turin, "leaf.chip_id"},
	{masked_chip, ""},
	{wrapped_hwid, ""},
	{wrapped_hwid_turin, ""},
	{cpuid_of_genoa, "leaf.product"},
	{cpuid_of_nothing, "leaf.product"},
	{no_cpuid, ""},
	{bergamo, ""},
	{report_of_vlek, "leaf.type"},
	{vlek_report_of_vcek, "leaf.type"},
	{vlek_not_allowed, "leaf.type"},
	{vlek_of_any_chip, ""},
};

START_TEST(other_report)
{
	struct forge f;

	forge_begin(&f, MILAN, false);
	reports[_i].how(&f);
	forge_fails(&f, reports[_i].fails);
}
END_TEST

START_TEST(not_tied_to_a_chip)
{
	struct bq_verdict v;
	struct forge f;

	forge_begin(&f, MILAN, _i != 0);
	masked_chip(&f);
	forge_make(&f);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_result(&v, "leaf.chip_id", BQ_SKIP);
	assert_detail(&v, "leaf.chip_id", _i != 0 ? "VLEK" : "masked");
}
END_TEST

Suite *suite_verify_leaf(void)
{
	Suite *s = suite_create("verify_leaf");
	TCase *tc = tcase_create("verify_leaf");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_loop_test(tc, extensions, 0, (int)(sizeof(exts) / sizeof(exts[0])));
	tcase_add_test(tc, long_form);
	tcase_add_loop_test(tc, other_report, 0, (int)(sizeof(reports) / sizeof(reports[0])));
	tcase_add_loop_test(tc, not_tied_to_a_chip, 0, 2);
	suite_add_tcase(s, tc);
	return s;
}

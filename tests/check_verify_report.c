/* report.*: a bare report with one field wrong, signed like that, or changed
 * after it was signed. */
#include "forge.h"

#include <string.h>

#define SIG_R 0x2A0
#define SIG_S 0x2E8

static void nothing(struct forge *f)
{
	(void)f;
}

static void newer(struct forge *f)
{
	f->report.version = 6;
}

static void version_5(struct forge *f)
{
	f->report.version = 5;
}

static void sig_algo_0(struct forge *f)
{
	f->report.sig_algo = 0;
}

static void sig_algo_2(struct forge *f)
{
	f->report.sig_algo = 2;
}

static void masked_key(struct forge *f)
{
	f->report.key_info |= BQ_SNP_KEY_MASK_CHIP_KEY;
}

static void no_key(struct forge *f)
{
	f->report.key_info |= BQ_SNP_SIGNING_KEY_NONE << 2;
}

static void unknown_key(struct forge *f)
{
	f->report.key_info |= 2u << 2;
}

static void author_key(struct forge *f)
{
	f->report.key_info |= BQ_SNP_KEY_AUTHOR_KEY_EN;
}

static void other_signer(struct forge *f)
{
	f->report_key = f->keys->vlek;
}

static void policy_bit_17(struct forge *f)
{
	f->report.policy &= ~BQ_SNP_POLICY_MUST_BE_ONE;
}

static void debug(struct forge *f)
{
	f->report.policy |= BQ_SNP_POLICY_DEBUG;
}

static void debug_wanted(struct forge *f)
{
	debug(f);
	f->policy = "{\"snp\":{\"policy\":{\"debug\":true}}}";
}

static void migrate_ma(struct forge *f)
{
	f->report.policy |= BQ_SNP_POLICY_MIGRATE_MA;
}

static void migrate_ma_wanted(struct forge *f)
{
	migrate_ma(f);
	f->policy = "{\"snp\":{\"policy\":{\"migrate_ma\":true}}}";
}

static void debug_wanted_only(struct forge *f)
{
	debug_wanted(f);
	migrate_ma(f);
}

static void vmpl_1(struct forge *f)
{
	f->report.vmpl = 1;
}

static void vmpl_1_allowed(struct forge *f)
{
	vmpl_1(f);
	f->policy = "{\"snp\":{\"vmpl\":[0,1]}}";
}

static void vmpl_0_not_allowed(struct forge *f)
{
	f->policy = "{\"snp\":{\"vmpl\":[1]}}";
}

/* Shifting a set of bits by it would find bit 0. */
static void vmpl_32(struct forge *f)
{
	f->report.vmpl = 32;
}

static void vmpl_4(struct forge *f)
{
	f->report.vmpl = 4;
}

static void reported_over_current(struct forge *f)
{
	f->report.current_tcb.snp = (uint8_t)(f->report.reported_tcb.snp - 1);
	f->report.committed_tcb.snp = 0;
}

static void committed_over_current(struct forge *f)
{
	f->report.committed_tcb.microcode = (uint8_t)(f->report.current_tcb.microcode + 1);
}

/* Lower in one component is lower, whatever the others are. */
static void mixed_tcb(struct forge *f)
{
	f->report.current_tcb = f->report.reported_tcb;
	f->report.current_tcb.microcode++;
	f->report.current_tcb.bootloader--;
	f->report.committed_tcb = (struct bq_tcb){0};
}

/* What Azure does. */
static void committed_far_behind(struct forge *f)
{
	f->report.committed_tcb = (struct bq_tcb){0};
}

static const struct forgery cases[] = {
	{nothing, ""},
	{newer, ""},
	{version_5, ""},
	{sig_algo_0, "report.sig_algo"},
	{sig_algo_2, "report.sig_algo"},
	{masked_key, "report.key"},
	{no_key, "leaf.type report.key"},
	{unknown_key, "leaf.type report.key"},
	{author_key, ""},
	{other_signer, "report.signature"},
	{policy_bit_17, "report.policy"},
	{debug, "report.policy"},
	{debug_wanted, ""},
	{migrate_ma, "report.policy"},
	{migrate_ma_wanted, ""},
	{debug_wanted_only, "report.policy"},
	{vmpl_1, "report.vmpl"},
	{vmpl_1_allowed, ""},
	{vmpl_0_not_allowed, "report.vmpl policy.snp.vmpl"},
	{vmpl_32, "report.vmpl"},
	{vmpl_4, "report.vmpl"},
	{reported_over_current, "report.tcb"},
	{committed_over_current, "report.tcb"},
	{mixed_tcb, "report.tcb"},
	{committed_far_behind, ""},
};

START_TEST(fields)
{
	struct forge f;

	forge_begin_bare(&f, BQ_PRODUCT_MILAN, false);
	cases[_i].how(&f);
	forge_fails(&f, cases[_i].fails);
}
END_TEST

/* Turin's components lie elsewhere: the byte of its FMC is Milan's bootloader. */
START_TEST(turin_tcb)
{
	struct forge f;

	forge_begin_bare(&f, BQ_PRODUCT_TURIN, false);
	if (_i == 1)
		f.report.committed_tcb.fmc = (uint8_t)(f.report.current_tcb.fmc + 1);
	forge_fails(&f, _i == 1 ? "report.tcb" : "");
}
END_TEST

/* Every signed byte, and every byte of the signature and of what follows it. */
START_TEST(each_byte_counts)
{
	struct bq_verdict v;
	struct forge f;
	struct bq_verifier *verifier;
	uint8_t *raw;

	forge_begin_bare(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	verifier = forge_verifier(&f);
	raw = writable(&f.ev.report);
	for (size_t i = (size_t)_i; i < f.ev.report.n; i += 8) {
		raw[i] ^= 0x10;
		(void)bq_verify(verifier, &f.ev, &f.expect, &v);
		assert_result(&v, "report.signature", BQ_FAIL);
		ck_assert(!v.accepted);
		raw[i] ^= 0x10;
	}
	ck_assert_int_eq(bq_verify(verifier, &f.ev, &f.expect, &v), 0);
	assert_failures(&v, "");
	bq_verifier_free(verifier);
}
END_TEST

/* Signatures that fool verifiers which leave the ranges to arithmetic: r or s
 * zero, r or s the order of the group, and more than 48 bytes of either. */
START_TEST(degenerate_signatures)
{
	static const char order[] = "7329c5cc6a19ecec7aa7b048b20d1a58df2d37f4814d63c7"
				    "ffffffffffffffffffffffffffffffffffffffffffffffff";
	struct bq_view n = from_hex(order);
	struct bq_verdict v;
	struct forge f;
	uint8_t *raw;

	forge_begin_bare(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	raw = writable(&f.ev.report);
	if (_i == 0)
		memset(raw + SIG_R, 0, 144);
	if (_i == 1)
		memset(raw + SIG_R, 0, 72);
	if (_i == 2)
		memset(raw + SIG_S, 0, 72);
	if (_i == 3)
		memcpy(raw + SIG_R, n.p, n.n);
	if (_i == 4)
		memcpy(raw + SIG_S, n.p, n.n);
	if (_i == 5)
		raw[SIG_R + 48] = 1;
	if (_i == 6)
		raw[SIG_S + 71] = 0x80;
	if (_i == 7)
		raw[SIG_S + 72] = 1;
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "report.signature");
}
END_TEST

START_TEST(newer_is_visible)
{
	struct bq_verdict v;
	struct forge f;

	forge_begin_bare(&f, BQ_PRODUCT_MILAN, false);
	newer(&f);
	forge_make(&f);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_detail(&v, "report.version", "6, NEWER");
}
END_TEST

START_TEST(report_data)
{
	uint8_t data[64];
	struct bq_verdict v;
	struct forge f;

	forge_begin_bare(&f, BQ_PRODUCT_MILAN, false);
	memset(f.report.report_data, 0x5A, 64);
	memcpy(data, f.report.report_data, 64);
	forge_make(&f);
	f.expect = (struct bq_expect){.has_report_data = true, .report_data = {data, 64}};
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");
	assert_result(&v, "report.report_data", BQ_PASS);

	data[63] ^= 1;
	(void)forge_verify(&f, &v);
	assert_failures(&v, "report.report_data");
	data[63] ^= 1;
	f.expect.report_data.n = 63;
	(void)forge_verify(&f, &v);
	assert_failures(&v, "report.report_data");
	f.expect.report_data.n = 0;
	(void)forge_verify(&f, &v);
	assert_failures(&v, "report.report_data");

	/* A nonce is not REPORT_DATA, and not an excuse for its absence. */
	f.expect = (struct bq_expect){.has_nonce = true, .nonce = {data, 64}};
	(void)forge_verify(&f, &v);
	assert_failures(&v, "report.report_data");
	assert_detail(&v, "report.report_data", "--report-data");
	f.expect.has_report_data = true;
	f.expect.report_data = bq_view_of(data, 64);
	(void)forge_verify(&f, &v);
	assert_failures(&v, "report.report_data");
	assert_detail(&v, "report.report_data", "both");
	f.expect = (struct bq_expect){.no_nonce = true};
	(void)forge_verify(&f, &v);
	assert_failures(&v, "");
	assert_result(&v, "report.report_data", BQ_SKIP);
}
END_TEST

static int verify_report(struct bq_view report, struct bq_verdict *v)
{
	struct forge f;

	forge_begin_bare(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	f.ev.report = report;
	return forge_verify(&f, v);
}

START_TEST(malformed)
{
	uint8_t raw[BQ_SNP_REPORT_SIZE + 1] = {1};
	struct bq_verdict v;

	ck_assert_int_eq(verify_report(bq_view_of(raw, 1184), &v), BQ_E_SNP_VERSION);
	assert_failures(&v, "input.format");
	raw[0] = 2;
	ck_assert_int_eq(verify_report(bq_view_of(raw, 1183), &v), BQ_E_SNP_SIZE);
	assert_failures(&v, "input.format");
	ck_assert_int_eq(verify_report(bq_view_of(raw, 1185), &v), BQ_E_SNP_SIZE);
	ck_assert_int_eq(verify_report(bq_view_of(NULL, 0), &v), BQ_E_SNP_SIZE);
	for (unsigned i = 1; i < v.n; i++)
		ck_assert_int_eq(v.checks[i].result, BQ_SKIP);
	ck_assert_ptr_eq(bq_verdict_first_failure(&v), &v.checks[0]);
}
END_TEST

Suite *suite_verify_report(void)
{
	Suite *s = suite_create("verify_report");
	TCase *tc = tcase_create("verify_report");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_loop_test(tc, fields, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tc, turin_tcb, 0, 2);
	tcase_add_loop_test(tc, each_byte_counts, 0, 8);
	tcase_add_loop_test(tc, degenerate_signatures, 0, 8);
	tcase_add_test(tc, newer_is_visible);
	tcase_add_test(tc, report_data);
	tcase_add_test(tc, malformed);
	suite_add_tcase(s, tc);
	return s;
}

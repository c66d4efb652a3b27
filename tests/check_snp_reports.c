/* TCB versions, and whole reports: captured ones and the synthetic vectors. */
#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

START_TEST(tcb_layouts)
{
	static const enum bq_product old[] = {BQ_PRODUCT_UNKNOWN, BQ_PRODUCT_MILAN,
					      BQ_PRODUCT_GENOA};
	struct bq_view raw = VIEW("\x10\x11\x12\x13\x14\x15\x16\x17");
	struct bq_tcb t;

	for (size_t i = 0; i < COUNT(old); i++) {
		t = bq_tcb_read(tight_copy(raw), old[i]);
		ck_assert(!t.has_fmc);
		ck_assert_uint_eq(t.fmc, 0);
		ck_assert_uint_eq(t.bootloader, 0x10);
		ck_assert_uint_eq(t.tee, 0x11);
		ck_assert_uint_eq(t.snp, 0x16);
		ck_assert_uint_eq(t.microcode, 0x17);
	}
	t = bq_tcb_read(tight_copy(raw), BQ_PRODUCT_TURIN);
	ck_assert(t.has_fmc);
	ck_assert_uint_eq(t.fmc, 0x10);
	ck_assert_uint_eq(t.bootloader, 0x11);
	ck_assert_uint_eq(t.tee, 0x12);
	ck_assert_uint_eq(t.snp, 0x13);
	ck_assert_uint_eq(t.microcode, 0x17);
}
END_TEST

START_TEST(tcb_compares_each_component)
{
	const struct bq_tcb base = {true, 5, 5, 5, 5, 5};
	struct bq_tcb a = base;
	uint8_t *const part[] = {&a.fmc, &a.bootloader, &a.tee, &a.snp, &a.microcode};

	ck_assert(bq_tcb_at_least(&base, &base));
	for (size_t i = 0; i < COUNT(part); i++) {
		/* One lower, all others far higher: a u64 would hide it. */
		a = (struct bq_tcb){true, 200, 200, 200, 200, 200};
		*part[i] = 4;
		ck_assert(!bq_tcb_at_least(&a, &base));
		*part[i] = 5;
		ck_assert(bq_tcb_at_least(&a, &base));
		ck_assert(!bq_tcb_at_least(&base, &a));
	}
}
END_TEST

static void check_tcb_text(const struct bq_tcb *t, const char *text)
{
	char out[100];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, out, sizeof(out));
	bq_put_tcb(&b.s, t);
	ck_assert_int_eq(b.s.err, 0);
	ck_assert_view_eq(bq_view_of(out, b.n), bq_view_str(text));
}

START_TEST(tcb_text)
{
	const struct bq_tcb milan = {.bootloader = 3, .snp = 8, .microcode = 115};
	const struct bq_tcb turin = {true, 1, 2, 3, 4, 255};

	check_tcb_text(&milan, "bootloader 3, TEE 0, SNP 8, microcode 115");
	check_tcb_text(&turin, "FMC 1, bootloader 2, TEE 3, SNP 4, microcode 255");
}
END_TEST

struct expected {
	const char *name;
	uint32_t version, guest_svn;
	uint64_t policy, platform_info;
	uint32_t vmpl, key_info;
	enum bq_product product;
	uint8_t minor, build;
	const char *reported, *current, *committed, *launch;
	const char *chip; /* first four bytes */
};

#define MILAN_115 "bootloader 3, TEE 0, SNP 8, microcode 115"
#define MILAN_219 "bootloader 4, TEE 0, SNP 24, microcode 219"

static const struct expected captures[] = {
	{"azure-milan-2023/hcl-report.bin", 2, 5, 0x3001F, 0x01, 0, 0, BQ_PRODUCT_UNKNOWN, 52, 4,
	 MILAN_115, "bootloader 3, TEE 0, SNP 8, microcode 210", MILAN_115, MILAN_115, "19752a44"},
	{"azure-milan-2023b/hcl-report.bin", 2, 2, 0x3001F, 0x01, 0, 0, BQ_PRODUCT_UNKNOWN, 52, 4,
	 MILAN_115, "bootloader 3, TEE 0, SNP 8, microcode 206", MILAN_115, MILAN_115, "3a5d5b1d"},
	{"snp-milan-v2/report.bin", 2, 0, 0x30000, 0x01, 0, 0, BQ_PRODUCT_UNKNOWN, 52, 4, MILAN_115,
	 MILAN_115, MILAN_115, MILAN_115, "d49554ec"},
	{"snp-milan-v3/report.bin", 3, 2, 0x3001F, 0x25, 0, 0, BQ_PRODUCT_MILAN, 55, 29, MILAN_219,
	 MILAN_219, MILAN_219, MILAN_219, "4ffb5cb4"},
	{"snp-vlek-v3/report.bin", 3, 0, 0x30000, 0x27, 1, 4, BQ_PRODUCT_MILAN, 55, 29,
	 "bootloader 4, TEE 0, SNP 24, microcode 217", "bootloader 4, TEE 0, SNP 24, microcode 220",
	 MILAN_219, MILAN_219, "00000000"},
};

static const struct expected vectors[] = {
	{"snp-v2.bin", 2, 7, 0x3001F, 0x25, 0, 0, BQ_PRODUCT_UNKNOWN, 55, 29, MILAN_115,
	 "bootloader 3, TEE 0, SNP 8, microcode 117", MILAN_115,
	 "bootloader 3, TEE 0, SNP 8, microcode 116", "a0a1a2a3"},
	{"snp-v3-milan.bin", 3, 7, 0x3001F, 0x25, 0, 0, BQ_PRODUCT_MILAN, 55, 29, MILAN_219,
	 "bootloader 4, TEE 0, SNP 24, microcode 221", MILAN_219,
	 "bootloader 4, TEE 0, SNP 24, microcode 220", "a0a1a2a3"},
	{"snp-v4-genoa.bin", 4, 7, 0x3001F, 0x25, 0, 0, BQ_PRODUCT_GENOA, 55, 29,
	 "bootloader 10, TEE 0, SNP 23, microcode 84", "bootloader 10, TEE 0, SNP 23, microcode 86",
	 "bootloader 10, TEE 0, SNP 23, microcode 84", "bootloader 10, TEE 0, SNP 23, microcode 85",
	 "a0a1a2a3"},
	{"snp-v5-turin.bin", 5, 7, 0x3001F, 0x25, 0, 0, BQ_PRODUCT_TURIN, 55, 29,
	 "FMC 1, bootloader 2, TEE 3, SNP 4, microcode 77",
	 "FMC 1, bootloader 2, TEE 3, SNP 4, microcode 79",
	 "FMC 1, bootloader 2, TEE 3, SNP 4, microcode 77",
	 "FMC 1, bootloader 2, TEE 3, SNP 4, microcode 78", "a0a1a2a3"},
	{"snp-v255.bin", 255, 7, 0x3001F, 0x25, 0, 0, BQ_PRODUCT_MILAN, 55, 29, MILAN_219,
	 "bootloader 4, TEE 0, SNP 24, microcode 221", MILAN_219,
	 "bootloader 4, TEE 0, SNP 24, microcode 220", "a0a1a2a3"},
};

static void check_tcb(const struct bq_snp *s, struct bq_view raw, const char *text)
{
	struct bq_tcb t = bq_tcb_read(raw, bq_snp_product(s));

	check_tcb_text(&t, text);
}

/* file is a report, or an HCL blob around one. */
static void check_report(struct bq_view file, const struct expected *x)
{
	struct bq_view raw = {0};
	struct bq_snp s = {0};

	ck_assert_int_eq(bq_view_sub(file, file.n == BQ_SNP_REPORT_SIZE ? 0 : BQ_HCL_HEADER_SIZE,
				     BQ_SNP_REPORT_SIZE, &raw),
			 0);
	ck_assert_int_eq(bq_snp_parse(tight_copy(raw), &s), 0);
	ck_assert_uint_eq(s.version, x->version);
	ck_assert_uint_eq(s.guest_svn, x->guest_svn);
	ck_assert_uint_eq(s.policy, x->policy);
	ck_assert_uint_eq(s.platform_info, x->platform_info);
	ck_assert_uint_eq(s.vmpl, x->vmpl);
	ck_assert_uint_eq(s.key_info, x->key_info);
	ck_assert_uint_eq(s.sig_algo, BQ_SNP_SIG_ECDSA_P384);
	ck_assert_int_eq(bq_snp_product(&s), x->product);
	ck_assert_uint_eq(s.current_major, 1);
	ck_assert_uint_eq(s.current_minor, x->minor);
	ck_assert_uint_eq(s.current_build, x->build);
	check_tcb(&s, s.reported_tcb, x->reported);
	check_tcb(&s, s.current_tcb, x->current);
	check_tcb(&s, s.committed_tcb, x->committed);
	check_tcb(&s, s.launch_tcb, x->launch);
	ck_assert_view_eq(bq_view_of(s.chip_id.p, 4), from_hex(x->chip));
	ck_assert(bq_view_is_zero(bq_view_of(s.sig_r.p + 48, 24)));
	ck_assert(!bq_view_is_zero(bq_view_of(s.sig_s.p, 48)));
}

START_TEST(captures_parse)
{
	check_report(read_capture(captures[_i].name), &captures[_i]);
}
END_TEST

START_TEST(vectors_parse)
{
	check_report(read_vector(vectors[_i].name), &vectors[_i]);
}
END_TEST

START_TEST(signing_key)
{
	struct bq_snp s = {0};

	ck_assert_int_eq(bq_snp_parse(read_capture("snp-vlek-v3/report.bin"), &s), 0);
	ck_assert_uint_eq(BQ_SNP_SIGNING_KEY(s.key_info), BQ_SNP_SIGNING_KEY_VLEK);
	ck_assert_int_eq(bq_snp_parse(read_capture("snp-milan-v3/report.bin"), &s), 0);
	ck_assert_uint_eq(BQ_SNP_SIGNING_KEY(s.key_info), BQ_SNP_SIGNING_KEY_VCEK);
}
END_TEST

Suite *suite_snp_reports(void)
{
	Suite *s = suite_create("snp_reports");
	TCase *tc = tcase_create("snp_reports");

	tcase_add_test(tc, tcb_layouts);
	tcase_add_test(tc, tcb_compares_each_component);
	tcase_add_test(tc, tcb_text);
	tcase_add_capture_loop_test(tc, captures_parse, 0, COUNT(captures));
	tcase_add_loop_test(tc, vectors_parse, 0, COUNT(vectors));
	tcase_add_capture_test(tc, signing_key);
	suite_add_tcase(s, tc);
	return s;
}

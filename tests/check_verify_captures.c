/* Whole verdicts over real evidence, under AMD's own keys. */
#include "captures.h"
#include "forge.h"

#define AT_2026 1772323200 /* 2026-03-01: snp-milan-v3's certificate is new */

static int verify_at(int64_t at, const struct bq_evidence *ev, const struct bq_expect *expect,
		     struct bq_verdict *out)
{
	struct bq_verifier *v = bq_verifier_new();
	int e;

	ck_assert_ptr_nonnull(v);
	bq_verifier_set_time(v, at);
	e = bq_verify(v, ev, expect, out);
	bq_verifier_free(v);
	return e;
}

START_TEST(azure)
{
	struct bq_evidence ev = _i == 0 ? evidence_2023() : evidence_2025();
	struct bq_expect expect = {.has_nonce = true, .nonce = CAPTURE_NONCE};
	struct bq_verdict v;

	ck_assert_int_eq(verify_at(AT_2025, &ev, &expect, &v), 0);
	assert_failures(&v, "");
}
END_TEST

START_TEST(other_chip)
{
	struct bq_evidence ev = {.format = BQ_EVIDENCE_HCL,
				 .hcl = read_capture("azure-milan-2023b/hcl-report.bin"),
				 .certs = {read_capture("azure-milan-2023b/other-chip-certs.pem")}};
	struct bq_expect expect = {.no_nonce = true, .no_quote = true};
	struct bq_verdict v;

	ck_assert_int_eq(verify_at(AT_2025, &ev, &expect, &v), 0);
	assert_failures(&v, "leaf.chip_id report.signature");
}
END_TEST

START_TEST(tdx)
{
	struct bq_evidence ev = {.format = BQ_EVIDENCE_HCL,
				 .hcl = read_capture("azure-tdx/hcl-report.bin")};
	struct bq_expect expect = {.no_nonce = true, .no_quote = true};
	struct bq_verdict v;

	ck_assert_int_eq(verify_at(AT_2025, &ev, &expect, &v), BQ_E_HCL_TDX);
	assert_failures(&v, "input.format");
}
END_TEST

START_TEST(bare)
{
	static const struct {
		const char *report, *cert, *failures;
		int64_t at;
	} t[] = {
		{"snp-milan-v2/report.bin", "snp-milan-v2/vcek.der", "", AT_2025},
		{"snp-milan-v3/report.bin", "snp-milan-v3/vcek.pem", "", AT_2026},
		{"snp-vlek-v3/report.bin", "snp-vlek-v3/vlek.der", "leaf.type report.vmpl",
		 AT_2025},
	};
	struct bq_evidence ev = {.format = BQ_EVIDENCE_SNP,
				 .report = read_capture(t[_i].report),
				 .certs = {read_capture(t[_i].cert)}};
	struct bq_expect expect = {.no_nonce = true};
	struct bq_verdict v;

	ck_assert_int_eq(verify_at(t[_i].at, &ev, &expect, &v), 0);
	assert_failures(&v, t[_i].failures);
}
END_TEST

Suite *suite_verify_captures(void)
{
	Suite *s = suite_create("verify_captures");
	TCase *tc = tcase_create("verify_captures");

	tcase_add_capture_loop_test(tc, azure, 0, 2);
	tcase_add_capture_test(tc, other_chip);
	tcase_add_capture_test(tc, tdx);
	tcase_add_capture_loop_test(tc, bare, 0, 3);
	suite_add_tcase(s, tc);
	return s;
}

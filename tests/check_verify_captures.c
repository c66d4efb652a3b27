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

START_TEST(vlek_where_allowed)
{
	struct bq_evidence ev = {.format = BQ_EVIDENCE_SNP,
				 .report = read_capture("snp-vlek-v3/report.bin"),
				 .certs = {read_capture("snp-vlek-v3/vlek.der")}};
	struct bq_view policy = VIEW("{\"snp\":{\"allow_vlek\":true,\"vmpl\":[1]}}");
	struct bq_expect expect = {.no_nonce = true};
	struct bq_verifier *verifier = bq_verifier_new();
	struct bq_verdict v;
	char where[64];

	ck_assert_int_eq(bq_verifier_set_policy(verifier, policy, where, sizeof(where)), 0);
	bq_verifier_set_time(verifier, AT_2025);
	ck_assert_int_eq(bq_verify(verifier, &ev, &expect, &v), 0);
	assert_failures(&v, "");
	bq_verifier_set_time(verifier, AT_2026);
	ck_assert_int_eq(bq_verify(verifier, &ev, &expect, &v), 0);
	assert_failures(&v, "chain.dates");
	bq_verifier_free(verifier);
}
END_TEST

/* Each byte of a real report and of its certificate's signed part. */
START_TEST(real_bytes_count)
{
	struct bq_evidence ev = {.format = BQ_EVIDENCE_SNP,
				 .report = read_capture("snp-milan-v2/report.bin"),
				 .certs = {read_capture("snp-milan-v2/vcek.der")}};
	struct bq_expect expect = {.no_nonce = true};
	struct bq_verifier *verifier = bq_verifier_new();
	uint8_t *p = writable(_i < 4 ? &ev.report : &ev.certs[0]);
	size_t n = _i < 4 ? ev.report.n : ev.certs[0].n;
	struct bq_verdict v;

	bq_verifier_set_time(verifier, AT_2025);
	for (size_t i = (size_t)_i % 4; i < n; i += 4) {
		p[i] ^= (uint8_t)(1u << i % 8);
		(void)bq_verify(verifier, &ev, &expect, &v);
		ck_assert_msg(!v.accepted, "byte %zu does not count", i);
		p[i] ^= (uint8_t)(1u << i % 8);
	}
	ck_assert_int_eq(bq_verify(verifier, &ev, &expect, &v), 0);
	assert_failures(&v, "");
	bq_verifier_free(verifier);
}
END_TEST

Suite *suite_verify_captures(void)
{
	Suite *s = suite_create("verify_captures");
	TCase *tc = tcase_create("verify_captures");

	tcase_set_timeout(tc, 60);
	tcase_add_capture_loop_test(tc, azure, 0, 2);
	tcase_add_capture_test(tc, other_chip);
	tcase_add_capture_test(tc, tdx);
	tcase_add_capture_loop_test(tc, bare, 0, 3);
	tcase_add_capture_test(tc, vlek_where_allowed);
	tcase_add_capture_loop_test(tc, real_bytes_count, 0, 8);
	suite_add_tcase(s, tc);
	return s;
}

/* The report as it stands. */
#include <stdio.h>
#include <string.h>

#include "paravisor.h"

static struct paravisor p;
static struct bq_azure a;
static uint8_t buf[BQ_HCL_MAX], other[BQ_HCL_MAX];
static struct bq_view blob;
static struct bq_hcl hcl;

static void setup(void)
{
	paravisor_init(&p);
	a = (struct bq_azure){.tpm = &p.s.tpm};
	blob = bq_view_of(NULL, 0);
	memset(&hcl, 0, sizeof(hcl));
}

static int report(void)
{
	return bq_azure_report(&a, buf, sizeof(buf), &blob, &hcl);
}

static void check_failed(int e, int expected)
{
	ck_assert_msg(e == expected, "%s instead of %s, after %s", bq_strerror(e),
		      bq_strerror(expected), p.log);
	ck_assert_ptr_null(blob.p);
	ck_assert_uint_eq(hcl.report_size, 0);
}

/* The VM's index holds these bytes, and nothing new ever comes. */
static void serve(struct bq_view v)
{
	p.fixed = v;
	p.nv_size = (uint16_t)v.n;
	p.never_new = true;
	paravisor_boot(&p);
}

START_TEST(as_it_stands)
{
	char want[64];

	p.never_new = true;
	ck_assert_int_eq(report(), 0);
	ck_assert_ptr_eq(blob.p, buf);
	ck_assert_view_eq(blob, bq_view_of(p.blob, p.blob_n));
	ck_assert_uint_eq(hcl.report_type, BQ_HCL_SNP);
	ck_assert_ptr_eq(hcl.claims.p, buf + BQ_HCL_CLAIMS_OFFSET);
	snprintf(want, sizeof(want), "R0+1024 R1024+1024 R2048+%zu", p.blob_n - 2048);
	ck_assert_calls(&p, want);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(as_captured)
{
	static const struct {
		const char *name, *calls;
		size_t size;
		uint32_t type;
	} captures[] = {
		{"azure-milan-2023/hcl-report.bin", "R0+1024 R1024+1024 R2048+298", 2346,
		 BQ_HCL_SNP},
		{"azure-milan-2023b/hcl-report.bin", "R0+1024 R1024+795", 1819, BQ_HCL_SNP},
		{"azure-tdx/hcl-report.bin", "R0+1024 R1024+1024 R2048+390", 2438, BQ_HCL_TDX},
	};

	serve(read_capture(captures[_i].name));
	ck_assert_int_eq(report(), 0);
	ck_assert_calls(&p, captures[_i].calls);
	ck_assert_uint_eq(blob.n, captures[_i].size);
	ck_assert_uint_eq(hcl.report_type, captures[_i].type);
}
END_TEST

/* The oldest generation can say that it is one. */
START_TEST(captured_without_user_data)
{
	serve(read_capture("azure-milan-2023b/hcl-report.bin"));
	check_failed(bq_azure_fresh_report(&a, VIEW("nonce"), buf, sizeof(buf), &blob, &hcl),
		     BQ_E_UNBOUND);
}
END_TEST

/* Where user data arrived, a capture is as fresh as it says: not at all. */
START_TEST(captured_with_other_user_data)
{
	struct bq_claims c;
	uint8_t theirs[64];

	serve(read_capture("azure-milan-2023/hcl-report.bin"));
	check_failed(bq_azure_fresh_report(&a, VIEW("nonce"), buf, sizeof(buf), &blob, &hcl),
		     BQ_E_STALE);
	ck_assert_int_eq(report(), 0);
	ck_assert_int_eq(bq_claims_parse(hcl.claims, &c), 0);
	ck_assert_int_eq(bq_claims_user_data(&c, theirs), 0);
	ck_assert_int_eq(
		bq_azure_fresh_report(&a, bq_view_of(theirs, 64), buf, sizeof(buf), &blob, &hcl),
		0);
}
END_TEST

START_TEST(an_index_shorter_than_a_chunk)
{
	memcpy(other, p.blob, 600);
	serve(bq_view_of(other, 600));
	check_failed(report(), BQ_E_TPM_RC);
	ck_assert_calls(&p, "R0+1024 P1 R0+600 R600+1024");
	ck_assert_uint_eq(p.s.tpm.rc, TPM_RC_NV_RANGE);
}
END_TEST

START_TEST(an_index_shorter_than_a_header)
{
	memcpy(other, p.blob, 31);
	serve(bq_view_of(other, 31));
	check_failed(report(), BQ_E_SHORT);
	ck_assert_calls(&p, "R0+1024 P1 R0+31");
}
END_TEST

/* Of what one read returned, nothing is torn: it is wrong, and said at once. */
START_TEST(a_first_chunk_that_is_no_report)
{
	static const struct {
		unsigned at;
		int error;
	} wrong[] = {{0, BQ_E_HCL_MAGIC}, {4, BQ_E_HCL_HEADER}};

	memcpy(other, p.blob, p.blob_n);
	other[wrong[_i].at] ^= 0x40;
	serve(bq_view_of(other, p.nv_size));
	check_failed(report(), wrong[_i].error);
	ck_assert_calls(&p, "R0+1024");
}
END_TEST

/* Version 1 of the hardware report is no SNP report. */
START_TEST(an_unknown_hardware_report)
{
	memcpy(other, p.blob, p.blob_n);
	other[BQ_HCL_HEADER_SIZE] = 1;
	serve(bq_view_of(other, p.nv_size));
	check_failed(report(), BQ_E_SNP_VERSION);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(an_unknown_hash)
{
	p.hash_type = BQ_HCL_SHA384;
	paravisor_boot(&p);
	check_failed(report(), BQ_E_HCL_HASH);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

/* One bit anywhere in what the hash covers, or in the hash. */
START_TEST(claims_that_are_not_the_bound_ones)
{
	static const unsigned at[] = {0x20 + 0x50, 0x20 + 0x6F, BQ_HCL_CLAIMS_OFFSET, 2000};
	unsigned bit = at[_i];

	memcpy(other, p.blob, p.blob_n);
	other[bit] ^= 1;
	serve(bq_view_of(other, p.nv_size));
	check_failed(report(), BQ_E_TORN);
	ck_assert_uint_eq(script_slept_ms(&p.s), BQ_AZURE_TIMEOUT_MS);
	ck_assert_uint_le(p.s.commands, 3 * 40);
}
END_TEST

START_TEST(claims_of_other_reports_are_not_judged)
{
	p.report_type = BQ_HCL_TDX;
	paravisor_boot(&p);
	p.blob[0x20 + 0x50] ^= 1;
	p.never_new = true;
	ck_assert_int_eq(report(), 0);
	ck_assert_uint_eq(hcl.report_type, BQ_HCL_TDX);
}
END_TEST

START_TEST(torn_between_chunks)
{
	p.tear_at = _i % 2 == 0 ? 1024 : 2048;
	p.tears = 3;
	p.sizes_change = _i >= 2;
	ck_assert_int_eq(report(), 0);
	ck_assert_view_eq(blob, bq_view_of(p.blob, p.blob_n));
	ck_assert_uint_eq(p.tears, 0);
	ck_assert_uint_eq(script_slept_ms(&p.s), 25 + 50 + 100);
}
END_TEST

START_TEST(torn_for_as_long_as_one_waits)
{
	p.tear_at = 1024;
	p.tears = UINT32_MAX;
	a.timeout_ms = 777;
	check_failed(report(), BQ_E_TORN);
	ck_assert_uint_eq(script_slept_ms(&p.s), 777);
}
END_TEST

START_TEST(refusals)
{
	static const struct {
		uint32_t rc;
		int error;
	} refused[] = {
		{0x18B, BQ_E_NOT_CVM},    {0x28B, BQ_E_NOT_CVM},    {0x14A, BQ_E_UNWRITTEN},
		{0x9A2, BQ_E_OWNER_AUTH}, {0x98E, BQ_E_OWNER_AUTH}, {0x149, BQ_E_TPM_RC},
		{0x921, BQ_E_TPM_RC},     {0x101, BQ_E_TPM_RC},
	};

	p.fail_cc = TPM_CC_NV_Read;
	p.fail_rc = refused[_i].rc;
	p.fail_times = 100;
	check_failed(report(), refused[_i].error);
	ck_assert_uint_eq(p.s.tpm.rc, refused[_i].rc);
	ck_assert_calls(&p, "!");
}
END_TEST

START_TEST(no_index_and_none_written)
{
	p.not_cvm = _i == 0;
	p.unwritten = _i == 1;
	check_failed(report(), _i == 0 ? BQ_E_NOT_CVM : BQ_E_UNWRITTEN);
}
END_TEST

START_TEST(owner_password)
{
	p.password = "secret";
	check_failed(report(), BQ_E_OWNER_AUTH);
	a.owner.password = VIEW("wrong");
	check_failed(report(), BQ_E_OWNER_AUTH);
	a.owner.password = VIEW("secret");
	ck_assert_int_eq(report(), 0);
}
END_TEST

START_TEST(a_lost_tpm)
{
	p.cut_at = (unsigned)_i;
	check_failed(report(), BQ_E_GONE);
	ck_assert_uint_eq(p.s.commands, (unsigned)_i);
}
END_TEST

/* What the caller had set stays, and holds where it is sooner. */
START_TEST(a_deadline_of_the_caller)
{
	uint64_t now = bq_tpm_now_ms(&p.s.tpm);
	uint64_t late = now + 2 * BQ_AZURE_TIMEOUT_MS, soon = now + 200;

	p.s.tpm.deadline_ms = late;
	ck_assert_int_eq(report(), 0);
	ck_assert_uint_eq(p.s.tpm.deadline_ms, late);
	setup();
	p.tear_at = 1024;
	p.tears = UINT32_MAX;
	p.s.tpm.deadline_ms = soon;
	check_failed(report(), BQ_E_TORN);
	ck_assert_uint_eq(p.s.tpm.deadline_ms, soon);
	ck_assert_uint_le(script_slept_ms(&p.s), 200 + 400);
}
END_TEST

START_TEST(small_buffers)
{
	check_failed(bq_azure_report(&a, buf, 1023, &blob, &hcl), BQ_E_SPACE);
	ck_assert_uint_eq(p.s.commands, 0);
	check_failed(bq_azure_report(&a, buf, p.blob_n - 1, &blob, &hcl), BQ_E_SPACE);
	ck_assert_calls(&p, "R0+1024");
}
END_TEST

Suite *suite_azure_report(void)
{
	Suite *s = suite_create("azure_report");
	TCase *tc = tcase_create("azure_report");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, as_it_stands);
	tcase_add_capture_loop_test(tc, as_captured, 0, 3);
	tcase_add_capture_test(tc, captured_without_user_data);
	tcase_add_capture_test(tc, captured_with_other_user_data);
	tcase_add_test(tc, an_index_shorter_than_a_chunk);
	tcase_add_test(tc, an_index_shorter_than_a_header);
	tcase_add_loop_test(tc, a_first_chunk_that_is_no_report, 0, 2);
	tcase_add_test(tc, an_unknown_hardware_report);
	tcase_add_test(tc, an_unknown_hash);
	tcase_add_loop_test(tc, claims_that_are_not_the_bound_ones, 0, 4);
	tcase_add_test(tc, claims_of_other_reports_are_not_judged);
	tcase_add_loop_test(tc, torn_between_chunks, 0, 4);
	tcase_add_test(tc, torn_for_as_long_as_one_waits);
	tcase_add_loop_test(tc, refusals, 0, 8);
	tcase_add_loop_test(tc, no_index_and_none_written, 0, 2);
	tcase_add_test(tc, owner_password);
	tcase_add_loop_test(tc, a_lost_tpm, 1, 4);
	tcase_add_test(tc, a_deadline_of_the_caller);
	tcase_add_test(tc, small_buffers);
	suite_add_tcase(s, tc);
	return s;
}

/* The fresh-report procedure against a model of the paravisor, on a clock that
 * waits for nobody. */
#include <stdio.h>
#include <string.h>

#include "paravisor.h"

#define WRITELOCKED 0x00000800u
#define WRITEALL    0x00001000u
#define COUNTER     0x00000010u /* TPM_NT_COUNTER */

static struct paravisor p;
static struct bq_azure a;
static uint8_t buf[BQ_HCL_MAX], ours[64];
static struct bq_view blob;
static struct bq_hcl hcl;
static char want[256];

static void setup(void)
{
	paravisor_init(&p);
	a = (struct bq_azure){.tpm = &p.s.tpm};
	blob = bq_view_of(NULL, 0);
	memset(&hcl, 0, sizeof(hcl));
	for (unsigned i = 0; i < sizeof(ours); i++)
		ours[i] = (uint8_t)(i + 1);
}

static int fresh(void)
{
	return bq_azure_fresh_report(&a, bq_view_of(ours, sizeof(ours)), buf, sizeof(buf), &blob,
				     &hcl);
}

static void check_carries(const uint8_t data[64])
{
	struct bq_claims c;
	uint8_t found[64];

	ck_assert_int_eq(bq_claims_parse(hcl.claims, &c), 0);
	ck_assert_int_eq(bq_claims_user_data(&c, found), 0);
	ck_assert_mem_eq(found, data, 64);
}

/* A whole report with our user data, lying in buf. */
static void check_fresh(int e)
{
	ck_assert_msg(e == 0, "%s, after %s", bq_strerror(e), p.log);
	ck_assert_ptr_eq(blob.p, buf);
	ck_assert_uint_eq(blob.n, p.blob_n);
	ck_assert_mem_eq(buf, p.blob, p.blob_n);
	ck_assert_uint_eq(hcl.report_size, p.blob_n);
	check_carries(ours);
}

static void check_failed(int e, int expected)
{
	struct bq_hcl zero;

	memset(&zero, 0, sizeof(zero));
	ck_assert_msg(e == expected, "%s instead of %s, after %s", bq_strerror(e),
		      bq_strerror(expected), p.log);
	ck_assert_ptr_null(blob.p);
	ck_assert_mem_eq(&hcl, &zero, sizeof(zero));
}

/* The three reads of a whole report after some other words. */
static const char *then_read(const char *before)
{
	snprintf(want, sizeof(want), "%s R0+1024 R1024+1024 R2048+%zu", before, p.blob_n - 2048);
	return want;
}

/* --- without a hitch --------------------------------------------------------- */

START_TEST(normally_one_write_three_reads_and_no_sleep)
{
	check_fresh(fresh());
	ck_assert_calls(&p, then_read("W64"));
	ck_assert_uint_eq(p.s.commands, 4);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(exact_bytes_of_write_and_first_read)
{
	static const char *const write =
		"8002 00000063 00000137 40000001 01400002 00000009 40000009 0000 00 0000 0040"
		"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
		"2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40 0000";
	static const char *const read =
		"8002 00000023 0000014e 40000001 01400001 00000009 40000009 0000 00 0000 0400 0000";
	const struct exchange list[] = {
		{.cmd = write, .rsp = "8002 00000013 00000000 00000000 0000 01 0000"},
		{.cmd = read, .rsp = "8001 0000000a 00000101"},
	};
	static struct script s;

	SCRIPT(&s, list);
	a.tpm = &s.tpm;
	check_failed(fresh(), BQ_E_TPM_RC);
	ck_assert_uint_eq(s.tpm.rc, 0x101);
	script_end(&s);
}
END_TEST

START_TEST(shorter_user_data_is_padded)
{
	memset(ours + 20, 0, 44);
	check_fresh(bq_azure_fresh_report(&a, bq_view_of(ours, 20), buf, sizeof(buf), &blob, &hcl));
	memset(ours, 0, 64);
	p.s.now_ms += 3000;
	check_fresh(bq_azure_fresh_report(&a, bq_view_of(NULL, 0), buf, sizeof(buf), &blob, &hcl));
}
END_TEST

START_TEST(longer_user_data_is_refused_before_anything_is_sent)
{
	uint8_t long_data[65] = {0};

	check_failed(
		bq_azure_fresh_report(&a, bq_view_of(long_data, 65), buf, sizeof(buf), &blob, &hcl),
		BQ_E_NONCE_SIZE);
	ck_assert_uint_eq(p.s.commands, 0);
}
END_TEST

START_TEST(every_generation)
{
	static const uint16_t sizes[] = {2048, 2600, 2900, 2600, 2600};

	p.nv_size = sizes[_i];
	p.with_ek = p.nv_size != 2048;
	p.header_version = _i == 3 ? 1 : 2;
	p.lower_case = _i == 4;
	paravisor_boot(&p);
	check_fresh(fresh());
	if (p.nv_size == 2048) {
		snprintf(want, sizeof(want), "W64 R0+1024 R1024+%zu", p.blob_n - 1024);
		ck_assert_calls(&p, want);
	} else {
		ck_assert_calls(&p, then_read("W64"));
	}
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(a_report_of_another_type_is_compared_too)
{
	p.report_type = BQ_HCL_TDX;
	paravisor_boot(&p);
	check_fresh(fresh());
	p.never_new = true;
	memset(ours, 0x77, sizeof(ours));
	blob = bq_view_of(NULL, 0);
	memset(&hcl, 0, sizeof(hcl));
	check_failed(fresh(), BQ_E_STALE);
}
END_TEST

/* --- the period between reports --------------------------------------------- */

/* Whatever the last report's age, ours comes at most 525 ms after it may, and so
 * always within 2.5 s. */
START_TEST(inside_the_period_it_waits_no_longer_than_it_must)
{
	uint64_t age = (uint64_t)_i * 100, start = p.s.now_ms;

	p.made_ms = start - age;
	check_fresh(fresh());
	ck_assert_uint_le(p.s.now_ms - start, 2001 - age + 525);
	ck_assert_uint_lt(p.s.now_ms - start, 2500);
	ck_assert_uint_gt(p.s.sleeps, 0);
}
END_TEST

START_TEST(a_stale_report_is_looked_into_once)
{
	p.made_ms = p.s.now_ms - 1900;
	check_fresh(fresh());
	snprintf(want, sizeof(want), "W64 R0+1024 R1024+1024 R2048+%zu P2 ", p.blob_n - 2048);
	ck_assert_int_eq(strncmp(p.log, want, strlen(want)), 0);
	ck_assert_ptr_null(strstr(p.log + strlen(want), "P2"));
	ck_assert_uint_eq(p.s.sleeps, 1);
}
END_TEST

START_TEST(a_host_that_refreshes_on_write)
{
	p.refresh_on_write = true;
	if (_i == 1)
		p.made_ms = p.s.now_ms - 100;
	check_fresh(fresh());
	ck_assert_uint_eq(script_slept_ms(&p.s), _i == 0 ? 0 : 2100);
}
END_TEST

START_TEST(never_sleeps_past_the_deadline)
{
	static const unsigned timeouts[] = {0, 1, 524, 525, 2000, 2600, 30000};
	unsigned ms = timeouts[_i];

	p.never_new = true;
	a.timeout_ms = ms;
	check_failed(fresh(), BQ_E_STALE);
	ck_assert_uint_eq(script_slept_ms(&p.s), ms == 0 ? BQ_AZURE_TIMEOUT_MS : ms);
	/* and does not hammer the TPM meanwhile */
	ck_assert_uint_le(p.s.commands, 4 * (6 + ms / 2000 + 5));
}
END_TEST

START_TEST(a_clock_that_moves_between_commands_still_ends)
{
	uint64_t start = p.s.now_ms;

	p.never_new = true;
	p.s.tick_ms = 300;
	check_failed(fresh(), BQ_E_STALE);
	ck_assert_uint_le(p.s.now_ms - start, BQ_AZURE_TIMEOUT_MS + BQ_AZURE_LAST_TRY_MS + 2 * 300);
}
END_TEST

START_TEST(without_user_data_in_the_claims)
{
	p.no_user_data = true;
	paravisor_boot(&p);
	check_failed(fresh(), BQ_E_UNBOUND);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

/* Torn reads are read again before anything is said about user data. */
START_TEST(unbound_only_after_a_consistent_report)
{
	p.no_user_data = true;
	paravisor_boot(&p);
	p.tear_at = 1024;
	p.tears = 2;
	check_failed(fresh(), BQ_E_UNBOUND);
	ck_assert_uint_eq(p.tears, 0);
}
END_TEST

/* --- the user-data index ---------------------------------------------------- */

START_TEST(a_missing_index_is_defined)
{
	p.defined = p.written = false;
	check_fresh(fresh());
	ck_assert_calls(&p, then_read("W64 P1 D W64"));
	ck_assert_uint_eq(p.attributes, 0x00020002);
	ck_assert_uint_eq(p.size, 64);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(an_index_that_refuses_the_write_is_made_anew)
{
	static const struct {
		uint32_t attributes;
		uint16_t size;
	} bad[] = {
		{TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE, 32},
		{TPMA_NV_OWNERREAD | TPMA_NV_AUTHWRITE, 64},
		{TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | WRITELOCKED, 64},
		{TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | COUNTER, 8},
		{TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | WRITEALL, 128},
	};

	p.attributes = bad[_i].attributes;
	p.size = bad[_i].size;
	check_fresh(fresh());
	ck_assert_calls(&p, then_read("W64 P1 P2 U D W64"));
	ck_assert_uint_eq(p.attributes, 0x00020002);
	ck_assert_uint_eq(p.size, 64);
}
END_TEST

/* The write works, and the report stays as it was: silently, for ever. */
START_TEST(an_index_the_paravisor_cannot_read_is_made_anew)
{
	p.attributes = _i == 0 ? TPMA_NV_OWNERWRITE | TPMA_NV_AUTHREAD
			       : TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_READLOCKED;
	check_fresh(fresh());
	ck_assert_ptr_nonnull(strstr(p.log, " P2 U D W64 R0+1024 "));
	ck_assert_uint_eq(p.s.commands, 11);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(an_index_of_another_kind_serves)
{
	p.size = _i == 0 ? 128 : 64;
	p.attributes |= _i == 0 ? 0 : WRITEALL;
	p.made_ms = p.s.now_ms - 1000;
	check_fresh(fresh());
	ck_assert_ptr_null(strchr(p.log, 'U'));
	ck_assert_uint_eq(p.size, _i == 0 ? 128 : 64);
}
END_TEST

/* The index fits, so that it stays, whatever the TPM says. */
START_TEST(an_index_that_fits_is_never_undefined)
{
	static const uint32_t codes[] = {0x146, 0x148, 0x149, 0x101, 0x1D5, 0x282};

	p.fail_cc = TPM_CC_NV_Write;
	p.fail_rc = codes[_i];
	p.fail_times = 1000;
	check_failed(fresh(), BQ_E_TPM_RC);
	ck_assert_uint_eq(p.s.tpm.rc, codes[_i]);
	ck_assert_ptr_null(strchr(p.log, 'U'));
	ck_assert_uint_le(p.s.commands, 6);
}
END_TEST

START_TEST(an_index_made_by_the_platform_stays)
{
	p.attributes |= TPMA_NV_PLATFORMCREATE;
	p.size = 32;
	check_failed(fresh(), BQ_E_TPM_RC);
	ck_assert_uint_eq(p.s.tpm.rc, TPM_RC_NV_AUTH);
	ck_assert_calls(&p, "W64 P1 P2 U");
}
END_TEST

/* Another program has just defined what was missing, or undefined what did not
 * fit: what counts is the index in the end. */
START_TEST(others_that_define_the_index_first)
{
	p.fail_cc = TPM_CC_NV_Write;
	p.fail_rc = 0x28B;
	p.fail_times = 1;
	check_fresh(fresh());
	ck_assert_calls(&p, then_read("! P1 D W64"));
}
END_TEST

START_TEST(others_that_undefine_the_index_first)
{
	p.size = 32;
	p.gone_before_undefine = true;
	check_fresh(fresh());
	ck_assert_calls(&p, then_read("W64 P1 P2 U D W64"));
}
END_TEST

START_TEST(others_that_undefine_it_before_we_look)
{
	p.size = 32;
	p.fail_cc = TPM_CC_NV_ReadPublic;
	p.fail_rc = 0x18B;
	p.fail_after = 1;
	p.fail_times = 1;
	check_failed(fresh(), BQ_E_TPM_RC);
	ck_assert_calls(&p, "W64 P1 ! D W64");
}
END_TEST

/* --- other programs ---------------------------------------------------------- */

START_TEST(torn_reads_are_read_again)
{
	p.tear_at = _i % 2 == 0 ? 1024 : 2048;
	p.tears = 1;
	p.sizes_change = _i >= 2;
	check_fresh(fresh());
	ck_assert_uint_eq(p.tears, 0);
	ck_assert_uint_lt(script_slept_ms(&p.s), 100);
}
END_TEST

START_TEST(torn_for_ever)
{
	p.tear_at = 1024;
	p.tears = UINT32_MAX;
	p.sizes_change = _i != 0;
	p.period_ms = 0;
	check_failed(fresh(), _i == 0 ? BQ_E_TORN : BQ_E_HCL_SIZE);
	ck_assert_uint_eq(script_slept_ms(&p.s), BQ_AZURE_TIMEOUT_MS);
	ck_assert_uint_le(p.s.commands, 4 * 40);
}
END_TEST

/* Theirs is in the report then, consistent and fresh, and still not ours. */
START_TEST(another_program_overwrites_our_user_data)
{
	p.overwrites = (unsigned)_i + 1;
	check_fresh(fresh());
	ck_assert_uint_le(script_slept_ms(&p.s), (uint64_t)(_i + 1) * 2625);
}
END_TEST

START_TEST(another_program_always_overwrites_our_user_data)
{
	p.overwrites = UINT32_MAX;
	check_failed(fresh(), BQ_E_STALE);
}
END_TEST

/* --- refusals ------------------------------------------------------------------ */

/* Nobody else's index is touched there, and none is left behind. */
START_TEST(not_a_confidential_vm)
{
	p.not_cvm = true;
	p.defined = _i != 0;
	p.size = _i == 2 ? 32 : 64;
	check_failed(fresh(), BQ_E_NOT_CVM);
	ck_assert_int_eq(p.defined, _i != 0);
	ck_assert_calls(&p, _i == 1 ? "W64 R0+1024" : "W64 P1");
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(no_report_yet)
{
	p.unwritten = true;
	check_failed(fresh(), BQ_E_UNWRITTEN);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

/* Whichever session number it names, and whichever command it comes to. */
START_TEST(owner_password)
{
	static const uint32_t codes[] = {0x9A2, 0x98E, 0xAA2, 0xA8E};
	static const uint32_t commands[] = {TPM_CC_NV_Write, TPM_CC_NV_Read, TPM_CC_NV_DefineSpace};

	p.defined = _i / 4 != 2;
	p.fail_rc = codes[_i % 4];
	p.fail_cc = commands[_i / 4];
	p.fail_times = 1;
	check_failed(fresh(), BQ_E_OWNER_AUTH);
	ck_assert_uint_eq(p.s.tpm.rc, codes[_i % 4]);
	ck_assert_str_eq(strchr(p.log, '!'), "!");
}
END_TEST

/* The right password opens the index; the paravisor does not know it, and makes
 * no new report. */
START_TEST(owner_password_given)
{
	p.password = "secret";
	check_failed(fresh(), BQ_E_OWNER_AUTH);
	ck_assert_calls(&p, "W64");
	a.owner.password = VIEW("secret");
	check_failed(fresh(), BQ_E_STALE);
}
END_TEST

START_TEST(lockout_is_never_retried)
{
	static const uint32_t commands[] = {TPM_CC_NV_Write, TPM_CC_NV_Read, TPM_CC_NV_ReadPublic};

	p.fail_cc = commands[_i];
	p.fail_rc = TPM_RC_LOCKOUT;
	p.fail_times = 100;
	p.never_new = true;
	check_failed(fresh(), BQ_E_TPM_RC);
	ck_assert_uint_eq(p.s.tpm.rc, TPM_RC_LOCKOUT);
	ck_assert_str_eq(strchr(p.log, '!'), "!");
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

/* The longest way, cut at each command. */
START_TEST(a_lost_tpm_ends_it_at_once)
{
	p.size = 32;
	p.cut_at = (unsigned)_i;
	p.made_ms = p.s.now_ms - 100;
	check_failed(fresh(), BQ_E_GONE);
	ck_assert_uint_eq(p.s.commands, (unsigned)_i);
}
END_TEST

START_TEST(consistent_claims_that_are_no_json)
{
	p.break_claims = true;
	paravisor_boot(&p);
	check_failed(fresh(), BQ_E_JSON_SYNTAX);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(small_buffers)
{
	struct bq_view data = bq_view_of(ours, sizeof(ours));

	check_failed(bq_azure_fresh_report(&a, data, buf, 1023, &blob, &hcl), BQ_E_SPACE);
	ck_assert_calls(&p, "W64");
	check_failed(bq_azure_fresh_report(&a, data, buf, p.blob_n - 1, &blob, &hcl), BQ_E_SPACE);
	ck_assert_int_eq(bq_azure_fresh_report(&a, data, buf, p.blob_n, &blob, &hcl), 0);
}
END_TEST

Suite *suite_azure_fresh(void)
{
	Suite *s = suite_create("azure_fresh");
	TCase *tc = tcase_create("azure_fresh");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, normally_one_write_three_reads_and_no_sleep);
	tcase_add_test(tc, exact_bytes_of_write_and_first_read);
	tcase_add_test(tc, shorter_user_data_is_padded);
	tcase_add_test(tc, longer_user_data_is_refused_before_anything_is_sent);
	tcase_add_loop_test(tc, every_generation, 0, 5);
	tcase_add_test(tc, a_report_of_another_type_is_compared_too);
	tcase_add_loop_test(tc, inside_the_period_it_waits_no_longer_than_it_must, 0, 21);
	tcase_add_test(tc, a_stale_report_is_looked_into_once);
	tcase_add_loop_test(tc, a_host_that_refreshes_on_write, 0, 2);
	tcase_add_loop_test(tc, never_sleeps_past_the_deadline, 0, 7);
	tcase_add_test(tc, a_clock_that_moves_between_commands_still_ends);
	tcase_add_test(tc, without_user_data_in_the_claims);
	tcase_add_test(tc, unbound_only_after_a_consistent_report);
	tcase_add_test(tc, a_missing_index_is_defined);
	tcase_add_loop_test(tc, an_index_that_refuses_the_write_is_made_anew, 0, 5);
	tcase_add_loop_test(tc, an_index_the_paravisor_cannot_read_is_made_anew, 0, 2);
	tcase_add_loop_test(tc, an_index_of_another_kind_serves, 0, 2);
	tcase_add_loop_test(tc, an_index_that_fits_is_never_undefined, 0, 6);
	tcase_add_test(tc, an_index_made_by_the_platform_stays);
	tcase_add_test(tc, others_that_define_the_index_first);
	tcase_add_test(tc, others_that_undefine_the_index_first);
	tcase_add_test(tc, others_that_undefine_it_before_we_look);
	tcase_add_loop_test(tc, torn_reads_are_read_again, 0, 4);
	tcase_add_loop_test(tc, torn_for_ever, 0, 2);
	tcase_add_loop_test(tc, another_program_overwrites_our_user_data, 0, 3);
	tcase_add_test(tc, another_program_always_overwrites_our_user_data);
	tcase_add_loop_test(tc, not_a_confidential_vm, 0, 3);
	tcase_add_test(tc, no_report_yet);
	tcase_add_loop_test(tc, owner_password, 0, 12);
	tcase_add_test(tc, owner_password_given);
	tcase_add_loop_test(tc, lockout_is_never_retried, 0, 3);
	tcase_add_loop_test(tc, a_lost_tpm_ends_it_at_once, 1, 14);
	tcase_add_test(tc, consistent_claims_that_are_no_json);
	tcase_add_test(tc, small_buffers);
	suite_add_tcase(s, tc);
	return s;
}

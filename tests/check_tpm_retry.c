/* Warnings that ask for the command again, and driver timeouts. */
#include "scripted.h"
#include "support.h"

#define RANDOM_CMD "8001 0000000c 0000017b 0001"
#define RANDOM_RSP "8001 0000000d 00000000 0001 2a"

static const struct {
	uint32_t rc;
	unsigned first_ms, total_ms;
} waits[] = {
	{TPM_RC_RETRY, 20, 5000},
	{TPM_RC_TESTING, 20, 5000},
	{TPM_RC_YIELDED, 20, 5000},
	{TPM_RC_NV_RATE, 500, 15000},
	{TPM_RC_NV_UNAVAILABLE, 500, 15000},
};

#define WAITS (int)(sizeof(waits) / sizeof(waits[0]))

/* Says rc for so many times, then answers. */
struct waiting {
	uint32_t rc;
	unsigned times;
};

static int wait_answer(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n)
{
	struct waiting *m = ctx;
	struct bq_wr w;

	(void)cmd;
	if (m->times == 0) {
		*rsp_n = script_hex(RANDOM_RSP, rsp, cap);
		return 0;
	}
	m->times--;
	bq_wr_init(&w, rsp, cap);
	bq_wr_be16(&w, TPM_ST_NO_SESSIONS);
	bq_wr_be32(&w, 10);
	bq_wr_be32(&w, m->rc);
	*rsp_n = w.n;
	return 0;
}

START_TEST(once)
{
	struct waiting m = {waits[_i].rc, 1};
	struct script s;
	uint8_t byte = 0;

	script_init_answer(&s, wait_answer, &m);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), 0);
	ck_assert_uint_eq(byte, 0x2A);
	ck_assert_uint_eq(s.commands, 2);
	ck_assert_uint_eq(s.sleeps, 1);
	ck_assert_uint_eq(s.slept[0], waits[_i].first_ms);
}
END_TEST

START_TEST(for_ever)
{
	struct waiting m = {waits[_i].rc, 1000000};
	struct script s;
	uint8_t byte;

	script_init_answer(&s, wait_answer, &m);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), BQ_E_TPM_RC);
	ck_assert_uint_eq(s.tpm.rc, waits[_i].rc);
	ck_assert_uint_eq(script_slept_ms(&s), waits[_i].total_ms);
	ck_assert_uint_eq(s.commands, s.sleeps + 1);
	ck_assert_uint_le(s.sleeps, 12);
	for (unsigned i = 1; i + 1 < s.sleeps; i++)
		ck_assert_uint_eq(s.slept[i], 2 * s.slept[i - 1]);
	/* The next command has all of the time again. */
	m.times = 1;
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), 0);
}
END_TEST

/* Each kind in turn must not add up to the sum of all. */
START_TEST(mixed_is_bounded)
{
	static struct exchange list[64];
	struct script s;
	uint8_t byte;

	for (size_t i = 0; i < 64; i++)
		list[i].rsp = i % 2 == 0 ? "8001 0000000a 00000922" : "8001 0000000a 00000923";
	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), BQ_E_TPM_RC);
	ck_assert_uint_le(script_slept_ms(&s), 15000);
}
END_TEST

START_TEST(not_retried)
{
	static const char *const final[] = {
		"8001 0000000a 00000921", "8001 0000000a 00000101", "8001 0000000a 000009a2",
		"8001 0000000a 00000122", "8001 0000000a 00000909", "8001 0000000a 000b0922",
	};
	const struct exchange list[] = {{RANDOM_CMD, final[_i], 0}};
	struct script s;
	uint8_t byte;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), BQ_E_TPM_RC);
	ck_assert_uint_eq(s.sleeps, 0);
	script_end(&s);
}
END_TEST

/* NV_RATE means that nothing was written: also a write is sent again. */
START_TEST(write_after_nv_rate)
{
	const struct exchange list[] = {
		{NULL, "8001 0000000a 00000920", 0},
		{NULL, "8002 00000013 00000000 00000000 0000 00 0000", 0},
	};
	struct bq_auth empty = {0};
	struct script s;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_nv_write(&s.tpm, TPM_RH_OWNER, empty, 1, 0, VIEW("x")), 0);
	script_end(&s);
}
END_TEST

START_TEST(timeout_of_a_reading_command)
{
	const struct exchange list[] = {
		{RANDOM_CMD, NULL, BQ_E_TIMEOUT}, {RANDOM_CMD, RANDOM_RSP, 0},
		{RANDOM_CMD, NULL, BQ_E_TIMEOUT}, {RANDOM_CMD, NULL, BQ_E_TIMEOUT},
		{RANDOM_CMD, NULL, BQ_E_TIMEOUT}, {RANDOM_CMD, NULL, BQ_E_GONE},
		{RANDOM_CMD, NULL, BQ_E_TIMEOUT}, {RANDOM_CMD, "8001 0000000a 00000101", 0},
	};
	struct script s;
	uint8_t byte;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), 0);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), BQ_E_TIMEOUT);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), BQ_E_TIMEOUT);
	ck_assert_int_eq(s.tpm.sys_errno, 5);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), BQ_E_TPM_RC);
	script_end(&s);
}
END_TEST

/* What changes the TPM, and what is not known, is sent once. */
START_TEST(timeout_of_a_changing_command)
{
	static const uint32_t changing[] = {
		TPM_CC_NV_Write,          TPM_CC_PCR_Extend,     TPM_CC_NV_DefineSpace,
		TPM_CC_NV_UndefineSpace,  TPM_CC_PCR_Event,      0x20000001,
		TPM_CC_HashSequenceStart, TPM_CC_SequenceUpdate, TPM_CC_EventSequenceComplete,
		TPM_CC_FlushContext,
	};
	const struct exchange list[] = {{NULL, NULL, BQ_E_TIMEOUT}};
	uint8_t packet[10];
	struct bq_view cmd;
	struct bq_wr w;
	struct script s;

	bq_wr_init(&w, packet, sizeof(packet));
	bq_wr_be16(&w, TPM_ST_SESSIONS);
	bq_wr_be32(&w, 10);
	bq_wr_be32(&w, changing[_i]);
	ck_assert_int_eq(bq_wr_end(&w, &cmd), 0);
	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_transact(&s.tpm, cmd), BQ_E_TIMEOUT);
	script_end(&s);
}
END_TEST

/* A transport that fails may have written into the buffer: what was there is no
 * response any more. So it is after the TPM's refusal of a chunk as too large, where
 * the refusal is reported and the question for the right size was not answered. */
START_TEST(no_answer_no_response)
{
	const struct exchange list[] = {
		{RANDOM_CMD, RANDOM_RSP, 0},
		{RANDOM_CMD, NULL, BQ_E_IO},
		{NULL, "8001 0000000a 000001d5", 0},
		{NULL, NULL, BQ_E_TPM_HEADER},
	};
	struct bq_auth empty = {0};
	struct script s;
	uint8_t byte;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), 0);
	ck_assert_uint_eq(s.tpm.rsp.n, 13);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, &byte, 1), BQ_E_IO);
	ck_assert_uint_eq(s.tpm.rsp.n, 0);
	ck_assert_int_eq(bq_tpm_nv_write(&s.tpm, TPM_RH_OWNER, empty, 1, 0, VIEW("x")),
			 BQ_E_TPM_RC);
	ck_assert_uint_eq(s.tpm.rc, 0x1D5);
	ck_assert_uint_eq(s.tpm.rsp.n, 0);
	script_end(&s);
}
END_TEST

START_TEST(clock_is_the_callers)
{
	struct script s;

	script_init(&s, NULL, 0);
	s.now_ms = 1234;
	ck_assert_uint_eq(bq_tpm_now_ms(&s.tpm), 1234);
	bq_tpm_sleep_ms(&s.tpm, 60000);
	ck_assert_uint_eq(bq_tpm_now_ms(&s.tpm), 61234);
}
END_TEST

Suite *suite_tpm_retry(void)
{
	Suite *s = suite_create("tpm_retry");
	TCase *tc = tcase_create("retry");

	tcase_add_loop_test(tc, once, 0, WAITS);
	tcase_add_loop_test(tc, for_ever, 0, WAITS);
	tcase_add_test(tc, mixed_is_bounded);
	tcase_add_loop_test(tc, not_retried, 0, 6);
	tcase_add_test(tc, write_after_nv_rate);
	tcase_add_test(tc, timeout_of_a_reading_command);
	tcase_add_loop_test(tc, timeout_of_a_changing_command, 0, 10);
	tcase_add_test(tc, no_answer_no_response);
	tcase_add_test(tc, clock_is_the_callers);
	suite_add_tcase(s, tc);
	return s;
}

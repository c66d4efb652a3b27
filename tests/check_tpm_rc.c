/* Response and command codes in words. */
#include <string.h>

#include "support.h"

static const struct {
	uint32_t rc;
	const char *line;
} lines[] = {
	{0x000, "0x000 TPM_RC_SUCCESS"},
	{0x100, "0x100 TPM_RC_INITIALIZE: not started, or started already"},
	{0x101, "0x101 TPM_RC_FAILURE: the TPM is in failure mode"},
	{0x125, "0x125 TPM_RC_AUTH_MISSING: an authorization is needed"},
	{0x127, "0x127 TPM_RC_PCR"},
	{0x149, "0x149 TPM_RC_NV_AUTHORIZATION: the index's attributes forbid it"},
	{0x14A, "0x14a TPM_RC_NV_UNINITIALIZED: the index was never written"},
	{0x155, "0x155 TPM_RC_SENSITIVE"},
	/* Format 1: parameters, sessions and handles, the first, the last, unsaid */
	{0x081, "0x081 TPM_RC_ASYMMETRIC"},
	{0x084, "0x084 TPM_RC_VALUE: out of range"},
	{0x0C4, "0x0c4 TPM_RC_VALUE: out of range"},
	{0x1C4, "0x1c4 TPM_RC_VALUE (parameter 1): out of range"},
	{0x2D5, "0x2d5 TPM_RC_SIZE (parameter 2): wrong size"},
	{0xFC4, "0xfc4 TPM_RC_VALUE (parameter 15): out of range"},
	{0x18B, "0x18b TPM_RC_HANDLE (handle 1): nothing there under this handle"},
	{0x78B, "0x78b TPM_RC_HANDLE (handle 7): nothing there under this handle"},
	{0x9A2, "0x9a2 TPM_RC_BAD_AUTH (session 1): wrong password"},
	{0xF8E,
	 "0xf8e TPM_RC_AUTH_FAIL (session 7): wrong password, and it counts towards a lockout"},
	{0x8A2, "0x8a2 TPM_RC_BAD_AUTH: wrong password"},
	{0x9A7, "0x9a7 TPM_RC_ECC_POINT (session 1)"},
	/* Warnings */
	{0x901, "0x901 TPM_RC_CONTEXT_GAP"},
	{0x907, "0x907 TPM_RC_LOCALITY: not allowed from this locality"},
	{0x910, "0x910 TPM_RC_REFERENCE_H0: the first handle is not loaded"},
	{0x91E, "0x91e TPM_RC_REFERENCE_S6"},
	{0x920, "0x920 TPM_RC_NV_RATE: written too often, wait"},
	{0x922, "0x922 TPM_RC_RETRY: the TPM asks for the command again"},
	{0x97F, "0x97f TPM_RC_NOT_USED"},
	/* Other layers of the stack */
	{0x000B0143, "0x000b0143 TPM_RC_COMMAND_CODE from the resource manager: no such command"},
	{0x000B01C4,
	 "0x000b01c4 TPM_RC_VALUE (parameter 1) from the resource manager: out of range"},
	{0x000A000A, "0x000a000a unknown from the transport"},
	{0x00060001, "0x00060001 unknown from the feature API"},
	{0x000C0006, "0x000c0006 unknown from the resource manager"},
	{0x000D0006, "0x000d0006 unknown"},
	{0x00050006, "0x00050006 unknown"},
	{0xFFFF01C4, "0xffff01c4 unknown"},
	/* TPM 1.2, vendors, and what nobody has given a name */
	{0x01E, "0x01e TPM_RC_BAD_TAG: not a TPM 2.0 command"},
	{0x001, "0x001 unknown"},
	{0x500, "0x500 unknown"},
	{0x102, "0x102 unknown"},
	{0x9BF, "0x9bf unknown"},
	{0xFFF, "0xfff unknown"},
	{0x924, "0x924 unknown"},
	{0x1000, "0x00001000 unknown"},
	{0xFFFFFFFF, "0xffffffff unknown"},
};

START_TEST(line_of_a_code)
{
	uint8_t text[160];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text) - 1);
	bq_put_tpm_rc(&b.s, lines[_i].rc);
	ck_assert_int_eq(b.s.err, 0);
	text[b.n] = '\0';
	ck_assert_str_eq((const char *)text, lines[_i].line);
}
END_TEST

/* Every 16-bit code has some text, all of it printable. */
START_TEST(any_code)
{
	uint8_t text[160];
	struct bq_sink_buf b;
	bool printable;

	for (uint32_t rc = 0; rc <= 0xFFFF; rc++) {
		bq_sink_buf_init(&b, text, sizeof(text));
		bq_put_tpm_rc(&b.s, rc);
		printable = b.s.err == 0 && strlen(bq_tpm_rc_name(rc)) > 1;
		for (size_t i = 0; i < b.n; i++)
			printable = printable && text[i] >= 0x20 && text[i] < 0x7F;
		if (!printable)
			ck_abort_msg("%x", rc);
	}
}
END_TEST

START_TEST(names)
{
	ck_assert_str_eq(bq_tpm_rc_name(0), "SUCCESS");
	ck_assert_str_eq(bq_tpm_rc_name(0x14C), "NV_DEFINED");
	ck_assert_str_eq(bq_tpm_rc_name(0x3C3), "HASH");
	ck_assert_str_eq(bq_tpm_rc_name(0x921), "LOCKOUT");
	ck_assert_str_eq(bq_tpm_rc_name(0x12345678), "unknown");
}
END_TEST

/* The codes met on Azure have advice; those that say everything have none. */
START_TEST(advice)
{
	static const uint32_t met[] = {0x9A2, 0x98E, 0x921, 0x125, 0x149,     0x14A, 0x14C,
				       0x146, 0x18B, 0x28B, 0x910, 0x1C4,     0x2C2, 0x2D5,
				       0x2D2, 0x3C3, 0x1D5, 0x907, 0x000B0143};

	for (size_t i = 0; i < sizeof(met) / sizeof(met[0]); i++) {
		ck_assert_msg(bq_tpm_rc_advice(met[i]) != NULL, "%x", met[i]);
		ck_assert_uint_gt(strlen(bq_tpm_rc_advice(met[i])), 20);
	}
	ck_assert_ptr_null(bq_tpm_rc_advice(0));
	ck_assert_ptr_null(bq_tpm_rc_advice(0x101));
	ck_assert_ptr_null(bq_tpm_rc_advice(0x922));
	ck_assert_ptr_null(bq_tpm_rc_advice(0x000A09A2));
	ck_assert_ptr_nonnull(strstr(bq_tpm_rc_advice(0x1D5), "50 bytes"));
}
END_TEST

START_TEST(commands)
{
	ck_assert_str_eq(bq_tpm_cc_name(TPM_CC_NV_Read), "NV_Read");
	ck_assert_str_eq(bq_tpm_cc_name(0x11F), "NV_UndefineSpaceSpecial");
	ck_assert_str_eq(bq_tpm_cc_name(TPM_CC_HashSequenceStart), "HashSequenceStart");
	ck_assert_str_eq(bq_tpm_cc_name(0x198), "ACT_SetTimeout");
	ck_assert_int_eq(bq_tpm_cc_handles(TPM_CC_NV_Read), 2);
	ck_assert_int_eq(bq_tpm_cc_rsp_handles(TPM_CC_NV_Read), 0);
	ck_assert_int_eq(bq_tpm_cc_handles(TPM_CC_HashSequenceStart), 0);
	ck_assert_int_eq(bq_tpm_cc_rsp_handles(TPM_CC_HashSequenceStart), 1);
	ck_assert_int_eq(bq_tpm_cc_handles(0x184), 3); /* NV_Certify */
}
END_TEST

START_TEST(command_that_is_none)
{
	static const uint32_t none[] = {0,     0x11E, 0x123,      0x15A,      0x175,
					0x199, 0x200, 0x1000014E, 0x20000001, 0xFFFFFFFF};

	ck_assert_ptr_null(bq_tpm_cc_name(none[_i]));
	ck_assert_int_eq(bq_tpm_cc_handles(none[_i]), -1);
	ck_assert_int_eq(bq_tpm_cc_rsp_handles(none[_i]), -1);
}
END_TEST

Suite *suite_tpm_rc(void)
{
	Suite *s = suite_create("tpm_rc");
	TCase *tc = tcase_create("codes");

	tcase_add_loop_test(tc, line_of_a_code, 0, (int)(sizeof(lines) / sizeof(lines[0])));
	tcase_add_test(tc, any_code);
	tcase_add_test(tc, names);
	tcase_add_test(tc, advice);
	tcase_add_test(tc, commands);
	tcase_add_loop_test(tc, command_that_is_none, 0, 10);
	suite_add_tcase(s, tc);
	return s;
}

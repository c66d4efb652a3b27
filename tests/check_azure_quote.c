/* Quotes whose PCR values are known. */
#include <string.h>

#include "paravisor.h"

static struct paravisor p;
static struct bq_azure a;
static struct bq_azure_quote out;
static struct bq_pcr_list all = {.n = 1, .bank = {{TPM_ALG_SHA256, 0xFFFFFF}}};

static void setup(void)
{
	paravisor_init(&p);
	a = (struct bq_azure){.tpm = &p.s.tpm};
	memset(&out, 0xCC, sizeof(out));
}

static int quote(struct bq_view nonce)
{
	return bq_azure_quote(&a, BQ_HCL_AK_HANDLE, nonce, &all, &out);
}

/* The values belong to what was quoted, and it to the nonce. */
static void check_quote(struct bq_view nonce)
{
	struct bq_signature sig;
	struct bq_attest at;
	struct bq_view v;
	uint8_t digest[32];

	ck_assert_int_eq(bq_attest_parse(bq_view_of(out.msg, out.msg_n), &at), 0);
	ck_assert_int_eq(bq_signature_parse(bq_view_of(out.sig, out.sig_n), &sig), 0);
	ck_assert_view_eq(at.extra_data, nonce);
	ck_assert_uint_eq(out.sel.n, 1);
	ck_assert_uint_eq(out.sel.bank[0].mask, 0xFFFFFF);
	ck_assert_int_eq(bq_pcr_digest_sha256(&out.sel, &out.pcrs, digest), 0);
	ck_assert_view_eq(at.pcr_digest, bq_view_of(digest, 32));
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		ck_assert_int_eq(bq_pcr_value(&out.pcrs, TPM_ALG_SHA256, i, &v), 0);
		ck_assert_view_eq(v, bq_view_of(p.pcr[i], 32));
	}
}

START_TEST(one_quote_and_three_reads)
{
	ck_assert_int_eq(quote(VIEW("challenge")), 0);
	check_quote(VIEW("challenge"));
	ck_assert_calls(&p, "Q C C C");
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

/* A whole attestation: what the guest's command costs. */
START_TEST(eight_commands_with_the_report)
{
	static uint8_t buf[BQ_HCL_MAX];
	struct bq_view blob;
	struct bq_hcl hcl;

	ck_assert_int_eq(
		bq_azure_fresh_report(&a, VIEW("challenge"), buf, sizeof(buf), &blob, &hcl), 0);
	ck_assert_int_eq(quote(VIEW("challenge")), 0);
	ck_assert_uint_eq(p.s.commands, 8);
	ck_assert_uint_eq(p.s.sleeps, 0);
}
END_TEST

START_TEST(nonce_sizes)
{
	uint8_t nonce[51];

	memset(nonce, 7, sizeof(nonce));
	ck_assert_int_eq(quote(bq_view_of(nonce, 51)), BQ_E_NONCE_SIZE);
	ck_assert_uint_eq(p.s.commands, 0);
	ck_assert_int_eq(quote(bq_view_of(nonce, 50)), 0);
	check_quote(bq_view_of(nonce, 50));
	ck_assert_int_eq(quote(VIEW("")), 0);
	check_quote(VIEW(""));
}
END_TEST

START_TEST(pcrs_that_move_for_a_while)
{
	p.moves = (unsigned)_i;
	ck_assert_int_eq(quote(VIEW("challenge")), 0);
	check_quote(VIEW("challenge"));
	ck_assert_uint_eq(p.s.commands, 4 * (unsigned)(_i + 1));
}
END_TEST

START_TEST(pcrs_that_never_rest)
{
	p.moves = UINT32_MAX;
	ck_assert_int_eq(quote(VIEW("challenge")), BQ_E_PCRS_MOVING);
	ck_assert_uint_eq(p.s.commands, 4 * 5);
	p.s.tick_ms = 100;
	a.timeout_ms = 500;
	ck_assert_int_eq(quote(VIEW("challenge")), BQ_E_PCRS_MOVING);
	ck_assert_uint_le(p.s.commands, 4 * 5 + 4 * 2);
}
END_TEST

/* The TPM's answer is checked before anyone reads PCRs for it. */
START_TEST(another_quote_than_asked_for)
{
	static const int errors[] = {BQ_E_TPM_RESPONSE, BQ_E_PCR_SELECTION, BQ_E_SIG_ALG,
				     BQ_E_ATTEST_TYPE, BQ_E_PCR_SELECTION};

	p.wrong_nonce = _i == 0;
	p.wrong_selection = _i == 1 ? 1 : _i == 4 ? 2 : 0;
	p.other_hash = _i == 2;
	p.not_a_quote = _i == 3;
	ck_assert_int_eq(quote(VIEW("challenge")), errors[_i]);
	ck_assert_calls(&p, "Q");
}
END_TEST

START_TEST(refusals_are_final)
{
	p.fail_cc = TPM_CC_Quote;
	p.fail_rc = _i == 0 ? 0x18B : TPM_RC_LOCKOUT;
	p.fail_times = 10;
	ck_assert_int_eq(quote(VIEW("challenge")), BQ_E_TPM_RC);
	ck_assert_uint_eq(p.s.tpm.rc, p.fail_rc);
	ck_assert_calls(&p, "!");
}
END_TEST

START_TEST(a_lost_tpm)
{
	p.cut_at = (unsigned)_i;
	ck_assert_int_eq(quote(VIEW("challenge")), BQ_E_GONE);
	ck_assert_uint_eq(p.s.commands, (unsigned)_i);
}
END_TEST

Suite *suite_azure_quote(void)
{
	Suite *s = suite_create("azure_quote");
	TCase *tc = tcase_create("azure_quote");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, one_quote_and_three_reads);
	tcase_add_test(tc, eight_commands_with_the_report);
	tcase_add_test(tc, nonce_sizes);
	tcase_add_loop_test(tc, pcrs_that_move_for_a_while, 0, 5);
	tcase_add_test(tc, pcrs_that_never_rest);
	tcase_add_loop_test(tc, another_quote_than_asked_for, 0, 5);
	tcase_add_loop_test(tc, refusals_are_final, 0, 2);
	tcase_add_loop_test(tc, a_lost_tpm, 1, 5);
	suite_add_tcase(s, tc);
	return s;
}

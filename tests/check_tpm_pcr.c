/* PCR_Read in as many calls as it takes, against a TPM with a mind of its own. */
#include <string.h>

#include "scripted.h"
#include "support.h"

/* Banks SHA-1 and SHA-256; each digest is its PCR's number, over and over. */
struct pcr_tpm {
	unsigned at_most;            /* digests a call */
	struct bq_pcr_list override; /* n != 0: what it says it selected */
	unsigned digests;            /* over: what it says it returns, 0: the truth */
	size_t size;                 /* of a digest, 0: the bank's */
};

static struct pcr_tpm model;
static struct script script;
static struct bq_pcr_values values;

static bool has_bank(uint16_t alg)
{
	return alg == TPM_ALG_SHA1 || alg == TPM_ALG_SHA256;
}

/* What a TPM makes of a selection: no banks it lacks, no more than it returns. */
static struct bq_pcr_list reduce(struct bq_pcr_list sel, unsigned at_most)
{
	for (unsigned i = 0; i < sel.n; i++)
		for (unsigned j = 0; j < BQ_PCRS; j++)
			if (!has_bank(sel.bank[i].alg) || at_most == 0)
				sel.bank[i].mask &= ~(1u << j);
			else
				at_most -= sel.bank[i].mask >> j & 1;
	return sel;
}

static int pcr_answer(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n)
{
	struct pcr_tpm *m = ctx;
	struct bq_pcr_list sel, shown;
	uint8_t digest[64];
	struct bq_wr w;

	ck_assert_int_eq(bq_rd_skip(&cmd, 10), 0);
	ck_assert_int_eq(bq_pcr_list_read(&cmd, &sel), 0);
	ck_assert_int_eq(bq_rd_end(&cmd), 0);
	ck_assert_uint_le(bq_pcr_list_count(&sel), 8);
	sel = reduce(sel, m->at_most);
	shown = m->override.n != 0 ? m->override : sel;
	bq_wr_init(&w, rsp, cap);
	bq_wr_be16(&w, TPM_ST_NO_SESSIONS);
	bq_wr_zeros(&w, 8);
	bq_wr_be32(&w, 77);
	bq_pcr_list_write(&w, &shown);
	bq_wr_be32(&w, m->digests != 0 ? m->digests : bq_pcr_list_count(&shown));
	for (unsigned i = 0; i < shown.n; i++)
		for (unsigned j = 0; j < BQ_PCRS; j++)
			if ((shown.bank[i].mask >> j & 1) != 0) {
				memset(digest, (int)(j + 1), sizeof(digest));
				bq_wr_2b(&w,
					 bq_view_of(digest,
						    m->size != 0 ? m->size - 1
								 : bq_alg_size(shown.bank[i].alg)));
			}
	bq_wr_be32_at(&w, 2, (uint32_t)w.n);
	*rsp_n = w.n;
	return 0;
}

static void setup(void)
{
	memset(&model, 0, sizeof(model));
	memset(&values, 0xAA, sizeof(values));
	model.at_most = 8;
	script_init_answer(&script, pcr_answer, &model);
}

static int read_pcrs(const char *text)
{
	struct bq_pcr_list sel;

	ck_assert_int_eq(bq_pcr_list_parse(bq_view_str(text), &sel), 0);
	return bq_tpm_pcr_read(&script.tpm, &sel, &values);
}

static void check_values(uint16_t alg, uint32_t mask)
{
	struct bq_view v;
	uint8_t want[64];

	for (unsigned i = 0; i < BQ_PCRS; i++) {
		if ((mask >> i & 1) == 0) {
			ck_assert_int_eq(bq_pcr_value(&values, alg, i, &v), BQ_E_PCR_SELECTION);
			continue;
		}
		memset(want, (int)(i + 1), sizeof(want));
		ck_assert_int_eq(bq_pcr_value(&values, alg, i, &v), 0);
		ck_assert_view_eq(v, bq_view_of(want, bq_alg_size(alg)));
	}
}

START_TEST(all_24_in_three_calls)
{
	ck_assert_int_eq(read_pcrs("sha256:all"), 0);
	ck_assert_uint_eq(script.commands, 3);
	ck_assert_uint_eq(values.n, 1);
	check_values(TPM_ALG_SHA256, 0xFFFFFF);
}
END_TEST

START_TEST(banks_hold_exactly_the_selection)
{
	ck_assert_int_eq(read_pcrs("sha1:23,0+sha256:1,2,3,9,10,11,12,13,20"), 0);
	ck_assert_uint_eq(script.commands, 3);
	ck_assert_uint_eq(values.n, 2);
	ck_assert_uint_eq(values.bank[0].alg, TPM_ALG_SHA1);
	check_values(TPM_ALG_SHA1, 0x800001);
	check_values(TPM_ALG_SHA256, 0x103E0E);
}
END_TEST

START_TEST(bank_named_twice)
{
	ck_assert_int_eq(read_pcrs("sha256:1+sha1:1+sha256:1,2"), 0);
	ck_assert_uint_eq(script.commands, 3);
	ck_assert_uint_eq(values.n, 2);
	check_values(TPM_ALG_SHA256, 6);
	ck_assert_int_eq(read_pcrs("sha256:5+sha256:5"), 0);
	ck_assert_uint_eq(script.commands, 4);
}
END_TEST

START_TEST(nothing_selected)
{
	ck_assert_int_eq(read_pcrs("sha256:none"), 0);
	ck_assert_uint_eq(script.commands, 0);
	check_values(TPM_ALG_SHA256, 0);
}
END_TEST

START_TEST(fewer_at_a_time)
{
	model.at_most = 3;
	ck_assert_int_eq(read_pcrs("sha256:all"), 0);
	ck_assert_uint_eq(script.commands, 8);
	check_values(TPM_ALG_SHA256, 0xFFFFFF);
}
END_TEST

/* A TPM that returns nothing must not be asked for ever. */
START_TEST(bank_that_is_not_there)
{
	ck_assert_int_eq(read_pcrs("sha384:0"), BQ_E_PCR_SELECTION);
	ck_assert_uint_eq(script.commands, 1);
	model.at_most = 0;
	ck_assert_int_eq(read_pcrs("sha256:0"), BQ_E_PCR_SELECTION);
}
END_TEST

START_TEST(bank_the_tpm_does_not_know)
{
	const struct exchange list[] = {{NULL, "8001 0000000a 000001c3", 0},
					{NULL, "8001 0000000a 000001c4", 0}};
	struct bq_pcr_list sel = {1, {{TPM_ALG_SM3_256, 1}}};
	struct script s;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_pcr_read(&s.tpm, &sel, &values), BQ_E_PCR_SELECTION);
	ck_assert_int_eq(bq_tpm_pcr_read(&s.tpm, &sel, &values), BQ_E_TPM_RC);
	sel.bank[0].alg = 0x7777;
	ck_assert_int_eq(bq_tpm_pcr_read(&s.tpm, &sel, &values), BQ_E_PCR_SELECTION);
	sel.bank[0] = (struct bq_pcr_select){TPM_ALG_SHA256, 1u << 24};
	ck_assert_int_eq(bq_tpm_pcr_read(&s.tpm, &sel, &values), BQ_E_PCR_SELECTION);
	script_end(&s);
}
END_TEST

/* Selections that were not asked for: other PCRs, another bank, one bank more. */
START_TEST(unasked)
{
	static const struct bq_pcr_list wrong[] = {
		{1, {{TPM_ALG_SHA256, 2}}},
		{1, {{TPM_ALG_SHA256, 3}}},
		{1, {{TPM_ALG_SHA1, 1}}},
		{1, {{TPM_ALG_SM3_256, 1}}},
		{2, {{TPM_ALG_SHA256, 1}, {TPM_ALG_SHA1, 1}}},
		{2, {{TPM_ALG_SHA256, 1}, {TPM_ALG_SHA256, 0}}},
	};

	model.override = wrong[_i];
	ck_assert_int_eq(read_pcrs("sha256:0"), BQ_E_TPM_RESPONSE);
	ck_assert_uint_eq(script.commands, 1);
}
END_TEST

START_TEST(digests_of_a_wrong_number_or_size)
{
	model.digests = 1;
	ck_assert_int_eq(read_pcrs("sha256:0,1"), BQ_E_TPM_RESPONSE);
	model.digests = 3;
	ck_assert_int_eq(read_pcrs("sha256:0,1"), BQ_E_TPM_RESPONSE);
	model.digests = 0;
	model.size = 1 + 20;
	ck_assert_int_eq(read_pcrs("sha256:0"), BQ_E_TPM_RESPONSE);
	model.size = 1 + 64;
	ck_assert_int_eq(read_pcrs("sha256:0"), BQ_E_TPM_RESPONSE);
	model.size = 1 + 0;
	ck_assert_int_eq(read_pcrs("sha256:0"), BQ_E_TPM_PROGRESS);
	model.size = 0;
	model.digests = 1;
	model.at_most = 0;
	ck_assert_int_eq(read_pcrs("sha256:0"), BQ_E_TPM_RESPONSE);
}
END_TEST

Suite *suite_tpm_pcr(void)
{
	const TTest *const tests[] = {
		all_24_in_three_calls,
		banks_hold_exactly_the_selection,
		bank_named_twice,
		nothing_selected,
		fewer_at_a_time,
		bank_that_is_not_there,
		bank_the_tpm_does_not_know,
		digests_of_a_wrong_number_or_size,
	};
	Suite *s = suite_create("tpm_pcr");
	TCase *tc = tcase_create("read");

	tcase_add_checked_fixture(tc, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	tcase_add_loop_test(tc, unasked, 0, 6);
	suite_add_tcase(s, tc);
	return s;
}

/* Quotes on their own: every kind of key, and everything that can be wrong. */
#include "quote_maker.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct bq_check *check_of(const struct bq_verdict *v, const char *name)
{
	const struct bq_check *c = bq_verdict_check(v, name);

	ck_assert_ptr_nonnull(c);
	return c;
}

/* Judged, with these checks failed and no others; names between spaces. */
static void judge(struct quote_maker *m, const char *fails)
{
	static struct bq_verdict v;
	char failed[400] = "";

	ck_assert_int_eq(bq_checkquote(&m->q, &v), 0);
	ck_assert_uint_eq(v.n, 6);
	for (unsigned i = 0; i < v.n; i++) {
		if (v.checks[i].result != BQ_FAIL)
			continue;
		strcat(failed, failed[0] != '\0' ? " " : "");
		strcat(failed, v.checks[i].name);
	}
	ck_assert_str_eq(failed, fails);
	ck_assert_int_eq(v.accepted, fails[0] == '\0');
}

START_TEST(each_kind_of_key)
{
	struct bq_verdict v;
	struct quote_maker m;

	quote_begin(&m, (enum quote_kind)_i);
	quote_make(&m);
	judge(&m, "");
	ck_assert_int_eq(bq_checkquote(&m.q, &v), 0);
	ck_assert_int_eq(check_of(&v, "quote.pcr_digest")->result, BQ_PASS);
	ck_assert_int_eq(check_of(&v, "eventlog.replay")->result, BQ_SKIP);
	m.q.sig = quote_plain_sig(&m); /* plain */
	m.q.hash = m.hash_alg;
	judge(&m, "");
	m.q.hash = TPM_ALG_SHA512;
	judge(&m, "quote.signature quote.pcr_digest");
	m.q.hash = 0;
	judge(&m, "quote.signature quote.pcr_digest");
	m.q.sel = NULL;
	m.q.hash = m.hash_alg;
	judge(&m, "");
}
END_TEST

/* --- what can be wrong ---------------------------------------------------- */

static void magic(struct quote_maker *m)
{
	m->magic ^= 1;
}

static void type(struct quote_maker *m)
{
	m->type = 0x8017; /* TPM_ST_ATTEST_CERTIFY */
}

static void trailing(struct quote_maker *m)
{
	m->trailing = 1;
}

static void signer(struct quote_maker *m)
{
	m->signer = quote_other_rsa;
}

static void nonce(struct quote_maker *m)
{
	m->q.nonce = VIEW("twice");
}

static void no_nonce(struct quote_maker *m)
{
	m->q.nonce = VIEW("");
}

static void other_pcr(struct quote_maker *m)
{
	m->sel.bank[0].mask ^= 0x000300;
}

static void pcr_less(struct quote_maker *m)
{
	m->sel.bank[0].mask ^= 0x000080;
}

static void other_bank(struct quote_maker *m)
{
	m->sel.bank[1].alg = TPM_ALG_SHA384;
}

static void bank_less(struct quote_maker *m)
{
	m->sel.n = 1;
}

static void bank_more(struct quote_maker *m)
{
	m->sel.bank[m->sel.n++] = (struct bq_pcr_select){TPM_ALG_SHA384, 0};
}

static void other_order(struct quote_maker *m)
{
	m->sel.bank[0] = m->signed_sel.bank[1];
	m->sel.bank[1] = m->signed_sel.bank[0];
}

#define SELECTION "quote.pcr_selection"

static const struct {
	void (*how)(struct quote_maker *m);
	const char *fails;
} cases[] = {
	{magic, "quote.format"},     {type, "quote.format"}, {trailing, "quote.format"},
	{signer, "quote.signature"}, {nonce, "quote.nonce"}, {no_nonce, "quote.nonce"},
	{other_pcr, SELECTION},      {pcr_less, SELECTION},  {other_bank, SELECTION},
	{bank_less, SELECTION},      {bank_more, SELECTION}, {other_order, SELECTION},
};

START_TEST(forged)
{
	struct quote_maker m;

	quote_begin(&m, QUOTE_RSASSA);
	cases[_i].how(&m);
	quote_make(&m);
	judge(&m, cases[_i].fails);
}
END_TEST

/* Values are what was hashed, in every PCR that was quoted and in no other. */
START_TEST(each_value)
{
	struct quote_maker m;

	quote_begin(&m, QUOTE_P256);
	quote_make(&m);
	for (unsigned b = 0; b < m.pcrs.n; b++) {
		for (unsigned i = 0; i < BQ_PCRS; i++) {
			bool quoted = (m.sel.bank[b].mask >> i & 1) != 0;

			m.pcrs.bank[b].value[i][3] ^= 1;
			judge(&m, quoted ? "quote.pcr_digest" : "");
			m.pcrs.bank[b].value[i][3] ^= 1;
		}
	}
	m.pcrs.bank[0].mask ^= 1; /* a value that is missing */
	judge(&m, "quote.pcr_digest");
}
END_TEST

/* A bit of the signed message, or of the signature, counts wherever it is. */
START_TEST(each_byte)
{
	struct bq_verdict v;
	struct quote_maker m;
	uint8_t *p;

	quote_begin(&m, (enum quote_kind)_i);
	quote_make(&m);
	p = (uint8_t *)(uintptr_t)m.q.msg.p;
	for (size_t i = 0; i < m.q.msg.n; i++) {
		p[i] ^= 0x10;
		ck_assert_int_eq(bq_checkquote(&m.q, &v), 0);
		ck_assert_int_eq(check_of(&v, "quote.signature")->result, BQ_FAIL);
		p[i] ^= 0x10;
	}
	p = (uint8_t *)(uintptr_t)m.q.sig.p;
	for (size_t i = 0; i < m.q.sig.n; i++) {
		p[i] ^= 0x10;
		ck_assert_int_eq(bq_checkquote(&m.q, &v), 0);
		ck_assert_int_eq(check_of(&v, "quote.signature")->result, BQ_FAIL);
		p[i] ^= 0x10;
	}
	judge(&m, "");
}
END_TEST

START_TEST(truncations)
{
	struct bq_verdict v;
	struct bq_checkquote q;
	struct quote_maker m;

	quote_begin(&m, QUOTE_P256);
	quote_make(&m);
	q = m.q;
	for (size_t n = 0; n < m.q.msg.n; n++) {
		q.msg = tight_copy(bq_view_of(m.q.msg.p, n));
		ck_assert_int_eq(bq_checkquote(&q, &v), 0);
		ck_assert_int_eq(check_of(&v, "quote.format")->result, BQ_FAIL);
	}
	q = m.q;
	for (size_t n = 0; n < m.q.sig.n; n++) {
		q.sig = tight_copy(bq_view_of(m.q.sig.p, n));
		ck_assert_int_eq(bq_checkquote(&q, &v), 0);
		ck_assert_int_eq(check_of(&v, "quote.signature")->result, BQ_FAIL);
	}
	q = m.q;
	for (size_t n = 0; n + 1 < m.q.key.n; n++) { /* but for the last newline */
		q.key = tight_copy(bq_view_of(m.q.key.p, n));
		ck_assert_int_eq(bq_checkquote(&q, &v), BQ_E_PUBLIC);
	}
}
END_TEST

START_TEST(unusable_keys)
{
	struct bq_verdict v;
	struct quote_maker m;

	quote_begin(&m, QUOTE_RSASSA);
	quote_make(&m);
	m.q.key = quote_key_pem(quote_p521);
	v.accepted = false;
	ck_assert_int_eq(bq_checkquote(&m.q, &v), BQ_E_PUBLIC);
	ck_assert(!v.accepted);
	m.q.key = VIEW("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
	ck_assert_int_eq(bq_checkquote(&m.q, &v), BQ_E_PUBLIC);
	/* A key of another kind than the signature. */
	m.q.key = quote_key_pem(quote_key[QUOTE_P256]);
	judge(&m, "quote.signature");
	quote_begin(&m, QUOTE_P256);
	quote_make(&m);
	m.q.key = quote_key_pem(quote_key[QUOTE_RSASSA]);
	judge(&m, "quote.signature");
}
END_TEST

/* --- event logs ------------------------------------------------------------ */

/* SHA-1 format: one event for PCR 1, its digest that of "boot". */
static struct bq_view make_log(uint8_t changed)
{
	uint8_t buf[64], sha1[20];
	struct bq_view v = {0};
	struct bq_wr w;
	struct bq_hash h;

	ck_assert_int_eq(bq_hash_init(&h, TPM_ALG_SHA1), 0);
	bq_hash_add(&h, VIEW("boot"));
	bq_hash_end(&h, sha1);
	sha1[0] ^= changed;
	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_le32(&w, 1);
	bq_wr_le32(&w, EV_ACTION);
	bq_wr_view(&w, bq_view_of(sha1, sizeof(sha1)));
	bq_wr_le32(&w, 4);
	bq_wr_view(&w, VIEW("boot"));
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	return tight_copy(v);
}

/* A quote of PCRs that have just been started and extended as the log says. */
static void begin_booted(struct quote_maker *m)
{
	struct bq_pcr_values replayed;
	struct bq_pcr_bank *b;

	quote_begin(m, QUOTE_P256);
	ck_assert_int_eq(bq_eventlog_replay(make_log(0), bq_hash_of, &replayed), 0);
	m->signed_sel = m->sel = (struct bq_pcr_list){1, {{TPM_ALG_SHA1, 0x020003}}};
	b = bq_pcr_bank_of(&m->pcrs, TPM_ALG_SHA1);
	memset(b->value[0], 0, sizeof(b->value[0]));
	memcpy(b->value[1], replayed.bank[0].value[1], 20);
	memset(b->value[17], 0xFF, sizeof(b->value[17]));
}

/* The log itself is refused, in these words. */
static void log_refused(struct quote_maker *m, const char *words)
{
	struct bq_verdict v;

	judge(m, "eventlog.replay");
	ck_assert_int_eq(bq_checkquote(&m->q, &v), 0);
	ck_assert_ptr_nonnull(strstr(check_of(&v, "eventlog.replay")->detail, words));
}

START_TEST(eventlogs)
{
	struct bq_view log = make_log(0);
	struct quote_maker m;

	begin_booted(&m);
	quote_make(&m);
	m.q.eventlog = log;
	judge(&m, "");
	m.q.eventlog = make_log(1);
	log_refused(&m, "PCR 1: the log leads to ");
	log_refused(&m, "event 0, at offset 0, has a digest that is not its data's");
	for (size_t n = 1; n < log.n; n++) {
		m.q.eventlog = tight_copy(bq_view_of(log.p, n));
		judge(&m, "eventlog.replay");
	}
	m.q.eventlog = log;
	m.q.sel = NULL;
	judge(&m, "eventlog.replay");
}
END_TEST

/* PCRs that nothing extended, of a bank that the log says nothing about. */
START_TEST(bank_that_the_log_lacks)
{
	struct quote_maker m;

	begin_booted(&m);
	m.signed_sel = m.sel =
		(struct bq_pcr_list){2, {{TPM_ALG_SHA1, 0x000002}, {TPM_ALG_SHA256, 0x000001}}};
	memset(bq_pcr_bank_of(&m.pcrs, TPM_ALG_SHA256)->value[0], 0, 32);
	quote_make(&m);
	m.q.eventlog = make_log(0);
	log_refused(&m, "the log has no sha256 digests");
}
END_TEST

START_TEST(eventlog_of_no_pcr)
{
	struct quote_maker m;

	begin_booted(&m);
	m.signed_sel = m.sel = (struct bq_pcr_list){_i == 0 ? 0 : 1, {{TPM_ALG_SHA1, 0}}};
	quote_make(&m);
	m.q.eventlog = make_log(0);
	log_refused(&m, "the quote is of no PCR");
}
END_TEST

START_TEST(quote_before_the_event)
{
	struct quote_maker m;

	begin_booted(&m);
	memset(bq_pcr_bank_of(&m.pcrs, TPM_ALG_SHA1)->value[1], 0, 20);
	quote_make(&m);
	m.q.eventlog = make_log(0);
	log_refused(&m, "the quote was made before event 0");
}
END_TEST

Suite *suite_checkquote(void)
{
	Suite *s = suite_create("checkquote");
	TCase *tc = tcase_create("checkquote");

	tcase_set_timeout(tc, 60);
	tcase_add_unchecked_fixture(tc, quote_keys, quote_keys_free);
	tcase_add_loop_test(tc, each_kind_of_key, 0, QUOTE_KINDS);
	tcase_add_loop_test(tc, forged, 0, (int)COUNT(cases));
	tcase_add_test(tc, each_value);
	tcase_add_loop_test(tc, each_byte, 0, QUOTE_KINDS);
	tcase_add_test(tc, truncations);
	tcase_add_test(tc, unusable_keys);
	tcase_add_test(tc, eventlogs);
	tcase_add_test(tc, bank_that_the_log_lacks);
	tcase_add_loop_test(tc, eventlog_of_no_pcr, 0, 2);
	tcase_add_test(tc, quote_before_the_event);
	suite_add_tcase(s, tc);
	return s;
}

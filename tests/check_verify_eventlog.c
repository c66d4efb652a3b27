/* eventlog.replay: logs that do, do not, and cannot lead to what was quoted. */
#include "booted.h"

#include <string.h>

/* The log, and after it an event of the debug PCR. */
static struct bq_view log_with_16(struct bq_view log)
{
	uint8_t buf[256];
	struct bq_view more = {0};
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	booted_put_event(&w, 16, EV_ACTION, VIEW("debug"));
	ck_assert_int_eq(bq_wr_end(&w, &more), 0);
	return concat((struct bq_view[]){log, more}, 2);
}

static uint8_t *quoted(struct forge *f, unsigned pcr)
{
	return bq_pcr_bank_of(&f->ev.pcrs, TPM_ALG_SHA256)->value[pcr];
}

static void nothing(struct forge *f)
{
	(void)f;
}

static void no_log(struct forge *f)
{
	f->ev.eventlog.n = 0;
}

static void require(struct forge *f)
{
	f->policy = "{\"eventlog\":{\"require\":true}}";
}

static void required_and_none(struct forge *f)
{
	require(f);
	no_log(f);
}

static void other_firmware(struct forge *f)
{
	quoted(f, 0)[0] ^= 1;
}

static void os_goes_on(struct forge *f)
{
	uint8_t *pcr = quoted(f, 11);

	ck_assert_int_eq(bq_hash_of(TPM_ALG_SHA256, bq_view_of(pcr, 32), VIEW("phase"), pcr), 0);
	quoted(f, 10)[5] = 1;
}

static void os_goes_on_required(struct forge *f)
{
	os_goes_on(f);
	require(f);
}

/* Who drops a PCR's events must not get away with it. */
static void events_dropped(struct forge *f)
{
	f->ev.eventlog = booted_log(7);
}

/* An operating system's PCR too may not go without its events where all is required. */
static void os_events_dropped(struct forge *f)
{
	f->ev.eventlog = booted_log(11);
}

static void os_events_dropped_required(struct forge *f)
{
	os_events_dropped(f);
	require(f);
}

/* Linux's IMA extends PCR 10 at every boot, and has a log of its own. */
static void ima_required(struct forge *f)
{
	quoted(f, 10)[5] = 1;
	require(f);
}

/* What is not quoted, a log may say anything about. */
static void one_quoted(struct forge *f)
{
	f->pcrs.bank[0].mask = 0x000001;
}

static void one_quoted_required(struct forge *f)
{
	one_quoted(f);
	require(f);
}

/* All of a boot's, but not one that the log goes on to. */
static void logged_not_quoted_required(struct forge *f)
{
	f->ev.eventlog = log_with_16(f->ev.eventlog);
	f->pcrs.bank[0].mask = 0x00FFFF;
	require(f);
}

static void not_a_log(struct forge *f)
{
	f->ev.eventlog = VIEW("not an event log at all, but long enough to look like one");
}

static void bad_quote(struct forge *f)
{
	f->own_digest = true;
}

/* The log and the quote agree, and nobody vouches for the quote. */
static void unsigned_quote(struct forge *f)
{
	f->n[100] ^= 1;
}

static void bad_quote_required(struct forge *f)
{
	bad_quote(f);
	require(f);
}

/* Firmware's PCRs are not in the quote: nothing the log says can be compared. */
static void others_quoted(struct forge *f)
{
	f->pcrs.bank[0].mask = 0x0300;
}

static const struct {
	struct forgery forgery;
	enum bq_result result;
	const char *words;
} cases[] = {
	{{nothing, ""}, BQ_PASS, "PCRs 0, 4, 7, 11;"},
	{{require, ""}, BQ_PASS, "PCRs 0, 4, 7, 11;"},
	{{no_log, ""}, BQ_SKIP, "no event log"},
	{{required_and_none, "eventlog.replay policy.eventlog.require"}, BQ_FAIL, "no event log"},
	{{other_firmware, "eventlog.replay"}, BQ_FAIL, "PCR 0: the log leads to "},
	{{os_goes_on, ""}, BQ_PASS, "beyond the log: 10, 11;"},
	{{os_goes_on_required, "eventlog.replay policy.eventlog.require"}, BQ_FAIL, "PCR 11:"},
	{{events_dropped, "eventlog.replay"}, BQ_FAIL, "PCR 7: the log leads to 0000"},
	{{os_events_dropped, ""}, BQ_PASS, "beyond the log: 11;"},
	{{os_events_dropped_required, "eventlog.replay policy.eventlog.require"},
	 BQ_FAIL,
	 "PCR 11: the log leads to 0000"},
	{{ima_required, ""}, BQ_PASS, "beyond the log: 10;"},
	{{one_quoted, ""}, BQ_PASS, "PCRs 0; extended beyond the log: none; not quoted: 1, 2, "},
	{{one_quoted_required, "eventlog.replay policy.eventlog.require"},
	 BQ_FAIL,
	 "lacks the PCRs 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15"},
	{{logged_not_quoted_required, "eventlog.replay policy.eventlog.require"},
	 BQ_FAIL,
	 "lacks the PCRs 16"},
	{{not_a_log, "eventlog.replay"}, BQ_FAIL, "event log"},
	{{bad_quote, "quote.pcr_digest"}, BQ_SKIP, "no verified quote"},
	{{unsigned_quote, "quote.signature"}, BQ_SKIP, "no verified quote"},
	{{bad_quote_required, "quote.pcr_digest eventlog.replay policy.eventlog.require"},
	 BQ_FAIL,
	 "no verified quote"},
	{{others_quoted, "eventlog.replay"}, BQ_FAIL, "none of the quoted"},
};

START_TEST(replay)
{
	struct bq_verdict v;
	struct forge f;

	booted_begin(&f);
	cases[_i].forgery.how(&f);
	forge_make(&f);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, cases[_i].forgery.fails);
	assert_result(&v, "eventlog.replay", cases[_i].result);
	assert_detail(&v, "eventlog.replay", cases[_i].words);
}
END_TEST

/* Which event was changed is named where its data tell. */
START_TEST(changed_event)
{
	static const char on[] = "SecureBoot on";
	struct bq_verdict v;
	struct forge f;
	uint8_t *log;
	size_t at = 0;

	booted_begin(&f);
	forge_make(&f);
	log = writable(&f.ev.eventlog);
	while (memcmp(log + at, on, sizeof(on) - 1) != 0)
		at++;
	log[at - 36] ^= 1; /* its digest's first byte: length and 32 bytes before the data */
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "eventlog.replay");
	assert_detail(&v, "eventlog.replay", "event 2, at offset ");
}
END_TEST

START_TEST(log_goes_on)
{
	struct bq_verdict v;
	struct forge f;
	uint8_t buf[256];
	struct bq_view more = {0};
	struct bq_wr w;

	booted_begin(&f);
	forge_make(&f);
	bq_wr_init(&w, buf, sizeof(buf));
	booted_put_event(&w, 4, EV_EFI_BOOT_SERVICES_APPLICATION, VIEW("grub"));
	ck_assert_int_eq(bq_wr_end(&w, &more), 0);
	f.ev.eventlog = concat((struct bq_view[]){f.ev.eventlog, more}, 2);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "eventlog.replay");
	assert_detail(&v, "eventlog.replay", "before event 7");
}
END_TEST

START_TEST(truncated)
{
	struct bq_verifier *verifier;
	struct bq_verdict v;
	struct bq_view whole;
	struct forge f;

	booted_begin(&f);
	f.pcrs.bank[0].mask = 0xFF; /* the last event is PCR 11's */
	f.ev.eventlog = whole = booted_log(11);
	forge_make(&f);
	verifier = forge_verifier(&f);
	for (size_t n = 1; n < whole.n; n++) {
		f.ev.eventlog = tight_copy(bq_view_of(whole.p, n));
		ck_assert_int_eq(bq_verify(verifier, &f.ev, &f.expect, &v), 0);
		assert_failures(&v, "eventlog.replay");
	}
	f.ev.eventlog = whole;
	ck_assert_int_eq(bq_verify(verifier, &f.ev, &f.expect, &v), 0);
	assert_failures(&v, "");
	bq_verifier_free(verifier);
}
END_TEST

Suite *suite_verify_eventlog(void)
{
	Suite *s = suite_create("verify_eventlog");
	TCase *tc = tcase_create("verify_eventlog");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_loop_test(tc, replay, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_test(tc, changed_event);
	tcase_add_test(tc, log_goes_on);
	tcase_add_test(tc, truncated);
	suite_add_tcase(s, tc);
	return s;
}

/* eventlog.replay: do the events lead to the PCR values that were quoted? */
#include <stdio.h>

#include <barequote/eventlog.h>

#include "crypto.h"
#include "detail.h"
#include "verifier.h"

/* Firmware owns PCRs 0 to 7 (PC Client Platform Firmware Profile, 3.3.4) and
 * stops extending them when it hands over. An operating system goes on with the
 * others, which this log does not see: there a difference counts only where the
 * policy requires the log. */
#define FIRMWARE_PCRS 0xFFu

static int extend(uint16_t alg, uint8_t *pcr, struct bq_view value)
{
	return bq_digest_extend(alg, pcr, bq_alg_size(alg), value) ? 0 : BQ_E_EVENTLOG;
}

/* Events whose digest is that of their data, so that a changed one shows. */
static bool hashes_its_data(uint32_t type)
{
	return type == EV_SEPARATOR || type == EV_ACTION || type == EV_S_CRTM_VERSION ||
	       type == EV_EFI_ACTION || type == EV_EFI_VARIABLE_DRIVER_CONFIG ||
	       type == EV_EFI_GPT_EVENT;
}

static bool is_suspect(const struct bq_event *e, uint16_t alg)
{
	uint8_t hash[BQ_DIGEST_MAX];

	for (unsigned i = 0; i < e->n; i++)
		if (e->digest[i].alg == alg)
			return !bq_digest(alg, e->data, hash) ||
			       !bq_view_eq(e->digest[i].value, bq_view_of(hash, bq_alg_size(alg)));
	return true; /* no digest for this bank at all */
}

/* The first event of that PCR after number `after` (-1: of all) that is there,
 * or, where suspect is set, whose digest is not its data's. */
static bool next_event(struct bq_view log, unsigned pcr, long after, bool suspect,
		       struct bq_event *out)
{
	struct bq_eventlog l;
	bool more;

	if (bq_eventlog_open(log, &l) != 0)
		return false;
	while (bq_eventlog_next(&l, out, &more) == 0 && more)
		if (out->pcr == pcr && out->type != EV_NO_ACTION && (long)out->number > after &&
		    (!suspect || (hashes_its_data(out->type) && is_suspect(out, TPM_ALG_SHA256))))
			return true;
	return false;
}

/* Which event does not fit, as far as that can be told from the values. */
static void explain(struct bq_view log, unsigned pcr, struct bq_view quoted, char *out, size_t cap)
{
	struct bq_event e;
	unsigned after;

	if (bq_eventlog_find(log, extend, TPM_ALG_SHA256, pcr, quoted, &after) == 0 &&
	    next_event(log, pcr, (long)after, false, &e))
		snprintf(out, cap, "the quote was made before event %u", e.number);
	else if (next_event(log, pcr, -1, true, &e))
		snprintf(out, cap, "event %u, at offset %zu, has a digest that is not its data's",
			 e.number, e.offset);
	else if (next_event(log, pcr, -1, false, &e))
		snprintf(out, cap, "its events start at number %u", e.number);
	else
		snprintf(out, cap, "it has no event");
}

struct outcome {
	uint32_t same, differ; /* PCRs */
};

/* What the log leads to: zeros where it has no event of one of firmware's PCRs,
 * so that nobody gains by leaving events out. */
static bool led_to(const struct bq_pcr_values *replayed, unsigned pcr, struct bq_view *out)
{
	static const uint8_t zeros[BQ_SHA256_SIZE];

	if (bq_pcr_value(replayed, TPM_ALG_SHA256, pcr, out) == 0)
		return true;
	*out = bq_view_of(zeros, sizeof(zeros));
	return (FIRMWARE_PCRS >> pcr & 1) != 0;
}

static struct outcome compare(const struct bq_run *r, const struct bq_pcr_values *replayed)
{
	struct outcome o = {0};

	for (unsigned i = 0; i < BQ_PCRS; i++) {
		struct bq_view quoted, ours;

		if ((r->quote.pcrs.bank[0].mask >> i & 1) == 0 ||
		    bq_pcr_value(&r->ev->pcrs, TPM_ALG_SHA256, i, &quoted) != 0 ||
		    !led_to(replayed, i, &ours))
			continue;
		if (!bq_view_eq(quoted, ours))
			o.differ |= 1u << i;
		else if (!bq_view_is_zero(ours))
			o.same |= 1u << i;
	}
	return o;
}

static unsigned lowest(uint32_t mask)
{
	unsigned i = 0;

	while (i < BQ_PCRS && (mask >> i & 1) == 0)
		i++;
	return i;
}

/* `0, 1, 7` */
static const char *pcr_numbers(uint32_t mask, char *buf, size_t cap)
{
	size_t n = 0;

	snprintf(buf, cap, "none");
	for (unsigned i = 0; i < BQ_PCRS && n < cap; i++)
		if ((mask >> i & 1) != 0)
			n += (size_t)snprintf(buf + n, cap - n, "%s%u", n == 0 ? "" : ", ", i);
	return buf;
}

static void report_mismatch(struct bq_run *r, const struct bq_pcr_values *replayed, uint32_t differ)
{
	unsigned pcr = lowest(differ);
	struct bq_view quoted = {0}, ours = {0};
	struct bq_str a, b;
	char why[96];

	(void)bq_pcr_value(&r->ev->pcrs, TPM_ALG_SHA256, pcr, &quoted);
	(void)led_to(replayed, pcr, &ours);
	explain(r->ev->eventlog, pcr, quoted, why, sizeof(why));
	bq_verdict_add(r->out, "eventlog.replay", BQ_FAIL,
		       "PCR %u: the log leads to %s, the quote has %s; %s", pcr,
		       bq_str_hex(&a, ours), bq_str_hex(&b, quoted), why);
}

static void judge(struct bq_run *r, const struct bq_pcr_values *replayed)
{
	struct outcome o = compare(r, replayed);
	char same[96], differ[96];

	if ((o.differ & (r->core.require_eventlog ? UINT32_MAX : FIRMWARE_PCRS)) != 0) {
		report_mismatch(r, replayed, o.differ);
	} else if (o.same == 0) {
		bq_verdict_add(r->out, "eventlog.replay", BQ_FAIL,
			       "the log leads to none of the quoted PCRs");
	} else {
		r->eventlog_verified = true;
		bq_verdict_add(r->out, "eventlog.replay", BQ_PASS,
			       "leads to the quoted PCRs %s; extended after the log: %s",
			       pcr_numbers(o.same, same, sizeof(same)),
			       pcr_numbers(o.differ, differ, sizeof(differ)));
	}
}

void bq_check_eventlog(struct bq_run *r)
{
	enum bq_result without = r->core.require_eventlog ? BQ_FAIL : BQ_SKIP;
	struct bq_pcr_values replayed;
	int e;

	if (r->ev->eventlog.n == 0) {
		bq_verdict_add(r->out, "eventlog.replay", without,
			       "not checked: the evidence has no event log");
		return;
	}
	if (!r->quote_verified) {
		bq_verdict_add(r->out, "eventlog.replay", without,
			       "not checked: no verified quote to compare it with");
		return;
	}
	if ((e = bq_eventlog_replay(r->ev->eventlog, extend, &replayed)) != 0)
		bq_verdict_add(r->out, "eventlog.replay", BQ_FAIL, "the event log: %s",
			       bq_strerror(e));
	else
		judge(r, &replayed);
}

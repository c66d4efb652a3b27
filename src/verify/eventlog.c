/* eventlog.replay: do the events lead to the PCR values that were quoted? */
#include <stdio.h>

#include "detail.h"
#include "replay.h"
#include "verifier.h"

/* Firmware owns PCRs 0 to 7 (PC Client Platform Firmware Profile, 3.3.4) and
 * stops extending them when it hands over. An operating system goes on with the
 * others, which this log does not see: there a difference counts only where the
 * policy requires the log. */
#define FIRMWARE_PCRS 0xFFu

struct outcome {
	uint32_t same, differ; /* PCRs */
};

/* What the log leads to: zeros where it has no event of one of firmware's PCRs,
 * so that nobody gains by leaving events out. */
static bool led_to(const struct bq_pcr_values *replayed, unsigned pcr, struct bq_view *out)
{
	if (bq_pcr_value(replayed, TPM_ALG_SHA256, pcr, out) == 0)
		return true;
	*out = bq_pcr_untouched(TPM_ALG_SHA256, pcr);
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
	bq_replay_explain(r->ev->eventlog, TPM_ALG_SHA256, pcr, quoted, why, sizeof(why));
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
	if ((e = bq_eventlog_replay(r->ev->eventlog, bq_replay_extend, &replayed)) != 0)
		bq_verdict_add(r->out, "eventlog.replay", BQ_FAIL, "the event log: %s",
			       bq_strerror(e));
	else
		judge(r, &replayed);
}

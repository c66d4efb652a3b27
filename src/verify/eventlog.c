/* eventlog.replay: do the events lead to the PCR values that were quoted? */
#include <stdio.h>

#include "crypto.h"
#include "replay.h"
#include "verifier.h"

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

/* The PCRs that the log has to explain. An operating system extends others than
 * firmware's; where the policy requires the log, none of them is left to it. */
static uint32_t counted(const struct bq_run *r, const struct bq_eventlog_fit *fit)
{
	return r->core.require_eventlog ? BQ_BOOT_PCRS | fit->logged : BQ_FIRMWARE_PCRS;
}

static void judge(struct bq_run *r, const struct bq_pcr_values *replayed)
{
	const struct bq_pcr_select sel = {TPM_ALG_SHA256, r->quote.pcrs.bank[0].mask};
	struct bq_eventlog_fit fit = bq_eventlog_fit(replayed, &r->ev->pcrs, &sel);
	uint32_t differ = fit.differ & counted(r, &fit), unquoted = counted(r, &fit) & ~sel.mask;
	char same[96], beyond[96], missing[96];

	if (differ != 0) {
		bq_verdict_add_misfit(r->out, r->ev->eventlog, replayed, &r->ev->pcrs,
				      TPM_ALG_SHA256, lowest(differ));
	} else if (fit.same == 0) {
		bq_verdict_add(r->out, "eventlog.replay", BQ_FAIL,
			       "the log leads to none of the quoted PCRs");
	} else if (r->core.require_eventlog && unquoted != 0) {
		bq_verdict_add(r->out, "eventlog.replay", BQ_FAIL,
			       "required, and the quote lacks the PCRs %s",
			       pcr_numbers(unquoted, missing, sizeof(missing)));
	} else {
		r->eventlog_verified = true;
		unquoted = (fit.logged | BQ_FIRMWARE_PCRS) & ~sel.mask;
		bq_verdict_add(r->out, "eventlog.replay", BQ_PASS,
			       "leads to the quoted PCRs %s; extended beyond the log: %s; "
			       "not quoted: %s",
			       pcr_numbers(fit.same, same, sizeof(same)),
			       pcr_numbers(fit.differ, beyond, sizeof(beyond)),
			       pcr_numbers(unquoted, missing, sizeof(missing)));
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
	if ((e = bq_eventlog_replay(r->ev->eventlog, bq_evp_hash, &replayed)) != 0)
		bq_verdict_add(r->out, "eventlog.replay", BQ_FAIL, "the event log: %s",
			       bq_strerror(e));
	else
		judge(r, &replayed);
}

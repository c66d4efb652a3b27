/* What the judgements of quotes share: with evidence and on their own. */
#ifndef VERIFY_REPLAY_H
#define VERIFY_REPLAY_H

#include <barequote/eventlog.h>

#include "internal.h"

/* quote.pcr_digest: do these values hash to what was signed? alg is the signature's hash. */
bool bq_check_pcr_digest(struct bq_verdict *out, uint16_t alg, const struct bq_attest *quote,
			 const struct bq_pcr_values *values);

/* eventlog.replay, of a PCR that is not what the log leads to. */
void bq_verdict_add_misfit(struct bq_verdict *out, struct bq_view log,
			   const struct bq_pcr_values *replayed, const struct bq_pcr_values *quoted,
			   uint16_t alg, unsigned index);

#endif

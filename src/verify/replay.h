/* What the judgements of quotes share: with evidence and on their own. */
#ifndef VERIFY_REPLAY_H
#define VERIFY_REPLAY_H

#include <barequote/eventlog.h>

#include "internal.h"

/* quote.pcr_digest: do these values hash to what was signed? alg is the signature's hash. */
bool bq_check_pcr_digest(struct bq_verdict *out, uint16_t alg, const struct bq_attest *quote,
			 const struct bq_pcr_values *values);

/* A bq_extend_fn of OpenSSL's hashes. */
int bq_replay_extend(uint16_t alg, uint8_t *pcr, struct bq_view value);
/* What a PCR has before anything is measured (PC Client Platform TPM Profile,
 * 4.6.2): zeros, but ones where a dynamic launch has yet to happen. */
struct bq_view bq_pcr_untouched(uint16_t alg, unsigned index);
/* Which event keeps the log from leading to what was quoted, as far as that can
 * be told from the values. */
void bq_replay_explain(struct bq_view log, uint16_t alg, unsigned index, struct bq_view quoted,
		       char *out, size_t cap);

#endif

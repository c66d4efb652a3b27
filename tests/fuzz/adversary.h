/* The TPM as adversary: every response comes from the input, and a clock that only
 * moves with the exchanges. A response is a mode, then what the mode takes; most get
 * a header that is right, so that what is behind it is reached:
 *
 *   mode & 3: 0 raw packet; 1 without sessions; 2 with sessions, sizes made right;
 *             3 an answer of the code that follows; or, with mode & 4, none in time
 *   u16 length (0 to 4095), bytes
 *
 * Mode 'G' or 'g' instead is a genuine answer (model.h): u8 how many edits (0 to 7), and
 * for each u16 where, u8 with. Those of 'G' are hashed over, those of 'g' come after. */
#ifndef ADVERSARY_H
#define ADVERSARY_H

#include "fuzz.h"

#include "model.h"

#define ADVERSARY_GENUINE 'G'
#define ADVERSARY_SPOILT  'g'

struct adversary {
	struct bq_view rest; /* of the input */
	uint64_t now;        /* ms */
	unsigned packets, sessions;
	struct bq_clock clock;
	struct model model;
};

/* t is ready for use. sessions: how many a response of mode 2 has. */
void adversary_init(struct adversary *a, struct bq_view in, unsigned sessions, struct bq_tpm *t);

#endif

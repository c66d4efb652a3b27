/* One exchange of every command that the TPM layer has, written by hand from
 * the TPM 2.0 Library Specification, part 3. */
#ifndef TPM_GOLDEN_H
#define TPM_GOLDEN_H

#include "scripted.h"

struct golden {
	const char *name, *cmd, *rsp;
	/* Sends it; where it succeeds, checks what came back. Outputs that must
	 * stay as they were on failure are checked too. */
	int (*run)(struct bq_tpm *t);
};

extern const struct golden goldens[];
extern const int goldens_n;
/* Set: what a successful command returns may be anything. */
extern bool goldens_any_value;

#endif

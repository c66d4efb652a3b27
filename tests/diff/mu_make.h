/* Random TPM structures, and ours beside theirs. */
#ifndef MU_MAKE_H
#define MU_MAKE_H

#include "diff.h"

/* After ours: both define TPMA_NV_*, and of what a system's header defines again
 * the compiler says nothing. */
#include <tss2/tss2_mu.h>

TPML_PCR_SELECTION make_selection(void);
TPMS_ATTEST make_attest(void);
TPMT_SIGNATURE make_signature(void);
TPM2B_PUBLIC make_public(void);
TPMS_NV_PUBLIC make_nv_public(void);

void same_selection(const struct bq_pcr_list *ours, const TPML_PCR_SELECTION *theirs);
void same_bytes(struct bq_view ours, const BYTE *theirs, size_t n);

/* For a structure that they read and we do not: what stands against it in ours.
 * NULL: nothing does, and it is an error that we differ. */
const char *why_not_selection(const TPML_PCR_SELECTION *theirs);

#endif

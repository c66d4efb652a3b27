/* What the files of the Azure layer share. */
#ifndef AZURE_INTERNAL_H
#define AZURE_INTERNAL_H

#include <barequote/azure.h>

/* Sleeps for ms, or until the deadline where that is sooner. False, without
 * sleeping, once the deadline has passed. */
bool bq_azure_wait(const struct bq_clock *c, uint64_t deadline, unsigned ms);
/* When the call that begins now has to end; the TPM's own deadline is a last try
 * later, or what the caller had set where that is sooner, until bq_azure_done()
 * puts back the *callers. */
uint64_t bq_azure_begin(const struct bq_azure *a, uint64_t *callers);
/* Returns e, or what went wrong before (0: nothing) where e is only that the
 * time is over. */
int bq_azure_done(const struct bq_azure *a, uint64_t callers, int e, int before);

/* True where the TPM refused with this format-one code, whichever handle or
 * session it names (part 2, 6.6.2: bits 8 to 10 are its number). */
bool bq_azure_refused(const struct bq_tpm *t, int e, uint32_t code);
/* BQ_E_OWNER_AUTH where e is the TPM refusing the owner's password; else e. */
int bq_azure_owner_error(const struct bq_tpm *t, int e);
/* The same for commands on the report index: also BQ_E_NOT_CVM, BQ_E_UNWRITTEN. */
int bq_azure_read_error(const struct bq_tpm *t, int e);

/* One pass over the report index, checked as a whole. BQ_E_TORN or
 * BQ_E_HCL_SIZE where its parts do not belong together, which may pass. */
int bq_azure_read_once(const struct bq_azure *a, uint8_t *buf, size_t cap, struct bq_view *blob,
		       struct bq_hcl *out);
bool bq_azure_torn(int e);
/* How long to wait before reading again after so many torn reads, in ms. */
unsigned bq_azure_torn_ms(unsigned tries);

#endif

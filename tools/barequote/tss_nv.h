/* What the NV commands share: which index, who authorizes, with what password. */
#ifndef TOOL_TSS_NV_H
#define TOOL_TSS_NV_H

#include "session.h"

#define TSS_NV_FIRST 0x01000000u /* the range of NV indices: part 2, 7.2 */
#define TSS_NV_LAST  0x01FFFFFFu

/* -C and -P */
extern const struct opt tss_nv_options[];

struct tss_nv {
	struct bq_tpm *tpm;
	uint32_t index, by; /* by: the hierarchy or the index that authorizes */
	struct bq_auth auth;
	struct bq_nv_public pub; /* its policy lives until the next command */
	struct bq_view name;     /* likewise */
};

/* An index, or its number within the range of all indices. */
enum outcome tss_nv_index(const char *text, uint32_t *out);
/* Sets by and auth from the options, by to fallback where there are none, and opens
 * the TPM. */
enum outcome tss_nv_begin(struct tss_nv *nv, uint32_t fallback);
/* Reads the index's public area. */
enum outcome tss_nv_look(struct tss_nv *nv);
/* All of it. fallback 0: the index itself authorizes. */
enum outcome tss_nv_open(struct tss_nv *nv, const char *index, uint32_t fallback);
/* outcome, saying why, where the index has no n bytes at offset. */
enum outcome tss_nv_fits(const struct tss_nv *nv, uint64_t offset, uint64_t n,
			 enum outcome outcome);

/* `TPMA_NV`, part 2, 13.4, as tpm2-tools spell it: ownerread|nt=counter */
void tss_nv_put_attributes(struct bq_sink *s, uint32_t attributes);
/* That, or a number. */
enum outcome tss_nv_parse_attributes(const char *text, uint32_t *out);

#endif

/* Capabilities, the way tpm2_getcap prints them. */
#ifndef TOOL_TSS_CAP_H
#define TOOL_TSS_CAP_H

#include "session.h"

/* Prints the TPMU_CAPABILITIES in data; first is what was asked for first: it tells
 * kinds of properties apart. *last becomes the key of the last entry. */
int tss_put_capability(struct bq_sink *s, uint32_t capability, uint32_t first, struct bq_view data,
		       uint32_t *last);

/* One TPMS_TAGGED_PROPERTY, part 2, 6.13. */
void tss_put_property(struct bq_sink *s, uint32_t property, uint32_t value);

/* Fields of a word, a line each. An entry: the lowest bit from '@' on, the width from
 * '@' on, `b` for 0 or 1 and `x` for hex digits, the line's beginning. */
#define FIELD(where, words) where words "\0"
void tss_put_fields(struct bq_sink *s, const char *entries, uint32_t word);

#endif

/* The input of fuzz_verify.c: a variant's letter, and edits of it.
 *
 *   what (a letter, see edits.c), '0' + n, where (2 bytes, big-endian), n bytes
 *
 * What is not a whole edit at the end is ignored, and so is an edit of nothing. */
#ifndef EDITS_H
#define EDITS_H

#include "genuine.h"

#define EDITS_MAX  8
#define EDIT_BYTES 72
#define EDIT_HEAD  4

struct edit {
	uint8_t what; /* index in edits_letters */
	uint16_t at;
	uint8_t n;
	uint8_t p[EDIT_BYTES];
};

struct edits {
	uint8_t variant;
	unsigned n;
	struct edit edit[EDITS_MAX];
};

extern const char edits_letters[];

void edits_read(struct bq_view in, struct edits *out);
/* Bytes in p, at most cap. */
size_t edits_write(const struct edits *e, uint8_t *p, size_t cap);
/* Genuine evidence of that variant, with them. */
void edits_make(const struct edits *e, struct genuine *g);
/* One that libFuzzer asks for: size is what there is in p, cap what there may be. */
size_t edits_mutate(uint8_t *p, size_t size, size_t cap, unsigned seed);

#endif

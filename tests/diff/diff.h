/* Comparing with somebody else's implementation over random and damaged input. */
#ifndef DIFF_H
#define DIFF_H

#include "support.h"

#define ROUNDS 20000 /* of each comparison */

Suite *suite_mu_read(void);
Suite *suite_mu_write(void);
Suite *suite_jansson(void);

/* From DIFF_SEED, or else new each time; printed, so that a failure can be had again. */
void seed(void);
uint32_t below(uint32_t n); /* 0 to n - 1 */
void fill(void *p, size_t n);
/* Overwrites, doubles, removes or cuts; returns the new length, at most cap. */
size_t damage(uint8_t *p, size_t n, size_t cap);

/* How often each outcome came up. Printed at the end, so that it shows whether the
 * comparison compares anything. */
struct tally {
	const char *name;
	unsigned both, neither;
	struct {
		const char *why;
		unsigned n;
	} only[8]; /* explained disagreements */
};

void tally_only(struct tally *t, const char *why);
void tally_print(const struct tally *t);

#endif

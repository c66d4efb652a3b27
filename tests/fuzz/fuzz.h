/* What the fuzz targets share. Each target is one function over one input; what it
 * must find true, beyond not crashing, it says with must(). */
#ifndef FUZZ_H
#define FUZZ_H

#include <barequote/barequote.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define must(what)                                                                                 \
	do {                                                                                       \
		if (!(what))                                                                       \
			fuzz_broken(#what, __FILE__, __LINE__);                                    \
	} while (0)

_Noreturn void fuzz_broken(const char *what, const char *file, int line);
/* The view lies in the input, or is empty. */
void fuzz_within(struct bq_view v, struct bq_view in);
/* 0 and nothing taken where the input is at its end. */
uint8_t fuzz_u8(struct bq_view *in);
uint16_t fuzz_u16(struct bq_view *in);
/* At most n bytes. */
struct bq_view fuzz_take(struct bq_view *in, size_t n);

#endif

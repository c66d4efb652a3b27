/* The attester's words are packed: see tools/pack.c. */
#include <stdint.h>

#include "base/words.h"

/* From byte 128 on, and after byte 255 from byte 0 on; zeros where it stands for itself. */
static const uint8_t pairs[][2] = {
#include "pairs.h"
};

#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static void put_packed(struct bq_sink *s, uint8_t c)
{
	uint8_t at = c ^ 128;

	if (at >= PAIRS || pairs[at][0] == 0) {
		bq_put_chr(s, (char)c);
		return;
	}
	put_packed(s, pairs[at][0]);
	put_packed(s, pairs[at][1]);
}

/* The linker's: constants lie in front of it; the stack, with the arguments, and
 * whatever was read lie behind it. */
extern const char edata[];

void bq_put_words(struct bq_sink *s, const char *words, size_t n)
{
	if ((uintptr_t)words >= (uintptr_t)edata) {
		bq_put(s, words, n);
		return;
	}
	for (; n > 0; n--)
		put_packed(s, (uint8_t)*words++);
}

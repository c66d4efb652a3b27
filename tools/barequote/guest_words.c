/* The attester's words are packed: see tools/pack.c. */
#include <stdint.h>

#include "base/words.h"

#define FIRST 128

static const uint8_t pairs[][2] = {
#include "pairs.h"
};

static void put_packed(struct bq_sink *s, uint8_t c)
{
	if (c < FIRST) {
		bq_put_chr(s, (char)c);
		return;
	}
	put_packed(s, pairs[c - FIRST][0]);
	put_packed(s, pairs[c - FIRST][1]);
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

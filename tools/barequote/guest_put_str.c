/* The attester's bq_put_str(): its own words are packed, see tools/pack.c. */
#include <barequote/text.h>

#include <stdint.h>
#include <string.h>

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

void bq_put_str(struct bq_sink *s, const char *str)
{
	if ((uintptr_t)str >= (uintptr_t)edata) {
		bq_put(s, str, strlen(str));
		return;
	}
	for (; *str != '\0'; str++)
		put_packed(s, (uint8_t)*str);
}

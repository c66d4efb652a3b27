/* Apart, since the attester has another: tools/barequote/guest_words.c. */
#include "words.h"

void bq_put_words(struct bq_sink *s, const char *words, size_t n)
{
	bq_put(s, words, n);
}

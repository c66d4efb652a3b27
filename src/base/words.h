/* Words of the program's own. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <barequote/text.h>

/* n characters; the attester has them packed, see tools/barequote/guest_words.c. */
void bq_put_words(struct bq_sink *s, const char *words, size_t n);

#endif

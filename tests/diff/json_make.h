/* Random JSON text, all of it grammatical. */
#ifndef JSON_MAKE_H
#define JSON_MAKE_H

#include "diff.h"

/* One document into p, of up to about 4000 bytes; its length. */
size_t make_json(uint8_t *p, size_t cap);

#endif

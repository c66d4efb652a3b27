/* Reads what `xz --format=raw --lzma1=lc=3,lp=0,pb=0` writes: LZMA as the LZMA SDK's
 * specification describes it (lzma-specification.txt), with these three properties fixed.
 * No allocation, no library. */
#ifndef LOADER_LZMA_H
#define LOADER_LZMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes exactly cap bytes to out; false where the stream is seen to be damaged (it has no
 * checksum), or is of another length: what is in out then is of no use. Reads nothing but in,
 * writes nothing but out. */
bool lzma_decode(const uint8_t *in, size_t n, uint8_t *out, size_t cap);

#endif

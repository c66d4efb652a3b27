/* Compression functions: one block into the state. FIPS 180-4, section 6. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

extern const uint64_t bq_sha512_k[80];

void bq_sha1_block(uint32_t h[5], const uint8_t block[64]);
void bq_sha256_block(uint32_t h[8], const uint8_t block[64]);
void bq_sha512_block(uint64_t h[8], const uint8_t block[128]);

#endif

/* Digits, shared by the files of this layer. */
#ifndef BASE_CODEC_H
#define BASE_CODEC_H

#include <stdint.h>

/* The value of a hex digit of either case, or -1. */
/*@ assigns \nothing; ensures -1 <= \result <= 15; */
int bq_hex_digit(uint8_t c);

#endif

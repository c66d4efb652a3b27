#include "calls.h"

#define CALL_SIZE 5 /* the operand is from the call's end on */

void calls_convert(uint8_t *p, size_t n, bool absolute)
{
	for (size_t i = 0; i + CALL_SIZE <= n; i++) {
		uint32_t x = 0, end = (uint32_t)i + CALL_SIZE;

		if (p[i] != 0xE8)
			continue;
		for (unsigned k = 4; k > 0; k--)
			x = x << 8 | p[i + k];
		x = absolute ? x + end : x - end;
		for (unsigned k = 1; k <= 4; k++, x >>= 8)
			p[i + k] = (uint8_t)x;
		i += CALL_SIZE - 1;
	}
}

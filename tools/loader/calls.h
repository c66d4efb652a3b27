/* Near calls (E8, Intel SDM volume 2, CALL) in a form that packs better: their operand is
 * the distance to the function, another one in every place that calls it. Here it is the
 * function's offset in the file. */
#ifndef LOADER_CALLS_H
#define LOADER_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* absolute: to offsets; else back. Any E8 that is met counts as a call, so that no bytes
 * there are which do not come back. */
void calls_convert(uint8_t *p, size_t n, bool absolute);

#endif

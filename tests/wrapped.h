/* Calls of libcrypto and of libc's memory that fail when a test says so. The program is
 * linked with --wrap for each of the functions that wrapped.c lists; while nothing is
 * armed, they are what they always were. */
#ifndef WRAPPED_H
#define WRAPPED_H

#include <stdbool.h>
#include <stddef.h>

/* Some functions have two ways to fail: 0 and a negative number. */
#define WRAPPED_WAYS 2

/* From now on call number `at`, counted from 0 over those that can fail in this way,
 * fails: it does nothing, and returns what that function then returns. */
void wrapped_arm(unsigned way, size_t at);
/* The function that failed; NULL where there were not so many calls. */
const char *wrapped_disarm(void);
/* What was allocated through these functions, by libcrypto itself too, and not freed. */
long wrapped_blocks(void);
/* Before libcrypto's first allocation: counts them. */
bool wrapped_count_blocks(void);

#endif

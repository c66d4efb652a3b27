#include "diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* xorshift64*: the same numbers everywhere. */
static uint64_t state;

static uint32_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)(state * 0x2545F4914F6CDD1Du >> 32);
}

void seed(void)
{
	const char *given = getenv("DIFF_SEED");
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	state = given != NULL ? strtoull(given, NULL, 0)
			      : (uint64_t)t.tv_sec << 20 ^ (uint64_t)t.tv_nsec;
	printf("DIFF_SEED=%llu\n", (unsigned long long)state);
	state |= 1;
}

uint32_t below(uint32_t n)
{
	return next() % n;
}

void fill(void *p, size_t n)
{
	uint8_t *to = p;

	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)next();
}

/* Sizes and counts are small numbers: such bytes do more than any other. */
static uint8_t telling_byte(uint8_t was)
{
	switch (below(5)) {
	case 0:
		return (uint8_t)below(40);
	case 1:
		return (uint8_t)(was + 1);
	case 2:
		return (uint8_t)(was - 1);
	case 3:
		return (uint8_t)(was ^ 1u << below(8));
	default:
		return (uint8_t)next();
	}
}

size_t damage(uint8_t *p, size_t n, size_t cap)
{
	size_t at = n == 0 ? 0 : below((uint32_t)n), len;

	if (n == 0)
		return 0;
	switch (below(8)) {
	case 0:
		return at;
	case 1:
		len = 1 + below((uint32_t)(n - at));
		memmove(p + at, p + at + len, n - at - len);
		return n - len;
	case 2:
		len = 1 + below((uint32_t)(n - at));
		len = len > cap - n ? cap - n : len;
		memmove(p + at + len, p + at, n - at);
		return n + len;
	default:
		p[at] = telling_byte(p[at]);
		return n;
	}
}

void tally_only(struct tally *t, const char *why)
{
	size_t i = 0;

	while (i < 8 && t->only[i].why != NULL && strcmp(t->only[i].why, why) != 0)
		i++;
	ck_assert_uint_lt(i, 8);
	t->only[i].why = why;
	t->only[i].n++;
}

void tally_print(const struct tally *t)
{
	printf("%s: %u accepted by both, %u by neither\n", t->name, t->both, t->neither);
	for (size_t i = 0; i < 8 && t->only[i].why != NULL; i++)
		printf("  %6u %s\n", t->only[i].n, t->only[i].why);
}

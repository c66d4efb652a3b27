#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void fuzz_broken(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

void fuzz_within(struct bq_view v, struct bq_view in)
{
	uintptr_t p = (uintptr_t)v.p, start = (uintptr_t)in.p;

	must(v.n == 0 || (p >= start && v.n <= in.n && p - start <= in.n - v.n));
}

uint8_t fuzz_u8(struct bq_view *in)
{
	uint8_t x = 0;

	(void)bq_rd_u8(in, &x);
	return x;
}

uint16_t fuzz_u16(struct bq_view *in)
{
	uint16_t x = 0;

	(void)bq_rd_be16(in, &x);
	return x;
}

struct bq_view fuzz_take(struct bq_view *in, size_t n)
{
	struct bq_view v = bq_view_of(NULL, 0);

	(void)bq_rd_take(in, n < in->n ? n : in->n, &v);
	return v;
}

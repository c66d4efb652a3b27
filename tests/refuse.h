/* For suites of parsers: inputs to damage, and outputs that must stay alone. */
#ifndef REFUSE_H
#define REFUSE_H

#include "support.h"

#include <string.h>

/* Calls a parser that must fail with this code and not touch *out. */
#define ck_assert_refused(code, out, call)                                                         \
	do {                                                                                       \
		memset((out), 0xA5, sizeof(*(out)));                                               \
		ck_assert_int_eq((call), (code));                                                  \
		ck_assert_msg(is_untouched((out), sizeof(*(out))), "%s wrote", #call);             \
	} while (0)

static inline bool is_untouched(const void *p, size_t n)
{
	struct bq_view v = bq_view_of(p, n);

	for (size_t i = 0; i < n; i++)
		if (v.p[i] != 0xA5)
			return false;
	return true;
}

/* A copy that can be written to. */
struct edit {
	uint8_t p[4096];
	size_t n;
};

static inline struct edit edit_of(struct bq_view v)
{
	struct edit e = {.n = v.n};

	ck_assert_uint_le(v.n, sizeof(e.p));
	memcpy(e.p, v.p, v.n);
	return e;
}

static inline struct bq_view edited(const struct edit *e)
{
	return tight_copy(bq_view_of(e->p, e->n));
}

/* Bytes to write over, and what the parser says then. */
struct damage {
	size_t off, n;
	uint64_t value;
	int error;
};

/* n bytes of x at off. */
static inline void edit_le(struct edit *e, size_t off, size_t n, uint64_t x)
{
	for (size_t i = 0; i < n; i++, x >>= 8)
		e->p[off + i] = (uint8_t)x;
}

static inline void edit_be(struct edit *e, size_t off, size_t n, uint64_t x)
{
	for (size_t i = n; i > 0; i--, x >>= 8)
		e->p[off + i - 1] = (uint8_t)x;
}

/* The first n bytes of v, with nothing readable after them. */
static inline struct bq_view truncated(struct bq_view v, size_t n)
{
	struct bq_view part = {0};

	ck_assert_int_eq(bq_view_sub(v, 0, n, &part), 0);
	return tight_copy(part);
}

#endif

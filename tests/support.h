/* What the suites share. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <check.h>

#include <barequote/barequote.h>

#include "suites.h"

/* A byte string literal as a view: VIEW("\x01\x02"). */
#define VIEW(literal) bq_view_of(literal, sizeof(literal) - 1)

#define ck_assert_view_eq(a, b)                                                                    \
	do {                                                                                       \
		struct bq_view a_ = (a), b_ = (b);                                                 \
		ck_assert_uint_eq(a_.n, b_.n);                                                     \
		ck_assert_mem_eq(a_.p, b_.p, a_.n);                                                \
	} while (0)

/* n bytes, kept until the test process ends. */
void *must_alloc(size_t n);
/* A whole file, kept likewise; fails the test where it cannot be read. */
struct bq_view read_file(const char *path);
/* A file under tests/vectors, and a capture under ../shared/vectors. */
struct bq_view read_vector(const char *name);
struct bq_view read_capture(const char *name);
/* Adds a test that reads captures, or says on stdout that it is skipped where
 * ../shared/vectors is not there. */
void tcase_add_capture_test(TCase *tc, const TTest *t);
void tcase_add_capture_loop_test(TCase *tc, const TTest *t, int from, int to);
/* n bytes of hex text, decoded; kept as above. */
struct bq_view from_hex(const char *hex);
/* A copy that ends where its memory ends, so that ASan sees a read past it. */
struct bq_view tight_copy(struct bq_view v);

#endif

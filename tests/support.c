#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CAPTURES "../shared/vectors/"

/* What was allocated and is kept, so that the leak checker sees who holds it. */
static struct kept {
	void *p;
	struct kept *next;
} * all_kept;

void *must_alloc(size_t n)
{
	struct kept *k = malloc(sizeof(*k));

	ck_assert_ptr_nonnull(k);
	*k = (struct kept){.p = malloc(n == 0 ? 1 : n), .next = all_kept};
	ck_assert_ptr_nonnull(k->p);
	all_kept = k;
	return k->p;
}

struct bq_view read_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *p;
	size_t n;
	long size;

	ck_assert_msg(f != NULL, "cannot open %s", path);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	ck_assert_int_ge(size, 0);
	rewind(f);
	p = must_alloc((size_t)size);
	n = fread(p, 1, (size_t)size, f);
	ck_assert_uint_eq(n, (size_t)size);
	fclose(f);
	return bq_view_of(p, n);
}

static struct bq_view read_under(const char *dir, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s%s", dir, name);
	return read_file(path);
}

struct bq_view read_vector(const char *name)
{
	return read_under("tests/vectors/", name);
}

struct bq_view read_capture(const char *name)
{
	return read_under(CAPTURES, name);
}

void tcase_add_capture_loop_test(TCase *tc, const TTest *t, int from, int to)
{
	if (access(CAPTURES, R_OK) == 0)
		tcase_add_loop_test(tc, t, from, to);
	else
		printf("SKIP %s: no " CAPTURES "\n", t->name);
}

void tcase_add_capture_test(TCase *tc, const TTest *t)
{
	tcase_add_capture_loop_test(tc, t, 0, 1);
}

struct bq_view from_hex(const char *hex)
{
	uint8_t *p = must_alloc(strlen(hex) / 2);
	size_t n;

	ck_assert_int_eq(bq_hex_decode(bq_view_str(hex), p, strlen(hex) / 2, &n), 0);
	return bq_view_of(p, n);
}

struct bq_view tight_copy(struct bq_view v)
{
	uint8_t *p = must_alloc(v.n);

	if (v.n != 0)
		memcpy(p, v.p, v.n);
	return bq_view_of(p, v.n);
}

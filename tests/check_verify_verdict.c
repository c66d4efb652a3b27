/* The list of checks as such, and one verifier for many threads. */
#include "forge.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "../src/verify/verifier.h"

START_TEST(details_are_plain_text)
{
	struct bq_verdict v = {.accepted = true};
	char text[1000];

	bq_verdict_add(&v, "a.b", BQ_PASS, "%s", "x\n\x1b[31m\x80\xff y~");
	ck_assert_str_eq(v.checks[0].detail, "x??[31m?? y~");
	ck_assert(v.accepted);
	memset(text, 'z', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	bq_verdict_add(&v, text, BQ_SKIP, "%s", text);
	ck_assert_uint_eq(strlen(v.checks[1].detail), sizeof(v.checks[1].detail) - 1);
	ck_assert_uint_eq(strlen(v.checks[1].name), sizeof(v.checks[1].name) - 1);
	ck_assert(v.accepted);
	ck_assert_ptr_null(bq_verdict_first_failure(&v));
	ck_assert_ptr_null(bq_verdict_check(&v, "a"));
	bq_verdict_add(&v, "c", BQ_FAIL, "no");
	ck_assert(!v.accepted);
	ck_assert_ptr_eq(bq_verdict_first_failure(&v), &v.checks[2]);
	ck_assert_ptr_eq(bq_verdict_check(&v, "a.b"), &v.checks[0]);
}
END_TEST

/* What does not fit is not forgotten. */
START_TEST(full)
{
	struct bq_verdict v = {.accepted = true};

	for (unsigned i = 0; i < BQ_CHECKS_MAX; i++)
		bq_verdict_add(&v, "policy.x", BQ_PASS, "%u", i);
	ck_assert(v.accepted);
	bq_verdict_add(&v, "policy.y", BQ_PASS, "one more");
	ck_assert(!v.accepted);
	ck_assert_uint_eq(v.n, BQ_CHECKS_MAX);
	ck_assert_ptr_eq(bq_verdict_first_failure(&v), &v.checks[BQ_CHECKS_MAX - 1]);
}
END_TEST

struct job {
	const struct bq_verifier *v;
	const struct forge *f;
	unsigned accepted;
};

#define ROUNDS  20
#define THREADS 4

static void *work(void *arg)
{
	struct job *j = arg;
	struct bq_verdict out;

	for (unsigned i = 0; i < ROUNDS; i++)
		if (bq_verify(j->v, &j->f->ev, &j->f->expect, &out) == 0 && out.accepted)
			j->accepted++;
	return NULL;
}

START_TEST(threads)
{
	struct bq_verifier *v = bq_verifier_new();
	pthread_t t[THREADS];
	struct job j[THREADS];
	struct forge good, bad;

	forge_begin(&good, BQ_PRODUCT_MILAN, false);
	forge_make(&good);
	bad = good;
	bad.n[100] ^= 1;
	forge_make(&bad);
	ck_assert_int_eq(bq_verifier_set_roots(v, good.roots), 0);
	for (unsigned i = 0; i < THREADS; i++) {
		j[i] = (struct job){v, i % 2 == 0 ? &good : &bad, 0};
		ck_assert_int_eq(pthread_create(&t[i], NULL, work, &j[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(t[i], NULL);
		ck_assert_uint_eq(j[i].accepted, i % 2 == 0 ? ROUNDS : 0);
	}
	bq_verifier_free(v);
}
END_TEST

Suite *suite_verify_verdict(void)
{
	Suite *s = suite_create("verify_verdict");
	TCase *tc = tcase_create("verify_verdict");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_test(tc, details_are_plain_text);
	tcase_add_test(tc, full);
	tcase_add_test(tc, threads);
	suite_add_tcase(s, tc);
	return s;
}

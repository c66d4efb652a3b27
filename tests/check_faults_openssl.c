/* OpenSSL out of memory, at one of its allocations after the other: once, and from
 * there on. FAULTS_STRIDE=1 takes each, for minutes; otherwise it is each 23rd.
 * What is forged is never accepted, whatever is lacking; what is genuine is accepted
 * or refused with a check or an error that says so; nothing crashes or leaks. */
#include "forge.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#define STRIDE 23

/* Allocations until one fails; beyond them `lasting` decides. */
static size_t left;
static bool armed, lasting, failed;

static bool fails_now(void)
{
	if (!armed)
		return false;
	if (left > 0) {
		left--;
		return false;
	}
	if (failed && !lasting)
		return false;
	failed = true;
	return true;
}

static void *faulty_malloc(size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return fails_now() ? NULL : malloc(n);
}

static void *faulty_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return fails_now() ? NULL : realloc(p, n);
}

static void plain_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	free(p);
}

/* Only possible before OpenSSL's first allocation: this suite has its own process. */
static void setup(void)
{
	ck_assert_int_eq(CRYPTO_set_mem_functions(faulty_malloc, faulty_realloc, plain_free), 1);
	forge_keys();
}

/* --- what is verified ------------------------------------------------------- */

static void genuine(struct forge *f)
{
	(void)f;
}

static void flipped_report(struct forge *f)
{
	f->flip = 1;
	f->flip_at = 0x50;
}

static void other_nonce(struct forge *f)
{
	f->expect.nonce = VIEW("another");
}

static void other_quote_key(struct forge *f)
{
	f->ak = f->own_key = rsa_with_exponent_3();
}

static void other_root(struct forge *f)
{
	f->ca_signer = f->ca_key;
}

static const struct {
	const char *name;
	void (*how)(struct forge *f);
	bool forged;
} cases[] = {
	{"genuine", genuine, false},
	{"a report with a bit flipped", flipped_report, true},
	{"another nonce", other_nonce, true},
	{"a quote by another key", other_quote_key, true},
	{"an ASK that the ARK did not sign", other_root, true},
};

/* False where no allocation was left to fail. */
static bool verify_lacking(const struct forge *f, size_t at, bool forged, unsigned *accepted)
{
	static struct bq_verdict v;
	struct bq_verifier *verifier = forge_verifier(f);
	int e;

	left = at;
	failed = false;
	armed = true;
	e = bq_verify(verifier, &f->ev, &f->expect, &v);
	armed = false;
	bq_verifier_free(verifier);
	ck_assert_int_eq(v.accepted, bq_verdict_first_failure(&v) == NULL);
	ck_assert(!v.accepted || (e == 0 && !forged));
	*accepted += v.accepted;
	return failed;
}

static size_t stride(void)
{
	const char *given = getenv("FAULTS_STRIDE");

	return given != NULL ? strtoul(given, NULL, 10) : STRIDE;
}

START_TEST(allocations)
{
	struct forge f;
	unsigned cells[2] = {0}, accepted[2] = {0};
	size_t step = stride(), at;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	cases[_i].how(&f);
	forge_make(&f);
	for (int i = 0; i < 2; i++) {
		lasting = i == 1;
		for (at = (size_t)_i % step; verify_lacking(&f, at, cases[_i].forged, &accepted[i]);
		     at += step)
			cells[i]++;
	}
	printf("OpenSSL out of memory, %s: %u places, accepted %u times; from there on: %u, %u\n",
	       cases[_i].name, cells[0], accepted[0], cells[1], accepted[1]);
	EVP_PKEY_free(f.own_key);
	ck_assert_uint_gt(cells[0], 2000 / step);
	/* The last one of each had all it needed. */
	ck_assert_uint_eq(accepted[1] > 0, !cases[_i].forged);
}
END_TEST

Suite *suite_faults_openssl(void)
{
	Suite *s = suite_create("faults_openssl");
	TCase *tc = tcase_create("faults_openssl");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, setup, NULL);
	tcase_add_loop_test(tc, allocations, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(s, tc);
	return s;
}

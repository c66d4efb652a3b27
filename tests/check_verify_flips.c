/* Every bit that is signed, and every bit of the signatures, of two captures:
 * flipped, one at a time, it must cost the evidence its acceptance. */
#include "captures.h"
#include "forge.h"

#include <stdio.h>
#include <string.h>

#define BITS    8
#define RS_SIZE 144 /* R and S of the report's signature */

#define CHUNKS  4 /* of each part, so that no test takes long */

/* Sanitizers make it many times slower: then only some bits. The step is odd,
 * so that every position in a byte has its turn. */
#if defined(__SANITIZE_ADDRESS__)
#define STEP 11
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STEP 11
#endif
#endif
#ifndef STEP
#define STEP 1
#endif

/* What is flipped: a stretch of one of the views that bq_verify() is given. */
static struct bq_view report_signed(const struct bq_evidence *ev, const struct bq_hcl *h)
{
	struct bq_snp s;

	(void)ev;
	ck_assert_int_eq(bq_snp_parse(h->hardware_report, &s), 0);
	ck_assert_uint_eq(s.signed_part.n, BQ_SNP_SIGNED_SIZE);
	return s.signed_part;
}

static struct bq_view report_signature(const struct bq_evidence *ev, const struct bq_hcl *h)
{
	struct bq_view v;

	(void)ev;
	ck_assert_int_eq(bq_view_sub(h->hardware_report, BQ_SNP_SIGNED_SIZE, RS_SIZE, &v), 0);
	return v;
}

static struct bq_view claims(const struct bq_evidence *ev, const struct bq_hcl *h)
{
	(void)ev;
	return h->claims;
}

static struct bq_view message(const struct bq_evidence *ev, const struct bq_hcl *h)
{
	(void)h;
	return ev->quote_msg;
}

static struct bq_view signature(const struct bq_evidence *ev, const struct bq_hcl *h)
{
	(void)h;
	return ev->quote_sig;
}

static struct bq_view (*const parts[])(const struct bq_evidence *ev, const struct bq_hcl *h) = {
	report_signed, report_signature, claims, message, signature};

#define FLIPS ((int)(CHUNKS * sizeof(parts) / sizeof(parts[0]))) /* tests of a capture */

/* Where v lies in whole, which has to be all around it. */
static size_t offset(struct bq_view whole, struct bq_view v)
{
	ck_assert(v.p >= whole.p && v.n <= whole.n && (size_t)(v.p - whole.p) <= whole.n - v.n);
	return (size_t)(v.p - whole.p);
}

struct flips {
	struct bq_verifier *verifier;
	struct bq_evidence ev;
	uint8_t *buffer;       /* what ev has as its HCL blob, message or signature */
	struct bq_view before; /* the same, untouched */
	size_t from, n;        /* the stretch in it */
};

static void begin(struct flips *f, int i)
{
	struct bq_view *whole, part;
	struct bq_hcl h;

	f->ev = i < FLIPS ? evidence_2023() : evidence_2025();
	ck_assert_int_eq(bq_hcl_parse(f->ev.hcl, &h), 0);
	part = parts[i % FLIPS / CHUNKS](&f->ev, &h);
	whole = part.p == f->ev.quote_msg.p   ? &f->ev.quote_msg
		: part.p == f->ev.quote_sig.p ? &f->ev.quote_sig
					      : &f->ev.hcl;
	f->before = *whole;
	f->from = offset(*whole, part);
	f->n = part.n;
	f->buffer = writable(whole);
	ck_assert_ptr_eq(whole->p, f->buffer);
	f->verifier = bq_verifier_new();
	ck_assert_ptr_nonnull(f->verifier);
	bq_verifier_set_time(f->verifier, AT_2025);
}

static bool accepted(const struct flips *f)
{
	struct bq_expect expect = {.has_nonce = true, .nonce = CAPTURE_NONCE};
	struct bq_verdict v;
	int e = bq_verify(f->verifier, &f->ev, &expect, &v);

	ck_assert(e == 0 || !v.accepted);
	ck_assert_int_eq(v.accepted, bq_verdict_first_failure(&v) == NULL);
	return v.accepted;
}

START_TEST(every_bit)
{
	struct flips f;

	begin(&f, _i);
	ck_assert(accepted(&f));
	for (size_t bit = (size_t)_i % CHUNKS; bit < f.n * BITS; bit += CHUNKS * STEP) {
		size_t at = f.from + bit / BITS;

		f.buffer[at] ^= (uint8_t)(1u << bit % BITS);
		/* This byte differs, in the very buffer that ev shows the verifier. */
		ck_assert_int_ne(f.buffer[at], f.before.p[at]);
		ck_assert_msg(!accepted(&f), "accepted with bit %zu of %zu flipped", bit,
			      f.n * BITS);
		f.buffer[at] ^= (uint8_t)(1u << bit % BITS);
	}
	ck_assert_mem_eq(f.buffer, f.before.p, f.before.n);
	ck_assert(accepted(&f));
	bq_verifier_free(f.verifier);
}
END_TEST

/* A suite for each capture, since suites run side by side. */
static Suite *flips(const char *name, int from)
{
	Suite *s = suite_create(name);
	TCase *tc = tcase_create(name);

	if (STEP != 1)
		printf("%s: with sanitizers, one bit in %d\n", name, STEP);
	tcase_set_timeout(tc, 300);
	tcase_add_capture_loop_test(tc, every_bit, from, from + FLIPS);
	suite_add_tcase(s, tc);
	return s;
}

Suite *suite_verify_flips_2023(void)
{
	return flips("verify_flips_2023", 0);
}

Suite *suite_verify_flips_2025(void)
{
	return flips("verify_flips_2025", FLIPS);
}

/* What unpacks the attester, beside what packs it. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tools/loader/calls.h"
#include "../tools/loader/lzma.h"

#define XZ  "xz --format=raw --lzma1=preset=9e,lc=3,lp=0,pb=0"
#define CAP 400000

/* Into memory that ends where what is to come ends. */
static bool unpack(struct bq_view packed, size_t cap, struct bq_view *out)
{
	uint8_t *p = must_alloc(cap);

	*out = bq_view_of(p, cap);
	return lzma_decode(packed.p, packed.n, p, cap);
}

static const struct {
	const char *packed, *text;
} examples[] = {
	{"0083fffbffffc0000000", ""},
	{"0030c3ebffffffe1000000", "a"},
	{"0030994ddd60a0fe191bffffdaee0000", "abcabcabcabcabcd"},
};

#define EXAMPLES ((int)(sizeof(examples) / sizeof(examples[0])))

START_TEST(lzma_examples)
{
	struct bq_view out, packed = from_hex(examples[_i].packed);
	size_t n = strlen(examples[_i].text);

	ck_assert(unpack(packed, n, &out));
	ck_assert_view_eq(out, bq_view_str(examples[_i].text));
	ck_assert_msg(!unpack(packed, n + 1, &out), "more was wanted than there is");
	ck_assert_msg(n == 0 || !unpack(packed, n - 1, &out), "less was wanted than there is");
}
END_TEST

/* Every truncation, and what follows the end. */
START_TEST(lzma_length)
{
	struct bq_view out, packed = from_hex(examples[_i].packed), longer;
	size_t n = strlen(examples[_i].text);
	uint8_t *p = must_alloc(packed.n + 1);

	for (size_t cut = 0; cut < packed.n; cut++)
		ck_assert(!unpack(tight_copy(bq_view_of(packed.p, cut)), n, &out));
	memcpy(p, packed.p, packed.n);
	p[packed.n] = 0;
	longer = bq_view_of(p, packed.n + 1);
	ck_assert(!unpack(longer, n, &out));
}
END_TEST

static uint32_t seed;

static uint32_t below(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(seed >> 4) * n >> 28);
}

/* New bytes, runs, and copies from near and far, so that every kind of symbol comes. */
static size_t compose(uint8_t *out)
{
	size_t n = 0, last = 1;

	while (n < CAP - 600) {
		size_t len = 1 + below(below(8) == 0 ? 500 : 12), back = last;
		uint32_t kind = below(4);

		if (kind == 1 && n > 1)
			back = 1 + below((uint32_t)(below(3) == 0 || n < 64 ? n : 64));
		for (size_t i = 0; i < len; i++, n++)
			out[n] = kind == 0 || back > n ? (uint8_t)below(256) : out[n - back];
		last = back;
	}
	return n;
}

/* What xz makes of these bytes. */
static struct bq_view packed_by_xz(struct bq_view v)
{
	char plain[] = "/tmp/check-lzma-XXXXXX", command[128];
	int fd = mkstemp(plain);
	uint8_t *p = must_alloc(2 * v.n);
	size_t n;
	FILE *f;

	ck_assert(fd >= 0 && write(fd, v.p, v.n) == (ssize_t)v.n && close(fd) == 0);
	snprintf(command, sizeof(command), XZ " <%s", plain);
	ck_assert_ptr_nonnull(f = popen(command, "r"));
	n = fread(p, 1, 2 * v.n, f);
	ck_assert_int_eq(pclose(f), 0);
	unlink(plain);
	return tight_copy(bq_view_of(p, n));
}

START_TEST(lzma_as_xz_packs)
{
	uint8_t *p = must_alloc(CAP);
	struct bq_view plain, out;

	seed = (uint32_t)_i;
	plain = bq_view_of(p, compose(p));
	ck_assert(unpack(packed_by_xz(plain), plain.n, &out));
	ck_assert_view_eq(out, plain);
}
END_TEST

/* Whatever the bytes are, nothing is read or written but in and out. */
START_TEST(lzma_damaged)
{
	uint8_t *p = must_alloc(CAP), *bad;
	struct bq_view plain, out, packed;
	unsigned accepted = 0;

	seed = 7;
	compose(p);
	plain = bq_view_of(p, 5000);
	packed = packed_by_xz(plain);
	bad = must_alloc(packed.n);
	for (size_t i = 0; i < packed.n; i++) {
		memcpy(bad, packed.p, packed.n);
		bad[i] ^= (uint8_t)(1u << below(8));
		if (unpack(bq_view_of(bad, packed.n), plain.n, &out)) {
			ck_assert_view_eq(out, plain);
			accepted++;
		}
	}
	/* The first byte says nothing, the last ones little. */
	ck_assert_uint_le(accepted, 6);
}
END_TEST

/* A call to 16 bytes behind its end, one back to the file's first byte, and what is too
 * short for one. */
START_TEST(calls_become_offsets)
{
	static const uint8_t near[] = {0x90, 0x90, 0xE8, 16,   0,    0, 0, 0xE8,
				       0xF4, 0xFF, 0xFF, 0xFF, 0xE8, 1, 2, 3};
	static const uint8_t stored[] = {0x90, 0x90, 0xE8, 23, 0,    0, 0, 0xE8,
					 0,    0,    0,    0,  0xE8, 1, 2, 3};
	uint8_t p[sizeof(near)];

	memcpy(p, near, sizeof(p));
	calls_convert(p, sizeof(p), true);
	ck_assert_mem_eq(p, stored, sizeof(p));
	calls_convert(p, sizeof(p), false);
	ck_assert_mem_eq(p, near, sizeof(p));
}
END_TEST

/* Whatever the bytes are, also where every other one looks like a call. */
START_TEST(calls_come_back)
{
	uint32_t x = 1;

	for (size_t n = 0; n < 300; n++) {
		uint8_t *p = must_alloc(n), *was = must_alloc(n);

		for (size_t i = 0; i < n; i++) {
			x = x * 1664525 + 1013904223;
			p[i] = was[i] = (x >> 31) != 0 ? 0xE8 : (uint8_t)(x >> 16);
		}
		calls_convert(p, n, true);
		calls_convert(p, n, false);
		ck_assert_view_eq(bq_view_of(p, n), bq_view_of(was, n));
	}
}
END_TEST

Suite *suite_lzma(void)
{
	Suite *s = suite_create("lzma");
	TCase *tc = tcase_create("lzma");

	tcase_add_test(tc, calls_become_offsets);
	tcase_add_test(tc, calls_come_back);
	tcase_add_loop_test(tc, lzma_examples, 0, EXAMPLES);
	tcase_add_loop_test(tc, lzma_length, 0, EXAMPLES);
	if (system("command -v xz >/dev/null") == 0) {
		tcase_add_loop_test(tc, lzma_as_xz_packs, 0, 8);
		tcase_add_test(tc, lzma_damaged);
	} else {
		puts("skipped: lzma_as_xz_packs, lzma_damaged: no xz");
	}
	tcase_set_timeout(tc, 60);
	suite_add_tcase(s, tc);
	return s;
}

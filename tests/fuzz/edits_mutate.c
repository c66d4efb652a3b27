/* Inputs that are edits, from inputs that are. */
#include "edits.h"

#include <string.h>

/* libFuzzer's own, for bytes without a structure; other fuzzers have none. */
size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t cap) __attribute__((weak));

/* xorshift, Marsaglia 2003: an input comes of its seed. */
static uint32_t next(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

static uint32_t below(uint32_t *state, uint32_t n)
{
	return next(state) % n;
}

/* Places where something starts, beside any place at all. */
static uint16_t some_place(uint32_t *s, char what)
{
	static const uint16_t report[] = {0x000, 0x008, 0x00A, 0x030, 0x034, 0x038, 0x040,
					  0x048, 0x050, 0x070, 0x090, 0x180, 0x188, 0x189,
					  0x1A0, 0x1E0, 0x1F0, 0x2A0, 0x2E8, 0x330};
	const unsigned n = sizeof(report) / sizeof(report[0]);

	switch (what) {
	case 'R':
	case 'r':
		return below(s, 4) == 0 ? (uint16_t)below(s, BQ_SNP_REPORT_SIZE)
					: (uint16_t)(report[below(s, n)] + below(s, 9));
	case 'K':
		return (uint16_t)below(s, CHOICES);
	case 'Q':
		return (uint16_t)below(s, 10);
	case 'P':
	case 'p':
	case 'd':
		return (uint16_t)below(s, BQ_PCRS);
	case 'L':
		return (uint16_t)below(s, SIM_EXT_COUNT);
	case 'h':
		return (uint16_t)below(s, 52);
	case 'N':
	case 'D':
		return (uint16_t)below(s, 64);
	default:
		return (uint16_t)below(s, 1400);
	}
}

static void random_edit(uint32_t *s, struct edit *e)
{
	e->what = (uint8_t)below(s, (uint32_t)strlen(edits_letters));
	e->at = some_place(s, edits_letters[e->what]);
	e->n = (uint8_t)(1 + below(s, below(s, 4) == 0 ? EDIT_BYTES : 4));
	for (unsigned i = 0; i < e->n; i++)
		e->p[i] = (uint8_t)(below(s, 3) == 0   ? below(s, 256)
				    : below(s, 2) == 0 ? below(s, 4)
						       : 1u << below(s, 8));
}

static void change_bytes(uint32_t *s, struct edit *e)
{
	if (LLVMFuzzerMutate != NULL && below(s, 2) == 0)
		e->n = (uint8_t)LLVMFuzzerMutate(e->p, e->n, EDIT_BYTES);
	else if (e->n != 0)
		e->p[below(s, e->n)] ^= (uint8_t)(1u << below(s, 8));
}

static void change_edit(uint32_t *s, struct edit *e)
{
	switch (below(s, 4)) {
	case 0:
		e->at = some_place(s, edits_letters[e->what]);
		break;
	case 1:
		e->at = (uint16_t)(e->at + (below(s, 2) == 0 ? 1 : -1));
		break;
	default:
		change_bytes(s, e);
		break;
	}
}

static void mutate(uint32_t *s, struct edits *e)
{
	unsigned how = below(s, 8);

	if (how == 0) {
		e->variant = (uint8_t)below(s, VARIANTS);
	} else if (e->n < EDITS_MAX && (how < 3 || e->n == 0)) {
		random_edit(s, &e->edit[e->n++]);
	} else if (how == 3 && e->n != 0) {
		unsigned i = below(s, e->n);

		e->edit[i] = e->edit[--e->n];
	} else if (e->n != 0) {
		change_edit(s, &e->edit[below(s, e->n)]);
	}
}

size_t edits_mutate(uint8_t *p, size_t size, size_t cap, unsigned seed)
{
	uint32_t state = seed * 2654435761u | 1u;
	struct edits e;

	edits_read(bq_view_of(p, size), &e);
	do
		mutate(&state, &e);
	while (below(&state, 3) == 0);
	return edits_write(&e, p, cap);
}

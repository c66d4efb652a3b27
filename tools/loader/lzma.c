#include "lzma.h"

#define LITERAL_CONTEXT_BITS 3 /* lc */
#define LITERAL_TREE         0x300
#define STATES               12
#define STATES_LITERAL       7 /* those below: the last symbol was a literal */
#define LEN_MIN              2
#define LEN_STATES           4 /* distance slots differ for lengths 2, 3, 4, and 5 and over */
#define SLOT_BITS            6
#define SLOT_MODEL_FIRST     4
#define SLOT_MODEL_END       14 /* slots from here on: middle bits have no model */
#define ALIGN_BITS           4
#define DISTANCE_END         0xFFFFFFFF /* end marker */

#define RANGE_TOP            (1u << 24)
#define MODEL_BITS           11
#define MODEL_HALF           (1u << (MODEL_BITS - 1))
#define MOVE_BITS            5

typedef uint16_t model; /* that the next bit is 0, of 1 << MODEL_BITS */

struct length {
	model high, higher, low[8], mid[8], top[256];
};

struct models {
	model literal[1 << LITERAL_CONTEXT_BITS][LITERAL_TREE];
	model match[STATES], rep[STATES], rep0[STATES], rep0_long[STATES], rep1[STATES],
		rep2[STATES];
	model slot[LEN_STATES][1 << SLOT_BITS];
	model distance[128]; /* slots 4 to 13, each a tree that starts at its base - slot */
	model align[1 << ALIGN_BITS];
	struct length len, rep_len;
};

struct lzma {
	const uint8_t *in, *end;
	uint8_t *out;
	size_t n, cap;
	uint32_t range, code;
	bool damaged;
	unsigned state;
	uint32_t rep[4]; /* the last distances, each less one */
	struct models m;
};

/* --- range decoder --- */

static void more(struct lzma *z)
{
	if (z->range >= RANGE_TOP)
		return;
	z->damaged = z->damaged || z->in == z->end;
	z->range <<= 8;
	z->code = z->code << 8 | (z->damaged ? 0 : *z->in++);
}

static unsigned bit(struct lzma *z, model *p)
{
	uint32_t bound;

	more(z);
	bound = (z->range >> MODEL_BITS) * *p;
	if (z->code < bound) {
		z->range = bound;
		*p = (model)(*p + (((1u << MODEL_BITS) - *p) >> MOVE_BITS));
		return 0;
	}
	z->range -= bound;
	z->code -= bound;
	*p = (model)(*p - (*p >> MOVE_BITS));
	return 1;
}

static uint32_t plain_bits(struct lzma *z, unsigned n)
{
	uint32_t v = 0;

	for (; n > 0; n--) {
		more(z);
		z->range >>= 1;
		v = v << 1 | (z->code >= z->range);
		if (z->code >= z->range)
			z->code -= z->range;
	}
	return v;
}

static unsigned tree(struct lzma *z, model *p, unsigned bits)
{
	unsigned v = 1;

	for (unsigned i = 0; i < bits; i++)
		v = v << 1 | bit(z, p + v);
	return v - (1u << bits);
}

/* Lowest bit first. */
static unsigned reverse_tree(struct lzma *z, model *p, unsigned bits)
{
	unsigned v = 0, at = 1;

	for (unsigned i = 0; i < bits; i++) {
		unsigned b = bit(z, p + at);

		at = at << 1 | b;
		v |= b << i;
	}
	return v;
}

/* --- symbols --- */

static void put(struct lzma *z, uint8_t c)
{
	if (z->n < z->cap)
		z->out[z->n++] = c;
	else
		z->damaged = true;
}

static uint8_t behind(const struct lzma *z, uint32_t distance)
{
	return z->out[z->n - 1 - distance];
}

/* After a match, the byte that a longer one would have had says what this is likely to be. */
static void literal(struct lzma *z)
{
	unsigned context = z->n == 0 ? 0 : behind(z, 0) >> (8 - LITERAL_CONTEXT_BITS);
	model *p = z->m.literal[context];
	unsigned c = 1;

	if (z->state >= STATES_LITERAL) {
		unsigned guess = behind(z, z->rep[0]);

		while (c < 0x100) {
			unsigned expected = guess >> 7 & 1,
				 b = bit(z, p + ((1 + expected) << 8) + c);

			guess <<= 1;
			c = c << 1 | b;
			if (b != expected)
				break;
		}
	}
	while (c < 0x100)
		c = c << 1 | bit(z, p + c);
	put(z, (uint8_t)c);
	z->state = z->state < 4 ? 0 : z->state < 10 ? z->state - 3 : z->state - 6;
}

static unsigned length(struct lzma *z, struct length *l)
{
	if (bit(z, &l->high) == 0)
		return LEN_MIN + tree(z, l->low, 3);
	if (bit(z, &l->higher) == 0)
		return LEN_MIN + 8 + tree(z, l->mid, 3);
	return LEN_MIN + 16 + tree(z, l->top, 8);
}

static uint32_t distance(struct lzma *z, unsigned len)
{
	unsigned of = len - LEN_MIN < LEN_STATES ? len - LEN_MIN : LEN_STATES - 1;
	unsigned slot = tree(z, z->m.slot[of], SLOT_BITS), bits = (slot >> 1) - 1;
	uint32_t base;

	if (slot < SLOT_MODEL_FIRST)
		return slot;
	base = (2u | (slot & 1)) << bits;
	if (slot < SLOT_MODEL_END)
		return base + reverse_tree(z, z->m.distance + base - slot, bits);
	base += plain_bits(z, bits - ALIGN_BITS) << ALIGN_BITS;
	return base + reverse_tree(z, z->m.align, ALIGN_BITS);
}

static void copy(struct lzma *z, unsigned len)
{
	z->damaged = z->damaged || z->rep[0] >= z->n || len > z->cap - z->n;
	for (; len > 0 && !z->damaged; len--)
		put(z, behind(z, z->rep[0]));
}

/* Which of the last distances comes again goes to the front. */
static void repeat(struct lzma *z)
{
	unsigned which = 0;
	uint32_t d;

	if (bit(z, &z->m.rep0[z->state]) == 0) {
		if (bit(z, &z->m.rep0_long[z->state]) == 0) {
			z->state = z->state < STATES_LITERAL ? 9 : 11;
			copy(z, 1);
			return;
		}
	} else if (bit(z, &z->m.rep1[z->state]) == 0) {
		which = 1;
	} else {
		which = 2 + bit(z, &z->m.rep2[z->state]);
	}
	d = z->rep[which];
	for (; which > 0; which--)
		z->rep[which] = z->rep[which - 1];
	z->rep[0] = d;
	z->state = z->state < STATES_LITERAL ? 8 : 11;
	copy(z, length(z, &z->m.rep_len));
}

/* False at the end marker. */
static bool match(struct lzma *z)
{
	unsigned len = length(z, &z->m.len);

	for (unsigned i = 3; i > 0; i--)
		z->rep[i] = z->rep[i - 1];
	z->rep[0] = distance(z, len);
	z->state = z->state < STATES_LITERAL ? 7 : 10;
	if (z->rep[0] == DISTANCE_END) {
		more(z); /* the encoder's last byte may not have been needed */
		return false;
	}
	copy(z, len);
	return true;
}

/* False at the end, which is the marker or damage. */
static bool symbol(struct lzma *z)
{
	if (bit(z, &z->m.match[z->state]) == 0)
		literal(z);
	else if (bit(z, &z->m.rep[z->state]) != 0)
		repeat(z);
	else if (!match(z))
		return false;
	return !z->damaged;
}

bool lzma_decode(const uint8_t *in, size_t n, uint8_t *out, size_t cap)
{
	static struct lzma z; /* too large for some stacks */
	model *m = (model *)&z.m;

	z = (struct lzma){.in = in, .end = in + n, .out = out, .cap = cap, .range = 0xFFFFFFFF};
	for (size_t i = 0; i < sizeof(z.m) / sizeof(model); i++)
		m[i] = MODEL_HALF;
	for (unsigned i = 0; i < 5; i++) { /* the first is always 0 */
		z.damaged = z.damaged || z.in == z.end;
		z.code = z.code << 8 | (z.damaged ? 0 : *z.in++);
	}
	while (symbol(&z))
		;
	return !z.damaged && z.n == cap && z.in == z.end && z.code == 0;
}

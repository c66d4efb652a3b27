/* Hex, base64 (RFC 4648, sections 4 and 5) and numbers. */
#include <barequote/text.h>

#include "codec.h"

int bq_hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int bq_hex_decode(struct bq_view text, void *dst, size_t cap, size_t *n)
{
	uint8_t *out = dst;

	if (text.n % 2 != 0)
		return BQ_E_HEX;
	/*@ loop invariant 0 <= i <= text.n;
	  @ loop assigns i;
	  @ loop variant text.n - i; */
	for (size_t i = 0; i < text.n; i++)
		if (bq_hex_digit(text.p[i]) < 0)
			return BQ_E_HEX;
	if (text.n / 2 > cap)
		return BQ_E_SPACE;
	/*@ loop invariant 0 <= i <= text.n / 2;
	  @ loop assigns i, out[0 .. cap - 1];
	  @ loop variant text.n / 2 - i; */
	for (size_t i = 0; i < text.n / 2; i++)
		out[i] = (uint8_t)(bq_hex_digit(text.p[2 * i]) * 16 +
				   bq_hex_digit(text.p[2 * i + 1]));
	*n = text.n / 2;
	return 0;
}

static char b64_char(enum bq_base64 kind, unsigned six)
{
	if (six < 26)
		return (char)('A' + six);
	if (six < 52)
		return (char)('a' + six - 26);
	if (six < 62)
		return (char)('0' + six - 52);
	if (six == 62)
		return kind == BQ_BASE64 ? '+' : '-';
	return kind == BQ_BASE64 ? '/' : '_';
}

void bq_b64_begin(struct bq_b64_enc *e, struct bq_sink *s, enum bq_base64 kind)
{
	*e = (struct bq_b64_enc){.s = s, .kind = kind};
}

/* The 2 to 4 characters that n held bytes make. */
static void b64_flush(struct bq_b64_enc *e)
{
	uint32_t bits = (uint32_t)e->held[0] << 16 | (uint32_t)e->held[1] << 8 | e->held[2];
	char out[4];

	for (unsigned i = 0; i < 4; i++)
		out[i] = b64_char(e->kind, bits >> (18 - 6 * i) & 63);
	bq_put(e->s, out, e->n + 1);
	e->held[0] = e->held[1] = e->held[2] = 0;
	e->n = 0;
}

void bq_b64_put(struct bq_b64_enc *e, struct bq_view v)
{
	for (size_t i = 0; i < v.n; i++) {
		e->held[e->n++] = v.p[i];
		if (e->n == 3)
			b64_flush(e);
	}
}

void bq_b64_end(struct bq_b64_enc *e)
{
	unsigned pad = e->n == 0 ? 0 : 3 - e->n;

	if (e->n != 0)
		b64_flush(e);
	if (e->kind != BQ_BASE64URL)
		bq_put(e->s, "==", pad);
}

void bq_put_b64(struct bq_sink *s, enum bq_base64 kind, struct bq_view v)
{
	struct bq_b64_enc e;

	bq_b64_begin(&e, s, kind);
	bq_b64_put(&e, v);
	bq_b64_end(&e);
}

/* The six bits of a character, or -1. Sets a bit of *seen for each alphabet's
 * own characters. */
static int b64_value(uint8_t c, unsigned *seen)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	*seen |= c == '+' || c == '/' ? 1 : 2;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

/* Cuts the padding off; BQ_E_BASE64 where it is not all or nothing. */
static int b64_unpad(struct bq_view *text)
{
	size_t pad = 0;

	while (pad < 2 && pad < text->n && text->p[text->n - 1 - pad] == '=')
		pad++;
	if ((pad != 0 && text->n % 4 != 0) || (text->n - pad) % 4 == 1)
		return BQ_E_BASE64;
	text->n -= pad;
	return 0;
}

/* Every character, and that those bits of the last are zero that are in no byte. */
static int b64_check(struct bq_view text)
{
	unsigned stray = (1u << text.n % 4 * 6 % 8) - 1, seen = 0;
	int six = 0;

	for (size_t i = 0; i < text.n; i++) {
		six = b64_value(text.p[i], &seen);
		if (six < 0 || seen == 3)
			return BQ_E_BASE64;
	}
	return ((unsigned)six & stray) == 0 ? 0 : BQ_E_BASE64;
}

int bq_b64_decode(struct bq_view text, void *dst, size_t cap, size_t *n)
{
	uint8_t *out = dst;
	uint32_t bits = 0;
	unsigned held = 0, seen = 0;
	size_t made = 0;
	int e;

	if ((e = b64_unpad(&text)) != 0 || (e = b64_check(text)) != 0)
		return e;
	if (text.n / 4 * 3 + text.n % 4 * 6 / 8 > cap)
		return BQ_E_SPACE;
	for (size_t i = 0; i < text.n; i++) {
		bits = bits << 6 | (uint32_t)b64_value(text.p[i], &seen);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		out[made++] = (uint8_t)(bits >> held);
	}
	*n = made;
	return 0;
}

int bq_num_decode(struct bq_view text, uint64_t max, uint64_t *out)
{
	uint64_t base = 10, x = 0;

	if (text.n > 2 && text.p[0] == '0' && (text.p[1] == 'x' || text.p[1] == 'X')) {
		base = 16;
		(void)bq_rd_skip(&text, 2);
	}
	if (text.n == 0)
		return BQ_E_RANGE;
	for (size_t i = 0; i < text.n; i++) {
		int d = bq_hex_digit(text.p[i]);

		if (d < 0 || (uint64_t)d >= base || (uint64_t)d > max ||
		    x > (max - (uint64_t)d) / base)
			return BQ_E_RANGE;
		x = x * base + (uint64_t)d;
	}
	*out = x;
	return 0;
}

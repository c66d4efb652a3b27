#include "net.h"

#include <string.h>

#include "codec.h"

#define GROUP_DIGITS 4 /* of an IPv6 address, RFC 4291, 2.2 */

static bool take_chr(struct bq_view *r, char c)
{
	return r->n != 0 && r->p[0] == (uint8_t)c && bq_rd_skip(r, 1) == 0;
}

/* Digits of that base, no more than so many. */
static bool number(struct bq_view *r, unsigned base, unsigned most, unsigned *out)
{
	unsigned n = 0, x = 0;
	int d;

	for (; r->n != 0 && (d = bq_hex_digit(r->p[0])) >= 0; n++) {
		if (n == most || (unsigned)d >= base)
			return false;
		x = x * base + (unsigned)d;
		(void)bq_rd_skip(r, 1);
	}
	*out = x;
	return n != 0;
}

static bool parse_v4(struct bq_view t, uint8_t out[4])
{
	unsigned x;

	for (unsigned i = 0; i < 4; i++) {
		if ((i != 0 && !take_chr(&t, '.')) || (t.n > 1 && t.p[0] == '0' && t.p[1] != '.') ||
		    !number(&t, 10, 3, &x) || x > UINT8_MAX)
			return false;
		out[i] = (uint8_t)x;
	}
	return t.n == 0;
}

/* Groups of hex digits; `::` once, for the zeros it takes to fill up. */
static bool parse_v6(struct bq_view t, uint8_t out[16])
{
	size_t n = 0, gap = SIZE_MAX;
	bool colon = take_chr(&t, ':');
	unsigned x;

	if (colon && (t.n == 0 || t.p[0] != ':'))
		return false;
	while (t.n != 0 || colon) {
		if (colon && take_chr(&t, ':')) {
			if (gap != SIZE_MAX)
				return false;
			gap = n;
			if (t.n == 0)
				break;
		}
		if (n == 16 || !number(&t, 16, GROUP_DIGITS, &x))
			return false;
		out[n++] = (uint8_t)(x >> 8);
		out[n++] = (uint8_t)x;
		colon = take_chr(&t, ':');
		if (!colon && t.n != 0)
			return false;
	}
	if (gap == SIZE_MAX || n == 16)
		return gap == SIZE_MAX && n == 16;
	memmove(out + 16 - (n - gap), out + gap, n - gap);
	memset(out + gap, 0, 16 - n);
	return true;
}

int bq_net_address(struct bq_view host, uint16_t port, struct bq_net_address *out)
{
	struct bq_net_address a;
	uint8_t bytes[16];
	bool v4;

	if (bq_view_eq_str(host, "localhost"))
		host = bq_view_str("127.0.0.1");
	v4 = parse_v4(host, bytes);
	if (!v4 && !parse_v6(host, bytes))
		return BQ_E_URL;
	memset(&a, 0, sizeof(a));
	if (v4) {
		a.sa.v4.sin_family = AF_INET;
		a.sa.v4.sin_port = htons(port);
		memcpy(&a.sa.v4.sin_addr, bytes, 4);
		a.n = sizeof(a.sa.v4);
	} else {
		a.sa.v6.sin6_family = AF_INET6;
		a.sa.v6.sin6_port = htons(port);
		memcpy(&a.sa.v6.sin6_addr, bytes, 16);
		a.n = sizeof(a.sa.v6);
	}
	*out = a;
	return 0;
}

/* Hex, base64, numbers, PCR lists and addresses: what is accepted is written again, or
 * the C library reads the same. */
#include "fuzz.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/net.h"

#define MAX 4096

static void is_same_but_case(struct bq_view a, struct bq_view b)
{
	must(a.n == b.n);
	for (size_t i = 0; i < a.n; i++)
		must((a.p[i] | 0x20) == (b.p[i] | 0x20));
}

static void hex(struct bq_view in)
{
	uint8_t bytes[MAX], text[2 * MAX];
	struct bq_sink_buf b;
	size_t n;

	if (bq_hex_decode(in, bytes, sizeof(bytes), &n) != 0)
		return;
	must(n == 0 || bq_hex_decode(in, text, n - 1, &n) == BQ_E_SPACE);
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_hex(&b.s, bq_view_of(bytes, n));
	is_same_but_case(in, bq_view_of(text, b.n));
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_hex_upper(&b.s, bq_view_of(bytes, n));
	is_same_but_case(in, bq_view_of(text, b.n));
	must(bq_view_eq_ct(in, bq_view_of(text, b.n)) == bq_view_eq(in, bq_view_of(text, b.n)));
}

/* One of the three kinds, or standard base64 without its padding. */
static void base64(struct bq_view in)
{
	uint8_t bytes[MAX], text[2 * MAX];
	bool found = false;
	struct bq_sink_buf b;
	size_t n;

	if (bq_b64_decode(in, bytes, sizeof(bytes), &n) != 0)
		return;
	for (int kind = BQ_BASE64; kind <= BQ_BASE64URL_PAD; kind++) {
		bq_sink_buf_init(&b, text, sizeof(text));
		bq_put_b64(&b.s, (enum bq_base64)kind, bq_view_of(bytes, n));
		must(b.s.err == 0);
		found = found || (b.n >= in.n && bq_view_eq(in, bq_view_of(text, in.n)));
	}
	must(found);
}

static void pcr_list(struct bq_view in)
{
	struct bq_pcr_list list, again;
	uint8_t text[MAX], wire[256];
	struct bq_view v;
	struct bq_sink_buf b;
	struct bq_wr w;

	if (bq_pcr_list_parse(in, &list) != 0)
		return;
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_pcr_list(&b.s, &list);
	must(b.s.err == 0 && bq_pcr_list_parse(bq_view_of(text, b.n), &again) == 0);
	must(bq_pcr_list_count(&list) == bq_pcr_list_count(&again) && list.n == again.n);
	bq_wr_init(&w, wire, sizeof(wire));
	bq_pcr_list_write(&w, &list);
	must(bq_wr_end(&w, &v) == 0 && bq_pcr_list_read(&v, &again) == 0 && v.n == 0);
	must(again.n == list.n);
	for (unsigned i = 0; i < list.n; i++)
		must(again.bank[i].alg == list.bank[i].alg &&
		     again.bank[i].mask == list.bank[i].mask);
}

/* inet_pton() takes more: IPv4 at the end of IPv6. */
static void address(struct bq_view in)
{
	char text[MAX + 1];
	struct bq_net_address a;
	uint8_t want[16];

	if (bq_net_address(in, 443, &a) != 0)
		return;
	memcpy(text, in.p, in.n);
	text[in.n] = '\0';
	if (strcmp(text, "localhost") == 0)
		strcpy(text, "127.0.0.1");
	must(inet_pton(a.sa.any.sa_family, text, want) == 1);
	if (a.sa.any.sa_family == AF_INET)
		must(memcmp(want, &a.sa.v4.sin_addr, 4) == 0 && ntohs(a.sa.v4.sin_port) == 443);
	else
		must(memcmp(want, &a.sa.v6.sin6_addr, 16) == 0);
}

static void algorithm(struct bq_view in)
{
	uint16_t alg = bq_alg_hash(in);
	uint64_t x;

	if (alg == 0)
		return;
	must(bq_alg_size(alg) != 0);
	must(bq_num_decode(in, UINT16_MAX, &x) == 0 || bq_view_eq_str(in, bq_alg_name(alg)));
}

/* Text for terminals. */
static void safe(struct bq_view in)
{
	uint8_t text[4 * MAX];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_safe(&b.s, in);
	must(b.s.err == 0 && b.n >= in.n);
	for (size_t i = 0; i < b.n; i++)
		must(text[i] >= 0x20 && text[i] < 0x7F);
}

/* Numbers from the input, as printf() has them and as they are read again. */
static void numbers(struct bq_view in)
{
	char want[32];
	uint8_t text[32], wire[16];
	struct bq_sink_buf b;
	struct bq_view r;
	uint64_t x = 0, back;
	struct bq_wr w;

	if (bq_rd_le64(&in, &x) != 0)
		return;
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_i64(&b.s, (int64_t)x);
	snprintf(want, sizeof(want), "%" PRId64, (int64_t)x);
	must(bq_view_eq_str(bq_view_of(text, b.n), want));
	bq_wr_init(&w, wire, sizeof(wire));
	bq_wr_le64(&w, x);
	bq_wr_be32_at(&w, 5, 0);
	must(w.err == BQ_E_ARG);
	bq_wr_be32_at(&w, 0, 0);
	must(w.err == BQ_E_ARG && w.n == 8);
	bq_wr_init(&w, wire, 8);
	bq_wr_le64(&w, x);
	bq_wr_le64(&w, x);
	must(w.err == BQ_E_SPACE && w.n == 8);
	r = bq_view_of(wire, w.n);
	must(bq_rd_copy(&r, text, 9) == BQ_E_SHORT && r.n == 8);
	must(!bq_view_eq_ct(r, bq_view_of(wire, 7)));
	must(bq_rd_le64(&r, &back) == 0 && back == x && r.n == 0);
}

/* What is too long for its length is not written, and that sticks. */
static void too_long(void)
{
	static uint8_t zeros[UINT16_MAX + 1], out[UINT16_MAX + 8];
	struct bq_wr w;

	bq_wr_init(&w, out, sizeof(out));
	bq_wr_2b(&w, bq_view_of(zeros, sizeof(zeros)));
	must(w.err == BQ_E_RANGE && w.n == 0);
	bq_wr_zeros(&w, 1);
	bq_wr_2b(&w, bq_view_of(zeros, 1));
	must(w.err == BQ_E_RANGE && w.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n < MAX ? n : MAX);
	uint64_t x;

	hex(in);
	base64(in);
	pcr_list(in);
	address(in);
	algorithm(in);
	safe(in);
	numbers(in);
	too_long();
	if (bq_num_decode(in, 1000, &x) == 0)
		must(x <= 1000);
	return 0;
}

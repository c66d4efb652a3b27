/* Hex, base64, numbers and PCR lists: what is accepted is written again. */
#include "fuzz.h"

#include <string.h>

#define MAX 4096

static bool same_but_case(struct bq_view a, struct bq_view b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if ((a.p[i] | 0x20) != (b.p[i] | 0x20))
			return false;
	return true;
}

static void hex(struct bq_view in)
{
	uint8_t bytes[MAX], text[2 * MAX];
	struct bq_sink_buf b;
	size_t n;

	if (bq_hex_decode(in, bytes, sizeof(bytes), &n) != 0)
		return;
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_hex(&b.s, bq_view_of(bytes, n));
	must(same_but_case(in, bq_view_of(text, b.n)));
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

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n < MAX ? n : MAX);
	uint64_t x;

	hex(in);
	base64(in);
	pcr_list(in);
	if (bq_num_decode(in, 1000, &x) == 0)
		must(x <= 1000);
	return 0;
}

#include "genuine_file.h"

#include <stdlib.h>
#include <string.h>

#include "edits.h"

/* One with an event log, and with all certificates. */
const struct genuine *genuine_file_parts(void)
{
	static const struct edits whole = {
		.variant = MILAN_EVENTLOG,
		.n = 1,
		.edit = {{.what = 0, .at = C_ARK_BROUGHT, .n = 1, .p = {ARK_GENUINE}}},
	};
	static struct genuine g;

	if (g.blob.n == 0)
		edits_make(&whole, &g);
	return &g;
}

static void put_certs(struct bq_sink *s, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		bq_put_pem(s, "CERTIFICATE", bytes_view(&genuine_file_parts()->shown.der[i]));
}

static long read_log(void *ctx, void *buf, size_t n)
{
	struct bq_view v = fuzz_take(ctx, n);

	if (v.n != 0)
		memcpy(buf, v.p, v.n);
	return (long)v.n;
}

static void put_evidence(struct bq_sink *s, enum bq_evidence_format f)
{
	const struct genuine *g = genuine_file_parts();
	struct bq_view log = bytes_view(&g->eventlog);
	uint8_t leaf[4096], chain[8192];
	struct bq_sink_buf l, c;

	bq_sink_buf_init(&l, leaf, sizeof(leaf));
	bq_sink_buf_init(&c, chain, sizeof(chain));
	put_certs(&l.s, DER_LEAF, DER_CA);
	put_certs(&c.s, DER_CA, DERS);
	const struct bq_evidence_parts parts = {.hcl = bytes_view(&g->blob),
						.quote_msg = bytes_view(&g->shown.msg),
						.quote_sig = bytes_view(&g->shown.sig),
						.pcrs = &g->shown.pcrs,
						.vcek_pem = bq_view_of(leaf, l.n),
						.chain_pem = bq_view_of(chain, c.n),
						.eventlog_read = read_log,
						.eventlog_ctx = &log};

	must(l.s.err == 0 && c.s.err == 0);
	must(bq_evidence_write(s, f, &parts) == 0);
}

static void put_line(struct bq_sink_buf *b)
{
	bq_put_str(&b->s, "{\"id\":7,\"evidence\":");
	put_evidence(&b->s, BQ_EVIDENCE_COCO1);
	b->n--; /* the newline */
	bq_put_str(&b->s, ",\"nonce\":\"");
	bq_put_hex(&b->s, bq_view_str(GENUINE_NONCE));
	bq_put_str(&b->s, "\"}");
}

static void put_file(struct bq_sink_buf *b, enum genuine_file which)
{
	const struct pieces *p = &genuine_file_parts()->shown;

	if (which <= FILE_COCO2)
		put_evidence(&b->s, BQ_EVIDENCE_COCO0 + which);
	else if (which == FILE_LINE)
		put_line(b);
	else if (which == FILE_SNP)
		bq_put_view(&b->s, bytes_view(&p->report));
	else if (which == FILE_PEM)
		put_certs(&b->s, DER_LEAF, DERS);
	else
		bq_put_view(&b->s, bytes_view(&p->der[DER_LEAF]));
	must(b->s.err == 0);
}

/* Returns its new size. */
static size_t edit(uint8_t *p, size_t n, size_t cap, struct bq_view *in)
{
	size_t del = fuzz_u8(in), put = fuzz_u8(in), at = fuzz_u16(in) % (n + 1);
	struct bq_view v = fuzz_take(in, put);

	if (del > n - at)
		del = n - at;
	if (n - del + v.n > cap)
		return n;
	memmove(p + at + v.n, p + at + del, n - at - del);
	if (v.n != 0)
		memcpy(p + at, v.p, v.n);
	return n - del + v.n;
}

struct bq_view genuine_file(struct bq_view in)
{
	static uint8_t text[1 << 16], *exact;
	struct bq_sink_buf b;
	uint8_t which;
	size_t n;

	if (in.n == 0 || in.p[0] < GENUINE_FILES || in.p[0] >= GENUINE_FILES + FILES)
		return in;
	which = fuzz_u8(&in);
	bq_sink_buf_init(&b, text, sizeof(text));
	put_file(&b, (enum genuine_file)(which - GENUINE_FILES));
	for (n = b.n; in.n != 0;)
		n = edit(text, n, sizeof(text), &in);
	/* Ends where its memory does. */
	free(exact);
	exact = malloc(n);
	must(exact != NULL || n == 0);
	if (n != 0)
		memcpy(exact, text, n);
	return bq_view_of(exact, n);
}

/* Evidence of Confidential Containers: what is read is written and read again.
 * An input is the text, or a genuine one with edits (genuine_file.h). */
#include "genuine_file.h"

#include <stdlib.h>
#include <string.h>

static long read_log(void *ctx, void *buf, size_t n)
{
	struct bq_view v = fuzz_take(ctx, n);

	if (v.n != 0)
		memcpy(buf, v.p, v.n);
	return (long)v.n;
}

/* The container has the RSASSA-SHA256 value alone, the writers take a TPMT_SIGNATURE. */
static struct bq_view wrap(const struct bq_evidence *ev, uint8_t *to, size_t cap)
{
	struct bq_view v = bq_view_of(NULL, 0);
	struct bq_wr w;

	must(ev->sig_is_raw);
	bq_wr_init(&w, to, cap);
	bq_wr_be16(&w, TPM_ALG_RSASSA);
	bq_wr_be16(&w, TPM_ALG_SHA256);
	bq_wr_2b(&w, ev->quote_sig);
	(void)bq_wr_end(&w, &v);
	return v;
}

/* Version 0 has it as PEM, the others as DER. */
static struct bq_view leaf_pem(const struct bq_evidence *ev, uint8_t *to, size_t cap)
{
	struct bq_sink_buf b;

	if (ev->format == BQ_EVIDENCE_COCO0 || ev->certs[0].n == 0)
		return ev->certs[0];
	bq_sink_buf_init(&b, to, cap);
	bq_put_pem(&b.s, "CERTIFICATE", ev->certs[0]);
	must(b.s.err == 0);
	return bq_view_of(to, b.n);
}

static void has_same_quote(const struct bq_evidence *a, const struct bq_evidence *b)
{
	struct bq_view x, y;

	must(bq_view_eq(a->quote_msg, b->quote_msg) && bq_view_eq(a->quote_sig, b->quote_sig));
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		must(bq_pcr_value(&a->pcrs, TPM_ALG_SHA256, i, &x) == 0);
		must(bq_pcr_value(&b->pcrs, TPM_ALG_SHA256, i, &y) == 0);
		must(bq_view_eq(x, y));
	}
}

static void is_same(const struct bq_evidence *a, const struct bq_evidence *b)
{
	must(a->format == b->format && a->sig_is_raw == b->sig_is_raw);
	must(bq_view_eq(a->hcl, b->hcl) && bq_view_eq(a->report, b->report));
	must(bq_view_eq(a->eventlog, b->eventlog));
	for (unsigned i = 0; i < 3; i++)
		must(bq_view_eq(a->certs[i], b->certs[i]));
	has_same_quote(a, b);
}

/* What was written first is what it was made of. */
static void is_genuine(const struct bq_evidence *ev)
{
	static struct bq_evidence made;
	const struct genuine *g = genuine_file_parts();
	struct bq_signature sig;

	must(bq_signature_parse(bytes_view(&g->shown.sig), &sig) == 0);
	made = (struct bq_evidence){.quote_msg = bytes_view(&g->shown.msg),
				    .quote_sig = sig.rsa,
				    .pcrs = g->shown.pcrs};
	has_same_quote(ev, &made);
	must(bq_view_eq(ev->hcl, bytes_view(&g->blob)));
	must(bq_view_eq(ev->eventlog, bytes_view(&g->eventlog)));
	must(ev->format == BQ_EVIDENCE_COCO0 ||
	     bq_view_eq(ev->certs[0], bytes_view(&g->shown.der[DER_LEAF])));
}

/* Only certificates that are none, or too long, are read and not written. */
static void write_again(const struct bq_evidence *ev, size_t n)
{
	static struct bq_evidence back;
	size_t cap = 12 * n + 65536;
	uint8_t *text = malloc(cap), *work = malloc(cap), *sig = malloc(cap), *pem = malloc(cap);
	struct bq_view log = ev->eventlog;
	struct bq_evidence_parts parts = {.hcl = ev->hcl,
					  .quote_msg = ev->quote_msg,
					  .pcrs = &ev->pcrs,
					  .chain_pem = ev->certs[1],
					  .eventlog_read = read_log,
					  .eventlog_ctx = &log};
	struct bq_sink_buf b;
	int e;

	must(text != NULL && work != NULL && sig != NULL && pem != NULL);
	parts.quote_sig = wrap(ev, sig, cap);
	parts.vcek_pem = leaf_pem(ev, pem, cap);
	bq_sink_buf_init(&b, text, cap);
	e = parts.quote_sig.n == 0 ? BQ_E_CERT : bq_evidence_write(&b.s, ev->format, &parts);
	must(e == 0 || (e == BQ_E_CERT && b.n == 0));
	if (e == 0) {
		must(bq_evidence_parse_json(bq_view_of(text, b.n), work, cap, &back, NULL, 0) == 0);
		is_same(ev, &back);
	}
	free(text);
	free(work);
	free(sig);
	free(pem);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct bq_evidence ev;
	struct bq_view in = genuine_file(bq_view_of(p, n));
	uint8_t *work = malloc(in.n + 1);
	bool unedited = in.p != p && n == 1 && p[0] <= GENUINE_FILES + FILE_COCO2;
	char where[24];

	must(work != NULL);
	memset(where, 'x', sizeof(where));
	if (bq_evidence_parse_json(in, work, in.n, &ev, where, sizeof(where)) == 0) {
		write_again(&ev, in.n);
		if (unedited)
			is_genuine(&ev);
	} else {
		must(memchr(where, '\0', sizeof(where)) != NULL && !unedited);
	}
	(void)bq_evidence_parse_quote(in, work, in.n, &ev, where, sizeof(where));
	free(work);
	return 0;
}

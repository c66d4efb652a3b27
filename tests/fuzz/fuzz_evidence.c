/* Evidence of Confidential Containers: what is read is written and read again. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void write_again(const struct bq_evidence *ev, size_t n)
{
	static struct bq_evidence back;
	size_t cap = 12 * n + 65536;
	uint8_t *text = malloc(cap), *work = malloc(cap);
	struct bq_evidence_parts parts = {.hcl = ev->hcl,
					  .quote_msg = ev->quote_msg,
					  .quote_sig = ev->quote_sig,
					  .pcrs = &ev->pcrs,
					  .vcek_pem = ev->certs[0],
					  .chain_pem = ev->certs[1]};
	struct bq_sink_buf b;

	must(text != NULL && work != NULL);
	bq_sink_buf_init(&b, text, cap);
	if (bq_evidence_write(&b.s, ev->format, &parts) == 0) {
		must(bq_evidence_parse_json(bq_view_of(text, b.n), work, cap, &back, NULL, 0) == 0);
		must(back.format == ev->format && bq_view_eq(back.hcl, ev->hcl));
		must(bq_view_eq(back.quote_msg, ev->quote_msg));
	}
	free(text);
	free(work);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct bq_evidence ev;
	struct bq_view in = bq_view_of(p, n);
	uint8_t *work = malloc(n + 1);
	char where[24];

	must(work != NULL);
	memset(where, 'x', sizeof(where));
	if (bq_evidence_parse_json(in, work, n, &ev, where, sizeof(where)) == 0)
		write_again(&ev, n);
	else
		must(memchr(where, '\0', sizeof(where)) != NULL);
	(void)bq_evidence_parse_quote(in, work, n, &ev, where, sizeof(where));
	free(work);
	return 0;
}

/* TPMS_ATTEST: what is accepted, and selects with three bytes, is written again. */
#include "fuzz.h"

#include <stdlib.h>

static void write_again(const struct bq_attest *a, struct bq_view in)
{
	uint8_t *made = malloc(in.n + 64);
	struct bq_view out;
	struct bq_wr w;

	must(made != NULL);
	bq_wr_init(&w, made, in.n + 64);
	bq_wr_be32(&w, a->magic);
	bq_wr_be16(&w, a->type);
	bq_wr_2b(&w, a->qualified_signer);
	bq_wr_2b(&w, a->extra_data);
	bq_wr_be64(&w, a->clock);
	bq_wr_be32(&w, a->reset_count);
	bq_wr_be32(&w, a->restart_count);
	bq_wr_u8(&w, a->safe);
	bq_wr_be64(&w, a->firmware_version);
	bq_pcr_list_write(&w, &a->pcrs);
	bq_wr_2b(&w, a->pcr_digest);
	must(bq_wr_end(&w, &out) == 0);
	must(out.n != in.n || bq_view_eq(out, in));
	free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n);
	struct bq_attest a, again;
	struct bq_sink_buf b;
	uint8_t text[2048];

	if (bq_attest_parse(in, &a) != 0)
		return 0;
	must(bq_attest_parse(in, &again) == 0 && bq_view_eq(a.pcr_digest, again.pcr_digest));
	fuzz_within(a.qualified_signer, in);
	fuzz_within(a.extra_data, in);
	fuzz_within(a.pcr_digest, in);
	must(a.pcrs.n <= BQ_PCR_BANKS);
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_pcr_list(&b.s, &a.pcrs);
	must(b.s.err == 0);
	/* Selections of another size than three make another length, unless two of
	 * them even out. */
	if (a.pcrs.n <= 1)
		write_again(&a, in);
	return 0;
}

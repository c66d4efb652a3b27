/* HCL blobs: what is accepted is written again, whatever out held before. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define RESERVED 20 /* in the header: read by nobody */

static void write_again(const struct bq_hcl *h, struct bq_view in)
{
	uint8_t *made = malloc(in.n);
	struct bq_view out;
	struct bq_wr w;

	must(made != NULL);
	bq_wr_init(&w, made, in.n);
	bq_wr_view(&w, bq_view_str("HCLA"));
	bq_wr_le32(&w, h->header_version);
	bq_wr_le32(&w, h->report_size);
	bq_wr_le32(&w, h->request_type);
	bq_wr_le32(&w, h->status);
	bq_wr_view(&w, bq_view_of(in.p + RESERVED, BQ_HCL_HEADER_SIZE - RESERVED));
	bq_wr_view(&w, h->hardware_report);
	bq_wr_le32(&w, h->data_size);
	bq_wr_le32(&w, h->data_version);
	bq_wr_le32(&w, h->report_type);
	bq_wr_le32(&w, h->hash_type);
	bq_wr_le32(&w, (uint32_t)h->claims.n);
	if (h->has_capabilities)
		bq_wr_le32(&w, h->capabilities);
	bq_wr_view(&w, h->claims);
	bq_wr_zeros(&w, h->trailer.n);
	must(bq_wr_end(&w, &out) == 0 && bq_view_eq(out, in));
	free(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n), head = in;
	struct bq_hcl h, again;
	size_t size;

	head.n = n < BQ_HCL_HEADER_SIZE ? n : BQ_HCL_HEADER_SIZE;
	if (bq_hcl_peek_size(head, &size) == 0)
		must(size <= BQ_HCL_MAX && head.n == BQ_HCL_HEADER_SIZE);
	if (bq_hcl_parse(in, &h) != 0)
		return 0;
	memset(&again, 0xFF, sizeof(again));
	must(bq_hcl_parse(in, &again) == 0);
	write_again(&h, in);
	write_again(&again, in);
	must(h.report_size <= n && h.hardware_report.n == BQ_HCL_REPORT_SIZE);
	must(h.claims.p == p + BQ_HCL_CLAIMS_OFFSET + (h.has_capabilities ? 4 : 0));
	must(bq_view_is_zero(h.trailer));
	if (h.report_size <= BQ_HCL_MAX)
		must(bq_hcl_peek_size(head, &size) == 0 && size == h.report_size);
	fuzz_within(h.hardware_report, in);
	fuzz_within(h.claims, in);
	fuzz_within(h.trailer, in);
	must((bq_hcl_require_snp(&h) == 0) ==
	     (strcmp(bq_hcl_type_name(h.report_type), "SNP") == 0));
	return 0;
}

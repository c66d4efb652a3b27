/* HCL blobs. */
#include <string.h>

#include "fuzz.h"

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
	must(bq_hcl_parse(in, &again) == 0 && bq_view_eq(h.claims, again.claims));
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

#include "captures.h"

struct bq_evidence evidence_2023(void)
{
	struct bq_view text = read_capture("azure-milan-2023/tpm-quote-v1.json");
	struct bq_evidence ev = {.format = BQ_EVIDENCE_HCL,
				 .hcl = read_capture("azure-milan-2023/hcl-report.bin"),
				 .certs = {read_capture("azure-milan-2023/vcek.pem")}};

	ck_assert_int_eq(bq_evidence_parse_quote(text, must_alloc(text.n), text.n, &ev, NULL, 0),
			 0);
	return ev;
}

struct bq_evidence evidence_2025(void)
{
	struct bq_view text = read_capture("azure-milan-2025/evidence-v1.json");
	struct bq_evidence ev;

	ck_assert_int_eq(bq_evidence_parse_json(text, must_alloc(text.n), text.n, &ev, NULL, 0), 0);
	return ev;
}

/* SEV-SNP reports. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n);
	struct bq_snp s, again;
	enum bq_product product;
	struct bq_sink_buf b;
	uint8_t text[128];
	struct bq_tcb tcb;

	if (bq_snp_parse(in, &s) != 0)
		return 0;
	must(n == BQ_SNP_REPORT_SIZE && s.version >= 2);
	must(bq_snp_parse(in, &again) == 0 && bq_view_eq(s.raw, again.raw));
	must(s.signed_part.n == BQ_SNP_SIGNED_SIZE && s.report_data.n == 64);
	must(s.sig_r.n == 72 && s.sig_s.n == 72);
	must(s.has_cpuid == (s.version >= 3));
	const struct bq_view views[] = {
		s.signed_part,  s.family_id,    s.image_id,   s.current_tcb,   s.report_data,
		s.measurement,  s.host_data,    s.report_id,  s.id_key_digest, s.author_digest,
		s.reported_tcb, s.chip_id,      s.launch_tcb, s.committed_tcb, s.sig_r,
		s.sig_s,        s.report_id_ma,
	};
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		fuzz_within(views[i], in);
	product = bq_snp_product(&s);
	must(bq_product_by_name(bq_view_str(bq_product_name(product))) == product);
	tcb = bq_tcb_read(s.reported_tcb, product);
	must(bq_tcb_at_least(&tcb, &tcb));
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_tcb(&b.s, &tcb);
	must(b.s.err == 0 && b.n != 0);
	return 0;
}

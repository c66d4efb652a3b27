/* TPMT_SIGNATURE. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static uint8_t plain[1 << 17];
	struct bq_view in = bq_view_of(p, n), out;
	struct bq_signature s, again;
	struct bq_wr w;

	if (bq_signature_parse(in, &s) != 0)
		return 0;
	must(bq_signature_parse(in, &again) == 0 && bq_view_eq(s.rsa, again.rsa));
	fuzz_within(s.rsa, in);
	fuzz_within(s.r, in);
	fuzz_within(s.s, in);
	must(s.alg == TPM_ALG_ECDSA ? 8 + s.r.n + s.s.n == n : 6 + s.rsa.n == n);
	bq_wr_init(&w, plain, sizeof(plain));
	(void)bq_signature_plain(&s, &w);
	if (s.alg != TPM_ALG_ECDSA && bq_wr_end(&w, &out) == 0)
		must(bq_view_eq(out, s.rsa));
	return 0;
}

/* TPMT_SIGNATURE: what is accepted is written again, whatever out held before. */
#include "fuzz.h"

#include <string.h>

static void write_again(const struct bq_signature *s, struct bq_view in)
{
	static uint8_t made[1 << 18];
	struct bq_view out;
	struct bq_wr w;

	bq_wr_init(&w, made, sizeof(made));
	bq_wr_be16(&w, s->alg);
	bq_wr_be16(&w, s->hash);
	if (s->alg == TPM_ALG_ECDSA) {
		bq_wr_2b(&w, s->r);
		bq_wr_2b(&w, s->s);
		must(s->rsa.n == 0);
	} else {
		bq_wr_2b(&w, s->rsa);
		must(s->r.n == 0 && s->s.n == 0);
	}
	must(bq_wr_end(&w, &out) == 0 && bq_view_eq(out, in));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static uint8_t plain[1 << 17];
	struct bq_view in = bq_view_of(p, n), out;
	struct bq_signature s, again;
	struct bq_wr w;

	if (bq_signature_parse(in, &s) != 0)
		return 0;
	memset(&again, 0xFF, sizeof(again));
	must(bq_signature_parse(in, &again) == 0);
	write_again(&s, in);
	write_again(&again, in);
	fuzz_within(s.rsa, in);
	fuzz_within(s.r, in);
	fuzz_within(s.s, in);
	bq_wr_init(&w, plain, sizeof(plain));
	(void)bq_signature_plain(&s, &w);
	if (s.alg != TPM_ALG_ECDSA && bq_wr_end(&w, &out) == 0)
		must(bq_view_eq(out, s.rsa));
	return 0;
}

/* Runtime claims and the keys in them. */
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n);
	struct bq_claims c, again;
	uint8_t modulus[BQ_RSA_MAX], data[64];
	size_t size;
	uint32_t e;

	if (bq_claims_parse(in, &c) != 0)
		return 0;
	must(bq_claims_parse(in, &again) == 0 && bq_view_eq(c.ak.n, again.ak.n));
	fuzz_within(c.ak.json.raw, in);
	fuzz_within(c.ak.n, c.ak.json.raw);
	fuzz_within(c.ak.e, c.ak.json.raw);
	if (bq_jwk_rsa(&c.ak, modulus, sizeof(modulus), &size, &e) == 0)
		must(size <= sizeof(modulus) && !bq_view_is_zero(bq_view_of(modulus, size)));
	must((bq_claims_user_data(&c, data) == 0) == c.has_user_data);
	return 0;
}

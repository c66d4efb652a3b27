/* Runtime claims and the keys in them. */
#include "fuzz.h"

#include <string.h>

static bool same(struct bq_view a, struct bq_view b)
{
	return a.p == b.p && a.n == b.n;
}

static bool same_key(const struct bq_jwk *a, const struct bq_jwk *b)
{
	return same(a->json.raw, b->json.raw) && same(a->n, b->n) && same(a->e, b->e) &&
	       same(a->key_ops.raw, b->key_ops.raw);
}

static void are_same(const struct bq_claims *a, const struct bq_claims *b)
{
	must(same(a->root.raw, b->root.raw) && a->keys == b->keys);
	must(same_key(&a->ak, &b->ak) && a->has_ek == b->has_ek && same_key(&a->ek, &b->ek));
	must(a->has_config == b->has_config && same(a->config.raw, b->config.raw));
	must(a->has_user_data == b->has_user_data && same(a->user_data, b->user_data));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n);
	struct bq_claims c, again;
	uint8_t modulus[BQ_RSA_MAX], data[64];
	size_t size;
	uint32_t e;

	if (bq_claims_parse(in, &c) != 0)
		return 0;
	memset(&again, 0xFF, sizeof(again));
	must(bq_claims_parse(in, &again) == 0);
	are_same(&c, &again);
	fuzz_within(c.ak.json.raw, in);
	fuzz_within(c.ak.n, c.ak.json.raw);
	fuzz_within(c.ak.e, c.ak.json.raw);
	if (bq_jwk_rsa(&c.ak, modulus, sizeof(modulus), &size, &e) == 0)
		must(size <= sizeof(modulus) && !bq_view_is_zero(bq_view_of(modulus, size)));
	must((bq_claims_user_data(&c, data) == 0) == c.has_user_data);
	return 0;
}

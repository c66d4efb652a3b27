/* TPM2_GetRandom: part 3, 16.1. A TPM gives at most a digest's size at a time. */
#include "internal.h"

static int random_chunk(struct bq_tpm *t, size_t n, struct bq_view *out)
{
	struct bq_view r, v;
	struct bq_wr w;
	int e;

	bq_cmd_begin(t, &w, TPM_CC_GetRandom);
	bq_wr_be16(&w, (uint16_t)(n < BQ_DIGEST_MAX ? n : BQ_DIGEST_MAX));
	if ((e = bq_cmd_run(t, &w, &r)) != 0)
		return e;
	if (bq_rd_2b(&r, &v) != 0 || bq_rd_end(&r) != 0 || v.n > n)
		return BQ_E_TPM_RESPONSE;
	if (v.n == 0)
		return BQ_E_TPM_PROGRESS;
	*out = v;
	return 0;
}

int bq_tpm_get_random(struct bq_tpm *t, void *out, size_t n)
{
	struct bq_view v;
	struct bq_wr w;
	int e;

	bq_wr_init(&w, out, n);
	while (w.n < n) {
		if ((e = random_chunk(t, n - w.n, &v)) != 0)
			return e;
		bq_wr_view(&w, v);
	}
	return 0;
}

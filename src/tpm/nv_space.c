/* Making and removing NV indices: part 3, 31.3 and 31.4. */
#include "internal.h"

int bq_tpm_nv_define(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth,
		     const struct bq_nv_public *pub, struct bq_view index_auth)
{
	struct bq_wr w;
	size_t size_at;

	bq_cmd_begin(t, &w, TPM_CC_NV_DefineSpace);
	bq_wr_be32(&w, auth_handle);
	bq_cmd_password(&w, auth);
	bq_wr_2b(&w, index_auth);
	size_at = w.n;
	bq_wr_be16(&w, 0);
	bq_wr_be32(&w, pub->index);
	bq_wr_be16(&w, pub->name_alg);
	bq_wr_be32(&w, pub->attributes);
	bq_wr_2b(&w, pub->policy);
	bq_wr_be16(&w, pub->size);
	bq_wr_be16_at(&w, size_at, (uint16_t)(w.n - size_at - 2));
	return bq_cmd_run_void(t, &w);
}

int bq_tpm_nv_undefine(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth, uint32_t index)
{
	struct bq_wr w;

	bq_cmd_begin(t, &w, TPM_CC_NV_UndefineSpace);
	bq_wr_be32(&w, auth_handle);
	bq_wr_be32(&w, index);
	bq_cmd_password(&w, auth);
	return bq_cmd_run_void(t, &w);
}

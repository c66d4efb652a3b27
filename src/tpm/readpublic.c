/* TPM2_ReadPublic: part 3, 12.4. */
#include "internal.h"

int bq_tpm_read_public(struct bq_tpm *t, uint32_t handle, struct bq_view *pub, struct bq_view *name,
		       struct bq_view *qualified_name)
{
	struct bq_view r, its_pub, its_name, its_qualified;
	struct bq_wr w;
	int e;

	bq_cmd_begin(t, &w, TPM_CC_ReadPublic);
	bq_wr_be32(&w, handle);
	if ((e = bq_cmd_run(t, &w, &r)) != 0)
		return e;
	if (bq_rd_2b(&r, &its_pub) != 0 || bq_rd_2b(&r, &its_name) != 0 ||
	    bq_rd_2b(&r, &its_qualified) != 0 || bq_rd_end(&r) != 0 || its_pub.n == 0)
		return BQ_E_TPM_RESPONSE;
	*pub = its_pub;
	if (name != NULL)
		*name = its_name;
	if (qualified_name != NULL)
		*qualified_name = its_qualified;
	return 0;
}

/* TPM2_GetCapability: part 3, 30.2. */
#include "internal.h"

int bq_tpm_get_capability(struct bq_tpm *t, uint32_t capability, uint32_t property, uint32_t count,
			  bool *more, struct bq_view *data)
{
	struct bq_view r;
	struct bq_wr w;
	uint32_t answered;
	uint8_t more_data;
	int e;

	bq_cmd_begin(t, &w, TPM_CC_GetCapability);
	bq_wr_be32(&w, capability);
	bq_wr_be32(&w, property);
	bq_wr_be32(&w, count);
	if ((e = bq_cmd_run(t, &w, &r)) != 0)
		return e;
	if (bq_rd_u8(&r, &more_data) != 0 || bq_rd_be32(&r, &answered) != 0 || more_data > 1 ||
	    answered != capability)
		return BQ_E_TPM_RESPONSE;
	*more = more_data == 1;
	*data = r;
	return 0;
}

/* TPML_TAGGED_TPM_PROPERTY with one entry. A TPM that lacks the property
 * answers with the next one it has, or with none. */
int bq_tpm_property(struct bq_tpm *t, uint32_t property, uint32_t *value)
{
	struct bq_view r;
	uint32_t count, answered, v;
	bool more;
	int e;

	if ((e = bq_tpm_get_capability(t, TPM_CAP_TPM_PROPERTIES, property, 1, &more, &r)) != 0)
		return e;
	if (bq_rd_be32(&r, &count) != 0)
		return BQ_E_TPM_RESPONSE;
	if (count == 0 && r.n == 0)
		return BQ_E_TPM_PROPERTY;
	if (count != 1 || bq_rd_be32(&r, &answered) != 0 || bq_rd_be32(&r, &v) != 0 ||
	    bq_rd_end(&r) != 0)
		return BQ_E_TPM_RESPONSE;
	if (answered != property)
		return BQ_E_TPM_PROPERTY;
	*value = v;
	return 0;
}

/* TPML_HANDLE with one entry, or none. */
int bq_tpm_next_handle(struct bq_tpm *t, uint32_t from, uint32_t *handle)
{
	struct bq_view r;
	uint32_t count, h;
	bool more;
	int e;

	if ((e = bq_tpm_get_capability(t, TPM_CAP_HANDLES, from, 1, &more, &r)) != 0)
		return e;
	if (bq_rd_be32(&r, &count) != 0 || count > 1)
		return BQ_E_TPM_RESPONSE;
	if (count == 0)
		return bq_rd_end(&r) == 0 ? BQ_E_TPM_PROPERTY : BQ_E_TPM_RESPONSE;
	if (bq_rd_be32(&r, &h) != 0 || bq_rd_end(&r) != 0 || h < from || h >> 24 != from >> 24)
		return BQ_E_TPM_RESPONSE;
	*handle = h;
	return 0;
}

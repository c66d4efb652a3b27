/* Reading and writing NV indices: part 3, 31. */
#include "internal.h"

/* What a chunk over the TPM's buffer is refused with: a size to read is a
 * number out of range, data to write a TPM2B too long. Both parameter 1. */
#define RC_READ_TOO_LARGE  0x1C4u /* TPM_RC_VALUE */
#define RC_WRITE_TOO_LARGE 0x1D5u /* TPM_RC_SIZE */

/* TPMS_NV_PUBLIC, part 2, 13.5 */
static int nv_public(struct bq_view r, struct bq_nv_public *out)
{
	struct bq_nv_public p;

	if (bq_rd_be32(&r, &p.index) != 0 || bq_rd_be16(&r, &p.name_alg) != 0 ||
	    bq_rd_be32(&r, &p.attributes) != 0 || bq_rd_2b(&r, &p.policy) != 0 ||
	    bq_rd_be16(&r, &p.size) != 0 || bq_rd_end(&r) != 0)
		return BQ_E_TPM_RESPONSE;
	*out = p;
	return 0;
}

int bq_tpm_nv_read_public(struct bq_tpm *t, uint32_t index, struct bq_nv_public *out,
			  struct bq_view *name)
{
	struct bq_nv_public p;
	struct bq_view r, public_info, its_name;
	struct bq_wr w;
	int e;

	bq_cmd_begin(t, &w, TPM_CC_NV_ReadPublic);
	bq_wr_be32(&w, index);
	if ((e = bq_cmd_run(t, &w, &r)) != 0)
		return e;
	if (bq_rd_2b(&r, &public_info) != 0 || bq_rd_2b(&r, &its_name) != 0 || bq_rd_end(&r) != 0 ||
	    nv_public(public_info, &p) != 0 || p.index != index)
		return BQ_E_TPM_RESPONSE;
	*out = p;
	if (name != NULL)
		*name = its_name;
	return 0;
}

/* Header, handles and authorization of NV_Read and NV_Write. */
static void nv_begin(struct bq_tpm *t, struct bq_wr *w, uint32_t cc, uint32_t auth_handle,
		     struct bq_auth auth, uint32_t index)
{
	bq_cmd_begin(t, w, cc);
	bq_wr_be32(w, auth_handle);
	bq_wr_be32(w, index);
	bq_cmd_password(w, auth);
}

int bq_tpm_nv_read_chunk(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth,
			 uint32_t index, uint16_t n, uint16_t off, struct bq_view *out)
{
	struct bq_view r, data;
	struct bq_wr w;
	int e;

	nv_begin(t, &w, TPM_CC_NV_Read, auth_handle, auth, index);
	bq_wr_be16(&w, n);
	bq_wr_be16(&w, off);
	if ((e = bq_cmd_run(t, &w, &r)) != 0)
		return e;
	if (bq_rd_2b(&r, &data) != 0 || bq_rd_end(&r) != 0)
		return BQ_E_TPM_RESPONSE;
	if (data.n == 0 && n != 0)
		return BQ_E_TPM_PROGRESS;
	if (data.n != n)
		return BQ_E_TPM_RESPONSE;
	*out = data;
	return 0;
}

static int nv_write_chunk(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth,
			  uint32_t index, uint16_t off, struct bq_view data)
{
	struct bq_wr w;

	nv_begin(t, &w, TPM_CC_NV_Write, auth_handle, auth, index);
	bq_wr_2b(&w, data);
	bq_wr_be16(&w, off);
	return bq_cmd_run_void(t, &w);
}

/* After a refusal as too large: 0 with a smaller t->nv_chunk, or the refusal
 * as it was. */
static int shrink_chunk(struct bq_tpm *t, uint32_t too_large)
{
	uint32_t rc = t->rc, max;

	if (rc != too_large)
		return BQ_E_TPM_RC;
	if (bq_tpm_property(t, TPM_PT_NV_BUFFER_MAX, &max) != 0 || max == 0 || max >= t->nv_chunk) {
		t->rc = rc;
		return BQ_E_TPM_RC;
	}
	t->nv_chunk = max;
	return 0;
}

static size_t chunk_size(const struct bq_tpm *t, size_t left)
{
	return left < t->nv_chunk ? left : t->nv_chunk;
}

/* Offsets are 16 bits wide. */
static bool fits_index(uint16_t off, size_t n)
{
	return n <= (size_t)UINT16_MAX - off;
}

int bq_tpm_nv_read(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth, uint32_t index,
		   uint16_t off, void *out, size_t n)
{
	struct bq_view v;
	struct bq_wr w;
	int e;

	if (!fits_index(off, n))
		return BQ_E_RANGE;
	bq_wr_init(&w, out, n);
	while (w.n < n) {
		e = bq_tpm_nv_read_chunk(t, auth_handle, auth, index,
					 (uint16_t)chunk_size(t, n - w.n), (uint16_t)(off + w.n),
					 &v);
		if (e == 0)
			bq_wr_view(&w, v);
		else if (e != BQ_E_TPM_RC || (e = shrink_chunk(t, RC_READ_TOO_LARGE)) != 0)
			return e;
	}
	return 0;
}

int bq_tpm_nv_write(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth, uint32_t index,
		    uint16_t off, struct bq_view data)
{
	struct bq_view rest = data, v;
	int e;

	if (!fits_index(off, data.n))
		return BQ_E_RANGE;
	while (rest.n > 0) {
		if ((e = bq_view_sub(rest, 0, chunk_size(t, rest.n), &v)) != 0)
			return e;
		e = nv_write_chunk(t, auth_handle, auth, index, (uint16_t)(off + data.n - rest.n),
				   v);
		if (e == 0)
			e = bq_rd_skip(&rest, v.n);
		else if (e == BQ_E_TPM_RC)
			e = shrink_chunk(t, RC_WRITE_TOO_LARGE);
		if (e != 0)
			return e;
	}
	return 0;
}

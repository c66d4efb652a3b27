/* Event sequences: part 3, 17.3 to 17.6. The TPM hashes what it is given in
 * every bank, and extends a PCR with that. */
#include "internal.h"

int bq_tpm_event_start(struct bq_tpm *t, uint32_t *sequence)
{
	struct bq_view r;
	struct bq_wr w;
	uint32_t handle;
	int e;

	bq_cmd_begin(t, &w, TPM_CC_HashSequenceStart);
	bq_wr_be16(&w, 0); /* its password: the empty one */
	bq_wr_be16(&w, TPM_ALG_NULL);
	if ((e = bq_cmd_run(t, &w, &r)) != 0)
		return e;
	/* Without sessions the handle is where the parameters would begin. */
	if (bq_rd_be32(&r, &handle) != 0 || bq_rd_end(&r) != 0)
		return BQ_E_TPM_RESPONSE;
	*sequence = handle;
	return 0;
}

int bq_tpm_event_update(struct bq_tpm *t, uint32_t sequence, struct bq_view data)
{
	struct bq_auth empty = {0};
	struct bq_wr w;

	bq_cmd_begin(t, &w, TPM_CC_SequenceUpdate);
	bq_wr_be32(&w, sequence);
	bq_cmd_password(&w, empty);
	bq_wr_2b(&w, data);
	return bq_cmd_run_void(t, &w);
}

/* TPML_DIGEST_VALUES, part 2, 10.9.6. A digest has no size of its own. */
static int read_digests(struct bq_view r, struct bq_digest out[BQ_PCR_BANKS], unsigned *n)
{
	uint32_t count;

	if (bq_rd_be32(&r, &count) != 0 || count > BQ_PCR_BANKS)
		return BQ_E_TPM_RESPONSE;
	for (uint32_t i = 0; i < count; i++) {
		if (bq_rd_be16(&r, &out[i].alg) != 0 || bq_alg_size(out[i].alg) == 0 ||
		    bq_rd_take(&r, bq_alg_size(out[i].alg), &out[i].value) != 0)
			return BQ_E_TPM_RESPONSE;
	}
	if (bq_rd_end(&r) != 0)
		return BQ_E_TPM_RESPONSE;
	*n = count;
	return 0;
}

int bq_tpm_event_complete(struct bq_tpm *t, uint32_t pcr, struct bq_auth auth, uint32_t sequence,
			  struct bq_digest out[BQ_PCR_BANKS], unsigned *n)
{
	const struct bq_auth both[] = {auth, {{NULL, 0}}};
	struct bq_view r;
	struct bq_wr w;
	int e;

	bq_cmd_begin(t, &w, TPM_CC_EventSequenceComplete);
	bq_wr_be32(&w, pcr);
	bq_wr_be32(&w, sequence);
	bq_cmd_passwords(&w, both, 2);
	bq_wr_be16(&w, 0); /* the data's end, already sent */
	if ((e = bq_cmd_run_sessions(t, &w, 2, &r)) != 0)
		return e;
	return read_digests(r, out, n);
}

int bq_tpm_flush(struct bq_tpm *t, uint32_t handle)
{
	struct bq_wr w;

	bq_cmd_begin(t, &w, TPM_CC_FlushContext);
	bq_wr_be32(&w, handle);
	return bq_cmd_run_void(t, &w);
}

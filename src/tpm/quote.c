/* TPM2_Quote: part 3, 18.4. */
#include "internal.h"

/* TPMT_SIGNATURE, part 2, 11.3.4: it has no size of its own, so that only its
 * parts tell where it ends. RSA signatures are one TPM2B, those on curves two. */
static int check_signature(struct bq_view r)
{
	struct bq_view part;
	uint16_t alg, hash;

	if (bq_rd_be16(&r, &alg) != 0 || bq_rd_be16(&r, &hash) != 0 || bq_rd_2b(&r, &part) != 0)
		return BQ_E_TPM_RESPONSE;
	if (alg != TPM_ALG_RSASSA && alg != TPM_ALG_RSAPSS && bq_rd_2b(&r, &part) != 0)
		return BQ_E_TPM_RESPONSE;
	return bq_rd_end(&r) == 0 ? 0 : BQ_E_TPM_RESPONSE;
}

int bq_tpm_quote(struct bq_tpm *t, const struct bq_quote_request *q, struct bq_view *attest,
		 struct bq_view *signature)
{
	struct bq_view r, quoted;
	struct bq_wr w;
	int e;

	bq_cmd_begin(t, &w, TPM_CC_Quote);
	bq_wr_be32(&w, q->handle);
	bq_cmd_password(&w, q->auth);
	bq_wr_2b(&w, q->qualifying_data);
	bq_wr_be16(&w, q->scheme);
	if (q->scheme != TPM_ALG_NULL)
		bq_wr_be16(&w, q->hash);
	bq_pcr_list_write(&w, &q->pcrs);
	if ((e = bq_cmd_run(t, &w, &r)) != 0)
		return e;
	if (bq_rd_2b(&r, &quoted) != 0 || quoted.n == 0 || check_signature(r) != 0)
		return BQ_E_TPM_RESPONSE;
	*attest = quoted;
	*signature = r;
	return 0;
}

/* Commands and responses around their parameters (part 1, 18):
 *
 *   tag commandSize commandCode  handles  [authorizationSize authorization]  parameters
 *   tag responseSize responseCode  handles  [parameterSize]  parameters  [authorization]
 *
 * One authorization or two, each a password session. */
#include "internal.h"

void bq_cmd_begin(struct bq_tpm *t, struct bq_wr *w, uint32_t cc)
{
	bq_wr_init(w, t->cmd_buf, sizeof(t->cmd_buf));
	bq_wr_be16(w, TPM_ST_NO_SESSIONS);
	bq_wr_zeros(w, 4);
	bq_wr_be32(w, cc);
}

void bq_cmd_passwords(struct bq_wr *w, const struct bq_auth *auth, unsigned n)
{
	size_t size_at = w->n;

	bq_wr_be16_at(w, 0, TPM_ST_SESSIONS);
	bq_wr_be32(w, 0);
	for (; n > 0; n--, auth++) {
		bq_wr_be32(w, TPM_RS_PW);
		bq_wr_be16(w, 0); /* nonce */
		bq_wr_u8(w, 0);   /* attributes */
		bq_wr_2b(w, auth->password);
	}
	bq_wr_be32_at(w, size_at, (uint32_t)(w->n - size_at - 4));
}

void bq_cmd_password(struct bq_wr *w, struct bq_auth auth)
{
	bq_cmd_passwords(w, &auth, 1);
}

/* TPMS_AUTH_RESPONSE of each password session: empty nonce, attributes (which
 * need not be those sent), empty hmac; nothing after them. */
static int auth_response(struct bq_view r, unsigned sessions)
{
	struct bq_view nonce, hmac;
	uint8_t attributes;

	while (sessions-- > 0) {
		if (bq_rd_2b(&r, &nonce) != 0 || bq_rd_u8(&r, &attributes) != 0 ||
		    bq_rd_2b(&r, &hmac) != 0 || nonce.n != 0 || hmac.n != 0)
			return BQ_E_TPM_RESPONSE;
	}
	return bq_rd_end(&r) == 0 ? 0 : BQ_E_TPM_RESPONSE;
}

/* The parameters of a response whose header has been checked. */
static int unwrap(struct bq_view r, unsigned sessions, struct bq_view *params)
{
	uint16_t tag;
	uint32_t n;

	if (bq_rd_be16(&r, &tag) != 0 || bq_rd_skip(&r, TPM_HEADER_SIZE - 2) != 0)
		return BQ_E_TPM_RESPONSE;
	if (tag == TPM_ST_NO_SESSIONS) {
		*params = r;
		return 0;
	}
	if (bq_rd_be32(&r, &n) != 0 || bq_rd_take(&r, n, params) != 0)
		return BQ_E_TPM_RESPONSE;
	return auth_response(r, sessions);
}

int bq_cmd_run_sessions(struct bq_tpm *t, struct bq_wr *w, unsigned sessions,
			struct bq_view *params)
{
	struct bq_view cmd;
	int e;

	bq_wr_be32_at(w, TPM_SIZE_OFFSET, (uint32_t)w->n);
	if ((e = bq_wr_end(w, &cmd)) != 0 || (e = bq_tpm_transact(t, cmd)) != 0)
		return e;
	return unwrap(t->rsp, sessions, params);
}

int bq_cmd_run(struct bq_tpm *t, struct bq_wr *w, struct bq_view *params)
{
	return bq_cmd_run_sessions(t, w, 1, params);
}

int bq_cmd_run_void(struct bq_tpm *t, struct bq_wr *w)
{
	struct bq_view params;
	int e;

	if ((e = bq_cmd_run(t, w, &params)) != 0)
		return e;
	return bq_rd_end(&params) == 0 ? 0 : BQ_E_TPM_RESPONSE;
}

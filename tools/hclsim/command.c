#include "command.h"

static uint32_t parse(struct bq_view r, struct sim_command *c)
{
	uint32_t size;

	if (bq_rd_be16(&r, &c->tag) != 0 || bq_rd_be32(&r, &size) != 0 ||
	    bq_rd_be32(&r, &c->cc) != 0)
		return SIM_RC_COMMAND_SIZE;
	c->handles = bq_tpm_cc_handles(c->cc);
	for (int i = 0; i < c->handles && i < 3; i++)
		if (bq_rd_be32(&r, &c->handle[i]) != 0)
			return SIM_RC_SHORT(0);
	if (c->handles >= 0 && c->tag == TPM_ST_SESSIONS &&
	    (bq_rd_be32(&r, &size) != 0 || bq_rd_take(&r, size, &c->auth) != 0))
		return SIM_RC_AUTHSIZE;
	c->params = r;
	return 0;
}

void sim_command_parse(struct bq_view raw, struct sim_command *out)
{
	*out = (struct sim_command){.raw = raw, .handles = -1};
	out->malformed = parse(raw, out);
}

static void header(struct bq_wr *w, uint16_t tag, uint32_t size, uint32_t rc)
{
	bq_wr_be16(w, tag);
	bq_wr_be32(w, size);
	bq_wr_be32(w, rc);
}

size_t sim_respond_rc(uint8_t *rsp, uint32_t rc)
{
	struct bq_wr w;

	bq_wr_init(&w, rsp, SIM_TPM_HEADER);
	header(&w, TPM_ST_NO_SESSIONS, SIM_TPM_HEADER, rc);
	return w.n;
}

void sim_respond_begin(struct bq_wr *w, uint8_t *rsp, const struct sim_command *c)
{
	bq_wr_init(w, rsp, BQ_TPM_PACKET);
	header(w, c->tag, 0, TPM_RC_SUCCESS);
	if (c->tag == TPM_ST_SESSIONS)
		bq_wr_be32(w, 0);
}

size_t sim_respond_end(struct bq_wr *w, const struct sim_command *c, size_t auth)
{
	if (c->tag == TPM_ST_SESSIONS)
		bq_wr_be32_at(w, SIM_TPM_HEADER, (uint32_t)(auth - SIM_TPM_HEADER - 4));
	bq_wr_be32_at(w, 2, (uint32_t)w->n);
	return w->err == 0 ? w->n : sim_respond_rc(w->p, SIM_RC_COMMAND_SIZE);
}

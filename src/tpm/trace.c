/* Packets for people, a line each:
 *
 *   > NV_Read 0x40000001 0x01500001, 35 bytes
 *   < 37 bytes
 *   < TPM_RC_NV_UNINITIALIZED (0x0000014a): ...
 */
#include "internal.h"

static void put_handle(struct bq_sink *s, uint32_t h)
{
	bq_put_str(s, " 0x");
	bq_put_x64(s, h, 8);
}

static void put_handles(struct bq_sink *s, struct bq_view r, int n)
{
	uint32_t h;

	for (; n > 0 && bq_rd_be32(&r, &h) == 0; n--)
		put_handle(s, h);
}

static void put_size(struct bq_sink *s, size_t n)
{
	bq_put_u64(s, n);
	bq_put_str(s, " bytes\n");
}

void bq_tpm_trace_cmd(struct bq_sink *s, struct bq_view cmd)
{
	struct bq_view r = cmd;
	const char *name;
	uint32_t cc;

	if (bq_rd_skip(&r, TPM_CODE_OFFSET) != 0 || bq_rd_be32(&r, &cc) != 0)
		return;
	bq_put_chr(s, '>');
	if ((name = bq_tpm_cc_name(cc)) == NULL) {
		put_handle(s, cc);
	} else {
		bq_put_chr(s, ' ');
		bq_put_str(s, name);
		put_handles(s, r, bq_tpm_cc_handles(cc));
	}
	bq_put_str(s, ", ");
	put_size(s, cmd.n);
}

void bq_tpm_trace_rsp(struct bq_sink *s, int e, const struct bq_tpm *t)
{
	bq_put_str(s, "< ");
	if (e == 0) {
		put_size(s, t->rsp.n);
		return;
	}
	if (e == BQ_E_TPM_RC)
		bq_put_tpm_rc(s, t->rc);
	else
		bq_put_str(s, bq_strerror(e));
	bq_put_chr(s, '\n');
}

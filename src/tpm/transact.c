/* One command, as often as the TPM asks for it, and its response's header. */
#include "internal.h"

/* Waiting doubles from the first figure on and ends after the second, in ms. */
#define FAST_FIRST 20u
#define FAST_TOTAL 5000u
#define SLOW_FIRST 500u
#define SLOW_TOTAL 15000u

void bq_tpm_init(struct bq_tpm *t, struct bq_transport transport)
{
	t->transport = transport;
	t->clock = NULL;
	t->record = NULL;
	t->trace = NULL;
	t->rc = 0;
	t->sys_errno = 0;
	t->nv_chunk = BQ_TPM_NV_CHUNK;
	t->deadline_ms = 0;
	t->fd = -1;
	t->rsp = bq_view_of(NULL, 0);
}

void bq_tpm_close(struct bq_tpm *t)
{
	if (t->transport.close != NULL)
		t->transport.close(t->transport.ctx);
	t->transport = (struct bq_transport){0};
}

uint64_t bq_tpm_now_ms(const struct bq_tpm *t)
{
	return bq_clock_now_ms(t->clock);
}

void bq_tpm_sleep_ms(const struct bq_tpm *t, unsigned ms)
{
	bq_clock_sleep_ms(t->clock, ms);
}

/* Whether there is time for another command, after a pause. */
static bool in_time(const struct bq_tpm *t, unsigned pause_ms)
{
	return t->deadline_ms == 0 || bq_tpm_now_ms(t) + pause_ms <= t->deadline_ms;
}

static int read_header(struct bq_view r, uint16_t *tag, uint32_t *size, uint32_t *code)
{
	int e;

	if ((e = bq_rd_be16(&r, tag)) != 0 || (e = bq_rd_be32(&r, size)) != 0)
		return e;
	return bq_rd_be32(&r, code);
}

/* Part 1, 18: a response has its command's tag, or is an error of ten bytes. */
static int check_response(struct bq_tpm *t, uint16_t cmd_tag)
{
	uint16_t tag;
	uint32_t size, rc;

	if (read_header(t->rsp, &tag, &size, &rc) != 0 || size != t->rsp.n)
		return BQ_E_TPM_HEADER;
	if (rc == TPM_RC_SUCCESS ? tag != cmd_tag
				 : tag != TPM_ST_NO_SESSIONS || size != TPM_HEADER_SIZE)
		return BQ_E_TPM_HEADER;
	t->rc = rc;
	return rc == TPM_RC_SUCCESS ? 0 : BQ_E_TPM_RC;
}

/* Of what was before nothing is left to be taken for the next command's. */
static void forget_last(struct bq_tpm *t)
{
	t->sys_errno = 0;
	t->rsp = bq_view_of(NULL, 0);
}

static int send_once(struct bq_tpm *t, struct bq_view cmd, uint16_t cmd_tag)
{
	size_t n = 0;
	int e;

	forget_last(t);
	if (t->trace != NULL)
		bq_tpm_trace_cmd(t->trace, cmd);
	e = t->transport.transact(t->transport.ctx, cmd, t->rsp_buf, sizeof(t->rsp_buf), &n,
				  &t->sys_errno);
	if (e == 0 && n > sizeof(t->rsp_buf))
		e = BQ_E_TPM_HEADER;
	if (e == 0) {
		t->rsp = bq_view_of(t->rsp_buf, n);
		if (t->record != NULL)
			bq_tpm_record(t->record, cmd, t->rsp);
		e = check_response(t, cmd_tag);
	}
	if (t->trace != NULL)
		bq_tpm_trace_rsp(t->trace, e, t);
	return e;
}

/* Commands that change nothing, so that sending one twice does no harm. */
static bool repeatable(uint32_t cc)
{
	return cc == TPM_CC_GetCapability || cc == TPM_CC_NV_ReadPublic || cc == TPM_CC_NV_Read ||
	       cc == TPM_CC_ReadPublic || cc == TPM_CC_PCR_Read || cc == TPM_CC_GetRandom ||
	       cc == TPM_CC_Quote;
}

/* A driver's timeout may be a passing one. Where the second try fails as well,
 * the first error is what happened: the other follows from it. */
static int send_cmd(struct bq_tpm *t, struct bq_view cmd, uint16_t cmd_tag, uint32_t cc)
{
	int e = send_once(t, cmd, cmd_tag), first_errno = t->sys_errno;

	if (e != BQ_E_TIMEOUT || !repeatable(cc) || !in_time(t, 0))
		return e;
	e = send_once(t, cmd, cmd_tag);
	if (e == 0 || e == BQ_E_TPM_RC)
		return e;
	t->sys_errno = first_errno;
	return BQ_E_TIMEOUT;
}

/* How long to wait before the next try, 0: give up. Sums up in *slept. */
static unsigned pause_ms(uint32_t rc, unsigned tries, unsigned *slept)
{
	bool slow = rc == TPM_RC_NV_RATE || rc == TPM_RC_NV_UNAVAILABLE;
	unsigned total = slow ? SLOW_TOTAL : FAST_TOTAL, ms;

	if (!slow && rc != TPM_RC_RETRY && rc != TPM_RC_TESTING && rc != TPM_RC_YIELDED)
		return 0;
	if (*slept >= total)
		return 0;
	ms = (slow ? SLOW_FIRST : FAST_FIRST) << tries;
	if (ms > total - *slept)
		ms = total - *slept;
	*slept += ms;
	return ms;
}

int bq_tpm_transact(struct bq_tpm *t, struct bq_view cmd)
{
	unsigned slept = 0, ms;
	uint16_t tag;
	uint32_t size, cc;
	int e;

	if (read_header(cmd, &tag, &size, &cc) != 0 || size != cmd.n || size > BQ_TPM_PACKET ||
	    t->transport.transact == NULL)
		return BQ_E_ARG;
	forget_last(t);
	if (!in_time(t, 0))
		return BQ_E_TIMEOUT;
	for (unsigned tries = 0;; tries++) {
		e = send_cmd(t, cmd, tag, cc);
		if (e != BQ_E_TPM_RC || (ms = pause_ms(t->rc, tries, &slept)) == 0 ||
		    !in_time(t, ms))
			return e;
		bq_tpm_sleep_ms(t, ms);
	}
}

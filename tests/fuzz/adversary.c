#include "adversary.h"

static void header(struct bq_wr *w, uint16_t tag, uint32_t size, uint32_t code)
{
	bq_wr_be16(w, tag);
	bq_wr_be32(w, size);
	bq_wr_be32(w, code);
}

static void with_sessions(struct bq_wr *w, struct bq_view body, unsigned n)
{
	header(w, 0x8002, (uint32_t)(10 + 4 + body.n + 5 * n), 0);
	bq_wr_be32(w, (uint32_t)body.n);
	bq_wr_view(w, body);
	for (; n > 0; n--) {
		bq_wr_be16(w, 0);
		bq_wr_u8(w, 1);
		bq_wr_be16(w, 0);
	}
}

/* The model's answer, with edits: before it is made, or of its bytes. */
static size_t genuine(struct adversary *a, struct bq_view cmd, uint8_t *rsp, bool before)
{
	uint8_t edits = fuzz_u8(&a->rest) & 7;
	size_t n = before ? 0 : model_answer(&a->model, cmd, rsp);

	for (; edits > 0; edits--) {
		uint16_t at = fuzz_u16(&a->rest);
		uint8_t with = fuzz_u8(&a->rest);

		if (before)
			model_edit(&a->model, at, with);
		else
			rsp[at % n] ^= with;
	}
	return before ? model_answer(&a->model, cmd, rsp) : n;
}

static int transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		    int *sys_errno)
{
	struct adversary *a = ctx;
	uint8_t mode = fuzz_u8(&a->rest);
	struct bq_view body, out;
	struct bq_wr w;

	(void)sys_errno;
	must(cmd.n >= 10 && ++a->packets < 100000);
	a->now++;
	if (a->rest.n == 0)
		return BQ_E_IO;
	if (mode == ADVERSARY_GENUINE || mode == ADVERSARY_SPOILT) {
		must(cap >= BQ_TPM_PACKET);
		*rsp_n = genuine(a, cmd, rsp, mode == ADVERSARY_GENUINE);
		return 0;
	}
	if ((mode & 7) == 7)
		return BQ_E_TIMEOUT;
	bq_wr_init(&w, rsp, cap);
	if ((mode & 3) == 3) {
		header(&w, 0x8001, 10, fuzz_u16(&a->rest));
	} else {
		body = fuzz_take(&a->rest, fuzz_u16(&a->rest) & 4095);
		if ((mode & 3) == 1)
			header(&w, 0x8001, (uint32_t)(10 + body.n), 0);
		if ((mode & 3) == 2)
			with_sessions(&w, body, a->sessions);
		else
			bq_wr_view(&w, body);
	}
	if (bq_wr_end(&w, &out) != 0)
		return BQ_E_TPM_HEADER;
	*rsp_n = out.n;
	return 0;
}

static void close_nothing(void *ctx)
{
	(void)ctx;
}

static uint64_t now_ms(void *ctx)
{
	const struct adversary *a = ctx;

	return a->now;
}

static void sleep_ms(void *ctx, unsigned ms)
{
	struct adversary *a = ctx;

	a->now += ms;
}

void adversary_init(struct adversary *a, struct bq_view in, unsigned sessions, struct bq_tpm *t)
{
	const struct bq_transport to = {.transact = transact, .close = close_nothing, .ctx = a};

	*a = (struct adversary){
		.rest = in,
		.sessions = sessions,
		.clock = {.now_ms = now_ms, .sleep_ms = sleep_ms, .ctx = a},
	};
	model_init(&a->model);
	bq_tpm_init(t, to);
	t->clock = &a->clock;
}

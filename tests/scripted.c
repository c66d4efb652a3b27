#include "scripted.h"

#include <string.h>

#include "support.h"

size_t script_hex(const char *hex, uint8_t *dst, size_t cap)
{
	static char digits[2 * BQ_TPM_PACKET + 64];
	size_t n = 0, got = 0;

	for (; *hex != '\0'; hex++)
		if (*hex != ' ') {
			ck_assert_uint_lt(n, sizeof(digits));
			digits[n++] = *hex;
		}
	ck_assert_int_eq(bq_hex_decode(bq_view_of(digits, n), dst, cap, &got), 0);
	return got;
}

static void expect(const struct script *s, const char *hex, struct bq_view cmd)
{
	uint8_t want[BQ_TPM_PACKET];
	char text[512];
	struct bq_sink_buf b;
	size_t n = script_hex(hex, want, sizeof(want));

	bq_sink_buf_init(&b, text, sizeof(text) - 1);
	bq_put_hex(&b.s, cmd);
	text[b.n] = '\0';
	ck_assert_msg(bq_view_eq(cmd, bq_view_of(want, n)), "command %zu is %s, expected %s",
		      s->at - 1, text, hex);
}

static int script_transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
			   int *sys_errno)
{
	struct script *s = ctx;
	const struct exchange *x;

	s->commands++;
	if (s->answer != NULL)
		return s->answer(s->ctx, cmd, rsp, cap, rsp_n);
	ck_assert_msg(s->at < s->n, "a command after the script's last one");
	x = &s->list[s->at++];
	if (x->cmd != NULL)
		expect(s, x->cmd, cmd);
	if (x->rsp == NULL) {
		*sys_errno = 5;
		return x->err;
	}
	*rsp_n = script_hex(x->rsp, rsp, cap);
	return 0;
}

static void script_close(void *ctx)
{
	struct script *s = ctx;

	s->closed = true;
}

static uint64_t script_now(void *ctx)
{
	struct script *s = ctx;

	s->now_ms += s->tick_ms;
	return s->now_ms;
}

static void script_sleep(void *ctx, unsigned ms)
{
	struct script *s = ctx;

	if (s->sleeps < SLEEPS_MAX)
		s->slept[s->sleeps] = ms;
	s->sleeps++;
	s->now_ms += ms;
}

void script_init(struct script *s, const struct exchange *list, size_t n)
{
	struct bq_transport t = {.transact = script_transact, .close = script_close, .ctx = s};

	memset(s, 0, sizeof(*s));
	bq_tpm_init(&s->tpm, t);
	s->list = list;
	s->n = n;
	s->clock = (struct bq_clock){.now_ms = script_now, .sleep_ms = script_sleep, .ctx = s};
	s->tpm.clock = &s->clock;
}

void script_init_answer(struct script *s,
			int (*answer)(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap,
				      size_t *rsp_n),
			void *ctx)
{
	script_init(s, NULL, 0);
	s->answer = answer;
	s->ctx = ctx;
}

void script_end(const struct script *s)
{
	ck_assert_msg(s->at == s->n, "%zu of %zu exchanges happened", s->at, s->n);
}

uint64_t script_slept_ms(const struct script *s)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < s->sleeps && i < SLEEPS_MAX; i++)
		sum += s->slept[i];
	return sum;
}

int script_ask(struct bq_tpm *t)
{
	uint8_t out[2] = {0};
	int e = bq_tpm_get_random(t, out, 2);

	if (e == 0)
		ck_assert_mem_eq(out, "\xAB\xCD", 2);
	return e;
}

/* Each command of the library by itself. Byte 0: which; then its arguments and the
 * responses. What was recorded, replayed, ends in the same way; what was traced is
 * text. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "adversary.h"

struct args {
	uint32_t handle;
	uint16_t n, off;
	struct bq_auth auth;
	struct bq_view data; /* n bytes */
};

static uint8_t out[1 << 16];

static int property(struct bq_tpm *t, const struct args *a)
{
	uint32_t x;

	return bq_tpm_property(t, a->handle, &x);
}

static int next_handle(struct bq_tpm *t, const struct args *a)
{
	uint32_t h;
	int e = bq_tpm_next_handle(t, a->handle, &h);

	must(e != 0 || (h >= a->handle && h >> 24 == a->handle >> 24));
	return e;
}

static int get_random(struct bq_tpm *t, const struct args *a)
{
	return bq_tpm_get_random(t, out, a->n);
}

static int nv_read_public(struct bq_tpm *t, const struct args *a)
{
	struct bq_nv_public p;
	struct bq_view name;
	int e = bq_tpm_nv_read_public(t, a->handle, &p, &name);

	if (e == 0) {
		must(p.index == a->handle);
		fuzz_within(p.policy, t->rsp);
		fuzz_within(name, t->rsp);
	}
	return e;
}

static int nv_read(struct bq_tpm *t, const struct args *a)
{
	return bq_tpm_nv_read(t, TPM_RH_OWNER, a->auth, a->handle, a->off, out, a->n);
}

static int nv_write(struct bq_tpm *t, const struct args *a)
{
	return bq_tpm_nv_write(t, TPM_RH_OWNER, a->auth, a->handle, a->off, a->data);
}

static int nv_define(struct bq_tpm *t, const struct args *a)
{
	const struct bq_nv_public p = {
		.index = a->handle, .name_alg = TPM_ALG_SHA256, .size = a->n, .policy = a->data};

	return bq_tpm_nv_define(t, TPM_RH_OWNER, a->auth, &p, a->auth.password);
}

static int nv_undefine(struct bq_tpm *t, const struct args *a)
{
	return bq_tpm_nv_undefine(t, TPM_RH_OWNER, a->auth, a->handle);
}

static int read_public(struct bq_tpm *t, const struct args *a)
{
	struct bq_view pub, name, qualified;
	int e = bq_tpm_read_public(t, a->handle, &pub, &name, &qualified);

	if (e == 0) {
		fuzz_within(pub, t->rsp);
		fuzz_within(name, t->rsp);
		fuzz_within(qualified, t->rsp);
	}
	return e;
}

static int quote(struct bq_tpm *t, const struct args *a)
{
	const struct bq_quote_request q = {
		.handle = a->handle,
		.auth = a->auth,
		.qualifying_data = a->data,
		.scheme = a->off,
		.hash = TPM_ALG_SHA256,
		.pcrs = {.n = 1, .bank = {{TPM_ALG_SHA256, 0xFF}}},
	};
	struct bq_view attest, signature;
	int e = bq_tpm_quote(t, &q, &attest, &signature);

	if (e == 0) {
		fuzz_within(attest, t->rsp);
		fuzz_within(signature, t->rsp);
	}
	return e;
}

static int pcr_read(struct bq_tpm *t, const struct args *a)
{
	static struct bq_pcr_values values;
	const struct bq_pcr_list sel = {.n = 2,
					.bank = {{TPM_ALG_SHA1, a->n}, {a->off, a->handle}}};
	int e = bq_tpm_pcr_read(t, &sel, &values);
	struct bq_view v;

	for (unsigned pcr = 0; e == 0 && pcr < 16; pcr++)
		must((bq_pcr_value(&values, TPM_ALG_SHA1, pcr, &v) == 0) == (a->n >> pcr & 1));
	return e;
}

static int pcr_extend(struct bq_tpm *t, const struct args *a)
{
	const struct bq_digest d = {.alg = a->off, .value = a->data};
	int e = bq_tpm_pcr_extend(t, a->handle, a->auth, &d, 1);

	must(e != 0 || (a->n != 0 && a->n == bq_alg_size(a->off)));
	return e;
}

static int event_start(struct bq_tpm *t, const struct args *a)
{
	uint32_t sequence;

	(void)a;
	return bq_tpm_event_start(t, &sequence);
}

static int event_update(struct bq_tpm *t, const struct args *a)
{
	return bq_tpm_event_update(t, a->handle, a->data);
}

static int event_complete(struct bq_tpm *t, const struct args *a)
{
	struct bq_digest digests[BQ_PCR_BANKS];
	unsigned n;
	int e = bq_tpm_event_complete(t, 16, a->auth, a->handle, digests, &n);

	for (unsigned i = 0; e == 0 && i < n; i++) {
		must(digests[i].value.n != 0 && digests[i].value.n == bq_alg_size(digests[i].alg));
		fuzz_within(digests[i].value, t->rsp);
	}
	return e;
}

static int flush(struct bq_tpm *t, const struct args *a)
{
	return bq_tpm_flush(t, a->handle);
}

/* The packet is the input's too. */
static int raw(struct bq_tpm *t, const struct args *a)
{
	must(bq_tpm_cc_rsp_handles(a->handle) <= 1 && bq_tpm_cc_handles(a->handle) <= 3);
	return bq_tpm_transact(t, a->data);
}

static int (*const commands[])(struct bq_tpm *t, const struct args *a) = {
	property,    next_handle, get_random,  nv_read_public, nv_read,        nv_write,
	nv_define,   nv_undefine, read_public, quote,          pcr_read,       pcr_extend,
	event_start, flush,       raw,         event_update,   event_complete,
};

static void replay(struct bq_view record, uint8_t what, const struct args *args, int e,
		   const struct bq_tpm *first)
{
	static struct bq_tpm t;
	int fd = memfd_create("record", 0);
	char path[64];

	must(fd >= 0 && write(fd, record.p, record.n) == (ssize_t)record.n);
	snprintf(path, sizeof(path), "replay:/proc/self/fd/%d", fd);
	must(bq_tpm_open(&t, path) == 0);
	t.clock = first->clock;
	must(commands[what](&t, args) == e);
	must(t.rc == first->rc && bq_view_eq(t.rsp, first->rsp));
	bq_tpm_close(&t);
	close(fd);
}

static struct args read_args(struct bq_view *in)
{
	struct args a = {.n = fuzz_u16(in), .off = fuzz_u16(in)};

	a.handle = (uint32_t)fuzz_u16(in) << 16;
	a.handle |= fuzz_u16(in);
	a.auth.password = fuzz_take(in, fuzz_u8(in) & 31);
	a.data = fuzz_take(in, a.n);
	a.n = (uint16_t)a.data.n;
	return a;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static uint8_t record_text[1 << 20], trace_text[1 << 16];
	static struct bq_tpm t;
	struct bq_view in = bq_view_of(p, n);
	uint8_t what = fuzz_u8(&in) % (sizeof(commands) / sizeof(commands[0]));
	struct args args = read_args(&in);
	struct bq_sink_buf record, trace;
	struct adversary peer;
	int e;

	bq_sink_buf_init(&record, record_text, sizeof(record_text));
	bq_sink_buf_init(&trace, trace_text, sizeof(trace_text));
	adversary_init(&peer, in, commands[what] == event_complete ? 2 : 1, &t);
	t.record = &record.s;
	t.trace = &trace.s;
	if (args.off % 4 == 3)
		t.deadline_ms = 1;
	e = commands[what](&t, &args);
	for (size_t i = 0; i < trace.n; i++)
		must((trace_text[i] >= 0x20 && trace_text[i] < 0x7F) || trace_text[i] == '\n');
	must(bq_tpm_rc_name(t.rc) != NULL && bq_tpm_rc_words(t.rc) != NULL);
	(void)bq_tpm_rc_advice(t.rc);
	if (record.s.err == 0 && t.deadline_ms == 0 &&
	    (e == 0 || e == BQ_E_TPM_RC || e == BQ_E_TPM_RESPONSE))
		replay(bq_view_of(record_text, record.n), what, &args, e, &t);
	bq_tpm_close(&t);
	return 0;
}

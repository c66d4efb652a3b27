/* The TPM as adversary: every response comes from the input. A response is a mode,
 * then what the mode takes; most get a header that is right, so that what is behind
 * it is reached.
 *
 *   byte 0: what is called
 *   then, for each command:
 *     mode & 3: 0 raw packet; 1 without sessions; 2 with sessions, sizes made right;
 *               3 an answer of the code that follows
 *     u16 length (0 to 4095), bytes */
#include "fuzz.h"

#include <string.h>

#include "doctor.h"

static struct bq_view rest;
static uint64_t now;
static unsigned packets;

static void header(struct bq_wr *w, uint16_t tag, uint32_t size, uint32_t code)
{
	bq_wr_be16(w, tag);
	bq_wr_be32(w, size);
	bq_wr_be32(w, code);
}

static void with_sessions(struct bq_wr *w, struct bq_view body)
{
	header(w, 0x8002, (uint32_t)(10 + 4 + body.n + 5), 0);
	bq_wr_be32(w, (uint32_t)body.n);
	bq_wr_view(w, body);
	bq_wr_be16(w, 0);
	bq_wr_u8(w, 1);
	bq_wr_be16(w, 0);
}

static int transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		    int *sys_errno)
{
	uint8_t mode = fuzz_u8(&rest);
	struct bq_view body, out;
	struct bq_wr w;

	(void)ctx, (void)sys_errno;
	must(cmd.n >= 10 && ++packets < 100000);
	now++;
	if (rest.n == 0)
		return BQ_E_IO;
	bq_wr_init(&w, rsp, cap);
	if ((mode & 3) == 3) {
		header(&w, 0x8001, 10, fuzz_u16(&rest));
	} else {
		body = fuzz_take(&rest, fuzz_u16(&rest) & 4095);
		if ((mode & 3) == 1)
			header(&w, 0x8001, (uint32_t)(10 + body.n), 0);
		if ((mode & 3) == 2)
			with_sessions(&w, body);
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
	(void)ctx;
	return now;
}

static void sleep_ms(void *ctx, unsigned ms)
{
	(void)ctx;
	now += ms;
}

static uint8_t blob_buf[BQ_HCL_MAX];

static void report(const struct bq_azure *a, bool fresh)
{
	static const uint8_t nonce[] = "challenge";
	struct bq_view want = bq_view_of(nonce, sizeof(nonce)), blob;
	uint8_t data[64];
	struct bq_claims c;
	struct bq_hcl h;

	if (fresh ? bq_azure_fresh_report(a, want, blob_buf, sizeof(blob_buf), &blob, &h)
		  : bq_azure_report(a, blob_buf, sizeof(blob_buf), &blob, &h))
		return;
	fuzz_within(blob, bq_view_of(blob_buf, sizeof(blob_buf)));
	fuzz_within(h.claims, blob);
	if (!fresh)
		return;
	must(bq_claims_parse(h.claims, &c) == 0 && bq_claims_user_data(&c, data) == 0);
	must(memcmp(data, nonce, sizeof(nonce)) == 0);
}

static void quote(const struct bq_azure *a)
{
	static struct bq_azure_quote q;
	struct bq_view nonce = bq_view_str("challenge");
	struct bq_pcr_list sel = {.n = 1, .bank = {{TPM_ALG_SHA256, 0xFFFFFF}}};
	uint8_t digest[BQ_SHA256_SIZE];
	struct bq_attest at;

	if (bq_azure_quote(a, BQ_HCL_AK_HANDLE, nonce, &sel, &q) != 0)
		return;
	must(bq_attest_parse(bq_view_of(q.msg, q.msg_n), &at) == 0);
	must(bq_pcr_digest_sha256(&q.sel, &q.pcrs, digest) == 0);
	must(bq_view_eq(at.pcr_digest, bq_view_of(digest, sizeof(digest))));
}

static void doctor(const struct bq_azure *a)
{
	static doctor_look *const looks[] = {
		doctor_identity, doctor_report_index, doctor_user_data_index, doctor_owner,
		doctor_ak_cert,  doctor_pcrs,         doctor_report,          doctor_user_data,
		doctor_ak,       doctor_ak_match,
	};
	static struct doctor d;
	static uint8_t fact[4096];
	struct bq_sink_buf b;

	d = (struct doctor){.azure = *a, .no_imds = true, .have = DOCTOR_TPM};
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		bq_sink_buf_init(&b, fact, sizeof(fact));
		d.fact = &b.s;
		(void)looks[i](&d);
		for (size_t k = 0; k < b.n; k++)
			must(fact[k] >= 0x20 && fact[k] < 0x7F);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct bq_tpm t;
	const struct bq_clock clock = {.now_ms = now_ms, .sleep_ms = sleep_ms};
	const struct bq_transport to = {.transact = transact, .close = close_nothing};
	const struct bq_azure a = {.tpm = &t, .timeout_ms = 5000};
	uint8_t what;

	rest = bq_view_of(p, n);
	now = packets = 0;
	what = fuzz_u8(&rest);
	bq_tpm_init(&t, to);
	t.clock = &clock;
	if (what % 4 < 2)
		report(&a, what % 4 == 1);
	else if (what % 4 == 2)
		quote(&a);
	else
		doctor(&a);
	bq_tpm_close(&t);
	/* Its time is kept, to a last exchange and the resends of a warning. */
	must(now < 2000000);
	return 0;
}

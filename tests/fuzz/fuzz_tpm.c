/* Reports, quotes and doctor from a TPM that is the adversary. Byte 0: which of them;
 * then the responses. */
#include <string.h>

#include "adversary.h"
#include "doctor.h"

static uint8_t blob_buf[BQ_HCL_MAX];

/* Of an SNP report; the others bind nothing that is known. */
static void is_bound(const struct bq_hcl *h)
{
	uint8_t hash[BQ_SHA256_SIZE];
	struct bq_hash c;

	if (h->report_type != BQ_HCL_SNP)
		return;
	bq_sha256_init(&c);
	bq_hash_add(&c, h->claims);
	bq_hash_end(&c, hash);
	must(memcmp(h->hardware_report.p + 0x50, hash, sizeof(hash)) == 0);
}

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
	is_bound(&h);
	if (!fresh)
		return;
	must(bq_claims_parse(h.claims, &c) == 0 && bq_claims_user_data(&c, data) == 0);
	must(memcmp(data, nonce, sizeof(nonce)) == 0);
	must(bq_view_is_zero(bq_view_of(data + sizeof(nonce), sizeof(data) - sizeof(nonce))));
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
	must(bq_view_eq(at.extra_data, nonce));
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

	d = (struct doctor){.azure = *a, .no_imds = true, .have = DOCTOR_TPM};
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		bq_sink_buf_init(&d.fact, fact, sizeof(fact));
		(void)looks[i](&d);
		for (size_t k = 0; k < d.fact.n; k++)
			must(fact[k] >= 0x20 && fact[k] < 0x7F);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct bq_tpm t;
	const struct bq_azure a = {.tpm = &t, .timeout_ms = 5000};
	struct bq_view in = bq_view_of(p, n);
	struct adversary peer;
	uint8_t what = fuzz_u8(&in);

	adversary_init(&peer, in, 1, &t);
	if (what % 4 < 2)
		report(&a, what % 4 == 1);
	else if (what % 4 == 2)
		quote(&a);
	else
		doctor(&a);
	bq_tpm_close(&t);
	/* Its time is kept, to a last exchange and the resends of a warning. */
	must(peer.now < 2000000);
	return 0;
}

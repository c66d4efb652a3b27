/* A quote and the PCR values that belong to it. */
#include <barequote/attest.h>

#include "internal.h"

#define TRIES 5

static bool same_selection(const struct bq_pcr_list *a, const struct bq_pcr_list *b)
{
	if (a->n != b->n)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->bank[i].alg != b->bank[i].alg || a->bank[i].mask != b->bank[i].mask)
			return false;
	return true;
}

static int keep(struct bq_view v, uint8_t *to, size_t cap, size_t *n)
{
	size_t size = v.n;

	if (size > cap)
		return BQ_E_SPACE;
	*n = size;
	return bq_rd_copy(&v, to, size);
}

/* What was signed is what was asked for, with SHA-256. */
static int check_quote(const struct bq_azure_quote *q, struct bq_view nonce,
		       struct bq_attest *attest)
{
	struct bq_signature sig;
	int e;

	if ((e = bq_attest_parse(bq_view_of(q->msg, q->msg_n), attest)) != 0 ||
	    (e = bq_signature_parse(bq_view_of(q->sig, q->sig_n), &sig)) != 0)
		return e;
	if (sig.hash != TPM_ALG_SHA256)
		return BQ_E_SIG_ALG;
	if (!bq_view_eq(attest->extra_data, nonce))
		return BQ_E_TPM_RESPONSE;
	return same_selection(&attest->pcrs, &q->sel) ? 0 : BQ_E_PCR_SELECTION;
}

static int quote_once(const struct bq_azure *a, const struct bq_quote_request *r,
		      struct bq_azure_quote *q)
{
	struct bq_view msg, sig;
	struct bq_attest attest;
	uint8_t digest[BQ_SHA256_SIZE];
	int e;

	if ((e = bq_tpm_quote(a->tpm, r, &msg, &sig)) != 0 ||
	    (e = keep(msg, q->msg, sizeof(q->msg), &q->msg_n)) != 0 ||
	    (e = keep(sig, q->sig, sizeof(q->sig), &q->sig_n)) != 0 ||
	    (e = check_quote(q, r->qualifying_data, &attest)) != 0 ||
	    (e = bq_tpm_pcr_read(a->tpm, &r->pcrs, &q->pcrs)) != 0 ||
	    (e = bq_pcr_digest_sha256(&r->pcrs, &q->pcrs, digest)) != 0)
		return e;
	return bq_view_eq(attest.pcr_digest, bq_view_of(digest, sizeof(digest))) ? 0
										 : BQ_E_PCRS_MOVING;
}

int bq_azure_quote(const struct bq_azure *a, uint32_t handle, struct bq_view nonce,
		   const struct bq_pcr_list *sel, struct bq_azure_quote *out)
{
	struct bq_quote_request r = {
		.handle = handle, .qualifying_data = nonce, .scheme = TPM_ALG_NULL, .pcrs = *sel};
	uint64_t deadline, callers;
	int e, before = 0;

	if (nonce.n > BQ_HCL_NONCE_MAX)
		return BQ_E_NONCE_SIZE;
	out->sel = *sel;
	deadline = bq_azure_begin(a, &callers);
	for (unsigned tries = 1;; tries++, before = e) {
		e = quote_once(a, &r, out);
		if (e != BQ_E_PCRS_MOVING || tries == TRIES || bq_tpm_now_ms(a->tpm) >= deadline)
			return bq_azure_done(a, callers, e, before);
	}
}

/* quote.*: the TPM's statement about its PCRs. */
#include "crypto.h"
#include "detail.h"
#include "replay.h"
#include "verifier.h"

#define AK_SIG_BYTES 256 /* RSA-2048 */

static void check_format(struct bq_run *r)
{
	int e = bq_attest_parse(r->ev->quote_msg, &r->quote);

	r->quote_parsed = e == 0;
	if (e == 0)
		bq_verdict_add(r->out, "quote.format", BQ_PASS,
			       "TPMS_ATTEST, %zu bytes; firmware %016llx, %u resets, %u restarts",
			       r->ev->quote_msg.n, (unsigned long long)r->quote.firmware_version,
			       r->quote.reset_count, r->quote.restart_count);
	else
		bq_verdict_add(r->out, "quote.format", BQ_FAIL, "%s", bq_strerror(e));
}

/* The bare RSASSA value, whichever way it came; NULL or the problem. */
static const char *signature_value(const struct bq_evidence *ev, struct bq_view *out)
{
	struct bq_signature sig;
	int e;

	if (ev->sig_is_raw) {
		*out = ev->quote_sig;
	} else {
		if ((e = bq_signature_parse(ev->quote_sig, &sig)) != 0)
			return bq_strerror(e);
		if (sig.alg != TPM_ALG_RSASSA || sig.hash != TPM_ALG_SHA256)
			return "not RSASSA with SHA-256";
		*out = sig.rsa;
	}
	return out->n == AK_SIG_BYTES ? NULL : "not 256 bytes long";
}

static bool check_signature(struct bq_run *r)
{
	struct bq_view sig = {0};
	const char *problem = signature_value(r->ev, &sig);

	if (problem != NULL) {
		bq_verdict_add(r->out, "quote.signature", BQ_FAIL, "%s", problem);
		return false;
	}
	if (r->ak == NULL) {
		bq_skip(r, "quote.signature", "no usable HCLAkPub in the claims");
		return false;
	}
	if (!bq_rsassa_sha256(r->ak, sig, r->ev->quote_msg)) {
		bq_verdict_add(r->out, "quote.signature", BQ_FAIL,
			       "does not verify with the claims' HCLAkPub");
		return false;
	}
	bq_verdict_add(r->out, "quote.signature", BQ_PASS, "verifies with the claims' HCLAkPub");
	return true;
}

static void check_nonce(struct bq_run *r)
{
	struct bq_view have = r->quote.extra_data, want = r->expect->nonce;
	struct bq_str a, b;

	if (r->expect->has_nonce && want.n == 0)
		bq_verdict_add(r->out, "quote.nonce", BQ_FAIL, "the nonce given is empty");
	else if (r->expect->has_nonce && bq_view_eq_ct(have, want))
		bq_verdict_add(r->out, "quote.nonce", BQ_PASS, "%s", bq_str_hex(&a, have));
	else if (r->expect->has_nonce)
		bq_verdict_add(r->out, "quote.nonce", BQ_FAIL,
			       "the quote carries `%s`: expected `%s`", bq_str_hex(&a, have),
			       bq_str_hex(&b, want));
	else if (r->expect->no_nonce)
		bq_skip(r, "quote.nonce", "freshness is not checked");
	else
		bq_verdict_add(r->out, "quote.nonce", BQ_FAIL,
			       "no nonce given: give -n, or --no-nonce");
}

static bool check_selection(struct bq_run *r)
{
	const struct bq_pcr_list *l = &r->quote.pcrs;
	uint8_t text[128];
	struct bq_sink_buf s;
	struct bq_view value;

	bq_sink_buf_init(&s, text, sizeof(text));
	bq_put_pcr_list(&s.s, l);
	if (l->n != 1 || l->bank[0].alg != TPM_ALG_SHA256 || l->bank[0].mask == 0) {
		bq_verdict_add(r->out, "quote.pcr_selection", BQ_FAIL,
			       "`%.*s`: expected PCRs of the SHA-256 bank alone", (int)s.n, text);
		return false;
	}
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		if ((l->bank[0].mask >> i & 1) == 0 ||
		    bq_pcr_value(&r->ev->pcrs, TPM_ALG_SHA256, i, &value) == 0)
			continue;
		bq_verdict_add(r->out, "quote.pcr_selection", BQ_FAIL,
			       "the quote covers PCR %u, which the evidence has no value of", i);
		return false;
	}
	bq_verdict_add(r->out, "quote.pcr_selection", BQ_PASS, "%.*s", (int)s.n, text);
	return true;
}

static void skip_from(struct bq_run *r, size_t first, const char *why)
{
	static const char *const names[] = {"quote.format", "quote.signature", "quote.nonce",
					    "quote.pcr_selection", "quote.pcr_digest"};

	for (size_t i = first; i < sizeof(names) / sizeof(names[0]); i++)
		bq_skip(r, names[i], why);
}

void bq_check_quote(struct bq_run *r)
{
	bool signed_by_ak, selected;

	if (r->ev->format == BQ_EVIDENCE_SNP || (!r->has_quote && r->expect->no_quote)) {
		skip_from(r, 0,
			  r->ev->format == BQ_EVIDENCE_SNP ? "a bare SNP report has no quote"
							   : "the evidence has no quote");
		return;
	}
	if (!r->has_quote) {
		bq_verdict_add(r->out, "quote.format", BQ_FAIL,
			       "the evidence has no quote: give one, or --no-quote");
		skip_from(r, 1, "the evidence has no quote");
		return;
	}
	check_format(r);
	signed_by_ak = check_signature(r);
	if (!r->quote_parsed) {
		skip_from(r, 2, "the quote does not parse");
		return;
	}
	check_nonce(r);
	selected = check_selection(r);
	if (!selected)
		bq_skip(r, "quote.pcr_digest", "the selection does not fit");
	r->quote_verified = selected &&
			    bq_check_pcr_digest(r->out, TPM_ALG_SHA256, &r->quote, &r->ev->pcrs) &&
			    signed_by_ak;
}

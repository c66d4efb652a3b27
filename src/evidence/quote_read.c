/* The quote of Confidential Containers evidence:
 *   {"signature": raw RSASSA-SHA256 value, "message": TPMS_ATTEST,
 *    "pcrs": [the SHA-256 bank, PCR 0 to 23]}
 * in hex, or (version 0) in arrays of integers. */
#include "read.h"

static int read_pcrs(struct bq_ev_reader *r, struct bq_json quote, enum bq_ev_form form,
		     uint8_t value[BQ_PCRS][BQ_DIGEST_MAX])
{
	struct bq_json_iter it;
	struct bq_json pcrs, key, element;
	size_t n;
	int e;

	r->name = "pcrs";
	r->has_index = false;
	if ((e = bq_json_member(quote, "pcrs", &pcrs)) != 0 || (e = bq_json_count(pcrs, &n)) != 0)
		return e;
	if (n != BQ_PCRS)
		return BQ_E_PCR_SELECTION;
	if ((e = bq_json_iter(pcrs, &it)) != 0)
		return e;
	for (size_t i = 0; bq_json_next(&it, &key, &element); i++) {
		e = bq_ev_decode(r, element, form, value[i], BQ_SHA256_SIZE, &n);
		r->has_index = true;
		r->index = i;
		if (e != 0)
			return e;
		if (n != BQ_SHA256_SIZE)
			return BQ_E_SHORT;
	}
	return 0;
}

int bq_ev_quote(struct bq_ev_reader *r, struct bq_json quote, enum bq_ev_form form,
		struct bq_evidence *out)
{
	struct bq_pcr_bank bank = {.alg = TPM_ALG_SHA256, .mask = (1u << BQ_PCRS) - 1};
	struct bq_view msg, sig;
	int e;

	if ((e = bq_ev_member(r, quote, "signature", form, &sig)) != 0 ||
	    (e = bq_ev_member(r, quote, "message", form, &msg)) != 0 ||
	    (e = read_pcrs(r, quote, form, bank.value)) != 0)
		return e;
	out->pcrs.n = 1;
	out->pcrs.bank[0] = bank;
	out->quote_msg = msg;
	out->quote_sig = sig;
	out->sig_is_raw = true;
	return 0;
}

/* Version 0 is told by its arrays. */
static enum bq_ev_form form_of(struct bq_json quote)
{
	struct bq_json sig;

	if (bq_json_member(quote, "signature", &sig) == 0 && bq_json_type(sig) == BQ_JSON_ARRAY)
		return BQ_EV_INTS;
	return BQ_EV_HEX;
}

int bq_evidence_parse_quote(struct bq_view text, uint8_t *work, size_t cap, struct bq_evidence *out,
			    char *where, size_t where_cap)
{
	struct bq_ev_reader r = {.work = work, .cap = cap};
	struct bq_json quote;
	int e;

	if (out->quote_msg.n != 0 || out->quote_sig.n != 0 || out->pcrs.n != 0)
		return BQ_E_ARG;
	if ((e = bq_json_parse(text, &quote)) == 0)
		e = bq_ev_quote(&r, quote, form_of(quote), out);
	if (e != 0)
		bq_ev_put_path(&r, where, where_cap);
	return e;
}

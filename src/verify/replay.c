#include "replay.h"

#include "crypto.h"
#include "detail.h"

struct pcr_hash {
	EVP_MD_CTX *ctx;
	bool ok;
};

static void hash_pcr(void *ctx, struct bq_view value)
{
	struct pcr_hash *h = ctx;

	h->ok = h->ok && EVP_DigestUpdate(h->ctx, value.p, value.n) == 1;
}

static bool pcr_digest(uint16_t alg, const struct bq_pcr_list *l, const struct bq_pcr_values *v,
		       uint8_t *out)
{
	EVP_MD *md = bq_md_of(alg);
	struct pcr_hash h = {.ctx = EVP_MD_CTX_new()};

	h.ok = md != NULL && h.ctx != NULL && EVP_DigestInit_ex2(h.ctx, md, NULL) == 1;
	if (h.ok && bq_pcr_each(l, v, hash_pcr, &h) != 0)
		h.ok = false;
	h.ok = h.ok && EVP_DigestFinal_ex(h.ctx, out, NULL) == 1;
	EVP_MD_CTX_free(h.ctx);
	EVP_MD_free(md);
	return h.ok;
}

bool bq_check_pcr_digest(struct bq_verdict *out, uint16_t alg, const struct bq_attest *quote,
			 const struct bq_pcr_values *values)
{
	uint8_t hash[BQ_DIGEST_MAX];
	struct bq_view have;
	struct bq_str a, b;

	if (!pcr_digest(alg, &quote->pcrs, values, hash)) {
		bq_verdict_add(out, "quote.pcr_digest", BQ_FAIL, "it could not be computed");
		return false;
	}
	have = bq_view_of(hash, bq_alg_size(alg));
	if (!bq_view_eq_ct(have, quote->pcr_digest)) {
		bq_verdict_add(out, "quote.pcr_digest", BQ_FAIL,
			       "the PCR values hash to %s; the quote has %s", bq_str_hex(&a, have),
			       bq_str_hex(&b, quote->pcr_digest));
		return false;
	}
	bq_verdict_add(out, "quote.pcr_digest", BQ_PASS, "%s", bq_str_hex(&a, have));
	return true;
}

void bq_verdict_add_misfit(struct bq_verdict *out, struct bq_view log,
			   const struct bq_pcr_values *replayed, const struct bq_pcr_values *quoted,
			   uint16_t alg, unsigned index)
{
	char text[280];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text) - 1);
	bq_put_eventlog_misfit(&b.s, log, bq_evp_hash, replayed, quoted, alg, index);
	text[b.n] = '\0';
	bq_verdict_add(out, "eventlog.replay", BQ_FAIL, "%s", text);
}

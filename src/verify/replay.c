#include "replay.h"

#include <stdio.h>

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

int bq_replay_extend(uint16_t alg, uint8_t *pcr, struct bq_view value)
{
	return bq_digest_extend(alg, pcr, bq_alg_size(alg), value) ? 0 : BQ_E_ARG;
}

#define DRTM_FIRST 17
#define DRTM_LAST  22

struct bq_view bq_pcr_untouched(uint16_t alg, unsigned index)
{
	static const uint8_t zeros[BQ_DIGEST_MAX];
	static const uint8_t ones[BQ_DIGEST_MAX] = {
#define X8 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
		X8, X8, X8, X8, X8, X8, X8, X8,
#undef X8
	};

	return bq_view_of(index >= DRTM_FIRST && index <= DRTM_LAST ? ones : zeros,
			  bq_alg_size(alg));
}

/* Events whose digest is that of their data, so that a changed one shows. */
static bool hashes_its_data(uint32_t type)
{
	return type == EV_SEPARATOR || type == EV_ACTION || type == EV_S_CRTM_VERSION ||
	       type == EV_EFI_ACTION || type == EV_EFI_VARIABLE_DRIVER_CONFIG ||
	       type == EV_EFI_GPT_EVENT;
}

static bool is_suspect(const struct bq_event *e, uint16_t alg)
{
	uint8_t hash[BQ_DIGEST_MAX];

	for (unsigned i = 0; i < e->n; i++)
		if (e->digest[i].alg == alg)
			return !bq_digest(alg, e->data, hash) ||
			       !bq_view_eq(e->digest[i].value, bq_view_of(hash, bq_alg_size(alg)));
	return true; /* no digest for this bank at all */
}

/* The first event of that PCR after number `after` (-1: of all) that is there,
 * or, where suspect is a bank, whose digest there is not its data's. */
static bool next_event(struct bq_view log, unsigned pcr, long after, uint16_t suspect,
		       struct bq_event *out)
{
	struct bq_eventlog l;
	bool more;

	if (bq_eventlog_open(log, &l) != 0)
		return false;
	while (bq_eventlog_next(&l, out, &more) == 0 && more)
		if (out->pcr == pcr && out->type != EV_NO_ACTION && (long)out->number > after &&
		    (suspect == 0 || (hashes_its_data(out->type) && is_suspect(out, suspect))))
			return true;
	return false;
}

/* True where the PCR had that value before or between the log's events; *next is
 * the event that came after. */
static bool passes_through(struct bq_view log, uint16_t alg, unsigned pcr, struct bq_view quoted,
			   struct bq_event *next)
{
	unsigned at;
	long after = -1;

	if (bq_eventlog_find(log, bq_replay_extend, alg, pcr, quoted, &at) == 0)
		after = (long)at;
	else if (!bq_view_eq(quoted, bq_pcr_untouched(alg, pcr)))
		return false;
	return next_event(log, pcr, after, 0, next);
}

void bq_replay_explain(struct bq_view log, uint16_t alg, unsigned pcr, struct bq_view quoted,
		       char *out, size_t cap)
{
	struct bq_event e;

	if (passes_through(log, alg, pcr, quoted, &e))
		snprintf(out, cap, "the quote was made before event %u", e.number);
	else if (next_event(log, pcr, -1, alg, &e))
		snprintf(out, cap, "event %u, at offset %zu, has a digest that is not its data's",
			 e.number, e.offset);
	else if (next_event(log, pcr, -1, 0, &e))
		snprintf(out, cap, "none of its events, from number %u on, leads there", e.number);
	else
		snprintf(out, cap, "it has no event");
}

/* A quote on its own. */
#include <barequote/checkquote.h>

#include <openssl/err.h>

#include "crypto.h"
#include "detail.h"
#include "internal.h"
#include "replay.h"
#include "tpm_key.h"

/* One judgement in the course of being made. */
struct judged {
	const struct bq_checkquote *q;
	struct bq_verdict *out;
	struct bq_attest quote;
	uint16_t hash; /* of the signature, and so of the pcrDigest */
};

static void skip(struct judged *j, const char *name, const char *why)
{
	bq_verdict_add(j->out, name, BQ_SKIP, "not checked: %s", why);
}

static void check_signature(struct judged *j, EVP_PKEY *key)
{
	const char *problem;

	j->hash = j->q->hash;
	problem = bq_tpm_signature_problem(key, j->q->sig, j->q->msg, &j->hash);
	if (problem != NULL)
		bq_verdict_add(j->out, "quote.signature", BQ_FAIL, "the signature %s", problem);
	else
		bq_verdict_add(j->out, "quote.signature", BQ_PASS, "verifies with the key, %s",
			       bq_alg_name(j->hash));
}

static void check_nonce(struct judged *j)
{
	struct bq_str a, b;

	if (bq_view_eq_ct(j->quote.extra_data, j->q->nonce))
		bq_verdict_add(j->out, "quote.nonce", BQ_PASS, "%s", bq_str_hex(&a, j->q->nonce));
	else
		bq_verdict_add(j->out, "quote.nonce", BQ_FAIL,
			       "the quote carries `%s`: expected `%s`",
			       bq_str_hex(&a, j->quote.extra_data), bq_str_hex(&b, j->q->nonce));
}

static bool same_list(const struct bq_pcr_list *a, const struct bq_pcr_list *b)
{
	if (a->n != b->n)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->bank[i].alg != b->bank[i].alg || a->bank[i].mask != b->bank[i].mask)
			return false;
	return true;
}

struct list_text {
	char s[120];
};

static const char *list_text(struct list_text *t, const struct bq_pcr_list *l)
{
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, t->s, sizeof(t->s) - 1);
	bq_put_pcr_list(&b.s, l);
	t->s[b.n] = '\0';
	return t->s;
}

/* The values' list need not be signed, so that it must be the one that is: else
 * values would pass for those of other PCRs (CVE-2024-29039). */
static bool check_selection(struct judged *j)
{
	struct list_text a, b;

	if (!same_list(&j->quote.pcrs, j->q->sel)) {
		bq_verdict_add(j->out, "quote.pcr_selection", BQ_FAIL,
			       "the quote is of `%s`, the values are of `%s`",
			       list_text(&a, &j->quote.pcrs), list_text(&b, j->q->sel));
		return false;
	}
	bq_verdict_add(j->out, "quote.pcr_selection", BQ_PASS, "%s", list_text(&a, &j->quote.pcrs));
	return true;
}

/* False where that PCR is not what the log leads to; said then. */
static bool check_replayed(struct judged *j, const struct bq_pcr_values *replayed, uint16_t alg,
			   unsigned index)
{
	struct bq_view quoted = {0}, ours;

	if (bq_pcr_value(replayed, alg, index, &ours) != 0)
		ours = bq_pcr_untouched(alg, index);
	if (bq_pcr_value(j->q->pcrs, alg, index, &quoted) == 0 && bq_view_eq(quoted, ours))
		return true;
	bq_verdict_add_misfit(j->out, j->q->eventlog, replayed, j->q->pcrs, alg, index);
	return false;
}

static bool has_bank(const struct bq_pcr_values *replayed, uint16_t alg)
{
	for (unsigned i = 0; i < replayed->n; i++)
		if (replayed->bank[i].alg == alg)
			return true;
	return false;
}

/* A bank that the log does not have proves nothing, whatever its PCRs are. */
static bool check_bank(struct judged *j, const struct bq_pcr_values *replayed,
		       const struct bq_pcr_select *bank)
{
	if (bank->mask != 0 && !has_bank(replayed, bank->alg)) {
		bq_verdict_add(j->out, "eventlog.replay", BQ_FAIL, "the log has no %s digests",
			       bq_alg_name(bank->alg));
		return false;
	}
	for (unsigned i = 0; i < BQ_PCRS; i++)
		if ((bank->mask >> i & 1) != 0 && !check_replayed(j, replayed, bank->alg, i))
			return false;
	return true;
}

static void check_eventlog(struct judged *j)
{
	const struct bq_pcr_list *l = &j->quote.pcrs;
	struct bq_pcr_values replayed;
	struct list_text text;
	uint32_t any = 0;
	int e = bq_eventlog_replay(j->q->eventlog, bq_evp_hash, &replayed);

	if (e != 0) {
		bq_verdict_add(j->out, "eventlog.replay", BQ_FAIL, "the event log: %s",
			       bq_strerror(e));
		return;
	}
	for (unsigned i = 0; i < l->n; i++) {
		if (!check_bank(j, &replayed, &l->bank[i]))
			return;
		any |= l->bank[i].mask;
	}
	if (any == 0) {
		bq_verdict_add(j->out, "eventlog.replay", BQ_FAIL, "the quote is of no PCR");
		return;
	}
	bq_verdict_add(j->out, "eventlog.replay", BQ_PASS, "leads to the quoted PCRs, %s",
		       list_text(&text, l));
}

/* What is said of the PCRs, as far as one can go. */
static void check_pcrs(struct judged *j)
{
	bool selected = false, matched = false;

	if (j->q->sel == NULL)
		skip(j, "quote.pcr_selection", "no PCR values were given");
	else
		selected = check_selection(j);
	if (selected)
		matched = bq_check_pcr_digest(j->out, j->hash, &j->quote, j->q->pcrs);
	else
		skip(j, "quote.pcr_digest", "there are no values of what was signed");
	if (j->q->eventlog.n == 0)
		skip(j, "eventlog.replay", "no event log was given");
	else if (matched)
		check_eventlog(j);
	else
		bq_verdict_add(j->out, "eventlog.replay", BQ_FAIL,
			       "not checked: no PCR values that the quote vouches for");
}

static void judge(struct judged *j, EVP_PKEY *key)
{
	static const char *const rest[] = {"quote.nonce", "quote.pcr_selection", "quote.pcr_digest",
					   "eventlog.replay"};
	int e = bq_attest_parse(j->q->msg, &j->quote);

	bq_verdict_add(j->out, "quote.format", e == 0 ? BQ_PASS : BQ_FAIL, "%s",
		       e == 0 ? "TPMS_ATTEST of a quote" : bq_strerror(e));
	check_signature(j, key);
	if (e == 0) {
		check_nonce(j);
		check_pcrs(j);
		return;
	}
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++)
		skip(j, rest[i], "the quote does not parse");
}

int bq_checkquote(const struct bq_checkquote *q, struct bq_verdict *out)
{
	struct judged j = {.q = q, .out = out};
	EVP_PKEY *key;

	ERR_set_mark();
	if ((key = bq_tpm_key(q->key)) != NULL) {
		out->accepted = true;
		out->n = 0;
		out->product = BQ_PRODUCT_UNKNOWN;
		judge(&j, key);
	}
	ERR_pop_to_mark();
	EVP_PKEY_free(key);
	return key != NULL ? 0 : BQ_E_PUBLIC;
}

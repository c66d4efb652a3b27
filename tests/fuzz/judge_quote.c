/* The quote, and the event log beside it. */
#include "judge.h"

#include <string.h>

#include <barequote/text.h>

/* As this file reads a quote. */
struct read_quote {
	bool ok;
	struct bq_view nonce, digest;
	uint32_t banks, mask; /* of the first bank, */
	uint16_t alg;         /* and its hash */
};

static uint32_t be(struct bq_view v, size_t at, unsigned n)
{
	uint32_t x = 0;

	while (n-- != 0)
		x = x << 8 | v.p[at++];
	return x;
}

/* A TPM2B at *at, which moves behind it. */
static bool take_2b(struct bq_view msg, size_t *at, struct bq_view *out)
{
	size_t n;

	if (*at > msg.n || msg.n - *at < 2)
		return false;
	n = be(msg, *at, 2);
	*at += 2;
	if (n > msg.n - *at)
		return false;
	*out = judge_part(msg, *at, n);
	*at += n;
	return true;
}

/* TPML_PCR_SELECTION, of which only a first bank with three bytes matters. */
static bool take_list(struct bq_view msg, size_t *at, struct read_quote *q)
{
	if (*at > msg.n || msg.n - *at < 4)
		return false;
	q->banks = be(msg, *at, 4);
	*at += 4;
	for (uint32_t i = 0; i < q->banks; i++) {
		size_t n;

		if (msg.n - *at < 3)
			return false;
		n = be(msg, *at + 2, 1);
		if (msg.n - *at - 3 < n)
			return false;
		for (size_t k = 0; i == 0 && k < n && k < 4; k++)
			q->mask |= (uint32_t)msg.p[*at + 3 + k] << 8 * k;
		if (i == 0)
			q->alg = (uint16_t)be(msg, *at, 2);
		*at += 3 + n;
	}
	return true;
}

static struct read_quote read_quote(struct bq_view msg)
{
	struct read_quote q = {0};
	struct bq_view signer;
	size_t at = 6;

	if (msg.n < at || be(msg, 0, 4) != 0xFF544347 || be(msg, 4, 2) != 0x8018 ||
	    !take_2b(msg, &at, &signer) || !take_2b(msg, &at, &q.nonce))
		return q;
	at += 25; /* clock information, firmware */
	q.ok = take_list(msg, &at, &q) && take_2b(msg, &at, &q.digest) && at == msg.n;
	return q;
}

static bool same(const struct bytes *a, const struct bytes *b)
{
	return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

/* The key that signed is the one of the claims. */
static bool key_is_claimed(const struct judged *j)
{
	struct bq_view n = genuine_modulus(j->g->choice[C_QUOTE_KEY]);
	char text[512];
	struct bq_sink_buf b;

	if (n.n == 0)
		return false;
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_b64(&b.s, BQ_BASE64URL, n);
	return judge_contains(j->claims, bq_view_of(text, b.n), false);
}

static void judge_signature(struct judged *j)
{
	const struct genuine *g = j->g;
	const uint8_t *c = g->choice;

	judge_fails(j,
		    c[C_QUOTE] == QUOTE_NO_MSG || c[C_QUOTE] == QUOTE_NO_SIG ||
			    !same(&g->sealed.msg, &g->shown.msg) ||
			    !same(&g->sealed.sig, &g->shown.sig) || !key_is_claimed(j) ||
			    c[C_QUOTE_HASH] != 0 || c[C_SIG_RAW] != c[C_SIG_SAYS_RAW],
		    "quote.signature");
}

static void judge_nonce(struct judged *j, struct bq_view have)
{
	const struct bytes *want = &j->g->nonce;
	uint8_t c = j->g->choice[C_NONCE];

	judge_fails(j, c == NONCE_FORGOTTEN, "quote.nonce");
	judge_unproven(j, c == NONCE_DECLINED, "quote.nonce");
	judge_fails(j,
		    c == NONCE_GIVEN && (want->n == 0 || have.n != want->n ||
					 memcmp(have.p, want->p, want->n) != 0),
		    "quote.nonce");
}

static const struct bq_pcr_bank *shown_bank(const struct judged *j)
{
	return &j->g->shown.pcrs.bank[0];
}

static void judge_digest(struct judged *j, const struct read_quote *q)
{
	const struct bq_pcr_bank *bank = shown_bank(j);
	uint8_t values[24 * 32], digest[32];
	size_t n = 0;

	for (unsigned i = 0; i < BQ_PCRS; i++)
		if ((q->mask >> i & 1) != 0) {
			memcpy(values + n, bank->value[i], 32);
			n += 32;
		}
	must(EVP_Q_digest(NULL, "SHA256", NULL, values, n, digest, NULL) == 1);
	judge_fails(j, q->digest.n != 32 || memcmp(q->digest.p, digest, 32) != 0,
		    "quote.pcr_digest");
}

/* Only in what firmware extended, and only where an event's PCR or digest is another. */
static bool log_misleads(const struct judged *j, const struct read_quote *q)
{
	struct bq_pcr_bank right = {0};
	struct bytes log;
	bool differs = (q->mask & 0xFF) == 0, other = false;

	genuine_log(&log, &right);
	for (unsigned i = 0; i < LOG_PCRS; i++)
		differs = differs || ((q->mask >> i & 1) != 0 &&
				      memcmp(right.value[i], shown_bank(j)->value[i], 32) != 0);
	if (!j->g->eventlog_edited)
		return differs;
	if (differs || (q->mask & 0xFF) != 0xFF)
		return false; /* too much to say */
	for (size_t i = 0; i < log.n; i++) {
		size_t in =
			i < LOG_HEAD_SIZE ? LOG_EVENT_SIZE : (i - LOG_HEAD_SIZE) % LOG_EVENT_SIZE;
		bool counts = in < 4 || (in >= 14 && in < 46);

		if (log.p[i] != j->g->eventlog.p[i])
			*(counts ? &differs : &other) = true;
	}
	return differs && !other;
}

static void judge_log(struct judged *j, const struct read_quote *q, bool verified)
{
	bool needed = genuine_policies[j->g->choice[C_POLICY]].needs_log;
	bool none = j->g->eventlog.n == 0;

	judge_unproven(j, none || !verified, "eventlog.replay");
	judge_must_fail(j, needed && (none || !verified), "eventlog.replay");
	judge_fails(j, !none && verified && log_misleads(j, q), "eventlog.replay");
	judge_must_fail(j, needed && judge_has(j, "eventlog.replay"), "policy.eventlog.require");
}

static void judge_pinned_pcr(struct judged *j, const struct read_quote *q, bool verified)
{
	uint8_t want[32];

	memset(want, 12, sizeof(want));
	judge_must_fail(j,
			genuine_policies[j->g->choice[C_POLICY]].pins_pcr &&
				(!verified || (q->mask >> 11 & 1) == 0 ||
				 memcmp(shown_bank(j)->value[11], want, sizeof(want)) != 0),
			"policy.pcrs.sha256.11");
}

static bool quote_fails(const struct judged *j)
{
	static const char *const names[] = {"quote.format", "quote.signature",
					    "quote.pcr_selection", "quote.pcr_digest"};
	bool fails = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		fails = fails || judge_has(j, names[i]);
	return fails;
}

static void judge_message(struct judged *j, const struct read_quote *q)
{
	judge_fails(j, !q->ok, "quote.format");
	judge_signature(j);
	if (!q->ok)
		return;
	judge_nonce(j, q->nonce);
	judge_fails(j,
		    q->banks != 1 || q->alg != TPM_ALG_SHA256 || q->mask == 0 ||
			    (q->mask & ~shown_bank(j)->mask) != 0,
		    "quote.pcr_selection");
	if (!judge_has(j, "quote.pcr_selection"))
		judge_digest(j, q);
}

void judge_quote(struct judged *j)
{
	const struct genuine *g = j->g;
	bool looked_at = j->format != BQ_EVIDENCE_SNP && j->has_quote, verified;
	struct read_quote q = {0};

	judge_unproven(j, !looked_at, "quote.signature");
	judge_fails(j, !looked_at && j->format != BQ_EVIDENCE_SNP && !g->choice[C_NO_QUOTE],
		    "quote.format");
	if (looked_at && g->choice[C_QUOTE] != QUOTE_NO_MSG)
		q = read_quote(bytes_view(&g->shown.msg));
	if (looked_at)
		judge_message(j, &q);
	verified = looked_at && !quote_fails(j);
	judge_log(j, &q, verified);
	judge_pinned_pcr(j, &q, verified);
}

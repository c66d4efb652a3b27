#include "edits.h"

#include <string.h>

/* What can be edited, and when; the first byte of those that splice is how many bytes
 * go. Capital letters go before something is hashed or signed, small ones after. */
const char edits_letters[] = "KCPQLNDRMrcpdomseht";

static struct bq_view bytes_of(const struct edit *e)
{
	return bq_view_of(e->p, e->n);
}

static void splice(struct bytes *b, const struct edit *e)
{
	struct bq_view put = bytes_of(e);
	uint8_t del = 0;

	if (bq_rd_u8(&put, &del) == 0)
		bytes_splice(b, e->at, del, put);
}

static uint32_t number(const struct edit *e)
{
	uint32_t x = 0;

	for (unsigned i = 0; i < e->n; i++)
		x = x << 8 | e->p[i];
	return x;
}

static void choose(struct genuine *g, const struct edit *e)
{
	unsigned i = e->at % CHOICES;

	g->choice[i] = e->n == 0 ? g->choice[i] : e->p[0] % genuine_limits[i];
}

static void xor_pcr(struct bq_pcr_values *v, const struct edit *e)
{
	for (unsigned i = 0; i < e->n && i < 32; i++)
		v->bank[0].value[e->at % BQ_PCRS][i] ^= e->p[i];
}

/* The quote's fields: 0 magic, 1 type, 2 nonce, 3 PCRs, 4 bank, 5 digest, 6 its size,
 * 7 zeros after it, 8 how many banks, 9 another bank's PCRs. */
static void edit_quote(struct genuine *g, const struct edit *e)
{
	struct quoted *q = &g->quote;

	switch (e->at % 10) {
	case 0:
		q->magic = number(e);
		break;
	case 1:
		q->type = (uint16_t)number(e);
		break;
	case 2:
		bytes_set(&g->extra, bytes_of(e));
		break;
	case 3:
		q->pcrs.bank[0].mask = number(e) & 0xFFFFFF;
		break;
	case 4:
		q->pcrs.bank[0].alg = (uint16_t)number(e);
		break;
	case 5:
		g->own_digest = true;
		memcpy(g->digest, e->p, e->n < BQ_DIGEST_MAX ? e->n : BQ_DIGEST_MAX);
		break;
	case 6:
		q->digest.n = number(e) % (BQ_DIGEST_MAX + 1);
		break;
	case 7:
		q->trailing = number(e) % 64;
		break;
	case 8:
		q->pcrs.n = number(e) % 3;
		break;
	default:
		q->pcrs.bank[1].alg = TPM_ALG_SHA1;
		q->pcrs.bank[1].mask = number(e) & 0xFFFFFF;
		break;
	}
}

/* An extension of the leaf: byte 0 is 0 to leave it out, 1 for it twice, 2 for it where
 * such a leaf has none, else what follows is its value. */
static void edit_ext(struct genuine *g, const struct edit *e)
{
	struct sim_ext_edit *x = &g->leaf.ext[e->at % SIM_EXT_COUNT];

	if (e->n == 0)
		return;
	g->ext_edited = true;
	x->omit = e->p[0] == 0;
	x->twice = e->p[0] == 1;
	x->add = e->p[0] == 2;
	if (e->p[0] > 2) {
		x->raw_n = e->n - 1u;
		memcpy(x->raw, e->p + 1, x->raw_n);
	}
}

/* Byte 0: which certificate. */
static void spoil_der(struct genuine *g, const struct edit *e)
{
	struct bq_view with = bytes_of(e);
	uint8_t which = 0;

	if (bq_rd_u8(&with, &which) == 0)
		bytes_xor(&g->shown.der[which % DERS], e->at, with);
}

/* 0 to 31 are the header, then the words of the data. */
static void spoil_head(struct genuine *g, const struct edit *e)
{
	for (unsigned i = 0; i < e->n; i++) {
		size_t at = (e->at + i) % 52u;

		g->blob.p[at < 32 ? at : 0x4C0 + at - 32] ^= e->p[i];
	}
}

/* The report's signature is made afterwards: only what it is over can change before. */
static void edit_report(struct genuine *g, const struct edit *e)
{
	for (unsigned i = 0; i < e->n && e->at + i < BQ_SNP_SIGNED_SIZE; i++)
		g->sealed.report.p[e->at + i] ^= e->p[i];
}

static void spoil_log(struct genuine *g, const struct edit *e)
{
	g->eventlog_edited = true;
	bytes_xor(&g->eventlog, e->at, bytes_of(e));
}

/* In the order of being made; each only where its letter's step has come. */
static void apply(struct genuine *g, const struct edit *e)
{
	struct pieces *after = &g->shown;

	switch (edits_letters[e->what]) {
	case 'K':
		choose(g, e);
		break;
	case 'C':
		splice(&g->sealed.claims, e);
		break;
	case 'P':
		xor_pcr(&g->sealed.pcrs, e);
		break;
	case 'Q':
		edit_quote(g, e);
		break;
	case 'L':
		edit_ext(g, e);
		break;
	case 'N':
		splice(&g->nonce, e);
		break;
	case 'D':
		splice(&g->data, e);
		break;
	case 'R':
		edit_report(g, e);
		break;
	case 'M':
		splice(&g->sealed.msg, e);
		break;
	case 'r':
		bytes_xor(&after->report, e->at, bytes_of(e));
		break;
	case 'c':
		bytes_xor(&after->claims, e->at, bytes_of(e));
		break;
	case 'p':
		xor_pcr(&after->pcrs, e);
		break;
	case 'd':
		after->pcrs.bank[0].mask &= ~(1u << e->at % BQ_PCRS);
		break;
	case 'o':
		spoil_der(g, e);
		break;
	case 'm':
		splice(&after->msg, e);
		break;
	case 's':
		splice(&after->sig, e);
		break;
	case 'e':
		spoil_log(g, e);
		break;
	case 'h':
		spoil_head(g, e);
		break;
	default: /* t: what stands after the claims, and how much */
		splice(&g->blob, e);
		break;
	}
}

static void step(const struct edits *e, struct genuine *g, const char *letters)
{
	for (unsigned i = 0; i < e->n; i++)
		if (strchr(letters, edits_letters[e->edit[i].what]) != NULL)
			apply(g, &e->edit[i]);
}

void edits_make(const struct edits *e, struct genuine *g)
{
	genuine_defaults(g, (enum variant)e->variant);
	step(e, g, "K");
	genuine_contents(g);
	step(e, g, "CPQLND");
	genuine_hash(g);
	step(e, g, "RM");
	genuine_seal(g);
	step(e, g, "rcpdomse");
	genuine_blob(g);
	step(e, g, "ht");
}

static uint8_t letter(uint8_t c)
{
	const char *at = c == 0 ? NULL : strchr(edits_letters, c);

	return (uint8_t)(at == NULL ? c % strlen(edits_letters) : (size_t)(at - edits_letters));
}

void edits_read(struct bq_view in, struct edits *out)
{
	*out = (struct edits){.variant = (uint8_t)(fuzz_u8(&in) - 'A') % VARIANTS};
	while (out->n < EDITS_MAX && in.n >= EDIT_HEAD) {
		struct edit *e = &out->edit[out->n++];
		struct bq_view v;

		e->what = letter(fuzz_u8(&in));
		e->n = (uint8_t)(fuzz_u8(&in) - '0') % (EDIT_BYTES + 1);
		e->at = fuzz_u16(&in);
		v = fuzz_take(&in, e->n);
		e->n = (uint8_t)v.n;
		if (v.n != 0)
			memcpy(e->p, v.p, v.n);
	}
}

size_t edits_write(const struct edits *e, uint8_t *p, size_t cap)
{
	struct bq_view done;
	struct bq_wr w;

	bq_wr_init(&w, p, cap);
	bq_wr_u8(&w, (uint8_t)('A' + e->variant));
	for (unsigned i = 0; i < e->n; i++) {
		const struct edit *x = &e->edit[i];

		if (x->n + (size_t)EDIT_HEAD > cap - w.n)
			break;
		bq_wr_u8(&w, (uint8_t)edits_letters[x->what]);
		bq_wr_u8(&w, (uint8_t)('0' + x->n));
		bq_wr_be16(&w, x->at);
		bq_wr_view(&w, bytes_of(x));
	}
	return bq_wr_end(&w, &done) == 0 ? done.n : 0;
}

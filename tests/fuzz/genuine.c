#include "genuine.h"

#include <string.h>

#include "hcl_build.h"
#include "snp_sign.h"

#define REPORT_DATA 0x50
#define TRAILER     100

const uint8_t genuine_limits[CHOICES] = {
	[C_FORMAT] = BQ_EVIDENCE_COCO2 + 1,
	[C_LEAF_CN] = CNS,
	[C_LEAF_KEY] = KEYS,
	[C_LEAF_SIGNER] = KEYS,
	[C_LEAF_SIGNING] = SIGNINGS,
	[C_LEAF_IS_CA] = 2,
	[C_LEAF_DATES] = DATES,
	[C_LEAF_BROUGHT] = 2,
	[C_CA_PRODUCT] = 3,
	[C_CA_ROLE] = SIM_ASVK + 1,
	[C_CA_KEY] = KEYS,
	[C_CA_SIGNER] = KEYS,
	[C_CA_SIGNING] = SIGNINGS,
	[C_CA_IS_NONE] = 2,
	[C_CA_OTHER_ISSUER] = 2,
	[C_CA_OTHER_NAME] = 2,
	[C_CA_DATES] = DATES,
	[C_CA_BROUGHT] = 2,
	[C_ARK_BROUGHT] = ARKS,
	[C_ROOTS] = ROOTS,
	[C_CRL] = CRLS,
	[C_TIME] = TIMES,
	[C_POLICY] = POLICIES,
	[C_REPORT_KEY] = KEYS,
	[C_STALE_HASH] = 2,
	[C_CLAIMS_AK] = KEYS,
	[C_QUOTE_KEY] = KEYS,
	[C_QUOTE_HASH] = 3,
	[C_SIG_RAW] = 2,
	[C_SIG_SAYS_RAW] = 2,
	[C_QUOTE] = QUOTES,
	[C_NONCE] = NONCES,
	[C_NO_QUOTE] = 2,
	[C_DATA] = 2,
};

static const struct {
	enum bq_product product;
	enum bq_evidence_format format;
	bool vlek, raw;
} variants[VARIANTS] = {
	[MILAN_COCO1] = {BQ_PRODUCT_MILAN, BQ_EVIDENCE_COCO1, false, true},
	[MILAN_COCO2] = {BQ_PRODUCT_MILAN, BQ_EVIDENCE_COCO2, false, true},
	[GENOA_COCO0] = {BQ_PRODUCT_GENOA, BQ_EVIDENCE_COCO0, false, true},
	[TURIN_DIR] = {BQ_PRODUCT_TURIN, BQ_EVIDENCE_DIR, false, false},
	[MILAN_VLEK] = {BQ_PRODUCT_MILAN, BQ_EVIDENCE_COCO1, true, true},
	[MILAN_BARE] = {BQ_PRODUCT_MILAN, BQ_EVIDENCE_SNP, false, false},
	[GENOA_HCL_ALONE] = {BQ_PRODUCT_GENOA, BQ_EVIDENCE_HCL, false, false},
	[TURIN_VLEK_BARE] = {BQ_PRODUCT_TURIN, BQ_EVIDENCE_SNP, true, false},
	[MILAN_EVENTLOG] = {BQ_PRODUCT_MILAN, BQ_EVIDENCE_COCO1, false, false},
};

struct bq_view bytes_view(const struct bytes *b)
{
	return bq_view_of(b->p, b->n);
}

void bytes_set(struct bytes *b, struct bq_view v)
{
	must(v.n <= sizeof(b->p));
	memcpy(b->p, v.p, v.n);
	b->n = v.n;
}

void bytes_splice(struct bytes *b, size_t at, size_t del, struct bq_view put)
{
	if (at > b->n || del > b->n - at || b->n - del + put.n > sizeof(b->p))
		return;
	memmove(b->p + at + put.n, b->p + at + del, b->n - at - del);
	if (put.n != 0)
		memcpy(b->p + at, put.p, put.n);
	b->n += put.n - del;
}

void bytes_xor(struct bytes *b, size_t at, struct bq_view with)
{
	for (size_t i = 0; i < with.n && at + i < b->n; i++)
		b->p[at + i] ^= with.p[i];
}

static void signers(uint8_t *c, bool vlek)
{
	c[C_LEAF_CN] = vlek ? CN_VLEK : CN_VCEK;
	c[C_LEAF_KEY] = c[C_REPORT_KEY] = vlek ? KEY_VLEK : KEY_VCEK;
	c[C_LEAF_SIGNER] = c[C_CA_KEY] = vlek ? KEY_ASVK : KEY_ASK;
	c[C_CA_ROLE] = vlek ? SIM_ASVK : SIM_ASK;
	c[C_CA_SIGNER] = KEY_ARK;
	c[C_POLICY] = vlek;
	c[C_CLAIMS_AK] = c[C_QUOTE_KEY] = KEY_AK;
}

void genuine_defaults(struct genuine *g, enum variant v)
{
	uint8_t *c = g->choice;

	*g = (struct genuine){.variant = v, .product = variants[v].product};
	g->vlek = variants[v].vlek;
	g->bare = variants[v].format == BQ_EVIDENCE_SNP;
	signers(c, g->vlek);
	c[C_FORMAT] = (uint8_t)variants[v].format;
	c[C_SIG_RAW] = c[C_SIG_SAYS_RAW] = variants[v].raw;
	c[C_LEAF_BROUGHT] = c[C_CA_BROUGHT] = 1;
	c[C_CA_PRODUCT] = (uint8_t)(g->product - BQ_PRODUCT_MILAN);
	c[C_ARK_BROUGHT] = v == MILAN_COCO2 ? ARK_GENUINE : ARK_NOT;
	if (g->bare)
		c[C_NONCE] = NONCE_DECLINED;
	c[C_DATA] = v == MILAN_BARE;
	if (g->bare || v == GENOA_HCL_ALONE) {
		c[C_QUOTE] = QUOTE_NOT;
		c[C_NO_QUOTE] = 1;
	}
	memcpy(g->usual, c, sizeof(g->usual));
}

static void put_hash(struct genuine *g)
{
	const struct bytes *c = &g->sealed.claims;

	must(EVP_Q_digest(NULL, "SHA256", NULL, c->p, c->n, g->sealed.report.p + REPORT_DATA,
			  NULL) == 1);
}

static void make_claims(struct genuine *g)
{
	struct sim_claims c = {.ak = genuine_modulus(g->choice[C_CLAIMS_AK]),
			       .has_user_data = true,
			       .upper = true,
			       .vm_id = {0xAB, 0xCD, 0xEF}};
	struct bytes *out = &g->sealed.claims;
	struct bq_sink_buf b;

	memcpy(c.user_data, GENUINE_NONCE, strlen(GENUINE_NONCE));
	bq_sink_buf_init(&b, out->p, sizeof(out->p));
	sim_claims_put(&b.s, &c);
	must(b.s.err == 0);
	out->n = b.n;
}

static void make_report(struct genuine *g)
{
	struct sim_report r =
		sim_report_like_azure(g->product, g->product == BQ_PRODUCT_GENOA ? 5 : 3);

	if (g->vlek)
		r.key_info = BQ_SNP_SIGNING_KEY_VLEK << 2;
	if (g->bare)
		memset(r.report_data, 0x5A, sizeof(r.report_data));
	sim_report_write(&r, g->sealed.report.p);
	g->sealed.report.n = BQ_SNP_REPORT_SIZE;
	bytes_set(&g->data, bq_view_of(r.report_data, sizeof(r.report_data)));
}

static void make_pcrs(struct genuine *g)
{
	struct bq_pcr_bank *bank = bq_pcr_bank_of(&g->sealed.pcrs, TPM_ALG_SHA256);

	must(bank != NULL);
	bank->mask = 0xFFFFFF;
	for (unsigned i = 0; i < BQ_PCRS; i++)
		memset(bank->value[i], (int)(i + 1), 32);
	if (g->variant == MILAN_EVENTLOG)
		genuine_log(&g->eventlog, bank);
}

void genuine_contents(struct genuine *g)
{
	g->leaf = sim_leaf_like_amd(g->product, g->vlek);
	make_claims(g);
	make_report(g);
	if (!g->bare)
		put_hash(g);
	make_pcrs(g);
	g->quote = (struct quoted){.magic = TPM_GENERATED_VALUE,
				   .type = TPM_ST_ATTEST_QUOTE,
				   .pcrs = {1, {{TPM_ALG_SHA256, 0xFFFFFF}}},
				   .digest = {g->digest, BQ_SHA256_SIZE}};
	bytes_set(&g->extra, bq_view_str(GENUINE_NONCE));
	bytes_set(&g->nonce, bq_view_str(GENUINE_NONCE));
}

void genuine_hash(struct genuine *g)
{
	struct bytes *msg = &g->sealed.msg;
	struct bq_view v;
	struct bq_wr w;

	if (!g->bare && !g->choice[C_STALE_HASH])
		put_hash(g);
	if (!g->own_digest)
		(void)bq_pcr_digest_sha256(&g->quote.pcrs, &g->sealed.pcrs, g->digest);
	g->quote.nonce = bytes_view(&g->extra);
	bq_wr_init(&w, msg->p, sizeof(msg->p));
	quoted_write(&w, &g->quote);
	msg->n = bq_wr_end(&w, &v) == 0 ? v.n : 0;
}

/* Signatures are made once for what is signed often. */
struct memo {
	uint8_t id[32];
	size_t n;
	uint8_t sig[512];
};

static struct memo *memo_of(unsigned what, struct bq_view msg, bool *known)
{
	static struct memo memos[64];
	uint8_t text[1 + 4096], id[32];
	struct memo *m;

	must(msg.n < sizeof(text));
	text[0] = (uint8_t)what;
	if (msg.n != 0)
		memcpy(text + 1, msg.p, msg.n);
	must(EVP_Q_digest(NULL, "SHA256", NULL, text, 1 + msg.n, id, NULL) == 1);
	m = &memos[id[0] % (sizeof(memos) / sizeof(memos[0]))];
	*known = memcmp(m->id, id, sizeof(id)) == 0;
	memcpy(m->id, id, sizeof(id));
	return m;
}

static void sign_report(struct genuine *g)
{
	unsigned key = g->choice[C_REPORT_KEY];
	uint8_t *raw = g->sealed.report.p;
	bool known;
	struct memo *m = memo_of(key, bq_view_of(raw, BQ_SNP_SIGNED_SIZE), &known);

	if (!known) {
		(void)sim_report_sign(raw, genuine_key(key)); /* zeros where it cannot */
		memcpy(m->sig, raw + BQ_SNP_SIGNED_SIZE, sizeof(m->sig));
	}
	memcpy(raw + BQ_SNP_SIGNED_SIZE, m->sig, sizeof(m->sig));
}

static void sign_quote(struct genuine *g)
{
	static const char *const hashes[] = {"SHA256", "SHA1", "SHA384"};
	unsigned key = g->choice[C_QUOTE_KEY], hash = g->choice[C_QUOTE_HASH];
	bool known;
	struct memo *m = memo_of(0x80 | hash << 4 | key, bytes_view(&g->sealed.msg), &known);
	struct bytes *sig = &g->sealed.sig;
	struct bq_view v;
	struct bq_wr w;

	if (!known)
		m->n = quoted_sign(genuine_key(key), hashes[hash], bytes_view(&g->sealed.msg),
				   m->sig);
	bq_wr_init(&w, sig->p, sizeof(sig->p));
	if (!g->choice[C_SIG_RAW]) {
		bq_wr_be16(&w, TPM_ALG_RSASSA);
		bq_wr_be16(&w, TPM_ALG_SHA256);
		bq_wr_be16(&w, (uint16_t)m->n);
	}
	bq_wr_view(&w, bq_view_of(m->sig, m->n));
	must(bq_wr_end(&w, &v) == 0);
	sig->n = v.n;
}

void genuine_seal(struct genuine *g)
{
	genuine_seal_certs(g);
	sign_report(g);
	sign_quote(g);
	g->shown = g->sealed;
}

void genuine_blob(struct genuine *g)
{
	const struct sim_hcl h = {2,
				  1,
				  BQ_HCL_SNP,
				  BQ_HCL_SHA256,
				  bytes_view(&g->shown.report),
				  bytes_view(&g->shown.claims)};
	struct bq_view v;
	struct bq_wr w;

	bq_wr_init(&w, g->blob.p, sizeof(g->blob.p));
	sim_hcl_write(&w, &h);
	bq_wr_zeros(&w, TRAILER);
	g->blob.n = bq_wr_end(&w, &v) == 0 ? v.n : 0;
}

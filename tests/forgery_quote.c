/* Quotes by others, of others, over something else, and what is no quote. */
#include "forgery.h"

#include "cert.h"

#define SHIFTED 5  /* the PCR that is left out */
#define LOCKED  11 /* a PCR that matters, */
#define FREE    16 /* and one that anybody can set */

static void milan_tpmt(struct forge *f)
{
	milan(f);
	f->ev.sig_is_raw = false;
}

static struct bq_pcr_bank *bank(struct forge *f)
{
	return bq_pcr_bank_of(&f->ev.pcrs, TPM_ALG_SHA256);
}

/* --- the signature ------------------------------------------------------------- */

static void other_ak(struct forge *f)
{
	f->ak = attackers_ak();
}

static void signed_with(struct forge *f)
{
	f->sign_with = f->text;
}

static struct bq_view sign(EVP_PKEY *key, const struct sim_signing *how, struct bq_view msg)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = 512;
	uint8_t *sig = must_alloc(n);

	ck_assert(ctx != NULL && sim_sign_setup(ctx, key, how) &&
		  EVP_DigestSign(ctx, sig, &n, msg.p, msg.n) == 1);
	EVP_MD_CTX_free(ctx);
	return bq_view_of(sig, n);
}

static const struct sim_signing sha256 = {.digest = "SHA256", .salt = 32};

static void tpmt(struct forge *f, uint16_t alg, struct bq_view a, struct bq_view b)
{
	uint8_t out[1024];
	struct bq_wr w;
	struct bq_view v;

	bq_wr_init(&w, out, sizeof(out));
	bq_wr_be16(&w, alg);
	bq_wr_be16(&w, TPM_ALG_SHA256);
	bq_wr_2b(&w, a);
	if (b.n != 0)
		bq_wr_2b(&w, b);
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	f->ev.quote_sig = tight_copy(v);
}

/* arg is the algorithm it says it is, 0 where the form has no room to say. */
static void pss(struct forge *f)
{
	struct bq_view sig = sign(f->ak, &sha256, f->ev.quote_msg);

	if (f->arg == 0)
		f->ev.quote_sig = sig;
	else
		tpmt(f, (uint16_t)f->arg, sig, bq_view_of(NULL, 0));
}

static void ecdsa_as_rsassa(struct forge *f)
{
	struct bq_view der = sign(f->keys->ak_ca, &sha256, f->ev.quote_msg);

	tpmt(f, TPM_ALG_RSASSA, der, bq_view_of(NULL, 0));
}

/* Neither number is one of the key's, but the form is right. */
static void ecdsa(struct forge *f)
{
	struct bq_view der = sign(f->keys->ak_ca, &sha256, f->ev.quote_msg), r, s;

	ck_assert_int_eq(bq_view_sub(der, 4, 32, &r), 0);
	ck_assert_int_eq(bq_view_sub(der, 40, 32, &s), 0);
	tpmt(f, TPM_ALG_ECDSA, r, s);
}

static void says_alg(struct forge *f)
{
	f->sig_alg = (uint16_t)f->arg;
}

static void says_hash(struct forge *f)
{
	f->sig_hash = (uint16_t)f->arg;
}

static void sig_trailing(struct forge *f)
{
	f->ev.quote_sig = concat((struct bq_view[]){f->ev.quote_sig, VIEW("\0")}, 2);
}

static void sig_leading(struct forge *f)
{
	f->ev.quote_sig = concat((struct bq_view[]){VIEW("\0"), f->ev.quote_sig}, 2);
}

static void sig_short(struct forge *f)
{
	f->ev.quote_sig.n--;
}

static void sig_none(struct forge *f)
{
	f->ev.quote_sig.n = 0;
}

static void sig_zero(struct forge *f)
{
	memset(writable(&f->ev.quote_sig), 0, f->ev.quote_sig.n);
}

static void sig_form(struct forge *f)
{
	f->ev.sig_is_raw = !f->ev.sig_is_raw;
}

/* --- the message ----------------------------------------------------------------- */

static void no_quote(struct forge *f)
{
	f->ev.quote_msg.n = f->ev.quote_sig.n = 0;
}

static void magic(struct forge *f)
{
	f->magic = (uint32_t)f->arg;
}

static void type(struct forge *f)
{
	f->type = (uint16_t)f->arg;
}

static void trailing(struct forge *f)
{
	f->trailing = (size_t)f->arg;
}

static void nonce(struct forge *f)
{
	f->nonce = bq_view_str(f->text);
}

static void nonce_with_nul(struct forge *f)
{
	f->nonce = VIEW("a nonce of ours\0");
}

/* A quote for somebody else, and our nonce written into it. */
static void patched_nonce(struct forge *f)
{
	uint8_t *p = writable(&f->ev.quote_msg);
	struct bq_attest a;

	ck_assert_int_eq(bq_attest_parse(f->ev.quote_msg, &a), 0);
	ck_assert_uint_eq(a.extra_data.n, f->expect.nonce.n);
	memcpy(p + (a.extra_data.p - p), f->expect.nonce.p, f->expect.nonce.n);
}

/* --- PCRs ------------------------------------------------------------------------- */

static void swap(struct forge *f)
{
	struct bq_pcr_bank *b = bank(f);
	uint8_t t[BQ_DIGEST_MAX];

	memcpy(t, b->value[LOCKED], sizeof(t));
	memcpy(b->value[LOCKED], b->value[FREE], sizeof(t));
	memcpy(b->value[FREE], t, sizeof(t));
}

static void other_value(struct forge *f)
{
	bank(f)->value[f->variant][31] ^= 1;
}

static void all_but_one(struct forge *f)
{
	f->pcrs.bank[0].mask &= ~(1u << SHIFTED);
}

/* The values that were quoted, one after another: all after the gap have moved. */
static void shift(struct forge *f)
{
	struct bq_pcr_bank *b = bank(f);

	for (unsigned i = SHIFTED; i + 1 < BQ_PCRS; i++)
		memcpy(b->value[i], b->value[i + 1], sizeof(b->value[i]));
}

static void only_free(struct forge *f)
{
	f->pcrs.bank[0].mask = 1u << FREE;
}

/* The right value, under the number of a PCR that was not quoted. */
static void renamed(struct forge *f)
{
	struct bq_pcr_bank *b = bank(f);

	memcpy(b->value[LOCKED], b->value[FREE], sizeof(b->value[LOCKED]));
	b->mask = 1u << LOCKED;
}

static void value_withheld(struct forge *f)
{
	bank(f)->mask &= ~(1u << LOCKED);
}

static void no_pcr(struct forge *f)
{
	f->pcrs.bank[0].mask = 0;
}

static void no_bank(struct forge *f)
{
	f->pcrs.n = 0;
}

/* With all its values in the evidence, and the digest of them. */
static void other_bank(struct forge *f)
{
	struct bq_pcr_bank *b = bq_pcr_bank_of(&f->ev.pcrs, (uint16_t)f->arg);

	memcpy(b->value, bank(f)->value, sizeof(b->value));
	b->mask = 0xFFFFFF;
	f->pcrs.bank[0].alg = (uint16_t)f->arg;
}

static void two_banks(struct forge *f)
{
	other_bank(f);
	f->pcrs.bank[1] = f->pcrs.bank[0];
	f->pcrs.bank[0].alg = TPM_ALG_SHA256;
	f->pcrs.n = 2;
}

static void bank_in_two(struct forge *f)
{
	f->pcrs.n = 2;
	f->pcrs.bank[0].mask = 0xFF;
	f->pcrs.bank[1] = (struct bq_pcr_select){TPM_ALG_SHA256, 0xFFFF00};
}

static void add(void *ctx, struct bq_view value)
{
	bq_hash_add(ctx, value);
}

static void other_hash(struct forge *f)
{
	struct bq_hash c;

	bq_hash_init(&c, (uint16_t)f->arg);
	ck_assert_int_eq(bq_pcr_each(&f->pcrs, &f->ev.pcrs, add, &c), 0);
	bq_hash_end(&c, f->digest);
	f->digest_n = bq_alg_size((uint16_t)f->arg);
	f->own_digest = true;
}

static void digest_of(struct forge *f)
{
	f->digest_n = (size_t)f->arg;
}

static void digest_zero(struct forge *f)
{
	f->own_digest = true;
}

const struct maker quote_makers[] = {
	{"quote/other-ak", milan, .change = other_ak},
	{"quote/signed-sha1", milan, .change = signed_with, .text = "SHA1"},
	{"quote/signed-sha384", milan, .change = signed_with, .text = "SHA384"},
	{"quote/pss-raw", milan, .spoil = pss},
	{"quote/pss-as-rsassa", milan_tpmt, .spoil = pss, .arg = TPM_ALG_RSASSA},
	{"quote/pss", milan_tpmt, .spoil = pss, .arg = TPM_ALG_RSAPSS},
	{"quote/ecdsa-as-rsassa", milan_tpmt, .spoil = ecdsa_as_rsassa},
	{"quote/ecdsa", milan_tpmt, .spoil = ecdsa},
	{"quote/says-pss", milan_tpmt, .change = says_alg, .arg = TPM_ALG_RSAPSS},
	{"quote/says-null", milan_tpmt, .change = says_alg, .arg = TPM_ALG_NULL},
	{"quote/says-sha1", milan_tpmt, .change = says_hash, .arg = TPM_ALG_SHA1},
	{"quote/says-sha384", milan_tpmt, .change = says_hash, .arg = TPM_ALG_SHA384},
	{"quote/sig-trailing", milan_tpmt, .spoil = sig_trailing},
	{"quote/sig-trailing-raw", milan, .spoil = sig_trailing},
	{"quote/sig-leading-zero", milan, .spoil = sig_leading},
	{"quote/sig-short", milan, .spoil = sig_short},
	{"quote/sig-missing", milan, .spoil = sig_none},
	{"quote/sig-zero", milan, .spoil = sig_zero},
	{"quote/sig-raw-as-tpmt", milan, .spoil = sig_form},
	{"quote/sig-tpmt-as-raw", milan_tpmt, .spoil = sig_form},
	{"quote/missing", milan_user_data, .spoil = no_quote},
	{"quote/magic", milan, .change = magic, .arg = 0x43475D54},
	{"quote/certify", milan, .change = type, .arg = 0x8017},
	{"quote/creation", milan, .change = type, .arg = 0x801A},
	{"quote/time", milan, .change = type, .arg = 0x8019},
	{"quote/nv", milan, .change = type, .arg = 0x8014},
	{"quote/trailing", milan, .change = trailing, .arg = 1},
	{"quote/trailing-32", milan, .change = trailing, .arg = 32},
	{"quote/nonce-empty", milan, .change = nonce, .text = ""},
	{"quote/nonce-prefix", milan, .change = nonce, .text = "a nonce of our"},
	{"quote/nonce-longer", milan, .change = nonce, .text = "a nonce of ours!"},
	{"quote/nonce-nul", milan, .change = nonce_with_nul},
	{"quote/nonce-other", milan, .change = nonce, .text = "a nonce of Eves"},
	{"quote/nonce-suffix", milan, .change = nonce, .text = "nonce of ours"},
	{"quote/nonce-patched", milan, .change = nonce, .spoil = patched_nonce,
	 .text = "a nonce of Eves"},
	{"quote/values-swapped", milan, .spoil = swap},
	{"quote/value-changed", milan, .spoil = other_value, .variants = BQ_PCRS},
	{"quote/values-shifted", milan, .change = all_but_one, .spoil = shift},
	{"quote/value-renamed", milan, .change = only_free, .spoil = renamed},
	{"quote/value-withheld", milan, .spoil = value_withheld},
	{"quote/no-pcr", milan, .change = no_pcr},
	{"quote/no-bank", milan, .change = no_bank},
	{"quote/sha1-bank", milan, .change = other_bank, .arg = TPM_ALG_SHA1},
	{"quote/sha384-bank", milan, .change = other_bank, .arg = TPM_ALG_SHA384},
	{"quote/two-banks", milan, .change = two_banks, .arg = TPM_ALG_SHA1},
	{"quote/bank-in-two", milan, .change = bank_in_two},
	{"quote/digest-sha1", milan, .change = other_hash, .arg = TPM_ALG_SHA1},
	{"quote/digest-sha384", milan, .change = other_hash, .arg = TPM_ALG_SHA384},
	{"quote/digest-sha512", milan, .change = other_hash, .arg = TPM_ALG_SHA512},
	{"quote/digest-empty", milan, .change = digest_of, .arg = 0},
	{"quote/digest-prefix", milan, .change = digest_of, .arg = 31},
	{"quote/digest-longer", milan, .change = digest_of, .arg = 33},
	{"quote/digest-zero", milan, .change = digest_zero},
	{0},
};

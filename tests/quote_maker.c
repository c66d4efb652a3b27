#include "quote_maker.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

EVP_PKEY *quote_key[QUOTE_KINDS], *quote_other_rsa, *quote_p521;

void quote_keys(void)
{
	quote_key[QUOTE_RSASSA] = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	quote_key[QUOTE_RSAPSS] = quote_key[QUOTE_RSASSA];
	quote_key[QUOTE_P256] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	quote_key[QUOTE_P384] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	quote_other_rsa = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	quote_p521 = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-521");
}

void quote_keys_free(void)
{
	EVP_PKEY_free(quote_key[QUOTE_RSASSA]);
	EVP_PKEY_free(quote_key[QUOTE_P256]);
	EVP_PKEY_free(quote_key[QUOTE_P384]);
	EVP_PKEY_free(quote_other_rsa);
	EVP_PKEY_free(quote_p521);
}

void quote_begin(struct quote_maker *m, enum quote_kind kind)
{
	*m = (struct quote_maker){
		.key = quote_key[kind],
		.hash = kind == QUOTE_P384 ? "SHA384" : "SHA256",
		.hash_alg = kind == QUOTE_P384 ? TPM_ALG_SHA384 : TPM_ALG_SHA256,
		.magic = TPM_GENERATED_VALUE,
		.type = TPM_ST_ATTEST_QUOTE,
		.signed_sel = {2, {{TPM_ALG_SHA256, 0x010081}, {TPM_ALG_SHA1, 0x000002}}},
	};
	if (kind == QUOTE_RSASSA || kind == QUOTE_RSAPSS)
		m->padding = kind == QUOTE_RSASSA ? RSA_PKCS1_PADDING : RSA_PKCS1_PSS_PADDING;
	m->sel = m->signed_sel;
	for (unsigned i = 0; i < m->sel.n; i++) {
		struct bq_pcr_bank *b = bq_pcr_bank_of(&m->pcrs, m->sel.bank[i].alg);

		b->mask = 0xFFFFFF;
		for (unsigned k = 0; k < BQ_PCRS; k++)
			memset(b->value[k], (int)(k + 1), sizeof(b->value[k]));
	}
	m->q.nonce = QUOTE_NONCE;
}

struct bq_view quote_key_pem(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct bq_view v;
	char *p;

	ck_assert_int_eq(PEM_write_bio_PUBKEY(bio, key), 1);
	v = bq_view_of(p, (size_t)BIO_get_mem_data(bio, &p));
	v = tight_copy(bq_view_of(p, v.n));
	BIO_free(bio);
	return v;
}

static void add(void *ctx, struct bq_view value)
{
	ck_assert_int_eq(EVP_DigestUpdate(ctx, value.p, value.n), 1);
}

static void put_digest(struct bq_wr *w, const struct quote_maker *m)
{
	EVP_MD *md = EVP_MD_fetch(NULL, m->hash, NULL);
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	uint8_t hash[64];
	unsigned n;

	ck_assert_int_eq(EVP_DigestInit_ex2(c, md, NULL), 1);
	ck_assert_int_eq(bq_pcr_each(&m->signed_sel, &m->pcrs, add, c), 0);
	ck_assert_int_eq(EVP_DigestFinal_ex(c, hash, &n), 1);
	bq_wr_2b(w, bq_view_of(hash, n));
	EVP_MD_CTX_free(c);
	EVP_MD_free(md);
}

static struct bq_view make_msg(const struct quote_maker *m)
{
	uint8_t buf[400];
	struct bq_view v = {0};
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_be32(&w, m->magic);
	bq_wr_be16(&w, m->type);
	bq_wr_2b(&w, VIEW("name"));
	bq_wr_2b(&w, QUOTE_NONCE);
	bq_wr_zeros(&w, 25); /* clock, counts, safe, firmware */
	bq_pcr_list_write(&w, &m->signed_sel);
	put_digest(&w, m);
	bq_wr_zeros(&w, m->trailing);
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	return tight_copy(v);
}

struct bq_view quote_plain_sig(const struct quote_maker *m)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	EVP_PKEY_CTX *k;
	uint8_t sig[600];
	size_t n = sizeof(sig);

	ck_assert_int_eq(EVP_DigestSignInit_ex(c, &k, m->hash, NULL, NULL,
					       m->signer != NULL ? m->signer : m->key, NULL),
			 1);
	if (m->padding != 0)
		ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(k, m->padding), 1);
	ck_assert_int_eq(EVP_DigestSign(c, sig, &n, m->q.msg.p, m->q.msg.n), 1);
	EVP_MD_CTX_free(c);
	return tight_copy(bq_view_of(sig, n));
}

static void put_bn(struct bq_wr *w, const BIGNUM *x)
{
	uint8_t bytes[66];

	bq_wr_2b(w, bq_view_of(bytes, (size_t)BN_bn2bin(x, bytes)));
}

/* TPMT_SIGNATURE of a plain one */
static struct bq_view as_tss(const struct quote_maker *m, struct bq_view plain)
{
	const unsigned char *at = plain.p;
	uint8_t buf[600];
	struct bq_view v = {0};
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	if (m->padding != 0) {
		bq_wr_be16(&w, m->padding == RSA_PKCS1_PADDING ? TPM_ALG_RSASSA : TPM_ALG_RSAPSS);
		bq_wr_be16(&w, m->hash_alg);
		bq_wr_2b(&w, plain);
	} else {
		ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)plain.n);

		bq_wr_be16(&w, TPM_ALG_ECDSA);
		bq_wr_be16(&w, m->hash_alg);
		put_bn(&w, ECDSA_SIG_get0_r(sig));
		put_bn(&w, ECDSA_SIG_get0_s(sig));
		ECDSA_SIG_free(sig);
	}
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	return tight_copy(v);
}

void quote_make(struct quote_maker *m)
{
	m->q.key = quote_key_pem(m->key);
	m->q.msg = make_msg(m);
	m->q.sig = as_tss(m, quote_plain_sig(m));
	m->q.sel = &m->sel;
	m->q.pcrs = &m->pcrs;
}

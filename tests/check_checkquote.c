/* Quotes on their own: every kind of key, and everything that can be wrong. */
#include "support.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NONCE    VIEW("once")

/* What there is to be judged, from parts that a test may change before. */
struct maker {
	EVP_PKEY *key, *signer; /* signer NULL: key */
	int padding;            /* of RSA */
	const char *hash;
	uint16_t hash_alg;
	uint32_t magic;
	uint16_t type;
	struct bq_pcr_list signed_sel, sel;
	struct bq_pcr_values pcrs;
	size_t trailing;
	struct bq_checkquote q;
};

enum kind {
	RSASSA,
	RSAPSS,
	P256,
	P384,
	KINDS,
};

static EVP_PKEY *keys[KINDS], *other_rsa, *p521;

static void make_keys(void)
{
	keys[RSASSA] = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	keys[RSAPSS] = keys[RSASSA];
	keys[P256] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	keys[P384] = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	other_rsa = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	p521 = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-521");
}

static void free_keys(void)
{
	EVP_PKEY_free(keys[RSASSA]);
	EVP_PKEY_free(keys[P256]);
	EVP_PKEY_free(keys[P384]);
	EVP_PKEY_free(other_rsa);
	EVP_PKEY_free(p521);
}

static void begin(struct maker *m, enum kind kind)
{
	*m = (struct maker){
		.key = keys[kind],
		.hash = kind == P384 ? "SHA384" : "SHA256",
		.hash_alg = kind == P384 ? TPM_ALG_SHA384 : TPM_ALG_SHA256,
		.magic = TPM_GENERATED_VALUE,
		.type = TPM_ST_ATTEST_QUOTE,
		.signed_sel = {2, {{TPM_ALG_SHA256, 0x010081}, {TPM_ALG_SHA1, 0x000002}}},
	};
	if (kind == RSASSA || kind == RSAPSS)
		m->padding = kind == RSASSA ? RSA_PKCS1_PADDING : RSA_PKCS1_PSS_PADDING;
	m->sel = m->signed_sel;
	for (unsigned i = 0; i < m->sel.n; i++) {
		struct bq_pcr_bank *b = bq_pcr_bank_of(&m->pcrs, m->sel.bank[i].alg);

		b->mask = 0xFFFFFF;
		for (unsigned k = 0; k < BQ_PCRS; k++)
			memset(b->value[k], (int)(k + 1), sizeof(b->value[k]));
	}
	m->q.nonce = NONCE;
}

static struct bq_view pem_of_key(EVP_PKEY *key)
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

static void put_digest(struct bq_wr *w, const struct maker *m)
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

static struct bq_view make_msg(const struct maker *m)
{
	uint8_t buf[400];
	struct bq_view v = {0};
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_be32(&w, m->magic);
	bq_wr_be16(&w, m->type);
	bq_wr_2b(&w, VIEW("name"));
	bq_wr_2b(&w, NONCE);
	bq_wr_zeros(&w, 25); /* clock, counts, safe, firmware */
	bq_pcr_list_write(&w, &m->signed_sel);
	put_digest(&w, m);
	bq_wr_zeros(&w, m->trailing);
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	return tight_copy(v);
}

static struct bq_view sign(const struct maker *m)
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
static struct bq_view as_tss(const struct maker *m, struct bq_view plain)
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

static void make(struct maker *m)
{
	m->q.key = pem_of_key(m->key);
	m->q.msg = make_msg(m);
	m->q.sig = as_tss(m, sign(m));
	m->q.sel = &m->sel;
	m->q.pcrs = &m->pcrs;
}

static const struct bq_check *check_of(const struct bq_verdict *v, const char *name)
{
	const struct bq_check *c = bq_verdict_check(v, name);

	ck_assert_ptr_nonnull(c);
	return c;
}

/* Judged, with these checks failed and no others; names between spaces. */
static void judge(struct maker *m, const char *fails)
{
	static struct bq_verdict v;
	char failed[400] = "";

	ck_assert_int_eq(bq_checkquote(&m->q, &v), 0);
	ck_assert_uint_eq(v.n, 6);
	for (unsigned i = 0; i < v.n; i++) {
		if (v.checks[i].result != BQ_FAIL)
			continue;
		strcat(failed, failed[0] != '\0' ? " " : "");
		strcat(failed, v.checks[i].name);
	}
	ck_assert_str_eq(failed, fails);
	ck_assert_int_eq(v.accepted, fails[0] == '\0');
}

START_TEST(each_kind_of_key)
{
	struct bq_verdict v;
	struct maker m;

	begin(&m, (enum kind)_i);
	make(&m);
	judge(&m, "");
	ck_assert_int_eq(bq_checkquote(&m.q, &v), 0);
	ck_assert_int_eq(check_of(&v, "quote.pcr_digest")->result, BQ_PASS);
	ck_assert_int_eq(check_of(&v, "eventlog.replay")->result, BQ_SKIP);
	m.q.sig = sign(&m); /* plain */
	m.q.hash = m.hash_alg;
	judge(&m, "");
	m.q.hash = TPM_ALG_SHA512;
	judge(&m, "quote.signature quote.pcr_digest");
	m.q.hash = 0;
	judge(&m, "quote.signature quote.pcr_digest");
	m.q.sel = NULL;
	m.q.hash = m.hash_alg;
	judge(&m, "");
}
END_TEST

/* --- what can be wrong ---------------------------------------------------- */

static void magic(struct maker *m)
{
	m->magic ^= 1;
}

static void type(struct maker *m)
{
	m->type = 0x8017; /* TPM_ST_ATTEST_CERTIFY */
}

static void trailing(struct maker *m)
{
	m->trailing = 1;
}

static void signer(struct maker *m)
{
	m->signer = other_rsa;
}

static void nonce(struct maker *m)
{
	m->q.nonce = VIEW("twice");
}

static void no_nonce(struct maker *m)
{
	m->q.nonce = VIEW("");
}

static void other_pcr(struct maker *m)
{
	m->sel.bank[0].mask ^= 0x000300;
}

static void pcr_less(struct maker *m)
{
	m->sel.bank[0].mask ^= 0x000080;
}

static void other_bank(struct maker *m)
{
	m->sel.bank[1].alg = TPM_ALG_SHA384;
}

static void bank_less(struct maker *m)
{
	m->sel.n = 1;
}

static void bank_more(struct maker *m)
{
	m->sel.bank[m->sel.n++] = (struct bq_pcr_select){TPM_ALG_SHA384, 0};
}

static void other_order(struct maker *m)
{
	m->sel.bank[0] = m->signed_sel.bank[1];
	m->sel.bank[1] = m->signed_sel.bank[0];
}

#define SELECTION "quote.pcr_selection"

static const struct {
	void (*how)(struct maker *m);
	const char *fails;
} cases[] = {
	{magic, "quote.format"},     {type, "quote.format"}, {trailing, "quote.format"},
	{signer, "quote.signature"}, {nonce, "quote.nonce"}, {no_nonce, "quote.nonce"},
	{other_pcr, SELECTION},      {pcr_less, SELECTION},  {other_bank, SELECTION},
	{bank_less, SELECTION},      {bank_more, SELECTION}, {other_order, SELECTION},
};

START_TEST(forged)
{
	struct maker m;

	begin(&m, RSASSA);
	cases[_i].how(&m);
	make(&m);
	judge(&m, cases[_i].fails);
}
END_TEST

/* Values are what was hashed, in every PCR that was quoted and in no other. */
START_TEST(each_value)
{
	struct maker m;

	begin(&m, P256);
	make(&m);
	for (unsigned b = 0; b < m.pcrs.n; b++) {
		for (unsigned i = 0; i < BQ_PCRS; i++) {
			bool quoted = (m.sel.bank[b].mask >> i & 1) != 0;

			m.pcrs.bank[b].value[i][3] ^= 1;
			judge(&m, quoted ? "quote.pcr_digest" : "");
			m.pcrs.bank[b].value[i][3] ^= 1;
		}
	}
	m.pcrs.bank[0].mask ^= 1; /* a value that is missing */
	judge(&m, "quote.pcr_digest");
}
END_TEST

/* A bit of the signed message, or of the signature, counts wherever it is. */
START_TEST(each_byte)
{
	struct bq_verdict v;
	struct maker m;
	uint8_t *p;

	begin(&m, (enum kind)_i);
	make(&m);
	p = (uint8_t *)(uintptr_t)m.q.msg.p;
	for (size_t i = 0; i < m.q.msg.n; i++) {
		p[i] ^= 0x10;
		ck_assert_int_eq(bq_checkquote(&m.q, &v), 0);
		ck_assert_int_eq(check_of(&v, "quote.signature")->result, BQ_FAIL);
		p[i] ^= 0x10;
	}
	p = (uint8_t *)(uintptr_t)m.q.sig.p;
	for (size_t i = 0; i < m.q.sig.n; i++) {
		p[i] ^= 0x10;
		ck_assert_int_eq(bq_checkquote(&m.q, &v), 0);
		ck_assert_int_eq(check_of(&v, "quote.signature")->result, BQ_FAIL);
		p[i] ^= 0x10;
	}
	judge(&m, "");
}
END_TEST

START_TEST(truncations)
{
	struct bq_verdict v;
	struct bq_checkquote q;
	struct maker m;

	begin(&m, P256);
	make(&m);
	q = m.q;
	for (size_t n = 0; n < m.q.msg.n; n++) {
		q.msg = tight_copy(bq_view_of(m.q.msg.p, n));
		ck_assert_int_eq(bq_checkquote(&q, &v), 0);
		ck_assert_int_eq(check_of(&v, "quote.format")->result, BQ_FAIL);
	}
	q = m.q;
	for (size_t n = 0; n < m.q.sig.n; n++) {
		q.sig = tight_copy(bq_view_of(m.q.sig.p, n));
		ck_assert_int_eq(bq_checkquote(&q, &v), 0);
		ck_assert_int_eq(check_of(&v, "quote.signature")->result, BQ_FAIL);
	}
	q = m.q;
	for (size_t n = 0; n + 1 < m.q.key.n; n++) { /* but for the last newline */
		q.key = tight_copy(bq_view_of(m.q.key.p, n));
		ck_assert_int_eq(bq_checkquote(&q, &v), BQ_E_PUBLIC);
	}
}
END_TEST

START_TEST(unusable_keys)
{
	struct bq_verdict v;
	struct maker m;

	begin(&m, RSASSA);
	make(&m);
	m.q.key = pem_of_key(p521);
	v.accepted = false;
	ck_assert_int_eq(bq_checkquote(&m.q, &v), BQ_E_PUBLIC);
	ck_assert(!v.accepted);
	m.q.key = VIEW("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
	ck_assert_int_eq(bq_checkquote(&m.q, &v), BQ_E_PUBLIC);
	/* A key of another kind than the signature. */
	m.q.key = pem_of_key(keys[P256]);
	judge(&m, "quote.signature");
	begin(&m, P256);
	make(&m);
	m.q.key = pem_of_key(keys[RSASSA]);
	judge(&m, "quote.signature");
}
END_TEST

/* --- event logs ------------------------------------------------------------ */

/* SHA-1 format: one event for PCR 1, its digest that of "boot". */
static struct bq_view make_log(uint8_t changed)
{
	uint8_t buf[64], sha1[20];
	struct bq_view v = {0};
	struct bq_wr w;
	struct bq_hash h;

	ck_assert_int_eq(bq_hash_init(&h, TPM_ALG_SHA1), 0);
	bq_hash_add(&h, VIEW("boot"));
	bq_hash_end(&h, sha1);
	sha1[0] ^= changed;
	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_le32(&w, 1);
	bq_wr_le32(&w, EV_ACTION);
	bq_wr_view(&w, bq_view_of(sha1, sizeof(sha1)));
	bq_wr_le32(&w, 4);
	bq_wr_view(&w, VIEW("boot"));
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	return tight_copy(v);
}

/* A quote of PCRs that have just been started and extended as the log says. */
static void begin_booted(struct maker *m)
{
	struct bq_pcr_values replayed;
	struct bq_pcr_bank *b;

	begin(m, P256);
	ck_assert_int_eq(bq_eventlog_replay(make_log(0), bq_hash_of, &replayed), 0);
	m->signed_sel = m->sel = (struct bq_pcr_list){1, {{TPM_ALG_SHA1, 0x020003}}};
	b = bq_pcr_bank_of(&m->pcrs, TPM_ALG_SHA1);
	memset(b->value[0], 0, sizeof(b->value[0]));
	memcpy(b->value[1], replayed.bank[0].value[1], 20);
	memset(b->value[17], 0xFF, sizeof(b->value[17]));
}

/* The log itself is refused, in these words. */
static void log_refused(struct maker *m, const char *words)
{
	struct bq_verdict v;

	judge(m, "eventlog.replay");
	ck_assert_int_eq(bq_checkquote(&m->q, &v), 0);
	ck_assert_ptr_nonnull(strstr(check_of(&v, "eventlog.replay")->detail, words));
}

START_TEST(eventlogs)
{
	struct bq_view log = make_log(0);
	struct maker m;

	begin_booted(&m);
	make(&m);
	m.q.eventlog = log;
	judge(&m, "");
	m.q.eventlog = make_log(1);
	log_refused(&m, "PCR 1: the log leads to ");
	log_refused(&m, "event 0, at offset 0, has a digest that is not its data's");
	for (size_t n = 1; n < log.n; n++) {
		m.q.eventlog = tight_copy(bq_view_of(log.p, n));
		judge(&m, "eventlog.replay");
	}
	m.q.eventlog = log;
	m.q.sel = NULL;
	judge(&m, "eventlog.replay");
}
END_TEST

/* PCRs that nothing extended, of a bank that the log says nothing about. */
START_TEST(bank_that_the_log_lacks)
{
	struct maker m;

	begin_booted(&m);
	m.signed_sel = m.sel =
		(struct bq_pcr_list){2, {{TPM_ALG_SHA1, 0x000002}, {TPM_ALG_SHA256, 0x000001}}};
	memset(bq_pcr_bank_of(&m.pcrs, TPM_ALG_SHA256)->value[0], 0, 32);
	make(&m);
	m.q.eventlog = make_log(0);
	log_refused(&m, "the log has no sha256 digests");
}
END_TEST

START_TEST(eventlog_of_no_pcr)
{
	struct maker m;

	begin_booted(&m);
	m.signed_sel = m.sel = (struct bq_pcr_list){_i == 0 ? 0 : 1, {{TPM_ALG_SHA1, 0}}};
	make(&m);
	m.q.eventlog = make_log(0);
	log_refused(&m, "the quote is of no PCR");
}
END_TEST

START_TEST(quote_before_the_event)
{
	struct maker m;

	begin_booted(&m);
	memset(bq_pcr_bank_of(&m.pcrs, TPM_ALG_SHA1)->value[1], 0, 20);
	make(&m);
	m.q.eventlog = make_log(0);
	log_refused(&m, "the quote was made before event 0");
}
END_TEST

Suite *suite_checkquote(void)
{
	Suite *s = suite_create("checkquote");
	TCase *tc = tcase_create("checkquote");

	tcase_set_timeout(tc, 60);
	tcase_add_unchecked_fixture(tc, make_keys, free_keys);
	tcase_add_loop_test(tc, each_kind_of_key, 0, KINDS);
	tcase_add_loop_test(tc, forged, 0, (int)COUNT(cases));
	tcase_add_test(tc, each_value);
	tcase_add_loop_test(tc, each_byte, 0, KINDS);
	tcase_add_test(tc, truncations);
	tcase_add_test(tc, unusable_keys);
	tcase_add_test(tc, eventlogs);
	tcase_add_test(tc, bank_that_the_log_lacks);
	tcase_add_loop_test(tc, eventlog_of_no_pcr, 0, 2);
	tcase_add_test(tc, quote_before_the_event);
	suite_add_tcase(s, tc);
	return s;
}

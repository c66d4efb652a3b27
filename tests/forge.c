#include "forge.h"

#include <stdio.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "quoted.h"

#define CHECKS 27 /* that are always listed */

static EVP_PKEY *ak_key;

void forge_keys(void)
{
	(void)mint_keys();
	if (ak_key == NULL)
		ak_key = EVP_RSA_gen(2048);
	X509_free(forge_ca(BQ_PRODUCT_MILAN, SIM_ARK));
	ck_assert_ptr_nonnull(ak_key);
}

static struct bq_view keep(const void *p, size_t n)
{
	return tight_copy(bq_view_of(p, n));
}

struct bq_view concat(const struct bq_view *v, size_t n)
{
	size_t total = 0, at = 0;
	uint8_t *p;

	for (size_t i = 0; i < n; i++)
		total += v[i].n;
	p = must_alloc(total);
	for (size_t i = 0; i < n; i++) {
		memcpy(p + at, v[i].p, v[i].n);
		at += v[i].n;
	}
	return bq_view_of(p, total);
}

uint8_t *writable(struct bq_view *v)
{
	uint8_t *p = must_alloc(v->n);

	memcpy(p, v->p, v->n);
	v->p = p;
	return p;
}

static struct bq_view pem_join(X509 *const *x, size_t n)
{
	char *pem = sim_pem(x, n); /* NULL: no certificate at all */
	struct bq_view v = bq_view_of(NULL, 0);

	if (pem != NULL)
		v = keep(pem, strlen(pem));
	OPENSSL_free(pem);
	return v;
}

struct bq_view pem_of(X509 *x)
{
	struct bq_view v = pem_join(&x, 1);

	X509_free(x);
	return v;
}

struct bq_view crl_pem(X509_CRL *crl)
{
	BIO *b = BIO_new(BIO_s_mem());
	struct bq_view v;
	char *p;
	long n;

	ck_assert(crl != NULL && PEM_write_bio_X509_CRL(b, crl) == 1);
	n = BIO_get_mem_data(b, &p);
	v = keep(p, (size_t)n);
	BIO_free(b);
	X509_CRL_free(crl);
	return v;
}

void set_issuer(X509 *x, const char *cn)
{
	X509_NAME *n = sim_amd_name(cn);

	ck_assert_int_eq(X509_set_issuer_name(x, n), 1);
	X509_NAME_free(n);
}

void forge_ext(struct forge *f, enum sim_ext ext, const char *raw)
{
	struct sim_ext_edit *e = &f->leaf.ext[ext];
	struct bq_view v;

	e->omit = raw == NULL;
	if (raw == NULL)
		return;
	e->twice = strcmp(raw, "+") == 0;
	e->add = strcmp(raw, "!") == 0;
	if (e->twice || e->add)
		return;
	v = from_hex(raw);
	ck_assert_uint_le(v.n, sizeof(e->raw));
	memcpy(e->raw, v.p, v.n);
	e->raw_n = v.n;
}

/* Made once for each product: RSA-4096 takes its time. */
static X509 *genuine_ark(enum bq_product p)
{
	static X509 *made[BQ_PRODUCT_VENICE + 1];
	EVP_PKEY *key = mint_keys()->ark;
	struct sim_ca c = sim_ca_like_amd(p, SIM_ARK);

	if (made[p] == NULL)
		made[p] = sim_ca_cert(&c, key, NULL, key);
	ck_assert(made[p] != NULL && X509_up_ref(made[p]) == 1);
	return made[p];
}

X509 *forge_ca(enum bq_product p, enum sim_ca_role role)
{
	const struct sim_keys *k = mint_keys();
	struct sim_ca c = sim_ca_like_amd(p, role);
	X509 *ark = genuine_ark(p), *x;

	if (role == SIM_ARK)
		return ark;
	x = sim_ca_cert(&c, role == SIM_ASK ? k->ask : k->asvk, ark, k->ark);
	X509_free(ark);
	ck_assert_ptr_nonnull(x);
	return x;
}

static void begin_certs(struct forge *f, bool vlek)
{
	const struct sim_keys *k = f->keys;

	f->ark = sim_ca_like_amd(f->product, SIM_ARK);
	f->ca = sim_ca_like_amd(f->product, vlek ? SIM_ASVK : SIM_ASK);
	f->leaf = sim_leaf_like_amd(f->product, vlek);
	f->ark_key = f->ca_signer = k->ark;
	f->ca_key = f->leaf_signer = vlek ? k->asvk : k->ask;
	f->leaf_key = f->report_key = vlek ? k->vlek : k->vcek;
	f->bring_ca = f->bring_leaf = true;
}

void forge_ak(struct forge *f, EVP_PKEY *key)
{
	BIGNUM *n = NULL;

	f->ak = key;
	ck_assert_int_eq(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n), 1);
	f->n_len = (size_t)BN_bn2bin(n, f->n);
	BN_free(n);
}

EVP_PKEY *rsa_with_exponent_3(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	BIGNUM *e = BN_new();
	EVP_PKEY *key = NULL;

	ck_assert(e != NULL && BN_set_word(e, 3) == 1);
	ck_assert_int_eq(EVP_PKEY_keygen_init(ctx), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e), 1);
	ck_assert_int_eq(EVP_PKEY_generate(ctx, &key), 1);
	BN_free(e);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static void begin_quote(struct forge *f)
{
	struct bq_pcr_bank *bank = bq_pcr_bank_of(&f->ev.pcrs, TPM_ALG_SHA256);

	forge_ak(f, ak_key);
	f->e = "AQAB";
	f->aks = 1;
	f->hash_type = BQ_HCL_SHA256;
	f->magic = TPM_GENERATED_VALUE;
	f->type = TPM_ST_ATTEST_QUOTE;
	f->sig_alg = TPM_ALG_RSASSA;
	f->sig_hash = TPM_ALG_SHA256;
	f->sign_with = "SHA256";
	f->digest_n = BQ_SHA256_SIZE;
	f->nonce = VIEW("a nonce of ours");
	f->pcrs = (struct bq_pcr_list){1, {{TPM_ALG_SHA256, 0xFFFFFF}}};
	bank->mask = 0xFFFFFF;
	for (unsigned i = 0; i < BQ_PCRS; i++)
		memset(bank->value[i], (int)(i + 1), 32);
	f->expect.has_nonce = true;
	f->expect.nonce = f->nonce;
}

void forge_begin(struct forge *f, enum bq_product p, bool vlek)
{
	*f = (struct forge){.product = p, .keys = mint_keys()};
	begin_certs(f, vlek);
	begin_quote(f);
	f->report = sim_report_like_azure(p, 3);
	if (vlek)
		f->report.key_info = BQ_SNP_SIGNING_KEY_VLEK << 2;
	f->ev.format = BQ_EVIDENCE_COCO1;
	f->ev.sig_is_raw = true;
	f->policy = vlek ? "{\"snp\":{\"allow_vlek\":true}}" : NULL;
}

void forge_begin_bare(struct forge *f, enum bq_product p, bool vlek)
{
	forge_begin(f, p, vlek);
	f->ev.format = BQ_EVIDENCE_SNP;
	f->expect = (struct bq_expect){.no_nonce = true};
}

static X509 *edited(X509 *x, void (*edit)(X509 *x), EVP_PKEY *signer, const struct sim_signing *s)
{
	ck_assert_ptr_nonnull(x);
	if (edit != NULL) {
		edit(x);
		x = sim_cert_end(x, true, signer, s);
		ck_assert_ptr_nonnull(x);
	}
	return x;
}

static void make_certs(struct forge *f)
{
	X509 *root = forge_ca(f->product, SIM_ARK);
	X509 *ark = f->bring_ark ? sim_ca_cert(&f->ark, f->ark_key, NULL, f->ark_key) : NULL;
	X509 *ca = edited(sim_ca_cert(&f->ca, f->ca_key, root, f->ca_signer), f->edit_ca,
			  f->ca_signer, &f->ca.signing);
	X509 *leaf = edited(sim_leaf_cert(&f->leaf, f->leaf_key, ca, f->leaf_signer), f->edit_leaf,
			    f->leaf_signer, &f->leaf.signing);
	X509 *all[] = {f->extra, ark, f->bring_ca ? ca : NULL, f->bring_leaf ? leaf : NULL};

	ck_assert(!f->bring_ark || ark != NULL);
	f->ev.certs[0] = pem_join(all, sizeof(all) / sizeof(all[0]));
	if (f->roots.n == 0)
		f->roots = pem_join(&root, 1);
	X509_free(f->extra);
	f->extra = NULL;
	X509_free(leaf);
	X509_free(ca);
	X509_free(ark);
	X509_free(root);
}

static void put_key(struct bq_jw *w, const struct forge *f)
{
	bq_jw_object(w, NULL);
	bq_jw_str(w, "kid", "HCLAkPub");
	bq_jw_str(w, "kty", "RSA");
	bq_jw_str(w, "e", f->e);
	bq_jw_b64(w, "n", BQ_BASE64URL, bq_view_of(f->n, f->n_len));
	bq_jw_end_object(w);
}

static struct bq_view make_claims(const struct forge *f)
{
	char text[4096];
	struct bq_sink_buf b;
	struct bq_jw w;

	if (f->claims != NULL)
		return bq_view_str(f->claims);
	bq_sink_buf_init(&b, text, sizeof(text));
	bq_jw_init(&w, &b.s, 0);
	bq_jw_object(&w, NULL);
	bq_jw_array(&w, "keys");
	for (unsigned i = 0; i < f->aks; i++)
		put_key(&w, f);
	bq_jw_end_array(&w);
	if (f->has_user_data)
		bq_jw_hex(&w, "user-data", bq_view_of(f->user_data, sizeof(f->user_data)));
	bq_jw_end_object(&w);
	ck_assert_int_eq(b.s.err, 0);
	return keep(text, b.n);
}

static struct bq_view make_report(struct forge *f)
{
	uint8_t raw[BQ_SNP_REPORT_SIZE];

	sim_report_write(&f->report, raw);
	ck_assert(sim_report_sign(raw, f->report_key));
	raw[f->flip_at] ^= f->flip;
	return keep(raw, sizeof(raw));
}

static void sha256(struct bq_view v, uint8_t out[32])
{
	struct bq_hash c;

	bq_hash_init(&c, TPM_ALG_SHA256);
	bq_hash_add(&c, v);
	bq_hash_end(&c, out);
}

static void make_blob(struct forge *f)
{
	struct bq_view claims = make_claims(f), report;
	size_t cap = BQ_HCL_MAX + claims.n;
	uint8_t *blob = must_alloc(cap);
	struct bq_wr w;

	if (!f->own_report_data)
		sha256(claims, f->report.report_data);
	report = make_report(f);
	bq_wr_init(&w, blob, cap);
	bq_wr_view(&w, VIEW("HCLA"));
	bq_wr_le32(&w, 2);
	bq_wr_le32(&w, (uint32_t)(32 + BQ_SNP_REPORT_SIZE + 20 + claims.n));
	bq_wr_le32(&w, 2);
	bq_wr_zeros(&w, 16);
	bq_wr_view(&w, report);
	bq_wr_le32(&w, (uint32_t)(20 + claims.n));
	bq_wr_le32(&w, 1);
	bq_wr_le32(&w, BQ_HCL_SNP);
	bq_wr_le32(&w, f->hash_type);
	bq_wr_le32(&w, (uint32_t)claims.n);
	bq_wr_view(&w, claims);
	bq_wr_zeros(&w, 100);
	ck_assert_int_eq(bq_wr_end(&w, &f->ev.hcl), 0);
	f->ev.hcl = keep(f->ev.hcl.p, f->ev.hcl.n);
}

static void make_message(struct forge *f)
{
	const struct quoted q = {
		f->magic,   f->type, f->nonce, f->pcrs, bq_view_of(f->digest, f->digest_n),
		f->trailing};
	uint8_t msg[512];
	struct bq_wr w;

	if (!f->own_digest)
		(void)bq_pcr_digest_sha256(&f->pcrs, &f->ev.pcrs, f->digest);
	bq_wr_init(&w, msg, sizeof(msg));
	quoted_write(&w, &q);
	ck_assert_int_eq(bq_wr_end(&w, &f->ev.quote_msg), 0);
	f->ev.quote_msg = keep(f->ev.quote_msg.p, f->ev.quote_msg.n);
}

static void make_signature(struct forge *f)
{
	uint8_t raw[512], out[600];
	size_t n = quoted_sign(f->ak, f->sign_with, f->ev.quote_msg, raw);
	struct bq_wr w;

	ck_assert_uint_ne(n, 0);
	bq_wr_init(&w, out, sizeof(out));
	if (f->ev.sig_is_raw) {
		bq_wr_view(&w, bq_view_of(raw, n));
	} else {
		bq_wr_be16(&w, f->sig_alg);
		bq_wr_be16(&w, f->sig_hash);
		bq_wr_2b(&w, bq_view_of(raw, n));
	}
	ck_assert_int_eq(bq_wr_end(&w, &f->ev.quote_sig), 0);
	f->ev.quote_sig = keep(f->ev.quote_sig.p, f->ev.quote_sig.n);
}

void forge_make(struct forge *f)
{
	make_certs(f);
	if (f->ev.format == BQ_EVIDENCE_SNP) {
		f->ev.report = make_report(f);
		return;
	}
	make_blob(f);
	make_message(f);
	make_signature(f);
}

struct bq_verifier *forge_verifier(const struct forge *f)
{
	struct bq_verifier *verifier = bq_verifier_new();
	char where[128] = "";

	ck_assert_ptr_nonnull(verifier);
	ck_assert_int_eq(bq_verifier_set_roots(verifier, f->roots), 0);
	if (f->crl.n != 0)
		ck_assert_int_eq(bq_verifier_set_crl(verifier, f->crl), 0);
	if (f->policy != NULL)
		ck_assert_msg(bq_verifier_set_policy(verifier, bq_view_str(f->policy), where,
						     sizeof(where)) == 0,
			      "%s", where);
	if (f->at != 0)
		bq_verifier_set_time(verifier, f->at);
	return verifier;
}

int forge_verify(const struct forge *f, struct bq_verdict *v)
{
	struct bq_verifier *verifier = forge_verifier(f);
	int e;

	e = bq_verify(verifier, &f->ev, &f->expect, v);
	bq_verifier_free(verifier);
	return e;
}

void assert_failures(const struct bq_verdict *v, const char *names)
{
	char failed[2048] = "";

	for (unsigned i = 0; i < v->n; i++) {
		if (v->checks[i].result != BQ_FAIL)
			continue;
		if (failed[0] != '\0')
			strcat(failed, " ");
		strcat(failed, v->checks[i].name);
	}
	if (strcmp(failed, names) != 0)
		for (unsigned i = 0; i < v->n; i++)
			printf("%d %-20s %s\n", v->checks[i].result, v->checks[i].name,
			       v->checks[i].detail);
	ck_assert_str_eq(failed, names);
	ck_assert_int_eq(v->accepted, names[0] == '\0');
	ck_assert_uint_ge(v->n, CHECKS);
}

void forge_fails(struct forge *f, const char *names)
{
	struct bq_verdict v;

	forge_make(f);
	ck_assert_int_eq(forge_verify(f, &v), 0);
	assert_failures(&v, names);
}

static const struct bq_check *the_check(const struct bq_verdict *v, const char *name)
{
	const struct bq_check *c = bq_verdict_check(v, name);

	ck_assert_msg(c != NULL, "no check named %s", name);
	return c;
}

void assert_result(const struct bq_verdict *v, const char *name, enum bq_result result)
{
	const struct bq_check *c = the_check(v, name);

	ck_assert_msg(c->result == result, "%s: %s", name, c->detail);
}

void assert_detail(const struct bq_verdict *v, const char *name, const char *words)
{
	const struct bq_check *c = the_check(v, name);

	ck_assert_msg(strstr(c->detail, words) != NULL, "%s: `%s` has no `%s`", name, c->detail,
		      words);
}

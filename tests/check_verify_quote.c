/* runtime.* and quote.*: claims and quotes with one thing wrong. */
#include "forge.h"

#include <string.h>

#include <openssl/rsa.h>

/* --- claims ------------------------------------------------------------------- */

static void tpmt_signature(struct forge *f)
{
	f->ev.sig_is_raw = false;
}

/* One bit of the claims' hash, signed by the hardware. */
static void other_claims(struct forge *f)
{
	forge_make(f);
	f->report.report_data[31] ^= 1;
	f->own_report_data = true;
}

static void second_half(struct forge *f)
{
	forge_make(f);
	f->report.report_data[63] = 1;
	f->own_report_data = true;
}

static void hash_is_sha384(struct forge *f)
{
	f->hash_type = BQ_HCL_SHA384;
}

static void two_aks(struct forge *f)
{
	f->aks = 2;
}

static void no_ak(struct forge *f)
{
	f->aks = 0;
}

static void exponent_3(struct forge *f)
{
	f->e = "Aw";
}

static void zero_modulus(struct forge *f)
{
	memset(f->n, 0, f->n_len);
}

static void even_modulus(struct forge *f)
{
	f->n[f->n_len - 1] &= 0xFE;
}

static void short_modulus(struct forge *f)
{
	f->n[0] &= 0x7F;
}

static void long_modulus(struct forge *f)
{
	memset(f->n + 256, 1, 256);
	f->n_len = 512;
}

static void padded_modulus(struct forge *f)
{
	memmove(f->n + 1, f->n, f->n_len);
	f->n[0] = 0;
	f->n_len++;
}

static void other_ak(struct forge *f)
{
	f->n[100] ^= 1;
}

static void keys_are_no_list(struct forge *f)
{
	f->claims = "{\"keys\":{}}";
}

static void bad_user_data(struct forge *f)
{
	f->claims =
		"{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AQ\"}],"
		"\"user-data\":\"00\"}";
}

/* --- the quote ------------------------------------------------------------------ */

static void other_magic(struct forge *f)
{
	f->magic = 0xFF544348;
}

static void other_type(struct forge *f)
{
	f->type = 0x8017;
}

static void trailing(struct forge *f)
{
	f->trailing = 1;
}

static void other_signer(struct forge *f)
{
	f->ak = f->keys->ark;
}

static void sha1_signature(struct forge *f)
{
	f->sign_with = "SHA1";
}

static void sha384_signature(struct forge *f)
{
	tpmt_signature(f);
	f->sign_with = "SHA384";
	f->sig_hash = TPM_ALG_SHA384;
}

static void says_pss(struct forge *f)
{
	tpmt_signature(f);
	f->sig_alg = TPM_ALG_RSAPSS;
}

static void says_sha384(struct forge *f)
{
	tpmt_signature(f);
	f->sig_hash = TPM_ALG_SHA384;
}

static void nonce_of_others(struct forge *f)
{
	f->nonce = VIEW("a nonce of theirs");
}

static void nonce_cut(struct forge *f)
{
	f->nonce.n--;
}

static void nonce_padded(struct forge *f)
{
	f->nonce = VIEW("a nonce of ours\0");
}

static void no_nonce_in_quote(struct forge *f)
{
	f->nonce.n = 0;
}

static void no_nonce(struct forge *f)
{
	f->expect.has_nonce = false;
}

static void no_nonce_on_purpose(struct forge *f)
{
	f->expect.has_nonce = false;
	f->expect.no_nonce = true;
	f->nonce = VIEW("another");
}

/* Given and waived: what was given counts. */
static void nonce_and_no_nonce(struct forge *f)
{
	f->expect.no_nonce = true;
	nonce_of_others(f);
}

static void empty_nonces(struct forge *f)
{
	f->nonce.n = 0;
	f->expect.nonce.n = 0;
}

static void sha1_bank(struct forge *f)
{
	f->pcrs.bank[0].alg = TPM_ALG_SHA1;
	f->own_digest = true;
}

static void two_banks(struct forge *f)
{
	f->pcrs.n = 2;
	f->pcrs.bank[1] = (struct bq_pcr_select){TPM_ALG_SHA1, 1};
	f->own_digest = true;
}

static void same_bank_twice(struct forge *f)
{
	f->pcrs.n = 2;
	f->pcrs.bank[0].mask = 0xFF;
	f->pcrs.bank[1] = (struct bq_pcr_select){TPM_ALG_SHA256, 0xFFFF00};
}

static void no_pcr(struct forge *f)
{
	f->pcrs.bank[0].mask = 0;
}

static void no_bank(struct forge *f)
{
	f->pcrs.n = 0;
}

static void some_pcrs(struct forge *f)
{
	f->pcrs.bank[0].mask = 0x0810;
}

static void value_missing(struct forge *f)
{
	bq_pcr_bank_of(&f->ev.pcrs, TPM_ALG_SHA256)->mask &= ~(1u << 11);
	f->own_digest = true;
}

static void other_digest(struct forge *f)
{
	f->own_digest = true;
	(void)bq_pcr_digest_sha256(&f->pcrs, &f->ev.pcrs, f->digest);
	f->digest[31] ^= 1;
}

static const struct forgery cases[] = {
	{tpmt_signature, ""},
	{other_claims, "runtime.binding"},
	{second_half, "report.report_data"},
	{hash_is_sha384, "runtime.binding"},
	{two_aks, "runtime.ak"},
	{no_ak, "runtime.ak"},
	{exponent_3, "runtime.ak"},
	{zero_modulus, "runtime.ak"},
	{even_modulus, "runtime.ak"},
	{short_modulus, "runtime.ak"},
	{long_modulus, "runtime.ak"},
	{padded_modulus, "runtime.ak"},
	{other_ak, "quote.signature"},
	{keys_are_no_list, "runtime.ak"},
	{bad_user_data, "runtime.user_data"},
	{other_magic, "quote.format"},
	{other_type, "quote.format"},
	{trailing, "quote.format"},
	{other_signer, "quote.signature"},
	{sha1_signature, "quote.signature"},
	{sha384_signature, "quote.signature"},
	{says_pss, "quote.signature"},
	{says_sha384, "quote.signature"},
	{nonce_of_others, "quote.nonce"},
	{nonce_cut, "quote.nonce"},
	{nonce_padded, "quote.nonce"},
	{no_nonce_in_quote, "quote.nonce"},
	{no_nonce, "quote.nonce"},
	{no_nonce_on_purpose, ""},
	{nonce_and_no_nonce, "quote.nonce"},
	{empty_nonces, "quote.nonce"},
	{sha1_bank, "quote.pcr_selection"},
	{two_banks, "quote.pcr_selection"},
	{same_bank_twice, "quote.pcr_selection"},
	{no_pcr, "quote.pcr_selection"},
	{no_bank, "quote.pcr_selection"},
	{some_pcrs, ""},
	{value_missing, "quote.pcr_selection"},
	{other_digest, "quote.pcr_digest"},
};

START_TEST(forged)
{
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	cases[_i].how(&f);
	forge_fails(&f, cases[_i].fails);
}
END_TEST

/* Each value counts, and where it stands: PCR 16, which anyone can reset, does
 * not pass for PCR 11. */
START_TEST(values_by_index)
{
	struct bq_verdict v;
	struct forge f;
	struct bq_pcr_bank *bank;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	bank = bq_pcr_bank_of(&f.ev.pcrs, TPM_ALG_SHA256);
	bank->value[_i][31] ^= 1;
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "quote.pcr_digest");

	/* PCR 16 alone was quoted, the evidence calls its value PCR 11. */
	f.pcrs.bank[0].mask = 1u << 16;
	forge_make(&f);
	memcpy(bank->value[11], bank->value[16], 32);
	bank->mask = 1u << 11;
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "quote.pcr_selection");
}
END_TEST

/* A signature of any other length than the key's, the right bytes in it. */
START_TEST(signature_length)
{
	struct bq_verdict v;
	struct forge f;
	struct bq_view sig;
	uint8_t *p;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	sig = f.ev.quote_sig;
	p = must_alloc(sig.n + 1);
	p[0] = 0;
	memcpy(p + 1, sig.p, sig.n);
	f.ev.quote_sig = _i == 0 ? bq_view_of(p, sig.n + 1) : bq_view_of(sig.p, sig.n - (size_t)_i);
	(void)forge_verify(&f, &v);
	assert_failures(&v, "quote.signature");
}
END_TEST

/* A bare signature called a TPMT_SIGNATURE, and the reverse. */
START_TEST(signature_form)
{
	struct bq_verdict v;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.ev.sig_is_raw = _i != 0;
	forge_make(&f);
	f.ev.sig_is_raw = _i == 0;
	(void)forge_verify(&f, &v);
	assert_failures(&v, "quote.signature");
}
END_TEST

/* --- freshness without, and beside, a quote ---------------------------------------- */

enum user_data {
	NONE,
	NONCE,
	OTHER,
};

static const struct {
	enum bq_evidence_format format;
	bool quote;
	enum user_data user_data;
	enum bq_result result;
} fresh[] = {
	{BQ_EVIDENCE_COCO0, true, NONE, BQ_SKIP},  {BQ_EVIDENCE_COCO1, true, NONE, BQ_SKIP},
	{BQ_EVIDENCE_COCO1, true, OTHER, BQ_SKIP}, {BQ_EVIDENCE_COCO2, true, NONCE, BQ_PASS},
	{BQ_EVIDENCE_COCO2, true, OTHER, BQ_FAIL}, {BQ_EVIDENCE_COCO2, true, NONE, BQ_FAIL},
	{BQ_EVIDENCE_DIR, true, NONCE, BQ_PASS},   {BQ_EVIDENCE_DIR, true, OTHER, BQ_FAIL},
	{BQ_EVIDENCE_HCL, true, NONE, BQ_SKIP},    {BQ_EVIDENCE_HCL, true, OTHER, BQ_SKIP},
	{BQ_EVIDENCE_HCL, true, NONCE, BQ_PASS},   {BQ_EVIDENCE_HCL, false, NONCE, BQ_PASS},
	{BQ_EVIDENCE_HCL, false, OTHER, BQ_FAIL},  {BQ_EVIDENCE_HCL, false, NONE, BQ_FAIL},
	{BQ_EVIDENCE_COCO1, false, NONE, BQ_FAIL}, {BQ_EVIDENCE_COCO1, false, NONCE, BQ_PASS},
};

static void begin_fresh(struct forge *f, int i)
{
	forge_begin(f, BQ_PRODUCT_MILAN, false);
	f->ev.format = fresh[i].format;
	f->has_user_data = fresh[i].user_data != NONE;
	memcpy(f->user_data, f->nonce.p, f->nonce.n);
	if (fresh[i].user_data == OTHER)
		f->user_data[63] = 1;
	f->expect.no_quote = !fresh[i].quote;
	forge_make(f);
	if (!fresh[i].quote)
		f->ev.quote_msg = f->ev.quote_sig = bq_view_of(NULL, 0);
}

START_TEST(user_data)
{
	struct bq_verdict v;
	struct forge f;

	begin_fresh(&f, _i);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_result(&v, "runtime.user_data", fresh[_i].result);
	assert_result(&v, "quote.nonce", fresh[_i].quote ? BQ_PASS : BQ_SKIP);
	assert_failures(&v, fresh[_i].result == BQ_FAIL ? "runtime.user_data" : "");

	/* Nothing to compare with: said plainly, or a failure somewhere. */
	f.expect.has_nonce = false;
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	ck_assert(!v.accepted);
	f.expect.no_nonce = true;
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");
}
END_TEST

START_TEST(nonce_longer_than_user_data)
{
	static const uint8_t nonce[65] = {1};
	struct bq_verdict v;
	struct forge f;

	begin_fresh(&f, 11);
	f.expect.nonce = bq_view_of(nonce, sizeof(nonce));
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "runtime.user_data");
}
END_TEST

/* User data is zero by default: nothing then shows that anybody asked. */
START_TEST(nonce_of_zeros)
{
	static const uint8_t zeros[64];
	struct bq_verdict v;
	struct forge f;

	begin_fresh(&f, 11);
	memset(f.user_data, 0, sizeof(f.user_data));
	forge_make(&f);
	f.ev.quote_msg = f.ev.quote_sig = bq_view_of(NULL, 0);
	for (size_t n = 0; n <= sizeof(zeros); n += 32) {
		f.expect.nonce = bq_view_of(n == 0 ? NULL : zeros, n);
		ck_assert_int_eq(forge_verify(&f, &v), 0);
		assert_failures(&v, "runtime.user_data");
		assert_detail(&v, "runtime.user_data", "zero");
	}
}
END_TEST

START_TEST(no_quote)
{
	struct bq_verdict v;
	struct forge f;

	begin_fresh(&f, 11);
	f.expect.no_quote = false;
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "quote.format");
	assert_detail(&v, "quote.format", "--no-quote");

	/* Half a quote is not none. */
	f.ev.quote_sig = VIEW("x");
	f.expect.no_quote = true;
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "quote.format quote.signature");
}
END_TEST

/* --no-quote allows that there is none, not that it is wrong. */
START_TEST(no_quote_and_a_bad_one)
{
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.expect.no_quote = true;
	other_ak(&f);
	forge_fails(&f, "quote.signature");
}
END_TEST

/* --- containers --------------------------------------------------------------------- */

START_TEST(malformed_blob)
{
	static const char *const bad[] = {"", "{", "[]", "{\"keys\":[]}x", "{\"keys\":[\"\xff\"]}"};
	struct bq_verdict v;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.claims = bad[_i];
	forge_make(&f);
	ck_assert_int_ne(forge_verify(&f, &v), 0);
	assert_failures(&v, "input.format");
}
END_TEST

START_TEST(truncated_blob)
{
	struct bq_verdict v;
	struct forge f;
	struct bq_verifier *verifier;
	struct bq_view whole;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	verifier = forge_verifier(&f);
	whole = f.ev.hcl;
	whole.n -= 100; /* zeros that may be missing */
	for (size_t n = (size_t)_i; n < whole.n; n += 16) {
		f.ev.hcl = tight_copy(bq_view_of(whole.p, n));
		ck_assert_int_ne(bq_verify(verifier, &f.ev, &f.expect, &v), 0);
		assert_failures(&v, "input.format");
	}
	f.ev.hcl = tight_copy(whole);
	ck_assert_int_eq(bq_verify(verifier, &f.ev, &f.expect, &v), 0);
	assert_failures(&v, "");
	bq_verifier_free(verifier);
}
END_TEST

/* What the documentation promises: all of these, in this order, each once. */
START_TEST(names_and_order)
{
	static const char *const names[] = {
		"input.format",        "chain.root",       "chain.ca",
		"chain.leaf",          "chain.dates",      "chain.crl",
		"leaf.type",           "leaf.product",     "leaf.tcb",
		"leaf.chip_id",        "report.version",   "report.sig_algo",
		"report.key",          "report.signature", "report.policy",
		"report.vmpl",         "report.tcb",       "report.report_data",
		"runtime.binding",     "runtime.ak",       "runtime.user_data",
		"quote.format",        "quote.signature",  "quote.nonce",
		"quote.pcr_selection", "quote.pcr_digest", "eventlog.replay"};
	const size_t n = sizeof(names) / sizeof(names[0]);
	struct bq_verdict v;
	struct forge f;

	if (_i % 2 == 0)
		forge_begin(&f, BQ_PRODUCT_MILAN, false);
	else
		forge_begin_bare(&f, BQ_PRODUCT_MILAN, false);
	f.bring_leaf = _i / 2 % 2 == 0;
	f.claims = _i >= 4 ? "{" : NULL;
	forge_make(&f);
	if (_i >= 4)
		f.ev.report.n = 0;
	(void)forge_verify(&f, &v);
	ck_assert_uint_eq(v.n, n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_str_eq(v.checks[i].name, names[i]);
		ck_assert_int_ne(v.checks[i].detail[0], '\0');
	}
}
END_TEST

Suite *suite_verify_quote(void)
{
	Suite *s = suite_create("verify_quote");
	TCase *tc = tcase_create("verify_quote");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_loop_test(tc, forged, 0, (int)(sizeof(cases) / sizeof(cases[0])));
	tcase_add_loop_test(tc, values_by_index, 0, BQ_PCRS);
	tcase_add_loop_test(tc, signature_length, 0, 2);
	tcase_add_loop_test(tc, signature_form, 0, 2);
	tcase_add_loop_test(tc, user_data, 0, (int)(sizeof(fresh) / sizeof(fresh[0])));
	tcase_add_test(tc, nonce_longer_than_user_data);
	tcase_add_test(tc, nonce_of_zeros);
	tcase_add_test(tc, no_quote);
	tcase_add_test(tc, no_quote_and_a_bad_one);
	tcase_add_loop_test(tc, malformed_blob, 0, 5);
	tcase_add_loop_test(tc, truncated_blob, 0, 16);
	tcase_add_loop_test(tc, names_and_order, 0, 8);
	suite_add_tcase(s, tc);
	return s;
}

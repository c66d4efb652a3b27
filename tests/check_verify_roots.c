/* Where trust comes from: AMD's keys, the roots a user gives, and CRLs. */
#include "forge.h"

#include <string.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "../src/verify/crypto.h"
#include "../src/verify/verifier.h"

/* SHA-256 of each SubjectPublicKeyInfo as published, apart from our table. */
static const struct {
	const char *cn, *spki;
} amd[BQ_AMD_CAS] = {
	{"ARK-Milan", "9f056bee44377e29308cb5ffa895bdfb62d18881fa6bed8d6f075b0204089cb9"},
	{"SEV-Milan", "42491669ccb851d627ea9846cd24eccbeb7de7c2a62740120fff88001d38ebb6"},
	{"SEV-VLEK-Milan", "66450a123ea5876206df67f2514a4fea224c0f63b18313423078b0edc4535e33"},
	{"ARK-Genoa", "429a69c9422aa258ee4d8db5fcda9c6470ef15f8cd5a9cebd6cbc7d90b863831"},
	{"SEV-Genoa", "0324d55bcd48ba877a8fd87c0e1b4934dec8448e3807a24384a34dc6a6c9ebb8"},
	{"SEV-VLEK-Genoa", "7d1633252ebbadaa75f96e9b4e6f7d43a90ceb3f843937482630f8da2459264e"},
	{"ARK-Turin", "4f125410563a2ab9a50356f9243f6fe0b6f73de98603f53f90339c70e9d7ad08"},
	{"SEV-Turin", "0000ead352025f208bf55297c4192c34cd1b878002107366d8f2065a9ae7d3a9"},
	{"SEV-VLEK-Turin", "bfc441408b2f806c5dbf180bd8920e6e60dd404d82141780d85dbf962954d386"},
};

static const struct bq_anchor *anchor_by_cn(const struct bq_anchors *a, const char *cn)
{
	enum bq_product p;
	enum bq_ca_role role;

	ck_assert(bq_ca_by_name(cn, &p, &role));
	return bq_anchor_find(a, p, role);
}

START_TEST(keys_are_amds)
{
	struct bq_anchors a;
	const struct bq_anchor *key;
	uint8_t hash[BQ_SHA256_BYTES];

	ck_assert_int_eq(bq_anchors_builtin(&a), 0);
	ck_assert_uint_eq(a.n, BQ_AMD_CAS);
	for (size_t i = 0; i < BQ_AMD_CAS; i++) {
		key = anchor_by_cn(&a, amd[i].cn);
		ck_assert_ptr_nonnull(key);
		ck_assert_str_eq(key->amd->cn, amd[i].cn);
		ck_assert(bq_rsa_key_fits(key->key, 4096));
		ck_assert(bq_key_sha256(key->key, hash));
		ck_assert_view_eq(bq_view_of(hash, sizeof(hash)), from_hex(amd[i].spki));
	}
	bq_anchors_free(&a);
}
END_TEST

START_TEST(certificates_are_amds)
{
	static const char *const files[] = {"amd/milan_ask_ark_asvk.pem",
					    "amd/genoa_ask_ark_asvk.pem",
					    "amd/turin_ask_ark_asvk.pem"};
	struct bq_anchors a;
	struct bq_certs c = {.n = 0};

	ck_assert_int_eq(bq_anchors_builtin(&a), 0);
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(bq_certs_add(&c, read_capture(files[i])), 0);
	ck_assert_uint_eq(c.n, BQ_AMD_CAS);
	for (unsigned i = 0; i < c.n; i++) {
		const struct bq_anchor *key, *ark;
		int64_t from, to;
		char cn[BQ_CN_MAX];

		ck_assert(bq_name_cn(X509_get_subject_name(c.x[i]), cn));
		key = anchor_by_cn(&a, cn);
		ck_assert_int_eq(EVP_PKEY_eq(key->key, X509_get0_pubkey(c.x[i])), 1);
		ck_assert(bq_anchor_named(key, X509_get_subject_name(c.x[i])));
		ck_assert_int_eq(ASN1_INTEGER_get(X509_get0_serialNumber(c.x[i])),
				 key->amd->serial);
		ck_assert(bq_asn1_time(X509_get0_notBefore(c.x[i]), &from));
		ck_assert(bq_asn1_time(X509_get0_notAfter(c.x[i]), &to));
		ck_assert_int_eq(from, key->amd->not_before);
		ck_assert_int_eq(to, key->amd->not_after);
		ark = bq_anchor_find(&a, key->product, BQ_CA_ARK);
		ck_assert(bq_anchor_named(ark, X509_get_issuer_name(c.x[i])));
		ck_assert_ptr_null(bq_ca_cert_problem(c.x[i]));
		ck_assert_ptr_null(bq_cert_sig_problem(c.x[i], ark->key));
	}
	bq_certs_free(&c);
	bq_anchors_free(&a);
}
END_TEST

START_TEST(names_of_cas)
{
	enum bq_product p = BQ_PRODUCT_UNKNOWN;
	enum bq_ca_role role = BQ_CA_ARK;

	ck_assert(bq_ca_by_name("SEV-VLEK-Turin", &p, &role));
	ck_assert_int_eq(p, BQ_PRODUCT_TURIN);
	ck_assert_int_eq(role, BQ_CA_ASVK);
	ck_assert(!bq_ca_by_name("SEV-", &p, &role));
	ck_assert(!bq_ca_by_name("SEV-milan", &p, &role));
	ck_assert(!bq_ca_by_name("SEV-Milan ", &p, &role));
	ck_assert(!bq_ca_by_name("SEV-unknown", &p, &role));
	ck_assert(!bq_ca_by_name("XARK-Milan", &p, &role));
}
END_TEST

/* The name of AMD's CA, with one attribute another, missing or too many. */
START_TEST(anchor_names_are_whole)
{
	static const unsigned char text[] = "x";
	struct bq_anchors a;
	const struct bq_anchor *key;
	X509_NAME *n;

	ck_assert_int_eq(bq_anchors_builtin(&a), 0);
	key = anchor_by_cn(&a, "SEV-Milan");
	n = sim_amd_name("SEV-Milan");
	ck_assert(bq_anchor_named(key, n));
	ck_assert_int_eq(X509_NAME_add_entry_by_txt(n, "O", MBSTRING_ASC, text, 1, -1, 0), 1);
	ck_assert(!bq_anchor_named(key, n));
	X509_NAME_free(n);
	for (int i = 0; i < 6; i++) {
		n = sim_amd_name("SEV-Milan");
		X509_NAME_ENTRY_free(X509_NAME_delete_entry(n, i));
		ck_assert(!bq_anchor_named(key, n));
		ck_assert_int_eq(X509_NAME_add_entry_by_txt(n, "O", MBSTRING_ASC, text, 1, i, 0),
				 1);
		ck_assert(!bq_anchor_named(key, n));
		X509_NAME_free(n);
	}
	n = sim_amd_name("SEV-Genoa");
	ck_assert(!bq_anchor_named(key, n));
	X509_NAME_free(n);
	bq_anchors_free(&a);
}
END_TEST

/* The built-in keys as if they were the simulator's: what AMD's own leaves and
 * CAs meet. */
static struct bq_verifier *as_if_built_in(void)
{
	struct bq_verifier *v = bq_verifier_new();
	const struct sim_keys *k = mint_keys();
	EVP_PKEY *const keys[] = {
		[BQ_CA_ARK] = k->ark, [BQ_CA_ASK] = k->ask, [BQ_CA_ASVK] = k->asvk};

	for (unsigned i = 0; i < v->anchors.n; i++) {
		EVP_PKEY_free(v->anchors.anchor[i].key);
		v->anchors.anchor[i].key = keys[v->anchors.anchor[i].role];
		ck_assert_int_eq(EVP_PKEY_up_ref(v->anchors.anchor[i].key), 1);
	}
	return v;
}

/* AMD's common name, in a name that is not AMD's. */
static void edit_issuer(X509 *x)
{
	X509_NAME *n = X509_NAME_dup(X509_get_issuer_name(x));

	X509_NAME_ENTRY_free(X509_NAME_delete_entry(n, 0));
	ck_assert_int_eq(X509_set_issuer_name(x, n), 1);
	X509_NAME_free(n);
}

START_TEST(built_in_chain)
{
	static const char *const fails[] = {"", "", "", "chain.leaf", "chain.ca", "chain.leaf"};
	struct bq_verifier *v = as_if_built_in();
	struct bq_verdict out;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.bring_ca = _i == 1 || _i == 2 || _i == 4;
	f.bring_ark = _i == 2;
	if (_i == 3)
		f.edit_leaf = edit_issuer;
	if (_i == 4)
		f.edit_ca = edit_issuer;
	if (_i == 5)
		f.leaf_signer = f.keys->asvk;
	forge_make(&f);
	ck_assert_int_eq(bq_verify(v, &f.ev, &f.expect, &out), 0);
	assert_failures(&out, fails[_i]);
	assert_detail(&out, "chain.root", "built in");
	if (_i != 4)
		assert_detail(&out, "chain.ca", f.bring_ca ? "signed by ARK-Milan" : "built in");
	bq_verifier_free(v);
}
END_TEST

/* --- roots ------------------------------------------------------------------ */

static X509 *root(const struct sim_ca *c, EVP_PKEY *key)
{
	X509 *x = sim_ca_cert(c, key, NULL, key);

	ck_assert_ptr_nonnull(x);
	return x;
}

static struct bq_view join(struct bq_view a, struct bq_view b)
{
	return concat((struct bq_view[]){a, b}, 2);
}

static struct bq_view refused_root(int which)
{
	const struct sim_keys *k = mint_keys();
	struct sim_ca c = sim_ca_like_amd(BQ_PRODUCT_MILAN, SIM_ARK);
	EVP_PKEY *small;
	struct bq_view v;

	switch (which) {
	case 0:
		return bq_view_of(NULL, 0);
	case 1:
		return VIEW("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
	case 2: /* nothing in it is a root */
		return pem_of(forge_ca(BQ_PRODUCT_MILAN, SIM_ASK));
	case 3:
		strcpy(c.cn, "ARK-Mallory");
		return pem_of(root(&c, k->ark));
	case 4: /* a CA of another rank signs itself */
		strcpy(c.cn, "SEV-Milan");
		return pem_of(root(&c, k->ark));
	case 5:
		c.signing.pkcs1 = true;
		return pem_of(root(&c, k->ark));
	case 6: /* self-issued, and not self-signed */
		return pem_of(sim_ca_cert(&c, k->ark, NULL, k->ask));
	case 7:
		c.ca = false;
		return pem_of(root(&c, k->ark));
	case 8:
		small = EVP_RSA_gen(1024);
		v = pem_of(root(&c, small));
		EVP_PKEY_free(small);
		return v;
	case 9: /* which of the two? */
		return join(pem_of(root(&c, k->ark)), pem_of(root(&c, k->ask)));
	default: /* one good, one not */
		return join(pem_of(root(&c, k->ark)), VIEW("-----BEGIN CERTIFICATE-----\n"));
	}
}

START_TEST(roots_refused)
{
	struct bq_verifier *v = bq_verifier_new();
	struct bq_verdict out;
	struct forge f;

	ck_assert_int_eq(bq_verifier_set_roots(v, refused_root(_i)), BQ_E_ROOTS);
	ck_assert(v->anchors.builtin);
	ck_assert_uint_eq(v->anchors.n, BQ_AMD_CAS);
	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	ck_assert_int_eq(bq_verify(v, &f.ev, &f.expect, &out), 0);
	assert_failures(&out, "chain.ca");
	bq_verifier_free(v);
}
END_TEST

/* A file of roots may have the CA below, and roots of other products. */
START_TEST(roots_with_links)
{
	struct bq_verdict v;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.bring_ca = false;
	f.roots = join(join(pem_of(forge_ca(BQ_PRODUCT_GENOA, SIM_ARK)),
			    pem_of(forge_ca(BQ_PRODUCT_MILAN, SIM_ASK))),
		       pem_of(forge_ca(BQ_PRODUCT_MILAN, SIM_ARK)));
	f.roots = join(f.roots, f.roots);
	forge_make(&f);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");
	assert_detail(&v, "chain.root", "the roots given");
}
END_TEST

/* Roots replace AMD's keys, they do not add to them. */
START_TEST(roots_replace)
{
	struct bq_evidence ev = {.format = BQ_EVIDENCE_SNP,
				 .report = read_capture("snp-milan-v2/report.bin"),
				 .certs = {read_capture("snp-milan-v2/vcek.der")}};
	struct bq_expect expect = {.no_nonce = true};
	struct bq_verifier *v = bq_verifier_new();
	struct bq_verdict out;

	ck_assert_int_eq(bq_verifier_set_roots(v, pem_of(forge_ca(BQ_PRODUCT_MILAN, SIM_ARK))), 0);
	bq_verifier_set_time(v, 1761955200);
	ck_assert_int_eq(bq_verify(v, &ev, &expect, &out), 0);
	assert_failures(&out, "chain.ca");
	ck_assert_int_eq(bq_verifier_set_roots(v, pem_of(forge_ca(BQ_PRODUCT_TURIN, SIM_ARK))), 0);
	ck_assert_int_eq(bq_verify(v, &ev, &expect, &out), 0);
	assert_failures(&out, "chain.root");
	ck_assert_int_eq(bq_verifier_set_roots(v, read_capture("amd/milan_ask_ark_asvk.pem")), 0);
	ck_assert_int_eq(bq_verify(v, &ev, &expect, &out), 0);
	assert_failures(&out, "");
	bq_verifier_free(v);
}
END_TEST

/* --- CRLs ------------------------------------------------------------------- */

#define NOW 1700000000

/* From an hour before NOW, until, listing serial; issued in ark's name. */
static X509_CRL *crl_of(enum bq_product p, EVP_PKEY *key, int64_t serial, int64_t until)
{
	X509 *ark = forge_ca(p, SIM_ARK);
	X509_CRL *crl = sim_crl(ark, key, &serial, 1, NOW - 3600, until);

	X509_free(ark);
	ck_assert_ptr_nonnull(crl);
	return crl;
}

/* A list of a part of the certificates (RFC 5280, 5.2.5). */
static X509_CRL *partial_crl(void)
{
	const struct sim_keys *k = mint_keys();
	X509_CRL *crl = crl_of(BQ_PRODUCT_MILAN, k->ark, 1, NOW + 3600);
	X509_EXTENSION *e = X509V3_EXT_nconf_nid(NULL, NULL, NID_issuing_distribution_point,
						 "critical,onlyuser:TRUE");
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	ck_assert(e != NULL && X509_CRL_add_ext(crl, e, -1) == 1);
	ck_assert(sim_sign_setup(ctx, k->ark, &sim_amd_signing));
	ck_assert_int_gt(X509_CRL_sign_ctx(crl, ctx), 0);
	EVP_MD_CTX_free(ctx);
	X509_EXTENSION_free(e);
	return crl;
}

static struct bq_view crl_case(int which, int64_t ask)
{
	const struct sim_keys *k = mint_keys();
	const enum bq_product p = BQ_PRODUCT_MILAN;
	struct bq_view good = crl_pem(crl_of(p, k->ark, ask + 1, NOW + 3600));

	switch (which) {
	case 0:
		return good;
	case 1:
		return crl_pem(crl_of(p, k->ark, ask, NOW + 3600));
	case 2:
		return crl_pem(crl_of(p, k->ask, ask + 1, NOW + 3600));
	case 3: /* the last second it holds */
		return crl_pem(crl_of(p, k->ark, ask + 1, NOW + 1));
	case 4:
		return crl_pem(crl_of(p, k->ark, ask + 1, NOW));
	case 5:
		return crl_pem(crl_of(BQ_PRODUCT_GENOA, k->ark, ask, NOW + 3600));
	case 6:
		return join(crl_pem(crl_of(BQ_PRODUCT_GENOA, k->ark, ask, NOW + 3600)), good);
	case 7:
		return join(good, crl_pem(crl_of(p, k->ark, ask, NOW + 3600)));
	default:
		return crl_pem(partial_crl());
	}
}

static const struct {
	const char *fails, *words;
} crl_cases[] = {
	{"", "does not list SEV-Milan"},
	{"chain.crl", "revoked"},
	{"chain.crl", "does not verify"},
	{"", ""},
	{"chain.crl", "2023-11-14T22:13:20Z"},
	{"chain.crl", "ARK-Milan's"},
	{"", ""},
	{"chain.crl", "revoked"},
	{"chain.crl", "critical"},
};

static void begin_at_now(struct forge *f)
{
	forge_begin(f, BQ_PRODUCT_MILAN, false);
	f->leaf.not_before = NOW - 86400;
	f->leaf.not_after = NOW + 86400;
	f->at = NOW;
}

START_TEST(crls)
{
	struct bq_verdict v;
	struct forge f;

	begin_at_now(&f);
	f.crl = crl_case(_i, f.ca.serial);
	forge_make(&f);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, crl_cases[_i].fails);
	assert_detail(&v, "chain.crl", crl_cases[_i].words);
}
END_TEST

START_TEST(crl_of_the_future)
{
	struct forge f;

	begin_at_now(&f);
	f.crl = crl_case(0, f.ca.serial);
	f.at = NOW - 3600;
	forge_fails(&f, "");
	f.at--;
	forge_fails(&f, "chain.crl");
}
END_TEST

START_TEST(crl_required)
{
	struct forge f;

	begin_at_now(&f);
	f.policy = "{\"snp\":{\"require_crl\":true}}";
	forge_fails(&f, "chain.crl policy.snp.require_crl");
	f.crl = crl_case(0, f.ca.serial);
	forge_fails(&f, "");
}
END_TEST

/* The built-in ASK is revoked under the serial number of AMD's certificate. */
START_TEST(crl_and_built_in_keys)
{
	const struct bq_amd_ca *ask = &bq_amd_cas[1];
	struct bq_anchor ark = {.key = mint_keys()->ark,
				.cert = forge_ca(BQ_PRODUCT_MILAN, SIM_ARK)};
	struct bq_anchor ca = {.key = mint_keys()->ask, .amd = ask};
	struct bq_verifier *v = bq_verifier_new();
	struct bq_verdict out = {.accepted = true};
	struct bq_run r = {.v = v,
			   .out = &out,
			   .now = NOW,
			   .product = BQ_PRODUCT_MILAN,
			   .leaf = ark.cert,
			   .ark = &ark,
			   .ca_key = ca.key,
			   .ca_anchor = &ca};
	int64_t serial = _i == 0 ? 0x010001 : 0x010101;

	ck_assert_str_eq(ask->cn, "SEV-Milan");
	ck_assert_int_eq(
		bq_verifier_set_crl(v, crl_pem(crl_of(BQ_PRODUCT_MILAN, ark.key, serial, NOW + 1))),
		0);
	bq_check_crl(&r);
	assert_result(&out, "chain.crl", _i == 0 ? BQ_FAIL : BQ_PASS);
	X509_free(ark.cert);
	bq_verifier_free(v);
}
END_TEST

START_TEST(built_in_dates)
{
	struct bq_verifier *v = bq_verifier_new();
	const struct bq_anchor *ark = bq_anchor_find(&v->anchors, BQ_PRODUCT_MILAN, BQ_CA_ARK);
	const struct bq_anchor *ask = bq_anchor_find(&v->anchors, BQ_PRODUCT_MILAN, BQ_CA_ASK);
	const struct {
		int64_t at;
		enum bq_result result;
		const char *words;
	} t[] = {
		{ark->amd->not_before - 1, BQ_FAIL, "SEV-Milan is valid"},
		{ask->amd->not_before, BQ_PASS, ""},
		{ark->amd->not_after, BQ_PASS, ""},
		{ark->amd->not_after + 1, BQ_FAIL, "ARK-Milan is valid"},
	};
	struct sim_leaf l = sim_leaf_like_amd(BQ_PRODUCT_MILAN, false);
	X509 *issuer = forge_ca(BQ_PRODUCT_MILAN, SIM_ASK), *leaf;

	l.not_before = 0;
	l.not_after = 4000000000;
	leaf = sim_leaf_cert(&l, mint_keys()->vcek, issuer, mint_keys()->ask);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct bq_verdict out = {.accepted = true};
		struct bq_run r = {.v = v,
				   .out = &out,
				   .now = t[i].at,
				   .product = BQ_PRODUCT_MILAN,
				   .leaf = leaf,
				   .leaf_cn = "SEV-VCEK",
				   .issuer_cn = "SEV-Milan",
				   .ark = ark,
				   .ca_anchor = ask};

		bq_check_dates(&r);
		assert_result(&out, "chain.dates", t[i].result);
		assert_detail(&out, "chain.dates", t[i].words);
	}
	X509_free(leaf);
	X509_free(issuer);
	bq_verifier_free(v);
}
END_TEST

START_TEST(crls_refused)
{
	const struct bq_view bad[] = {
		bq_view_of(NULL, 0),
		VIEW("-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"),
		VIEW("\x30\x00"),
		pem_of(forge_ca(BQ_PRODUCT_MILAN, SIM_ARK)),
	};
	struct bq_verifier *v = bq_verifier_new();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(bq_verifier_set_crl(v, bad[i]), BQ_E_CRL);
	ck_assert_uint_eq(v->crls.n, 0);
	bq_verifier_free(v);
}
END_TEST

Suite *suite_verify_roots(void)
{
	Suite *s = suite_create("verify_roots");
	TCase *tc = tcase_create("verify_roots");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_test(tc, keys_are_amds);
	tcase_add_capture_test(tc, certificates_are_amds);
	tcase_add_test(tc, names_of_cas);
	tcase_add_test(tc, anchor_names_are_whole);
	tcase_add_loop_test(tc, built_in_chain, 0, 6);
	tcase_add_loop_test(tc, roots_refused, 0, 11);
	tcase_add_test(tc, roots_with_links);
	tcase_add_capture_test(tc, roots_replace);
	tcase_add_loop_test(tc, crls, 0, (int)(sizeof(crl_cases) / sizeof(crl_cases[0])));
	tcase_add_test(tc, crl_of_the_future);
	tcase_add_test(tc, crl_required);
	tcase_add_loop_test(tc, crl_and_built_in_keys, 0, 2);
	tcase_add_test(tc, built_in_dates);
	tcase_add_test(tc, crls_refused);
	suite_add_tcase(s, tc);
	return s;
}

/* Forged chains: each has one thing wrong, and exactly the check that looks at
 * it fails. */
#include "forge.h"

#include <string.h>
#include <time.h>

#include <openssl/ec.h>
#include <openssl/x509v3.h>

START_TEST(like_amd)
{
	static const enum bq_product products[] = {BQ_PRODUCT_MILAN, BQ_PRODUCT_GENOA,
						   BQ_PRODUCT_TURIN};
	struct forge f;

	forge_begin(&f, products[_i / 2], _i % 2 != 0);
	f.bring_ark = true;
	forge_fails(&f, "");
}
END_TEST

/* --- the root ------------------------------------------------------------ */

/* Right names all the way, and keys of the attacker's. */
static void own_hierarchy(struct forge *f)
{
	f->bring_ark = true;
	f->ark_key = f->ca_signer = f->keys->asvk;
}

static void own_root_unseen(struct forge *f)
{
	own_hierarchy(f);
	f->bring_ark = false;
}

static void own_root_only(struct forge *f)
{
	f->bring_ark = true;
	f->ark_key = f->keys->asvk;
}

static void root_with_ec_key(struct forge *f)
{
	f->bring_ark = true;
	f->ark_key = f->keys->ak_ca;
}

static void root_of_another_name(struct forge *f)
{
	own_root_only(f);
	strcpy(f->ark.cn, "ARK-Mallory");
}

static void root_pkcs1(struct forge *f)
{
	f->bring_ark = true;
	f->ark.signing.pkcs1 = true;
}

static void root_no_ca(struct forge *f)
{
	f->bring_ark = true;
	f->ark.ca = false;
}

/* Bundles have the roots of all products. */
static void root_of_another_product(struct forge *f)
{
	struct sim_ca c = sim_ca_like_amd(BQ_PRODUCT_GENOA, SIM_ARK);

	f->extra = sim_ca_cert(&c, f->keys->asvk, NULL, f->keys->asvk);
}

/* --- the CA --------------------------------------------------------------- */

static void no_ca(struct forge *f)
{
	f->bring_ca = false;
}

static void other_ca_too(struct forge *f)
{
	f->extra = forge_ca(f->product, SIM_ASVK);
}

static void only_other_ca(struct forge *f)
{
	other_ca_too(f);
	f->bring_ca = false;
}

static void ca_is_no_ca(struct forge *f)
{
	f->ca.ca = false;
	f->ca.pathlen = -1;
}

static void ca_signed_by_another(struct forge *f)
{
	f->ca_signer = f->keys->asvk;
}

static void ca_pkcs1(struct forge *f)
{
	f->ca.signing.pkcs1 = true;
}

static void ca_short_salt(struct forge *f)
{
	f->ca.signing.salt = 32;
}

static void ca_sha256(struct forge *f)
{
	f->ca.signing.digest = "SHA256";
}

static void ca_mgf1_sha256(struct forge *f)
{
	f->ca.signing.mgf1 = "SHA256";
}

static void ca_sha256_mgf1_sha384(struct forge *f)
{
	ca_sha256(f);
	f->ca.signing.mgf1 = "SHA384";
}

static void ca_ec_key(struct forge *f)
{
	f->ca_key = f->leaf_signer = f->keys->ak_ca;
}

/* Forging under so small an exponent has worked against sloppy verifiers. */
static void ca_exponent_3(struct forge *f)
{
	f->ca_key = f->leaf_signer = f->own_key = rsa_with_exponent_3();
}

static void edit_other_issuer(X509 *x)
{
	set_issuer(x, "ARK-Genoa");
}

static void ca_names_another_root(struct forge *f)
{
	f->edit_ca = edit_other_issuer;
}

static void edit_self_issued(X509 *x)
{
	set_issuer(x, "SEV-Milan");
}

static void ca_self_issued(struct forge *f)
{
	f->edit_ca = edit_self_issued;
	f->ca_signer = f->keys->ask;
}

static void edit_version_1(X509 *x)
{
	ck_assert_int_eq(X509_set_version(x, X509_VERSION_1), 1);
}

static void ca_version_1(struct forge *f)
{
	f->edit_ca = edit_version_1;
}

static void edit_no_cert_sign(X509 *x)
{
	X509_EXTENSION_free(X509_delete_ext(x, X509_get_ext_by_NID(x, NID_key_usage, -1)));
	ck_assert(sim_cert_ext(x, NULL, NID_key_usage, "critical,cRLSign"));
}

static void ca_may_not_sign(struct forge *f)
{
	f->edit_ca = edit_no_cert_sign;
}

/* --- the leaf -------------------------------------------------------------- */

static void no_leaf(struct forge *f)
{
	f->bring_leaf = false;
}

static void nothing(struct forge *f)
{
	f->bring_leaf = f->bring_ca = false;
}

static void leaf_signed_by_another(struct forge *f)
{
	f->leaf_signer = f->keys->asvk;
}

static void leaf_pkcs1(struct forge *f)
{
	f->leaf.signing.pkcs1 = true;
}

static void leaf_short_salt(struct forge *f)
{
	f->leaf.signing.salt = 20;
}

static void leaf_sha512(struct forge *f)
{
	f->leaf.signing.digest = "SHA512";
}

static void leaf_is_ca(struct forge *f)
{
	f->leaf.ca = true;
}

static void edit_crl_sign(X509 *x)
{
	ck_assert(sim_cert_ext(x, NULL, NID_key_usage, "critical,cRLSign"));
}

static void leaf_is_half_a_ca(struct forge *f)
{
	f->leaf.ca = true;
	f->edit_leaf = edit_crl_sign;
}

/* No constraints, but the right to sign certificates: OpenSSL calls that a CA. */
static void edit_cert_sign(X509 *x)
{
	ck_assert(sim_cert_ext(x, NULL, NID_key_usage, "critical,keyCertSign"));
}

static void leaf_may_sign(struct forge *f)
{
	f->edit_leaf = edit_cert_sign;
}

static void leaf_version_1(struct forge *f)
{
	f->edit_leaf = edit_version_1;
}

static void edit_unknown_critical(X509 *x)
{
	X509_EXTENSION *e =
		X509V3_EXT_nconf(NULL, NULL, "1.3.6.1.4.1.99999.1", "critical,DER:0500");

	ck_assert_ptr_nonnull(e);
	ck_assert_int_eq(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

static void leaf_unknown_critical(struct forge *f)
{
	f->edit_leaf = edit_unknown_critical;
}

/* Constraints that do not parse are not none. */
static void edit_malformed(X509 *x)
{
	static const unsigned char null[] = {0x05, 0x00};
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	ck_assert_int_eq(ASN1_OCTET_STRING_set(value, null, sizeof(null)), 1);
	e = X509_EXTENSION_create_by_NID(NULL, NID_basic_constraints, 0, value);
	ck_assert(e != NULL && X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(value);
}

static void leaf_malformed(struct forge *f)
{
	f->edit_leaf = edit_malformed;
}

static void leaf_of_another_name(struct forge *f)
{
	f->leaf.cn = "SEV-VCEK2";
}

static void edit_two_names(X509 *x)
{
	X509_NAME *n = sim_amd_name("SEV-VCEK");

	ck_assert_int_eq(X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC,
						    (const unsigned char *)"SEV-VLEK", -1, -1, 0),
			 1);
	ck_assert_int_eq(X509_set_subject_name(x, n), 1);
	X509_NAME_free(n);
}

static void leaf_of_two_names(struct forge *f)
{
	f->edit_leaf = edit_two_names;
}

/* The same key and chip, another serial number: still not the one leaf. */
static void two_leaves(struct forge *f)
{
	struct sim_leaf l = sim_leaf_like_amd(f->product, false);
	X509 *ask = forge_ca(f->product, SIM_ASK);

	l.serial = 1;
	f->extra = sim_leaf_cert(&l, f->keys->vcek, ask, f->keys->ask);
	X509_free(ask);
}

static void p256_leaf(struct forge *f)
{
	f->leaf_key = f->report_key = f->own_key = EVP_EC_gen("P-256");
}

/* The curve spelt out, where a name is called for: who writes the numbers can
 * write others (CVE-2020-0601). */
static void explicit_curve_leaf(struct forge *f)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;

	ck_assert_int_eq(EVP_PKEY_keygen_init(ctx), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_group_name(ctx, "P-384"), 1);
	ck_assert_int_eq(EVP_PKEY_CTX_set_ec_param_enc(ctx, OPENSSL_EC_EXPLICIT_CURVE), 1);
	ck_assert_int_eq(EVP_PKEY_generate(ctx, &key), 1);
	EVP_PKEY_CTX_free(ctx);
	f->leaf_key = f->report_key = f->own_key = key;
}

static void rsa_leaf(struct forge *f)
{
	f->leaf_key = f->keys->asvk;
}

static void edit_issued_by_root(X509 *x)
{
	set_issuer(x, "ARK-Milan");
}

static void leaf_issued_by_root(struct forge *f)
{
	f->edit_leaf = edit_issued_by_root;
	f->leaf_signer = f->keys->ark;
}

static void edit_issued_by_nobody(X509 *x)
{
	set_issuer(x, "SEV-Mallory");
}

static void leaf_issued_by_nobody(struct forge *f)
{
	f->edit_leaf = edit_issued_by_nobody;
}

static void vcek_from_asvk(struct forge *f)
{
	forge_begin(f, BQ_PRODUCT_MILAN, true);
	f->leaf = sim_leaf_like_amd(f->product, false);
	f->leaf_key = f->report_key = f->keys->vcek;
	f->report.key_info = 0;
}

static void vlek_from_ask(struct forge *f)
{
	f->leaf = sim_leaf_like_amd(f->product, true);
	f->leaf_key = f->report_key = f->keys->vlek;
	f->report.key_info = BQ_SNP_SIGNING_KEY_VLEK << 2;
	f->policy = "{\"snp\":{\"allow_vlek\":true}}";
}

static const struct forgery forgeries[] = {
	{own_hierarchy, "chain.root chain.ca"},
	{own_root_unseen, "chain.ca"},
	{own_root_only, "chain.root"},
	{root_with_ec_key, "chain.root"},
	{root_of_another_name, "chain.root"},
	{root_pkcs1, "chain.root"},
	{root_no_ca, "chain.root"},
	{root_of_another_product, ""},
	{no_ca, "chain.ca"},
	{other_ca_too, ""},
	{only_other_ca, "chain.ca"},
	{ca_is_no_ca, "chain.ca"},
	{ca_signed_by_another, "chain.ca"},
	{ca_pkcs1, "chain.ca"},
	{ca_short_salt, "chain.ca"},
	{ca_sha256, "chain.ca"},
	{ca_mgf1_sha256, "chain.ca"},
	{ca_sha256_mgf1_sha384, "chain.ca"},
	{ca_ec_key, "chain.ca"},
	{ca_exponent_3, "chain.ca"},
	{ca_names_another_root, "chain.ca"},
	{ca_self_issued, "chain.root chain.ca"},
	{ca_version_1, "chain.ca"},
	{ca_may_not_sign, "chain.ca"},
	{no_leaf, "chain.leaf"},
	{nothing, "chain.leaf"},
	{leaf_signed_by_another, "chain.leaf"},
	{leaf_pkcs1, "chain.leaf"},
	{leaf_short_salt, "chain.leaf"},
	{leaf_sha512, "chain.leaf"},
	{leaf_is_ca, "chain.leaf"},
	{leaf_is_half_a_ca, "chain.leaf"},
	{leaf_may_sign, "chain.leaf"},
	{leaf_version_1, "chain.leaf"},
	{leaf_unknown_critical, "chain.leaf"},
	{leaf_malformed, "chain.leaf"},
	{leaf_of_another_name, "chain.leaf"},
	{leaf_of_two_names, "chain.leaf"},
	{two_leaves, "chain.leaf"},
	{p256_leaf, "chain.leaf report.signature"},
	{explicit_curve_leaf, "chain.leaf report.signature"},
	{rsa_leaf, "chain.leaf report.signature"},
	{leaf_issued_by_root, "chain.root leaf.type leaf.product"},
	{leaf_issued_by_nobody, "chain.root leaf.type leaf.product"},
	{vcek_from_asvk, "leaf.type"},
	{vlek_from_ask, "leaf.type"},
};

START_TEST(forged)
{
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	forgeries[_i].how(&f);
	forge_fails(&f, forgeries[_i].fails);
	EVP_PKEY_free(f.own_key);
}
END_TEST

/* Without --roots nothing but AMD's keys counts, whatever the evidence brings. */
START_TEST(not_under_amd)
{
	static const char *const fails[] = {"chain.leaf", "chain.ca", "chain.root chain.ca"};
	struct bq_verifier *v = bq_verifier_new();
	struct bq_verdict out;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.bring_ca = _i > 0;
	f.bring_ark = _i > 1;
	forge_make(&f);
	ck_assert_int_eq(bq_verify(v, &f.ev, &f.expect, &out), 0);
	assert_failures(&out, fails[_i]);
	bq_verifier_free(v);
}
END_TEST

START_TEST(venice_has_no_keys)
{
	struct bq_verifier *v = bq_verifier_new();
	struct bq_verdict out;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	strcpy(f.ca.cn, "SEV-Venice");
	f.leaf.product_name = "Venice";
	f.report.cpuid_family = 0x1A;
	f.report.cpuid_model = 0x50;
	forge_make(&f);
	ck_assert_int_eq(bq_verify(v, &f.ev, &f.expect, &out), 0);
	assert_failures(&out, "chain.root");
	assert_detail(&out, "chain.root", "ARK-Venice");
	bq_verifier_free(v);
}
END_TEST

START_TEST(says_both_keys)
{
	struct bq_verdict v;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	own_root_only(&f);
	forge_make(&f);
	(void)forge_verify(&f, &v);
	assert_detail(&v, "chain.root", "`ARK-Milan` with key ");
	assert_detail(&v, "chain.root", "not the trusted one");
	ck_assert_int_eq(v.product, BQ_PRODUCT_MILAN);
}
END_TEST

START_TEST(the_same_twice)
{
	struct bq_verdict v;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	f.ev.certs[1] = f.ev.certs[2] = f.ev.certs[0];
	(void)forge_verify(&f, &v);
	assert_failures(&v, "");
}
END_TEST

/* --- dates ------------------------------------------------------------------ */

static void set_dates(struct forge *f, int64_t now)
{
	f->leaf.not_before = now - 1000;
	f->leaf.not_after = now + 1000;
	f->at = now;
}

START_TEST(dates_are_inclusive)
{
	static const struct {
		int64_t at;
		const char *fails;
	} t[] = {
		{-1001, "chain.dates"}, {-1000, ""}, {0, ""}, {1000, ""}, {1001, "chain.dates"},
	};
	int64_t now = 1700000000;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	set_dates(&f, now);
	f.at = now + t[_i].at;
	forge_fails(&f, t[_i].fails);
}
END_TEST

/* The CA, the root in the evidence and the root that is trusted, one at a time. */
START_TEST(dates_of_each)
{
	int64_t now = 1700000000;
	struct bq_verdict v;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	set_dates(&f, now);
	f.bring_ark = true;
	if (_i == 0)
		f.ca.not_after = now - 1;
	if (_i == 1)
		f.ark.not_before = now + 1;
	if (_i == 2) {
		struct sim_ca root = sim_ca_like_amd(f.product, SIM_ARK);

		root.not_after = now - 1;
		f.roots = pem_of(sim_ca_cert(&root, f.keys->ark, NULL, f.keys->ark));
	}
	forge_make(&f);
	(void)forge_verify(&f, &v);
	assert_failures(&v, "chain.dates");
	assert_detail(&v, "chain.dates", _i == 0 ? "SEV-Milan is valid" : "ARK-Milan is valid");
}
END_TEST

START_TEST(system_clock)
{
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.leaf.not_after = (int64_t)time(NULL) - 10;
	forge_fails(&f, "chain.dates");
}
END_TEST

Suite *suite_verify_chain(void)
{
	Suite *s = suite_create("verify_chain");
	TCase *tc = tcase_create("verify_chain");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_loop_test(tc, like_amd, 0, 6);
	tcase_add_loop_test(tc, forged, 0, (int)(sizeof(forgeries) / sizeof(forgeries[0])));
	tcase_add_loop_test(tc, not_under_amd, 0, 3);
	tcase_add_test(tc, venice_has_no_keys);
	tcase_add_test(tc, says_both_keys);
	tcase_add_test(tc, the_same_twice);
	tcase_add_loop_test(tc, dates_are_inclusive, 0, 5);
	tcase_add_loop_test(tc, dates_of_each, 0, 3);
	tcase_add_test(tc, system_clock);
	suite_add_tcase(s, tc);
	return s;
}

/* Minted certificates are what OpenSSL and AMD's format say they must be, so
 * that a verifier test that fails means the verifier. */
#include "support.h"

#include <time.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "cert.h"
#include "mint.h"

static const enum bq_product products[] = {BQ_PRODUCT_MILAN, BQ_PRODUCT_GENOA, BQ_PRODUCT_TURIN};

/* What openssl(1) -partial_chain does not need: a whole chain to a trusted root. */
static int verify_chain(X509 *leaf, X509 *mid, X509 *root, int64_t at)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *rest = sk_X509_new_null();
	int err;

	ck_assert(store != NULL && ctx != NULL && rest != NULL);
	ck_assert_int_eq(X509_STORE_add_cert(store, root), 1);
	ck_assert_int_gt(sk_X509_push(rest, mid), 0);
	ck_assert_int_eq(X509_STORE_CTX_init(ctx, store, leaf, rest), 1);
	X509_STORE_CTX_set_time(ctx, 0, (time_t)at);
	(void)X509_verify_cert(ctx);
	err = X509_STORE_CTX_get_error(ctx);
	sk_X509_free(rest);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return err;
}

START_TEST(chains_verify)
{
	enum bq_product p = products[_i];
	struct sim_certs c;
	int64_t now = (int64_t)time(NULL);

	ck_assert(sim_certs_mint(&c, mint_keys(), p));
	ck_assert_int_eq(verify_chain(c.vcek, c.ask, c.ark, now), X509_V_OK);
	ck_assert_int_eq(verify_chain(c.vlek, c.asvk, c.ark, now), X509_V_OK);
	ck_assert_int_ne(verify_chain(c.vcek, c.asvk, c.ark, now), X509_V_OK);
	ck_assert_int_eq(verify_chain(c.vcek, c.ask, c.ark, now + 7 * 366 * (int64_t)86400),
			 X509_V_ERR_CERT_HAS_EXPIRED);
	ck_assert_int_eq(verify_chain(c.vcek, c.ask, c.ark, now - 2 * 86400),
			 X509_V_ERR_CERT_NOT_YET_VALID);
	sim_certs_free(&c);
}
END_TEST

/* The value of an extension by OID, -1 where it is not there exactly once. */
static int ext_value(const X509 *x, const char *oid, struct bq_view *out)
{
	ASN1_OBJECT *obj = OBJ_txt2obj(oid, 1);
	int at = X509_get_ext_by_OBJ(x, obj, -1);
	bool twice = at >= 0 && X509_get_ext_by_OBJ(x, obj, at) >= 0;
	const ASN1_OCTET_STRING *v;

	ASN1_OBJECT_free(obj);
	if (at < 0 || twice)
		return -1;
	v = X509_EXTENSION_get_data(X509_get_ext(x, at));
	*out = bq_view_of(ASN1_STRING_get0_data(v), (size_t)ASN1_STRING_length(v));
	return 0;
}

/* Every extension of a certificate that AMD issued for a Milan, in its order and
 * with values of the same form: from its DER, so that nothing is compared with
 * what we think of it. */
START_TEST(leaf_is_laid_out_like_amds)
{
	struct bq_view pem = read_capture("azure-milan-2023/vcek.pem");
	BIO *b = BIO_new_mem_buf(pem.p, (int)pem.n);
	X509 *amd = PEM_read_bio_X509(b, NULL, NULL, NULL), *ours;
	struct sim_leaf l = sim_leaf_like_amd(BQ_PRODUCT_MILAN, false);

	ck_assert_ptr_nonnull(amd);
	l.tcb = (struct bq_tcb){.bootloader = 3, .snp = 8, .microcode = 115};
	l.not_before = 1683062539;
	l.not_after = l.not_before + 7 * SIM_YEAR + 2 * 86400;
	ours = sim_leaf_cert(&l, mint_keys()->vcek, amd, mint_keys()->ask);
	ck_assert_ptr_nonnull(ours);
	ck_assert_int_eq(X509_get_ext_count(ours), X509_get_ext_count(amd));
	for (int i = 0; i < X509_get_ext_count(amd); i++) {
		X509_EXTENSION *a = X509_get_ext(amd, i), *o = X509_get_ext(ours, i);

		ck_assert_int_eq(
			OBJ_cmp(X509_EXTENSION_get_object(a), X509_EXTENSION_get_object(o)), 0);
		if (i < X509_get_ext_count(amd) - 1) /* the last is the hwID */
			ck_assert_int_eq(ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(a),
							       X509_EXTENSION_get_data(o)),
					 0);
		else
			ck_assert_int_eq(ASN1_STRING_length(X509_EXTENSION_get_data(o)), 64);
	}
	ck_assert_int_eq(X509_NAME_cmp(X509_get_subject_name(ours), X509_get_subject_name(amd)), 0);
	ck_assert_int_eq(
		ASN1_INTEGER_cmp(X509_get0_serialNumber(ours), X509_get0_serialNumber(amd)), 0);
	ck_assert_int_eq(ASN1_TIME_compare(X509_get0_notBefore(ours), X509_get0_notBefore(amd)), 0);
	X509_free(ours);
	X509_free(amd);
	BIO_free(b);
}
END_TEST

#define ARC "1.3.6.1.4.1.3704.1."

START_TEST(turin_and_vlek_differ)
{
	struct sim_certs c;
	struct bq_view v;

	ck_assert(sim_certs_mint(&c, mint_keys(), BQ_PRODUCT_TURIN));
	ck_assert_int_eq(ext_value(c.vcek, ARC "3.9", &v), 0);
	ck_assert_view_eq(v, VIEW("\x02\x01\x01"));
	ck_assert_int_eq(ext_value(c.vcek, ARC "3.4", &v), -1);
	ck_assert_int_eq(ext_value(c.vcek, ARC "4", &v), 0);
	ck_assert_uint_eq(v.n, 8);
	ck_assert_int_eq(ext_value(c.vlek, ARC "4", &v), -1);
	ck_assert_int_eq(ext_value(c.vlek, ARC "5", &v), 0);
	ck_assert_uint_eq(v.p[0], 0x16);
	sim_certs_free(&c);
	ck_assert(sim_certs_mint(&c, mint_keys(), BQ_PRODUCT_MILAN));
	ck_assert_int_eq(ext_value(c.vcek, ARC "3.8", &v), 0);
	ck_assert_view_eq(v, VIEW("\x02\x02\x00\xdb"));
	sim_certs_free(&c);
}
END_TEST

START_TEST(forgeries_differ_in_what_was_asked)
{
	const struct sim_keys *k = mint_keys();
	struct sim_leaf l = sim_leaf_like_amd(BQ_PRODUCT_MILAN, false);
	struct sim_certs c;
	struct bq_view v;
	X509 *x;

	ck_assert(sim_certs_mint(&c, k, BQ_PRODUCT_MILAN));
	l.ext[SIM_EXT_TEE].omit = true;
	l.ext[SIM_EXT_SNP].twice = true;
	l.ext[SIM_EXT_CSP_ID].add = true;
	l.ext[SIM_EXT_BOOTLOADER].raw[0] = 0x05;
	l.ext[SIM_EXT_BOOTLOADER].raw_n = 2;
	l.cn = "SEV-VLEK";
	l.ca = true;
	l.serial = 7;
	l.signing.salt = 20;
	x = sim_leaf_cert(&l, k->vcek, c.ask, k->ask);
	ck_assert_ptr_nonnull(x);
	ck_assert_int_eq(X509_verify(x, k->ask), 1);
	ck_assert_int_eq(ext_value(x, ARC "3.2", &v), -1);
	ck_assert_int_eq(ext_value(x, ARC "3.3", &v), -1);
	ck_assert_int_eq(ext_value(x, ARC "5", &v), 0);
	ck_assert_int_eq(ext_value(x, ARC "3.1", &v), 0);
	ck_assert_view_eq(v, VIEW("\x05\x00"));
	ck_assert_int_eq(X509_check_ca(x), 1);
	ck_assert_int_eq(ASN1_INTEGER_get(X509_get0_serialNumber(x)), 7);
	X509_free(x);

	l.signing.pkcs1 = true;
	x = sim_leaf_cert(&l, k->vcek, c.ask, k->ask);
	ck_assert_ptr_nonnull(x);
	ck_assert_int_eq(X509_get_signature_nid(x), NID_sha384WithRSAEncryption);
	X509_free(x);
	sim_certs_free(&c);
}
END_TEST

START_TEST(crl_lists_the_serials)
{
	const struct sim_keys *k = mint_keys();
	const int64_t serials[] = {0x10001, 5};
	int64_t now = (int64_t)time(NULL);
	struct sim_certs c;
	X509_CRL *crl;
	X509_REVOKED *r;

	ck_assert(sim_certs_mint(&c, k, BQ_PRODUCT_MILAN));
	crl = sim_crl(c.ark, k->ark, serials, 2, now, now + 86400);
	ck_assert_ptr_nonnull(crl);
	ck_assert_int_eq(X509_CRL_verify(crl, k->ark), 1);
	ck_assert_int_ne(X509_CRL_verify(crl, k->ask), 1);
	ck_assert_int_eq(X509_CRL_get0_by_cert(crl, &r, c.ask), 1);
	ck_assert_int_eq(X509_CRL_get0_by_cert(crl, &r, c.asvk), 0);
	X509_CRL_free(crl);
	sim_certs_free(&c);
}
END_TEST

START_TEST(ak_cert_chains)
{
	const struct sim_keys *k = mint_keys();
	X509 *ca = sim_ak_ca_cert(k->ak_ca);
	X509 *ak = sim_ak_cert(k->vlek, ca, k->ak_ca);

	ck_assert(ca != NULL && ak != NULL);
	ck_assert_int_eq(verify_chain(ak, ca, ca, (int64_t)time(NULL)), X509_V_OK);
	X509_free(ca);
	X509_free(ak);
}
END_TEST

/* R and S from the report, checked by OpenSSL over its first 0x2A0 bytes. */
static int verify_report(const uint8_t raw[BQ_SNP_REPORT_SIZE], EVP_PKEY *key)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t *der = NULL;
	int n, ok;

	ck_assert_int_eq(ECDSA_SIG_set0(sig, BN_lebin2bn(raw + 0x2A0, 72, NULL),
					BN_lebin2bn(raw + 0x2E8, 72, NULL)),
			 1);
	n = i2d_ECDSA_SIG(sig, &der);
	ck_assert_int_gt(n, 0);
	ck_assert_int_eq(EVP_DigestVerifyInit_ex(ctx, NULL, "SHA384", NULL, NULL, key, NULL), 1);
	ok = EVP_DigestVerify(ctx, der, (size_t)n, raw, 0x2A0);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(ctx);
	return ok;
}

START_TEST(reports_are_signed)
{
	struct sim_report r = sim_report_like_azure(BQ_PRODUCT_MILAN, 3);
	uint8_t raw[BQ_SNP_REPORT_SIZE];

	sim_report_write(&r, raw);
	ck_assert(sim_report_sign(raw, mint_keys()->vcek));
	ck_assert_int_eq(verify_report(raw, mint_keys()->vcek), 1);
	ck_assert_int_ne(verify_report(raw, mint_keys()->vlek), 1);
	ck_assert(bq_view_is_zero(bq_view_of(raw + 0x330, sizeof(raw) - 0x330)));
	raw[0x50] ^= 1;
	ck_assert_int_ne(verify_report(raw, mint_keys()->vcek), 1);
}
END_TEST

/* Where the specification puts things, by offset. */
START_TEST(report_fields_are_in_place)
{
	struct sim_report r = sim_report_like_azure(BQ_PRODUCT_TURIN, 5);
	uint8_t raw[BQ_SNP_REPORT_SIZE];

	r.vmpl = 0x01020304;
	r.key_info = 4;
	r.report_data[0] = 0x50;
	r.host_data[31] = 0xDF;
	r.chip_id[0] = 0xA0;
	r.launch_mit_vector = 0x11;
	r.current_mit_vector = 0x22;
	sim_report_write(&r, raw);
	ck_assert_uint_eq(raw[0x00], 5);
	ck_assert_uint_eq(raw[0x30], 4);
	ck_assert_uint_eq(raw[0x34], 1);
	ck_assert_uint_eq(raw[0x48], 4);
	ck_assert_uint_eq(raw[0x50], 0x50);
	ck_assert_uint_eq(raw[0xDF], 0xDF);
	ck_assert_mem_eq(raw + 0x180, "\x01\x01\x02\x04\x00\x00\x00\x58", 8);
	ck_assert_mem_eq(raw + 0x188, "\x1a\x02\x01\x00", 4);
	ck_assert_uint_eq(raw[0x1A0], 0xA0);
	ck_assert(bq_view_is_zero(bq_view_of(raw + 0x1A8, 56)));
	ck_assert_mem_eq(raw + 0x1F0, "\x01\x01\x02\x04\x00\x00\x00\x58", 8);
	ck_assert_uint_eq(raw[0x1F8], 0x11);
	ck_assert_uint_eq(raw[0x200], 0x22);

	r = sim_report_like_azure(BQ_PRODUCT_MILAN, 2);
	sim_report_write(&r, raw);
	ck_assert_mem_eq(raw + 0x180, "\x04\x00\x00\x00\x00\x00\x18\xdb", 8);
	ck_assert(bq_view_is_zero(bq_view_of(raw + 0x188, 24)));
}
END_TEST

static void make_keys(void)
{
	(void)mint_keys();
}

Suite *suite_hclsim_ca(void)
{
	Suite *s = suite_create("hclsim_ca");
	TCase *tc = tcase_create("hclsim_ca");

	tcase_set_timeout(tc, 120); /* the first run makes the keys */
	tcase_add_unchecked_fixture(tc, make_keys, NULL);
	tcase_add_loop_test(tc, chains_verify, 0, 3);
	tcase_add_capture_test(tc, leaf_is_laid_out_like_amds);
	tcase_add_test(tc, turin_and_vlek_differ);
	tcase_add_test(tc, forgeries_differ_in_what_was_asked);
	tcase_add_test(tc, crl_lists_the_serials);
	tcase_add_test(tc, ak_cert_chains);
	tcase_add_test(tc, reports_are_signed);
	tcase_add_test(tc, report_fields_are_in_place);
	suite_add_tcase(s, tc);
	return s;
}

/* Certificates as files: what is read, and that nothing else is. */
#include "forge.h"

#include <string.h>

#include <openssl/pem.h>

#include "../src/verify/certs.h"

/* One that is quick to make. */
static X509 *cert(int64_t serial)
{
	struct sim_leaf l = sim_leaf_like_amd(BQ_PRODUCT_MILAN, false);
	static X509 *issuer;
	X509 *x;

	if (issuer == NULL)
		issuer = forge_ca(BQ_PRODUCT_MILAN, SIM_ASK);
	l.serial = serial;
	x = sim_leaf_cert(&l, mint_keys()->vcek, issuer, mint_keys()->ak_ca);
	ck_assert_ptr_nonnull(x);
	return x;
}

static struct bq_view der_of(X509 *x)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	struct bq_view v;

	ck_assert_int_gt(n, 0);
	v = tight_copy(bq_view_of(der, (size_t)n));
	OPENSSL_free(der);
	X509_free(x);
	return v;
}

/* What bq_certs_add() says, and how many there are then. */
static int added(struct bq_view v, unsigned *n)
{
	struct bq_certs c = {.n = 0};
	int e = bq_certs_add(&c, v);

	*n = c.n;
	bq_certs_free(&c);
	return e;
}

static void assert_added(struct bq_view v, int e, unsigned n)
{
	unsigned have;

	ck_assert_int_eq(added(v, &have), e);
	if (e == 0)
		ck_assert_uint_eq(have, n);
}

/* A certificate's bytes under another label, or said to be encrypted. */
static struct bq_view mislabelled(const char *label, const char *header)
{
	struct bq_view der = der_of(cert(3)), v;
	BIO *b = BIO_new(BIO_s_mem());
	char *p;
	long n;

	ck_assert_int_gt(PEM_write_bio(b, label, header, der.p, (long)der.n), 0);
	n = BIO_get_mem_data(b, &p);
	v = tight_copy(bq_view_of(p, (size_t)n));
	BIO_free(b);
	return v;
}

START_TEST(pem)
{
	struct bq_view a = pem_of(cert(1)), b = pem_of(cert(2));
	struct bq_view text = VIEW("subject=/CN=SEV-VCEK\n\n"), dash = VIEW("-----\n");
	struct bq_view cut = bq_view_of(a.p, a.n - 30);
	struct bq_view key = mislabelled("PRIVATE KEY", "");
	struct bq_view trusted = mislabelled("TRUSTED CERTIFICATE", "");
	struct bq_view locked = mislabelled("CERTIFICATE", "Proc-Type: 4,ENCRYPTED\n"
							   "DEK-Info: AES-128-CBC,00\n");

	assert_added(mislabelled("CERTIFICATE", ""), 0, 1);
	assert_added(trusted, BQ_E_CERT, 0);
	assert_added(a, 0, 1);
	assert_added(concat((struct bq_view[]){a, b, a}, 3), 0, 2);
	assert_added(concat((struct bq_view[]){text, a, text, b, text}, 5), 0, 2);
	assert_added(concat((struct bq_view[]){a, dash}, 2), 0, 1);
	assert_added(bq_view_of(NULL, 0), BQ_E_CERT, 0);
	assert_added(text, BQ_E_CERT, 0);
	assert_added(cut, BQ_E_CERT, 0);
	assert_added(concat((struct bq_view[]){a, cut}, 2), BQ_E_CERT, 0);
	assert_added(concat((struct bq_view[]){a, key}, 2), BQ_E_CERT, 0);
	assert_added(concat((struct bq_view[]){key, a}, 2), BQ_E_CERT, 0);
	assert_added(locked, BQ_E_CERT, 0);
	assert_added(VIEW("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"), BQ_E_CERT,
		     0);
	assert_added(VIEW("-----BEGIN CERTIFICATE"), BQ_E_CERT, 0);
}
END_TEST

/* DER, and a byte more or less than that. */
START_TEST(der)
{
	struct bq_view a = der_of(cert(1));
	uint8_t *p = must_alloc(a.n + 2);
	X509 *lenient;

	assert_added(a, 0, 1);
	for (size_t n = 1; n < a.n; n++)
		assert_added(tight_copy(bq_view_of(a.p, n)), BQ_E_CERT, 0);
	memcpy(p, a.p, a.n);
	p[a.n] = p[a.n + 1] = 0;
	assert_added(bq_view_of(p, a.n + 1), BQ_E_CERT, 0);
	/* BER: of indefinite length, with its end marked by two zeros */
	ck_assert_uint_eq(p[1], 0x82);
	memmove(p + 2, p + 4, a.n - 4);
	p[1] = 0x80;
	p[a.n - 2] = p[a.n - 1] = 0;
	lenient = d2i_X509(NULL, &(const uint8_t *){p}, (long)a.n);
	ck_assert_ptr_nonnull(lenient);
	X509_free(lenient);
	assert_added(bq_view_of(p, a.n), BQ_E_CERT, 0);
}
END_TEST

/* No byte of it may crash a reader, or what looks at the certificate after it. */
START_TEST(each_byte_changed)
{
	struct bq_view a = der_of(cert(1));
	struct bq_verdict v;
	struct forge f;
	struct bq_verifier *verifier;
	uint8_t *p = must_alloc(a.n);

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.bring_leaf = false;
	forge_make(&f);
	verifier = forge_verifier(&f);
	for (size_t i = (size_t)_i; i < a.n; i += 4) {
		memcpy(p, a.p, a.n);
		p[i] ^= (uint8_t)(1u << i % 8);
		f.ev.certs[1] = bq_view_of(p, a.n);
		(void)bq_verify(verifier, &f.ev, &f.expect, &v);
		ck_assert(!v.accepted);
	}
	bq_verifier_free(verifier);
}
END_TEST

/* The algorithm beside the signature is not the one that was signed. */
START_TEST(outer_algorithm)
{
	static const uint8_t salt[] = {0xA2, 0x03, 0x02, 0x01, 0x30};
	struct sim_leaf l = sim_leaf_like_amd(BQ_PRODUCT_MILAN, false);
	X509 *ask = forge_ca(BQ_PRODUCT_MILAN, SIM_ASK);
	struct bq_verdict v;
	struct forge f;
	uint8_t *p, *at = NULL;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	f.bring_leaf = false;
	l.hwid_n = sim_chip_id(BQ_PRODUCT_MILAN, NULL, l.hwid);
	forge_make(&f);
	f.ev.certs[1] = der_of(sim_leaf_cert(&l, mint_keys()->vcek, ask, mint_keys()->ask));
	X509_free(ask);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");

	p = writable(&f.ev.certs[1]);
	for (size_t i = _i == 0 ? 0 : 500; i + sizeof(salt) < f.ev.certs[1].n && at == NULL; i++)
		if (memcmp(p + i, salt, sizeof(salt)) == 0)
			at = p + i;
	ck_assert_ptr_nonnull(at);
	at[4] = 0x20;
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "chain.leaf");
}
END_TEST

START_TEST(limits)
{
	struct bq_view many[BQ_CERTS_MAX + 1], big;
	struct bq_certs c = {.n = 0};
	uint8_t *p = must_alloc(BQ_CERTS_BYTES_MAX + 1);

	for (size_t i = 0; i <= BQ_CERTS_MAX; i++)
		many[i] = pem_of(cert((int64_t)i + 1));
	assert_added(concat(many, BQ_CERTS_MAX), 0, BQ_CERTS_MAX);
	assert_added(concat(many, BQ_CERTS_MAX + 1), BQ_E_RANGE, 0);
	ck_assert_int_eq(bq_certs_add(&c, concat(many, BQ_CERTS_MAX)), 0);
	ck_assert_int_eq(bq_certs_add(&c, many[0]), 0); /* known */
	ck_assert_int_eq(bq_certs_add(&c, many[BQ_CERTS_MAX]), BQ_E_RANGE);
	bq_certs_free(&c);

	memset(p, '\n', BQ_CERTS_BYTES_MAX + 1);
	memcpy(p, many[0].p, many[0].n);
	big = bq_view_of(p, BQ_CERTS_BYTES_MAX + 1);
	assert_added(big, BQ_E_RANGE, 0);
	big.n--;
	assert_added(big, 0, 1);
}
END_TEST

START_TEST(not_certificates)
{
	struct bq_verdict v;
	struct forge f;

	forge_begin(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	f.ev.certs[2] = VIEW("garbage");
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "chain.leaf");
	assert_detail(&v, "chain.leaf", "do not parse");
}
END_TEST

Suite *suite_verify_certs(void)
{
	Suite *s = suite_create("verify_certs");
	TCase *tc = tcase_create("verify_certs");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_test(tc, pem);
	tcase_add_test(tc, der);
	tcase_add_loop_test(tc, each_byte_changed, 0, 4);
	tcase_add_loop_test(tc, outer_algorithm, 0, 2);
	tcase_add_test(tc, limits);
	tcase_add_test(tc, not_certificates);
	suite_add_tcase(s, tc);
	return s;
}

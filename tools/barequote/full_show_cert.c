/* Certificates, with AMD's extensions (AMD publication 57230). */
#include <barequote/leaf.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <string.h>

#include "full_shown.h"

#define DER_MAX      16384
#define DER_SEQUENCE 0x30

static const char *const extension_keys[BQ_LEAF_FIELDS] = {
	[BQ_LEAF_STRUCT_VERSION] = "struct_version",
	[BQ_LEAF_PRODUCT_NAME] = "product_name",
	[BQ_LEAF_BOOTLOADER] = "spl_bootloader",
	[BQ_LEAF_TEE] = "spl_tee",
	[BQ_LEAF_SNP] = "spl_snp",
	[BQ_LEAF_SPL4] = "spl_4",
	[BQ_LEAF_SPL5] = "spl_5",
	[BQ_LEAF_SPL6] = "spl_6",
	[BQ_LEAF_SPL7] = "spl_7",
	[BQ_LEAF_MICROCODE] = "spl_microcode",
	[BQ_LEAF_FMC] = "spl_fmc",
	[BQ_LEAF_HWID] = "hardware_id",
	[BQ_LEAF_CSP_ID] = "csp_id",
};

static void show_name(struct shown *o, const char *key, const X509_NAME *name)
{
	char text[256];
	BIO *bio = BIO_new(BIO_s_mem());
	int n = 0;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0)
		n = BIO_read(bio, text, sizeof(text));
	shown_chars(o, key, bq_view_of(text, n > 0 ? (size_t)n : 0));
	BIO_free(bio);
}

static void put_digits(struct bq_sink *s, int value, int digits)
{
	for (int scale = digits == 4 ? 1000 : 10; scale > 0; scale /= 10)
		bq_put_chr(s, (char)('0' + value / scale % 10));
}

/* RFC 3339, in UTC. */
static void show_time(struct shown *o, const char *key, const ASN1_TIME *t)
{
	char text[32];
	struct bq_sink_buf b;
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) != 1) {
		shown_str(o, key, "not a time");
		return;
	}
	bq_sink_buf_init(&b, text, sizeof(text));
	put_digits(&b.s, tm.tm_year + 1900, 4);
	bq_put_chr(&b.s, '-');
	put_digits(&b.s, tm.tm_mon + 1, 2);
	bq_put_chr(&b.s, '-');
	put_digits(&b.s, tm.tm_mday, 2);
	bq_put_chr(&b.s, 'T');
	put_digits(&b.s, tm.tm_hour, 2);
	bq_put_chr(&b.s, ':');
	put_digits(&b.s, tm.tm_min, 2);
	bq_put_chr(&b.s, ':');
	put_digits(&b.s, tm.tm_sec, 2);
	bq_put_chr(&b.s, 'Z');
	shown_chars(o, key, bq_view_of(text, b.n));
}

/* As verify reads it; whole, in hex, where verify would refuse it. */
static void show_extension(struct shown *o, X509_EXTENSION *ext)
{
	enum bq_leaf_field f;
	struct bq_leaf_value v;

	if (!bq_leaf_read_extension(ext, &f, &v))
		return;
	if (v.problem != NULL)
		shown_hex(o, extension_keys[f], v.raw);
	else if (f == BQ_LEAF_HWID)
		shown_hex(o, extension_keys[f], v.bytes);
	else if (f == BQ_LEAF_PRODUCT_NAME || f == BQ_LEAF_CSP_ID)
		shown_chars(o, extension_keys[f], v.bytes);
	else
		shown_u64(o, extension_keys[f], v.number);
}

static void show_pkey(struct shown *o, const EVP_PKEY *key)
{
	const char *type = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;

	shown_str(o, "key", type != NULL ? type : "unknown");
	if (key != NULL)
		shown_u64(o, "key_bits", (uint64_t)EVP_PKEY_get_bits(key));
}

static void show_x509(struct shown *o, X509 *x)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
	int n = ASN1_STRING_length(serial);
	char alg[64] = "";

	show_name(o, "subject", X509_get_subject_name(x));
	show_name(o, "issuer", X509_get_issuer_name(x));
	if (n >= 0)
		shown_hex(o, "serial", bq_view_of(ASN1_STRING_get0_data(serial), (size_t)n));
	show_time(o, "not_before", X509_get0_notBefore(x));
	show_time(o, "not_after", X509_get0_notAfter(x));
	show_pkey(o, X509_get0_pubkey(x));
	if (OBJ_obj2txt(alg, sizeof(alg), OBJ_nid2obj(X509_get_signature_nid(x)), 0) > 0)
		shown_str(o, "signature_algorithm", alg);
	for (int i = 0; i < X509_get_ext_count(x); i++)
		show_extension(o, X509_get_ext(x, i));
}

/* A certificate that fills der; NULL where it is none. */
static X509 *read_x509(struct bq_view der)
{
	const unsigned char *p = der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);

	if (x != NULL && p != der.p + der.n) {
		X509_free(x);
		x = NULL;
	}
	return x;
}

/* The next certificate or key of v, which is PEM or one of DER. */
static bool next_der(struct bq_view *v, const char *label, struct bq_view *out)
{
	static uint8_t der[DER_MAX];
	size_t n;

	if (v->n != 0 && v->n <= DER_MAX && v->p[0] == DER_SEQUENCE)
		return bq_rd_take(v, v->n, out) == 0;
	if (bq_pem_next(v, label, der, sizeof(der), &n) != 0)
		return false;
	*out = bq_view_of(der, n);
	return true;
}

bool show_certs(struct shown *o, const char *key, struct bq_view v)
{
	struct bq_view der;
	bool any = false;

	while (next_der(&v, "CERTIFICATE", &der)) {
		X509 *x = read_x509(der);

		if (x == NULL)
			continue;
		shown_group(o, key);
		show_x509(o, x);
		shown_end_group(o);
		X509_free(x);
		any = true;
	}
	return any;
}

bool shown_is_cert(struct bq_view v)
{
	struct bq_view der;
	X509 *x = next_der(&v, "CERTIFICATE", &der) ? read_x509(der) : NULL;

	X509_free(x);
	return x != NULL;
}

static EVP_PKEY *read_key(struct bq_view v)
{
	struct bq_view der;
	const unsigned char *p;

	if (!next_der(&v, "PUBLIC KEY", &der))
		return NULL;
	p = der.p;
	return d2i_PUBKEY(NULL, &p, (long)der.n);
}

bool shown_is_key(struct bq_view v)
{
	EVP_PKEY *key = read_key(v);

	EVP_PKEY_free(key);
	return key != NULL;
}

static void show_rsa(struct shown *o, const EVP_PKEY *key)
{
	uint8_t bytes[BQ_RSA_MAX];
	BIGNUM *n = NULL;
	int len;

	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    BN_num_bytes(n) <= BQ_RSA_MAX && (len = BN_bn2bin(n, bytes)) > 0)
		shown_hex(o, "modulus", bq_view_of(bytes, (size_t)len));
	BN_free(n);
}

void show_key(struct shown *o, struct bq_view v)
{
	EVP_PKEY *key = read_key(v);

	show_pkey(o, key);
	if (key != NULL && EVP_PKEY_is_a(key, "RSA") == 1)
		show_rsa(o, key);
	EVP_PKEY_free(key);
}

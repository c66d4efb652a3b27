/* Certificates, with AMD's extensions (AMD publication 57230). */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <string.h>

#include "full_shown.h"

#define DER_MAX       16384
#define DER_INTEGER   0x02
#define DER_OCTETS    0x04
#define DER_SEQUENCE  0x30
#define DER_IA5STRING 0x16
#define AMD           "1.3.6.1.4.1.3704.1."
#define HARDWARE_ID   "hardware_id"

static const struct {
	const char *oid, *name;
} amd_extensions[] = {
	{AMD "1", "struct_version"},  {AMD "2", "product_name"}, {AMD "3.1", "spl_bootloader"},
	{AMD "3.2", "spl_tee"},       {AMD "3.3", "spl_snp"},    {AMD "3.4", "spl_4"},
	{AMD "3.5", "spl_5"},         {AMD "3.6", "spl_6"},      {AMD "3.7", "spl_7"},
	{AMD "3.8", "spl_microcode"}, {AMD "3.9", "spl_fmc"},    {AMD "4", HARDWARE_ID},
	{AMD "5", "csp_id"},
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

/* One element that fills v, of that tag and of a short length. */
static bool is_der(struct bq_view v, uint8_t tag)
{
	return v.n >= 2 && v.p[0] == tag && v.p[1] < 0x80 && v.p[1] == v.n - 2;
}

/* 0 to 255, as verify wants it: a zero before 0x80 and over, and before no other. */
static bool is_small_integer(struct bq_view v)
{
	return is_der(v, DER_INTEGER) &&
	       ((v.n == 3 && v.p[2] < 0x80) || (v.n == 4 && v.p[2] == 0 && v.p[3] >= 0x80));
}

static void show_extension_value(struct shown *o, const char *name, struct bq_view v)
{
	struct bq_view content;

	/* The hardware id is bare bytes, which may look like anything. */
	if (strcmp(name, HARDWARE_ID) == 0 && !is_der(v, DER_OCTETS)) {
		shown_hex(o, name, v);
		return;
	}
	if (bq_view_sub(v, 2, v.n < 2 ? 0 : v.n - 2, &content) != 0 ||
	    (!is_small_integer(v) && !is_der(v, DER_IA5STRING) && !is_der(v, DER_OCTETS))) {
		shown_hex(o, name, v);
	} else if (is_small_integer(v)) {
		shown_u64(o, name, content.p[content.n - 1]);
	} else if (is_der(v, DER_IA5STRING)) {
		shown_chars(o, name, content);
	} else {
		shown_hex(o, name, content);
	}
}

static void show_extension(struct shown *o, X509_EXTENSION *ext)
{
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(ext);
	int n = ASN1_STRING_length(value);
	char oid[64];

	if (OBJ_obj2txt(oid, sizeof(oid), X509_EXTENSION_get_object(ext), 1) <= 0 || n < 0)
		return;
	for (size_t i = 0; i < sizeof(amd_extensions) / sizeof(amd_extensions[0]); i++)
		if (strcmp(oid, amd_extensions[i].oid) == 0)
			show_extension_value(o, amd_extensions[i].name,
					     bq_view_of(ASN1_STRING_get0_data(value), (size_t)n));
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

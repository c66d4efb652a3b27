/* Certificates: reading, and what each kind must look like. */
#include "certs.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "crypto.h"

#define DER_SEQUENCE 0x30
#define CA_RSA_BITS  2048 /* at least; AMD's have 4096 */
#define NOT_COMPARED (-2) /* X509_NAME_cmp() without memory */

/* The next PEM block. PEM_read_bio() neither decrypts nor asks for a password. */
static int pem_block(BIO *in, const char *label, int (*use)(void *, struct bq_view), void *ctx)
{
	char *name = NULL, *header = NULL;
	unsigned char *der = NULL;
	long n = 0;
	int e = BQ_E_CERT;

	if (PEM_read_bio(in, &name, &header, &der, &n) == 1 && strcmp(name, label) == 0 &&
	    header[0] == '\0' && n > 0)
		e = use(ctx, bq_view_of(der, (size_t)n));
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(der);
	return e;
}

/* False at the end of the PEM blocks: only text is left. */
static bool pem_more(struct bq_view v, BIO *in)
{
	static const char begin[] = "-----BEGIN ";
	size_t left = BIO_ctrl_pending(in);
	struct bq_view rest, at;

	if (left > v.n || bq_view_sub(v, v.n - left, left, &rest) != 0)
		return false;
	for (size_t i = 0; bq_view_sub(rest, i, sizeof(begin) - 1, &at) == 0; i++)
		if (bq_view_eq_str(at, begin))
			return true;
	return false;
}

int bq_pem_or_der(struct bq_view v, const char *label, int (*use)(void *, struct bq_view),
		  void *ctx)
{
	BIO *in;
	int e = BQ_E_CERT;

	if (v.n == 0)
		return BQ_E_CERT;
	if (v.n > BQ_CERTS_BYTES_MAX)
		return BQ_E_RANGE;
	if (v.p[0] == DER_SEQUENCE)
		return use(ctx, v);
	in = BIO_new_mem_buf(v.p, (int)v.n);
	if (in == NULL)
		return BQ_E_NO_MEMORY;
	while (pem_more(v, in) && (e = pem_block(in, label, use, ctx)) == 0)
		;
	BIO_free(in);
	return e;
}

/* One encoding for each certificate: DER, and nothing after it. OpenSSL keeps
 * what was signed as it came, so this compares what stands around it. */
static X509 *cert_of(struct bq_view der)
{
	const unsigned char *at = der.p;
	X509 *x = d2i_X509(NULL, &at, (long)der.n);
	unsigned char *again = NULL;
	int n = x == NULL ? -1 : i2d_X509(x, &again);

	if (n < 0 || !bq_view_eq(der, bq_view_of(again, (size_t)n))) {
		X509_free(x);
		x = NULL;
	}
	OPENSSL_free(again);
	return x;
}

static int add(void *ctx, struct bq_view der)
{
	struct bq_certs *c = ctx;
	X509 *x = cert_of(der);

	if (x == NULL)
		return BQ_E_CERT;
	for (unsigned i = 0; i < c->n; i++)
		if (X509_cmp(c->x[i], x) == 0) {
			X509_free(x);
			return 0;
		}
	if (c->n == BQ_CERTS_MAX) {
		X509_free(x);
		return BQ_E_RANGE;
	}
	c->x[c->n++] = x;
	return 0;
}

int bq_certs_add(struct bq_certs *c, struct bq_view v)
{
	return bq_pem_or_der(v, PEM_STRING_X509, add, c);
}

void bq_certs_free(struct bq_certs *c)
{
	for (unsigned i = 0; i < c->n; i++)
		X509_free(c->x[i]);
	c->n = 0;
}

bool bq_name_cn(const X509_NAME *n, char out[BQ_CN_MAX])
{
	int at = X509_NAME_get_index_by_NID(n, NID_commonName, -1);
	const ASN1_STRING *s;
	struct bq_view v;

	if (at < 0 || X509_NAME_get_index_by_NID(n, NID_commonName, at) >= 0)
		return false;
	s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(n, at));
	v = bq_view_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
	if (v.n == 0 || v.n >= BQ_CN_MAX)
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < 0x20 || v.p[i] > 0x7E)
			return false;
	memcpy(out, v.p, v.n);
	out[v.n] = '\0';
	return true;
}

bool bq_cert_self_issued(const X509 *x)
{
	int order = X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x));

	return order == 0 || order == NOT_COMPARED;
}

/* Both kinds: X.509 version 3 (which is written 2), and no extension that is
 * malformed, or critical and unknown to OpenSSL. */
static const char *form_problem(X509 *x)
{
	if (X509_get_version(x) != X509_VERSION_3)
		return "is not X.509 version 3";
	if ((X509_get_extension_flags(x) & (EXFLAG_INVALID | EXFLAG_CRITICAL)) != 0)
		return "has malformed or unknown critical extensions";
	return NULL;
}

const char *bq_ca_cert_problem(X509 *x)
{
	const char *problem = form_problem(x);

	if (problem != NULL)
		return problem;
	/* 1: basicConstraints say so, and keyUsage does not deny it. */
	if (X509_check_ca(x) != 1)
		return "is not a CA certificate";
	if (!bq_rsa_key_fits(X509_get0_pubkey(x), CA_RSA_BITS))
		return "has no RSA key of 2048 bits or more with exponent 65537";
	return NULL;
}

const char *bq_leaf_cert_problem(X509 *x)
{
	const char *problem = form_problem(x);

	if (problem != NULL)
		return problem;
	/* The flag apart: X509_check_ca() is 0 where keyUsage takes back CA:TRUE. */
	if ((X509_get_extension_flags(x) & EXFLAG_CA) != 0 || X509_check_ca(x) != 0)
		return "is a CA certificate";
	if (!bq_key_is_p384(X509_get0_pubkey(x)))
		return "has a key that is not P-384";
	return NULL;
}

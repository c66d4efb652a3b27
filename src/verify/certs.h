/* X.509 certificates from outside. */
#ifndef VERIFY_CERTS_H
#define VERIFY_CERTS_H

#include <barequote/bytes.h>

#include <openssl/x509.h>

#define BQ_CERTS_MAX       16    /* in one evidence, or one file of roots */
#define BQ_CERTS_BYTES_MAX 65536 /* of one PEM or DER view */
#define BQ_CN_MAX          64

struct bq_certs {
	unsigned n;
	X509 *x[BQ_CERTS_MAX]; /* no two alike */
};

/* Adds what v holds: PEM, any number in any order, or one in DER. BQ_E_CERT,
 * BQ_E_RANGE where it is too large or too many, BQ_E_NO_MEMORY. On failure some
 * may have been added. */
int bq_certs_add(struct bq_certs *c, struct bq_view v);
void bq_certs_free(struct bq_certs *c);

/* Calls use for each PEM block, or once for DER. BQ_E_CERT where a block has
 * another label or an encryption header. */
int bq_pem_or_der(struct bq_view v, const char *label, int (*use)(void *ctx, struct bq_view der),
		  void *ctx);

/* The common name, where there is exactly one and it is printable ASCII. */
bool bq_name_cn(const X509_NAME *n, char out[BQ_CN_MAX]);
bool bq_cert_self_issued(const X509 *x);

/* NULL, or why x cannot be a CA of AMD's kind, whoever signed it. */
const char *bq_ca_cert_problem(X509 *x);
/* NULL, or why x cannot be a VCEK or VLEK. */
const char *bq_leaf_cert_problem(X509 *x);

#endif

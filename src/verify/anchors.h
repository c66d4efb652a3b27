/* Where trust starts: AMD's keys, or the roots the user gave instead. */
#ifndef VERIFY_ANCHORS_H
#define VERIFY_ANCHORS_H

#include <barequote/snp.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

enum bq_ca_role {
	BQ_CA_ARK,  /* root */
	BQ_CA_ASK,  /* signs VCEKs */
	BQ_CA_ASVK, /* signs VLEKs */
};

struct bq_amd_ca {
	enum bq_product product;
	enum bq_ca_role role;
	const char *cn;
	uint32_t serial;
	int64_t not_before, not_after; /* of AMD's certificate; seconds since 1970 */
	const char *modulus;           /* hex, big-endian */
};

#define BQ_AMD_CAS 9
extern const struct bq_amd_ca bq_amd_cas[BQ_AMD_CAS];

/* A CA key that is trusted because of where it comes from: the table above, or
 * a certificate among the user's roots. Exactly one of amd and cert is set. */
struct bq_anchor {
	enum bq_product product;
	enum bq_ca_role role;
	EVP_PKEY *key;
	const struct bq_amd_ca *amd;
	X509 *cert; /* a reference of its own */
};

struct bq_anchors {
	bool builtin;
	unsigned n;
	struct bq_anchor anchor[BQ_AMD_CAS];
};

/* AMD's keys. BQ_E_NO_MEMORY. */
int bq_anchors_builtin(struct bq_anchors *out);
/* Trusts a self-signed ARK certificate. BQ_E_ROOTS where it is not a sound one,
 * or another one of that product is there already. */
int bq_anchors_add_root(struct bq_anchors *a, X509 *x);
void bq_anchors_free(struct bq_anchors *a);
/* NULL where there is none. The user's roots are all ARKs. */
const struct bq_anchor *bq_anchor_find(const struct bq_anchors *a, enum bq_product p,
				       enum bq_ca_role role);
/* True where n is the subject of the anchor's certificate. */
bool bq_anchor_named(const struct bq_anchor *a, const X509_NAME *n);

#define BQ_CA_NAME_MAX 32
/* `ARK-Milan`, `SEV-Milan`, `SEV-VLEK-Milan` */
const char *bq_ca_name(enum bq_product p, enum bq_ca_role role, char buf[BQ_CA_NAME_MAX]);
/* The reverse; false where cn is no such name. */
bool bq_ca_by_name(const char *cn, enum bq_product *p, enum bq_ca_role *role);

#endif

/* What minting any certificate needs. */
#ifndef HCLSIM_CERT_H
#define HCLSIM_CERT_H

#include "ca.h"

#define SIM_YEAR ((int64_t)365 * 86400)

extern const struct sim_signing sim_amd_signing;

bool sim_sign_setup(EVP_MD_CTX *ctx, EVP_PKEY *key, const struct sim_signing *s);
/* OU, C, L, ST, O as AMD's, then cn. */
X509_NAME *sim_amd_name(const char *cn);

struct sim_cert_head {
	const char *cn;
	bool plain; /* a name of CN alone */
	int64_t serial, not_before, not_after;
};

/* Version 3, names, dates, key. issuer NULL: self-signed. */
X509 *sim_cert_begin(const struct sim_cert_head *h, const X509 *issuer, EVP_PKEY *key);
/* An extension that OpenSSL knows, from its text form. */
bool sim_cert_ext(X509 *x, const X509 *issuer, int nid, const char *value);
/* Signs; frees x where that or ok is false. */
X509 *sim_cert_end(X509 *x, bool ok, EVP_PKEY *issuer_key, const struct sim_signing *s);

#endif

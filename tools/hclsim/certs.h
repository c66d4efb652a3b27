/* One product's certificates, kept as PEM files beside their keys. */
#ifndef HCLSIM_CERTS_H
#define HCLSIM_CERTS_H

#include "ca.h"

/* Reads ark.pem, ask.pem, asvk.pem, vcek.pem and vlek.pem in dir; where they are
 * not there, or are of other keys, of another product or no longer valid, mints
 * and writes them anew, with an empty crl.pem. */
bool sim_certs_open(struct sim_certs *c, const struct sim_keys *k, enum bq_product p,
		    const char *dir);
bool sim_cert_write(const char *dir, const char *name, X509 *x);
/* An RSA public key (exponent 65537) from its big-endian modulus. */
EVP_PKEY *sim_rsa_public(struct bq_view n);

#endif

/* Certificates such as AMD issues them, under keys of our own: for the
 * simulator, and for tests that need a forgery with exactly one thing wrong.
 *
 * A template comes filled in from sim_leaf_like_amd() or sim_ca_like_amd();
 * change what the forgery is about and mint it. Functions that return a
 * certificate return NULL where OpenSSL fails; the caller frees it. */
#ifndef HCLSIM_CA_H
#define HCLSIM_CA_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/x509.h>

#include <barequote/snp.h>

#include "keys.h"

/* Of a certificate. AMD: PSS, SHA-384, salt 48. */
struct sim_signing {
	bool pkcs1;         /* PKCS #1 v1.5 instead of PSS */
	const char *digest; /* OpenSSL's name */
	const char *mgf1;   /* NULL: the same */
	int salt;           /* bytes */
};

/* A leaf's extensions in AMD's order; OIDs under 1.3.6.1.4.1.3704.1. */
enum sim_ext {
	SIM_EXT_STRUCT_VERSION, /* .1 */
	SIM_EXT_PRODUCT_NAME,   /* .2 */
	SIM_EXT_BOOTLOADER,     /* .3.1 */
	SIM_EXT_TEE,            /* .3.2 */
	SIM_EXT_SPL4,           /* .3.4, not on Turin */
	SIM_EXT_SPL5,
	SIM_EXT_SPL6,
	SIM_EXT_SPL7,
	SIM_EXT_SNP,       /* .3.3 */
	SIM_EXT_MICROCODE, /* .3.8 */
	SIM_EXT_FMC,       /* .3.9, only on Turin */
	SIM_EXT_HWID,      /* .4, only VCEK */
	SIM_EXT_CSP_ID,    /* .5, only VLEK */
	SIM_EXT_COUNT
};

#define SIM_EXT_RAW_MAX 80

/* What is wrong with one extension. raw_n != 0: these bytes are its value. */
struct sim_ext_edit {
	bool omit;
	bool add;   /* also where this kind of leaf does not have it */
	bool twice; /* the right value once more, at the end */
	uint8_t raw[SIM_EXT_RAW_MAX];
	size_t raw_n;
};

struct sim_leaf {
	const char *cn;
	int64_t serial;                /* AMD: 0 */
	int64_t not_before, not_after; /* seconds since 1970 */
	bool ca;                       /* basicConstraints CA:TRUE; AMD: no such extension */
	struct sim_signing signing;
	unsigned struct_version;
	const char *product_name, *csp_id;
	struct bq_tcb tcb; /* has_fmc says whether there is an FMC extension, and no spl4 */
	uint8_t spl4, spl5, spl6, spl7;
	bool vlek; /* csp_id instead of hwid */
	uint8_t hwid[64];
	size_t hwid_n; /* 64, or 8 on Turin */
	struct sim_ext_edit ext[SIM_EXT_COUNT];
};

/* What a processor of that product would get from AMD: valid from yesterday for
 * 7 years (VLEK 1 year), SPLs of sim_tcb(), hwID of sim_chip_id(). */
struct sim_leaf sim_leaf_like_amd(enum bq_product p, bool vlek);
/* key becomes the certificate's, of any kind (AMD: P-384). */
X509 *sim_leaf_cert(const struct sim_leaf *l, EVP_PKEY *key, const X509 *issuer,
		    EVP_PKEY *issuer_key);

enum sim_ca_role {
	SIM_ARK,
	SIM_ASK,  /* issues VCEKs */
	SIM_ASVK, /* issues VLEKs */
};

struct sim_ca {
	char cn[32];
	int64_t serial;
	int64_t not_before, not_after;
	bool ca, crl_sign;
	int pathlen; /* -1: none */
	struct sim_signing signing;
};

/* AMD's names, serial numbers and extensions; valid from 2020 for 25 years. */
struct sim_ca sim_ca_like_amd(enum bq_product p, enum sim_ca_role role);
/* issuer NULL: self-signed. */
X509 *sim_ca_cert(const struct sim_ca *c, EVP_PKEY *key, const X509 *issuer, EVP_PKEY *issuer_key);

/* A CRL that lists n serial numbers (as AMD's lists ASKs), PSS like AMD's. */
X509_CRL *sim_crl(const X509 *issuer, EVP_PKEY *issuer_key, const int64_t *serials, size_t n,
		  int64_t this_update, int64_t next_update);

/* The certificate of a TPM's AK and its self-signed CA; not AMD's affair. */
X509 *sim_ak_ca_cert(EVP_PKEY *key);
X509 *sim_ak_cert(EVP_PKEY *ak, const X509 *issuer, EVP_PKEY *issuer_key);

/* One product's certificates, all as AMD would issue them. The leaves carry the
 * hwID that sim_chip_id() derives from the VCEK. */
struct sim_certs {
	X509 *ark, *ask, *asvk, *vcek, *vlek;
};

bool sim_certs_mint(struct sim_certs *c, const struct sim_keys *k, enum bq_product p);
void sim_certs_free(struct sim_certs *c);
/* The certificates one after another, as PEM; NULL ones are left out. For
 * OPENSSL_free(); NULL where memory is short. */
char *sim_pem(X509 *const *certs, size_t n);

/* The TCB that leaves and reports of that product get by default. */
struct bq_tcb sim_tcb(enum bq_product p);
/* TCB_VERSION in the product's layout; see bq_tcb_read(). */
void sim_tcb_write(const struct bq_tcb *t, enum bq_product p, uint8_t out[8]);
/* CHIP_ID: 64 bytes, on Turin 8 and zeros, made from the VCEK's public key, or a
 * fixed pattern where key is NULL. Returns how many belong into a hwID. */
size_t sim_chip_id(enum bq_product p, EVP_PKEY *vcek, uint8_t out[64]);

#endif

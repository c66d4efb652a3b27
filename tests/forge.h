/* Evidence as from a real machine, under the simulator's keys, with whatever a
 * test wants wrong: fill in, change, make, verify. */
#ifndef FORGE_H
#define FORGE_H

#include "support.h"

#include "cert.h"
#include "mint.h"

struct forge {
	enum bq_product product;
	const struct sim_keys *keys;

	/* Certificates: of whom, with which key, signed by whom. */
	struct sim_ca ark, ca; /* ca: ASK, or ASVK for a VLEK */
	struct sim_leaf leaf;
	EVP_PKEY *ark_key, *ca_key, *leaf_key;
	EVP_PKEY *ca_signer, *leaf_signer;
	EVP_PKEY *own_key; /* one that the test made, and frees */
	bool bring_ark, bring_ca, bring_leaf;
	void (*edit_leaf)(X509 *x); /* before it is signed once more */
	void (*edit_ca)(X509 *x);
	X509 *extra; /* one more, freed when they are made */

	/* Report: signed, then one byte changed. */
	struct sim_report report;
	EVP_PKEY *report_key;
	bool own_report_data; /* not the claims' hash */
	size_t flip_at;
	uint8_t flip; /* 0: nothing */

	/* Claims and blob. */
	uint8_t n[BQ_RSA_MAX];
	size_t n_len;
	const char *e;
	unsigned aks;
	bool has_user_data;
	uint8_t user_data[64];
	uint32_t hash_type;
	const char *claims; /* all of it, instead */

	/* Quote. */
	EVP_PKEY *ak;
	uint32_t magic;
	uint16_t type, sig_alg, sig_hash;
	struct bq_view nonce;
	struct bq_pcr_list pcrs;
	uint8_t digest[BQ_DIGEST_MAX];
	size_t digest_n; /* 32 */
	bool own_digest; /* not that of ev.pcrs */
	size_t trailing; /* bytes after it, signed */
	const char *sign_with;

	/* What is verified; the values of ev.pcrs may be changed before. */
	struct bq_evidence ev;
	struct bq_expect expect;
	const char *policy;
	struct bq_view roots, crl;
	int64_t at; /* 0: now */

	/* What a table of forgeries gives the function it names. */
	int arg;
	const char *text;
	unsigned variant;
};

/* What a test table lists: a change, and the checks that must fail after it. */
struct forgery {
	void (*how)(struct forge *f);
	const char *fails;
};

/* Makes what takes long once; for an unchecked fixture. */
void forge_keys(void);

/* Evidence that is accepted with `--roots` and this nonce. */
void forge_begin(struct forge *f, enum bq_product p, bool vlek);
/* Only the report and its certificate. */
void forge_begin_bare(struct forge *f, enum bq_product p, bool vlek);

/* Makes ev and, where there are none yet, roots: the genuine ARK. */
void forge_make(struct forge *f);
/* A verifier as f says; the caller frees it. */
struct bq_verifier *forge_verifier(const struct forge *f);
/* Verifies what is made, with such a verifier. */
int forge_verify(const struct forge *f, struct bq_verdict *v);
/* Makes, verifies, and wants exactly these checks to fail (names between single
 * spaces, in order), all checks to be listed, and no others. */
void forge_fails(struct forge *f, const char *names);
/* As forge_fails(), for a verdict. */
void assert_failures(const struct bq_verdict *v, const char *names);
void assert_result(const struct bq_verdict *v, const char *name, enum bq_result result);
/* The detail of that check has this in it. */
void assert_detail(const struct bq_verdict *v, const char *name, const char *words);

/* Several views one after another, in memory that ends where they end. */
struct bq_view concat(const struct bq_view *v, size_t n);
/* Makes v a copy that may be written to, here. */
uint8_t *writable(struct bq_view *v);
/* The RSA key is the claims' AK and signs the quote. */
void forge_ak(struct forge *f, EVP_PKEY *key);
/* Of 2048 bits. */
EVP_PKEY *rsa_with_exponent_3(void);
/* An extension of the leaf instead of the right one: hex of its value; NULL:
 * missing; "+": there twice; "!": there where such a leaf has none. */
void forge_ext(struct forge *f, enum sim_ext ext, const char *raw);
void set_issuer(X509 *x, const char *cn);
/* As PEM, and freed. */
struct bq_view crl_pem(X509_CRL *crl);
/* A certificate as PEM, and freed. */
struct bq_view pem_of(X509 *x);
/* A CA certificate under the simulator's keys. */
X509 *forge_ca(enum bq_product p, enum sim_ca_role role);

#endif

/* Genuine evidence for fuzz_verify.c, under keys made when the target starts, and what
 * the simulator's keys allow to be made instead of it. It is made in steps, between which
 * edits.c changes things:
 *
 *   choices    who signs what with which key, format, policy, time (genuine_defaults())
 *   contents   claims, PCR values, extensions of the leaf (genuine_contents())
 *   hashed     the claims' hash is in the report, the PCRs' digest in the quote: genuine_hash()
 *   sealed     certificates, report and quote are signed (genuine_seal())
 *   shown      what is verified: the same, until somebody changes it
 *   blob       report and claims are in an HCL blob (genuine_blob()) */
#ifndef GENUINE_H
#define GENUINE_H

#include "fuzz.h"

#include "ca.h"
#include "quoted.h"

#define GENUINE_NOW   1800000000 /* January 2027: the time of verification */
#define GENUINE_NONCE "a nonce of ours"

/* Its letters, from A on, start an input. */
enum variant {
	MILAN_COCO1,
	MILAN_COCO2,
	GENOA_COCO0,
	TURIN_DIR,
	MILAN_VLEK,
	MILAN_BARE,
	GENOA_HCL_ALONE, /* no quote: user-data has the nonce */
	TURIN_VLEK_BARE,
	MILAN_EVENTLOG,
	VARIANTS
};

enum key {
	KEY_ARK,
	KEY_ASK,
	KEY_ASVK,
	KEY_VCEK,
	KEY_VLEK,
	KEY_AK,
	KEY_EVE_RSA,
	KEY_EVE_P384,
	KEY_EVE_P256,
	KEYS
};

EVP_PKEY *genuine_key(unsigned k);
/* Big-endian; empty for what is not RSA. */
struct bq_view genuine_modulus(unsigned k);

/* What can be chosen, each among its limit of possibilities, of which 0 is right unless
 * a variant says otherwise. */
enum choice {
	C_FORMAT, /* enum bq_evidence_format */
	C_LEAF_CN,
	C_LEAF_KEY, /* enum key, as the others of that kind */
	C_LEAF_SIGNER,
	C_LEAF_SIGNING,
	C_LEAF_IS_CA,
	C_LEAF_DATES,
	C_LEAF_BROUGHT,
	C_CA_PRODUCT,
	C_CA_ROLE, /* enum sim_ca_role */
	C_CA_KEY,
	C_CA_SIGNER,
	C_CA_SIGNING,
	C_CA_IS_NONE,
	C_CA_OTHER_ISSUER, /* another product's root, by name */
	C_CA_OTHER_NAME, /* that of the CA for the other kind of leaf, and not what the leaf says */
	C_CA_DATES,
	C_CA_BROUGHT,
	C_ARK_BROUGHT,
	C_ROOTS,
	C_CRL,
	C_TIME,
	C_POLICY,
	C_REPORT_KEY,
	C_STALE_HASH, /* the report is for the claims before they changed */
	C_CLAIMS_AK,
	C_QUOTE_KEY,
	C_QUOTE_HASH,
	C_SIG_RAW,      /* how the signature is made, */
	C_SIG_SAYS_RAW, /* and what it is said to be */
	C_QUOTE,
	C_NONCE,
	C_NO_QUOTE, /* none is needed */
	C_DATA,     /* REPORT_DATA is known */
	CHOICES
};

enum {
	CN_VCEK,
	CN_VLEK,
	CN_OTHER,
	CNS
};
enum {
	DATES_GOOD,
	DATES_EXPIRED,
	DATES_FUTURE,
	DATES
};
enum {
	TIME_NOW,
	TIME_1990,
	TIME_2060,
	TIMES
};
enum {
	ARK_NOT,
	ARK_GENUINE,
	ARK_OF_EVE,
	ARK_OTHER_PRODUCT,
	ARK_SECOND_LEAF, /* none: another certificate of the leaf's kind in its place */
	ARKS
};
enum {
	ROOTS_GENUINE,
	ROOTS_OTHER_PRODUCT,
	ROOTS_OF_EVE,
	ROOTS_BOTH,
	ROOTS
};
enum {
	CRL_NOT,
	CRL_GOOD,
	CRL_REVOKED,
	CRL_OTHER_ISSUER,
	CRL_OF_EVE,
	CRL_EXPIRED,
	CRL_FUTURE,
	CRLS
};
enum {
	SIGN_AMD,
	SIGN_PKCS1,
	SIGN_SALT_32,
	SIGN_SALT_0,
	SIGN_SHA256,
	SIGN_MGF1_SHA256,
	SIGNINGS
};
enum {
	QUOTE_WHOLE,
	QUOTE_NOT,
	QUOTE_NO_SIG,
	QUOTE_NO_MSG,
	QUOTES
};
enum {
	NONCE_GIVEN,
	NONCE_DECLINED,
	NONCE_FORGOTTEN,
	NONCES
};

extern const uint8_t genuine_limits[CHOICES];

struct bytes {
	size_t n;
	uint8_t p[4096];
};

struct bq_view bytes_view(const struct bytes *b);
void bytes_set(struct bytes *b, struct bq_view v);
/* del bytes at that place become put; nothing where that does not fit. */
void bytes_splice(struct bytes *b, size_t at, size_t del, struct bq_view put);
void bytes_xor(struct bytes *b, size_t at, struct bq_view with);

enum {
	DER_LEAF,
	DER_CA,
	DER_ARK,
	DERS
};

/* What arrives, its pieces apart. */
struct pieces {
	struct bytes report, claims, msg, sig, der[DERS];
	struct bq_pcr_values pcrs;
};

struct genuine {
	uint8_t choice[CHOICES];
	enum variant variant;
	uint8_t usual[CHOICES]; /* the variant's */
	enum bq_product product;
	bool vlek, bare; /* as the variant is */
	struct sim_leaf leaf;
	bool ext_edited;
	struct quoted quote;
	uint8_t digest[BQ_DIGEST_MAX];
	bool own_digest;
	struct bytes extra;       /* the quote's nonce */
	struct bytes nonce, data; /* that are expected */
	struct bytes eventlog;
	bool eventlog_edited;
	struct pieces sealed, shown;
	struct bytes blob;
};

void genuine_defaults(struct genuine *g, enum variant v);
void genuine_contents(struct genuine *g);
void genuine_hash(struct genuine *g);
void genuine_seal(struct genuine *g);
void genuine_blob(struct genuine *g);

/* The parts of it in genuine_certs.c. */
void genuine_seal_certs(struct genuine *g);
void genuine_roots(const struct genuine *g, struct bytes *out);
void genuine_crl(const struct genuine *g, struct bytes *out); /* empty: none */
enum bq_product genuine_ca_product(const struct genuine *g);

/* A log that leads to PCRs 0 to 7, in genuine_log.c. */
#define LOG_PCRS       8
#define LOG_HEAD_SIZE  65
#define LOG_EVENT_SIZE 54
void genuine_log(struct bytes *log, struct bq_pcr_bank *bank);

/* What verifies it; to be freed. */
struct bq_verifier *genuine_verifier(const struct genuine *g);

/* What a policy asks for, for who judges: genuine_policy.c. */
struct genuine_policy {
	const char *json;
	bool allow_vlek, debug, require_crl, pins_measurement, pins_pcr, needs_log, pins_all;
	uint8_t vmpls;   /* bits */
	uint8_t snp_min; /* 0: none */
};
#define POLICIES 11
extern const struct genuine_policy genuine_policies[POLICIES];

/* What the one that pins all says of a Milan's report: bytes that are those of a genuine
 * one, a number that is at least this, bits that are set or clear. */
struct genuine_pin {
	const char *check;
	enum {
		PIN_SAME,
		PIN_LEAST,
		PIN_SET,
		PIN_CLEAR
	} how;
	uint16_t at;
	uint8_t n; /* bytes, or the number, or the bits */
};
extern const struct genuine_pin genuine_pins[]; /* ends with one that has no check */

#endif

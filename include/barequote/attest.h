/* What a TPM signs and signs with: TPMS_ATTEST, TPMT_SIGNATURE, TPMT_PUBLIC
 * (TPM 2.0 Library, part 2: 10.12.12, 11.3.4, 12.2.4). Big-endian. */
#ifndef BAREQUOTE_ATTEST_H
#define BAREQUOTE_ATTEST_H

#include <barequote/bytes.h>
#include <barequote/pcr.h>

struct bq_attest {
	uint32_t magic; /* TPM_GENERATED_VALUE */
	uint16_t type;  /* TPM_ST_ATTEST_QUOTE */
	struct bq_view qualified_signer;
	struct bq_view extra_data; /* the nonce */
	uint64_t clock;            /* ms */
	uint32_t reset_count, restart_count;
	uint8_t safe;
	uint64_t firmware_version;
	struct bq_pcr_list pcrs;
	struct bq_view pcr_digest;
};

/*@ predicate attest_of(struct bq_attest a, struct bq_view msg) = // what parsing promises
  @     within(a.qualified_signer, msg) && within(a.extra_data, msg) &&
  @     within(a.pcr_digest, msg) && a.pcrs.n <= BQ_PCR_BANKS &&
  @     a.magic == TPM_GENERATED_VALUE && a.type == TPM_ST_ATTEST_QUOTE;
  @*/

/* A quote. BQ_E_SHORT, BQ_E_ATTEST_MAGIC, BQ_E_ATTEST_TYPE (another kind of
 * attestation), BQ_E_PCR_SELECTION, BQ_E_TRAILING. */
/*@ requires readable(msg) && \valid(out);
  @ assigns *out;
  @ ensures \result == 0 ==> attest_of(*out, msg);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_attest_parse(struct bq_view msg, struct bq_attest *out);

struct bq_signature {
	uint16_t alg;        /* TPM_ALG_RSASSA, _RSAPSS or _ECDSA */
	uint16_t hash;       /* TPM_ALG_SHA* */
	struct bq_view rsa;  /* the RSA signature */
	struct bq_view r, s; /* ECDSA: big-endian */
};

/*@ logic integer size_of_value(struct bq_signature s) =
  @     s.alg == TPM_ALG_ECDSA ? 2 + s.r.n + 2 + s.s.n : 2 + s.rsa.n; */

/* BQ_E_SHORT, BQ_E_SIG_ALG, BQ_E_TRAILING. */
/*@ requires readable(sig) && \valid(out);
  @ assigns *out;
  @ ensures \result == 0 ==> within(out->rsa, sig) && within(out->r, sig) && within(out->s, sig);
  @ ensures \result == 0 ==> sig.n == 2 + 2 + size_of_value(*out); // nothing is left over
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_signature_parse(struct bq_view sig, struct bq_signature *out);
/* The signature alone, which tpm2-tools call plain: the RSA value, or r and s in
 * DER (RFC 3279, 2.2.3). Errors stick in the writer; BQ_E_RANGE where r or s is
 * zero. */
int bq_signature_plain(const struct bq_signature *sig, struct bq_wr *w);

struct bq_public {
	uint16_t type; /* TPM_ALG_RSA or TPM_ALG_ECC */
	uint16_t name_alg;
	uint32_t attributes; /* TPMA_OBJECT */
	struct bq_view policy;
	uint16_t sym_alg, sym_bits, sym_mode; /* TPM_ALG_NULL: the others are 0 */
	uint16_t scheme, hash;                /* TPM_ALG_NULL: hash is 0 */
	uint16_t bits;                        /* RSA */
	uint32_t exponent;                    /* RSA; never 0, which means 65537 */
	struct bq_view n;                     /* RSA: modulus, big-endian */
	uint16_t curve, kdf, kdf_hash;        /* ECC */
	struct bq_view x, y;                  /* ECC */
};

/*@ predicate public_of(struct bq_public p, struct bq_view pub) = // what parsing promises
  @     within(p.policy, pub) && within(p.n, pub) && within(p.x, pub) && within(p.y, pub);
  @*/

/* TPMT_PUBLIC. BQ_E_SHORT, BQ_E_PUBLIC (another type, or a scheme that such a
 * key cannot have), BQ_E_TRAILING. */
/*@ requires readable(pub) && \valid(out);
  @ assigns *out;
  @ ensures \result == 0 ==> public_of(*out, pub);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_public_parse(struct bq_view pub, struct bq_public *out);
/* TPM2B_PUBLIC: its size, then the same. */
/*@ requires readable(pub) && \valid(out);
  @ assigns *out;
  @ ensures \result == 0 ==> public_of(*out, pub);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_public_parse_2b(struct bq_view pub, struct bq_public *out);

/* SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), DER and PEM, without OpenSSL.
 * Errors stick in the writer or sink. RSA and ECC P-256 and P-384;
 * BQ_E_PUBLIC otherwise. */
int bq_public_spki(const struct bq_public *pub, struct bq_wr *w);
int bq_rsa_spki(struct bq_view n, uint32_t e, struct bq_wr *w);
void bq_put_pem(struct bq_sink *s, const char *label, struct bq_view der);

/* PCR files of tpm2-tools, `quote -o`.
 *
 * Format serialized, 132 + 4 + k * 532 bytes, little-endian: each digest goes
 * where the file's own selection says. BQ_E_PCR_FILE. */
int bq_pcr_file_read(struct bq_view file, struct bq_pcr_list *sel, struct bq_pcr_values *out);
/* Format values, the digests one after another and nothing else: what they are
 * has to be known (for a quote: from the signed selection). BQ_E_PCR_FILE. */
int bq_pcr_file_read_values(struct bq_view file, const struct bq_pcr_list *sel,
			    struct bq_pcr_values *out);
/* Format marshaled (tpm2-tools 5.8), big-endian: TPML_PCR_SELECTION, u32 k,
 * k TPML_DIGEST. BQ_E_PCR_FILE. */
int bq_pcr_file_read_marshaled(struct bq_view file, struct bq_pcr_list *sel,
			       struct bq_pcr_values *out);
/* As serialized. BQ_E_PCR_SELECTION sticks where v lacks a selected value. */
void bq_pcr_file_write(struct bq_sink *s, const struct bq_pcr_list *sel,
		       const struct bq_pcr_values *v);

#endif

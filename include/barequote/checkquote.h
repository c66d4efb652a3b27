/* A quote on its own: of any TPM, signed by any RSA, P-256 or P-384 key, over
 * PCRs of any banks. What tpm2_checkquote judges, with the checks of its newest
 * version.
 *
 * What is not checked: whose key it is, and that it is one that signs nothing
 * but what the TPM made (restricted). bq_verify() finds both in evidence. */
#ifndef BAREQUOTE_CHECKQUOTE_H
#define BAREQUOTE_CHECKQUOTE_H

#include <barequote/verify.h>

struct bq_checkquote {
	struct bq_view key; /* PEM (SubjectPublicKeyInfo), TPM2B_PUBLIC or TPMT_PUBLIC */
	struct bq_view msg; /* TPMS_ATTEST */
	struct bq_view sig; /* TPMT_SIGNATURE; or plain: the RSA value, or r and s in DER */
	uint16_t hash;      /* TPM_ALG_*, of a plain signature: the others say it */
	struct bq_view nonce;
	/* What the values are said to be of, which has to be what was signed; NULL:
	 * no PCR values were given, the quote's digest is not compared. */
	const struct bq_pcr_list *sel;
	const struct bq_pcr_values *pcrs;
	struct bq_view eventlog; /* needs PCR values; n 0: none */
};

/* The checks quote.format, .signature, .nonce, .pcr_selection and .pcr_digest,
 * and eventlog.replay, which here wants every quoted PCR to be what the log
 * leads to. BQ_E_PUBLIC, and no verdict, where the key cannot be used. */
int bq_checkquote(const struct bq_checkquote *q, struct bq_verdict *out);

#endif

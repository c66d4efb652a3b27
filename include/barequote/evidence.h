/* Evidence in the formats that other software reads and writes: Confidential
 * Containers (TEE az-snp-vtpm) versions 0 to 2, Microsoft Azure Attestation's
 * request body, a directory of files, a bare HCL blob, a bare SNP report.
 *
 * Nothing is judged here: a parsed container may hold anything. */
#ifndef BAREQUOTE_EVIDENCE_H
#define BAREQUOTE_EVIDENCE_H

#include <barequote/attest.h>
#include <barequote/hcl.h>
#include <barequote/json.h>
#include <barequote/pcr.h>
#include <barequote/snp.h>

enum bq_evidence_format {
	BQ_EVIDENCE_SNP,   /* bare SNP report */
	BQ_EVIDENCE_HCL,   /* bare HCL blob, quote beside it */
	BQ_EVIDENCE_DIR,   /* what `attest -f dir` writes */
	BQ_EVIDENCE_COCO0, /* Confidential Containers */
	BQ_EVIDENCE_COCO1,
	BQ_EVIDENCE_COCO2,
	BQ_EVIDENCE_MAA_SNP, /* written, not read */
};

const char *bq_evidence_format_name(enum bq_evidence_format f); /* `coco2` */

/* Views into the caller's memory; those with n == 0 are absent. */
struct bq_evidence {
	enum bq_evidence_format format;
	struct bq_view hcl;       /* HCL blob, absent for BQ_EVIDENCE_SNP */
	struct bq_view report;    /* 1184 bytes, only for BQ_EVIDENCE_SNP */
	struct bq_view quote_msg; /* TPMS_ATTEST */
	struct bq_view quote_sig; /* TPMT_SIGNATURE, or a bare RSASSA-SHA256 value */
	bool sig_is_raw;
	struct bq_pcr_values pcrs; /* by bank and index */
	struct bq_view certs[3];   /* PEM (any number, any order) or one DER each */
	struct bq_view eventlog;
};

/* Recognises and parses a JSON container. Hex, base64 and integer arrays are
 * decoded into work, which must live as long as out and is never needed larger
 * than text.n bytes. where, if not NULL, receives the path of the member that
 * was wrong (`tpm_quote.signature`) on failure, NUL-terminated. */
int bq_evidence_parse_json(struct bq_view text, uint8_t *work, size_t cap, struct bq_evidence *out,
			   char *where, size_t where_cap);
/* The quote of a JSON tpm_quote object, into an evidence that has none. */
int bq_evidence_parse_quote(struct bq_view text, uint8_t *work, size_t cap, struct bq_evidence *out,
			    char *where, size_t where_cap);

/* What an attester hands to the writers. certs are PEM. Event logs are read
 * while writing, since they may be larger than memory one wants to spend:
 * eventlog_read returns bytes read, 0 at the end, -1 on error. */
struct bq_evidence_parts {
	struct bq_view hcl;
	struct bq_view quote_msg;
	struct bq_view quote_sig; /* TPMT_SIGNATURE */
	const struct bq_pcr_values *pcrs;
	struct bq_view vcek_pem;                               /* absent: the member is left out */
	struct bq_view chain_pem;                              /* likewise */
	long (*eventlog_read)(void *ctx, void *buf, size_t n); /* NULL: none */
	void *eventlog_ctx;
};

/* One line of JSON with its newline. Formats BQ_EVIDENCE_COCO0, 1, 2 and
 * BQ_EVIDENCE_MAA_SNP, which needs certificates and no quote. BQ_E_ARG for
 * others, BQ_E_SIG_ALG where the signature is not RSASSA-SHA256,
 * BQ_E_PCR_SELECTION unless all SHA-256 PCRs are there, BQ_E_CERT where
 * vcek_pem or chain_pem is not PEM: all before the first byte. BQ_E_IO where the
 * event log fails. */
int bq_evidence_write(struct bq_sink *s, enum bq_evidence_format f,
		      const struct bq_evidence_parts *parts);

/* The first PEM block's base64 body, decoded to der; *rest is what follows it.
 * BQ_E_CERT where there is none or it is malformed, BQ_E_SPACE where it is longer
 * than cap; der may then have changed. */
int bq_pem_next(struct bq_view *rest, const char *label, uint8_t *der, size_t cap, size_t *n);

#endif

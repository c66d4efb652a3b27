/* What an Azure confidential VM's guest does: get a report that carries its
 * user data, a quote whose PCR values are known, and the certificates. */
#ifndef BAREQUOTE_AZURE_H
#define BAREQUOTE_AZURE_H

#include <barequote/hcl.h>
#include <barequote/snp.h>
#include <barequote/tpm.h>

#define BQ_AZURE_TIMEOUT_MS 10000 /* a sensible bound for a fresh report */

struct bq_azure {
	struct bq_tpm *tpm;
	struct bq_auth owner; /* the owner hierarchy's password; usually empty */
	unsigned timeout_ms;  /* for the whole of one call; 0: BQ_AZURE_TIMEOUT_MS */
};

/* A try that begins in time has so long to end; after it the TPM gets no further
 * command. So a call takes timeout_ms, this, and at most the one command that a
 * slow TPM is at. */
#define BQ_AZURE_LAST_TRY_MS 1000

/* The report as it stands. buf holds the blob (BQ_HCL_MAX bytes suffice);
 * reads only as far as its own size says. out's views lie in buf.
 * BQ_E_NOT_CVM, BQ_E_UNWRITTEN, BQ_E_OWNER_AUTH, BQ_E_TORN, errors of
 * bq_hcl_parse(). The claims' hash is checked where the report is SNP. */
int bq_azure_report(const struct bq_azure *a, uint8_t *buf, size_t cap, struct bq_view *blob,
		    struct bq_hcl *out);

/* A report that carries user_data (at most 64 bytes, zero-padded): writes it to
 * 0x01400002, which is defined or redefined where it must be, then reads until
 * the claims carry it. Never returns another report as success: BQ_E_STALE
 * after the time, BQ_E_UNBOUND where claims have no user-data at all. */
int bq_azure_fresh_report(const struct bq_azure *a, struct bq_view user_data, uint8_t *buf,
			  size_t cap, struct bq_view *blob, struct bq_hcl *out);

/* Whether 0x01400002 is as it must be for that: 64 bytes that the owner reads and
 * writes, or more that need not be written as a whole. Where it is not, the above
 * makes it anew. */
bool bq_azure_user_data_fits(const struct bq_nv_public *pub);

#define BQ_QUOTE_MSG_MAX 1024 /* a TPMS_ATTEST over all banks is shorter */
#define BQ_QUOTE_SIG_MAX 640  /* TPMT_SIGNATURE of an RSA-4096 key */

struct bq_azure_quote {
	uint8_t msg[BQ_QUOTE_MSG_MAX]; /* TPMS_ATTEST */
	size_t msg_n;
	uint8_t sig[BQ_QUOTE_SIG_MAX]; /* TPMT_SIGNATURE */
	size_t sig_n;
	struct bq_pcr_list sel;
	struct bq_pcr_values pcrs;
};

/* Quote, then PCR values whose digest is the quoted one; again where they do
 * not agree, within the time. Only SHA-256 signing keys. BQ_E_NONCE_SIZE,
 * BQ_E_PCRS_MOVING. out is undefined on failure. */
int bq_azure_quote(const struct bq_azure *a, uint32_t handle, struct bq_view nonce,
		   const struct bq_pcr_list *sel, struct bq_azure_quote *out);

/* Certificates from THIM, the instance metadata service's trusted hardware
 * identity management. Plain HTTP/1.1, numeric address, never a proxy. */
#define BQ_IMDS_URL  "http://169.254.169.254"
#define BQ_IMDS_PATH "/metadata/THIM/amd/certification"
#define BQ_IMDS_MAX  32768 /* bytes of an answer */

struct bq_imds_certs {
	struct bq_view vcek;  /* PEM */
	struct bq_view chain; /* PEM: ASK, then ARK */
	uint8_t tcbm[8];      /* REPORTED_TCB in a report's byte order */
};

struct bq_imds {
	const char *url;              /* scheme, address and port; NULL: BQ_IMDS_URL */
	unsigned timeout_ms;          /* for all tries together; 0: 10 s */
	const struct bq_clock *clock; /* NULL: the system's */
	int http_status;              /* out: of the last answer, 0 where there was none */
	int sys_errno;                /* out */
};

/* Fetches, again on 404, 410, 429, 5xx and where no connection comes about or
 * holds. buf keeps the answer, decoded in place: out's views lie there. Errors
 * of bq_http_get(), BQ_E_IMDS. */
int bq_imds_certs(struct bq_imds *i, uint8_t *buf, size_t cap, struct bq_imds_certs *out);
/* BQ_E_TCBM unless the certificates are for this report's REPORTED_TCB. */
int bq_imds_match(const struct bq_imds_certs *c, const struct bq_snp *report);

/* One HTTP GET: what bq_imds_certs() stands on. header is a whole header line
 * without CRLF, or NULL. The body is at the start of buf. Any status but 200 is
 * BQ_E_HTTP_STATUS. *status (0: no answer) and *sys_errno are set in any case,
 * buf is undefined on failure. BQ_E_URL, BQ_E_ARG (header), BQ_E_GONE,
 * BQ_E_TIMEOUT, BQ_E_IO, BQ_E_HTTP, BQ_E_HTTP_ENCODING, BQ_E_HTTP_SIZE. */
int bq_http_get(const char *url, const char *header, uint64_t deadline_ms,
		const struct bq_clock *clock, uint8_t *buf, size_t cap, struct bq_view *body,
		int *status, int *sys_errno);

#endif

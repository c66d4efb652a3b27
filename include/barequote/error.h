/* One flat space of error codes, and their text.
 *
 * Every function that can fail returns int: 0, or one of these. On failure
 * outputs are untouched and a reader has not moved, unless the prototype says
 * otherwise. */
#ifndef BAREQUOTE_ERROR_H
#define BAREQUOTE_ERROR_H

enum bq_err {
	BQ_OK = 0,

	/* Reading and writing bytes */
	BQ_E_SHORT,    /* the input ends before the item does */
	BQ_E_TRAILING, /* the item ends before the input does */
	BQ_E_SPACE,    /* the caller's buffer is too small */
	BQ_E_RANGE,    /* a number is outside its range */
	BQ_E_PADDING,  /* bytes that must be zero are not */
	BQ_E_HEX,
	BQ_E_BASE64,
	BQ_E_ARG, /* the caller broke the function's contract */

	/* JSON (RFC 8259) */
	BQ_E_JSON_SYNTAX,
	BQ_E_JSON_UTF8,
	BQ_E_JSON_DEPTH,
	BQ_E_JSON_TYPE,
	BQ_E_JSON_MISSING,
	BQ_E_JSON_DUPLICATE,

	/* Transports. Those marked * leave errno in bq_tpm.sys_errno. */
	BQ_E_TCTI,       /* the transport string is not one we know */
	BQ_E_NO_DEVICE,  /* no such node or socket * */
	BQ_E_NO_NODE,    /* the kernel has a TPM whose node is missing */
	BQ_E_PERMISSION, /* * */
	BQ_E_BUSY,       /* someone else has it open, or a response is unread * */
	BQ_E_GONE,       /* the chip or the connection went away * */
	BQ_E_TIMEOUT,    /* * */
	BQ_E_IO,         /* any other system error * */
	BQ_E_REPLAY,     /* the command is not the recorded one, or the record is malformed */

	/* TPM responses (TPM 2.0 Library, part 1, section 18) */
	BQ_E_TPM_RC,       /* the TPM refused: bq_tpm.rc says why */
	BQ_E_TPM_HEADER,   /* tag or responseSize is impossible */
	BQ_E_TPM_RESPONSE, /* the parameters do not parse */
	BQ_E_TPM_PROPERTY, /* GetCapability answered with another property */
	BQ_E_TPM_PROGRESS, /* a chunk, digest or selection of length zero */

	/* Azure's HCL blob */
	BQ_E_HCL_MAGIC,
	BQ_E_HCL_HEADER, /* header version is neither 1 nor 2 */
	BQ_E_HCL_SIZE,   /* report_size, data_size and claims_size disagree */
	BQ_E_HCL_DATA,   /* version of the runtime data is neither 1 nor 2 */
	BQ_E_HCL_TYPE,   /* report_type is unknown */
	BQ_E_HCL_TDX,    /* a TDX report where an SNP report is wanted */
	BQ_E_HCL_VBS,    /* a VBS report (no hardware behind it) */
	BQ_E_HCL_HASH,   /* hash_type is not SHA-256 */

	/* SEV-SNP report */
	BQ_E_SNP_SIZE,
	BQ_E_SNP_VERSION, /* version 0 or 1: not an SNP report */

	/* Runtime claims */
	BQ_E_CLAIMS_KEYS,      /* `keys` is missing or no list of JSON web keys */
	BQ_E_CLAIMS_AK,        /* no HCLAkPub, or more than one */
	BQ_E_CLAIMS_USER_DATA, /* not 128 hex characters */
	BQ_E_JWK,              /* a key is not RSA with e = AQAB and a sane modulus */

	/* TPM structures */
	BQ_E_ATTEST_MAGIC,
	BQ_E_ATTEST_TYPE,
	BQ_E_SIG_ALG,
	BQ_E_PUBLIC,
	BQ_E_PCR_SELECTION,
	BQ_E_PCR_FILE,
	BQ_E_PCR_LIST, /* the text of a PCR list */
	BQ_E_EVENTLOG,

	/* The fresh-report procedure */
	BQ_E_NONCE_SIZE,  /* over 50 bytes (quote) or 64 bytes (report) */
	BQ_E_NOT_CVM,     /* no report index: not an Azure confidential VM */
	BQ_E_UNWRITTEN,   /* the report index exists but holds nothing yet */
	BQ_E_OWNER_AUTH,  /* the owner hierarchy has a password and it was not given */
	BQ_E_STALE,       /* no report with our user data within the time */
	BQ_E_UNBOUND,     /* the report cannot carry user data (oldest generation) */
	BQ_E_TORN,        /* no consistent report within the time */
	BQ_E_PCRS_MOVING, /* PCRs changed each time between quote and read */

	/* HTTP and instance metadata */
	BQ_E_URL,
	BQ_E_HTTP, /* the answer is not HTTP/1.x, or malformed */
	BQ_E_HTTP_ENCODING,
	BQ_E_HTTP_STATUS, /* a final status other than 200 */
	BQ_E_HTTP_SIZE,   /* the body is larger than allowed */
	BQ_E_IMDS,        /* the answer is not the JSON that THIM serves */
	BQ_E_TCBM,        /* the certificates are for another TCB than the report's */

	/* Evidence containers, certificates and policy */
	BQ_E_EVIDENCE,  /* none of the formats we know */
	BQ_E_NO_QUOTE,  /* the evidence has no quote and one was asked for */
	BQ_E_CERT,      /* not a certificate, or not one that parses */
	BQ_E_PRODUCT,   /* the product cannot be told */
	BQ_E_POLICY,    /* the policy file is refused */
	BQ_E_CRL,       /* not a certificate revocation list */
	BQ_E_ROOTS,     /* no usable trust anchor in the file */
	BQ_E_NO_MEMORY, /* only from the verifier */
	BQ_E_COUNT
};

/* A sentence without a full stop, never NULL, valid for ever. */
const char *bq_strerror(int err);

#endif

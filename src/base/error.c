/* The text of each error code. */
#include <barequote/error.h>

#include <stddef.h>

static const char *const text[BQ_E_COUNT] = {
	[BQ_OK] = "success",
	[BQ_E_SHORT] = "the input ends too early",
	[BQ_E_TRAILING] = "bytes follow where the input should end",
	[BQ_E_SPACE] = "larger than the room there is for it",
	[BQ_E_RANGE] = "a number is out of range",
	[BQ_E_PADDING] = "bytes that must be zero are not",
	[BQ_E_HEX] = "not hex: expected an even number of digits 0-9, a-f",
	[BQ_E_BASE64] = "not base64",
	[BQ_E_ARG] = "called with an argument it does not take",
	[BQ_E_JSON_SYNTAX] = "not JSON",
	[BQ_E_JSON_UTF8] = "not JSON: a string is not UTF-8",
	[BQ_E_JSON_DEPTH] = "JSON nested too deep",
	[BQ_E_JSON_TYPE] = "a JSON value of another type than expected",
	[BQ_E_JSON_MISSING] = "a JSON member is missing",
	[BQ_E_JSON_DUPLICATE] = "a JSON member is there twice",
	[BQ_E_TCTI] = "not a TPM address: expected device:PATH, swtpm:path=SOCKET, "
		      "swtpm:host=H,port=P, replay:FILE or a path",
	[BQ_E_NO_DEVICE] = "no TPM there",
	[BQ_E_PERMISSION] = "permission denied",
	[BQ_E_BUSY] = "busy: in use by another program",
	[BQ_E_GONE] = "the connection was closed, or the device went away",
	[BQ_E_TIMEOUT] = "no answer in time",
	[BQ_E_IO] = "input or output error",
	[BQ_E_REPLAY] = "the recorded exchange does not have this command here",
	[BQ_E_TPM_RC] = "the TPM refused the command",
	[BQ_E_TPM_HEADER] = "the TPM's answer has an impossible header",
	[BQ_E_TPM_RESPONSE] = "the TPM's answer does not parse",
	[BQ_E_TPM_PROPERTY] = "the TPM answered with another property than asked for",
	[BQ_E_TPM_PROGRESS] = "the TPM answered with nothing",
	[BQ_E_HCL_MAGIC] = "not an HCL report: it does not start with HCLA",
	[BQ_E_HCL_HEADER] = "HCL report with an unknown header version: expected 1 or 2",
	[BQ_E_HCL_SIZE] = "HCL report whose sizes contradict each other",
	[BQ_E_HCL_DATA] = "HCL report with an unknown version of its runtime data: expected 1 or 2",
	[BQ_E_HCL_TYPE] = "HCL report of an unknown type: expected SNP",
	[BQ_E_HCL_TDX] =
		"a TDX report, not SEV-SNP: this VM runs on Intel hardware, which is not supported",
	[BQ_E_HCL_VBS] =
		"a VBS report, not SEV-SNP: no confidential hardware stands behind this VM",
	[BQ_E_HCL_HASH] = "HCL report with an unsupported hash of its claims: expected SHA-256",
	[BQ_E_SNP_SIZE] = "not an SNP report: expected 1184 bytes",
	[BQ_E_SNP_VERSION] = "not an SNP report: expected version 2 or newer",
	[BQ_E_CLAIMS_KEYS] = "the claims' keys are not a list of JSON web keys",
	[BQ_E_CLAIMS_AK] = "the claims do not have exactly one HCLAkPub key",
	[BQ_E_CLAIMS_USER_DATA] = "the claims' user-data is not 128 hex digits",
	[BQ_E_JWK] = "not an RSA key in JSON web key form",
	[BQ_E_ATTEST_MAGIC] = "not made by a TPM: expected magic ff544347",
	[BQ_E_ATTEST_TYPE] = "an attestation of another type than a quote (8018)",
	[BQ_E_SIG_ALG] = "a signature of another kind than RSASSA, RSAPSS or ECDSA, or another one "
			 "than expected",
	[BQ_E_PUBLIC] = "a public key of an unknown kind",
	[BQ_E_PCR_SELECTION] = "a PCR selection that is malformed or does not match",
	[BQ_E_PCR_FILE] = "not a PCR file of tpm2-tools",
	[BQ_E_PCR_LIST] = "not a PCR list: expected for example sha256:0,1,2+sha1:all",
	[BQ_E_EVENTLOG] = "a malformed event log",
	[BQ_E_NONCE_SIZE] = "the nonce is too long: a quote takes 50 bytes, a report 64",
	[BQ_E_NOT_CVM] =
		"no report at 0x01400001: this is not an Azure confidential VM with a vTPM",
	[BQ_E_UNWRITTEN] = "the report at 0x01400001 has not been written yet: the paravisor "
			   "failed or is not done",
	[BQ_E_OWNER_AUTH] = "the owner hierarchy has a password",
	[BQ_E_STALE] = "no fresh report in time: the report still carries other user data",
	[BQ_E_UNBOUND] = "this generation's report carries no user data: freshness cannot be had",
	[BQ_E_TORN] = "no consistent report in time: other programs keep reading or writing it",
	[BQ_E_PCRS_MOVING] = "PCRs changed each time between quote and read",
	[BQ_E_URL] = "not a usable URL",
	[BQ_E_HTTP] = "the server's answer is not HTTP",
	[BQ_E_HTTP_ENCODING] = "the server's answer is compressed, which was not asked for",
	[BQ_E_HTTP_STATUS] = "the server refused",
	[BQ_E_HTTP_SIZE] = "the server's answer is too large",
	[BQ_E_IMDS] = "the metadata service's answer has no certificates",
	[BQ_E_TCBM] = "the certificates are for another TCB version than the report",
	[BQ_E_EVIDENCE] = "not recognised as evidence",
	[BQ_E_NO_QUOTE] = "the evidence has no quote",
	[BQ_E_CERT] = "not a certificate",
	[BQ_E_PRODUCT] = "the processor's product is unknown: expected Milan, Genoa or Turin",
	[BQ_E_POLICY] = "the policy is refused",
	[BQ_E_CRL] = "not a certificate revocation list",
	[BQ_E_ROOTS] = "no self-signed CA certificate to trust",
	[BQ_E_NO_MEMORY] = "out of memory",
};

const char *bq_strerror(int err)
{
	if (err < 0 || err >= BQ_E_COUNT || text[err] == NULL)
		return "unknown error";
	return text[err];
}

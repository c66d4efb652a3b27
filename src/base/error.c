/* The text of each error code. */
#include <barequote/text.h>

#include <string.h>

/* In the order of the codes: a string after another takes no pointer. */
#define TEXTS(T)                                                                                   \
	T(BQ_OK, "success")                                                                        \
	T(BQ_E_SHORT, "the input ends too early")                                                  \
	T(BQ_E_TRAILING, "bytes follow where the input should end")                                \
	T(BQ_E_SPACE, "larger than the room there is for it")                                      \
	T(BQ_E_RANGE, "a number is out of range")                                                  \
	T(BQ_E_PADDING, "bytes that must be zero are not")                                         \
	T(BQ_E_HEX, "not hex: expected an even number of digits 0-9, a-f")                         \
	T(BQ_E_BASE64, "not base64")                                                               \
	T(BQ_E_ARG, "called with an argument it does not take")                                    \
	T(BQ_E_JSON_SYNTAX, "not JSON")                                                            \
	T(BQ_E_JSON_UTF8, "not JSON: a string is not UTF-8")                                       \
	T(BQ_E_JSON_DEPTH, "JSON nested too deep")                                                 \
	T(BQ_E_JSON_TYPE, "a JSON value of another type than expected")                            \
	T(BQ_E_JSON_MISSING, "a JSON member is missing")                                           \
	T(BQ_E_JSON_DUPLICATE, "a JSON member is there twice")                                     \
	T(BQ_E_TCTI, "not a TPM address: expected device:PATH, swtpm:path=SOCKET, "                \
		     "swtpm:host=H,port=P, replay:FILE or a path")                                 \
	T(BQ_E_NO_DEVICE, "no TPM there")                                                          \
	T(BQ_E_NO_NODE, "the kernel has this TPM, but its device node is missing")                 \
	T(BQ_E_PERMISSION, "permission denied")                                                    \
	T(BQ_E_BUSY, "busy: in use by another program")                                            \
	T(BQ_E_GONE, "the connection was closed, or the device went away")                         \
	T(BQ_E_TIMEOUT, "no answer in time")                                                       \
	T(BQ_E_IO, "input or output error")                                                        \
	T(BQ_E_REPLAY, "the recorded exchange does not have this command here")                    \
	T(BQ_E_TPM_RC, "the TPM refused the command")                                              \
	T(BQ_E_TPM_HEADER, "the TPM's answer has an impossible header")                            \
	T(BQ_E_TPM_RESPONSE, "the TPM's answer does not parse")                                    \
	T(BQ_E_TPM_PROPERTY, "the TPM answered with another property than asked for")              \
	T(BQ_E_TPM_PROGRESS, "the TPM answered with nothing")                                      \
	T(BQ_E_HCL_MAGIC, "not an HCL report: it does not start with HCLA")                        \
	T(BQ_E_HCL_HEADER, "HCL report with an unknown header version: expected 1 or 2")           \
	T(BQ_E_HCL_SIZE, "HCL report whose sizes contradict each other")                           \
	T(BQ_E_HCL_DATA,                                                                           \
	  "HCL report with an unknown version of its runtime data: expected 1 or 2")               \
	T(BQ_E_HCL_TYPE, "HCL report of an unknown type: expected SNP")                            \
	T(BQ_E_HCL_TDX,                                                                            \
	  "a TDX report, not SEV-SNP: this VM runs on Intel hardware, which is not supported")     \
	T(BQ_E_HCL_VBS,                                                                            \
	  "a VBS report, not SEV-SNP: no confidential hardware stands behind this VM")             \
	T(BQ_E_HCL_HASH, "HCL report with an unsupported hash of its claims: expected SHA-256")    \
	T(BQ_E_SNP_SIZE, "not an SNP report: expected 1184 bytes")                                 \
	T(BQ_E_SNP_VERSION, "not an SNP report: expected version 2 or newer")                      \
	T(BQ_E_CLAIMS_KEYS, "the claims' keys are not a list of JSON web keys")                    \
	T(BQ_E_CLAIMS_AK, "the claims do not have exactly one HCLAkPub key")                       \
	T(BQ_E_CLAIMS_USER_DATA, "the claims' user-data is not 128 hex digits")                    \
	T(BQ_E_JWK, "not an RSA key in JSON web key form")                                         \
	T(BQ_E_ATTEST_MAGIC, "not made by a TPM: expected magic ff544347")                         \
	T(BQ_E_ATTEST_TYPE, "an attestation of another type than a quote (8018)")                  \
	T(BQ_E_SIG_ALG,                                                                            \
	  "a signature of another kind than RSASSA, RSAPSS or ECDSA, or another one "              \
	  "than expected")                                                                         \
	T(BQ_E_PUBLIC, "a public key of an unknown kind")                                          \
	T(BQ_E_PCR_SELECTION, "a PCR selection that is malformed or does not match")               \
	T(BQ_E_PCR_FILE, "not a PCR file of tpm2-tools")                                           \
	T(BQ_E_PCR_LIST, "not a PCR list: expected for example sha256:0,1,2+sha1:all")             \
	T(BQ_E_EVENTLOG, "a malformed event log")                                                  \
	T(BQ_E_NONCE_SIZE, "the nonce is too long: a quote takes 50 bytes, a report 64")           \
	T(BQ_E_NOT_CVM,                                                                            \
	  "no report at 0x01400001: this is not an Azure confidential VM with a vTPM")             \
	T(BQ_E_UNWRITTEN, "the report at 0x01400001 has not been written yet: the paravisor "      \
			  "failed or is not done")                                                 \
	T(BQ_E_OWNER_AUTH, "the owner hierarchy has a password")                                   \
	T(BQ_E_STALE, "no fresh report in time: the report still carries other user data")         \
	T(BQ_E_UNBOUND, "this generation's report carries no user data: freshness cannot be had")  \
	T(BQ_E_TORN, "no consistent report in time: other programs keep reading or writing it")    \
	T(BQ_E_PCRS_MOVING, "PCRs changed each time between quote and read")                       \
	T(BQ_E_URL, "not a usable URL")                                                            \
	T(BQ_E_HTTP, "the server's answer is not HTTP")                                            \
	T(BQ_E_HTTP_ENCODING, "the server's answer is compressed, which was not asked for")        \
	T(BQ_E_HTTP_STATUS, "the server refused")                                                  \
	T(BQ_E_HTTP_SIZE, "the server's answer is too large")                                      \
	T(BQ_E_IMDS, "the metadata service's answer has no certificates")                          \
	T(BQ_E_TCBM, "the certificates are for another TCB version than the report")               \
	T(BQ_E_EVIDENCE, "not recognised as evidence")                                             \
	T(BQ_E_NO_QUOTE, "the evidence has no quote")                                              \
	T(BQ_E_CERT, "not a certificate")                                                          \
	T(BQ_E_PRODUCT, "the processor's product is unknown: expected Milan, Genoa or Turin")      \
	T(BQ_E_POLICY, "the policy is refused")                                                    \
	T(BQ_E_CRL, "not a certificate revocation list")                                           \
	T(BQ_E_ROOTS, "no self-signed CA certificate to trust")                                    \
	T(BQ_E_NO_MEMORY, "out of memory")

#define STRING(code, words) words "\0"
static const char text[] = TEXTS(STRING);

#define PLACE(code, words)    PLACE_##code,
#define IN_ORDER(code, words) _Static_assert((int)PLACE_##code == (int)code, "out of order");
enum {
	TEXTS(PLACE) PLACES
};
TEXTS(IN_ORDER)
_Static_assert((int)PLACES == (int)BQ_E_COUNT, "a code without a text");

const char *bq_strerror(int err)
{
	const char *t = text;

	if (err < 0 || err >= BQ_E_COUNT)
		return "unknown error";
	for (; err > 0; err--)
		t += strlen(t) + 1;
	return t;
}

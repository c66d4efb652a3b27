/* quote: PCRs signed by a key of the TPM, as tpm2_quote. */
#include <string.h>

#include "cmd.h"
#include "session.h"
#include "tss_text.h"

#define NONCE_MAX 66 /* TPM2B_DATA: an algorithm and a digest; part 2, 10.4.3 */

static struct {
	const char *key, *pcrs, *nonce, *message, *signature, *pcr_file, *pcr_format, *format,
		*hash, *scheme, *auth;
} given;

static const struct opt options[] = {
	OPT("c", "key-context", "HANDLE", "the key, persistent", &given.key),
	OPT("p", "auth", "AUTH", "the key's password", &given.auth),
	OPT("l", "pcr-list", "PCRLIST", "for example sha256:0,1,2+sha1:all", &given.pcrs),
	OPT("q", "qualification", "HEX|@FILE", "a nonce; Azure's TPM takes 50 bytes", &given.nonce),
	OPT("m", "message", "FILE", "write what was signed (TPMS_ATTEST)", &given.message),
	OPT("s", "signature", "FILE", "write the signature", &given.signature),
	OPT("f", "format", "FORMAT", "of that: tss (TPMT_SIGNATURE, default) or plain",
	    &given.format),
	OPT("o", "pcr", "FILE", "write PCR values that match the quote", &given.pcr_file),
	OPT("F", "pcrs_format", "FORMAT", "of that: serialized (default) or values",
	    &given.pcr_format),
	OPT("g", "hash-algorithm", "HASH", "for a key that leaves it open; default: sha256",
	    &given.hash),
	OPT("", "scheme", "SCHEME", "likewise: rsassa, rsapss, ecdsa", &given.scheme),
	{0},
};

static struct bq_azure_quote quote;

static bool plain_format(void)
{
	return given.format != NULL && strcmp(given.format, "plain") == 0;
}

static enum outcome get_nonce(struct bq_view *out)
{
	static uint8_t buf[NONCE_MAX];

	*out = bq_view_of(NULL, 0);
	return given.nonce == NULL
		       ? TOOL_OK
		       : tss_nonce("--qualification", given.nonce, buf, sizeof(buf), out);
}

static enum outcome get_wanted(struct bq_quote_request *r)
{
	static const uint16_t schemes[] = {TPM_ALG_RSASSA, TPM_ALG_RSAPSS, TPM_ALG_ECDSA};

	r->scheme = TPM_ALG_NULL;
	if (given.hash != NULL && (r->hash = bq_alg_hash(bq_view_str(given.hash))) == 0)
		return msg_usage("--hash-algorithm: no such hash", NULL);
	if (given.scheme == NULL)
		return TOOL_OK;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strcmp(given.scheme, bq_alg_name(schemes[i])) == 0)
			r->scheme = schemes[i];
	if (r->scheme == TPM_ALG_NULL)
		return msg_usage("--scheme: expected rsassa, rsapss or ecdsa", NULL);
	return TOOL_OK;
}

static enum outcome get_request(struct bq_quote_request *r)
{
	enum outcome o;
	int e;

	if (given.pcrs == NULL)
		return msg_option("missing: -l PCRLIST");
	if (given.key == NULL)
		return msg_usage("missing: -c HANDLE", NULL);
	if (given.format != NULL && !plain_format() && strcmp(given.format, "tss") != 0)
		return msg_usage("--format: expected tss or plain", NULL);
	if ((e = bq_pcr_list_parse(bq_view_str(given.pcrs), &r->pcrs)) != 0)
		return msg_usage("--pcr-list: ", bq_strerror(e), NULL);
	if ((o = tss_key("--key-context", given.key, &r->handle)) != TOOL_OK ||
	    (o = session_auth("--auth", given.auth, &r->auth)) != TOOL_OK)
		return o;
	return (o = get_wanted(r)) != TOOL_OK ? o : get_nonce(&r->qualifying_data);
}

/* The key's own scheme where it has one, what is asked for where it has none. */
static enum outcome get_scheme(struct bq_tpm *tpm, struct bq_quote_request *r)
{
	struct bq_public key;
	struct bq_view pub;
	int e;

	if ((e = bq_tpm_read_public(tpm, r->handle, &pub, NULL, NULL)) != 0 ||
	    (e = bq_public_parse(pub, &key)) != 0)
		return session_error("reading the key", e);
	if (key.scheme != TPM_ALG_NULL) {
		if ((r->scheme != TPM_ALG_NULL && r->scheme != key.scheme) ||
		    (r->hash != 0 && r->hash != key.hash))
			return msg(TOOL_FAILED,
				   "the key signs with its own scheme, not with this one", NULL);
		r->scheme = TPM_ALG_NULL;
		r->hash = 0;
		return TOOL_OK;
	}
	if (r->scheme == TPM_ALG_NULL)
		r->scheme = key.type == TPM_ALG_RSA ? TPM_ALG_RSASSA : TPM_ALG_ECDSA;
	if (r->hash == 0)
		r->hash = TPM_ALG_SHA256;
	return TOOL_OK;
}

static int keep(struct bq_view v, uint8_t *to, size_t cap, size_t *n)
{
	*n = v.n;
	return v.n > cap ? BQ_E_SPACE : bq_rd_copy(&v, to, v.n);
}

static int quote_alone(struct bq_tpm *tpm, const struct bq_quote_request *r)
{
	struct bq_view msg, sig;
	int e;

	if ((e = bq_tpm_quote(tpm, r, &msg, &sig)) != 0 ||
	    (e = keep(msg, quote.msg, sizeof(quote.msg), &quote.msg_n)) != 0)
		return e;
	return keep(sig, quote.sig, sizeof(quote.sig), &quote.sig_n);
}

static enum outcome get_quote(struct bq_tpm *tpm, const struct bq_quote_request *r)
{
	struct bq_azure a = {.tpm = tpm};
	int e;

	if (given.pcr_file == NULL)
		e = quote_alone(tpm, r);
	else
		e = bq_azure_quote(&a, r->handle, r->qualifying_data, &r->pcrs, &quote);
	if (e == BQ_E_SIG_ALG)
		return msg(TOOL_FAILED, "--pcr goes with keys that sign with SHA-256", NULL);
	return e == 0 ? TOOL_OK : session_error("quoting the PCRs", e);
}

static void put_text(struct bq_sink *s, const struct bq_attest *attest, uint16_t alg,
		     struct bq_view plain)
{
	tss_put_bytes(s, "quoted", bq_view_of(quote.msg, quote.msg_n));
	bq_putf(s, "signature:\n  alg: %s\n", bq_alg_name(alg));
	tss_put_bytes(s, "  sig", plain);
	if (given.pcr_file == NULL)
		return;
	bq_put_str(s, "pcrs:\n");
	tss_put_pcrs(s, &quote.sel, &quote.pcrs);
	/* The quoted one: they were found to agree. */
	tss_put_bytes(s, "calcDigest", attest->pcr_digest);
}

static enum outcome put_files(bool values_only, struct bq_view plain)
{
	struct bq_view sig = bq_view_of(quote.sig, quote.sig_n);
	enum outcome o;

	if ((o = out_file(given.message, true, bq_view_of(quote.msg, quote.msg_n))) != TOOL_OK ||
	    (o = out_file(given.signature, true, plain_format() ? plain : sig)) != TOOL_OK)
		return o;
	return tss_pcr_file(given.pcr_file, values_only, &quote.sel, &quote.pcrs);
}

static enum outcome put_quote(bool values_only)
{
	uint8_t der[BQ_QUOTE_SIG_MAX];
	struct bq_attest attest;
	struct bq_signature sig;
	struct bq_view plain;
	struct bq_sink *s;
	struct bq_wr w;
	enum outcome o;
	int e;

	bq_wr_init(&w, der, sizeof(der));
	if ((e = bq_attest_parse(bq_view_of(quote.msg, quote.msg_n), &attest)) != 0 ||
	    (e = bq_signature_parse(bq_view_of(quote.sig, quote.sig_n), &sig)) != 0 ||
	    (e = bq_signature_plain(&sig, &w)) != 0 || (e = bq_wr_end(&w, &plain)) != 0)
		return msg_error("the quote", e, 0);
	if ((o = put_files(values_only, plain)) != TOOL_OK || session_quiet() ||
	    (o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	put_text(s, &attest, sig.alg, plain);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	struct bq_quote_request r = {0};
	struct bq_tpm *tpm;
	bool values_only;
	enum outcome o;

	(void)args, (void)n;
	if ((o = get_request(&r)) != TOOL_OK ||
	    (o = tss_pcr_format(given.pcr_format, false, &values_only)) != TOOL_OK ||
	    (o = session_open(&tpm)) != TOOL_OK || (o = get_scheme(tpm, &r)) != TOOL_OK ||
	    (o = get_quote(tpm, &r)) != TOOL_OK)
		return o;
	return put_quote(values_only);
}

const struct command cmd_quote = {
	.words = COMMAND("quote", "", "PCRs signed by a key of the TPM",
			 "\nAzure's attestation key is 0x81000003.\n"),
	.opts = options,
	.tpm2 = true,
	.run = run,
};

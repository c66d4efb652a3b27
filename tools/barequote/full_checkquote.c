/* checkquote: a quote on its own, judged as tpm2_checkquote does. */
#include <barequote/checkquote.h>
#include <string.h>

#include "cmd.h"
#include "full_load.h"
#include "session.h"
#include "tss_text.h"

#define NONCE_MAX 66 /* TPM2B_DATA: part 2, 10.4.3 */

static struct {
	const char *key, *msg, *sig, *pcrs, *format, *list, *hash, *nonce, *eventlog;
} given;

static const struct opt options[] = {
	OPT("u", "public", "FILE", "the key: PEM, TPM2B_PUBLIC or TPMT_PUBLIC", &given.key),
	OPT("m", "message", "FILE", "what was signed (TPMS_ATTEST)", &given.msg),
	OPT("s", "signature", "FILE", "the signature: TPMT_SIGNATURE, or plain", &given.sig),
	OPT("f", "pcr", "FILE", "the PCR values, as tpm2_quote -o writes them", &given.pcrs),
	OPT("F", "format", "FORMAT", "of that: serialized (default), values, marshaled",
	    &given.format),
	OPT("l", "pcr-list", "PCRLIST", "what the values of format values are of", &given.list),
	OPT("g", "hash-algorithm", "HASH", "of a plain signature; default: sha256", &given.hash),
	OPT("q", "qualification", "HEX|@FILE", "the nonce that the quote must carry", &given.nonce),
	OPT("e", "eventlog", "FILE", "a log that must lead to the PCR values", &given.eventlog),
	{0},
};

/* What the judged points to. */
static struct bq_pcr_list list;
static struct bq_pcr_values values;
static struct bq_verdict verdict;

static enum outcome load_nonce(struct bq_view *out)
{
	static uint8_t buf[NONCE_MAX];

	return given.nonce == NULL
		       ? TOOL_OK
		       : tss_nonce("--qualification", given.nonce, buf, sizeof(buf), out);
}

/* -l says what bare values are of; where it is not given, what was signed does. */
static int read_values(struct bq_view file, struct bq_view msg)
{
	struct bq_attest attest;
	int e;

	if (given.list == NULL) {
		if ((e = bq_attest_parse(msg, &attest)) != 0)
			return e;
		list = attest.pcrs;
	}
	return bq_pcr_file_read_values(file, &list, &values);
}

enum format {
	SERIALIZED,
	VALUES,
	MARSHALED,
	FORMATS,
};

/* As tpm2-tools, what -l is given for are values. */
static enum format get_format(void)
{
	static const char *const names[] = {"serialized", "values", "marshaled"};
	unsigned f = SERIALIZED;

	if (given.list != NULL)
		return VALUES;
	while (given.format != NULL && f < FORMATS && strcmp(given.format, names[f]) != 0)
		f++;
	return (enum format)f;
}

static int read_pcrs(enum format f, struct bq_view file, struct bq_view msg)
{
	if (f == VALUES)
		return read_values(file, msg);
	if (f == MARSHALED)
		return bq_pcr_file_read_marshaled(file, &list, &values);
	return bq_pcr_file_read(file, &list, &values);
}

static enum outcome load_pcrs(struct bq_checkquote *q)
{
	enum format f = get_format();
	struct bq_view file;
	enum outcome o;
	int e;

	if (f == FORMATS)
		return msg_usage("--format: expected serialized, values or marshaled", NULL);
	if (given.list != NULL && (e = bq_pcr_list_parse(bq_view_str(given.list), &list)) != 0)
		return msg_usage("--pcr-list: ", bq_strerror(e), NULL);
	if (given.pcrs == NULL)
		return TOOL_OK;
	if ((o = load_file("--pcr", given.pcrs, &file)) != TOOL_OK)
		return o;
	if ((e = read_pcrs(f, file, q->msg)) != 0)
		return msg_error(given.pcrs, e, 0);
	q->sel = &list;
	q->pcrs = &values;
	return TOOL_OK;
}

static enum outcome load(struct bq_checkquote *q)
{
	enum outcome o;

	if (given.key == NULL || given.msg == NULL || given.sig == NULL)
		return msg_option("--public, --message and --signature are needed");
	if (given.eventlog != NULL && given.pcrs == NULL)
		return msg_option("--eventlog goes with --pcr");
	q->hash = TPM_ALG_SHA256;
	if (given.hash != NULL && (q->hash = bq_alg_hash(bq_view_str(given.hash))) == 0)
		return msg_usage("--hash-algorithm: no such hash", NULL);
	if ((o = load_nonce(&q->nonce)) != TOOL_OK ||
	    (o = load_file("--public", given.key, &q->key)) != TOOL_OK ||
	    (o = load_file("--message", given.msg, &q->msg)) != TOOL_OK ||
	    (o = load_file("--signature", given.sig, &q->sig)) != TOOL_OK ||
	    (o = load_pcrs(q)) != TOOL_OK)
		return o;
	return given.eventlog == NULL ? TOOL_OK
				      : load_given("--eventlog", given.eventlog, &q->eventlog);
}

/* What tpm2_checkquote prints, of what verified. */
static enum outcome put(const struct bq_checkquote *q)
{
	static uint8_t der[2 * BQ_DIGEST_MAX + 1200];
	struct bq_view plain = q->sig;
	struct bq_signature sig;
	struct bq_sink *s;
	struct bq_wr w;
	enum outcome o;

	if (session_quiet())
		return TOOL_OK;
	bq_wr_init(&w, der, sizeof(der));
	if (bq_signature_parse(q->sig, &sig) == 0 && bq_signature_plain(&sig, &w) == 0)
		(void)bq_wr_end(&w, &plain);
	if ((o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	if (q->sel != NULL) {
		bq_put_str(s, "pcrs:\n");
		tss_put_pcrs(s, q->sel, q->pcrs);
	}
	tss_put_bytes(s, "sig", plain);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	struct bq_checkquote q = {0};
	const struct bq_check *failed;
	enum outcome o;
	int e;

	(void)args, (void)n;
	if ((o = load(&q)) != TOOL_OK)
		return o;
	if ((e = bq_checkquote(&q, &verdict)) != 0)
		return msg_error(given.key, e, 0);
	if ((failed = bq_verdict_first_failure(&verdict)) != NULL)
		return msg(TOOL_REJECTED, failed->name, ": ", failed->detail, NULL);
	return put(&q);
}

const struct command cmd_checkquote = {
	.words = COMMAND(
		"checkquote", "", "judge a quote on its own",
		"\nPrints the PCR values and the signature where all holds; else says what does "
		"not.\n"
		"Whose key it is, verify finds out.\n"),
	.opts = options,
	.no_tpm = true,
	.tpm2 = true,
	.run = run,
};

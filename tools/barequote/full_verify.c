/* verify: evidence, nonce and policy in; a verdict with reasons out. */
#include <stdlib.h>
#include <unistd.h>

#include "cmd.h"
#include "full_confine.h"
#include "full_load.h"
#include "full_stream.h"
#include "full_verdict.h"
#include "session.h"

#define NONCE_MAX 64

static struct {
	const char *nonce, *no_nonce, *report_data, *no_quote, *policy, *certs, *roots, *crl, *at,
		*eventlog, *json, *stream, *jobs;
	struct load_quote quote;
} given;

static const struct opt options[] = {
	OPT("n", "nonce", "HEX|@FILE", "the nonce that the evidence must carry", &given.nonce),
	OPT("", "no-nonce", "", "do not check freshness", &given.no_nonce),
	OPT("", "policy", "FILE", "what else must hold, JSON", &given.policy),
	OPT("", "certs", "FILE", "certificates that are not in the evidence, PEM or DER",
	    &given.certs),
	OPT("", "roots", "FILE", "trust these ARKs (PEM) instead of AMD's", &given.roots),
	OPT("", "crl", "FILE", "AMD's revocation list", &given.crl),
	OPT("", "at", "TIME", "judge dates at this time, RFC 3339; default: now", &given.at),
	OPT("", "eventlog", "FILE", "the event log, instead of the evidence's", &given.eventlog),
	OPT("", "msg", "FILE", "the quote of an HCL blob: what was signed,", &given.quote.msg),
	OPT("", "sig", "FILE", "its signature,", &given.quote.sig),
	OPT("", "pcrs", "FILE", "and the PCR values, as tpm2_quote writes them", &given.quote.pcrs),
	OPT("", "quote", "FILE", "or all of it as a JSON tpm_quote object", &given.quote.json),
	OPT("", "no-quote", "", "accept an HCL blob without a quote", &given.no_quote),
	OPT("", "report-data", "HEX|@FILE", "a bare SNP report's 64 bytes", &given.report_data),
	OPT("", "json", "", "the verdict as JSON", &given.json),
	OPT("", "stream", "", "judge lines of JSON from standard input", &given.stream),
	OPT("j", "jobs", "N", "threads for --stream; default: 1", &given.jobs),
	{0},
};

static uint8_t nonce_buf[NONCE_MAX], report_data_buf[64];
static struct bq_evidence evidence;
static struct bq_verdict verdict;

static enum outcome get_expect(struct bq_expect *x)
{
	enum outcome o = TOOL_OK;

	x->no_nonce = given.no_nonce != NULL;
	x->has_nonce = given.nonce != NULL;
	x->no_quote = given.no_quote != NULL;
	x->has_report_data = given.report_data != NULL;
	if (x->no_nonce && x->has_nonce)
		return msg_usage("--nonce and --no-nonce exclude each other", NULL);
	if (x->has_report_data && x->has_nonce)
		return msg_usage("--report-data is of a bare SNP report, which has no --nonce",
				 NULL);
	if (x->has_nonce)
		o = input_value("--nonce", given.nonce, nonce_buf, sizeof(nonce_buf), &x->nonce);
	if (o == TOOL_OK && x->has_nonce && x->nonce.n == 0)
		return msg_usage("--nonce: it is empty", NULL);
	if (o == TOOL_OK && x->has_report_data)
		o = input_value("--report-data", given.report_data, report_data_buf,
				sizeof(report_data_buf), &x->report_data);
	return o;
}

static enum outcome set_policy(struct bq_verifier *v)
{
	char where[200] = "";
	struct bq_view text;
	enum outcome o;
	int e;

	if (given.policy == NULL)
		return TOOL_OK;
	if ((o = load_file("--policy", given.policy, &text)) != TOOL_OK)
		return o;
	if ((e = bq_verifier_set_policy(v, text, where, sizeof(where))) == 0)
		return TOOL_OK;
	return where[0] == '\0' ? msg_error(given.policy, e, 0)
				: msg(TOOL_FAILED, given.policy, ": ", where, NULL);
}

static enum outcome set_from_file(struct bq_verifier *v, const char *option, const char *path,
				  int (*set)(struct bq_verifier *v, struct bq_view file))
{
	struct bq_view file;
	enum outcome o;
	int e;

	if (path == NULL)
		return TOOL_OK;
	if ((o = load_file(option, path, &file)) != TOOL_OK)
		return o;
	e = set(v, file);
	return e == 0 ? TOOL_OK : msg_error(path, e, 0);
}

static enum outcome set_up(struct bq_verifier *v)
{
	int64_t at;
	enum outcome o;

	if (given.at != NULL && !load_time(given.at, &at))
		return msg_usage("--at: expected a time such as 2026-01-31T12:00:00Z", NULL);
	if (given.at != NULL)
		bq_verifier_set_time(v, at);
	if ((o = set_from_file(v, "--roots", given.roots, bq_verifier_set_roots)) != TOOL_OK ||
	    (o = set_from_file(v, "--crl", given.crl, bq_verifier_set_crl)) != TOOL_OK)
		return o;
	return set_policy(v);
}

/* Certificates and event log from files of their own. */
static enum outcome add_files(struct bq_evidence *ev)
{
	const unsigned slots = sizeof(ev->certs) / sizeof(ev->certs[0]);
	unsigned slot = 0;
	enum outcome o;

	while (slot < slots && ev->certs[slot].n != 0)
		slot++;
	if (given.certs != NULL && slot == slots)
		return msg_usage("--certs: the evidence brings all it can hold", NULL);
	if (given.certs != NULL &&
	    (o = load_given("--certs", given.certs, &ev->certs[slot])) != TOOL_OK)
		return o;
	return given.eventlog == NULL ? TOOL_OK
				      : load_given("--eventlog", given.eventlog, &ev->eventlog);
}

static bool use_color(void)
{
	const char *no = getenv("NO_COLOR");

	return (no == NULL || no[0] == '\0') && isatty(STDOUT_FILENO) == 1;
}

static enum outcome put(const struct bq_evidence *ev)
{
	struct bq_sink *s;
	enum outcome o;

	if (session_quiet())
		return TOOL_OK;
	if ((o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	if (given.json != NULL)
		verdict_put_json(s, &verdict, ev);
	else
		verdict_put_text(s, &verdict, ev, given.roots != NULL ? given.roots : "AMD's",
				 use_color());
	return out_end();
}

/* Input that is no evidence at all. */
static enum outcome put_malformed(const char *problem)
{
	enum outcome o = TOOL_OK;

	if (given.json != NULL) {
		verdict_malformed(&verdict, problem);
		o = put(NULL);
	}
	return o != TOOL_OK ? o : msg(TOOL_FAILED, problem, NULL);
}

/* In every sanitizer's runtime. They open files and make processes at the end,
 * to look for leaks. */
extern void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

/* All is read that will be read, but standard input. OpenSSL has its configuration
 * and providers: the verifier has made keys. */
static void give_up_the_rest(void)
{
	if (__sanitizer_set_report_fd == NULL)
		(void)confine();
}

static enum outcome judge(struct bq_verifier *v, const struct bq_expect *x)
{
	enum outcome o;
	int e;

	give_up_the_rest();
	e = bq_verify(v, &evidence, x, &verdict);
	o = put(&evidence);
	if (o != TOOL_OK)
		return o;
	if (e != 0)
		return msg_error("the evidence", e, 0);
	return verdict.accepted ? TOOL_OK : TOOL_REJECTED;
}

static enum outcome run_with(struct bq_verifier *v, const char *path)
{
	struct bq_expect x = {0};
	char problem[280];
	enum outcome o;
	int err;

	if ((o = get_expect(&x)) != TOOL_OK || (o = set_up(v)) != TOOL_OK ||
	    (o = load_evidence(path, &given.quote, &evidence, &err, problem)) != TOOL_OK)
		return o;
	if (err != 0)
		return put_malformed(problem);
	if (x.has_report_data && evidence.format != BQ_EVIDENCE_SNP)
		return msg_usage("--report-data goes with a bare SNP report", NULL);
	if ((o = add_files(&evidence)) != TOOL_OK)
		return o;
	return judge(v, &x);
}

/* What belongs to one evidence has no meaning for many. */
static bool given_for_one(void)
{
	return given.nonce != NULL || given.report_data != NULL || given.no_quote != NULL ||
	       given.certs != NULL || given.eventlog != NULL || given.quote.json != NULL ||
	       given.quote.msg != NULL || given.quote.sig != NULL || given.quote.pcrs != NULL;
}

static enum outcome run_stream(struct bq_verifier *v)
{
	uint64_t threads = 1;
	enum outcome o;

	if (given_for_one())
		return msg_usage("--stream goes with --policy, --roots, --crl, --at, --no-nonce "
				 "and -j alone: each line brings its own nonce",
				 NULL);
	if ((o = input_number("--jobs", given.jobs, STREAM_THREADS_MAX, &threads)) != TOOL_OK)
		return o;
	if (threads == 0)
		return msg_usage("--jobs: expected at least 1", NULL);
	if ((o = set_up(v)) != TOOL_OK)
		return o;
	give_up_the_rest();
	return stream_run(v, given.no_nonce != NULL, (unsigned)threads);
}

static enum outcome run(char **args, unsigned n)
{
	struct bq_verifier *v;
	enum outcome o;

	if (given.stream == NULL ? n != 1 : n != 0)
		return msg_usage(given.stream == NULL ? "missing: INPUT"
						      : "--stream reads standard input alone",
				 NULL);
	if (given.stream == NULL && given.jobs != NULL)
		return msg_usage("--jobs goes with --stream", NULL);
	v = bq_verifier_new();
	if (v == NULL)
		return msg_error("the verifier", BQ_E_NO_MEMORY, 0);
	o = given.stream != NULL ? run_stream(v) : run_with(v, args[0]);
	bq_verifier_free(v);
	return o;
}

const struct command cmd_verify = {
	.words = COMMAND(
		"verify", "INPUT", "judge evidence",
		"\nINPUT is Confidential Containers evidence, a directory that attest -f dir made, "
		"an\n"
		"HCL blob, an SNP report, or - for standard input. Needs no TPM and no network.\n"
		"Exit: 0 accepted, 1 rejected, 3 not something that can be judged.\n\n"
		"--stream reads lines {\"id\",\"evidence\",\"nonce\"}, nonce in hex, and writes a "
		"line\n"
		"{\"id\",\"accepted\",\"checks\"} for each, in order. It exits 0 when every line "
		"has\n"
		"its answer, whatever that is.\n"),
	.opts = options,
	.args_min = 0,
	.args_max = 1,
	.no_tpm = true,
	.run = run,
};

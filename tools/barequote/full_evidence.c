/* Evidence from files, whichever way it comes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "full_load.h"

#define WHERE_MAX 96

static bool starts_with(struct bq_view v, const char *s)
{
	struct bq_view head;

	return bq_view_sub(v, 0, strlen(s), &head) == 0 && bq_view_eq_str(head, s);
}

enum load_kind load_kind_of(struct bq_view v)
{
	struct bq_snp snp;
	uint8_t c;

	if (starts_with(v, "HCLA"))
		return LOAD_HCL;
	if (bq_snp_parse(v, &snp) == 0)
		return LOAD_SNP;
	while (bq_rd_u8(&v, &c) == 0 && (c == ' ' || c == '\t' || c == '\r' || c == '\n'))
		;
	return c == '{' ? LOAD_JSON : LOAD_UNKNOWN;
}

int load_explain(char problem[LOAD_PROBLEM_MAX], const char *what, const char *where, int e)
{
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, problem, LOAD_PROBLEM_MAX - 1);
	bq_put_str(&b.s, what);
	bq_put_str(&b.s, where[0] != '\0' ? ": " : "");
	bq_put_str(&b.s, where);
	bq_put_str(&b.s, ": ");
	bq_put_str(&b.s, bq_strerror(e));
	problem[b.n] = '\0';
	return e;
}

typedef int parse_fn(struct bq_view text, uint8_t *work, size_t cap, struct bq_evidence *out,
		     char *where, size_t where_cap);

static enum outcome parse(parse_fn *fn, struct bq_view text, const char *name,
			  struct bq_evidence *ev, int *err, char *problem)
{
	char where[WHERE_MAX] = "";
	uint8_t *work = load_keep(text.n); /* never more than the text */

	if (work == NULL)
		return msg_error(name, BQ_E_NO_MEMORY, 0);
	*err = fn(text, work, text.n, ev, where, sizeof(where));
	if (*err != 0)
		load_explain(problem, name, where, *err);
	return TOOL_OK;
}

enum outcome load_json(struct bq_view text, const char *name, struct bq_evidence *ev, int *err,
		       char problem[LOAD_PROBLEM_MAX])
{
	return parse(bq_evidence_parse_json, text, name, ev, err, problem);
}

enum outcome load_json_quote(struct bq_view text, const char *name, struct bq_evidence *ev,
			     int *err, char problem[LOAD_PROBLEM_MAX])
{
	return parse(bq_evidence_parse_quote, text, name, ev, err, problem);
}

/* Either format of tpm2_quote -o; bare values are those of the signed selection. */
static int read_pcr_file(struct bq_view file, struct bq_view msg, struct bq_pcr_values *out)
{
	struct bq_attest attest;
	struct bq_pcr_list sel;
	int e = bq_pcr_file_read(file, &sel, out);

	if (e != 0 && bq_attest_parse(msg, &attest) == 0)
		e = bq_pcr_file_read_values(file, &attest.pcrs, out);
	return e;
}

static enum outcome quote_from_files(const char *msg_path, const char *sig_path,
				     const char *pcr_path, struct bq_evidence *ev, int *err,
				     char *problem)
{
	struct bq_signature parsed;
	struct bq_view pcrs;
	enum outcome o;

	if ((o = load_given("--msg", msg_path, &ev->quote_msg)) != TOOL_OK ||
	    (o = load_given("--sig", sig_path, &ev->quote_sig)) != TOOL_OK ||
	    (o = load_given("--pcrs", pcr_path, &pcrs)) != TOOL_OK)
		return o;
	ev->sig_is_raw = bq_signature_parse(ev->quote_sig, &parsed) != 0;
	*err = read_pcr_file(pcrs, ev->quote_msg, &ev->pcrs);
	if (*err != 0)
		load_explain(problem, pcr_path, "", *err);
	return TOOL_OK;
}

/* dir/name in memory that is kept; NULL where there is no such file. */
static const char *path_in(const char *dir, const char *name)
{
	size_t cap = strlen(dir) + strlen(name) + 2;
	char *path = load_keep(cap);
	struct bq_sink_buf b;
	struct stat st;

	if (path == NULL)
		return NULL;
	bq_sink_buf_init(&b, path, cap);
	bq_put_str(&b.s, dir);
	bq_put_chr(&b.s, '/');
	bq_put_str(&b.s, name);
	bq_put_chr(&b.s, '\0');
	return stat(path, &st) == 0 || errno != ENOENT ? path : NULL;
}

static enum outcome load_optional(const char *dir, const char *name, struct bq_view *out)
{
	const char *path = path_in(dir, name);

	return path == NULL ? TOOL_OK : load_file(name, path, out);
}

static enum outcome load_directory(const char *dir, struct bq_evidence *ev, int *err, char *problem)
{
	const char *report = path_in(dir, "hcl-report.bin"), *msg_path = path_in(dir, "quote.msg"),
		   *sig = path_in(dir, "quote.sig"), *pcrs = path_in(dir, "quote.pcrs");
	enum outcome o;

	ev->format = BQ_EVIDENCE_DIR;
	if (report == NULL)
		return msg(TOOL_FAILED, dir, ": no hcl-report.bin in this directory", NULL);
	if ((msg_path == NULL) != (sig == NULL) || (sig == NULL) != (pcrs == NULL))
		return msg(TOOL_FAILED, dir,
			   ": expected quote.msg, quote.sig and quote.pcrs, or none of them", NULL);
	if ((o = load_file("hcl-report.bin", report, &ev->hcl)) != TOOL_OK ||
	    (o = load_optional(dir, "certs.pem", &ev->certs[0])) != TOOL_OK ||
	    (o = load_optional(dir, "eventlog", &ev->eventlog)) != TOOL_OK || msg_path == NULL)
		return o;
	return quote_from_files(msg_path, sig, pcrs, ev, err, problem);
}

static bool any_quote(const struct load_quote *q)
{
	return q->json != NULL || q->msg != NULL || q->sig != NULL || q->pcrs != NULL;
}

/* A quote beside the blob: one JSON object, or three files. */
static enum outcome load_quote_beside(const struct load_quote *q, struct bq_evidence *ev, int *err,
				      char *problem)
{
	bool files = q->msg != NULL || q->sig != NULL || q->pcrs != NULL;
	struct bq_view text;
	enum outcome o;

	if (!any_quote(q))
		return TOOL_OK;
	if (q->json != NULL && files)
		return msg_usage("--quote and --msg, --sig, --pcrs exclude each other", NULL);
	if (q->json != NULL && (o = load_file("--quote", q->json, &text)) != TOOL_OK)
		return o;
	if (q->json != NULL)
		return load_json_quote(text, q->json, ev, err, problem);
	if (q->msg == NULL || q->sig == NULL || q->pcrs == NULL)
		return msg_usage("--msg, --sig and --pcrs belong together", NULL);
	return quote_from_files(q->msg, q->sig, q->pcrs, ev, err, problem);
}

static enum outcome load_from_file(const char *path, const struct load_quote *quote,
				   struct bq_evidence *ev, int *err, char *problem)
{
	struct bq_view v;
	enum load_kind kind;
	enum outcome o = load_file("the evidence", path, &v);

	if (o != TOOL_OK)
		return o;
	kind = load_kind_of(v);
	if (any_quote(quote) && kind != LOAD_HCL)
		return msg_usage("--quote, --msg, --sig and --pcrs go with a bare HCL blob", NULL);
	if (kind == LOAD_JSON)
		return load_json(v, path, ev, err, problem);
	if (kind == LOAD_HCL) {
		ev->format = BQ_EVIDENCE_HCL;
		ev->hcl = v;
		return load_quote_beside(quote, ev, err, problem);
	}
	if (kind == LOAD_SNP) {
		ev->format = BQ_EVIDENCE_SNP;
		ev->report = v;
		return TOOL_OK;
	}
	*err = load_explain(problem, path, "", BQ_E_EVIDENCE);
	return TOOL_OK;
}

enum outcome load_evidence(const char *path, const struct load_quote *quote, struct bq_evidence *ev,
			   int *err, char problem[LOAD_PROBLEM_MAX])
{
	struct stat st;

	memset(ev, 0, sizeof(*ev));
	*err = 0;
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return load_from_file(path, quote, ev, err, problem);
	if (any_quote(quote))
		return msg_usage("--quote, --msg, --sig and --pcrs go with a bare HCL blob", NULL);
	return load_directory(path, ev, err, problem);
}

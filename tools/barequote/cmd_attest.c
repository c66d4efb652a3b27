/* attest: report, quote and certificates over one nonce, as evidence. */
#include <string.h>

#include <barequote/evidence.h>

#include "attest.h"
#include "cmd.h"
#include "imds.h"
#include "session.h"

static struct {
	const char *nonce, *format, *out, *certs, *imds, *eventlog, *timeout, *auth;
} given;

static const struct opt options[] = {
	OPT("n", "nonce", "HEX|@FILE", "the verifier's nonce, 1 to 50 bytes", &given.nonce),
	OPT("f", "format", "FORMAT", "coco2 (default), coco1, coco0, maa-snp, or dir",
	    &given.format),
	OPT("o", "output", "FILE|DIR", "default: standard output; dir needs a DIR", &given.out),
	OPT("", "certs", "imds|none|FILE", "certificates; FILE: PEM, the VCEK first", &given.certs),
	OPT("", "imds", "URL", "default: " BQ_IMDS_URL, &given.imds),
	OPT("", "eventlog", "FILE|none", "default: the kernel's, if it can be read",
	    &given.eventlog),
	OPT("", "timeout", "SEC", "give up after so long; default: 10", &given.timeout),
	OPT("P", "auth", "AUTH", "the owner hierarchy's password, if it has one", &given.auth),
	{0},
};

static struct gathered g;
static uint8_t nonce_buf[BQ_HCL_NONCE_MAX];
static uint8_t blob_buf[BQ_HCL_MAX];
static bool as_directory;
static enum bq_evidence_format container = BQ_EVIDENCE_COCO2;

static enum outcome get_format(void)
{
	static const enum bq_evidence_format written[] = {BQ_EVIDENCE_COCO2, BQ_EVIDENCE_COCO1,
							  BQ_EVIDENCE_COCO0, BQ_EVIDENCE_MAA_SNP};

	if (given.format == NULL)
		return TOOL_OK;
	as_directory = strcmp(given.format, "dir") == 0;
	if (as_directory && given.out == NULL)
		return msg_usage("--format dir needs -o DIR", NULL);
	if (as_directory)
		return TOOL_OK;
	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		container = written[i];
		if (strcmp(given.format, bq_evidence_format_name(container)) == 0)
			return TOOL_OK;
	}
	return msg_usage("--format: expected coco2, coco1, coco0, maa-snp or dir", NULL);
}

static enum outcome get_nonce(struct bq_view *nonce)
{
	enum outcome o;

	if (given.nonce == NULL)
		return msg_usage("missing: -n NONCE", NULL);
	o = input_value("--nonce", given.nonce, nonce_buf, sizeof(nonce_buf), nonce);
	if (o == TOOL_OK && nonce->n == 0)
		return msg_usage("--nonce: expected 1 to 50 bytes", NULL);
	return o;
}

static enum outcome get_report(const struct bq_azure *a, struct bq_view nonce)
{
	int e = bq_azure_fresh_report(a, nonce, blob_buf, sizeof(blob_buf), &g.blob, &g.hcl);

	if (e != 0 || (e = bq_hcl_require_snp(&g.hcl)) != 0 ||
	    (e = bq_snp_parse(g.hcl.hardware_report, &g.snp)) != 0)
		return session_error("reading the report", e);
	return TOOL_OK;
}

static enum outcome get_quote(const struct bq_azure *a, struct bq_view nonce)
{
	static const struct bq_pcr_list all = {
		.n = 1, .bank = {{.alg = TPM_ALG_SHA256, .mask = (1u << BQ_PCRS) - 1}}};
	int e = bq_azure_quote(a, BQ_HCL_AK_HANDLE, nonce, &all, &g.quote);

	return e == 0 ? TOOL_OK : session_error("quoting the PCRs", e);
}

static enum outcome fetch(const struct bq_azure *a, struct bq_imds_certs *c)
{
	return imds_fetch(given.imds, a->timeout_ms, "--certs FILE or --certs none does without",
			  c);
}

/* The platform's certificates may lag behind its firmware or run ahead of the
 * report: fetch again, then get another report, then give up. */
static enum outcome certs_from_imds(const struct bq_azure *a, struct bq_view nonce)
{
	struct bq_imds_certs c;
	enum outcome o;

	for (unsigned tries = 0; tries < 3; tries++) {
		o = tries < 2 ? fetch(a, &c) : get_report(a, nonce);
		if (o != TOOL_OK)
			return o;
		if (bq_imds_match(&c, &g.snp) == 0) {
			g.vcek = c.vcek;
			g.chain = c.chain;
			return TOOL_OK;
		}
	}
	return msg_error("certificates", BQ_E_TCBM, 0);
}

/* The first certificate of a file is the leaf, the others are its chain. */
static enum outcome certs_from_file(void)
{
	static uint8_t pem[BQ_IMDS_MAX], der[4096];
	struct bq_view file, rest;
	enum outcome o = input_file("--certs", given.certs, pem, sizeof(pem), &file);
	size_t n;
	int e;

	if (o != TOOL_OK)
		return o;
	rest = file;
	if ((e = bq_pem_next(&rest, "CERTIFICATE", der, sizeof(der), &n)) != 0)
		return msg_error("--certs", e, 0);
	if (!certs_are_pem(rest))
		return msg_error("--certs", BQ_E_CERT, 0);
	g.vcek = bq_view_of(file.p, file.n - rest.n);
	g.chain = rest;
	return TOOL_OK;
}

static enum outcome put_container(void)
{
	const struct bq_evidence_parts parts = {
		.hcl = g.blob,
		.quote_msg = bq_view_of(g.quote.msg, g.quote.msg_n),
		.quote_sig = bq_view_of(g.quote.sig, g.quote.sig_n),
		.pcrs = &g.quote.pcrs,
		.vcek_pem = g.vcek,
		.chain_pem = g.chain,
		.eventlog_read = g.eventlog >= 0 ? attest_read_eventlog : NULL,
		.eventlog_ctx = &g,
	};
	struct bq_sink *s;
	enum outcome o = out_begin(given.out, false, &s);
	int e;

	if (o != TOOL_OK)
		return o;
	e = bq_evidence_write(s, container, &parts);
	if (g.eventlog_errno != 0)
		return msg_errno("cannot read", g.eventlog_path, g.eventlog_errno);
	if (e != 0 && s->err == 0)
		return msg_error("the evidence", e, 0);
	return out_end();
}

/* What needs no TPM comes first, so that a mistake costs nothing. */
static enum outcome get_inputs(bool from_imds, struct bq_view *nonce)
{
	enum outcome o;

	if ((o = get_format()) != TOOL_OK || (o = get_nonce(nonce)) != TOOL_OK)
		return o;
	if (!from_imds && strcmp(given.certs, "none") != 0 && (o = certs_from_file()) != TOOL_OK)
		return o;
	return attest_open_eventlog(&g, given.eventlog);
}

static enum outcome run(char **args, unsigned n)
{
	bool from_imds = given.certs == NULL || strcmp(given.certs, "imds") == 0;
	struct bq_azure a = {.tpm = NULL};
	struct bq_view nonce = {0};
	enum outcome o;

	(void)args, (void)n;
	if ((o = get_inputs(from_imds, &nonce)) != TOOL_OK ||
	    (o = session_azure(given.auth, given.timeout, &a)) != TOOL_OK ||
	    (o = get_report(&a, nonce)) != TOOL_OK || (o = get_quote(&a, nonce)) != TOOL_OK ||
	    (o = attest_compare_eventlog(&g)) != TOOL_OK ||
	    (from_imds && (o = certs_from_imds(&a, nonce)) != TOOL_OK))
		return o;
	return as_directory ? attest_put_directory(given.out, &g) : put_container();
}

const struct command cmd_attest = {
	.words = COMMAND(
		"attest", "", "report, quote and certificates over one nonce",
		"\nThe evidence is a line of JSON in the format of Confidential Containers, or "
		"the\n"
		"body of a request to Microsoft Azure Attestation (maa-snp), or a directory:\n"
		"hcl-report.bin snp-report.bin claims.json quote.msg quote.sig quote.pcrs ak.pem\n"
		"certs.pem eventlog. Where the event log does not lead to the quoted PCRs, a note "
		"says\n"
		"which PCR and which event.\n"),
	.opts = options,
	.run = run,
};

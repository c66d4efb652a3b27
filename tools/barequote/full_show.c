/* show: recognises a file and explains it. */
#include "cmd.h"
#include "full_load.h"
#include "full_shown.h"
#include "session.h"

#include <barequote/verify.h>

static const char *given_json;

static const struct opt options[] = {
	OPT("", "json", "", "the same as JSON", &given_json),
	{0},
};

static enum outcome begin(struct shown *o, const char *kind)
{
	struct bq_sink *s;
	enum outcome out = out_begin(NULL, false, &s);

	if (out == TOOL_OK)
		shown_begin(o, s, given_json != NULL, kind);
	return out;
}

static enum outcome end(struct shown *o)
{
	shown_end(o);
	return out_end();
}

/* Each of these tells whether v is of its kind, and if so shows it. */
typedef bool show_fn(struct shown *o, struct bq_view v, enum outcome *out);

static bool try_hcl(struct shown *o, struct bq_view v, enum outcome *out)
{
	struct bq_hcl hcl;
	int e;

	if (load_kind_of(v) != LOAD_HCL)
		return false;
	if ((e = bq_hcl_parse(v, &hcl)) != 0)
		*out = msg_error("HCL blob", e, 0);
	else if ((*out = begin(o, "HCL blob, the report of Azure's paravisor")) == TOOL_OK)
		show_hcl(o, &hcl, BQ_PRODUCT_UNKNOWN);
	return true;
}

static bool try_snp(struct shown *o, struct bq_view v, enum outcome *out)
{
	struct bq_snp snp;

	if (bq_snp_parse(v, &snp) != 0)
		return false;
	if ((*out = begin(o, "SEV-SNP attestation report")) == TOOL_OK)
		show_snp(o, &snp, BQ_PRODUCT_UNKNOWN);
	return true;
}

static bool try_quote(struct shown *o, struct bq_view v, enum outcome *out)
{
	struct bq_attest a;

	if (bq_attest_parse(v, &a) != 0)
		return false;
	if ((*out = begin(o, "TPM quote (TPMS_ATTEST)")) == TOOL_OK)
		show_quote(o, &a);
	return true;
}

static bool try_signature(struct shown *o, struct bq_view v, enum outcome *out)
{
	struct bq_signature sig;

	if (bq_signature_parse(v, &sig) != 0)
		return false;
	if ((*out = begin(o, "TPM signature (TPMT_SIGNATURE)")) == TOOL_OK)
		show_signature(o, &sig);
	return true;
}

static bool try_public(struct shown *o, struct bq_view v, enum outcome *out)
{
	struct bq_public pub;

	if (bq_public_parse_2b(v, &pub) == 0)
		*out = begin(o, "TPM public key (TPM2B_PUBLIC)");
	else if (bq_public_parse(v, &pub) == 0)
		*out = begin(o, "TPM public key (TPMT_PUBLIC)");
	else
		return false;
	if (*out == TOOL_OK)
		show_public(o, &pub);
	return true;
}

static bool try_pcrs(struct shown *o, struct bq_view v, enum outcome *out)
{
	static struct bq_pcr_values values;
	struct bq_pcr_list sel;

	if (bq_pcr_file_read(v, &sel, &values) != 0)
		return false;
	if ((*out = begin(o, "PCR file of tpm2_quote (serialized)")) == TOOL_OK)
		show_pcrs(o, &values);
	return true;
}

static bool try_packet(struct shown *o, struct bq_view v, enum outcome *out)
{
	if (!shown_is_packet(v))
		return false;
	if ((*out = begin(o, "TPM packet")) == TOOL_OK)
		show_packet(o, v);
	return true;
}

/* The first event tells the crypto-agile format; a legacy log nothing but that
 * it parses. */
static bool is_eventlog(struct bq_view v)
{
	struct bq_eventlog log;
	struct bq_event event;
	bool more = false;

	if (bq_eventlog_open(v, &log) != 0 || bq_eventlog_next(&log, &event, &more) != 0 || !more)
		return false;
	while (!log.agile && more)
		if (bq_eventlog_next(&log, &event, &more) != 0)
			return false;
	return true;
}

static bool try_eventlog(struct shown *o, struct bq_view v, enum outcome *out)
{
	if (!is_eventlog(v))
		return false;
	if ((*out = begin(o, "TCG event log")) == TOOL_OK)
		show_eventlog(o, v);
	return true;
}

static bool try_certs(struct shown *o, struct bq_view v, enum outcome *out)
{
	if (!shown_is_cert(v))
		return false;
	if ((*out = begin(o, "X.509 certificates")) == TOOL_OK) {
		shown_list(o, "certificates");
		show_certs(o, NULL, v);
		shown_end_list(o);
	}
	return true;
}

static bool try_key(struct shown *o, struct bq_view v, enum outcome *out)
{
	if (!shown_is_key(v))
		return false;
	if ((*out = begin(o, "public key (SubjectPublicKeyInfo)")) == TOOL_OK)
		show_key(o, v);
	return true;
}

static bool has(struct bq_json root, const char *name)
{
	struct bq_json j;

	return bq_json_member(root, name, &j) != BQ_E_JSON_MISSING;
}

static enum outcome show_container(const char *path, struct bq_view v)
{
	static struct bq_evidence evidence;
	char problem[280];
	struct shown o;
	enum outcome out;
	int err = 0;

	if ((out = load_json(v, path, &evidence, &err, problem)) != TOOL_OK)
		return out;
	if (err != 0)
		return msg(TOOL_FAILED, problem, NULL);
	if ((out = begin(&o, "evidence")) != TOOL_OK)
		return out;
	show_evidence(&o, &evidence, BQ_PRODUCT_UNKNOWN);
	return end(&o);
}

/* A tpm_quote object, as it stands in Confidential Containers evidence. */
static enum outcome show_quote_object(const char *path, struct bq_view v)
{
	static struct bq_evidence evidence;
	char problem[280];
	struct shown o;
	enum outcome out;
	int err = 0;

	if ((out = load_json_quote(v, path, &evidence, &err, problem)) != TOOL_OK)
		return out;
	if (err != 0)
		return msg(TOOL_FAILED, problem, NULL);
	if ((out = begin(&o, "TPM quote with PCR values")) != TOOL_OK)
		return out;
	show_quote_and_pcrs(&o, &evidence);
	return end(&o);
}

static enum outcome show_claims_file(struct bq_view v)
{
	struct shown o;
	enum outcome out = begin(&o, "runtime claims");

	if (out != TOOL_OK)
		return out;
	show_claims(&o, v, bq_view_of(NULL, 0));
	return end(&o);
}

/* Is it one that verify would take? */
static void show_policy_check(struct shown *o, struct bq_view v)
{
	struct bq_verifier *verifier = bq_verifier_new();
	char where[200] = "";

	if (verifier == NULL)
		return;
	if (bq_verifier_set_policy(verifier, v, where, sizeof(where)) == 0)
		shown_bool(o, "valid", true);
	else
		shown_str(o, "problem", where);
	bq_verifier_free(verifier);
}

static enum outcome show_policy(struct bq_view v, struct bq_json root)
{
	struct shown o;
	enum outcome out = begin(&o, "policy for verify");

	if (out != TOOL_OK)
		return out;
	show_policy_check(&o, v);
	show_json(&o, "policy", root);
	return end(&o);
}

static enum outcome show_json_file(const char *path, struct bq_view v)
{
	struct bq_json root;
	int e = bq_json_parse(v, &root);

	if (e != 0)
		return msg_error(path, e, 0);
	if (has(root, "keys"))
		return show_claims_file(v);
	if (has(root, "message") && has(root, "signature"))
		return show_quote_object(path, v);
	if (has(root, "snp") || has(root, "claims") || has(root, "pcrs") || has(root, "eventlog"))
		return show_policy(v, root);
	return show_container(path, v);
}

static enum outcome not_recognised(const char *path)
{
	return msg(TOOL_FAILED, path,
		   ": not recognised: expected an HCL blob, an SNP report, claims, evidence, a "
		   "quote, a signature, a PCR file, a public key, certificates, an event log or a "
		   "TPM packet",
		   NULL);
}

static enum outcome show_bytes(const char *path, struct bq_view v)
{
	static show_fn *const kinds[] = {
		try_hcl,    try_snp,  try_packet, try_quote, try_signature,
		try_public, try_pcrs, try_certs,  try_key,   try_eventlog,
	};
	enum outcome out = TOOL_OK;
	struct shown o;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i](&o, v, &out))
			return out == TOOL_OK ? end(&o) : out;
	return not_recognised(path);
}

static enum outcome run(char **args, unsigned n)
{
	struct bq_view v;
	enum outcome o = load_file(args[0], args[0], &v);

	(void)n;
	if (o != TOOL_OK)
		return o;
	return load_kind_of(v) == LOAD_JSON ? show_json_file(args[0], v) : show_bytes(args[0], v);
}

const struct command cmd_show = {
	.words = COMMAND(
		"show", "FILE", "recognise a file and explain what is in it",
		"\nHCL blob, SNP report, runtime claims, evidence, quote, signature, PCR file,\n"
		"public key, certificates with AMD's extensions, event log, TPM packet. Nothing "
		"is\n"
		"verified: that is what verify does.\n"),
	.opts = options,
	.args_min = 1,
	.args_max = 1,
	.no_tpm = true,
	.run = run,
};

/* pcrread: PCR values, as tpm2_pcrread. */
#include "cmd.h"
#include "session.h"
#include "tss_text.h"

static struct {
	const char *out, *format;
} given;

static const struct opt options[] = {
	OPT("o", "output", "FILE", "also write the values to FILE", &given.out),
	OPT("F", "pcrs_format", "FORMAT", "of that: values (default) or serialized", &given.format),
	{0},
};

/* Every bank that has PCRs: TPML_PCR_SELECTION of TPM_CAP_PCRS, part 2, 10.10.1. */
static enum outcome all_banks(struct bq_tpm *tpm, struct bq_pcr_list *sel)
{
	struct bq_pcr_list all;
	struct bq_view data;
	bool more;
	int e;

	if ((e = bq_tpm_get_capability(tpm, TPM_CAP_PCRS, 0, 1, &more, &data)) != 0 ||
	    (e = bq_pcr_list_read(&data, &all)) != 0)
		return session_error("asking for the PCR banks", e);
	sel->n = 0;
	for (unsigned i = 0; i < all.n; i++)
		if (all.bank[i].mask != 0)
			sel->bank[sel->n++] = all.bank[i];
	return TOOL_OK;
}

/* A list, or the name of a bank: all of it. */
static enum outcome get_list(const char *text, struct bq_pcr_list *sel)
{
	struct bq_view v = bq_view_str(text);
	int e = 0;

	*sel = (struct bq_pcr_list){1, {{bq_alg_hash(v), (UINT32_C(1) << BQ_PCRS) - 1}}};
	if (sel->bank[0].alg == 0)
		e = bq_pcr_list_parse(v, sel);
	return e == 0 ? TOOL_OK : msg_usage(text, ": ", bq_strerror(e), NULL);
}

static enum outcome put(bool values_only, const struct bq_pcr_list *sel,
			const struct bq_pcr_values *v)
{
	struct bq_sink *s;
	enum outcome o = tss_pcr_file(given.out, values_only, sel, v);

	if (o != TOOL_OK || session_quiet() || (o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	tss_put_pcrs(s, sel, v);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	static struct bq_pcr_values values;
	struct bq_pcr_list sel;
	struct bq_tpm *tpm;
	bool values_only;
	enum outcome o;
	int e;

	if ((o = tss_pcr_format(given.format, true, &values_only)) != TOOL_OK)
		return o;
	if ((n == 1 && (o = get_list(args[0], &sel)) != TOOL_OK) ||
	    (o = session_open(&tpm)) != TOOL_OK ||
	    (n == 0 && (o = all_banks(tpm, &sel)) != TOOL_OK))
		return o;
	if ((e = bq_tpm_pcr_read(tpm, &sel, &values)) != 0)
		return session_error("reading PCRs", e);
	return put(values_only, &sel, &values);
}

const struct command cmd_pcrread = {
	.words = COMMAND(
		"pcrread", "[PCRLIST]", "read PCRs",
		"\nPCRLIST is for example sha256:0,1,2+sha1:all; default: all there are.\n"),
	.opts = options,
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

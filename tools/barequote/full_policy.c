/* policy: a policy that pins what evidence shows, to be edited and kept. */
#include "cmd.h"
#include "full_load.h"

#include <barequote/verify.h>

static struct {
	const char *out;
	struct load_quote quote;
} given;

static const struct opt options[] = {
	OPT("o", "output", "FILE", "default: standard output", &given.out),
	OPT("", "msg", "FILE", "the quote of an HCL blob: what was signed,", &given.quote.msg),
	OPT("", "sig", "FILE", "its signature,", &given.quote.sig),
	OPT("", "pcrs", "FILE", "and the PCR values, as tpm2_quote writes them", &given.quote.pcrs),
	OPT("", "quote", "FILE", "or all of it as a JSON tpm_quote object", &given.quote.json),
	{0},
};

static enum outcome run(char **args, unsigned n)
{
	static struct bq_evidence evidence;
	char problem[280];
	struct bq_sink *s;
	enum outcome o;
	int err;

	(void)n;
	if ((o = load_evidence(args[0], &given.quote, &evidence, &err, problem)) != TOOL_OK)
		return o;
	if (err != 0)
		return msg(TOOL_FAILED, problem, NULL);
	if ((o = out_begin(given.out, false, &s)) != TOOL_OK)
		return o;
	if ((err = bq_policy_write(s, &evidence)) != 0 && s->err == 0)
		return msg_error(args[0], err, 0);
	return out_end();
}

const struct command cmd_policy = {
	.words = COMMAND(
		"policy", "INPUT", "a policy that pins what evidence shows",
		"\nINPUT as for verify; it is not judged. Edit the result, keep it, and give it "
		"to\n"
		"verify --policy.\n"),
	.opts = options,
	.args_min = 1,
	.args_max = 1,
	.no_tpm = true,
	.run = run,
};

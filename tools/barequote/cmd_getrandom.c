/* getrandom: the TPM's random bytes, as tpm2_getrandom. */
#include "cmd.h"
#include "session.h"

static struct {
	const char *out, *force, *hex;
} given;

static const struct opt options[] = {
	OPT("o", "output", "FILE", "default: standard output", &given.out),
	OPT("", "hex", "", "as hex digits", &given.hex),
	OPT("f", "force", "", "more than the TPM gives at a time", &given.force),
	{0},
};

static enum outcome put(struct bq_view v)
{
	struct bq_sink *s;
	enum outcome o = out_begin(given.out, given.hex == NULL, &s);

	if (o != TOOL_OK)
		return o;
	if (given.hex != NULL)
		bq_put_hex(s, v);
	else
		bq_put_view(s, v);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	static uint8_t bytes[UINT16_MAX];
	struct bq_tpm *tpm;
	uint64_t size = 0;
	uint32_t max;
	enum outcome o;
	int e;

	(void)n;
	if ((o = input_number("SIZE", args[0], sizeof(bytes), &size)) != TOOL_OK ||
	    (o = out_check(given.out, given.hex == NULL)) != TOOL_OK ||
	    (o = session_open(&tpm)) != TOOL_OK)
		return o;
	if ((e = bq_tpm_property(tpm, TPM_PT_MAX_DIGEST, &max)) != 0)
		return session_error("asking for the TPM's limit", e);
	if (size > max && given.force == NULL)
		return msg(TOOL_FAILED, "that is more than the TPM gives at a time; see --force",
			   NULL);
	if ((e = bq_tpm_get_random(tpm, bytes, (size_t)size)) != 0)
		return session_error("asking for random bytes", e);
	if (given.out == NULL && session_quiet())
		return TOOL_OK;
	return put(bq_view_of(bytes, (size_t)size));
}

const struct command cmd_getrandom = {
	.words = COMMAND("getrandom", "SIZE", "random bytes of the TPM's", ""),
	.opts = options,
	.args_min = 1,
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

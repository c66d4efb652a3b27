/* nvwrite: writes an NV index, as tpm2_nvwrite. */
#include "cmd.h"
#include "tss_nv.h"

static struct {
	const char *in, *offset;
} given;

static const struct opt options[] = {
	OPT("i", "input", "FILE", "the contents; default: standard input", &given.in),
	OPT("", "offset", "N", "where to start", &given.offset),
	{0},
};

static uint8_t contents[UINT16_MAX]; /* TPMS_NV_PUBLIC.dataSize is a u16 */

static enum outcome run(char **args, unsigned n)
{
	uint64_t offset = 0;
	struct bq_view data;
	struct tss_nv nv;
	enum outcome o;
	int e;

	(void)n;
	if ((o = input_number("--offset", given.offset, UINT16_MAX, &offset)) != TOOL_OK ||
	    (o = input_file("the contents", given.in != NULL ? given.in : "-", contents,
			    sizeof(contents), &data)) != TOOL_OK ||
	    (o = tss_nv_open(&nv, args[0], 0)) != TOOL_OK)
		return o;
	if (data.n == 0)
		return msg(TOOL_OPTION, "there is nothing to write", NULL);
	if ((o = tss_nv_fits(&nv, offset, data.n, TOOL_OPTION)) != TOOL_OK)
		return o;
	e = bq_tpm_nv_write(nv.tpm, nv.by, nv.auth, nv.index, (uint16_t)offset, data);
	return e == 0 ? TOOL_OK : session_error("writing the index", e);
}

const struct command cmd_nvwrite = {
	.words = COMMAND("nvwrite", "INDEX", "write an NV index", ""),
	.opts = options,
	.shared = tss_nv_options,
	.args_min = 1,
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

/* nvread: the contents of an NV index, as tpm2_nvread. */
#include "cmd.h"
#include "tss_nv.h"

static struct {
	const char *size, *offset, *out;
} given;

static const struct opt options[] = {
	OPT("s", "size", "N", "bytes to read; default: the whole size", &given.size),
	OPT("", "offset", "N", "where to start", &given.offset),
	OPT("o", "output", "FILE", "default: standard output", &given.out),
	{0},
};

static uint8_t contents[UINT16_MAX]; /* TPMS_NV_PUBLIC.dataSize is a u16 */

static enum outcome run(char **args, unsigned n)
{
	uint64_t size = 0, offset = 0;
	struct tss_nv nv;
	enum outcome o;
	int e;

	(void)n;
	if ((o = input_number("--size", given.size, UINT16_MAX, &size)) != TOOL_OK ||
	    (o = input_number("--offset", given.offset, UINT16_MAX, &offset)) != TOOL_OK ||
	    (o = out_check(given.out, true)) != TOOL_OK ||
	    (o = tss_nv_open(&nv, args[0], 0)) != TOOL_OK)
		return o;
	if (size == 0) /* as tpm2-tools, also where that is too much after the offset */
		size = nv.pub.size;
	if ((o = tss_nv_fits(&nv, offset, size, TOOL_FAILED)) != TOOL_OK)
		return o;
	e = bq_tpm_nv_read(nv.tpm, nv.by, nv.auth, nv.index, (uint16_t)offset, contents,
			   (size_t)size);
	if (e != 0)
		return session_error("reading the index", e);
	if (given.out == NULL && session_quiet())
		return TOOL_OK;
	return out_view(given.out, true, bq_view_of(contents, (size_t)size));
}

const struct command cmd_nvread = {
	.words = COMMAND("nvread", "INDEX", "read an NV index", ""),
	.opts = options,
	.shared = tss_nv_options,
	.args_min = 1,
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

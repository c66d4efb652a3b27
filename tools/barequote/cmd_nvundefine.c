/* nvundefine: removes an NV index, as tpm2_nvundefine. */
#include "cmd.h"
#include "tss_nv.h"

static enum outcome run(char **args, unsigned n)
{
	struct tss_nv nv;
	enum outcome o = tss_nv_open(&nv, args[0], TPM_RH_OWNER);
	int e;

	(void)n;
	if (o != TOOL_OK)
		return o;
	e = bq_tpm_nv_undefine(nv.tpm, nv.by, nv.auth, nv.index);
	return e == 0 ? TOOL_OK : session_error("removing the index", e);
}

const struct command cmd_nvundefine = {
	.words = COMMAND("nvundefine", "INDEX", "remove an NV index", ""),
	.shared = tss_nv_options,
	.args_min = 1,
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

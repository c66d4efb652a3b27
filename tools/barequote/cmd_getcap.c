/* getcap: what the TPM can do, as tpm2_getcap. */
#include <string.h>

#include "cmd.h"
#include "tss_cap.h"

static struct {
	const char *list, *ignore;
} given;

static const struct opt options[] = {
	OPT("l", "list", "", "name the capabilities", &given.list),
	OPT("", "ignore-moredata", "", "", &given.ignore), /* we ask until there is no more */
	{0},
};

/* In one call at most; also what a response of 4096 bytes has room for. */
#define COUNT 254

/* Names with those of their kind that are asked for first. */
static const char names[] = "algorithms\0commands\0pcrs\0properties-fixed\0"
			    "properties-variable\0ecc-curves\0handles-transient\0"
			    "handles-persistent\0handles-permanent\0handles-pcr\0"
			    "handles-nv-index\0handles-loaded-session\0handles-saved-session\0";

static const struct {
	uint32_t first;
	uint8_t capability;
} kinds[] = {
	{1, TPM_CAP_ALGS},
	{0x11F, TPM_CAP_COMMANDS},
	{0, TPM_CAP_PCRS},
	{0x100, TPM_CAP_TPM_PROPERTIES},
	{0x200, TPM_CAP_TPM_PROPERTIES},
	{1, TPM_CAP_ECC_CURVES},
	{0x80000000, TPM_CAP_HANDLES},
	{0x81000000, TPM_CAP_HANDLES},
	{0x40000000, TPM_CAP_HANDLES},
	{0, TPM_CAP_HANDLES},
	{0x01000000, TPM_CAP_HANDLES},
	{0x02000000, TPM_CAP_HANDLES},
	{0x03000000, TPM_CAP_HANDLES},
};

static enum outcome list(void)
{
	struct bq_sink *s;
	enum outcome o = out_begin(NULL, false, &s);

	if (o != TOOL_OK)
		return o;
	for (const char *n = names; *n != '\0'; n += strlen(n) + 1)
		bq_putf(s, "- %s\n", n);
	return out_end();
}

static int ask(struct bq_tpm *tpm, uint8_t capability, uint32_t first, struct bq_sink *s)
{
	uint32_t from = first, last;
	struct bq_view data;
	bool more;
	int e;

	for (;; from = last + 1) {
		if ((e = bq_tpm_get_capability(tpm, capability, from, COUNT, &more, &data)) != 0)
			return e;
		last = from - 1;
		if ((e = tss_put_capability(s, capability, first, data, &last)) != 0 || !more)
			return e;
		if (last + 1 <= from)
			return BQ_E_TPM_PROGRESS;
	}
}

static enum outcome show(unsigned kind)
{
	struct bq_tpm *tpm;
	struct bq_sink *s;
	enum outcome o;
	int e;

	if ((o = session_open(&tpm)) != TOOL_OK || session_quiet() ||
	    (o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	if ((e = ask(tpm, kinds[kind].capability, kinds[kind].first, s)) != 0)
		return session_error("asking for that", e);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	unsigned kind = 0;

	if (given.list != NULL && n == 0)
		return session_quiet() ? TOOL_OK : list();
	if (given.list == NULL && n == 1)
		for (const char *c = names; *c != '\0'; c += strlen(c) + 1, kind++)
			if (strcmp(c, args[0]) == 0)
				return show(kind);
	return msg_option("expected one that --list names");
}

const struct command cmd_getcap = {
	.words = COMMAND("getcap", "CAPABILITY", "what the TPM can do", ""),
	.opts = options,
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

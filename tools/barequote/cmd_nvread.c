/* nvread: the contents of an NV index, as tpm2_nvread. */
#include <string.h>

#include "cmd.h"
#include "session.h"

static struct {
	const char *hierarchy, *auth, *size, *offset, *out;
} given;

static const struct opt options[] = {
	OPT("C", "hierarchy", "o|p|HANDLE", "who authorizes: owner, platform; default: the index",
	    &given.hierarchy),
	OPT("P", "auth", "AUTH", "the password of that", &given.auth),
	OPT("s", "size", "N", "bytes to read; default: to the end", &given.size),
	OPT("", "offset", "N", "where to start", &given.offset),
	OPT("o", "output", "FILE", "default: standard output", &given.out),
	{0},
};

static uint8_t contents[UINT16_MAX]; /* TPMS_NV_PUBLIC.dataSize is a u16 */

/* As in tpm2-tools, the beginning of the name is enough. */
static bool is_name(const char *text, const char *name)
{
	return text[0] != '\0' && strncmp(name, text, strlen(text)) == 0;
}

static enum outcome get_auth_handle(uint64_t index, uint64_t *out)
{
	*out = index;
	if (given.hierarchy == NULL)
		return TOOL_OK;
	if (is_name(given.hierarchy, "owner"))
		*out = TPM_RH_OWNER;
	else if (is_name(given.hierarchy, "platform"))
		*out = TPM_RH_PLATFORM;
	else
		return input_number("--hierarchy", given.hierarchy, UINT32_MAX, out);
	return TOOL_OK;
}

/* Where the caller did not say, and where it asks for more than there is. */
static enum outcome fit_size(struct bq_tpm *tpm, uint32_t index, uint64_t offset, uint64_t *size)
{
	struct bq_nv_public pub;
	int e = bq_tpm_nv_read_public(tpm, index, &pub, NULL);

	if (e != 0)
		return session_error("looking at the index", e);
	if (offset > pub.size || (given.size != NULL && *size > pub.size - offset)) {
		struct bq_sink *s = msg_begin();

		bq_put_str(s, "the index has only ");
		bq_put_u64(s, pub.size);
		bq_put_str(s, " bytes");
		return msg_end(TOOL_FAILED);
	}
	if (given.size == NULL)
		*size = pub.size - offset;
	return TOOL_OK;
}

static enum outcome run(char **args, unsigned n)
{
	uint64_t index, auth_handle, size = 0, offset = 0;
	struct bq_tpm *tpm;
	struct bq_auth auth;
	enum outcome o;
	int e;

	(void)n;
	if ((o = input_number("INDEX", args[0], UINT32_MAX, &index)) != TOOL_OK ||
	    (o = get_auth_handle(index, &auth_handle)) != TOOL_OK ||
	    (o = input_number("--size", given.size, UINT16_MAX, &size)) != TOOL_OK ||
	    (o = input_number("--offset", given.offset, UINT16_MAX, &offset)) != TOOL_OK ||
	    (o = session_auth("--auth", given.auth, &auth)) != TOOL_OK ||
	    (o = out_check(given.out, true)) != TOOL_OK || (o = session_open(&tpm)) != TOOL_OK ||
	    (o = fit_size(tpm, (uint32_t)index, offset, &size)) != TOOL_OK)
		return o;
	e = bq_tpm_nv_read(tpm, (uint32_t)auth_handle, auth, (uint32_t)index, (uint16_t)offset,
			   contents, (size_t)size);
	if (e != 0)
		return session_error("reading the index", e);
	o = out_view(given.out, true, bq_view_of(contents, (size_t)size));
	return o == TOOL_OK ? out_commit() : o;
}

const struct command cmd_nvread = {
	.name = "nvread",
	.args = "INDEX",
	.about = "read an NV index",
	.more = "",
	.opts = options,
	.args_min = 1,
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

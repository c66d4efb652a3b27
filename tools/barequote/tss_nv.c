#include "tss_nv.h"

#include <string.h>

static struct {
	const char *by, *auth;
} given;

const struct opt tss_nv_options[] = {
	OPT("C", "hierarchy", "o|p|HANDLE", "who authorizes: owner, platform, or an index",
	    &given.by),
	OPT("P", "auth", "AUTH", "the password of that", &given.auth),
	OPT("", "hierarchy-auth", "AUTH", "", &given.auth), /* nvdefine calls it so */
	{0},
};

enum outcome tss_nv_index(const char *text, uint32_t *out)
{
	uint64_t n = 0;
	enum outcome o = input_number("INDEX", text, UINT32_MAX, &n);

	if (o != TOOL_OK)
		return o;
	if (n < TSS_NV_FIRST)
		n += TSS_NV_FIRST;
	if (n > TSS_NV_LAST)
		return msg_usage("INDEX: not one of NV: ", text, NULL);
	*out = (uint32_t)n;
	return TOOL_OK;
}

/* As in tpm2-tools, the beginning of the name is enough. */
static bool is_name(const char *text, const char *name)
{
	return text[0] != '\0' && bq_str_after(name, text) != NULL;
}

static enum outcome get_by(uint32_t *out)
{
	uint64_t n = *out;

	if (given.by == NULL)
		return TOOL_OK;
	if (is_name(given.by, "owner"))
		n = TPM_RH_OWNER;
	else if (is_name(given.by, "platform"))
		n = TPM_RH_PLATFORM;
	else if (bq_num_decode(bq_view_str(given.by), UINT32_MAX, &n) != 0)
		return msg_usage("--hierarchy: takes o, p or a handle, no context file", NULL);
	*out = (uint32_t)n;
	return TOOL_OK;
}

enum outcome tss_nv_begin(struct tss_nv *nv, uint32_t fallback)
{
	enum outcome o;

	nv->by = fallback;
	if ((o = get_by(&nv->by)) != TOOL_OK ||
	    (o = session_auth("--auth", given.auth, &nv->auth)) != TOOL_OK)
		return o;
	return session_open(&nv->tpm);
}

enum outcome tss_nv_look(struct tss_nv *nv)
{
	int e = bq_tpm_nv_read_public(nv->tpm, nv->index, &nv->pub, &nv->name);

	return e == 0 ? TOOL_OK : session_error("looking at the index", e);
}

enum outcome tss_nv_open(struct tss_nv *nv, const char *index, uint32_t fallback)
{
	enum outcome o;

	if ((o = tss_nv_index(index, &nv->index)) != TOOL_OK ||
	    (o = tss_nv_begin(nv, fallback != 0 ? fallback : nv->index)) != TOOL_OK)
		return o;
	return tss_nv_look(nv);
}

enum outcome tss_nv_fits(const struct tss_nv *nv, uint64_t offset, uint64_t n, enum outcome outcome)
{
	struct bq_sink *s;

	if (offset <= nv->pub.size && n <= nv->pub.size - offset)
		return TOOL_OK;
	s = msg_begin();
	bq_putf(s, "%u bytes from %u on: the index has only %u bytes", (unsigned)n,
		(unsigned)offset, nv->pub.size);
	return msg_end(outcome);
}

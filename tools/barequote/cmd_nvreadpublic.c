/* nvreadpublic: what NV indices there are, as tpm2_nvreadpublic. */
#include "cmd.h"
#include "tss_nv.h"
#include "tss_text.h"

static void put(struct bq_sink *s, const struct tss_nv *nv)
{
	const char *hash = bq_alg_name(nv->pub.name_alg);

	tss_put_raw(s, nv->index);
	bq_put_str(s, ":\n  name: ");
	bq_put_hex(s, nv->name);
	bq_putf(s, "\n  hash algorithm:\n    friendly: %s\n    value: ",
		hash != NULL ? hash : "(null)");
	tss_put_raw_upper(s, nv->pub.name_alg);
	bq_put_str(s, "\n  attributes:\n    friendly: ");
	tss_nv_put_attributes(s, nv->pub.attributes);
	bq_put_str(s, "\n    value: ");
	tss_put_raw_upper(s, nv->pub.attributes);
	bq_putf(s, "\n  size: %u", nv->pub.size);
	if (nv->pub.policy.n != 0) {
		bq_put_str(s, "\n  authorization policy: ");
		bq_put_hex_upper(s, nv->pub.policy);
	}
	bq_put_str(s, "\n\n");
}

static enum outcome show(struct tss_nv *nv)
{
	struct bq_sink *s;
	enum outcome o;

	if ((o = tss_nv_look(nv)) != TOOL_OK || session_quiet() ||
	    (o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	put(s, nv);
	return out_end();
}

static enum outcome show_all(struct tss_nv *nv)
{
	uint32_t from = TSS_NV_FIRST;
	enum outcome o = TOOL_OK;
	int e = 0;

	while (o == TOOL_OK && from <= TSS_NV_LAST &&
	       (e = bq_tpm_next_handle(nv->tpm, from, &nv->index)) == 0) {
		o = show(nv);
		from = nv->index + 1;
	}
	return e == 0 || e == BQ_E_TPM_PROPERTY ? o : session_error("listing the indices", e);
}

static enum outcome run(char **args, unsigned n)
{
	struct tss_nv nv;
	enum outcome o;

	if ((n == 1 && (o = tss_nv_index(args[0], &nv.index)) != TOOL_OK) ||
	    (o = session_open(&nv.tpm)) != TOOL_OK)
		return o;
	return n == 1 ? show(&nv) : show_all(&nv);
}

const struct command cmd_nvreadpublic = {
	.words = COMMAND("nvreadpublic", "[INDEX]", "what NV indices there are", ""),
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

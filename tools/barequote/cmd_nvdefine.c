/* nvdefine: makes an NV index, as tpm2_nvdefine. */
#include "cmd.h"
#include "tss_nv.h"
#include "tss_text.h"

/* TPMA_NV without names of their own in tpm2.h, and the type: part 2, 13.4 */
#define TPMA_NV_PPREAD 0x00010000u
#define NT_MASK        0xF0u
#define NT_EXTEND      0x40u

static struct {
	const char *size, *attributes, *hash, *auth;
} given;

static const struct opt options[] = {
	OPT("s", "size", "N", "bytes; default: as many as the TPM allows", &given.size),
	OPT("a", "attributes", "LIST", "for example ownerread|ownerwrite|nt=counter, or a number",
	    &given.attributes),
	OPT("g", "hash-algorithm", "HASH", "of its Name; default: sha256", &given.hash),
	OPT("p", "index-auth", "AUTH", "its password", &given.auth),
	{0},
};

static uint32_t default_attributes(uint32_t by)
{
	uint32_t both = TPMA_NV_AUTHREAD | TPMA_NV_AUTHWRITE;

	if (by == TPM_RH_PLATFORM)
		return both | TPMA_NV_PPREAD | TPMA_NV_PPWRITE;
	return both | TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE;
}

/* The first handle that is free. */
static int find_free(struct bq_tpm *tpm, uint32_t *index)
{
	uint32_t next;
	int e;

	*index = TSS_NV_FIRST;
	while ((e = bq_tpm_next_handle(tpm, *index, &next)) == 0 && next == *index)
		++*index;
	return e == BQ_E_TPM_PROPERTY ? 0 : e;
}

/* What the type says, or else all that the TPM allows. */
static int default_size(struct bq_tpm *tpm, const struct bq_nv_public *pub, uint16_t *size)
{
	uint32_t max;
	int e;

	if ((pub->attributes & NT_MASK) == NT_EXTEND)
		*size = (uint16_t)bq_alg_size(pub->name_alg);
	else if ((pub->attributes & NT_MASK) != 0)
		*size = 8;
	else if ((e = bq_tpm_property(tpm, TPM_PT_NV_INDEX_MAX, &max)) != 0)
		return e;
	else
		*size = max < UINT16_MAX ? (uint16_t)max : UINT16_MAX;
	return 0;
}

static enum outcome get_public(struct bq_nv_public *pub)
{
	uint64_t size = 0;
	enum outcome o;

	pub->name_alg = TPM_ALG_SHA256;
	if (given.hash != NULL && (pub->name_alg = bq_alg_hash(bq_view_str(given.hash))) == 0)
		return msg_usage("--hash-algorithm: no such hash", NULL);
	if (given.attributes != NULL &&
	    (o = tss_nv_parse_attributes(given.attributes, &pub->attributes)) != TOOL_OK)
		return o;
	o = input_number("--size", given.size, UINT16_MAX, &size);
	pub->size = (uint16_t)size;
	return o;
}

/* What was left open. */
static int complete(struct tss_nv *nv, bool any_index)
{
	struct bq_nv_public *pub = &nv->pub;
	int e = 0;

	if (pub->attributes == 0)
		pub->attributes = default_attributes(nv->by);
	if (nv->by == TPM_RH_PLATFORM)
		pub->attributes |= TPMA_NV_PLATFORMCREATE;
	if (given.size == NULL && (e = default_size(nv->tpm, pub, &pub->size)) != 0)
		return e;
	if (any_index)
		e = find_free(nv->tpm, &nv->index);
	pub->index = nv->index;
	return e;
}

static enum outcome put_index(uint32_t index)
{
	struct bq_sink *s;
	enum outcome o = out_begin(NULL, false, &s);

	if (o != TOOL_OK)
		return o;
	bq_put_str(s, "nv-index: ");
	tss_put_raw(s, index);
	bq_put_chr(s, '\n');
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	struct tss_nv nv = {.pub = {0}};
	uint8_t password[AUTH_MAX];
	struct bq_auth auth;
	struct bq_wr w;
	enum outcome o;
	int e;

	if ((o = get_public(&nv.pub)) != TOOL_OK ||
	    (o = session_auth("--index-auth", given.auth, &auth)) != TOOL_OK)
		return o;
	/* The other password may come from the same buffer. */
	bq_wr_init(&w, password, sizeof(password));
	bq_wr_view(&w, auth.password);
	if ((n == 1 && (o = tss_nv_index(args[0], &nv.index)) != TOOL_OK) ||
	    (o = tss_nv_begin(&nv, TPM_RH_OWNER)) != TOOL_OK)
		return o;
	if ((e = complete(&nv, n == 0)) != 0 ||
	    (e = bq_tpm_nv_define(nv.tpm, nv.by, nv.auth, &nv.pub, bq_view_of(password, w.n))) != 0)
		return session_error("defining the index", e);
	return session_quiet() ? TOOL_OK : put_index(nv.index);
}

const struct command cmd_nvdefine = {
	.words = COMMAND("nvdefine", "[INDEX]", "define an NV index",
			 "\nWithout INDEX the first that is free.\n"),
	.opts = options,
	.shared = tss_nv_options,
	.args_max = 1,
	.tpm2 = true,
	.run = run,
};

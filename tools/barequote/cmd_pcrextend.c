/* pcrextend: extends PCRs with digests, as tpm2_pcrextend. */
#include "cmd.h"
#include "session.h"

#define PCR_MAX  31 /* the TPM says which there are */
#define ARGS_MAX 255

/* One argument: 8:sha1=HEX,sha256=HEX */
struct extension {
	uint64_t pcr;
	unsigned n;
	struct bq_digest digest[BQ_PCR_BANKS];
	uint8_t bytes[BQ_PCR_BANKS][BQ_DIGEST_MAX];
};

/* What is before c, which is skipped; the rest stays in r. */
static struct bq_view cut(struct bq_view *r, uint8_t c)
{
	struct bq_view before = *r;

	(void)bq_rd_take(r, bq_view_find(*r, c), &before);
	(void)bq_rd_skip(r, 1);
	return before;
}

/* sha256=HEX, also with 0x before the digits */
static bool parse_digest(struct bq_view hex, struct bq_digest *d, uint8_t bytes[BQ_DIGEST_MAX])
{
	struct bq_view name = cut(&hex, '=');
	size_t n;

	if (hex.n >= 2 && hex.p[0] == '0' && hex.p[1] == 'x')
		(void)bq_rd_skip(&hex, 2);
	d->alg = bq_alg_hash(name);
	if (d->alg == 0 || bq_hex_decode(hex, bytes, BQ_DIGEST_MAX, &n) != 0 ||
	    n != bq_alg_size(d->alg))
		return false;
	d->value = bq_view_of(bytes, n);
	return true;
}

static enum outcome parse(const char *arg, struct extension *x)
{
	struct bq_view rest = bq_view_str(arg), pcr = cut(&rest, ':');

	if (bq_num_decode(pcr, PCR_MAX, &x->pcr) != 0 || rest.n == 0)
		return msg_usage(arg, ": expected PCR:HASH=HEX", NULL);
	for (x->n = 0; rest.n != 0; x->n++)
		if (x->n == BQ_PCR_BANKS ||
		    !parse_digest(cut(&rest, ','), &x->digest[x->n], x->bytes[x->n]))
			return msg_usage(arg, ": not a digest of a hash that we know", NULL);
	return TOOL_OK;
}

static enum outcome run(char **args, unsigned n)
{
	struct bq_auth empty = {0};
	struct bq_tpm *tpm;
	struct extension x;
	enum outcome o;
	int e;

	/* All or nothing, as far as that goes: what is wrong shows before anything is done. */
	for (unsigned i = 0; i < n; i++)
		if ((o = parse(args[i], &x)) != TOOL_OK)
			return o;
	if ((o = session_open(&tpm)) != TOOL_OK)
		return o;
	for (unsigned i = 0; i < n; i++) {
		(void)parse(args[i], &x);
		if ((e = bq_tpm_pcr_extend(tpm, (uint32_t)x.pcr, empty, x.digest, x.n)) != 0)
			return session_error(args[i], e);
	}
	return TOOL_OK;
}

const struct command cmd_pcrextend = {
	.words = COMMAND("pcrextend", "PCR:HASH=HEX[,HASH=HEX]...", "extend PCRs with digests", ""),
	.args_min = 1,
	.args_max = ARGS_MAX,
	.tpm2 = true,
	.run = run,
};

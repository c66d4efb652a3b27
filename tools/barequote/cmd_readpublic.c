/* readpublic: a key's public part, as tpm2_readpublic. */
#include <string.h>

#include "cmd.h"
#include "session.h"
#include "tss_text.h"

#define SPKI_MAX 1024 /* an RSA-4096 key takes 550 bytes */

static struct {
	const char *handle, *out, *format, *name, *qualified_name;
} given;

static const struct opt options[] = {
	OPT("c", "object-context", "HANDLE", "the key", &given.handle),
	OPT("o", "output", "FILE", "write the key", &given.out),
	OPT("f", "format", "FORMAT", "of that: tss (TPM2B_PUBLIC, default), tpmt, pem, der",
	    &given.format),
	OPT("n", "name", "FILE", "write the key's Name", &given.name),
	OPT("q", "qualified-name", "FILE", "write its qualified Name", &given.qualified_name),
	{0},
};

enum format {
	FORMAT_TSS,
	FORMAT_TPMT,
	FORMAT_PEM,
	FORMAT_DER,
};

static enum outcome get_format(enum format *out)
{
	static const char *const names[] = {"tss", "tpmt", "pem", "der"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (given.format == NULL || strcmp(given.format, names[i]) == 0) {
			*out = (enum format)i;
			return TOOL_OK;
		}
	}
	return msg_usage("--format: expected tss, tpmt, pem or der", NULL);
}

/* What the TPM said, kept: the views die with the next command. */
struct key {
	struct bq_view pub, name, qualified_name;
	struct bq_public parsed;
};

static int put_key(struct bq_sink *s, enum format format, const struct key *k)
{
	uint8_t der[SPKI_MAX], size[2];
	struct bq_view v = k->pub;
	struct bq_wr w;
	int e;

	if (format == FORMAT_TSS) {
		bq_wr_init(&w, size, sizeof(size));
		bq_wr_be16(&w, (uint16_t)k->pub.n);
		bq_put(s, size, sizeof(size));
	} else if (format != FORMAT_TPMT) {
		bq_wr_init(&w, der, sizeof(der));
		if ((e = bq_public_spki(&k->parsed, &w)) != 0 || (e = bq_wr_end(&w, &v)) != 0)
			return e;
	}
	if (format == FORMAT_PEM)
		bq_put_pem(s, "PUBLIC KEY", v);
	else
		bq_put_view(s, v);
	return 0;
}

static enum outcome put_key_file(enum format format, const struct key *k)
{
	struct bq_sink *s;
	enum outcome o = out_begin(given.out, format != FORMAT_PEM, &s);
	int e;

	if (o != TOOL_OK)
		return o;
	if ((e = put_key(s, format, k)) != 0)
		return msg_error("the key", e, 0);
	return out_end();
}

static enum outcome put_text(const struct key *k)
{
	struct bq_sink *s;
	enum outcome o = out_begin(NULL, false, &s);

	if (o != TOOL_OK)
		return o;
	tss_put_bytes(s, "name", k->name);
	tss_put_bytes(s, "qualified name", k->qualified_name);
	tss_put_public(s, &k->parsed);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	struct bq_tpm *tpm;
	uint32_t handle;
	enum format format = FORMAT_TSS;
	struct key k;
	enum outcome o;
	int e;

	(void)args, (void)n;
	if (given.handle == NULL)
		return msg_usage("missing: -c HANDLE", NULL);
	if ((o = tss_key("--object-context", given.handle, &handle)) != TOOL_OK ||
	    (o = get_format(&format)) != TOOL_OK || (o = session_open(&tpm)) != TOOL_OK)
		return o;
	e = bq_tpm_read_public(tpm, handle, &k.pub, &k.name, &k.qualified_name);
	if (e != 0 || (e = bq_public_parse(k.pub, &k.parsed)) != 0)
		return session_error("reading the key", e);
	if ((!session_quiet() && (o = put_text(&k)) != TOOL_OK) ||
	    (given.out != NULL && (o = put_key_file(format, &k)) != TOOL_OK) ||
	    (o = out_file(given.name, true, k.name)) != TOOL_OK)
		return o;
	return out_file(given.qualified_name, true, k.qualified_name);
}

const struct command cmd_readpublic = {
	.words = COMMAND("readpublic", "", "read a key's public part",
			 "\nAzure's attestation key is 0x81000003.\n"),
	.opts = options,
	.tpm2 = true,
	.run = run,
};

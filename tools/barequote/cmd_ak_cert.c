/* ak-cert: the attestation key's certificate, which the platform keeps in NV. */
#include <string.h>

#include <barequote/attest.h>

#include "cmd.h"
#include "session.h"

#define CERT_MAX 16384

static struct {
	const char *out, *format, *auth;
} given;

static const struct opt options[] = {
	OPT("o", "output", "FILE", "default: standard output", &given.out),
	OPT("f", "format", "FORMAT", "pem (default) or der", &given.format),
	OPT("P", "auth", "AUTH", "the owner hierarchy's password", &given.auth),
	{0},
};

static uint8_t contents[CERT_MAX];

/* The certificate alone: a SEQUENCE whose length takes two bytes, X.690, 8.1.3, as
 * that of every certificate does. Zeros follow to the index's end. */
static int cut(struct bq_view index, struct bq_view *der)
{
	struct bq_view r = index;
	uint16_t tag, n;
	int e;

	if (bq_rd_be16(&r, &tag) != 0 || tag != 0x3082 || bq_rd_be16(&r, &n) != 0)
		return BQ_E_CERT;
	if ((e = bq_rd_take(&index, (size_t)n + 4, der)) != 0)
		return e;
	return bq_rd_end_zeros(&index);
}

static enum outcome look(struct bq_tpm *tpm, uint16_t *size)
{
	struct bq_nv_public pub;
	int e = bq_tpm_nv_read_public(tpm, BQ_HCL_AK_CERT_NV, &pub, NULL);

	if (e == BQ_E_TPM_RC && (tpm->rc & 0xFF) == TPM_RC_HANDLE)
		return msg(TOOL_FAILED, "this machine has none: NV index 0x01c101d0 does not exist",
			   NULL);
	if (e != 0)
		return session_error("looking at the certificate", e);
	if ((pub.attributes & TPMA_NV_WRITTEN) == 0)
		return msg(TOOL_FAILED,
			   "the platform has not written it to NV index 0x01c101d0; start the "
			   "machine again",
			   NULL);
	*size = pub.size;
	return pub.size <= CERT_MAX ? TOOL_OK : msg_error("the certificate", BQ_E_SPACE, 0);
}

static enum outcome put(bool pem, struct bq_view der)
{
	struct bq_sink *s;
	enum outcome o = out_begin(given.out, !pem, &s);

	if (o != TOOL_OK)
		return o;
	if (pem)
		bq_put_pem(s, "CERTIFICATE", der);
	else
		bq_put_view(s, der);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	bool pem = given.format == NULL || strcmp(given.format, "pem") == 0;
	struct bq_auth auth;
	struct bq_tpm *tpm;
	struct bq_view der;
	uint16_t size = 0;
	enum outcome o;
	int e;

	(void)args, (void)n;
	if (!pem && strcmp(given.format, "der") != 0)
		return msg_usage("--format: expected pem or der", NULL);
	if ((o = session_auth("--auth", given.auth, &auth)) != TOOL_OK ||
	    (o = out_check(given.out, !pem)) != TOOL_OK || (o = session_open(&tpm)) != TOOL_OK ||
	    (o = look(tpm, &size)) != TOOL_OK)
		return o;
	e = bq_tpm_nv_read(tpm, TPM_RH_OWNER, auth, BQ_HCL_AK_CERT_NV, 0, contents, size);
	if (e == 0 && (e = cut(bq_view_of(contents, size), &der)) == 0)
		return put(pem, der);
	return session_error("reading the certificate", e);
}

const struct command cmd_ak_cert = {
	.words = COMMAND("ak-cert", "", "the attestation key's certificate", ""),
	.opts = options,
	.run = run,
};

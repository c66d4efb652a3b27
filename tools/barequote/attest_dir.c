#include <barequote/attest.h>
#include <barequote/claims.h>

#include "attest.h"
#include "imds.h"

static enum outcome put_view(const char *name, struct bq_view v)
{
	struct bq_sink *s;
	enum outcome o = out_begin_within(name, &s);

	if (o != TOOL_OK)
		return o;
	bq_put_view(s, v);
	return out_end();
}

static enum outcome put_certs(const struct gathered *g)
{
	struct bq_sink *s;
	enum outcome o;

	if (g->vcek.n == 0)
		return TOOL_OK;
	if ((o = out_begin_within("certs.pem", &s)) != TOOL_OK)
		return o;
	imds_put_pem(s, g->vcek, g->chain);
	return out_end();
}

static enum outcome put_pcrs(const struct gathered *g)
{
	struct bq_sink *s;
	enum outcome o = out_begin_within("quote.pcrs", &s);

	if (o != TOOL_OK)
		return o;
	bq_pcr_file_write(s, &g->quote.sel, &g->quote.pcrs);
	return out_end();
}

/* The attestation key as the report vouches for it: the claims' HCLAkPub. */
static int ak_spki(struct bq_view claims_text, struct bq_wr *w)
{
	uint8_t n[BQ_RSA_MAX];
	struct bq_claims claims;
	size_t n_len;
	uint32_t exponent;
	int e;

	if ((e = bq_claims_parse(claims_text, &claims)) != 0 ||
	    (e = bq_jwk_rsa(&claims.ak, n, sizeof(n), &n_len, &exponent)) != 0)
		return e;
	return bq_rsa_spki(bq_view_of(n, n_len), exponent, w);
}

static enum outcome put_ak(const struct gathered *g)
{
	static uint8_t der[BQ_RSA_MAX + 64]; /* the modulus and what is around it */
	struct bq_sink *s;
	struct bq_view v;
	struct bq_wr w;
	enum outcome o;
	int e;

	bq_wr_init(&w, der, sizeof(der));
	if ((e = ak_spki(g->hcl.claims, &w)) != 0 || (e = bq_wr_end(&w, &v)) != 0)
		return msg_error("the attestation key in the claims", e, 0);
	if ((o = out_begin_within("ak.pem", &s)) != TOOL_OK)
		return o;
	bq_put_pem(s, "PUBLIC KEY", v);
	return out_end();
}

static enum outcome put_eventlog(struct gathered *g)
{
	static uint8_t buf[4096];
	struct bq_sink *s;
	enum outcome o;
	long n;

	if (g->eventlog < 0)
		return TOOL_OK;
	if ((o = out_begin_within("eventlog", &s)) != TOOL_OK)
		return o;
	while ((n = attest_read_eventlog(g, buf, sizeof(buf))) > 0)
		bq_put(s, buf, (size_t)n);
	if (n < 0)
		return msg_errno("cannot read", g->eventlog_path, g->eventlog_errno);
	return out_end();
}

enum outcome attest_put_directory(const char *path, struct gathered *g)
{
	const struct bq_azure_quote *q = &g->quote;
	enum outcome o;

	if ((o = out_directory(path)) != TOOL_OK ||
	    (o = put_view("hcl-report.bin", g->blob)) != TOOL_OK ||
	    (o = put_view("snp-report.bin", g->hcl.hardware_report)) != TOOL_OK ||
	    (o = put_view("claims.json", g->hcl.claims)) != TOOL_OK ||
	    (o = put_view("quote.msg", bq_view_of(q->msg, q->msg_n))) != TOOL_OK ||
	    (o = put_view("quote.sig", bq_view_of(q->sig, q->sig_n))) != TOOL_OK ||
	    (o = put_pcrs(g)) != TOOL_OK || (o = put_ak(g)) != TOOL_OK ||
	    (o = put_certs(g)) != TOOL_OK)
		return o;
	return put_eventlog(g);
}

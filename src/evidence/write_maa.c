/* The body of Microsoft Azure Attestation's AttestSevSnpVm request:
 *
 *   {"report": b64url({"SnpReport": b64url(1184 bytes),
 *                      "VcekCertChain": b64url(PEM of VCEK, ASK, ARK)}),
 *    "runtimeData": {"data": b64url(claims), "dataType": "JSON"}}
 *
 * Base64url without padding throughout; the report is encoded while it is made. */
#include "write.h"

/* A sink whose text comes out base64-encoded on another one. */
struct b64_sink {
	struct bq_sink s; /* must be first */
	struct bq_b64_enc enc;
};

static int b64_sink_put(struct bq_sink *s, const void *p, size_t n)
{
	struct b64_sink *b = (struct b64_sink *)s;

	bq_b64_put(&b->enc, bq_view_of(p, n));
	return b->enc.s->err;
}

static void put_chain(struct bq_sink *s, const struct bq_evidence_parts *parts)
{
	struct bq_view vcek = parts->vcek_pem;
	struct bq_b64_enc enc;

	bq_b64_begin(&enc, s, BQ_BASE64URL);
	bq_b64_put(&enc, vcek);
	if (vcek.p[vcek.n - 1] != '\n')
		bq_b64_put(&enc, bq_view_str("\n"));
	bq_b64_put(&enc, parts->chain_pem);
	bq_b64_end(&enc);
}

static void put_report(struct bq_sink *s, struct bq_view report,
		       const struct bq_evidence_parts *parts)
{
	struct b64_sink inner = {.s = {.put = b64_sink_put}};
	struct bq_jw w;

	bq_b64_begin(&inner.enc, s, BQ_BASE64URL);
	bq_jw_init(&w, &inner.s, 0);
	bq_jw_object(&w, NULL);
	bq_jw_b64(&w, "SnpReport", BQ_BASE64URL, report);
	bq_jw_open_str(&w, "VcekCertChain");
	put_chain(&inner.s, parts);
	bq_jw_close_str(&w);
	bq_jw_end_object(&w);
	bq_b64_end(&inner.enc);
}

int bq_ev_write_maa(struct bq_jw *w, const struct bq_evidence_parts *parts)
{
	struct bq_hcl hcl;
	int e;

	if ((e = bq_hcl_parse(parts->hcl, &hcl)) != 0 || (e = bq_hcl_require_snp(&hcl)) != 0)
		return e;
	bq_jw_object(w, NULL);
	bq_jw_open_str(w, "report");
	put_report(w->s, hcl.hardware_report, parts);
	bq_jw_close_str(w);
	bq_jw_object(w, "runtimeData");
	bq_jw_b64(w, "data", BQ_BASE64URL, hcl.claims);
	bq_jw_str(w, "dataType", "JSON");
	bq_jw_end_object(w);
	bq_jw_end_object(w);
	return 0;
}

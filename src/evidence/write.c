/* Confidential Containers evidence, written as one line. Whatever can be wrong
 * with the parts is found before the first byte. */
#include "write.h"

#define EVENTLOG_CHUNK 768 /* bytes read at a time */

/* What the parts come to. */
struct quote {
	struct bq_view signature; /* RSASSA-SHA256 value */
	struct bq_view pcr[BQ_PCRS];
};

static int quote_of(const struct bq_evidence_parts *parts, struct quote *q)
{
	struct bq_signature sig;
	int e;

	if ((e = bq_signature_parse(parts->quote_sig, &sig)) != 0)
		return e;
	if (sig.alg != TPM_ALG_RSASSA || sig.hash != TPM_ALG_SHA256)
		return BQ_E_SIG_ALG;
	q->signature = sig.rsa;
	for (unsigned i = 0; i < BQ_PCRS; i++)
		if ((e = bq_pcr_value(parts->pcrs, TPM_ALG_SHA256, i, &q->pcr[i])) != 0)
			return e;
	return 0;
}

static void put_ints(struct bq_jw *w, const char *key, struct bq_view v)
{
	bq_jw_array(w, key);
	for (size_t i = 0; i < v.n; i++)
		bq_jw_u64(w, NULL, v.p[i]);
	bq_jw_end_array(w);
}

static void put_quote(struct bq_jw *w, const char *key, const struct quote *q, struct bq_view msg,
		      void (*put)(struct bq_jw *w, const char *key, struct bq_view v))
{
	bq_jw_object(w, key);
	put(w, "signature", q->signature);
	put(w, "message", msg);
	bq_jw_array(w, "pcrs");
	for (unsigned i = 0; i < BQ_PCRS; i++)
		put(w, NULL, q->pcr[i]);
	bq_jw_end_array(w);
	bq_jw_end_object(w);
}

/* Left out where the log is empty. */
static void put_eventlog(struct bq_jw *w, const struct bq_evidence_parts *parts)
{
	uint8_t chunk[EVENTLOG_CHUNK];
	struct bq_b64_enc enc;
	long n = parts->eventlog_read(parts->eventlog_ctx, chunk, sizeof(chunk));

	if (n == 0)
		return;
	bq_jw_open_str(w, "cc_eventlog");
	bq_b64_begin(&enc, w->s, BQ_BASE64);
	while (n > 0 && n <= EVENTLOG_CHUNK && w->s->err == 0) {
		bq_b64_put(&enc, bq_view_of(chunk, (size_t)n));
		n = parts->eventlog_read(parts->eventlog_ctx, chunk, sizeof(chunk));
	}
	bq_b64_end(&enc);
	bq_jw_close_str(w);
	if (n != 0 && w->s->err == 0)
		w->s->err = BQ_E_IO;
}

static void put_extras(struct bq_jw *w, const struct bq_evidence_parts *parts)
{
	if (parts->chain_pem.n != 0)
		bq_jw_chars(w, "cert_chain", parts->chain_pem);
	if (parts->eventlog_read != NULL)
		put_eventlog(w, parts);
}

static int write_coco0(struct bq_jw *w, const struct bq_evidence_parts *parts)
{
	struct quote q;
	int e;

	if ((e = quote_of(parts, &q)) != 0)
		return e;
	bq_jw_object(w, NULL);
	put_quote(w, "quote", &q, parts->quote_msg, put_ints);
	put_ints(w, "report", parts->hcl);
	if (parts->vcek_pem.n != 0)
		bq_jw_chars(w, "vcek", parts->vcek_pem);
	put_extras(w, parts);
	bq_jw_end_object(w);
	return 0;
}

static int write_coco(struct bq_jw *w, unsigned version, const struct bq_evidence_parts *parts,
		      struct bq_view vcek_der)
{
	struct quote q;
	int e;

	if ((e = quote_of(parts, &q)) != 0)
		return e;
	bq_jw_object(w, NULL);
	bq_jw_u64(w, "version", version);
	put_quote(w, "tpm_quote", &q, parts->quote_msg, bq_jw_hex);
	bq_jw_b64(w, "hcl_report", BQ_BASE64URL_PAD, parts->hcl);
	if (vcek_der.n != 0)
		bq_jw_b64(w, "vcek", BQ_BASE64URL_PAD, vcek_der);
	put_extras(w, parts);
	bq_jw_end_object(w);
	return 0;
}

/* Decodes the first certificate where there is one; BQ_E_CERT where other text is. */
static int first_der(struct bq_view pem, uint8_t *der, size_t cap, struct bq_view *out)
{
	size_t n = 0;
	int e;

	if (pem.n != 0 && (e = bq_pem_next(&pem, BQ_PEM_CERTIFICATE, der, cap, &n)) != 0)
		return e;
	*out = bq_view_of(der, n);
	return 0;
}

int bq_evidence_write(struct bq_sink *s, enum bq_evidence_format f,
		      const struct bq_evidence_parts *parts)
{
	uint8_t der[BQ_CERT_DER_MAX];
	struct bq_view vcek, ask;
	struct bq_jw w;
	int e;

	if ((e = first_der(parts->chain_pem, der, sizeof(der), &ask)) != 0 ||
	    (e = first_der(parts->vcek_pem, der, sizeof(der), &vcek)) != 0)
		return e;
	bq_jw_init(&w, s, 0);
	if (f == BQ_EVIDENCE_COCO0)
		e = write_coco0(&w, parts);
	else if (f == BQ_EVIDENCE_COCO1 || f == BQ_EVIDENCE_COCO2)
		e = write_coco(&w, f == BQ_EVIDENCE_COCO1 ? 1 : 2, parts, vcek);
	else if (f == BQ_EVIDENCE_MAA_SNP)
		e = vcek.n == 0 || ask.n == 0 ? BQ_E_CERT : bq_ev_write_maa(&w, parts);
	else
		e = BQ_E_ARG;
	if (e != 0)
		return e;
	bq_put_chr(s, '\n');
	return s->err;
}

#include "imds.h"

#include <barequote/evidence.h>

#include <string.h>

static uint8_t answer[BQ_IMDS_MAX];

void imds_put_error(struct bq_sink *s, const struct bq_imds *i, int err)
{
	bool status = err == BQ_E_HTTP_STATUS;

	bq_putf(s, "certificates from %s: ", i->url != NULL ? i->url : BQ_IMDS_URL);
	put_error(s, err, status ? 0 : i->sys_errno);
	if (status)
		bq_putf(s, ": %u", (unsigned)i->http_status);
}

/* Whether another certificate begins somewhere. */
static bool has_more(struct bq_view v)
{
	static const char begin[] = "-----BEGIN";
	size_t n = sizeof(begin) - 1;

	for (; v.n >= n; v.p++, v.n--)
		if (memcmp(v.p, begin, n) == 0)
			return true;
	return false;
}

bool certs_are_pem(struct bq_view v)
{
	static uint8_t der[BQ_IMDS_MAX];
	size_t n;

	while (has_more(v))
		if (bq_pem_next(&v, "CERTIFICATE", der, sizeof(der), &n) != 0)
			return false;
	return true;
}

int imds_try(struct bq_imds *i, struct bq_imds_certs *out)
{
	int e = bq_imds_certs(i, answer, sizeof(answer), out);

	if (e == 0 && (!certs_are_pem(out->vcek) || !certs_are_pem(out->chain)))
		e = BQ_E_CERT;
	return e;
}

enum outcome imds_fetch(const char *url, unsigned timeout_ms, const char *advice,
			struct bq_imds_certs *out)
{
	struct bq_imds i = {.url = url, .timeout_ms = timeout_ms};
	int e = imds_try(&i, out);
	struct bq_sink *s;

	if (e == 0)
		return TOOL_OK;
	s = msg_begin();
	imds_put_error(s, &i, e);
	put_hint(s, e == BQ_E_URL ? hint_of(e) : advice);
	return msg_end(e == BQ_E_URL ? TOOL_USAGE : TOOL_FAILED);
}

static void put_lines(struct bq_sink *s, struct bq_view v)
{
	bq_put_view(s, v);
	if (v.n != 0 && v.p[v.n - 1] != '\n')
		bq_put_chr(s, '\n');
}

void imds_put_pem(struct bq_sink *s, struct bq_view vcek, struct bq_view chain)
{
	put_lines(s, vcek);
	put_lines(s, chain);
}

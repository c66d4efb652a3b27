#include "imds.h"

static uint8_t answer[BQ_IMDS_MAX];

static enum outcome explain(const struct bq_imds *i, int e, const char *advice)
{
	struct bq_sink *s = msg_begin();

	bq_put_str(s, "certificates from ");
	bq_put_str(s, i->url != NULL ? i->url : BQ_IMDS_URL);
	bq_put_str(s, ": ");
	bq_put_str(s, bq_strerror(e));
	if (e == BQ_E_HTTP_STATUS) {
		bq_put_str(s, ": ");
		bq_put_u64(s, (uint64_t)i->http_status);
	} else if (i->sys_errno != 0) {
		bq_put_str(s, " (");
		put_errno(s, i->sys_errno);
		bq_put_str(s, ")");
	}
	bq_put_str(s, "; ");
	bq_put_str(s, e == BQ_E_URL ? "expected http://ADDRESS[:PORT], the address in numbers"
				    : advice);
	return msg_end(e == BQ_E_URL ? TOOL_USAGE : TOOL_FAILED);
}

enum outcome imds_fetch(const char *url, unsigned timeout_ms, const char *advice,
			struct bq_imds_certs *out)
{
	struct bq_imds i = {.url = url, .timeout_ms = timeout_ms};
	int e = bq_imds_certs(&i, answer, sizeof(answer), out);

	return e == 0 ? TOOL_OK : explain(&i, e, advice);
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

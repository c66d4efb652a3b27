/* VCEK and chain from the instance metadata service (THIM):
 *   {"vcekCert":PEM,"tcbm":"7308000000000003","certificateChain":PEM,...} */
#include <barequote/json.h>

#include <string.h>

#include "internal.h"

#define TIMEOUT_MS     10000u
#define TRY_MS         5000u /* for one request */
#define BACKOFF_MS     250u  /* doubled each time, up to */
#define BACKOFF_MAX_MS 2000u
#define URL_MAX        256

static bool passing(int e, int status)
{
	if (e == BQ_E_HTTP_STATUS)
		return status == 404 || status == 410 || status == 429 || status >= 500;
	return e == BQ_E_GONE || e == BQ_E_TIMEOUT;
}

/* The service's own part of the URL, one slash at its end or none, and the path. */
static int make_url(const char *service, char *out, size_t cap)
{
	struct bq_view base = bq_view_str(service), made;
	struct bq_wr w;

	if (base.n != 0 && base.p[base.n - 1] == '/')
		base.n--;
	bq_wr_init(&w, out, cap);
	bq_wr_view(&w, base);
	bq_wr_view(&w, bq_view_of(BQ_IMDS_PATH, sizeof(BQ_IMDS_PATH)));
	return bq_wr_end(&w, &made) != 0 ? BQ_E_URL : 0;
}

/* No try is made, or waited for, that would have no time left. */
static int fetch(struct bq_imds *i, uint8_t *buf, size_t cap, struct bq_view *body)
{
	uint64_t now = bq_clock_now_ms(i->clock);
	uint64_t deadline = now + (i->timeout_ms != 0 ? i->timeout_ms : TIMEOUT_MS);
	char url[URL_MAX];
	unsigned ms = BACKOFF_MS;
	int e;

	i->http_status = i->sys_errno = 0;
	if ((e = make_url(i->url != NULL ? i->url : BQ_IMDS_URL, url, sizeof(url))) != 0)
		return e;
	for (;; ms = ms < BACKOFF_MAX_MS ? 2 * ms : ms) {
		e = bq_http_get(url, "Metadata: true",
				now + TRY_MS < deadline ? now + TRY_MS : deadline, i->clock, buf,
				cap, body, &i->http_status, &i->sys_errno);
		if (!passing(e, i->http_status) || bq_clock_now_ms(i->clock) + ms >= deadline)
			return e;
		bq_clock_sleep_ms(i->clock, ms);
		now = bq_clock_now_ms(i->clock);
	}
}

/* A PEM string, its escapes decoded where it lies in buf. */
static int pem(struct bq_json j, uint8_t *buf, struct bq_view *out)
{
	static const char begin[] = "-----BEGIN CERTIFICATE-----";
	uint8_t *at = buf + (j.raw.p - buf);
	size_t n;

	if (bq_json_text(j, at, j.raw.n, &n) != 0 || n < sizeof(begin) ||
	    memcmp(at, begin, sizeof(begin) - 1) != 0)
		return BQ_E_IMDS;
	*out = bq_view_of(at, n);
	return 0;
}

/* Hex of the u64, so most significant first; a report has it the other way. */
static int tcb(struct bq_json j, uint8_t out[8])
{
	uint8_t be[8];
	size_t n;

	if (bq_json_hex(j, be, sizeof(be), &n) != 0 || n != sizeof(be))
		return BQ_E_IMDS;
	for (size_t i = 0; i < sizeof(be); i++)
		out[i] = be[sizeof(be) - 1 - i];
	return 0;
}

/* Every member is found before the first is decoded, which ends the text's
 * being JSON. */
static int parse(struct bq_view body, uint8_t *buf, struct bq_imds_certs *out)
{
	struct bq_json root, vcek, chain, tcbm;
	struct bq_imds_certs c;

	if (bq_json_parse(body, &root) != 0 || bq_json_member(root, "vcekCert", &vcek) != 0 ||
	    bq_json_member(root, "certificateChain", &chain) != 0 ||
	    bq_json_member(root, "tcbm", &tcbm) != 0 || tcb(tcbm, c.tcbm) != 0 ||
	    pem(vcek, buf, &c.vcek) != 0 || pem(chain, buf, &c.chain) != 0)
		return BQ_E_IMDS;
	*out = c;
	return 0;
}

int bq_imds_certs(struct bq_imds *i, uint8_t *buf, size_t cap, struct bq_imds_certs *out)
{
	struct bq_view body;
	int e = fetch(i, buf, cap, &body);

	return e != 0 ? e : parse(body, buf, out);
}

int bq_imds_match(const struct bq_imds_certs *c, const struct bq_snp *report)
{
	return bq_view_eq(bq_view_of(c->tcbm, sizeof(c->tcbm)), report->reported_tcb) ? 0
										      : BQ_E_TCBM;
}

/* HTTP answers and the metadata service's JSON. The connection, which this file puts
 * in the place of src/azure/conn.c, hands over the input in pieces of the fuzzer's
 * choice; each connection goes on where the last one stopped. */
#include "fuzz.h"

#include <string.h>

#include "azure/conn.h"

static struct bq_view rest;
static uint64_t now;

int bq_conn_open(struct bq_conn *c, struct bq_view host, uint16_t port, uint64_t deadline,
		 const struct bq_clock *clock)
{
	(void)host, (void)port;
	c->fd = -1;
	c->sys_errno = 0;
	c->deadline = deadline;
	c->clock = clock;
	c->unread = bq_view_of(NULL, 0);
	return 0;
}

void bq_conn_close(struct bq_conn *c)
{
	c->fd = -1;
}

int bq_conn_send(struct bq_conn *c, struct bq_view v)
{
	(void)c, (void)v;
	return 0;
}

int bq_conn_more(struct bq_conn *c)
{
	struct bq_view got;

	if (c->unread.n != 0)
		return 0;
	now++;
	got = fuzz_take(&rest, 1u + fuzz_u8(&rest));
	if (got.n == 0)
		return BQ_E_GONE;
	c->unread = bq_view_of(c->in, got.n);
	return bq_rd_copy(&got, c->in, got.n);
}

static uint64_t now_ms(void *ctx)
{
	(void)ctx;
	return now;
}

static void sleep_ms(void *ctx, unsigned ms)
{
	(void)ctx;
	now += ms;
}

static void is_pem(struct bq_view v, struct bq_view all)
{
	fuzz_within(v, all);
	must(v.n > 27 && memcmp(v.p, "-----BEGIN CERTIFICATE-----", 27) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static uint8_t buf[BQ_IMDS_MAX];
	const struct bq_clock clock = {.now_ms = now_ms, .sleep_ms = sleep_ms};
	struct bq_imds imds = {.clock = &clock};
	struct bq_view all = bq_view_of(buf, sizeof(buf));
	struct bq_imds_certs c;

	rest = bq_view_of(p, n);
	now = 0;
	if (bq_imds_certs(&imds, buf, sizeof(buf), &c) != 0)
		return 0;
	must(imds.http_status == 200);
	is_pem(c.vcek, all);
	is_pem(c.chain, all);
	return 0;
}

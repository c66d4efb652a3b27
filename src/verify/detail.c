/* Values as text. */
#include "detail.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <time.h>

#define SECONDS_PER_DAY 86400

static struct bq_sink_buf begin(struct bq_str *b)
{
	struct bq_sink_buf s;

	bq_sink_buf_init(&s, b->s, sizeof(b->s) - 1);
	return s;
}

static const char *end(struct bq_str *b, const struct bq_sink_buf *s)
{
	b->s[s->n] = '\0';
	return b->s;
}

const char *bq_str_hex(struct bq_str *b, struct bq_view v)
{
	struct bq_sink_buf s = begin(b);

	bq_put_hex_short(&s.s, v);
	return end(b, &s);
}

const char *bq_str_tcb(struct bq_str *b, const struct bq_tcb *t)
{
	struct bq_sink_buf s = begin(b);

	bq_put_tcb(&s.s, t);
	return end(b, &s);
}

const char *bq_str_time(struct bq_str *b, int64_t unix_time)
{
	/* From 1970-01-01, by OpenSSL's calendar: time_t may end in 2038. */
	struct tm tm = {.tm_year = 70, .tm_mday = 1};
	int64_t days = unix_time / SECONDS_PER_DAY;

	if (days > INT_MAX || days < INT_MIN ||
	    OPENSSL_gmtime_adj(&tm, (int)days, (long)(unix_time % SECONDS_PER_DAY)) != 1 ||
	    strftime(b->s, sizeof(b->s), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(b->s, sizeof(b->s), "%lld", (long long)unix_time);
	return b->s;
}

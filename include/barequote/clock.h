/* Time, so that tests need not wait. */
#ifndef BAREQUOTE_CLOCK_H
#define BAREQUOTE_CLOCK_H

#include <stdint.h>

struct bq_clock {
	uint64_t (*now_ms)(void *ctx); /* monotonic */
	void (*sleep_ms)(void *ctx, unsigned ms);
	void *ctx;
};

/* c NULL: the system's, CLOCK_MONOTONIC. */
uint64_t bq_clock_now_ms(const struct bq_clock *c);
void bq_clock_sleep_ms(const struct bq_clock *c, unsigned ms);
/* Seconds since 1970, as far as the machine knows. */
uint64_t bq_clock_unix(void);

#endif

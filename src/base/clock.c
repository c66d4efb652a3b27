/* The system's clock, or the caller's. */
#include <barequote/clock.h>

#include <errno.h>
#include <stddef.h>
#include <time.h>

uint64_t bq_clock_now_ms(const struct bq_clock *c)
{
	struct timespec t = {0};

	if (c != NULL)
		return c->now_ms(c->ctx);
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void bq_clock_sleep_ms(const struct bq_clock *c, unsigned ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

	if (c != NULL)
		c->sleep_ms(c->ctx, ms);
	else
		while (nanosleep(&left, &left) != 0 && errno == EINTR)
			;
}

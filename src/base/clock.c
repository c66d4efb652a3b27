/* The system's clock, or the caller's. clock_gettime() is called as a system call:
 * a C library's own goes through the vDSO, which takes a kilobyte to find. */
#define _DEFAULT_SOURCE /* syscall() */
#include <barequote/clock.h>

#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* What the system call fills. A C library's timespec may be wider: on 32-bit
 * machines its seconds have 64 bits, or can have. */
struct kernel_timespec {
	long sec, nsec;
};

static struct kernel_timespec get(int clock)
{
	struct kernel_timespec t = {0};

	syscall(SYS_clock_gettime, clock, &t);
	return t;
}

uint64_t bq_clock_unix(void)
{
	return (uint64_t)get(CLOCK_REALTIME).sec;
}

uint64_t bq_clock_now_ms(const struct bq_clock *c)
{
	struct kernel_timespec t;

	if (c != NULL)
		return c->now_ms(c->ctx);
	t = get(CLOCK_MONOTONIC);
	return (uint64_t)t.sec * 1000 + (uint64_t)t.nsec / 1000000;
}

void bq_clock_sleep_ms(const struct bq_clock *c, unsigned ms)
{
	uint64_t now, end;

	if (c != NULL) {
		c->sleep_ms(c->ctx, ms);
		return;
	}
	end = bq_clock_now_ms(NULL) + ms;
	for (now = end - ms; now < end; now = bq_clock_now_ms(NULL))
		(void)poll(NULL, 0, end - now < INT_MAX ? (int)(end - now) : INT_MAX);
}

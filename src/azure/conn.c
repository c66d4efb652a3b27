#include "conn.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "../base/net.h"

static int gone(struct bq_conn *c, int sys_errno)
{
	c->sys_errno = sys_errno;
	return sys_errno == ETIMEDOUT ? BQ_E_TIMEOUT : BQ_E_GONE;
}

/* Until the socket is ready for these events, or the deadline. */
static int await(struct bq_conn *c, short events)
{
	struct pollfd p = {.fd = c->fd, .events = events};
	uint64_t now;
	int ready;

	do {
		now = bq_clock_now_ms(c->clock);
		if (now >= c->deadline)
			return BQ_E_TIMEOUT;
		ready = poll(&p, 1,
			     c->deadline - now > INT_MAX ? INT_MAX : (int)(c->deadline - now));
	} while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return gone(c, errno);
	return ready == 0 ? BQ_E_TIMEOUT : 0;
}

static bool again(void)
{
	return errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK;
}

int bq_conn_open(struct bq_conn *c, struct bq_view host, uint16_t port, uint64_t deadline,
		 const struct bq_clock *clock)
{
	struct bq_net_address to;
	socklen_t n = sizeof(int);
	int e, failed = 0;

	c->fd = -1;
	c->sys_errno = 0;
	c->deadline = deadline;
	c->clock = clock;
	c->unread = bq_view_of(NULL, 0);
	if ((e = bq_net_address(host, port, &to)) != 0)
		return e;
	c->fd = socket(to.sa.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0) {
		c->sys_errno = errno;
		return BQ_E_IO;
	}
	if (connect(c->fd, &to.sa.any, to.n) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return gone(c, errno);
	if ((e = await(c, POLLOUT)) != 0)
		return e;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &failed, &n) != 0)
		failed = errno;
	return failed == 0 ? 0 : gone(c, failed);
}

void bq_conn_close(struct bq_conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

int bq_conn_send(struct bq_conn *c, struct bq_view v)
{
	ssize_t sent;
	int e;

	while (v.n != 0) {
		if ((e = await(c, POLLOUT)) != 0)
			return e;
		sent = send(c->fd, v.p, v.n, MSG_NOSIGNAL);
		if (sent < 0 && !again())
			return gone(c, errno);
		if (sent > 0 && (e = bq_rd_skip(&v, (size_t)sent)) != 0)
			return e;
	}
	return 0;
}

int bq_conn_more(struct bq_conn *c)
{
	ssize_t got;
	int e;

	if (c->unread.n != 0)
		return 0;
	do {
		if ((e = await(c, POLLIN)) != 0)
			return e;
		got = recv(c->fd, c->in, sizeof(c->in), 0);
	} while (got < 0 && again());
	if (got <= 0)
		return gone(c, got < 0 ? errno : 0);
	c->unread = bq_view_of(c->in, (size_t)got);
	return 0;
}

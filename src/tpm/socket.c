/* TPM packets over a stream socket, as swtpm and hclsim speak them. A command's
 * response ends where its own header says. */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "../base/net.h"

/* Key generation on a slow TPM takes a minute. */
#define TIMEOUT_S 120

static int send_all(int fd, struct bq_view v, int *sys_errno)
{
	ssize_t n;

	while (v.n > 0) {
		n = send(fd, v.p, v.n, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return bq_tpm_errno(sys_errno);
		if (n > 0)
			(void)bq_rd_skip(&v, (size_t)n);
	}
	return 0;
}

/* Exactly n bytes to rsp[from]. */
static int recv_all(int fd, uint8_t *rsp, size_t from, size_t n, int *sys_errno)
{
	ssize_t got;

	while (n > 0) {
		got = recv(fd, &rsp[from], n, 0);
		if (got == 0)
			return BQ_E_GONE;
		if (got < 0 && errno != EINTR)
			return bq_tpm_errno(sys_errno);
		if (got > 0) {
			from += (size_t)got;
			n -= (size_t)got;
		}
	}
	return 0;
}

static int exchange(int fd, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		    int *sys_errno)
{
	struct bq_view r;
	uint32_t size;
	int e;

	if (cap < TPM_HEADER_SIZE)
		return BQ_E_ARG;
	if ((e = send_all(fd, cmd, sys_errno)) != 0 ||
	    (e = recv_all(fd, rsp, 0, TPM_HEADER_SIZE, sys_errno)) != 0)
		return e;
	r = bq_view_of(rsp, TPM_HEADER_SIZE);
	if (bq_rd_skip(&r, TPM_SIZE_OFFSET) != 0 || bq_rd_be32(&r, &size) != 0 ||
	    size < TPM_HEADER_SIZE || size > cap)
		return BQ_E_TPM_HEADER;
	if ((e = recv_all(fd, rsp, TPM_HEADER_SIZE, size - TPM_HEADER_SIZE, sys_errno)) != 0)
		return e;
	*rsp_n = size;
	return 0;
}

/* After a failure nobody knows where the next response starts: the connection
 * is of no more use, and a late answer must not pass for another command's. */
static int socket_transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
			   int *sys_errno)
{
	const struct bq_tpm *t = ctx;
	int e = exchange(t->fd, cmd, rsp, cap, rsp_n, sys_errno);

	if (e != 0)
		shutdown(t->fd, SHUT_RDWR);
	return e;
}

static int open_socket(struct bq_tpm *t, const struct sockaddr *to, socklen_t n)
{
	struct timeval limit = {.tv_sec = TIMEOUT_S};
	int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), e;

	if (fd < 0)
		return bq_tpm_errno(&t->sys_errno);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) != 0 ||
	    connect(fd, to, n) != 0) {
		e = bq_tpm_errno(&t->sys_errno);
		close(fd);
		return e;
	}
	bq_tpm_use_fd(t, fd, socket_transact);
	return 0;
}

int bq_tpm_open_unix(struct bq_tpm *t, const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(path);

	if (n >= sizeof(to.sun_path)) {
		t->sys_errno = ENAMETOOLONG;
		return BQ_E_IO;
	}
	memcpy(to.sun_path, path, n);
	return open_socket(t, (const struct sockaddr *)&to, sizeof(to));
}

int bq_tpm_open_tcp(struct bq_tpm *t, struct bq_view host, uint16_t port)
{
	struct bq_net_address to;

	if (bq_net_address(host, port, &to) != 0)
		return BQ_E_TCTI;
	return open_socket(t, &to.sa.any, to.n);
}

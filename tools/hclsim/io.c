#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool sim_write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t did = write(fd, at, n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		at += did;
		n -= (size_t)did;
	}
	return true;
}

bool sim_read_all(int fd, void *p, size_t n)
{
	char *at = p;

	while (n > 0) {
		ssize_t did = read(fd, at, n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		at += did;
		n -= (size_t)did;
	}
	return true;
}

bool sim_path(char *out, size_t cap, const char *dir, const char *name)
{
	int n = snprintf(out, cap, "%s/%s", dir, name);

	return n > 0 && (size_t)n < cap;
}

bool sim_file_write(const char *dir, const char *name, const void *p, size_t n, unsigned mode)
{
	char path[SIM_PATH_MAX], tmp[SIM_PATH_MAX + 4];
	bool ok;
	int fd;

	if (!sim_path(path, sizeof(path), dir, name))
		return false;
	snprintf(tmp, sizeof(tmp), "%s.new", path);
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return false;
	ok = sim_write_all(fd, p, n);
	ok = close(fd) == 0 && ok;
	ok = ok && rename(tmp, path) == 0;
	if (!ok)
		unlink(tmp);
	return ok;
}

/* Room for one descriptor, aligned as the kernel wants it. */
union control {
	struct cmsghdr align;
	uint8_t buf[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message(struct iovec *iov, union control *u)
{
	memset(u, 0, sizeof(*u));
	return (struct msghdr){.msg_iov = iov,
			       .msg_iovlen = 1,
			       .msg_control = u->buf,
			       .msg_controllen = sizeof(u->buf)};
}

bool sim_fd_send(int sock, const void *p, size_t n, int fd)
{
	uint8_t copy[64];
	struct iovec iov = {.iov_base = copy, .iov_len = n};
	union control u;
	struct msghdr m = message(&iov, &u);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	if (n > sizeof(copy))
		return false;
	memcpy(copy, p, n); /* iovec knows no const */
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sock, &m, MSG_NOSIGNAL) == (ssize_t)n;
}

ssize_t sim_fd_receive(int sock, void *p, size_t cap, int *fd)
{
	struct iovec iov = {.iov_base = p, .iov_len = cap};
	union control u;
	struct msghdr m = message(&iov, &u);
	ssize_t n = recvmsg(sock, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;

	*fd = -1;
	if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return n;
}

/* The kernel's TPM device: one write of a whole command, then reads until the
 * response is whole, blocking; the kernel gives it at once. That avoids what is wrong with its poll
 * and its non-blocking mode in older kernels. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static ssize_t read_some(int fd, uint8_t *rsp, size_t cap)
{
	ssize_t n;

	do
		n = read(fd, rsp, cap);
	while (n < 0 && errno == EINTR);
	return n;
}

/* How many bytes the response has by its own account, of which the first n are there. */
static size_t due(const uint8_t *rsp, size_t n)
{
	struct bq_view r = bq_view_of(rsp, n);
	uint32_t size;

	if (bq_rd_skip(&r, TPM_SIZE_OFFSET) != 0 || bq_rd_be32(&r, &size) != 0)
		return TPM_HEADER_SIZE;
	return size;
}

/* Less than is due where no more comes: the header is judged by the caller. */
static ssize_t read_packet(int fd, uint8_t *rsp, size_t cap)
{
	size_t got = 0;
	ssize_t n;

	do {
		n = read_some(fd, &rsp[got], cap - got);
		if (n < 0)
			return n;
		got += (size_t)n;
	} while (n > 0 && got < cap && got < due(rsp, got));
	return (ssize_t)got;
}

static ssize_t write_packet(int fd, struct bq_view cmd)
{
	ssize_t n;

	do
		n = write(fd, cmd.p, cmd.n);
	while (n < 0 && errno == EINTR);
	return n;
}

/* EBUSY: an earlier response was never read; reading it makes room. */
static ssize_t send_packet(int fd, struct bq_view cmd, uint8_t *rsp, size_t cap)
{
	ssize_t n = write_packet(fd, cmd);

	if (n < 0 && errno == EBUSY && read_packet(fd, rsp, cap) >= 0)
		n = write_packet(fd, cmd);
	return n;
}

static int exchange(int fd, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		    int *sys_errno)
{
	ssize_t n = send_packet(fd, cmd, rsp, cap);

	if (n < 0)
		return bq_tpm_errno(sys_errno);
	if ((size_t)n != cmd.n)
		return BQ_E_IO;
	if ((n = read_packet(fd, rsp, cap)) < 0)
		return bq_tpm_errno(sys_errno);
	*rsp_n = (size_t)n;
	return 0;
}

/* A signal while the driver waits for the chip can end the wait as a timeout,
 * so that none is let through before the response is there. */
static int device_transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
			   int *sys_errno)
{
	const struct bq_tpm *t = ctx;
	sigset_t all, before;
	int e;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	e = exchange(t->fd, cmd, rsp, cap, rsp_n, sys_errno);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return e;
}

/* Only a character device: a packet must never end up in somebody's file. */
int bq_tpm_open_device(struct bq_tpm *t, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return bq_tpm_errno(&t->sys_errno);
	if (fstat(fd, &st) != 0 || !S_ISCHR(st.st_mode)) {
		close(fd);
		t->sys_errno = ENODEV;
		return BQ_E_NO_DEVICE;
	}
	bq_tpm_use_fd(t, fd, device_transact);
	return 0;
}

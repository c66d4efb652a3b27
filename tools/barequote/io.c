#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* All of it, or BQ_E_IO. */
static int write_all(struct fd_sink *f, struct bq_view v)
{
	while (v.n != 0) {
		ssize_t n = write(f->fd, v.p, v.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			f->sys_errno = errno;
			return BQ_E_IO;
		}
		bq_rd_skip(&v, (size_t)n);
	}
	return 0;
}

int fd_sink_flush(struct fd_sink *f)
{
	if (f->s.err == 0)
		f->s.err = write_all(f, bq_view_of(f->buf, f->n));
	f->n = 0;
	return f->s.err;
}

static int fd_put(struct bq_sink *s, const void *p, size_t n)
{
	struct fd_sink *f = (struct fd_sink *)s;
	struct bq_view v = bq_view_of(p, n);

	if (n > sizeof(f->buf) - f->n && fd_sink_flush(f) != 0)
		return f->s.err;
	if (n > sizeof(f->buf))
		return write_all(f, v);
	memcpy(f->buf + f->n, p, n);
	f->n += n;
	if (f->lines && v.p[n - 1] == '\n')
		return fd_sink_flush(f);
	return 0;
}

/* Smaller as a call, like the other sinks. */
void fd_sink_init(struct fd_sink *f, int fd)
{
	f->s = (struct bq_sink){.put = fd_put};
	f->fd = fd;
	f->sys_errno = 0;
	f->lines = false;
	f->n = 0;
}

const char *last_part(const char *path)
{
	const char *part = path;

	while (*path != '\0')
		if (*path++ == '/')
			part = path;
	return part;
}

long fd_read(int fd, void *buf, size_t n)
{
	ssize_t got;

	do
		got = read(fd, buf, n);
	while (got < 0 && errno == EINTR);
	return got;
}

int input_open(const char *path)
{
	return strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
}

/* Reads to the end, whatever size stat() says. -1 and errno; EFBIG over cap. */
static long read_all(int fd, uint8_t *buf, size_t cap)
{
	size_t n = 0;
	uint8_t beyond;
	long got;

	while (n < cap && (got = fd_read(fd, buf + n, cap - n)) != 0) {
		if (got < 0)
			return -1;
		n += (size_t)got;
	}
	got = n < cap ? 0 : fd_read(fd, &beyond, 1);
	if (got > 0)
		errno = EFBIG;
	return got == 0 ? (long)n : -1;
}

static enum outcome too_long(enum outcome outcome, const char *what, size_t cap)
{
	struct bq_sink *s = msg_begin();

	bq_putf(s, "%s: longer than %u bytes", what, (unsigned)cap);
	return msg_end(outcome);
}

static enum outcome msg_unreadable(const char *what, const char *path, int sys_errno)
{
	struct bq_sink *s = msg_begin();

	bq_putf(s, "%s: cannot read %s: ", what, path);
	put_errno(s, sys_errno);
	return msg_end(TOOL_FAILED);
}

/* outcome is how it ends where the file is too long. */
static enum outcome read_file(enum outcome outcome, const char *what, const char *path, void *buf,
			      size_t cap, struct bq_view *out)
{
	int fd = input_open(path);
	long n = fd < 0 ? -1 : read_all(fd, buf, cap);
	int saved = errno;

	if (fd >= 0)
		close(fd);
	if (n < 0 && saved == EFBIG)
		return too_long(outcome, what, cap);
	if (n < 0)
		return msg_unreadable(what, path, saved);
	*out = bq_view_of(buf, (size_t)n);
	return TOOL_OK;
}

enum outcome input_file(const char *what, const char *path, void *buf, size_t cap,
			struct bq_view *out)
{
	return read_file(TOOL_FAILED, what, path, buf, cap, out);
}

enum outcome input_value(const char *option, const char *text, void *buf, size_t cap,
			 struct bq_view *out)
{
	size_t n;
	int e;

	if (text[0] == '@')
		return read_file(TOOL_USAGE, option, text + 1, buf, cap, out);
	e = bq_hex_decode(bq_view_str(text), buf, cap, &n);
	if (e == BQ_E_SPACE)
		return too_long(TOOL_USAGE, option, cap);
	if (e != 0)
		return msg_usage(option, ": ", bq_strerror(e), ", or @FILE", NULL);
	*out = bq_view_of(buf, n);
	return TOOL_OK;
}

enum outcome input_number(const char *option, const char *text, uint64_t max, uint64_t *out)
{
	struct bq_sink *s;

	if (text == NULL || bq_num_decode(bq_view_str(text), max, out) == 0)
		return TOOL_OK;
	s = msg_begin();
	bq_putf(s, "%s: expected a number up to ", option);
	bq_put_u64(s, max);
	return msg_end(TOOL_USAGE);
}

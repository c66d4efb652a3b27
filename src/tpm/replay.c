/* Recorded exchanges, as text:
 *
 *   # comment
 *   > 80010000000c0000017b0010      a command
 *   < 8001000000...                 its response
 *
 * in the order they happened; blank lines and spaces are allowed anywhere. */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

/* The file from its current position; what was read too much is given back at
 * the end of each exchange, so that nothing need be kept between two of them. */
struct text {
	int fd;
	int *sys_errno;
	int err;
	size_t at, n;
	uint8_t buf[512];
};

#define END (-1)

static int next_char(struct text *f)
{
	ssize_t n;

	if (f->at == f->n) {
		do
			n = read(f->fd, f->buf, sizeof(f->buf));
		while (n < 0 && errno == EINTR);
		if (n < 0)
			f->err = bq_tpm_errno(f->sys_errno);
		if (n <= 0)
			return END;
		f->at = 0;
		f->n = (size_t)n;
	}
	return f->buf[f->at++];
}

/* The next hex digit of the line, or '\n' or END; other characters are returned
 * for the decoder to refuse. */
static int next_digit(struct text *f)
{
	int c;

	do
		c = next_char(f);
	while (c == ' ' || c == '\t' || c == '\r');
	return c;
}

static void skip_line(struct text *f)
{
	int c;

	do
		c = next_char(f);
	while (c != '\n' && c != END);
}

/* The hex up to the end of the line. */
static int read_hex(struct text *f, uint8_t *dst, size_t cap, size_t *n)
{
	struct bq_wr w;
	uint8_t pair[2];
	size_t one;
	int c;

	bq_wr_init(&w, dst, cap);
	while ((c = next_digit(f)) != '\n' && c != END) {
		pair[0] = (uint8_t)c;
		pair[1] = (uint8_t)next_digit(f);
		if (bq_hex_decode(bq_view_of(pair, 2), pair, 1, &one) != 0)
			return BQ_E_REPLAY;
		bq_wr_u8(&w, pair[0]);
	}
	*n = w.n;
	return w.err == 0 ? f->err : BQ_E_REPLAY;
}

/* The next line that holds a packet, which must be marked so. */
static int read_packet(struct text *f, char mark, uint8_t *dst, size_t cap, size_t *n)
{
	int c;

	while ((c = next_digit(f)) == '\n' || c == '#')
		if (c == '#')
			skip_line(f);
	if (c == END && f->err != 0)
		return f->err;
	return c == mark ? read_hex(f, dst, cap, n) : BQ_E_REPLAY;
}

static int replay_transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
			   int *sys_errno)
{
	const struct bq_tpm *t = ctx;
	struct text f = {.fd = t->fd, .sys_errno = sys_errno};
	size_t n = 0;
	int e;

	if ((e = read_packet(&f, '>', rsp, cap, &n)) != 0)
		return e;
	if (!bq_view_eq(cmd, bq_view_of(rsp, n)))
		return BQ_E_REPLAY;
	if ((e = read_packet(&f, '<', rsp, cap, &n)) != 0)
		return e;
	if (lseek(t->fd, -(off_t)(f.n - f.at), SEEK_CUR) < 0)
		return bq_tpm_errno(sys_errno);
	*rsp_n = n;
	return 0;
}

int bq_tpm_open_replay(struct bq_tpm *t, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return bq_tpm_errno(&t->sys_errno);
	bq_tpm_use_fd(t, fd, replay_transact);
	return 0;
}

static void put_line(struct bq_sink *s, const char *mark, struct bq_view packet)
{
	bq_put_str(s, mark);
	bq_put_hex(s, packet);
	bq_put_chr(s, '\n');
}

void bq_tpm_record(struct bq_sink *s, struct bq_view cmd, struct bq_view rsp)
{
	put_line(s, "> ", cmd);
	put_line(s, "< ", rsp);
}

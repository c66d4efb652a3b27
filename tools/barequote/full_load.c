#include "full_load.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define FIRST ((size_t)64 << 10)

/* Chained, so that it can be reached until the end. */
struct kept {
	struct kept *next;
	size_t n;
	uint8_t bytes[];
};

static struct kept *kept;

void *load_keep(size_t n)
{
	struct kept *k = malloc(sizeof(*k) + n);

	if (k == NULL)
		return NULL;
	k->next = kept;
	k->n = n;
	kept = k;
	return k->bytes;
}

/* Twice the room for the newest of the kept. */
static void *grow_newest(void)
{
	struct kept *k = realloc(kept, sizeof(*k) + 2 * kept->n);

	if (k == NULL)
		return NULL;
	k->n *= 2;
	kept = k;
	return k->bytes;
}

static enum outcome refuse_size(const char *what)
{
	return msg(TOOL_FAILED, what, ": larger than 64 MiB", NULL);
}

static enum outcome read_fd(const char *what, const char *path, int fd, struct bq_view *out)
{
	uint8_t *buf = load_keep(FIRST);
	size_t n = 0;
	long got;

	while (buf != NULL && (got = fd_read(fd, buf + n, kept->n - n)) != 0) {
		if (got < 0)
			return msg_errno("cannot read", path, errno);
		n += (size_t)got;
		if (n > LOAD_MAX)
			return refuse_size(what);
		if (n == kept->n)
			buf = grow_newest();
	}
	if (buf == NULL)
		return msg_error(what, BQ_E_NO_MEMORY, 0);
	*out = bq_view_of(buf, n);
	return TOOL_OK;
}

enum outcome load_file(const char *what, const char *path, struct bq_view *out)
{
	int fd = input_open(path);
	enum outcome o;

	if (fd < 0)
		return msg_errno("cannot read", path, errno);
	o = read_fd(what, path, fd, out);
	close(fd);
	return o;
}

enum outcome load_given(const char *what, const char *path, struct bq_view *out)
{
	enum outcome o = load_file(what, path, out);

	return o == TOOL_OK && out->n == 0 ? msg(TOOL_FAILED, what, ": ", path, " is empty", NULL)
					   : o;
}

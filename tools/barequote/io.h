/* Files and descriptors. What fails here says so on stderr. */
#ifndef TOOL_IO_H
#define TOOL_IO_H

#include <limits.h>

#include "tool.h"

struct fd_sink {
	struct bq_sink s; /* must be first */
	int fd;
	int sys_errno;
	bool lines; /* pass on each line at once */
	size_t n;
	uint8_t buf[1024];
};

void fd_sink_init(struct fd_sink *f, int fd);
int fd_sink_flush(struct fd_sink *f);

/* What follows the last slash, or all of it. */
const char *last_part(const char *path);

/* Reads as much as there is, at most n bytes; -1 on error. */
long fd_read(int fd, void *buf, size_t n);

/* --- input ----------------------------------------------------------------- */

/* Opens for reading; "-" is stdin. -1 and errno. */
int input_open(const char *path);
/* All of a file, at most cap bytes. what names it in messages: `the report`. */
enum outcome input_file(const char *what, const char *path, void *buf, size_t cap,
			struct bq_view *out);
/* HEX, @FILE or @-, at most cap bytes. */
enum outcome input_value(const char *option, const char *text, void *buf, size_t cap,
			 struct bq_view *out);
/* A number of at most max, decimal or 0x; text NULL leaves *out as it is. */
enum outcome input_number(const char *option, const char *text, uint64_t max, uint64_t *out);

/* --- output ----------------------------------------------------------------
 * Files appear whole or not at all. Each is written under another name in the
 * same directory. When the command is over, main() calls out_commit(), which renames
 * them all, or out_abandon(), which removes them; between, the signals that end a
 * process wait. One is written at a time. */

/* path NULL or "-": stdout. Binary data is refused to a terminal. What is no regular
 * file, or is a descriptor of ours (/dev/stdout), is written to directly. A file must
 * be writable to be replaced, and keeps mode, group and owner. */
enum outcome out_begin(const char *path, bool binary, struct bq_sink **s);
/* A file inside the directory that out_directory() began. */
enum outcome out_begin_within(const char *name, struct bq_sink **s);
enum outcome out_end(void);
/* All of it: begin, write, end. */
enum outcome out_view(const char *path, bool binary, struct bq_view v);
/* The same, but nothing where path is NULL. */
enum outcome out_file(const char *path, bool binary, struct bq_view v);
/* A new directory; path must not exist or be an empty directory, whose mode, group and
 * owner stay. */
enum outcome out_directory(const char *path);
enum outcome out_commit(void);
void out_abandon(void);
/* The refusal of out_begin() ahead of the work. */
enum outcome out_check(const char *path, bool binary);

#endif

/* Output that is there whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h> /* rename */
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"

#define STAGED_MAX 12 /* the files and the directory of `attest -f dir`, and then some */
#define LINKS_MAX  8

/* What is written under another name so far. */
static struct staged {
	char now[PATH_MAX];
	char place[PATH_MAX]; /* empty: moves with its directory */
} staged[STAGED_MAX];
static int staged_n;
static sigset_t unblocked; /* signals as they were before */

static struct fd_sink cur;
static char cur_path[PATH_MAX]; /* for messages */
static const char *dir;         /* staged directory, NULL: none */
static int dir_fd;

/* What they replace; st_mode 0: nothing. */
static struct stat cur_was, dir_was;

/* While something is staged, the signals that end a process wait. */
static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGPIPE); /* standard output may be a pipe */
	sigprocmask(SIG_BLOCK, &set, &unblocked);
}

static void unstage(void)
{
	if (staged_n != 0)
		sigprocmask(SIG_SETMASK, &unblocked, NULL);
	staged_n = 0;
}

void out_abandon(void)
{
	for (int i = staged_n; i > 0; i--)
		if (unlink(staged[i - 1].now) != 0)
			rmdir(staged[i - 1].now);
	unstage();
}

/* n bytes of a, then b and c; false and ENAMETOOLONG where they do not fit. */
static bool join(char out[PATH_MAX], struct bq_view a, const char *b, const char *c)
{
	struct bq_sink_buf s;

	bq_sink_buf_init(&s, out, PATH_MAX);
	bq_put_view(&s.s, a);
	bq_put_str(&s.s, b);
	bq_put_str(&s.s, c);
	bq_put_chr(&s.s, '\0');
	errno = ENAMETOOLONG;
	return s.s.err == 0;
}

static bool copy_path(char out[PATH_MAX], const char *path)
{
	return join(out, bq_view_str(path), "", "");
}

/* A name beside path that nobody else uses. */
static bool beside(char out[PATH_MAX], const char *path)
{
	char tail[17] = "";
	struct bq_sink_buf s;
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	bq_sink_buf_init(&s, tail, sizeof(tail) - 1);
	bq_put_x64(&s.s, random, 16);
	return join(out, bq_view_str(path), ".new-", tail);
}

/* Where the symbolic link at path points; relative to the directory it is in. What
 * fs.protected_symlinks keeps the kernel from following is not followed here either:
 * in /tmp and the like, a stranger's. */
static bool follow(char path[PATH_MAX], const struct stat *link)
{
	char target[PATH_MAX], in[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	size_t dir_n = (size_t)(last_part(path) - path);
	struct stat st;

	if (n < 0 || !join(in, bq_view_of(path, dir_n), ".", "") || stat(in, &st) != 0)
		return false;
	errno = EACCES;
	if ((st.st_mode & 01002) == 01002 && /* sticky, written to by all */
	    link->st_uid != geteuid() && link->st_uid != st.st_uid)
		return false;
	target[n] = '\0';
	return join(path, bq_view_of(in, target[0] == '/' ? 0 : dir_n), target, "");
}

/* Our descriptor that the link at path stands for, as in /proc/self/fd; -1: none. */
static int descriptor(const char *path)
{
	struct stat leads, own;
	uint64_t n;

	if (bq_num_decode(bq_view_str(last_part(path)), INT_MAX, &n) == 0 &&
	    stat(path, &leads) == 0 && fstat((int)n, &own) == 0 && leads.st_dev == own.st_dev &&
	    leads.st_ino == own.st_ino)
		return (int)n;
	return -1;
}

/* The next free entry, its place set: where path leads, links followed. Where it leads
 * to a descriptor of ours, *fd is that, otherwise -1. */
static struct staged *find(const char *path, int *fd)
{
	struct staged *s = &staged[staged_n];
	struct stat st;

	*fd = -1;
	errno = path[0] == '\0' ? ENOENT : ENOSPC;
	if (path[0] == '\0' || staged_n == STAGED_MAX || !copy_path(s->place, path))
		return NULL;
	/* `dir/` is dir */
	for (size_t n = strlen(s->place); n > 1 && s->place[n - 1] == '/'; n--)
		s->place[n - 1] = '\0';
	for (unsigned i = 0; lstat(s->place, &st) == 0 && S_ISLNK(st.st_mode); i++) {
		if ((*fd = descriptor(s->place)) >= 0)
			break;
		errno = ELOOP;
		if (i == LINKS_MAX || !follow(s->place, &st))
			return NULL;
	}
	return s;
}

static void stage_push(void)
{
	if (staged_n == 0)
		block_signals();
	staged_n++;
}

static int open_new(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd >= 0)
		stage_push();
	return fd;
}

static int open_beside(struct staged *s, mode_t mode)
{
	return beside(s->now, s->place) ? open_new(s->now, mode) : -1;
}

/* Written to as it is: a descriptor, since a file opened anew begins at its beginning,
 * and what is no regular file. That what is there may be written to, opening it tells. */
static int open_staged(const char *path)
{
	int fd;
	struct staged *s = find(path, &fd);

	if (s == NULL)
		return -1;
	if (fd >= 0)
		return dup(fd);
	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) < 0)
		return errno == ENOENT ? open_beside(s, 0666) : -1;
	if (fstat(fd, &cur_was) != 0)
		return -1;
	if (S_ISREG(cur_was.st_mode)) {
		close(fd);
		return open_beside(s, 0600);
	}
	cur_was.st_mode = 0;
	return fd;
}

/* Mode, group and owner of what is replaced. Only root gives files away: what another
 * lets us write to, as in a shared directory, becomes ours, as it always did; and where
 * its group cannot be kept either, ours does not get that one's rights. */
static bool keep(int fd, const struct stat *was)
{
	mode_t mode = was->st_mode & 07777;

	if (was->st_mode == 0)
		return true;
	if (fchown(fd, was->st_uid, was->st_gid) != 0) {
		if (errno != EPERM)
			return false;
		if (fchown(fd, (uid_t)-1, was->st_gid) != 0)
			mode &= 07707;
	}
	return fchmod(fd, mode) == 0;
}

static enum outcome begin(int fd, const char *path, struct bq_sink **s)
{
	if (fd < 0)
		return msg_errno("cannot write", path, errno);
	fd_sink_init(&cur, fd);
	*s = &cur.s;
	return TOOL_OK;
}

static bool is_stdout(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

enum outcome out_check(const char *path, bool binary)
{
	int fd = STDOUT_FILENO;

	if (!is_stdout(path))
		(void)find(path, &fd);
	if (binary && isatty(fd) == 1)
		return msg_usage("binary data is not written to a terminal: name a file with -o",
				 NULL);
	return TOOL_OK;
}

enum outcome out_begin(const char *path, bool binary, struct bq_sink **s)
{
	if (out_check(path, binary) != TOOL_OK)
		return TOOL_USAGE;
	if (is_stdout(path)) {
		copy_path(cur_path, "standard output");
		return begin(STDOUT_FILENO, cur_path, s);
	}
	if (!copy_path(cur_path, path))
		return msg_errno("cannot write", path, errno);
	return begin(open_staged(path), path, s);
}

enum outcome out_begin_within(const char *name, struct bq_sink **s)
{
	struct staged *st = &staged[staged_n];
	int fd = -1;

	errno = ENOSPC;
	if (staged_n < STAGED_MAX && join(st->now, bq_view_str(dir), "/", name)) {
		st->place[0] = '\0';
		fd = open_new(st->now, 0666);
	}
	copy_path(cur_path, name);
	return begin(fd, name, s);
}

enum outcome out_end(void)
{
	int e = fd_sink_flush(&cur), sys_errno = cur.sys_errno;

	if (e == 0 &&
	    (!keep(cur.fd, &cur_was) || (cur.fd != STDOUT_FILENO && close(cur.fd) != 0))) {
		e = BQ_E_IO;
		sys_errno = errno;
	}
	cur_was.st_mode = 0;
	if (e == 0)
		return TOOL_OK;
	if (e == BQ_E_IO && sys_errno != 0)
		return msg_errno("cannot write", cur_path, sys_errno);
	return msg_error(cur_path, e, 0);
}

enum outcome out_view(const char *path, bool binary, struct bq_view v)
{
	struct bq_sink *s = NULL;
	enum outcome o = out_begin(path, binary, &s);

	if (o != TOOL_OK)
		return o;
	bq_put_view(s, v);
	return out_end();
}

enum outcome out_file(const char *path, bool binary, struct bq_view v)
{
	return path == NULL ? TOOL_OK : out_view(path, binary, v);
}

/* Its mode and owner come last, when all is in it: until then it is ours alone. */
static bool make_staged(const char *path)
{
	int fd;
	struct staged *s = find(path, &fd);

	if (s == NULL || (stat(s->place, &dir_was) != 0 && errno != ENOENT) ||
	    !beside(s->now, s->place) || mkdir(s->now, dir_was.st_mode == 0 ? 0777 : 0700) != 0)
		return false;
	stage_push();
	dir = s->now;
	dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return dir_fd >= 0;
}

enum outcome out_directory(const char *path)
{
	return make_staged(path) ? TOOL_OK : msg_errno("cannot make", path, errno);
}

enum outcome out_commit(void)
{
	if (!keep(dir_fd, &dir_was))
		return msg_errno("cannot make", dir, errno);
	for (int i = 0; i < staged_n; i++) {
		struct staged *st = &staged[i];

		if (st->place[0] != '\0' && rename(st->now, st->place) != 0)
			return msg_errno("cannot write", st->place, errno);
	}
	unstage();
	return TOOL_OK;
}

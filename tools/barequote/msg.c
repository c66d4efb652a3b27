/* What is said on stderr, and what to do about an error. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

static const char *program = "barequote", *command;
static struct fd_sink err;

void msg_name(const char *p, const char *c)
{
	program = p;
	command = c;
}

static void put_self(void)
{
	bq_put_str(&err.s, program);
	if (command != NULL)
		bq_putf(&err.s, " %s", command);
}

struct bq_sink *msg_begin(void)
{
	fd_sink_init(&err, STDERR_FILENO);
	put_self();
	bq_put_str(&err.s, ": ");
	return &err.s;
}

enum outcome msg_end(enum outcome outcome)
{
	bq_put_chr(&err.s, '\n');
	fd_sink_flush(&err);
	return outcome;
}

/* Not into both of its callers: that is larger. */
static void put_all(const char *first, va_list more)
{
	for (const char *s = first; s != NULL; s = va_arg(more, const char *))
		bq_put_str(&err.s, s);
}

enum outcome msg(enum outcome outcome, const char *first, ...)
{
	va_list more;

	va_start(more, first);
	msg_begin();
	put_all(first, more);
	va_end(more);
	return msg_end(outcome);
}

enum outcome msg_usage(const char *first, ...)
{
	va_list more;

	va_start(more, first);
	msg_begin();
	put_all(first, more);
	va_end(more);
	bq_put_str(&err.s, "; see ");
	put_self();
	bq_put_str(&err.s, " --help");
	return msg_end(TOOL_USAGE);
}

enum outcome msg_option(const char *words)
{
	(void)msg_usage(words, NULL);
	return TOOL_OPTION;
}

/* Tables of a code and its words: bytes, and strings one after another, since a
 * pointer for each would take more than many of them do. */
#define CODE(code, words)  (code),
#define WORDS(code, words) words "\0"

_Static_assert(BQ_E_COUNT <= UINT8_MAX, "a code is a byte");

static const char *words_of(const uint8_t *codes, size_t n, const char *words, int code)
{
	for (; n > 0; n--, codes++, words += strlen(words) + 1)
		if (*codes == code)
			return words;
	return NULL;
}

/* strerror() without the hundred that do not happen here: the attester is small. */
#define ERRNOS(T)                                                                                  \
	T(ENOENT, "no such file or directory")                                                     \
	T(EACCES, "permission denied")                                                             \
	T(EPERM, "not permitted")                                                                  \
	T(EEXIST, "it exists already")                                                             \
	T(ENOTEMPTY, "it exists and is not empty")                                                 \
	T(ENOTDIR, "not a directory")                                                              \
	T(EISDIR, "it is a directory")                                                             \
	T(ENOSPC, "no space left")                                                                 \
	T(EROFS, "read-only file system")                                                          \
	T(ENAMETOOLONG, "the name is too long")                                                    \
	T(EPIPE, "the reader went away")                                                           \
	T(ECONNREFUSED, "connection refused")                                                      \
	T(ECONNRESET, "connection reset")                                                          \
	T(ETIMEDOUT, "timed out")                                                                  \
	T(ENETUNREACH, "network unreachable")                                                      \
	T(EHOSTUNREACH, "host unreachable")                                                        \
	T(EFBIG, "too large")                                                                      \
	T(EBUSY, "busy")                                                                           \
	T(EBADF, "it is closed")                                                                   \
	T(ENODEV, "not a device")                                                                  \
	T(ELOOP, "links that lead in a circle")                                                    \
	T(EIO, "input or output error")

static const char *errno_words(int sys_errno)
{
	static const uint8_t codes[] = {ERRNOS(CODE)};

	return words_of(codes, sizeof(codes), ERRNOS(WORDS) "", sys_errno);
}

void put_errno(struct bq_sink *s, int sys_errno)
{
	const char *words = errno_words(sys_errno);

	if (words != NULL) {
		bq_put_str(s, words);
		return;
	}
	bq_put_str(s, "errno ");
	bq_put_i64(s, sys_errno);
}

enum outcome msg_errno(const char *doing, const char *path, int sys_errno)
{
	struct bq_sink *s = msg_begin();

	bq_putf(s, "%s %s: ", doing, path);
	put_errno(s, sys_errno);
	return msg_end(TOOL_FAILED);
}

#define HINTS(T)                                                                                   \
	T(BQ_E_NO_DEVICE, "load tpm_crb or tpm_tis, wait for it with --wait, or name one with -T") \
	T(BQ_E_NO_NODE, "mount devtmpfs on /dev, or wait for the node with --wait")                \
	T(BQ_E_PERMISSION, "run as root or as a member of the group tss")                          \
	T(BQ_E_BUSY, "use the resource manager, /dev/tpmrm0")                                      \
	T(BQ_E_NOT_CVM, "use a confidential VM size, such as DCasv5 or ECasv5")                    \
	T(BQ_E_URL, "expected http://ADDRESS[:PORT], the address in numbers")                      \
	T(BQ_E_HCL_TDX, "use a VM size with AMD SEV-SNP, such as DCasv5 or ECasv5")                \
	T(BQ_E_HCL_VBS, "use a confidential VM size, such as DCasv5 or ECasv5")                    \
	T(BQ_E_UNWRITTEN, "start the VM again; if that changes nothing, redeploy it")              \
	T(BQ_E_OWNER_AUTH, "give it with -P, or clear it: fresh reports need it cleared")          \
	T(BQ_E_STALE, "allow more time with --timeout; where the owner hierarchy has a password, " \
		      "clear it: the paravisor reads user data without one")                       \
	T(BQ_E_UNBOUND, "redeploy the VM to get a newer generation")                               \
	T(BQ_E_TORN, "stop them, or try again")                                                    \
	T(BQ_E_PCRS_MOVING, "something is measuring: try again when it has ended")                 \
	T(BQ_E_TCBM, "the platform's certificates lag behind its firmware: try again later")

const char *hint_of(int code)
{
	static const uint8_t codes[] = {HINTS(CODE)};

	return words_of(codes, sizeof(codes), HINTS(WORDS) "", code);
}

void put_hint(struct bq_sink *s, const char *hint)
{
	if (hint != NULL)
		bq_putf(s, "; %s", hint);
}

/* Whether the error's text says already what errno would. */
static bool says_errno(int code, int sys_errno)
{
	return (code == BQ_E_PERMISSION && sys_errno == EACCES) ||
	       (code == BQ_E_BUSY && sys_errno == EBUSY) || (code == BQ_E_IO && sys_errno == EIO);
}

void put_error(struct bq_sink *s, int code, int sys_errno)
{
	bq_put_str(s, bq_strerror(code));
	if (sys_errno != 0 && !says_errno(code, sys_errno)) {
		bq_put_str(s, " (");
		put_errno(s, sys_errno);
		bq_put_str(s, ")");
	}
}

enum outcome msg_error(const char *doing, int code, int sys_errno)
{
	struct bq_sink *s = msg_begin();

	bq_putf(s, "%s: ", doing);
	put_error(s, code, sys_errno);
	put_hint(s, hint_of(code));
	return msg_end(TOOL_FAILED);
}

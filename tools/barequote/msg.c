/* What is said on stderr, and what to do about an error. */
#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

#include "io.h"

static const char *program = "barequote", *command;
static struct fd_sink err;

void msg_name(const char *p, const char *c)
{
	program = p;
	command = c;
}

struct bq_sink *msg_begin(void)
{
	fd_sink_init(&err, STDERR_FILENO);
	bq_put_str(&err.s, program);
	if (command != NULL) {
		bq_put_chr(&err.s, ' ');
		bq_put_str(&err.s, command);
	}
	bq_put_str(&err.s, ": ");
	return &err.s;
}

enum outcome msg_end(enum outcome outcome)
{
	bq_put_chr(&err.s, '\n');
	fd_sink_flush(&err);
	return outcome;
}

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
	bq_put_str(&err.s, program);
	if (command != NULL) {
		bq_put_chr(&err.s, ' ');
		bq_put_str(&err.s, command);
	}
	bq_put_str(&err.s, " --help");
	return msg_end(TOOL_USAGE);
}

/* strerror() without the hundred that do not happen here: the attester is small. */
static const struct {
	int number;
	const char *text;
} errnos[] = {
	{ENOENT, "no such file or directory"},
	{EACCES, "permission denied"},
	{EPERM, "not permitted"},
	{EEXIST, "it exists already"},
	{ENOTEMPTY, "it exists and is not empty"},
	{ENOTDIR, "not a directory"},
	{EISDIR, "it is a directory"},
	{ENOSPC, "no space left"},
	{EROFS, "read-only file system"},
	{ENAMETOOLONG, "the name is too long"},
	{EPIPE, "the reader went away"},
	{ECONNREFUSED, "connection refused"},
	{ECONNRESET, "connection reset"},
	{ETIMEDOUT, "timed out"},
	{ENETUNREACH, "network unreachable"},
	{EHOSTUNREACH, "host unreachable"},
	{EBUSY, "busy"},
	{EBADF, "it is closed"},
	{ENODEV, "not a device"},
	{ELOOP, "links that lead in a circle"},
	{EIO, "input or output error"},
};

void put_errno(struct bq_sink *s, int sys_errno)
{
	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
		if (errnos[i].number == sys_errno) {
			bq_put_str(s, errnos[i].text);
			return;
		}
	}
	bq_put_str(s, "errno ");
	bq_put_i64(s, sys_errno);
}

enum outcome msg_errno(const char *doing, const char *path, int sys_errno)
{
	struct bq_sink *s = msg_begin();

	bq_put_str(s, doing);
	bq_put_chr(s, ' ');
	bq_put_str(s, path);
	bq_put_str(s, ": ");
	put_errno(s, sys_errno);
	return msg_end(TOOL_FAILED);
}

static const struct {
	int err;
	const char *advice;
} hints[] = {
	{BQ_E_NO_DEVICE, "load tpm_crb or tpm_tis, wait for it with --wait, or name one with -T"},
	{BQ_E_PERMISSION, "run as root or as a member of the group tss"},
	{BQ_E_BUSY, "use the resource manager, /dev/tpmrm0"},
	{BQ_E_NOT_CVM, "use a confidential VM size, such as DCasv5 or ECasv5"},
	{BQ_E_URL, "expected http://ADDRESS[:PORT], the address in numbers"},
	{BQ_E_HCL_TDX, "use a VM size with AMD SEV-SNP, such as DCasv5 or ECasv5"},
	{BQ_E_HCL_VBS, "use a confidential VM size, such as DCasv5 or ECasv5"},
	{BQ_E_UNWRITTEN, "start the VM again; if that changes nothing, redeploy it"},
	{BQ_E_OWNER_AUTH, "give it with -P, or clear it: fresh reports need it cleared"},
	{BQ_E_STALE, "allow more time with --timeout; where the owner hierarchy has a password, "
		     "clear it: the paravisor reads user data without one"},
	{BQ_E_UNBOUND, "redeploy the VM to get a newer generation"},
	{BQ_E_TORN, "another program reads reports all the time: stop it, or try again"},
	{BQ_E_PCRS_MOVING, "something is measuring: try again when it has ended"},
	{BQ_E_TCBM, "the platform's certificates lag behind its firmware: try again later"},
};

const char *hint_of(int code)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (hints[i].err == code)
			return hints[i].advice;
	return NULL;
}

void put_hint(struct bq_sink *s, const char *hint)
{
	if (hint != NULL) {
		bq_put_str(s, "; ");
		bq_put_str(s, hint);
	}
}

void put_error(struct bq_sink *s, int code, int sys_errno)
{
	bq_put_str(s, bq_strerror(code));
	if (sys_errno != 0) {
		bq_put_str(s, " (");
		put_errno(s, sys_errno);
		bq_put_str(s, ")");
	}
}

static enum outcome outcome_of(int code)
{
	if (code == BQ_E_OWNER_AUTH)
		return TOOL_FAILED_AUTH;
	return code >= BQ_E_TCTI && code <= BQ_E_REPLAY ? TOOL_FAILED_TCTI : TOOL_FAILED;
}

enum outcome msg_error(const char *doing, int code, int sys_errno)
{
	struct bq_sink *s = msg_begin();

	bq_put_str(s, doing);
	bq_put_str(s, ": ");
	put_error(s, code, sys_errno);
	put_hint(s, hint_of(code));
	return msg_end(outcome_of(code));
}

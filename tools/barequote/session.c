#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ; /* POSIX has no header for it */

#define WAIT_MAX    86400 /* s */
#define POLL_MS     100
#define TIMEOUT_MAX 3600 /* s */

/* TPM_RC_AUTH_FAIL, whichever session, parameter or handle: part 2, 6.6.3 */
#define RC_AUTH_FAIL      0x8E
#define RC_AUTH_FAIL_MASK 0xBF

static struct {
	const char *tcti, *wait, *record, *trace, *quiet, *help, *version, *errata;
} given;

const struct opt session_options[] = {
	OPT("T", "tcti", "TPM", "device:PATH, swtpm:path=SOCKET, swtpm:host=H,port=P, replay:FILE",
	    &given.tcti),
	OPT("", "wait", "SEC", "wait so long for the TPM to appear", &given.wait),
	OPT("", "record", "FILE", "write the exchange with the TPM, for replay:", &given.record),
	OPT("v", "verbose", "", "show each packet on stderr, decoded", &given.trace),
	{0},
};

const struct opt session_common_options[] = {
	OPT("q", "quiet", "", "say nothing but errors", &given.quiet),
	OPT("h", "help", "", "this text", &given.help),
	OPT("", "version", "", "", &given.version),
	{0},
};

const struct opt session_tpm2_options[] = {
	OPT("T", "tcti", "TPM", "device:PATH, swtpm:path=SOCKET, swtpm:host=H,port=P", &given.tcti),
	OPT("V", "verbose", "", "show each packet on stderr, decoded", &given.trace),
	OPT("Q", "quiet", "", "print nothing", &given.quiet),
	OPT("h", "help", "[man]", "this text", &given.help),
	OPT("v", "version", "", "the version", &given.version),
	OPT("Z", "enable-errata", "", "", &given.errata), /* there are none */
	{0},
};

const struct opt session_refused_options[] = {
	OPT("S", "session", "FILE", "", NULL),
	OPT("", "cphash", "FILE", "", NULL),
	OPT("", "rphash", "FILE", "", NULL),
	OPT("n", "name", "FILE", "", NULL),
	OPT("L", "policy", "FILE", "", NULL),
	OPT("", "with-policydelete", "", "", NULL),
	OPT("t", "serialized-handle", "FILE", "", NULL),
	OPT("", "print-yaml", "", "", NULL),
	{0},
};

bool session_help(void)
{
	return given.help != NULL;
}

bool session_version(void)
{
	return given.version != NULL;
}

bool session_quiet(void)
{
	return given.quiet != NULL;
}

static struct bq_tpm tpm;
static char found[PATH_MAX]; /* the TPM that was looked up */
static const char *address;
static struct fd_sink trace_sink, record_sink;

/* name ends with `=`. getenv() would bring half a kilobyte along. */
static const char *from_environment(const char *name)
{
	const char *value;

	for (char **v = environ; v != NULL && *v != NULL; v++)
		if ((value = bq_str_after(*v, name)) != NULL)
			return *value != '\0' ? value : NULL;
	return NULL;
}

static int find_address(unsigned wait_ms)
{
	int e;

	address = given.tcti;
	if (address == NULL)
		address = from_environment("BAREQUOTE_TCTI=");
	if (address == NULL)
		address = from_environment("TPM2TOOLS_TCTI=");
	if (address != NULL)
		return 0;
	e = bq_tpm_find(found, sizeof(found), wait_ms);
	address = e == BQ_E_NO_DEVICE ? "/dev/tpmrm0" : found;
	return e;
}

/* Opens it, and tries again where it is not there yet. */
static int open_address(unsigned wait_ms)
{
	uint64_t end = bq_clock_now_ms(NULL) + wait_ms;
	int e;

	while ((e = bq_tpm_open(&tpm, address)) == BQ_E_NO_DEVICE && bq_clock_now_ms(NULL) < end)
		bq_clock_sleep_ms(NULL, POLL_MS);
	return e;
}

/* The record is of use above all where the command fails: it is no output that
 * is there whole or not at all. */
static enum outcome open_record(void)
{
	int fd;

	if (given.record == NULL)
		return TOOL_OK;
	fd = open(given.record, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return msg_errno("cannot write", given.record, errno);
	fd_sink_init(&record_sink, fd);
	record_sink.lines = true;
	tpm.record = &record_sink.s;
	return TOOL_OK;
}

enum outcome session_try(struct bq_tpm **t, const char **where, int *err)
{
	uint64_t wait = 0;
	unsigned wait_ms;
	enum outcome o = input_number("--wait", given.wait, WAIT_MAX, &wait);

	if (o != TOOL_OK)
		return o;
	wait_ms = (unsigned)wait * 1000;
	if ((*err = find_address(wait_ms)) == 0)
		*err = open_address(wait_ms);
	*where = address;
	if (*err != 0)
		return TOOL_OK;
	if (given.trace != NULL) {
		fd_sink_init(&trace_sink, STDERR_FILENO);
		trace_sink.lines = true;
		tpm.trace = &trace_sink.s;
	}
	*t = &tpm;
	return open_record();
}

const char *session_note(void)
{
	if (address != found || strcmp(found, "/dev/tpm0") != 0)
		return NULL;
	return "it has no resource manager: no other program can use it meanwhile";
}

enum outcome session_open(struct bq_tpm **t)
{
	const char *where, *note;
	int e;
	enum outcome o = session_try(t, &where, &e);

	if (o != TOOL_OK)
		return o;
	if (e != 0)
		return session_error(where, e);
	if (!session_quiet() && (note = session_note()) != NULL)
		return msg(TOOL_OK, "note: ", where, ": ", note, NULL);
	return TOOL_OK;
}

enum outcome session_close(enum outcome o)
{
	bool recorded = tpm.record == NULL || record_sink.s.err == 0;

	bq_tpm_close(&tpm);
	if (recorded || o != TOOL_OK)
		return o;
	return msg_errno("cannot write", given.record, record_sink.sys_errno);
}

bool session_lost(int err)
{
	return err >= BQ_E_TCTI && err <= BQ_E_REPLAY;
}

static enum outcome outcome_of(uint32_t rc)
{
	if ((rc & RC_AUTH_FAIL_MASK) == RC_AUTH_FAIL)
		return TOOL_FAILED_AUTH;
	return (rc & UINT16_MAX) == TPM_RC_COMMAND_CODE ? TOOL_FAILED_COMMAND : TOOL_FAILED;
}

void session_put_error(struct bq_sink *s, int err)
{
	if (err == BQ_E_TPM_RC)
		bq_put_tpm_rc(s, tpm.rc);
	else
		put_error(s, err, session_lost(err) ? tpm.sys_errno : 0);
}

const char *session_hint(int err)
{
	return err == BQ_E_TPM_RC ? bq_tpm_rc_advice(tpm.rc) : hint_of(err);
}

enum outcome session_error(const char *doing, int err)
{
	struct bq_sink *s;

	if (err != BQ_E_TPM_RC)
		return msg_error(doing, err, session_lost(err) ? tpm.sys_errno : 0);
	s = msg_begin();
	bq_putf(s, "%s: ", doing);
	session_put_error(s, err);
	put_hint(s, session_hint(err));
	return msg_end(outcome_of(tpm.rc));
}

static enum outcome auth_from_file(const char *option, const char *path, struct bq_view *out)
{
	static uint8_t line[AUTH_MAX + 1]; /* and a newline */
	enum outcome o = input_file(option, path, line, sizeof(line), out);

	if (o == TOOL_OK && out->n != 0 && out->p[out->n - 1] == '\n')
		out->n--;
	return o;
}

enum outcome session_auth(const char *option, const char *text, struct bq_auth *out)
{
	static uint8_t decoded[AUTH_MAX];
	struct bq_view *v = &out->password;
	enum outcome o = TOOL_OK;
	const char *value;

	*v = bq_view_of(NULL, 0);
	if (text == NULL)
		return TOOL_OK;
	if (bq_str_after(text, "session:") != NULL || bq_str_after(text, "pcr:") != NULL)
		return msg_usage(option, ": a password is all it can be, no session or policy",
				 NULL);
	if ((value = bq_str_after(text, "file:")) != NULL)
		o = auth_from_file(option, value, v);
	else if ((value = bq_str_after(text, "hex:")) != NULL)
		o = input_value(option, value, decoded, sizeof(decoded), v);
	else
		*v = bq_view_str((value = bq_str_after(text, "str:")) != NULL ? value : text);
	if (o == TOOL_OK && v->n > AUTH_MAX)
		return msg_usage(option, ": a password has at most 64 bytes", NULL);
	return o;
}

enum outcome session_timeout(const char *text, unsigned *ms)
{
	uint64_t seconds = 0;
	enum outcome o = input_number("--timeout", text, TIMEOUT_MAX, &seconds);

	*ms = (unsigned)seconds * 1000;
	return o;
}

enum outcome session_azure(const char *auth, const char *timeout, struct bq_azure *out)
{
	enum outcome o;

	if ((o = session_timeout(timeout, &out->timeout_ms)) != TOOL_OK ||
	    (o = session_auth("--auth", auth, &out->owner)) != TOOL_OK)
		return o;
	return session_open(&out->tpm);
}

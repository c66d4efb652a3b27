/* pcrevent: has the TPM hash a file and extend a PCR with that, as tpm2_pcrevent. */
#include <errno.h>
#include <unistd.h>

#include "cmd.h"
#include "session.h"
#include "tss_text.h"

#define PCR_MAX 31 /* the TPM says which there are */

static struct {
	const char *auth;
} given;

static const struct opt options[] = {
	OPT("P", "auth", "AUTH", "the PCR's password", &given.auth),
	{0},
};

struct event {
	struct bq_tpm *tpm;
	struct bq_auth auth;
	const char *path; /* NULL: standard input */
	uint64_t pcr;     /* TPM_RH_NULL: hash only */
	uint32_t sequence;
	struct bq_digest digest[BQ_PCR_BANKS];
	unsigned n;
};

/* The file and the PCR come in either order; what can be read is the file. */
static enum outcome get_arguments(char **args, unsigned n, struct event *x)
{
	enum outcome o;

	x->pcr = TPM_RH_NULL;
	x->path = NULL;
	for (unsigned i = 0; i < n; i++) {
		if (x->path == NULL && access(args[i], R_OK) == 0)
			x->path = args[i];
		else if (x->pcr != TPM_RH_NULL)
			return msg_errno("cannot read", args[i], errno);
		else if ((o = input_number("PCR", args[i], PCR_MAX, &x->pcr)) != TOOL_OK)
			return o;
	}
	return session_auth("--auth", given.auth, &x->auth);
}

/* Gives the TPM all of fd; 0 or an error of the TPM's. *lost: reading failed. */
static int feed(struct event *x, int fd, int *lost)
{
	uint8_t chunk[BQ_TPM_EVENT_CHUNK];
	long n;
	int e = 0;

	while (e == 0 && (n = fd_read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0) {
			*lost = errno;
			return 0;
		}
		e = bq_tpm_event_update(x->tpm, x->sequence, bq_view_of(chunk, (size_t)n));
	}
	return e;
}

static enum outcome measure(struct event *x, int fd)
{
	int lost = 0, e = bq_tpm_event_start(x->tpm, &x->sequence);
	uint32_t rc;

	if (e != 0)
		return session_error("starting the hash", e);
	if ((e = feed(x, fd, &lost)) == 0 && lost == 0)
		e = bq_tpm_event_complete(x->tpm, (uint32_t)x->pcr, x->auth, x->sequence, x->digest,
					  &x->n);
	if (e == 0 && lost == 0)
		return TOOL_OK;
	/* What was begun takes one of the TPM's few places. */
	rc = x->tpm->rc;
	if (!session_lost(e))
		(void)bq_tpm_flush(x->tpm, x->sequence);
	x->tpm->rc = rc;
	if (lost != 0)
		return msg_errno("cannot read", x->path, lost);
	return session_error("measuring", e);
}

static enum outcome put(const struct event *x)
{
	struct bq_sink *s;
	enum outcome o = out_begin(NULL, false, &s);

	if (o != TOOL_OK)
		return o;
	for (unsigned i = 0; i < x->n; i++)
		tss_put_bytes(s, bq_alg_name(x->digest[i].alg), x->digest[i].value);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	struct event x;
	enum outcome o = get_arguments(args, n, &x);
	int fd;

	if (o != TOOL_OK)
		return o;
	if (x.path == NULL)
		x.path = "-";
	if ((fd = input_open(x.path)) < 0)
		return msg_errno("cannot read", x.path, errno);
	if ((o = session_open(&x.tpm)) == TOOL_OK)
		o = measure(&x, fd);
	close(fd);
	return o != TOOL_OK || session_quiet() ? o : put(&x);
}

const struct command cmd_pcrevent = {
	.words = COMMAND("pcrevent", "[FILE] [PCR]",
			 "hash a file in every bank and extend a PCR with that",
			 "\nWithout PCR only hashes. Without FILE: standard input.\n"),
	.opts = options,
	.args_max = 2,
	.tpm2 = true,
	.run = run,
};

/* The event log that goes with the evidence: read once, compared with the quote, passed
 * on as it is. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <barequote/eventlog.h>

#include "attest.h"
#include "session.h"

#define EVENTLOG_MAX ((size_t)16 << 20)

/* What is compared may fill this: it takes memory only where a log does, and with it
 * attest still fits in a mebibyte. Firmware's logs have some 64 KiB at most. */
static uint8_t head[(size_t)512 << 10];

enum outcome attest_open_eventlog(struct gathered *g, const char *path)
{
	g->eventlog = -1;
	g->eventlog_path = path != NULL ? path : EVENTLOG;
	if (path != NULL && strcmp(path, "none") == 0)
		return TOOL_OK;
	g->eventlog = open(g->eventlog_path, O_RDONLY | O_CLOEXEC);
	if (g->eventlog < 0 && path != NULL)
		return msg_errno("cannot read", path, errno);
	return TOOL_OK;
}

static long read_on(struct gathered *g, void *buf, size_t n)
{
	long got = fd_read(g->eventlog, buf, n);

	if (got > 0 && (g->eventlog_n += (size_t)got) > EVENTLOG_MAX) {
		errno = EFBIG;
		got = -1;
	}
	if (got < 0)
		g->eventlog_errno = errno;
	return got;
}

long attest_read_eventlog(void *ctx, void *buf, size_t n)
{
	struct gathered *g = ctx;
	struct bq_view part;

	if (g->eventlog_head.n == 0)
		return read_on(g, buf, n);
	if (n > g->eventlog_head.n)
		n = g->eventlog_head.n;
	(void)bq_rd_take(&g->eventlog_head, n, &part);
	memcpy(buf, part.p, n);
	return (long)n;
}

static struct bq_sink *note(const struct gathered *g)
{
	struct bq_sink *s = msg_begin();

	bq_putf(s, "note: %s: ", g->eventlog_path);
	return s;
}

static void say(const struct gathered *g, const char *words)
{
	bq_put_str(note(g), words);
	(void)msg_end(TOOL_OK);
}

/* The first of firmware's PCRs that does not fit: what the verifier will refuse. */
static void compare(const struct gathered *g, struct bq_view log)
{
	static const struct bq_pcr_select all = {TPM_ALG_SHA256, (1u << BQ_PCRS) - 1};
	static struct bq_pcr_values replayed;
	struct bq_eventlog_fit fit;
	unsigned pcr = 0;
	int e = bq_eventlog_replay(log, bq_hash_of, &replayed);

	if (e != 0) {
		say(g, bq_strerror(e));
		return;
	}
	fit = bq_eventlog_fit(&replayed, &g->quote.pcrs, &all);
	if ((fit.differ & BQ_FIRMWARE_PCRS) == 0)
		return;
	while ((fit.differ >> pcr & 1) == 0)
		pcr++;
	bq_put_eventlog_misfit(note(g), log, bq_hash_of, &replayed, &g->quote.pcrs, all.alg, pcr);
	(void)msg_end(TOOL_OK);
}

enum outcome attest_compare_eventlog(struct gathered *g)
{
	size_t n = 0;
	long got = 0;

	if (g->eventlog < 0)
		return TOOL_OK;
	while (n < sizeof(head) && (got = read_on(g, head + n, sizeof(head) - n)) > 0)
		n += (size_t)got;
	if (got < 0)
		return msg_errno("cannot read", g->eventlog_path, g->eventlog_errno);
	g->eventlog_head = bq_view_of(head, n);
	if (session_quiet() || n == 0)
		return TOOL_OK;
	if (n < sizeof(head))
		compare(g, g->eventlog_head);
	else
		say(g, "too long to be compared with the quote here");
	return TOOL_OK;
}

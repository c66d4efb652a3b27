/* What attest has gathered, and where it goes. */
#ifndef TOOL_ATTEST_H
#define TOOL_ATTEST_H

#include <barequote/azure.h>

#include "io.h"

#define EVENTLOG "/sys/kernel/security/tpm0/binary_bios_measurements"

struct gathered {
	struct bq_view blob;
	struct bq_hcl hcl;
	struct bq_snp snp;
	struct bq_azure_quote quote;
	struct bq_view vcek, chain; /* PEM, or n == 0 */
	int eventlog;               /* a descriptor, or -1 */
	const char *eventlog_path;
	size_t eventlog_n;            /* bytes of it so far */
	int eventlog_errno;           /* why reading it ended early, or 0 */
	struct bq_view eventlog_head; /* read, and not passed on yet */
};

/* Before the TPM is bothered: what is named must be there, the default (path NULL) need
 * not. */
enum outcome attest_open_eventlog(struct gathered *g, const char *path);
/* Says where it does not lead to the quote; that is for the verifier to judge. */
enum outcome attest_compare_eventlog(struct gathered *g);

/* Of the event log, ctx being the struct: bytes read, 0 at its end, -1 and
 * eventlog_errno. It may be named by mistake: /dev/zero has no end. */
long attest_read_eventlog(void *ctx, void *buf, size_t n);

/* A directory with a file for each part. */
enum outcome attest_put_directory(const char *path, struct gathered *g);

#endif

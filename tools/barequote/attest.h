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
};

/* A directory with a file for each part. */
enum outcome attest_put_directory(const char *path, const struct gathered *g);

#endif

/* What doctor's parts share: one look at each thing that attestation needs. */
#ifndef TOOL_DOCTOR_H
#define TOOL_DOCTOR_H

#include <barequote/azure.h>
#include <barequote/claims.h>

#include "tool.h"

enum doctor_state {
	DOCTOR_OK,
	DOCTOR_WARN, /* attest does without, or sets it right */
	DOCTOR_FAIL,
	DOCTOR_SKIP, /* it needs what failed before, or was not wanted */
};

/* What has been found, and other findings need, as bits. */
#define DOCTOR_TPM       0x1u
#define DOCTOR_INDEX     0x2u /* a report can be read */
#define DOCTOR_CLAIMS    0x4u
#define DOCTOR_SNP       0x8u
#define DOCTOR_AK        0x10u
#define DOCTOR_USER_DATA 0x20u /* its index is as it must be, or absent */

struct doctor {
	struct bq_azure azure;
	const char *address; /* of the TPM */
	int open_error;
	const char *imds; /* URL, or NULL */
	bool no_imds;
	unsigned have;
	struct bq_snp snp;
	struct bq_claims claims;

	/* Of the finding that is being made. */
	struct bq_sink_buf fact;
	const char *advice; /* or NULL */
};

/* The fact is err, with the advice there is for it. */
enum doctor_state doctor_error(struct doctor *d, int err); /* always DOCTOR_FAIL */
/* The fact, or the rest of it, and what to do. */
enum doctor_state doctor_says(struct doctor *d, enum doctor_state state, const char *fact,
			      const char *advice);
/* Part of a fact: the words, then the number. */
void doctor_number(struct doctor *d, const char *words, uint64_t x);
/* True where the TPM has no such index or object. */
bool doctor_absent(const struct doctor *d, int err);

/* Each finds one thing out. */
typedef enum doctor_state doctor_look(struct doctor *d);

doctor_look doctor_device, doctor_identity, doctor_report_index, doctor_user_data_index,
	doctor_owner, doctor_ak_cert, doctor_pcrs, doctor_eventlog;
doctor_look doctor_report, doctor_user_data, doctor_ak, doctor_ak_match, doctor_imds;

#endif

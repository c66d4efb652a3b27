/* What must become of evidence, from how it was made and from its bytes: nothing here
 * asks the code that is tested. A check that is not named may pass or not. */
#ifndef JUDGE_H
#define JUDGE_H

#include "genuine.h"

#define JUDGED_MAX 64

struct judged {
	const struct genuine *g;
	bool refuse; /* acceptance would be wrong */
	unsigned n;
	const char *not_pass[JUDGED_MAX]; /* checks that passing would be wrong for, */
	bool skip[JUDGED_MAX];            /* and which of them may be skipped */

	/* What is looked at. */
	enum bq_evidence_format format;
	struct bq_view report, claims;
	uint32_t version, hash_type;
	bool has_leaf; /* as it was signed */
	bool has_quote;
	enum bq_product cpu; /* by the report's CPUID; unknown in version 2 */
};

void judge(const struct genuine *g, struct judged *out);

/* Where wrong is true the check must fail, and so must all. */
void judge_fails(struct judged *j, bool wrong, const char *check);
/* Where it is true nothing has been proved: the check may fail or be skipped. */
void judge_unproven(struct judged *j, bool is, const char *check);
/* As judge_fails(), and it may not be skipped, whatever else is wrong, as long as
 * the input can be read. */
void judge_must_fail(struct judged *j, bool wrong, const char *check);
bool judge_has(const struct judged *j, const char *check);

void judge_chain(struct judged *j);
void judge_leaf(struct judged *j);
void judge_report(struct judged *j);
void judge_runtime(struct judged *j);
void judge_quote(struct judged *j);
void judge_policy(struct judged *j);

/* Numbers in a view that has them. */
uint32_t judge_le32(struct bq_view v, size_t at);
struct bq_view judge_part(struct bq_view v, size_t at, size_t n);
bool judge_contains(struct bq_view text, struct bq_view what, bool any_case);

/* Where TCB_VERSION has what. */
enum {
	TCB_BOOTLOADER,
	TCB_TEE,
	TCB_SNP,
	TCB_MICROCODE,
	TCB_FMC,
	TCB_PARTS
};
int judge_tcb_offset(enum bq_product p, unsigned part); /* -1: it has none */

#endif

/* A policy inside the verifier: a list of rules, each made from one leaf of the
 * file and judged on its own. The source file that reads a member judges it. */
#ifndef VERIFY_POLICY_H
#define VERIFY_POLICY_H

#include "internal.h"

/* Leaves in a policy, at most: a verdict also holds the checks that are always made. */
#define BQ_RULES_MAX (BQ_CHECKS_MAX - 32)

#define BQ_VMPL_MAX  3

struct bq_rule;
typedef void bq_judge(const struct bq_rule *rule, const struct bq_facts *f, struct bq_verdict *v);

struct bq_rule {
	char name[sizeof(((struct bq_check *)0)->name)]; /* `policy.snp.min_tcb.snp` */
	bq_judge *judge;
	unsigned what;         /* which field, component, bank and so on, as the judge knows it */
	uint64_t number;       /* a minimum, a set of bits, an index */
	bool truth;            /* what the file says, where that is true or false */
	struct bq_view values; /* what is allowed, in the policy's arena */
	size_t each;           /* bytes in one of the values, which follow one another */
};

struct bq_policy {
	struct bq_policy_core core;
	unsigned n;
	struct bq_rule rules[BQ_RULES_MAX];
	struct bq_wr arena; /* over bytes */
	uint8_t bytes[];
};

/* --- reading ------------------------------------------------------------ */

/* Where in the file a value is: frames on the stack, innermost first. NULL is
 * the whole file. */
struct bq_path {
	const struct bq_path *up;
	struct bq_view name; /* p is NULL: an element of a list */
	size_t index;
};

struct bq_policy_reader {
	struct bq_policy *p;
	struct bq_rule *rule; /* made last */
	char *where;
	size_t cap;
};

typedef int bq_member_read(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
			   unsigned what);

/* The members of an object. The last has a NULL name; its read, where there is
 * one, takes every other name. */
struct bq_member {
	const char *name;
	bq_member_read *read;
	unsigned what; /* handed on */
};

/* BQ_E_POLICY; where says the path and why. */
int bq_policy_refuse(struct bq_policy_reader *r, const struct bq_path *at, const char *why);
/* An object without two members of one name, each of them in the table. */
int bq_policy_object(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		     const struct bq_member *members);
/* Each element of a list that is not empty. */
int bq_policy_list(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		   bq_member_read *read, unsigned what);
/* A new rule, named after the path, in r->rule. */
int bq_policy_rule(struct bq_policy_reader *r, const struct bq_path *at, bq_judge *judge,
		   unsigned what);
/* A truth value, and the rule it makes. */
int bq_policy_bool(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		   bq_judge *judge, unsigned what);
/* Hex digits of exactly size bytes, appended to the rule's values. */
int bq_policy_hex(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		  unsigned size);

/* --- judging ------------------------------------------------------------ */

/* Passes where have is among the rule's values. */
void bq_judge_value(const struct bq_rule *rule, struct bq_view have, struct bq_verdict *v);

/* PCR index of that bank is among those of the list. */
bool bq_pcr_selected(const struct bq_pcr_list *l, uint16_t alg, unsigned index);

/* --- claims ------------------------------------------------------------- */

#define BQ_CLAIM_VM_ID    "vmUniqueId" /* compared in either case, as generations differ */
#define BQ_CLAIM_NAME_MAX (sizeof(((struct bq_rule *)0)->name) - sizeof("policy.claims."))

/* A name that can be part of a check's, and a value that can be compared. */
bool bq_policy_is_claim(struct bq_view name, struct bq_json value);

/* --- members, by file: field, level, host, claims, pcrs ------------------ */

extern const struct bq_member bq_policy_snp_members[]; /* policy_snp.c */

bq_member_read bq_policy_read_field; /* what: index of bq_policy_fields */
bq_member_read bq_policy_read_tcb;   /* what: enum bq_which_tcb */
bq_member_read bq_policy_read_svn;
bq_member_read bq_policy_read_abi;
bq_member_read bq_policy_read_firmware;
bq_member_read bq_policy_read_provisional;
bq_member_read bq_policy_read_mitigations;
bq_member_read bq_policy_read_bits; /* what: enum bq_which_bits */
bq_member_read bq_policy_read_vmpl;
bq_member_read bq_policy_read_product;
bq_member_read bq_policy_read_vlek;
bq_member_read bq_policy_read_crl;
bq_member_read bq_policy_read_claims;
bq_member_read bq_policy_read_pcrs;
bq_member_read bq_policy_read_eventlog;

enum bq_which_tcb {
	BQ_TCB_REPORTED,
	BQ_TCB_LAUNCH,
	BQ_TCB_COMMITTED,
};

enum bq_which_bits {
	BQ_BITS_POLICY,
	BQ_BITS_PLATFORM,
};

enum bq_which_field {
	BQ_FIELD_MEASUREMENT,
	BQ_FIELD_HOST_DATA,
	BQ_FIELD_FAMILY_ID,
	BQ_FIELD_IMAGE_ID,
	BQ_FIELD_REPORT_ID,
	BQ_FIELD_CHIP_ID,
	BQ_FIELD_ID_KEY_DIGEST,
	BQ_FIELD_AUTHOR_KEY_DIGEST,
};

#endif

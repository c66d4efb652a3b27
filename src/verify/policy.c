/* A policy file: made, asked and applied. */
#include "policy.h"

#include <stdlib.h>

#define POLICY_MAX (1u << 20) /* bytes in a file */

/* No value takes more bytes than this for each character that spells it: the
 * short form of a chip id is 18 characters, its long form 64 bytes. */
#define ARENA_FACTOR 4

static int read_snp(struct bq_policy_reader *r, const struct bq_path *at, struct bq_json j,
		    unsigned what)
{
	(void)what;
	return bq_policy_object(r, at, j, bq_policy_snp_members);
}

static const struct bq_member root_members[] = {
	{"snp", read_snp, 0},
	{"claims", bq_policy_read_claims, 0},
	{"pcrs", bq_policy_read_pcrs, 0},
	{"eventlog", bq_policy_read_eventlog, 0},
	{NULL, NULL, 0},
};

static int read_root(struct bq_policy_reader *r, struct bq_view text)
{
	struct bq_json root;
	int e;

	if ((e = bq_json_parse(text, &root)) != 0)
		return bq_policy_refuse(r, NULL, bq_strerror(e));
	return bq_policy_object(r, NULL, root, root_members);
}

int bq_policy_new(struct bq_view json, struct bq_policy **out, char *where, size_t cap)
{
	struct bq_policy_reader r = {.where = where, .cap = cap};
	size_t room;
	int e;

	if (json.n > POLICY_MAX)
		return bq_policy_refuse(&r, NULL, "expected at most 1 MiB");
	room = json.n * ARENA_FACTOR;
	if ((r.p = malloc(sizeof(*r.p) + room)) == NULL)
		return BQ_E_NO_MEMORY;
	r.p->core = bq_policy_core(NULL);
	r.p->n = 0;
	bq_wr_init(&r.p->arena, r.p->bytes, room);
	if ((e = read_root(&r, json)) != 0) {
		bq_policy_free(r.p);
		return e;
	}
	*out = r.p;
	return 0;
}

void bq_policy_free(struct bq_policy *p)
{
	free(p);
}

struct bq_policy_core bq_policy_core(const struct bq_policy *p)
{
	return p != NULL ? p->core : (struct bq_policy_core){.vmpl_allowed = 1u << 0};
}

void bq_policy_apply(const struct bq_policy *p, const struct bq_facts *f, struct bq_verdict *out)
{
	for (unsigned i = 0; i < p->n; i++)
		p->rules[i].judge(&p->rules[i], f, out);
}

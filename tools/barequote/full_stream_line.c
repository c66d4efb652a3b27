/* One line of a stream: evidence and nonce in, verdict out. */
#include <string.h>

#include "full_load.h"
#include "full_stream.h"
#include "full_verdict.h"

#define NONCE_MAX 64
#define ID_MAX    1024 /* bytes of JSON that are given back */
#define WHERE_MAX 96

struct request {
	struct bq_json id; /* `null` where there is none */
	struct bq_json evidence;
	uint8_t nonce[NONCE_MAX];
	struct bq_expect expect;
};

static int read_nonce(struct bq_json root, struct request *r)
{
	struct bq_json j;
	size_t n;
	int e = bq_json_member(root, "nonce", &j);

	if (e == BQ_E_JSON_MISSING)
		return 0;
	if (e != 0 || (e = bq_json_hex(j, r->nonce, sizeof(r->nonce), &n)) != 0)
		return e;
	r->expect.has_nonce = true;
	r->expect.nonce = bq_view_of(r->nonce, n);
	return 0;
}

static int read_id(struct bq_json root, struct request *r)
{
	struct bq_json id;
	int e = bq_json_member(root, "id", &id);

	if (e != 0)
		return e == BQ_E_JSON_MISSING ? 0 : e;
	if (id.raw.n > ID_MAX)
		return BQ_E_SPACE;
	r->id = id;
	return 0;
}

/* 0, or the error and which member has it. */
static int read_request(const struct stream_line *l, struct request *r, const char **where)
{
	struct bq_json root;
	int e;

	*where = "";
	if (l->too_long)
		return BQ_E_SPACE;
	if ((e = bq_json_parse(bq_view_of(l->text, l->n), &root)) != 0)
		return e;
	*where = "id";
	if ((e = read_id(root, r)) != 0)
		return e;
	*where = "nonce";
	if ((e = read_nonce(root, r)) != 0)
		return e;
	*where = "evidence";
	return bq_json_member(root, "evidence", &r->evidence);
}

/* 0 and a verdict, or an error and why. */
static int judge(const struct bq_verifier *v, struct stream_line *l, struct request *r,
		 char problem[LOAD_PROBLEM_MAX])
{
	char where[WHERE_MAX] = "";
	const char *member;
	int e;

	if ((e = read_request(l, r, &member)) != 0)
		return load_explain(problem, "the line", member, e);
	e = bq_evidence_parse_json(r->evidence.raw, l->work, l->cap, &l->evidence, where,
				   sizeof(where));
	if (e != 0)
		return load_explain(problem, "evidence", where, e);
	/* What is malformed further in fails input.format, in the verdict. */
	(void)bq_verify(v, &l->evidence, &r->expect, &l->verdict);
	return 0;
}

void stream_answer(const struct bq_verifier *v, bool no_nonce, struct stream_line *l)
{
	struct request r = {.id = {bq_view_str("null")}, .expect = {.no_nonce = no_nonce}};
	char problem[LOAD_PROBLEM_MAX];
	struct bq_sink_buf b;

	if (judge(v, l, &r, problem) != 0)
		verdict_malformed(&l->verdict, problem);
	bq_sink_buf_init(&b, l->answer, sizeof(l->answer));
	verdict_put_line(&b.s, &l->verdict, r.id.raw);
	l->answer_n = b.n;
}

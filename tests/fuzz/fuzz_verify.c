/* The whole of `verify`, over genuine evidence with edits (edits.h), which are signed
 * and hashed again where they come before. judge.h says what must not pass. The
 * verifier is asked twice, and in between about the genuine evidence where it has other
 * certificates: what it keeps of one must not help the other. */
#include "edits.h"
#include "judge.h"

#include <string.h>

size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t size, size_t cap, unsigned seed);

#define ALWAYS 27 /* checks that are listed whatever there is */

struct asked {
	struct bq_evidence ev;
	struct bq_expect expect;
};

static void ask(const struct genuine *g, struct asked *out)
{
	const uint8_t *c = g->choice;

	*out = (struct asked){.ev = {.format = (enum bq_evidence_format)c[C_FORMAT],
				     .sig_is_raw = c[C_SIG_SAYS_RAW],
				     .pcrs = g->shown.pcrs,
				     .eventlog = bytes_view(&g->eventlog)}};
	if (out->ev.format == BQ_EVIDENCE_SNP)
		out->ev.report = bytes_view(&g->shown.report);
	else
		out->ev.hcl = bytes_view(&g->blob);
	if (c[C_QUOTE] == QUOTE_WHOLE || c[C_QUOTE] == QUOTE_NO_SIG)
		out->ev.quote_msg = bytes_view(&g->shown.msg);
	if (c[C_QUOTE] == QUOTE_WHOLE || c[C_QUOTE] == QUOTE_NO_MSG)
		out->ev.quote_sig = bytes_view(&g->shown.sig);
	for (unsigned i = 0; i < DERS; i++)
		out->ev.certs[i] = bytes_view(&g->shown.der[i]);
	out->expect.has_nonce = c[C_NONCE] == NONCE_GIVEN;
	out->expect.no_nonce = c[C_NONCE] == NONCE_DECLINED;
	out->expect.nonce = bytes_view(&g->nonce);
	out->expect.no_quote = c[C_NO_QUOTE];
	out->expect.has_report_data = c[C_DATA];
	out->expect.report_data = bytes_view(&g->data);
}

static void is_consistent(const struct bq_verdict *v, int e)
{
	bool failed = false;

	must(v->n >= ALWAYS && v->n <= BQ_CHECKS_MAX);
	for (unsigned i = 0; i < v->n; i++) {
		must(bq_verdict_check(v, v->checks[i].name) == &v->checks[i]); /* once */
		must(v->checks[i].detail[0] != '\0');
		failed = failed || v->checks[i].result == BQ_FAIL;
	}
	must(v->accepted == !failed);
	must(e == 0 || v->checks[0].result == BQ_FAIL);
	must(strcmp(v->checks[0].name, "input.format") == 0);
}

static void verify(const struct bq_verifier *verifier, const struct genuine *g,
		   struct bq_verdict *v)
{
	static struct asked a;

	ask(g, &a);
	is_consistent(v, bq_verify(verifier, &a.ev, &a.expect, v));
}

static void is_as_judged(const struct bq_verdict *v, const struct judged *j)
{
	bool malformed = v->checks[0].result == BQ_FAIL; /* then all else is skipped */

	for (unsigned i = 0; i < j->n; i++) {
		const struct bq_check *c = bq_verdict_check(v, j->not_pass[i]);

		if (c != NULL && c->result == BQ_PASS)
			fuzz_broken(c->name, "passes, and should not", 0);
		if (!j->skip[i] && !malformed && (c == NULL || c->result != BQ_FAIL))
			fuzz_broken(j->not_pass[i], "does not fail", 0);
	}
	must(!v->accepted || !j->refuse);
}

static void is_same(const struct bq_verdict *a, const struct bq_verdict *b)
{
	must(a->accepted == b->accepted && a->n == b->n && a->product == b->product);
	for (unsigned i = 0; i < a->n; i++)
		must(a->checks[i].result == b->checks[i].result &&
		     strcmp(a->checks[i].name, b->checks[i].name) == 0 &&
		     strcmp(a->checks[i].detail, b->checks[i].detail) == 0);
}

static struct genuine unedited[VARIANTS];

static void genuine_passes(const struct bq_verifier *verifier, enum variant variant, bool as_usual)
{
	static struct bq_verdict v;

	verify(verifier, &unedited[variant], &v);
	must(v.accepted || !as_usual);
}

/* What takes long: keys, and certificates of them. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	for (unsigned i = 0; i < VARIANTS; i++)
		edits_make(&(struct edits){.variant = (uint8_t)i}, &unedited[i]);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t size, size_t cap, unsigned seed)
{
	return edits_mutate(p, size, cap, seed);
}

/* The verifier of these choices is the one for genuine evidence. */
static bool is_usual(const struct genuine *g)
{
	static const enum choice own[] = {C_ROOTS, C_CRL, C_TIME, C_POLICY};
	bool usual = true;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		usual = usual && g->choice[own[i]] == g->usual[own[i]];
	return usual;
}

/* Only of certificates does a verifier keep anything. */
static bool certs_differ(const struct genuine *g)
{
	bool differ = g->ext_edited || memcmp(g->choice + C_LEAF_CN, g->usual + C_LEAF_CN,
					      C_ARK_BROUGHT + 1 - C_LEAF_CN) != 0;

	for (unsigned i = 0; i < DERS; i++)
		differ = differ || g->sealed.der[i].n != g->shown.der[i].n ||
			 memcmp(g->sealed.der[i].p, g->shown.der[i].p, g->shown.der[i].n) != 0;
	return differ;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct genuine g;
	static struct bq_verdict first, again;
	struct bq_verifier *verifier;
	struct judged j;
	struct edits e;

	edits_read(bq_view_of(p, n), &e);
	edits_make(&e, &g);
	judge(&g, &j);
	verifier = genuine_verifier(&g);
	verify(verifier, &g, &first);
	is_as_judged(&first, &j);
	must(e.n != 0 || first.accepted);
	if (certs_differ(&g))
		genuine_passes(verifier, g.variant, is_usual(&g));
	verify(verifier, &g, &again);
	is_same(&first, &again);
	bq_verifier_free(verifier);
	return 0;
}

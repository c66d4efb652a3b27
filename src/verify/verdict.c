/* The list of checks. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "verifier.h"

const char *const bq_check_names[] = {
	"input.format",
	"chain.root",
	"chain.ca",
	"chain.leaf",
	"chain.dates",
	"chain.crl",
	"leaf.type",
	"leaf.product",
	"leaf.tcb",
	"leaf.chip_id",
	"report.version",
	"report.sig_algo",
	"report.key",
	"report.signature",
	"report.policy",
	"report.vmpl",
	"report.tcb",
	"report.report_data",
	"runtime.binding",
	"runtime.ak",
	"runtime.user_data",
	"quote.format",
	"quote.signature",
	"quote.nonce",
	"quote.pcr_selection",
	"quote.pcr_digest",
	"eventlog.replay",
	NULL,
};

static void make_printable(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7E)
			*s = '?';
}

void bq_verdict_add(struct bq_verdict *v, const char *name, enum bq_result result,
		    const char *format, ...)
{
	struct bq_check *c;
	va_list args;

	if (result == BQ_FAIL)
		v->accepted = false;
	if (v->n == BQ_CHECKS_MAX) {
		c = &v->checks[BQ_CHECKS_MAX - 1];
		v->accepted = false;
		c->result = BQ_FAIL;
		snprintf(c->detail, sizeof(c->detail), "more checks than a verdict holds (%d)",
			 BQ_CHECKS_MAX);
		return;
	}
	c = &v->checks[v->n++];
	c->result = result;
	snprintf(c->name, sizeof(c->name), "%s", name);
	va_start(args, format);
	if (vsnprintf(c->detail, sizeof(c->detail), format, args) < 0)
		c->detail[0] = '\0';
	va_end(args);
	make_printable(c->name);
	make_printable(c->detail);
}

void bq_skip(struct bq_run *r, const char *name, const char *why)
{
	bq_verdict_add(r->out, name, BQ_SKIP, "not checked: %s", why);
}

const struct bq_check *bq_verdict_check(const struct bq_verdict *v, const char *name)
{
	for (unsigned i = 0; i < v->n; i++)
		if (strcmp(v->checks[i].name, name) == 0)
			return &v->checks[i];
	return NULL;
}

const struct bq_check *bq_verdict_first_failure(const struct bq_verdict *v)
{
	for (unsigned i = 0; i < v->n; i++)
		if (v->checks[i].result == BQ_FAIL)
			return &v->checks[i];
	return NULL;
}

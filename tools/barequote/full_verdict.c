#include "full_verdict.h"

#include <string.h>

#include "full_shown.h"

#define NAME_COLUMN 22

static const char *const red = "\x1b[1;31m", *const green = "\x1b[32m", *const dim = "\x1b[2m",
			 *const plain = "\x1b[0m";

static const char *result_name(enum bq_result r)
{
	return r == BQ_PASS ? "pass" : r == BQ_FAIL ? "fail" : "skip";
}

static void put_colored(struct bq_sink *s, bool color, const char *with, const char *text)
{
	bq_put_str(s, color ? with : "");
	bq_put_str(s, text);
	bq_put_str(s, color ? plain : "");
}

static void put_check(struct bq_sink *s, const struct bq_check *c, bool last, bool color)
{
	const char *mark = c->result == BQ_FAIL ? red : c->result == BQ_PASS ? green : dim;

	bq_put_str(s, last ? "  `- " : "  |- ");
	put_colored(s, color, mark, c->result == BQ_FAIL ? "FAIL" : result_name(c->result));
	bq_put_str(s, "  ");
	put_colored(s, color && c->result == BQ_FAIL, red, c->name);
	for (size_t n = strlen(c->name); n < NAME_COLUMN; n++)
		bq_put_chr(s, ' ');
	bq_put_str(s, "  ");
	put_colored(s, color && c->result == BQ_SKIP, dim, c->detail);
	bq_put_chr(s, '\n');
}

/* `quote` of `quote.nonce` */
static struct bq_view group_of(const struct bq_check *c)
{
	const char *dot = strchr(c->name, '.');

	return bq_view_of(c->name, dot != NULL ? (size_t)(dot - c->name) : strlen(c->name));
}

static void put_tree(struct bq_sink *s, const struct bq_verdict *v, bool color)
{
	struct bq_view group = bq_view_of(NULL, 0);
	/* Behind malformed input there are only skips, all for that one reason. */
	unsigned shown = v->n != 0 && v->checks[0].result == BQ_FAIL ? 1 : v->n;

	for (unsigned i = 0; i < shown; i++) {
		struct bq_view own = group_of(&v->checks[i]);
		bool last = i + 1 == shown || !bq_view_eq(own, group_of(&v->checks[i + 1]));

		if (!bq_view_eq(own, group)) {
			bq_put_view(s, own);
			bq_put_chr(s, '\n');
			group = own;
		}
		put_check(s, &v->checks[i], last, color);
	}
}

static const char *format_words(enum bq_evidence_format f)
{
	switch (f) {
	case BQ_EVIDENCE_SNP:
		return "a bare SNP report";
	case BQ_EVIDENCE_HCL:
		return "an HCL blob";
	case BQ_EVIDENCE_DIR:
		return "a directory of attest -f dir";
	case BQ_EVIDENCE_COCO0:
		return "Confidential Containers evidence, version 0";
	case BQ_EVIDENCE_COCO1:
		return "Confidential Containers evidence, version 1";
	case BQ_EVIDENCE_COCO2:
		return "Confidential Containers evidence, version 2";
	case BQ_EVIDENCE_MAA_SNP:
		return "a request to Microsoft Azure Attestation";
	default:
		return "unknown";
	}
}

static void put_line(struct bq_sink *s, const char *label, const char *text)
{
	bq_put_str(s, label);
	bq_put_str(s, text);
	bq_put_chr(s, '\n');
}

/* accepted, or rejected and the first reason. */
static void put_verdict(struct bq_sink *s, const struct bq_verdict *v, bool color)
{
	const struct bq_check *c = bq_verdict_first_failure(v);

	if (v->accepted || c == NULL) {
		put_colored(s, color, green, v->accepted ? "accepted" : "rejected");
	} else {
		put_colored(s, color, red, "rejected");
		bq_put_str(s, ": ");
		bq_put_str(s, c->name);
		bq_put_str(s, ": ");
		bq_put_str(s, c->detail);
	}
	bq_put_chr(s, '\n');
}

void verdict_put_text(struct bq_sink *s, const struct bq_verdict *v, const struct bq_evidence *ev,
		      const char *keys, bool color)
{
	put_line(s, "evidence  ", format_words(ev->format));
	put_line(s, "product   ", bq_product_name(v->product));
	put_line(s, "keys      ", keys);
	put_tree(s, v, color);
	put_verdict(s, v, color);
}

static void put_members(struct bq_jw *w, const struct bq_verdict *v)
{
	bq_jw_bool(w, "accepted", v->accepted);
	bq_jw_array(w, "checks");
	for (unsigned i = 0; i < v->n; i++) {
		bq_jw_object(w, NULL);
		bq_jw_str(w, "name", v->checks[i].name);
		bq_jw_str(w, "result", result_name(v->checks[i].result));
		bq_jw_str(w, "detail", v->checks[i].detail);
		bq_jw_end_object(w);
	}
	bq_jw_end_array(w);
}

void verdict_put_line(struct bq_sink *s, const struct bq_verdict *v, struct bq_view id)
{
	struct bq_jw w;

	bq_jw_init(&w, s, 0);
	bq_jw_object(&w, NULL);
	bq_jw_raw(&w, "id", id);
	put_members(&w, v);
	bq_jw_end_object(&w);
	bq_put_chr(s, '\n');
}

void verdict_put_json(struct bq_sink *s, const struct bq_verdict *v, const struct bq_evidence *ev)
{
	struct shown o;

	shown_begin(&o, s, true, NULL);
	o.jw.indent = 0;
	put_members(&o.jw, v);
	shown_group(&o, "evidence");
	if (ev != NULL)
		show_evidence(&o, ev, v->product);
	shown_end_group(&o);
	shown_end(&o);
}

void verdict_malformed(struct bq_verdict *v, const char *problem)
{
	struct bq_check *c = &v->checks[0];
	struct bq_sink_buf b;

	*v = (struct bq_verdict){.n = 1};
	c->result = BQ_FAIL;
	memcpy(c->name, "input.format", sizeof("input.format"));
	bq_sink_buf_init(&b, c->detail, sizeof(c->detail) - 1);
	bq_put_safe(&b.s, bq_view_str(problem));
}

/* Confidential Containers evidence, TEE az-snp-vtpm, versions 0 to 2. */
#include "read.h"

/* The members of each version. Those of cert_chain and cc_eventlog are ours:
 * other consumers ignore them. */
struct layout {
	enum bq_evidence_format format;
	const char *quote, *report;
	enum bq_ev_form quote_form, report_form, vcek_form;
	const char *foreign[2]; /* of the other versions: not here */
};

static const struct layout layouts[] = {
	{
		.format = BQ_EVIDENCE_COCO0,
		.quote = "quote",
		.report = "report",
		.quote_form = BQ_EV_INTS,
		.report_form = BQ_EV_INTS,
		.vcek_form = BQ_EV_TEXT,
		.foreign = {"tpm_quote", "hcl_report"},
	},
	{
		.format = BQ_EVIDENCE_COCO1,
		.quote = "tpm_quote",
		.report = "hcl_report",
		.quote_form = BQ_EV_HEX,
		.report_form = BQ_EV_BASE64,
		.vcek_form = BQ_EV_BASE64,
		.foreign = {"quote", "report"},
	},
};

static bool has(struct bq_json root, const char *name)
{
	struct bq_json j;

	return bq_json_member(root, name, &j) != BQ_E_JSON_MISSING;
}

/* Version 0 has no `version`: its own members tell it from any other JSON. */
static int read_version(struct bq_ev_reader *r, struct bq_json root, uint64_t *version)
{
	struct bq_json j;
	int e = bq_json_member(root, "version", &j);

	if (e == BQ_E_JSON_MISSING && (has(root, "quote") || has(root, "report"))) {
		*version = 0;
		return 0;
	}
	if (e == BQ_E_JSON_MISSING && !has(root, "tpm_quote") && !has(root, "hcl_report"))
		return BQ_E_EVIDENCE;
	r->name = "version";
	if (e != 0 || (e = bq_json_u64(j, UINT32_MAX, version)) != 0)
		return e;
	return *version == 1 || *version == 2 ? 0 : BQ_E_EVIDENCE;
}

static int read_quote(struct bq_ev_reader *r, struct bq_json root, const struct layout *l,
		      struct bq_evidence *out)
{
	struct bq_json quote;
	int e;

	r->name = l->quote;
	r->has_index = false;
	if ((e = bq_json_member(root, l->quote, &quote)) != 0)
		return e;
	if (bq_json_type(quote) != BQ_JSON_OBJECT)
		return BQ_E_JSON_TYPE;
	r->outer = l->quote;
	if ((e = bq_ev_quote(r, quote, l->quote_form, out)) != 0)
		return e;
	r->outer = NULL;
	return 0;
}

static int read_members(struct bq_ev_reader *r, struct bq_json root, const struct layout *l,
			struct bq_evidence *out)
{
	int e;

	for (size_t i = 0; i < 2; i++) {
		r->name = l->foreign[i];
		if (has(root, l->foreign[i]))
			return BQ_E_EVIDENCE;
	}
	if ((e = bq_ev_member(r, root, l->report, l->report_form, &out->hcl)) != 0 ||
	    (e = read_quote(r, root, l, out)) != 0 ||
	    (e = bq_ev_optional(r, root, "vcek", l->vcek_form, &out->certs[0])) != 0 ||
	    (e = bq_ev_optional(r, root, "cert_chain", BQ_EV_TEXT, &out->certs[1])) != 0)
		return e;
	return bq_ev_optional(r, root, "cc_eventlog", BQ_EV_BASE64, &out->eventlog);
}

static int read_root(struct bq_ev_reader *r, struct bq_view text, struct bq_evidence *out)
{
	struct bq_json root;
	uint64_t version;
	int e;

	if ((e = bq_json_parse(text, &root)) != 0)
		return e;
	if (bq_json_type(root) != BQ_JSON_OBJECT)
		return BQ_E_EVIDENCE;
	if ((e = read_version(r, root, &version)) != 0)
		return e;
	out->format = layouts[version == 0 ? 0 : 1].format;
	if (version == 2)
		out->format = BQ_EVIDENCE_COCO2;
	return read_members(r, root, &layouts[version == 0 ? 0 : 1], out);
}

int bq_evidence_parse_json(struct bq_view text, uint8_t *work, size_t cap, struct bq_evidence *out,
			   char *where, size_t where_cap)
{
	struct bq_ev_reader r = {.work = work, .cap = cap};
	struct bq_evidence made = {0};
	int e;

	if ((e = read_root(&r, text, &made)) != 0) {
		bq_ev_put_path(&r, where, where_cap);
		return e;
	}
	*out = made;
	return 0;
}

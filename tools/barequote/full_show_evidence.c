/* Evidence as a whole: what a verdict was about. */
#include "full_shown.h"

static void show_report(struct shown *o, const struct bq_evidence *ev, enum bq_product product)
{
	bool bare = ev->hcl.n == 0;
	struct bq_snp snp;
	struct bq_hcl hcl;
	int e = bare ? bq_snp_parse(ev->report, &snp) : bq_hcl_parse(ev->hcl, &hcl);

	shown_group(o, bare ? "snp_report" : "hcl_report");
	if (e != 0)
		shown_str(o, "problem", bq_strerror(e));
	else if (bare)
		show_snp(o, &snp, product);
	else
		show_hcl(o, &hcl, product);
	shown_end_group(o);
}

void show_quote_and_pcrs(struct shown *o, const struct bq_evidence *ev)
{
	struct bq_attest a;
	int e = bq_attest_parse(ev->quote_msg, &a);

	if (ev->quote_msg.n == 0)
		return;
	shown_group(o, "quote");
	if (e != 0)
		shown_str(o, "problem", bq_strerror(e));
	else
		show_quote(o, &a);
	shown_u64(o, "signature_bytes", ev->quote_sig.n);
	shown_end_group(o);
	shown_group(o, "pcrs");
	show_pcrs(o, &ev->pcrs);
	shown_end_group(o);
}

void show_evidence(struct shown *o, const struct bq_evidence *ev, enum bq_product product)
{
	shown_str(o, "format", bq_evidence_format_name(ev->format));
	show_report(o, ev, product);
	show_quote_and_pcrs(o, ev);
	shown_list(o, "certificates");
	for (unsigned i = 0; i < sizeof(ev->certs) / sizeof(ev->certs[0]); i++)
		if (ev->certs[i].n != 0 && !show_certs(o, NULL, ev->certs[i]))
			shown_str(o, NULL, bq_strerror(BQ_E_CERT));
	shown_end_list(o);
	shown_u64(o, "eventlog_bytes", ev->eventlog.n);
}

/* chain.dates: everything that was relied on is valid at the time of
 * verification; a built-in key, as long as AMD's certificate of it. */
#include "detail.h"
#include "verifier.h"

#define SECONDS_PER_DAY 86400

bool bq_asn1_time(const ASN1_TIME *t, int64_t *out)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days, seconds;
	bool ok = epoch != NULL && t != NULL && ASN1_TIME_diff(&days, &seconds, epoch, t) == 1;

	if (ok)
		*out = (int64_t)days * SECONDS_PER_DAY + seconds;
	ASN1_TIME_free(epoch);
	return ok;
}

/* What is known so far: whether all was valid, and until when it will be. */
struct dates {
	struct bq_run *r;
	bool ok;
	int64_t until;
	const char *until_name;
};

static void add(struct dates *d, const char *name, int64_t from, int64_t to)
{
	struct bq_str f, t, now;

	if (!d->ok)
		return;
	if (d->r->now < from || d->r->now > to) {
		d->ok = false;
		bq_verdict_add(d->r->out, "chain.dates", BQ_FAIL,
			       "%s is valid from %s to %s, and not at %s", name,
			       bq_str_time(&f, from), bq_str_time(&t, to),
			       bq_str_time(&now, d->r->now));
	} else if (d->until_name == NULL || to < d->until) {
		d->until = to;
		d->until_name = name;
	}
}

static void add_cert(struct dates *d, const char *name, const X509 *x)
{
	int64_t from, to;

	if (!d->ok)
		return;
	if (bq_asn1_time(X509_get0_notBefore(x), &from) &&
	    bq_asn1_time(X509_get0_notAfter(x), &to)) {
		add(d, name, from, to);
		return;
	}
	d->ok = false;
	bq_verdict_add(d->r->out, "chain.dates", BQ_FAIL, "%s has dates that do not read", name);
}

static void add_anchor(struct dates *d, const char *name, const struct bq_anchor *a)
{
	if (a->amd != NULL)
		add(d, name, a->amd->not_before, a->amd->not_after);
	else
		add_cert(d, name, a->cert);
}

void bq_check_dates(struct bq_run *r)
{
	struct dates d = {.r = r, .ok = true};
	char ark[BQ_CA_NAME_MAX];
	struct bq_str now, until;

	if (r->leaf == NULL) {
		bq_skip(r, "chain.dates", "no VCEK or VLEK certificate");
		return;
	}
	add_cert(&d, r->leaf_cn, r->leaf);
	if (r->ca_cert != NULL)
		add_cert(&d, r->issuer_cn, r->ca_cert);
	if (r->ca_anchor != NULL)
		add_anchor(&d, r->issuer_cn, r->ca_anchor);
	bq_ca_name(r->product, BQ_CA_ARK, ark);
	if (r->ark_cert != NULL)
		add_cert(&d, ark, r->ark_cert);
	if (r->ark != NULL)
		add_anchor(&d, ark, r->ark);
	if (d.ok)
		bq_verdict_add(r->out, "chain.dates", BQ_PASS, "valid at %s; %s until %s",
			       bq_str_time(&now, r->now), d.until_name,
			       bq_str_time(&until, d.until));
}

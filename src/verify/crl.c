/* chain.crl. Only ARKs sign CRLs, and they list CAs: no leaf has one. So it is
 * verified here, under the root, and the CA's serial number looked up. */
#include <openssl/pem.h>

#include "crypto.h"
#include "detail.h"
#include "verifier.h"

static int add(void *ctx, struct bq_view der)
{
	struct bq_crls *c = ctx;
	const unsigned char *at = der.p;
	X509_CRL *crl;

	if (c->n == BQ_CRLS_MAX)
		return BQ_E_CRL;
	crl = d2i_X509_CRL(NULL, &at, (long)der.n);
	if (crl == NULL || (size_t)(at - der.p) != der.n) {
		X509_CRL_free(crl);
		return BQ_E_CRL;
	}
	c->crl[c->n++] = crl;
	return 0;
}

int bq_crls_add(struct bq_crls *c, struct bq_view v)
{
	return bq_pem_or_der(v, PEM_STRING_X509_CRL, add, c) == 0 ? 0 : BQ_E_CRL;
}

void bq_crls_free(struct bq_crls *c)
{
	for (unsigned i = 0; i < c->n; i++)
		X509_CRL_free(c->crl[i]);
	c->n = 0;
}

/* NULL, or why the list cannot be relied on, dates apart. */
static const char *crl_problem(const struct bq_run *r, X509_CRL *crl)
{
	if (X509_CRL_get_ext_by_critical(crl, 1, -1) >= 0)
		return "has critical extensions, such as a part or a difference of a list has";
	return bq_crl_sig_problem(crl, r->ark->key);
}

/* The CA's serial number; false where memory is short. */
static bool ca_serial(const struct bq_run *r, ASN1_INTEGER **own, const ASN1_INTEGER **serial)
{
	if (r->ca_cert != NULL) {
		*serial = X509_get0_serialNumber(r->ca_cert);
		return true;
	}
	*own = ASN1_INTEGER_new();
	*serial = *own;
	return *own != NULL && ASN1_INTEGER_set_uint64(*own, r->ca_anchor->amd->serial) == 1;
}

/* Not by X509_CRL_get0_by_serial(), which says `not listed` where it fails, too. */
static bool lists(X509_CRL *crl, const ASN1_INTEGER *serial)
{
	const STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl);

	for (int i = 0; i < sk_X509_REVOKED_num(entries); i++) {
		const X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);

		if (ASN1_INTEGER_cmp(X509_REVOKED_get0_serialNumber(entry), serial) == 0)
			return true;
	}
	return false;
}

static bool is_listed(const struct bq_run *r, X509_CRL *crl)
{
	ASN1_INTEGER *own = NULL;
	const ASN1_INTEGER *serial;
	bool listed = true;

	if (ca_serial(r, &own, &serial))
		listed = lists(crl, serial);
	ASN1_INTEGER_free(own);
	return listed;
}

/* Judges one list of the root's; true, and nothing added, where it is good. */
static bool crl_passes(struct bq_run *r, X509_CRL *crl, int64_t *until)
{
	const char *problem = crl_problem(r, crl);
	struct bq_str f, t, now;
	int64_t from, to;

	if (problem == NULL && (!bq_asn1_time(X509_CRL_get0_lastUpdate(crl), &from) ||
				!bq_asn1_time(X509_CRL_get0_nextUpdate(crl), &to)))
		problem = "has dates that do not read, or none until when it holds";
	if (problem != NULL) {
		bq_verdict_add(r->out, "chain.crl", BQ_FAIL, "the CRL %s", problem);
		return false;
	}
	if (r->now < from || r->now >= to) {
		bq_verdict_add(r->out, "chain.crl", BQ_FAIL,
			       "the CRL holds from %s until %s, and not at %s",
			       bq_str_time(&f, from), bq_str_time(&t, to),
			       bq_str_time(&now, r->now));
		return false;
	}
	if (is_listed(r, crl)) {
		bq_verdict_add(r->out, "chain.crl", BQ_FAIL, "%s is revoked", r->issuer_cn);
		return false;
	}
	if (*until == 0 || to < *until)
		*until = to;
	return true;
}

/* Every list of this root must pass: AMD has one for each kind of leaf. */
static void check_crls(struct bq_run *r)
{
	char ark[BQ_CA_NAME_MAX];
	struct bq_str t;
	int64_t until = 0;
	unsigned n = 0;

	bq_ca_name(r->product, BQ_CA_ARK, ark);
	for (unsigned i = 0; i < r->v->crls.n; i++) {
		X509_CRL *crl = r->v->crls.crl[i];

		if (!bq_anchor_named(r->ark, X509_CRL_get_issuer(crl)))
			continue;
		if (!crl_passes(r, crl, &until))
			return;
		n++;
	}
	if (n == 0)
		bq_verdict_add(r->out, "chain.crl", BQ_FAIL, "none of the CRLs given is %s's", ark);
	else
		bq_verdict_add(r->out, "chain.crl", BQ_PASS, "%s does not list %s; until %s", ark,
			       r->issuer_cn, bq_str_time(&t, until));
}

void bq_check_crl(struct bq_run *r)
{
	if (r->v->crls.n == 0 && r->core.require_crl)
		bq_verdict_add(r->out, "chain.crl", BQ_FAIL,
			       "the policy requires a CRL: give it with --crl");
	else if (r->v->crls.n == 0)
		bq_skip(r, "chain.crl", "no CRL given");
	else if (r->leaf == NULL || r->ark == NULL || r->ca_key == NULL)
		bq_skip(r, "chain.crl", "no chain to check against it");
	else
		check_crls(r);
}

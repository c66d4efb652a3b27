/* The verifier object. */
#include "verifier.h"

#include <openssl/err.h>
#include <stdlib.h>

struct bq_verifier *bq_verifier_new(void)
{
	struct bq_verifier *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->sigcache = bq_sigcache_new();
	if (v->sigcache == NULL || bq_anchors_builtin(&v->anchors) != 0) {
		bq_verifier_free(v);
		return NULL;
	}
	return v;
}

void bq_verifier_free(struct bq_verifier *v)
{
	if (v == NULL)
		return;
	bq_anchors_free(&v->anchors);
	bq_certs_free(&v->links);
	bq_crls_free(&v->crls);
	bq_policy_free(v->policy);
	bq_sigcache_free(v->sigcache);
	free(v);
}

/* Self-issued certificates become anchors, the others stay in c as links. */
static int sort_roots(struct bq_anchors *a, struct bq_certs *c)
{
	unsigned links = 0;
	int e;

	for (unsigned i = 0; i < c->n; i++) {
		if (!bq_cert_self_issued(c->x[i])) {
			X509 *link = c->x[i];

			c->x[i] = c->x[links];
			c->x[links++] = link;
		} else if ((e = bq_anchors_add_root(a, c->x[i])) != 0) {
			return e;
		}
	}
	while (c->n > links)
		X509_free(c->x[--c->n]);
	return a->n == 0 ? BQ_E_ROOTS : 0;
}

int bq_verifier_set_roots(struct bq_verifier *v, struct bq_view pem)
{
	struct bq_anchors anchors = {.builtin = false};
	struct bq_certs certs = {.n = 0};
	int e;

	ERR_set_mark();
	e = bq_certs_add(&certs, pem) == 0 ? sort_roots(&anchors, &certs) : BQ_E_ROOTS;
	ERR_pop_to_mark();
	if (e != 0) {
		bq_anchors_free(&anchors);
		bq_certs_free(&certs);
		return e;
	}
	bq_anchors_free(&v->anchors);
	bq_certs_free(&v->links);
	v->anchors = anchors;
	v->links = certs;
	return 0;
}

int bq_verifier_set_policy(struct bq_verifier *v, struct bq_view json, char *where, size_t cap)
{
	struct bq_policy *p;
	int e;

	if ((e = bq_policy_new(json, &p, where, cap)) != 0)
		return e;
	bq_policy_free(v->policy);
	v->policy = p;
	return 0;
}

int bq_verifier_set_crl(struct bq_verifier *v, struct bq_view crl)
{
	struct bq_crls crls = {.n = 0};
	int e;

	ERR_set_mark();
	e = bq_crls_add(&crls, crl);
	ERR_pop_to_mark();
	if (e != 0) {
		bq_crls_free(&crls);
		return e;
	}
	bq_crls_free(&v->crls);
	v->crls = crls;
	return 0;
}

void bq_verifier_set_time(struct bq_verifier *v, int64_t unix_time)
{
	v->has_time = true;
	v->time = unix_time;
}

/* Certificates, PEM and DER, and AMD's extensions in them. An input is a file, or a
 * genuine one with edits (genuine_file.h). */
#include "genuine_file.h"

#include <stdlib.h>

#include <barequote/leaf.h>

#include "verify/certs.h"

static void look(X509 *x)
{
	char cn[BQ_CN_MAX];
	struct bq_leaf leaf;

	bq_leaf_read(x, &leaf);
	for (int i = 0; i < BQ_LEAF_FIELDS; i++)
		must(leaf.field[i].present || leaf.field[i].bytes.n == 0);
	(void)bq_name_cn(X509_get_subject_name(x), cn);
	(void)bq_ca_cert_problem(x);
	(void)bq_leaf_cert_problem(x);
	(void)bq_cert_self_issued(x);
}

static void pem(struct bq_view in)
{
	uint8_t *der = malloc(in.n + 1);
	struct bq_view rest = in, before;
	size_t n;

	must(der != NULL);
	for (before = rest; bq_pem_next(&rest, "CERTIFICATE", der, in.n, &n) == 0; before = rest) {
		must(n != 0 && n <= in.n && rest.n < before.n);
		fuzz_within(rest, in);
	}
	must(rest.n == before.n);
	free(der);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = genuine_file(bq_view_of(p, n));
	struct bq_certs certs = {0};

	pem(in);
	if (bq_certs_add(&certs, in) == 0)
		for (unsigned i = 0; i < certs.n; i++)
			look(certs.x[i]);
	bq_certs_free(&certs);
	return 0;
}

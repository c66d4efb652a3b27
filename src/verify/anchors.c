/* Trust anchors. */
#include "anchors.h"

#include <stdio.h>
#include <string.h>

#include "certs.h"
#include "crypto.h"

#define AMD_MODULUS  512 /* bytes: RSA-4096 */
#define AMD_EXPONENT 65537

static const char *const prefixes[] = {
	[BQ_CA_ARK] = "ARK-",
	[BQ_CA_ASK] = "SEV-",
	[BQ_CA_ASVK] = "SEV-VLEK-",
};

const char *bq_ca_name(enum bq_product p, enum bq_ca_role role, char buf[BQ_CA_NAME_MAX])
{
	snprintf(buf, BQ_CA_NAME_MAX, "%s%s", prefixes[role], bq_product_name(p));
	return buf;
}

bool bq_ca_by_name(const char *cn, enum bq_product *p, enum bq_ca_role *role)
{
	for (int r = BQ_CA_ARK; r <= BQ_CA_ASVK; r++) {
		size_t n = strlen(prefixes[r]);
		enum bq_product found;

		if (strncmp(cn, prefixes[r], n) != 0)
			continue;
		found = bq_product_by_name(bq_view_str(cn + n));
		if (found == BQ_PRODUCT_UNKNOWN)
			continue;
		*p = found;
		*role = (enum bq_ca_role)r;
		return true;
	}
	return false;
}

static EVP_PKEY *amd_key(const struct bq_amd_ca *ca)
{
	uint8_t n[AMD_MODULUS];
	size_t len;

	if (bq_hex_decode(bq_view_str(ca->modulus), n, sizeof(n), &len) != 0 || len != sizeof(n))
		return NULL;
	return bq_rsa_key(bq_view_of(n, len), AMD_EXPONENT);
}

int bq_anchors_builtin(struct bq_anchors *out)
{
	struct bq_anchors a = {.builtin = true};

	for (unsigned i = 0; i < BQ_AMD_CAS; i++) {
		const struct bq_amd_ca *ca = &bq_amd_cas[i];
		EVP_PKEY *key = amd_key(ca);

		if (key == NULL) {
			bq_anchors_free(&a);
			return BQ_E_NO_MEMORY;
		}
		a.anchor[a.n++] = (struct bq_anchor){ca->product, ca->role, key, ca, NULL};
	}
	*out = a;
	return 0;
}

int bq_anchors_add_root(struct bq_anchors *a, X509 *x)
{
	struct bq_anchor new = {.cert = x};
	const struct bq_anchor *old;
	char cn[BQ_CN_MAX];

	if (!bq_name_cn(X509_get_subject_name(x), cn) ||
	    !bq_ca_by_name(cn, &new.product, &new.role) || new.role != BQ_CA_ARK)
		return BQ_E_ROOTS;
	new.key = X509_get0_pubkey(x);
	if (bq_ca_cert_problem(x) != NULL || bq_cert_sig_problem(x, new.key) != NULL)
		return BQ_E_ROOTS;
	old = bq_anchor_find(a, new.product, BQ_CA_ARK);
	if (old != NULL)
		return X509_cmp(old->cert, x) == 0 ? 0 : BQ_E_ROOTS;
	if (a->n == BQ_AMD_CAS || EVP_PKEY_up_ref(new.key) != 1)
		return BQ_E_ROOTS;
	if (X509_up_ref(x) != 1) {
		EVP_PKEY_free(new.key);
		return BQ_E_ROOTS;
	}
	a->anchor[a->n++] = new;
	return 0;
}

void bq_anchors_free(struct bq_anchors *a)
{
	for (unsigned i = 0; i < a->n; i++) {
		EVP_PKEY_free(a->anchor[i].key);
		X509_free(a->anchor[i].cert);
	}
	*a = (struct bq_anchors){0};
}

const struct bq_anchor *bq_anchor_find(const struct bq_anchors *a, enum bq_product p,
				       enum bq_ca_role role)
{
	for (unsigned i = 0; i < a->n; i++)
		if (a->anchor[i].product == p && a->anchor[i].role == role)
			return &a->anchor[i];
	return NULL;
}

/* The i-th attribute of n is this text under this type. */
static bool entry_is(const X509_NAME *n, int i, int nid, const char *value)
{
	const X509_NAME_ENTRY *e = X509_NAME_get_entry(n, i);
	const ASN1_STRING *s;

	if (e == NULL || OBJ_obj2nid(X509_NAME_ENTRY_get_object(e)) != nid)
		return false;
	s = X509_NAME_ENTRY_get_data(e);
	return bq_view_eq_str(bq_view_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s)),
			      value);
}

bool bq_anchor_named(const struct bq_anchor *a, const X509_NAME *n)
{
	static const struct {
		int nid;
		const char *value;
	} amd[] = {
		{NID_organizationalUnitName, "Engineering"},
		{NID_countryName, "US"},
		{NID_localityName, "Santa Clara"},
		{NID_stateOrProvinceName, "CA"},
		{NID_organizationName, "Advanced Micro Devices"},
	};
	const int common = (int)(sizeof(amd) / sizeof(amd[0]));

	if (a->cert != NULL)
		return X509_NAME_cmp(n, X509_get_subject_name(a->cert)) == 0;
	for (int i = 0; i < common; i++)
		if (!entry_is(n, i, amd[i].nid, amd[i].value))
			return false;
	return X509_NAME_entry_count(n) == common + 1 &&
	       entry_is(n, common, NID_commonName, a->amd->cn);
}

/* Certificates: by who signed them with what, and by the leaf's extensions. */
#include "judge.h"

#include <string.h>

#include <openssl/x509.h>

static const struct {
	const char *oid;
	int part; /* of the TCB */
} exts[SIM_EXT_COUNT] = {
	[SIM_EXT_STRUCT_VERSION] = {"1.3.6.1.4.1.3704.1.1", -1},
	[SIM_EXT_PRODUCT_NAME] = {"1.3.6.1.4.1.3704.1.2", -1},
	[SIM_EXT_BOOTLOADER] = {"1.3.6.1.4.1.3704.1.3.1", TCB_BOOTLOADER},
	[SIM_EXT_TEE] = {"1.3.6.1.4.1.3704.1.3.2", TCB_TEE},
	[SIM_EXT_SPL4] = {"1.3.6.1.4.1.3704.1.3.4", -1},
	[SIM_EXT_SPL5] = {"1.3.6.1.4.1.3704.1.3.5", -1},
	[SIM_EXT_SPL6] = {"1.3.6.1.4.1.3704.1.3.6", -1},
	[SIM_EXT_SPL7] = {"1.3.6.1.4.1.3704.1.3.7", -1},
	[SIM_EXT_SNP] = {"1.3.6.1.4.1.3704.1.3.3", TCB_SNP},
	[SIM_EXT_MICROCODE] = {"1.3.6.1.4.1.3704.1.3.8", TCB_MICROCODE},
	[SIM_EXT_FMC] = {"1.3.6.1.4.1.3704.1.3.9", TCB_FMC},
	[SIM_EXT_HWID] = {"1.3.6.1.4.1.3704.1.4", -1},
	[SIM_EXT_CSP_ID] = {"1.3.6.1.4.1.3704.1.5", -1},
};

struct ext {
	unsigned n; /* how often it is there */
	struct bq_view v;
};

static bool spoiled(const struct genuine *g, unsigned der)
{
	const struct bytes *a = &g->sealed.der[der], *b = &g->shown.der[der];

	return a->n != b->n || memcmp(a->p, b->p, a->n) != 0;
}

/* The key of that product's root which the user trusts, or none. */
static unsigned trusted(const struct genuine *g)
{
	bool own = genuine_ca_product(g) == g->product;
	bool next = genuine_ca_product(g) == (g->product == BQ_PRODUCT_TURIN
						      ? BQ_PRODUCT_MILAN
						      : (enum bq_product)(g->product + 1));

	switch (g->choice[C_ROOTS]) {
	case ROOTS_GENUINE:
		return own ? KEY_ARK : KEYS;
	case ROOTS_OF_EVE:
		return own ? KEY_EVE_RSA : KEYS;
	case ROOTS_OTHER_PRODUCT:
		return next ? KEY_ARK : KEYS;
	default:
		return own || next ? KEY_ARK : KEYS;
	}
}

static bool is_rsa(unsigned key)
{
	return genuine_modulus(key).n != 0;
}

static void judge_root(struct judged *j, unsigned root)
{
	const struct genuine *g = j->g;
	uint8_t ark = g->choice[C_ARK_BROUGHT];

	judge_fails(j, root == KEYS || g->choice[C_CA_ROLE] == SIM_ARK, "chain.root");
	judge_fails(j,
		    !spoiled(g, DER_ARK) && ((ark == ARK_GENUINE && root != KEY_ARK) ||
					     (ark == ARK_OF_EVE && root != KEY_EVE_RSA)),
		    "chain.root");
}

static void judge_crl(struct judged *j, unsigned root)
{
	const struct genuine *g = j->g;
	uint8_t crl = g->choice[C_CRL];

	judge_must_fail(j, crl == CRL_NOT && genuine_policies[g->choice[C_POLICY]].require_crl,
			"chain.crl");
	judge_unproven(j, crl == CRL_NOT, "chain.crl");
	judge_fails(j,
		    crl == CRL_REVOKED || crl == CRL_OTHER_ISSUER || crl == CRL_EXPIRED ||
			    crl == CRL_FUTURE,
		    "chain.crl");
	judge_fails(j, crl != CRL_NOT && root != (crl == CRL_OF_EVE ? KEY_EVE_RSA : KEY_ARK),
		    "chain.crl");
}

static bool leaf_is_good(const uint8_t *c)
{
	uint8_t key = c[C_LEAF_KEY];

	return c[C_LEAF_SIGNER] == c[C_CA_KEY] && c[C_LEAF_SIGNING] == SIGN_AMD &&
	       !c[C_LEAF_IS_CA] && (key == KEY_VCEK || key == KEY_VLEK || key == KEY_EVE_P384);
}

/* The second leaf, where there is one, may do without the first. */
void judge_chain(struct judged *j)
{
	const struct genuine *g = j->g;
	const uint8_t *c = g->choice;
	bool second = c[C_ARK_BROUGHT] == ARK_SECOND_LEAF;
	unsigned root = trusted(g);

	j->has_leaf =
		g->shown.der[DER_LEAF].n != 0 && !spoiled(g, DER_LEAF) && c[C_LEAF_CN] != CN_OTHER;
	judge_fails(j, j->has_leaf ? !leaf_is_good(c) : !second, "chain.leaf");
	judge_fails(j, j->has_leaf && second && !spoiled(g, DER_ARK), "chain.leaf");
	judge_fails(j,
		    g->shown.der[DER_CA].n == 0 || spoiled(g, DER_CA) || root == KEYS ||
			    c[C_CA_SIGNER] != root || c[C_CA_SIGNING] != SIGN_AMD ||
			    c[C_CA_IS_NONE] || c[C_CA_OTHER_ISSUER] || c[C_CA_OTHER_NAME] ||
			    !is_rsa(c[C_CA_KEY]),
		    "chain.ca");
	judge_crl(j, root);
	if (!j->has_leaf)
		return;
	judge_root(j, root);
	judge_fails(j, c[C_TIME] != TIME_NOW || c[C_LEAF_DATES] != DATES_GOOD, "chain.dates");
	judge_fails(j,
		    !judge_has(j, "chain.ca") && !judge_has(j, "chain.root") &&
			    c[C_CA_DATES] != DATES_GOOD,
		    "chain.dates");
}

static void read_exts(const X509 *x, struct ext out[SIM_EXT_COUNT])
{
	for (int i = 0; i < X509_get_ext_count(x); i++) {
		X509_EXTENSION *e = X509_get_ext(x, i);
		const ASN1_OCTET_STRING *s = X509_EXTENSION_get_data(e);
		char oid[80];

		must(OBJ_obj2txt(oid, sizeof(oid), X509_EXTENSION_get_object(e), 1) > 0);
		for (unsigned k = 0; k < SIM_EXT_COUNT; k++) {
			if (strcmp(oid, exts[k].oid) != 0)
				continue;
			out[k].n++;
			out[k].v =
				bq_view_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
		}
	}
}

static bool is_once(const struct ext *e, const void *p, size_t n)
{
	return e->n == 1 && e->v.n == n && memcmp(e->v.p, p, n) == 0;
}

/* DER of a small number. */
static bool is_number(const struct ext *e, uint8_t x)
{
	const uint8_t der[4] = {0x02, 0x02, 0x00, x}, der_low[3] = {0x02, 0x01, x};

	return x > 0x7F ? is_once(e, der, sizeof(der)) : is_once(e, der_low, sizeof(der_low));
}

/* An IA5String that is the product's name, or goes on after it with a dash. */
static bool is_product(const struct ext *e, const char *name)
{
	size_t n = strlen(name);

	return e->n == 1 && e->v.n >= 2 + n && e->v.p[0] == 0x16 && e->v.p[1] == e->v.n - 2 &&
	       memcmp(e->v.p + 2, name, n) == 0 && (e->v.n == 2 + n || e->v.p[2 + n] == '-');
}

static void judge_type(struct judged *j, const struct ext *e, bool vlek)
{
	const struct genuine *g = j->g;
	const struct ext *own = &e[vlek ? SIM_EXT_CSP_ID : SIM_EXT_HWID],
			 *foreign = &e[vlek ? SIM_EXT_HWID : SIM_EXT_CSP_ID];

	judge_fails(j, (judge_le32(j->report, 0x48) >> 2 & 7) != (vlek ? 1 : 0), "leaf.type");
	judge_fails(j, g->choice[C_CA_ROLE] != (vlek ? SIM_ASVK : SIM_ASK), "leaf.type");
	judge_fails(j, own->n != 1 || foreign->n != 0, "leaf.type");
	judge_fails(j, vlek && !genuine_policies[g->choice[C_POLICY]].allow_vlek, "leaf.type");
}

static void judge_chip(struct judged *j, const struct ext *hwid)
{
	static const uint8_t zeros[64];
	struct bq_view id = hwid->v;
	const uint8_t *chip = j->report.p + 0x1A0;
	bool masked = memcmp(chip, zeros, 64) == 0;

	if (hwid->n == 1 && (id.n == 66 || id.n == 10))
		id = judge_part(id, 2, id.n - 2);
	judge_fails(j, hwid->n != 1 || (id.n != 64 && id.n != 8), "leaf.chip_id");
	judge_unproven(j, masked, "leaf.chip_id");
	if (!judge_has(j, "leaf.chip_id"))
		judge_fails(j,
			    memcmp(chip, id.p, id.n) != 0 ||
				    memcmp(chip + id.n, zeros, 64 - id.n) != 0,
			    "leaf.chip_id");
}

static void judge_exts(struct judged *j, const struct ext *e)
{
	enum bq_product p = genuine_ca_product(j->g);
	bool vlek = j->g->choice[C_LEAF_CN] == CN_VLEK;

	judge_type(j, e, vlek);
	judge_fails(j,
		    (!is_number(&e[SIM_EXT_STRUCT_VERSION], 0) &&
		     !is_number(&e[SIM_EXT_STRUCT_VERSION], 1)) ||
			    !is_product(&e[SIM_EXT_PRODUCT_NAME], bq_product_name(p)) ||
			    (j->version >= 3 && j->cpu != p),
		    "leaf.product");
	for (unsigned i = 0; i < SIM_EXT_COUNT && j->g->choice[C_CA_ROLE] != SIM_ARK; i++) {
		int at = exts[i].part < 0 ? -1 : judge_tcb_offset(p, (unsigned)exts[i].part);

		judge_fails(j, at >= 0 && !is_number(&e[i], j->report.p[0x180 + at]), "leaf.tcb");
		judge_fails(j, at < 0 && exts[i].part >= 0 && e[i].n != 0, "leaf.tcb");
	}
	if (vlek)
		judge_unproven(j, true, "leaf.chip_id");
	else
		judge_chip(j, &e[SIM_EXT_HWID]);
}

void judge_leaf(struct judged *j)
{
	const struct bytes *der = &j->g->shown.der[DER_LEAF];
	const unsigned char *at = der->p;
	struct ext e[SIM_EXT_COUNT] = {{0}};
	X509 *x;

	if (!j->has_leaf)
		return;
	x = d2i_X509(NULL, &at, (long)der->n);
	must(x != NULL);
	read_exts(x, e);
	judge_exts(j, e);
	X509_free(x);
}

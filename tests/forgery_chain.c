/* Forged chains: from the leaf up to the root, dates and revocation. */
#include "forgery.h"

#include <openssl/ec.h>

#define NOW 1800000000 /* January 2027 */

/* --- roots and CAs ----------------------------------------------------------- */

static void own_hierarchy(struct forge *f)
{
	f->bring_ark = true;
	f->ark_key = f->ca_signer = f->keys->asvk;
}

static void own_hierarchy_unseen(struct forge *f)
{
	f->ca_signer = f->keys->asvk;
}

static void own_root_beside(struct forge *f)
{
	f->bring_ark = true;
	f->ark_key = f->keys->asvk;
}

static void with_ark(struct forge *f)
{
	milan(f);
	f->bring_ark = true;
}

static void ark_pkcs1(struct forge *f)
{
	f->ark.signing.pkcs1 = true;
}

static void ark_no_ca(struct forge *f)
{
	f->ark.ca = false;
}

static void foreign_ask(struct forge *f)
{
	f->ca_key = f->leaf_signer = f->ca_signer = f->keys->asvk;
}

static void edit_self_issued(X509 *x)
{
	set_issuer(x, "SEV-Milan");
}

static void ask_self_signed(struct forge *f)
{
	f->edit_ca = edit_self_issued;
	f->ca_signer = f->ca_key;
}

static void edit_genoa_root(X509 *x)
{
	set_issuer(x, "ARK-Genoa");
}

static void ask_of_genoa(struct forge *f)
{
	f->edit_ca = edit_genoa_root;
}

static void ask_no_ca(struct forge *f)
{
	f->ca.ca = false;
	f->ca.pathlen = -1;
}

static void ask_p384(struct forge *f)
{
	f->ca_key = f->leaf_signer = f->keys->ak_ca;
}

/* Signatures under so small an exponent have been forged against sloppy verifiers. */
static void ask_exponent_3(struct forge *f)
{
	f->ca_key = f->leaf_signer = f->own_key = rsa_with_exponent_3();
}

static void no_ask(struct forge *f)
{
	f->bring_ca = false;
}

/* --- how certificates are signed ---------------------------------------------- */

static void ask_pkcs1(struct forge *f)
{
	f->ca.signing.pkcs1 = true;
}

static void ask_salt(struct forge *f)
{
	f->ca.signing.salt = f->arg;
}

static void ask_digest(struct forge *f)
{
	f->ca.signing.digest = f->text;
}

static void ask_mgf1(struct forge *f)
{
	f->ca.signing.mgf1 = f->text;
}

static void leaf_pkcs1(struct forge *f)
{
	f->leaf.signing.pkcs1 = true;
}

static void leaf_salt(struct forge *f)
{
	f->leaf.signing.salt = f->arg;
}

static void leaf_digest(struct forge *f)
{
	f->leaf.signing.digest = f->text;
}

static void leaf_mgf1(struct forge *f)
{
	f->leaf.signing.mgf1 = f->text;
}

/* --- leaves --------------------------------------------------------------------- */

static void leaf_of_attacker(struct forge *f)
{
	f->leaf_signer = f->keys->asvk;
}

static void leaf_signed_by_itself(struct forge *f)
{
	f->leaf_signer = f->leaf_key;
}

static void edit_issued_by_itself(X509 *x)
{
	set_issuer(x, "SEV-VCEK");
}

static void leaf_self_signed(struct forge *f)
{
	f->edit_leaf = edit_issued_by_itself;
	f->leaf_signer = f->leaf_key;
}

static void edit_issued_by_root(X509 *x)
{
	set_issuer(x, "ARK-Milan");
}

static void leaf_from_ark(struct forge *f)
{
	f->edit_leaf = edit_issued_by_root;
	f->leaf_signer = f->keys->ark;
}

/* An attacker's key, P-384 as it should be. */
static void attackers_key(struct forge *f)
{
	f->leaf_key = f->report_key = f->keys->ak_ca;
}

/* Whoever has one chip's VCEK makes a leaf for another key. */
static void vcek_signs_leaf(struct forge *f)
{
	attackers_key(f);
	f->leaf_signer = f->keys->vcek;
}

static void vcek_is_ca(struct forge *f)
{
	vcek_signs_leaf(f);
	f->edit_leaf = edit_issued_by_itself;
}

static void vcek_is_ca_and_there(struct forge *f)
{
	struct sim_leaf l = sim_leaf_like_amd(f->product, false);
	X509 *ask = forge_ca(f->product, SIM_ASK);

	vcek_is_ca(f);
	f->extra = sim_leaf_cert(&l, f->keys->vcek, ask, f->keys->ask);
	X509_free(ask);
}

/* The same key and chip, another serial number. */
static void two_leaves(struct forge *f)
{
	struct sim_leaf l = sim_leaf_like_amd(f->product, false);
	X509 *ask = forge_ca(f->product, SIM_ASK);

	l.serial = 1;
	f->extra = sim_leaf_cert(&l, f->keys->vcek, ask, f->keys->ask);
	X509_free(ask);
}

static void leaf_with_ca_flag(struct forge *f)
{
	f->leaf.ca = true;
}

static void no_leaf(struct forge *f)
{
	f->bring_leaf = false;
}

/* The ASK's own key and name of a leaf. */
static void ask_key_in_leaf(struct forge *f)
{
	f->leaf_key = f->keys->ask;
}

static void curve(struct forge *f)
{
	f->leaf_key = f->report_key = f->own_key = EVP_EC_gen(f->text);
	ck_assert_ptr_nonnull(f->own_key);
}

/* All of it genuine, under the root of a product nobody asked to trust. */
static void other_product(struct forge *f)
{
	struct bq_view roots = pem_of(forge_ca(BQ_PRODUCT_MILAN, SIM_ARK));

	forge_begin(f, BQ_PRODUCT_GENOA, false);
	f->roots = roots;
}

static void vlek_from_ask(struct forge *f)
{
	f->ca = sim_ca_like_amd(f->product, SIM_ASK);
	f->ca_key = f->leaf_signer = f->keys->ask;
}

static void vcek_from_asvk(struct forge *f)
{
	f->ca = sim_ca_like_amd(f->product, SIM_ASVK);
	f->ca_key = f->leaf_signer = f->keys->asvk;
}

/* --- dates ------------------------------------------------------------------------ */

static void leaf_expired(struct forge *f)
{
	f->leaf.not_after = f->at - 1;
}

static void leaf_of_tomorrow(struct forge *f)
{
	f->leaf.not_before = f->at + 1;
}

static void ask_expired(struct forge *f)
{
	f->ca.not_after = f->at - 1;
}

static void ask_of_tomorrow(struct forge *f)
{
	f->ca.not_before = f->at + 1;
}

static void at_now(struct forge *f)
{
	milan(f);
	f->at = NOW;
	f->leaf.not_before = NOW - SIM_YEAR;
	f->leaf.not_after = NOW + SIM_YEAR;
}

/* --- revocation ------------------------------------------------------------------- */

static struct bq_view crl(enum bq_product p, EVP_PKEY *key, int64_t serial, int64_t from)
{
	X509 *ark = forge_ca(p, SIM_ARK);
	X509_CRL *made = sim_crl(ark, key, &serial, 1, from, from + SIM_YEAR);

	X509_free(ark);
	return crl_pem(made);
}

static int64_t other_serial(const struct forge *f)
{
	return f->ca.serial + 1;
}

static void with_crl(struct forge *f)
{
	at_now(f);
	f->crl = crl(f->product, f->keys->ark, other_serial(f), NOW - 1);
}

static void ask_revoked(struct forge *f)
{
	f->crl = crl(f->product, f->keys->ark, f->ca.serial, NOW - 1);
}

static void crl_of_other_product(struct forge *f)
{
	f->crl = crl(BQ_PRODUCT_GENOA, f->keys->ark, other_serial(f), NOW - 1);
}

static void crl_expired(struct forge *f)
{
	f->crl = crl(f->product, f->keys->ark, other_serial(f), NOW - SIM_YEAR);
}

static void crl_of_tomorrow(struct forge *f)
{
	f->crl = crl(f->product, f->keys->ark, other_serial(f), NOW + 1);
}

static void crl_of_attacker(struct forge *f)
{
	f->crl = crl(f->product, f->keys->asvk, other_serial(f), NOW - 1);
}

static void crl_from_ask(struct forge *f)
{
	f->crl = crl(f->product, f->keys->ask, other_serial(f), NOW - 1);
}

static void no_crl(struct forge *f)
{
	f->crl.n = 0;
}

static void crl_required(struct forge *f)
{
	with_crl(f);
	f->policy = "{\"snp\":{\"require_crl\":true}}";
}

const struct maker chain_makers[] = {
	{"chain/attacker-ark", with_ark, .change = own_hierarchy},
	{"chain/attacker-ark-unseen", milan, .change = own_hierarchy_unseen},
	{"chain/attacker-ark-beside", milan, .change = own_root_beside},
	{"chain/ark-pkcs1", with_ark, .change = ark_pkcs1},
	{"chain/ark-no-ca", with_ark, .change = ark_no_ca},
	{"chain/foreign-ask", milan, .change = foreign_ask},
	{"chain/ask-self-signed", milan, .change = ask_self_signed},
	{"chain/ask-of-other-root", milan, .change = ask_of_genoa},
	{"chain/ask-no-ca", milan, .change = ask_no_ca},
	{"chain/ask-p384", milan, .change = ask_p384},
	{"chain/ask-exponent-3", milan, .change = ask_exponent_3},
	{"chain/ask-missing", milan, .change = no_ask},
	{"chain/ask-pkcs1", milan, .change = ask_pkcs1},
	{"chain/ask-salt-32", milan, .change = ask_salt, .arg = 32},
	{"chain/ask-salt-49", milan, .change = ask_salt, .arg = 49},
	{"chain/ask-sha256", milan, .change = ask_digest, .text = "SHA256"},
	{"chain/ask-sha512", milan, .change = ask_digest, .text = "SHA512"},
	{"chain/ask-mgf1-sha256", milan, .change = ask_mgf1, .text = "SHA256"},
	{"chain/leaf-pkcs1", milan, .change = leaf_pkcs1},
	{"chain/leaf-salt-0", milan, .change = leaf_salt, .arg = 0},
	{"chain/leaf-salt-32", milan, .change = leaf_salt, .arg = 32},
	{"chain/leaf-sha256", milan, .change = leaf_digest, .text = "SHA256"},
	{"chain/leaf-mgf1-sha1", milan, .change = leaf_mgf1, .text = "SHA1"},
	{"chain/leaf-other-signer", milan, .change = leaf_of_attacker},
	{"chain/leaf-own-signature", milan, .change = leaf_signed_by_itself},
	{"chain/leaf-self-signed", milan, .change = leaf_self_signed},
	{"chain/leaf-from-ark", milan, .change = leaf_from_ark},
	{"chain/leaf-ca-true", milan, .change = leaf_with_ca_flag},
	{"chain/leaf-missing", milan, .change = no_leaf},
	{"chain/leaf-p256", milan, .change = curve, .text = "P-256"},
	{"chain/leaf-p521", milan, .change = curve, .text = "P-521"},
	{"chain/ask-as-leaf", milan, .change = ask_key_in_leaf},
	{"chain/vcek-signs-leaf", milan, .change = vcek_signs_leaf},
	{"chain/vcek-as-ca", milan, .change = vcek_is_ca},
	{"chain/vcek-as-ca-beside", milan, .change = vcek_is_ca_and_there},
	{"chain/two-leaves", milan, .change = two_leaves},
	{"chain/other-product", milan, .change = other_product},
	{"chain/vlek-from-ask", milan_vlek, .change = vlek_from_ask},
	{"chain/vcek-from-asvk", milan, .change = vcek_from_asvk},
	{"chain/leaf-expired", at_now, .change = leaf_expired},
	{"chain/leaf-not-yet", at_now, .change = leaf_of_tomorrow},
	{"chain/ask-expired", at_now, .change = ask_expired},
	{"chain/ask-not-yet", at_now, .change = ask_of_tomorrow},
	{"chain/ask-revoked", with_crl, .change = ask_revoked},
	{"chain/crl-other-issuer", with_crl, .change = crl_of_other_product},
	{"chain/crl-expired", with_crl, .change = crl_expired},
	{"chain/crl-not-yet", with_crl, .change = crl_of_tomorrow},
	{"chain/crl-forged", with_crl, .change = crl_of_attacker},
	{"chain/crl-from-ask", with_crl, .change = crl_from_ask},
	{"chain/crl-withheld", crl_required, .change = no_crl},
	{0},
};

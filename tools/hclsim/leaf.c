/* VCEK and VLEK certificates (AMD publication 57230, certificate extensions). */
#include "cert.h"

#include <string.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#define AMD_ARC "1.3.6.1.4.1.3704.1."

static const char *const ext_oid[SIM_EXT_COUNT] = {
	[SIM_EXT_STRUCT_VERSION] = AMD_ARC "1", [SIM_EXT_PRODUCT_NAME] = AMD_ARC "2",
	[SIM_EXT_BOOTLOADER] = AMD_ARC "3.1",   [SIM_EXT_TEE] = AMD_ARC "3.2",
	[SIM_EXT_SPL4] = AMD_ARC "3.4",         [SIM_EXT_SPL5] = AMD_ARC "3.5",
	[SIM_EXT_SPL6] = AMD_ARC "3.6",         [SIM_EXT_SPL7] = AMD_ARC "3.7",
	[SIM_EXT_SNP] = AMD_ARC "3.3",          [SIM_EXT_MICROCODE] = AMD_ARC "3.8",
	[SIM_EXT_FMC] = AMD_ARC "3.9",          [SIM_EXT_HWID] = AMD_ARC "4",
	[SIM_EXT_CSP_ID] = AMD_ARC "5",
};

struct bq_tcb sim_tcb(enum bq_product p)
{
	if (p == BQ_PRODUCT_TURIN)
		return (struct bq_tcb){.has_fmc = true,
				       .fmc = 1,
				       .bootloader = 1,
				       .tee = 2,
				       .snp = 4,
				       .microcode = 0x58};
	if (p == BQ_PRODUCT_GENOA)
		return (struct bq_tcb){.bootloader = 10, .snp = 23, .microcode = 0x54};
	/* Microcode of 0x80 and above takes two bytes in the certificate. */
	return (struct bq_tcb){.bootloader = 4, .snp = 24, .microcode = 0xDB};
}

void sim_tcb_write(const struct bq_tcb *t, enum bq_product p, uint8_t out[8])
{
	uint8_t milan[8] = {t->bootloader, t->tee, 0, 0, 0, 0, t->snp, t->microcode};
	uint8_t turin[8] = {t->fmc, t->bootloader, t->tee, t->snp, 0, 0, 0, t->microcode};

	memcpy(out, p == BQ_PRODUCT_TURIN ? turin : milan, 8);
}

/* SHA-512 of the public key: as unique, and needs no file of its own. */
size_t sim_chip_id(enum bq_product p, EVP_PKEY *vcek, uint8_t out[64])
{
	size_t used = p == BQ_PRODUCT_TURIN ? 8 : 64;
	uint8_t point[256];
	size_t n = 0;

	for (size_t i = 0; i < 64; i++)
		out[i] = (uint8_t)(7 * i + 1);
	if (vcek != NULL &&
	    EVP_PKEY_get_octet_string_param(vcek, "pub", point, sizeof(point), &n) == 1)
		(void)EVP_Q_digest(NULL, "SHA512", NULL, point, n, out, NULL);
	memset(out + used, 0, 64 - used);
	return used;
}

struct sim_leaf sim_leaf_like_amd(enum bq_product p, bool vlek)
{
	int64_t from = (int64_t)time(NULL) - 86400;
	struct sim_leaf l = {
		.cn = vlek ? "SEV-VLEK" : "SEV-VCEK",
		.not_before = from,
		.not_after = from + (vlek ? 1 : 7) * SIM_YEAR,
		.signing = sim_amd_signing,
		.struct_version = p == BQ_PRODUCT_TURIN,
		.product_name = p == BQ_PRODUCT_MILAN && !vlek ? "Milan-B0" : bq_product_name(p),
		.csp_id = "hclsim",
		.tcb = sim_tcb(p),
		.vlek = vlek,
	};

	l.hwid_n = sim_chip_id(p, NULL, l.hwid);
	return l;
}

static bool ext_add(X509 *x, const char *oid, struct bq_view value)
{
	ASN1_OBJECT *obj = OBJ_txt2obj(oid, 1);
	ASN1_OCTET_STRING *os = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e = NULL;
	bool ok =
		obj != NULL && os != NULL && ASN1_OCTET_STRING_set(os, value.p, (int)value.n) == 1;

	if (ok)
		e = X509_EXTENSION_create_by_OBJ(NULL, obj, 0, os);
	ok = e != NULL && X509_add_ext(x, e, -1) == 1;
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(os);
	ASN1_OBJECT_free(obj);
	return ok;
}

/* DER of the few types that AMD uses, all shorter than 128 bytes. */
static void wr_integer(struct bq_wr *w, unsigned x)
{
	bq_wr_u8(w, 0x02);
	bq_wr_u8(w, x > 0x7F ? 2 : 1);
	if (x > 0x7F)
		bq_wr_u8(w, 0);
	bq_wr_u8(w, (uint8_t)x);
}

static void wr_ia5(struct bq_wr *w, const char *s)
{
	bq_wr_u8(w, 0x16);
	bq_wr_u8(w, (uint8_t)strlen(s));
	bq_wr_view(w, bq_view_str(s));
}

/* The value that the template's fields say. */
static void wr_ext(struct bq_wr *w, const struct sim_leaf *l, enum sim_ext ext)
{
	const uint8_t spl[SIM_EXT_COUNT] = {
		[SIM_EXT_STRUCT_VERSION] = (uint8_t)l->struct_version,
		[SIM_EXT_BOOTLOADER] = l->tcb.bootloader,
		[SIM_EXT_TEE] = l->tcb.tee,
		[SIM_EXT_SPL4] = l->spl4,
		[SIM_EXT_SPL5] = l->spl5,
		[SIM_EXT_SPL6] = l->spl6,
		[SIM_EXT_SPL7] = l->spl7,
		[SIM_EXT_SNP] = l->tcb.snp,
		[SIM_EXT_MICROCODE] = l->tcb.microcode,
		[SIM_EXT_FMC] = l->tcb.fmc,
	};

	if (ext == SIM_EXT_HWID)
		bq_wr_view(w, bq_view_of(l->hwid, l->hwid_n));
	else if (ext == SIM_EXT_PRODUCT_NAME)
		wr_ia5(w, l->product_name);
	else if (ext == SIM_EXT_CSP_ID)
		wr_ia5(w, l->csp_id);
	else
		wr_integer(w, spl[ext]);
}

static bool has_ext(const struct sim_leaf *l, enum sim_ext ext)
{
	if (l->ext[ext].omit || l->ext[ext].add)
		return l->ext[ext].add;
	if (ext == SIM_EXT_SPL4 || ext == SIM_EXT_FMC)
		return l->tcb.has_fmc == (ext == SIM_EXT_FMC);
	if (ext == SIM_EXT_HWID || ext == SIM_EXT_CSP_ID)
		return l->vlek == (ext == SIM_EXT_CSP_ID);
	return true;
}

static bool leaf_ext(X509 *x, const struct sim_leaf *l, enum sim_ext ext, bool again)
{
	const struct sim_ext_edit *edit = &l->ext[ext];
	uint8_t der[256];
	struct bq_view value;
	struct bq_wr w;

	bq_wr_init(&w, der, sizeof(der));
	if (edit->raw_n != 0 && !again)
		bq_wr_view(&w, bq_view_of(edit->raw, edit->raw_n));
	else
		wr_ext(&w, l, ext);
	return bq_wr_end(&w, &value) == 0 && ext_add(x, ext_oid[ext], value);
}

X509 *sim_leaf_cert(const struct sim_leaf *l, EVP_PKEY *key, const X509 *issuer,
		    EVP_PKEY *issuer_key)
{
	struct sim_cert_head h = {l->cn, false, l->serial, l->not_before, l->not_after};
	X509 *x = sim_cert_begin(&h, issuer, key);
	bool ok = x != NULL;

	if (l->ca)
		ok = ok && sim_cert_ext(x, NULL, NID_basic_constraints, "critical,CA:TRUE");
	for (int e = 0; ok && e < SIM_EXT_COUNT; e++)
		if (has_ext(l, (enum sim_ext)e))
			ok = leaf_ext(x, l, (enum sim_ext)e, false);
	for (int e = 0; ok && e < SIM_EXT_COUNT; e++)
		if (l->ext[e].twice)
			ok = leaf_ext(x, l, (enum sim_ext)e, true);
	return sim_cert_end(x, ok, issuer_key, &l->signing);
}

#include "snp_sign.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>

#include "ca.h"

#define SIG_R    0x2A0
#define SIG_S    0x2E8
#define SIG_PART 72 /* bytes in R and in S */

struct sim_report sim_report_like_azure(enum bq_product p, uint32_t version)
{
	struct sim_report r = {
		.product = p,
		.version = version,
		.guest_svn = 10,
		.policy = 0x3001F,
		.image_id = {2},
		.sig_algo = BQ_SNP_SIG_ECDSA_P384,
		.platform_info = 0x25, /* SMT_EN, ECC_EN, ALIAS_CHECK_COMPLETE */
		.current_tcb = sim_tcb(p),
		.reported_tcb = sim_tcb(p),
		.committed_tcb = sim_tcb(p),
		.launch_tcb = sim_tcb(p),
		.cpuid_family = p == BQ_PRODUCT_TURIN ? 0x1A : 0x19,
		.cpuid_model = p == BQ_PRODUCT_MILAN   ? 0x01
			       : p == BQ_PRODUCT_GENOA ? 0x11
						       : 0x02,
		.cpuid_step = 1,
		.current_build = 29,
		.current_minor = 55,
		.current_major = 1,
		.committed_build = 29,
		.committed_minor = 55,
		.committed_major = 1,
	};

	/* Milan hosts run microcode far ahead of what is committed. */
	if (p == BQ_PRODUCT_MILAN)
		r.committed_tcb.microcode = 0x73;
	for (size_t i = 0; i < sizeof(r.measurement); i++)
		r.measurement[i] = (uint8_t)(0xA0 + i);
	for (size_t i = 0; i < sizeof(r.report_id); i++)
		r.report_id[i] = (uint8_t)(0x11 * (i % 15 + 1));
	memset(r.report_id_ma, 0xFF, sizeof(r.report_id_ma)); /* no migration agent */
	(void)sim_chip_id(p, NULL, r.chip_id);
	return r;
}

static void wr_bytes(struct bq_wr *w, const void *p, size_t n)
{
	bq_wr_view(w, bq_view_of(p, n));
}

static void wr_tcb(struct bq_wr *w, const struct bq_tcb *t, enum bq_product p)
{
	uint8_t raw[8];

	sim_tcb_write(t, p, raw);
	wr_bytes(w, raw, sizeof(raw));
}

/* 0x000 to 0x17F: what the guest and its owner chose */
static void wr_guest_part(struct bq_wr *w, const struct sim_report *r)
{
	bq_wr_le32(w, r->version);
	bq_wr_le32(w, r->guest_svn);
	bq_wr_le64(w, r->policy);
	wr_bytes(w, r->family_id, sizeof(r->family_id));
	wr_bytes(w, r->image_id, sizeof(r->image_id));
	bq_wr_le32(w, r->vmpl);
	bq_wr_le32(w, r->sig_algo);
	wr_tcb(w, &r->current_tcb, r->product);
	bq_wr_le64(w, r->platform_info);
	bq_wr_le32(w, r->key_info);
	bq_wr_zeros(w, 4);
	wr_bytes(w, r->report_data, sizeof(r->report_data));
	wr_bytes(w, r->measurement, sizeof(r->measurement));
	wr_bytes(w, r->host_data, sizeof(r->host_data));
	wr_bytes(w, r->id_key_digest, sizeof(r->id_key_digest));
	wr_bytes(w, r->author_digest, sizeof(r->author_digest));
	wr_bytes(w, r->report_id, sizeof(r->report_id));
	wr_bytes(w, r->report_id_ma, sizeof(r->report_id_ma));
}

/* 0x180 to 0x207: what the processor is */
static void wr_platform_part(struct bq_wr *w, const struct sim_report *r)
{
	wr_tcb(w, &r->reported_tcb, r->product);
	bq_wr_u8(w, r->version >= 3 ? r->cpuid_family : 0);
	bq_wr_u8(w, r->version >= 3 ? r->cpuid_model : 0);
	bq_wr_u8(w, r->version >= 3 ? r->cpuid_step : 0);
	bq_wr_zeros(w, 21);
	wr_bytes(w, r->chip_id, sizeof(r->chip_id));
	wr_tcb(w, &r->committed_tcb, r->product);
	bq_wr_u8(w, r->current_build);
	bq_wr_u8(w, r->current_minor);
	bq_wr_u8(w, r->current_major);
	bq_wr_u8(w, 0);
	bq_wr_u8(w, r->committed_build);
	bq_wr_u8(w, r->committed_minor);
	bq_wr_u8(w, r->committed_major);
	bq_wr_u8(w, 0);
	wr_tcb(w, &r->launch_tcb, r->product);
	bq_wr_le64(w, r->version >= 5 ? r->launch_mit_vector : 0);
	bq_wr_le64(w, r->version >= 5 ? r->current_mit_vector : 0);
}

void sim_report_write(const struct sim_report *r, uint8_t out[BQ_SNP_REPORT_SIZE])
{
	struct bq_wr w;

	bq_wr_init(&w, out, BQ_SNP_REPORT_SIZE);
	wr_guest_part(&w, r);
	wr_platform_part(&w, r);
	bq_wr_zeros(&w, BQ_SNP_REPORT_SIZE - w.n);
}

bool sim_report_sign(uint8_t raw[BQ_SNP_REPORT_SIZE], EVP_PKEY *key)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	ECDSA_SIG *sig = NULL;
	uint8_t der[256];
	const uint8_t *at = der;
	size_t n = sizeof(der);
	bool ok = ctx != NULL &&
		  EVP_DigestSignInit_ex(ctx, NULL, "SHA384", NULL, NULL, key, NULL) == 1 &&
		  EVP_DigestSign(ctx, der, &n, raw, BQ_SNP_SIGNED_SIZE) == 1;

	if (ok)
		sig = d2i_ECDSA_SIG(NULL, &at, (long)n);
	memset(raw + BQ_SNP_SIGNED_SIZE, 0, BQ_SNP_REPORT_SIZE - BQ_SNP_SIGNED_SIZE);
	ok = sig != NULL &&
	     BN_bn2lebinpad(ECDSA_SIG_get0_r(sig), raw + SIG_R, SIG_PART) == SIG_PART &&
	     BN_bn2lebinpad(ECDSA_SIG_get0_s(sig), raw + SIG_S, SIG_PART) == SIG_PART;
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(ctx);
	return ok;
}

#include "model.h"

#include <string.h>

#include "command.h"
#include "hcl_build.h"
#include "quoted.h"
#include "snp_sign.h"

#define INDEX_SIZE    2600 /* as Azure's */
#define REPORT_DATA   (BQ_HCL_HEADER_SIZE + 0x50)
#define AK_ATTRIBUTES 0x00050072u
#define PCRS_PER_READ 8
#define RC_HANDLE_1   (TPM_RC_HANDLE | 0x100u)

static const uint8_t modulus[256] = {0xA5};

/* --- reports -------------------------------------------------------------- */

static void bind_claims(struct model *m)
{
	struct bq_hash c;

	bq_sha256_init(&c);
	bq_hash_add(&c,
		    bq_view_of(m->bytes + BQ_HCL_CLAIMS_OFFSET, m->blob.n - BQ_HCL_CLAIMS_OFFSET));
	bq_hash_end(&c, m->bytes + REPORT_DATA);
}

static void make_report(struct model *m)
{
	struct sim_report r = sim_report_like_azure(BQ_PRODUCT_MILAN, 3);
	struct sim_claims c = {.ak = bq_view_of(modulus, sizeof(modulus)), .has_user_data = true};
	uint8_t report[BQ_SNP_REPORT_SIZE], claims[2048];
	struct bq_sink_buf b;

	memcpy(c.user_data, m->user_data, sizeof(c.user_data));
	bq_sink_buf_init(&b, claims, sizeof(claims));
	sim_claims_put(&b.s, &c);
	sim_report_write(&r, report);
	const struct sim_hcl h = {2,
				  1,
				  BQ_HCL_SNP,
				  BQ_HCL_SHA256,
				  bq_view_of(report, sizeof(report)),
				  bq_view_of(claims, b.n)};

	bq_wr_init(&m->blob, m->bytes, INDEX_SIZE);
	sim_hcl_write(&m->blob, &h);
	must(b.s.err == 0 && m->blob.err == 0);
	bind_claims(m);
}

void model_init(struct model *m)
{
	*m = (struct model){0};
	for (unsigned i = 0; i < BQ_PCRS; i++)
		memset(m->pcr[i], (int)i, sizeof(m->pcr[i]));
	make_report(m);
}

void model_edit(struct model *m, uint16_t at, uint8_t with)
{
	if (at >= MODEL_PCRS)
		m->pcr[at % BQ_PCRS][at / BQ_PCRS % BQ_SHA256_SIZE] ^= with;
	else
		m->bytes[at % m->blob.n] ^= with;
	bind_claims(m);
}

/* --- commands ------------------------------------------------------------- */

/* What each makes of a command's parameters: a response code, or what goes into w. What
 * is missing of them is zero. */
typedef uint32_t answer(struct model *m, const struct sim_command *c, struct bq_wr *w);

static uint32_t nv_read(struct model *m, const struct sim_command *c, struct bq_wr *w)
{
	struct bq_view r = c->params, all = bq_view_of(m->user_data, sizeof(m->user_data)), v;
	uint16_t n = fuzz_u16(&r), off = fuzz_u16(&r);

	if (c->handle[1] == BQ_HCL_NV_INDEX)
		all = bq_view_of(m->bytes, INDEX_SIZE);
	else if (c->handle[1] != BQ_HCL_USER_DATA_NV)
		return TPM_RC_HANDLE | 0x200u;
	if (bq_view_sub(all, off, n, &v) != 0)
		return TPM_RC_NV_RANGE;
	bq_wr_2b(w, v);
	return 0;
}

static uint32_t nv_write(struct model *m, const struct sim_command *c, struct bq_wr *w)
{
	struct bq_view r = c->params, data = bq_view_of(NULL, 0);

	(void)w;
	(void)bq_rd_2b(&r, &data);
	if (c->handle[1] != BQ_HCL_USER_DATA_NV || data.n != sizeof(m->user_data))
		return TPM_RC_NV_RANGE;
	(void)bq_rd_copy(&data, m->user_data, sizeof(m->user_data));
	make_report(m);
	return 0;
}

static uint32_t nv_read_public(struct model *m, const struct sim_command *c, struct bq_wr *w)
{
	bool user_data = c->handle[0] == BQ_HCL_USER_DATA_NV;

	(void)m;
	if (c->handle[0] != BQ_HCL_NV_INDEX && !user_data)
		return RC_HANDLE_1;
	bq_wr_be16(w, 14);
	bq_wr_be32(w, c->handle[0]);
	bq_wr_be16(w, TPM_ALG_SHA256);
	bq_wr_be32(w, TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_WRITTEN);
	bq_wr_be16(w, 0);
	bq_wr_be16(w, user_data ? BQ_HCL_USER_DATA_SIZE : INDEX_SIZE);
	bq_wr_be16(w, 0);
	return 0;
}

static uint32_t read_public(struct model *m, const struct sim_command *c, struct bq_wr *w)
{
	size_t at = w->n;

	(void)m;
	if (c->handle[0] != BQ_HCL_AK_HANDLE)
		return RC_HANDLE_1;
	bq_wr_be16(w, 0);
	bq_wr_be16(w, TPM_ALG_RSA);
	bq_wr_be16(w, TPM_ALG_SHA256);
	bq_wr_be32(w, AK_ATTRIBUTES);
	bq_wr_be16(w, 0);
	bq_wr_be16(w, TPM_ALG_NULL);
	bq_wr_be16(w, TPM_ALG_RSASSA);
	bq_wr_be16(w, TPM_ALG_SHA256);
	bq_wr_be16(w, 8 * sizeof(modulus));
	bq_wr_be32(w, 0);
	bq_wr_2b(w, bq_view_of(modulus, sizeof(modulus)));
	bq_wr_be16_at(w, at, (uint16_t)(w->n - at - 2));
	bq_wr_be32(w, 0); /* name and qualified name */
	return 0;
}

static uint32_t quote(struct model *m, const struct sim_command *c, struct bq_wr *w)
{
	struct bq_view r = c->params, nonce = bq_view_of(NULL, 0), msg;
	uint8_t digest[BQ_SHA256_SIZE], text[1024];
	struct quoted q = {.magic = TPM_GENERATED_VALUE, .type = TPM_ST_ATTEST_QUOTE};
	struct bq_wr attest;
	struct bq_hash h;

	(void)bq_rd_2b(&r, &nonce);
	(void)fuzz_u16(&r);
	(void)bq_pcr_list_read(&r, &q.pcrs);
	bq_sha256_init(&h);
	for (unsigned i = 0; i < BQ_PCRS; i++)
		if ((q.pcrs.bank[0].mask >> i & 1) != 0)
			bq_hash_add(&h, bq_view_of(m->pcr[i], sizeof(m->pcr[i])));
	bq_hash_end(&h, digest);
	q.nonce = nonce;
	q.digest = bq_view_of(digest, sizeof(digest));
	bq_wr_init(&attest, text, sizeof(text));
	quoted_write(&attest, &q);
	if (bq_wr_end(&attest, &msg) != 0)
		return TPM_RC_COMMAND_CODE;
	bq_wr_2b(w, msg);
	bq_wr_be16(w, TPM_ALG_RSASSA);
	bq_wr_be16(w, TPM_ALG_SHA256);
	bq_wr_2b(w, bq_view_of(modulus, sizeof(modulus)));
	return 0;
}

static uint32_t pcr_read(struct model *m, const struct sim_command *c, struct bq_wr *w)
{
	struct bq_view r = c->params;
	struct bq_pcr_list sel = {0};
	uint32_t given = 0;
	unsigned n = 0;

	(void)bq_pcr_list_read(&r, &sel);
	for (unsigned i = 0; i < BQ_PCRS && n < PCRS_PER_READ; i++)
		if ((sel.bank[0].mask >> i & 1) != 0) {
			given |= 1u << i;
			n++;
		}
	sel.bank[0].mask = given;
	bq_wr_be32(w, 77);
	bq_pcr_list_write(w, &sel);
	bq_wr_be32(w, n);
	for (unsigned i = 0; i < BQ_PCRS; i++)
		if ((given >> i & 1) != 0)
			bq_wr_2b(w, bq_view_of(m->pcr[i], sizeof(m->pcr[i])));
	return 0;
}

size_t model_answer(struct model *m, struct bq_view cmd, uint8_t *rsp)
{
	static const struct {
		uint32_t cc;
		answer *answer;
	} answers[] = {
		{TPM_CC_NV_Read, nv_read},
		{TPM_CC_NV_Write, nv_write},
		{TPM_CC_NV_ReadPublic, nv_read_public},
		{TPM_CC_ReadPublic, read_public},
		{TPM_CC_Quote, quote},
		{TPM_CC_PCR_Read, pcr_read},
	};
	uint32_t rc = TPM_RC_COMMAND_CODE;
	struct sim_command c;
	struct bq_wr w;
	size_t auth;

	sim_command_parse(cmd, &c);
	sim_respond_begin(&w, rsp, &c);
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (answers[i].cc == c.cc)
			rc = answers[i].answer(m, &c, &w);
	if (rc != 0)
		return sim_respond_rc(rsp, rc);
	auth = w.n;
	if (c.tag == TPM_ST_SESSIONS)
		bq_wr_view(&w, bq_view_of("\0\0\1\0\0", 5));
	return sim_respond_end(&w, &c, auth);
}

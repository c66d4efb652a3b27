#include "paravisor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "quoted.h"
#include "snp_sign.h"

#define REPORT_ATTRIBUTES 0x62060004u
#define USER_ATTRIBUTES   (TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE)
#define WRITELOCKED       0x00000800u
#define WRITEALL          0x00001000u
#define NT                0x000000F0u
#define RC_NV_LOCKED      0x148u
#define RC_BAD_AUTH_1     0x9A2u
#define RC_HANDLE_1       0x18Bu
#define RC_HANDLE_2       0x28Bu
#define RC_ATTRIBUTES_2   0x282u
#define RC_TOO_LARGE      0x1C4u

/* --- reports -------------------------------------------------------------- */

static void put_key(struct bq_sink *s, const char *kid, const char *op)
{
	bq_put_str(s, "{\"kid\":\"");
	bq_put_str(s, kid);
	bq_put_str(s, "\",\"key_ops\":[\"");
	bq_put_str(s, op);
	bq_put_str(s, "\"],\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"");
	for (unsigned i = 0; i < 341; i++)
		bq_put_chr(s, 'x');
	bq_put_str(s, "A\"}");
}

/* What the paravisor finds in 0x01400002. */
static void user_data(const struct paravisor *p, uint8_t out[64])
{
	memset(out, 0, 64);
	if (p->defined && p->written)
		memcpy(out, p->data, p->size < 64 ? p->size : 64);
}

static void put_claims(const struct paravisor *p, struct bq_sink *s)
{
	uint8_t data[64];

	if (p->break_claims) {
		bq_put_str(s, "{\"keys\":[");
		return;
	}
	bq_put_str(s, "{\"keys\":[");
	put_key(s, "HCLAkPub", "sign");
	if (p->with_ek) {
		bq_put_chr(s, ',');
		put_key(s, "HCLEkPub", "encrypt");
	}
	bq_put_str(s, "],\"vm-configuration\":{\"current-time\":");
	bq_put_u64(s, p->sizes_change && p->generation % 2 != 0 ? 7 : 1700000000 + p->generation);
	bq_put_chr(s, '}');
	if (!p->no_user_data) {
		user_data(p, data);
		bq_put_str(s, ",\"user-data\":\"");
		(p->lower_case ? bq_put_hex : bq_put_hex_upper)(s, bq_view_of(data, 64));
		bq_put_chr(s, '"');
	}
	bq_put_chr(s, '}');
}

static void put_hardware(struct bq_wr *w, struct bq_view claims)
{
	struct sim_report r = sim_report_like_azure(BQ_PRODUCT_MILAN, 3);
	uint8_t raw[BQ_SNP_REPORT_SIZE];
	struct bq_hash c;

	bq_hash_init(&c, TPM_ALG_SHA256);
	bq_hash_add(&c, claims);
	bq_hash_end(&c, r.report_data);
	sim_report_write(&r, raw);
	bq_wr_view(w, bq_view_of(raw, sizeof(raw)));
}

static void make_report(struct paravisor *p)
{
	uint8_t text[2048];
	struct bq_sink_buf b;
	struct bq_view claims, blob;
	struct bq_wr w;

	if (p->fixed.n != 0) {
		memcpy(p->blob, p->fixed.p, p->fixed.n);
		p->blob_n = p->fixed.n;
		return;
	}
	p->generation++;
	p->made_ms = p->s.now_ms;
	bq_sink_buf_init(&b, text, sizeof(text));
	put_claims(p, &b.s);
	claims = bq_view_of(text, b.n);
	bq_wr_init(&w, p->blob, p->nv_size);
	bq_wr_view(&w, bq_view_str("HCLA"));
	bq_wr_le32(&w, p->header_version);
	bq_wr_le32(&w, (uint32_t)(32 + 1184 + 20 + claims.n));
	bq_wr_le32(&w, 2);
	bq_wr_zeros(&w, 16);
	put_hardware(&w, claims);
	bq_wr_le32(&w, (uint32_t)(20 + claims.n));
	bq_wr_le32(&w, 1);
	bq_wr_le32(&w, p->report_type);
	bq_wr_le32(&w, p->hash_type);
	bq_wr_le32(&w, (uint32_t)claims.n);
	bq_wr_view(&w, claims);
	p->blob_n = w.n;
	bq_wr_zeros(&w, p->nv_size - w.n);
	ck_assert_int_eq(b.s.err, 0);
	ck_assert_int_eq(bq_wr_end(&w, &blob), 0);
}

/* Silent where it cannot: that is what makes stale reports. */
static void refresh(struct paravisor *p)
{
	bool readable = (p->attributes & TPMA_NV_OWNERREAD) != 0 &&
			(p->attributes & TPMA_NV_READLOCKED) == 0;

	if (p->never_new || p->password != NULL || (p->defined && p->written && !readable) ||
	    p->s.now_ms - p->made_ms <= p->period_ms)
		return;
	make_report(p);
}

/* --- commands ------------------------------------------------------------- */

struct call {
	struct paravisor *p;
	struct bq_view r; /* what is left of the command */
	uint32_t cc;
	struct bq_wr *w; /* the answer's parameters go here */
};

__attribute__((format(printf, 2, 3))) static void note(struct paravisor *p, const char *format, ...)
{
	size_t n = strlen(p->log);
	char word[32];
	va_list args;

	va_start(args, format);
	vsnprintf(word, sizeof(word), format, args);
	va_end(args);
	snprintf(p->log + n, sizeof(p->log) - n, "%s%s", n == 0 ? "" : " ", word);
}

static uint32_t take32(struct call *c)
{
	uint32_t x;

	ck_assert_int_eq(bq_rd_be32(&c->r, &x), 0);
	return x;
}

static uint16_t take16(struct call *c)
{
	uint16_t x;

	ck_assert_int_eq(bq_rd_be16(&c->r, &x), 0);
	return x;
}

static struct bq_view take_2b(struct call *c)
{
	struct bq_view v;

	ck_assert_int_eq(bq_rd_2b(&c->r, &v), 0);
	return v;
}

/* The one password session. False where the password is another. */
static bool authorized_with(struct call *c, const char *want)
{
	uint32_t size = take32(c);
	struct bq_view area, password;
	uint32_t session;
	uint8_t attributes;

	ck_assert_int_eq(bq_rd_take(&c->r, size, &area), 0);
	ck_assert_int_eq(bq_rd_be32(&area, &session), 0);
	ck_assert_uint_eq(session, TPM_RS_PW);
	ck_assert_int_eq(bq_rd_2b(&area, &password), 0);
	ck_assert_uint_eq(password.n, 0);
	ck_assert_int_eq(bq_rd_u8(&area, &attributes), 0);
	ck_assert_int_eq(bq_rd_2b(&area, &password), 0);
	ck_assert_int_eq(bq_rd_end(&area), 0);
	return bq_view_eq_str(password, want);
}

static bool authorized(struct call *c)
{
	return authorized_with(c, c->p->password != NULL ? c->p->password : "");
}

static bool exists(const struct paravisor *p, uint32_t index)
{
	if (index == BQ_HCL_NV_INDEX)
		return !p->not_cvm;
	ck_assert_uint_eq(index, BQ_HCL_USER_DATA_NV);
	return p->defined;
}

static uint32_t nv_read(struct call *c)
{
	struct paravisor *p = c->p;
	uint32_t owner = take32(c), index = take32(c);
	bool ok = authorized(c);
	uint16_t n = take16(c), off = take16(c);

	note(p, "R%u+%u", off, n);
	ck_assert_uint_eq(owner, TPM_RH_OWNER);
	ck_assert_uint_eq(index, BQ_HCL_NV_INDEX);
	if (!exists(p, index))
		return RC_HANDLE_2;
	if (!ok)
		return RC_BAD_AUTH_1;
	if (n > BQ_TPM_NV_CHUNK)
		return RC_TOO_LARGE;
	if (p->unwritten)
		return TPM_RC_NV_UNINIT;
	if (p->tears != 0 && off == p->tear_at) {
		p->tears--;
		make_report(p);
	}
	if (off == 0 && !p->refresh_on_write)
		refresh(p);
	if ((uint32_t)off + n > p->nv_size)
		return TPM_RC_NV_RANGE;
	if (off == 0)
		p->told = p->blob_n;
	ck_assert_msg((size_t)off + n <= p->told, "read beyond report_size");
	bq_wr_2b(c->w, bq_view_of(p->blob + off, n));
	return 0;
}

static void other_program(struct paravisor *p)
{
	if (p->overwrites == 0)
		return;
	p->overwrites--;
	memset(p->data, 0xEE, sizeof(p->data));
}

static uint32_t nv_write(struct call *c)
{
	struct paravisor *p = c->p;
	uint32_t owner = take32(c), index = take32(c);
	bool ok = authorized(c);
	struct bq_view data = take_2b(c);
	uint16_t off = take16(c);

	note(p, "W%zu", data.n);
	ck_assert_uint_eq(owner, TPM_RH_OWNER);
	ck_assert_uint_eq(index, BQ_HCL_USER_DATA_NV);
	ck_assert_uint_eq(off, 0);
	if (!p->defined)
		return RC_HANDLE_2;
	if (!ok)
		return RC_BAD_AUTH_1;
	if ((p->attributes & TPMA_NV_OWNERWRITE) == 0)
		return TPM_RC_NV_AUTH;
	if ((p->attributes & WRITELOCKED) != 0)
		return RC_NV_LOCKED;
	if ((p->attributes & NT) != 0)
		return RC_ATTRIBUTES_2;
	if (data.n > p->size || (data.n < p->size && (p->attributes & WRITEALL) != 0))
		return TPM_RC_NV_RANGE;
	memcpy(p->data, data.p, data.n);
	p->written = true;
	other_program(p);
	if (p->refresh_on_write)
		refresh(p);
	return 0;
}

static void put_public(struct call *c, uint32_t index, uint32_t attributes, uint16_t size)
{
	uint8_t text[14];
	struct bq_view v;
	struct bq_wr w;

	bq_wr_init(&w, text, sizeof(text));
	bq_wr_be32(&w, index);
	bq_wr_be16(&w, TPM_ALG_SHA256);
	bq_wr_be32(&w, attributes);
	bq_wr_be16(&w, 0);
	bq_wr_be16(&w, size);
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	bq_wr_2b(c->w, v);
	bq_wr_be16(c->w, 34);
	bq_wr_zeros(c->w, 34);
}

static uint32_t nv_read_public(struct call *c)
{
	struct paravisor *p = c->p;
	uint32_t index = take32(c);

	note(p, "P%u", index & 0xF);
	if (!exists(p, index))
		return RC_HANDLE_1;
	if (index == BQ_HCL_NV_INDEX)
		put_public(c, index, REPORT_ATTRIBUTES, p->nv_size);
	else
		put_public(c, index, p->attributes | (p->written ? TPMA_NV_WRITTEN : 0), p->size);
	return 0;
}

static uint32_t nv_define(struct call *c)
{
	struct paravisor *p = c->p;
	uint32_t owner = take32(c);
	bool ok = authorized(c);
	struct bq_view auth = take_2b(c), pub = take_2b(c), policy;
	uint32_t index, attributes;
	uint16_t alg, size;

	note(p, "D");
	ck_assert_uint_eq(owner, TPM_RH_OWNER);
	ck_assert_uint_eq(auth.n, 0);
	ck_assert_int_eq(bq_rd_be32(&pub, &index), 0);
	ck_assert_int_eq(bq_rd_be16(&pub, &alg), 0);
	ck_assert_int_eq(bq_rd_be32(&pub, &attributes), 0);
	ck_assert_int_eq(bq_rd_2b(&pub, &policy), 0);
	ck_assert_int_eq(bq_rd_be16(&pub, &size), 0);
	ck_assert_uint_eq(index, BQ_HCL_USER_DATA_NV);
	ck_assert_uint_eq(alg, TPM_ALG_SHA256);
	ck_assert_uint_eq(policy.n, 0);
	if (!ok)
		return RC_BAD_AUTH_1;
	if (p->defined)
		return TPM_RC_NV_DEFINED;
	p->defined = true;
	p->written = false;
	p->attributes = attributes;
	p->size = size;
	return 0;
}

static uint32_t nv_undefine(struct call *c)
{
	struct paravisor *p = c->p;
	uint32_t owner = take32(c), index = take32(c);

	note(p, "U");
	ck_assert_uint_eq(owner, TPM_RH_OWNER);
	ck_assert_uint_eq(index, BQ_HCL_USER_DATA_NV);
	p->defined = p->defined && !p->gone_before_undefine;
	if (!p->defined)
		return RC_HANDLE_2;
	if (!authorized(c))
		return RC_BAD_AUTH_1;
	if ((p->attributes & TPMA_NV_PLATFORMCREATE) != 0)
		return TPM_RC_NV_AUTH;
	p->defined = false;
	return 0;
}

/* --- quotes ---------------------------------------------------------------- */

/* Of the first n PCRs in mask, whatever bank it is of. */
static void add_pcrs(const struct paravisor *p, uint32_t mask, struct bq_hash *c)
{
	for (unsigned i = 0; i < BQ_PCRS; i++)
		if ((mask >> i & 1) != 0)
			bq_hash_add(c, bq_view_of(p->pcr[i], 32));
}

static void put_attest(const struct paravisor *p, struct bq_wr *w, struct bq_view nonce,
		       struct bq_pcr_list sel)
{
	uint8_t digest[32];
	struct quoted q = {0};
	struct bq_hash c;

	bq_hash_init(&c, TPM_ALG_SHA256);
	for (unsigned i = 0; i < sel.n; i++)
		add_pcrs(p, sel.bank[i].mask, &c);
	bq_hash_end(&c, digest);
	if (p->wrong_selection == 1)
		sel.bank[0].mask ^= 1;
	if (p->wrong_selection == 2)
		sel.bank[sel.n++] = (struct bq_pcr_select){TPM_ALG_SHA1, 1};
	q.magic = TPM_GENERATED_VALUE;
	q.type = p->not_a_quote ? 0x8017 : TPM_ST_ATTEST_QUOTE;
	q.nonce = p->wrong_nonce ? bq_view_str("another") : nonce;
	q.pcrs = sel;
	q.digest = bq_view_of(digest, sizeof(digest));
	quoted_write(w, &q);
}

static uint32_t quote(struct call *c)
{
	struct paravisor *p = c->p;
	uint32_t key = take32(c);
	uint8_t text[512];
	struct bq_view nonce, attest;
	struct bq_pcr_list sel;
	struct bq_wr w;

	note(p, "Q");
	ck_assert_uint_eq(key, BQ_HCL_AK_HANDLE);
	ck_assert(authorized_with(c, ""));
	nonce = take_2b(c);
	ck_assert_uint_eq(take16(c), TPM_ALG_NULL);
	ck_assert_int_eq(bq_pcr_list_read(&c->r, &sel), 0);
	bq_wr_init(&w, text, sizeof(text));
	put_attest(p, &w, nonce, sel);
	ck_assert_int_eq(bq_wr_end(&w, &attest), 0);
	bq_wr_2b(c->w, attest);
	bq_wr_be16(c->w, TPM_ALG_RSASSA);
	bq_wr_be16(c->w, p->other_hash ? TPM_ALG_SHA384 : TPM_ALG_SHA256);
	bq_wr_be16(c->w, 256);
	bq_wr_zeros(c->w, 256);
	if (p->moves != 0) {
		p->moves--;
		p->pcr[10][0]++;
	}
	return 0;
}

/* Up to eight values of the first bank that has any left. */
static uint32_t pcr_read(struct call *c)
{
	struct paravisor *p = c->p;
	struct bq_pcr_list sel;
	uint32_t given = 0;
	unsigned n = 0;

	note(p, "C");
	ck_assert_int_eq(bq_pcr_list_read(&c->r, &sel), 0);
	ck_assert_uint_eq(sel.n, 1);
	for (unsigned i = 0; i < BQ_PCRS && n < 8; i++)
		if ((sel.bank[0].mask >> i & 1) != 0) {
			given |= 1u << i;
			n++;
		}
	sel.bank[0].mask = given;
	bq_wr_be32(c->w, 77);
	bq_pcr_list_write(c->w, &sel);
	bq_wr_be32(c->w, n);
	for (unsigned i = 0; i < BQ_PCRS; i++)
		if ((given >> i & 1) != 0)
			bq_wr_2b(c->w, bq_view_of(p->pcr[i], 32));
	return 0;
}

/* --- the TPM --------------------------------------------------------------- */

static uint32_t run(struct call *c)
{
	switch (c->cc) {
	case TPM_CC_NV_Read:
		return nv_read(c);
	case TPM_CC_NV_Write:
		return nv_write(c);
	case TPM_CC_NV_ReadPublic:
		return nv_read_public(c);
	case TPM_CC_NV_DefineSpace:
		return nv_define(c);
	case TPM_CC_NV_UndefineSpace:
		return nv_undefine(c);
	case TPM_CC_Quote:
		return quote(c);
	case TPM_CC_PCR_Read:
		return pcr_read(c);
	case TPM_CC_GetCapability:
		note(c->p, "G");
		return TPM_RC_COMMAND_CODE;
	default:
		ck_abort_msg("a command nobody should send: %08x", c->cc);
	}
	return 0;
}

static bool fails_now(struct paravisor *p, uint32_t cc)
{
	if (cc != p->fail_cc || p->fail_times == 0)
		return false;
	if (p->fail_after != 0) {
		p->fail_after--;
		return false;
	}
	p->fail_times--;
	return true;
}

static uint32_t answer_command(struct paravisor *p, struct bq_view cmd, struct bq_wr *params,
			       uint16_t *tag)
{
	struct call c = {.p = p, .r = cmd, .w = params};

	*tag = take16(&c);
	ck_assert_uint_eq(take32(&c), cmd.n);
	c.cc = take32(&c);
	if (fails_now(p, c.cc)) {
		note(p, "!");
		return p->fail_rc;
	}
	return run(&c);
}

static int answer(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n)
{
	struct paravisor *p = ctx;
	uint8_t text[BQ_TPM_PACKET];
	struct bq_wr params, w;
	struct bq_view out;
	uint16_t tag;
	uint32_t rc;

	if (p->s.commands == p->cut_at)
		return BQ_E_GONE;
	bq_wr_init(&params, text, sizeof(text));
	rc = answer_command(p, cmd, &params, &tag);
	bq_wr_init(&w, rsp, cap);
	bq_wr_be16(&w, rc == 0 ? tag : TPM_ST_NO_SESSIONS);
	bq_wr_be32(&w, 0);
	bq_wr_be32(&w, rc);
	if (rc == 0 && tag == TPM_ST_SESSIONS)
		bq_wr_be32(&w, (uint32_t)params.n);
	if (rc == 0) {
		ck_assert_int_eq(bq_wr_end(&params, &out), 0);
		bq_wr_view(&w, out);
	}
	if (rc == 0 && tag == TPM_ST_SESSIONS)
		bq_wr_view(&w, VIEW("\x00\x00\x01\x00\x00"));
	bq_wr_be32_at(&w, 2, (uint32_t)w.n);
	ck_assert_int_eq(bq_wr_end(&w, &out), 0);
	*rsp_n = out.n;
	return 0;
}

void paravisor_init(struct paravisor *p)
{
	memset(p, 0, sizeof(*p));
	script_init_answer(&p->s, answer, p);
	p->s.now_ms = 1000000;
	p->nv_size = 2600;
	p->header_version = 2;
	p->report_type = BQ_HCL_SNP;
	p->hash_type = BQ_HCL_SHA256;
	p->with_ek = true;
	p->period_ms = 2000;
	p->defined = p->written = true;
	p->attributes = USER_ATTRIBUTES;
	p->size = 64;
	memset(p->data, 0xAA, sizeof(p->data));
	for (unsigned i = 0; i < BQ_PCRS; i++)
		memset(p->pcr[i], (int)i, 32);
	paravisor_boot(p);
}

void paravisor_boot(struct paravisor *p)
{
	make_report(p);
	p->made_ms = p->s.now_ms - 60000;
}

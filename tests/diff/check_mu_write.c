/* The commands we write, read by tpm2-tss; and indices it describes, read by us. */
#include "mu_make.h"

#include <string.h>

/* The last command, taken apart from the front. */
static uint8_t command[BQ_TPM_PACKET];
static size_t command_n, at;
/* What the next command is answered with. */
static uint8_t answer[BQ_TPM_PACKET];
static size_t answer_n;

static int transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		    int *sys_errno)
{
	(void)ctx;
	*sys_errno = 0;
	memcpy(command, cmd.p, cmd.n);
	command_n = cmd.n;
	at = 0;
	if (answer_n == 0)
		return BQ_E_GONE;
	ck_assert_uint_le(answer_n, cap);
	memcpy(rsp, answer, answer_n);
	*rsp_n = answer_n;
	return 0;
}

static struct bq_tpm tpm;

static void setup(void)
{
	answer_n = 0;
	bq_tpm_init(&tpm, (struct bq_transport){.transact = transact});
}

#define NEXT(type, out)                                                                            \
	ck_assert_uint_eq(Tss2_MU_##type##_Unmarshal(command, command_n, &at, (out)), 0)

static uint32_t next_u32(void)
{
	UINT32 x;

	NEXT(UINT32, &x);
	return x;
}

static uint16_t next_u16(void)
{
	UINT16 x;

	NEXT(UINT16, &x);
	return x;
}

static void expect_header(TPM2_ST tag, TPM2_CC cc)
{
	TPM2_ST st;
	TPM2_CC code;

	NEXT(TPM2_ST, &st);
	ck_assert_uint_eq(st, tag);
	ck_assert_uint_eq(next_u32(), command_n);
	NEXT(TPM2_CC, &code);
	ck_assert_uint_eq(code, cc);
}

static void expect_password(struct bq_view password)
{
	uint32_t size = next_u32();
	size_t start = at;
	TPMS_AUTH_COMMAND a;

	NEXT(TPMS_AUTH_COMMAND, &a);
	ck_assert_uint_eq(at - start, size);
	ck_assert_uint_eq(a.sessionHandle, TPM2_RS_PW);
	ck_assert_uint_eq(a.nonce.size, 0);
	same_bytes(password, a.hmac.buffer, a.hmac.size);
}

static void expect_end(void)
{
	ck_assert_uint_eq(at, command_n);
}

/* --- values ---------------------------------------------------------------- */

static uint8_t room[3][1024];

static struct bq_view some_bytes(unsigned which, uint32_t max)
{
	size_t n = below(max + 1);

	fill(room[which], n);
	return bq_view_of(room[which], n);
}

static struct bq_pcr_list some_pcrs(void)
{
	struct bq_pcr_list l = {.n = below(BQ_PCR_BANKS + 1)};

	for (unsigned i = 0; i < l.n; i++) {
		l.bank[i].alg = (uint16_t)(TPM_ALG_SHA256 + below(3));
		l.bank[i].mask = below(1u << BQ_PCRS);
	}
	return l;
}

/* --- commands -------------------------------------------------------------- */

START_TEST(quote)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct bq_view pw = some_bytes(0, 32), a, s;
		struct bq_quote_request q = {.handle = 0x81000000 + below(0x1000000),
					     .auth = {pw},
					     .qualifying_data = some_bytes(1, 50),
					     .scheme = below(2) ? TPM_ALG_NULL : TPM_ALG_RSASSA,
					     .hash = TPM_ALG_SHA256,
					     .pcrs = some_pcrs()};
		TPM2B_DATA data = {0};
		TPMT_SIG_SCHEME scheme = {0};
		TPML_PCR_SELECTION pcrs = {0};

		ck_assert_int_eq(bq_tpm_quote(&tpm, &q, &a, &s), BQ_E_GONE);
		expect_header(TPM2_ST_SESSIONS, TPM2_CC_Quote);
		ck_assert_uint_eq(next_u32(), q.handle);
		expect_password(pw);
		NEXT(TPM2B_DATA, &data);
		same_bytes(q.qualifying_data, data.buffer, data.size);
		NEXT(TPMT_SIG_SCHEME, &scheme);
		ck_assert_uint_eq(scheme.scheme, q.scheme);
		if (scheme.scheme != TPM2_ALG_NULL)
			ck_assert_uint_eq(scheme.details.any.hashAlg, q.hash);
		NEXT(TPML_PCR_SELECTION, &pcrs);
		same_selection(&q.pcrs, &pcrs);
		expect_end();
	}
}
END_TEST

START_TEST(nv_read_and_write)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct bq_view pw = some_bytes(0, 32), out, data = some_bytes(1, 1024);
		uint32_t index = 0x01000000 + below(0x1000000);
		uint16_t n = (uint16_t)(1 + below(1024)), off = (uint16_t)below(60000);
		TPM2B_MAX_NV_BUFFER b = {0};

		ck_assert_int_eq(bq_tpm_nv_read_chunk(&tpm, TPM_RH_OWNER, (struct bq_auth){pw},
						      index, n, off, &out),
				 BQ_E_GONE);
		expect_header(TPM2_ST_SESSIONS, TPM2_CC_NV_Read);
		ck_assert_uint_eq(next_u32(), TPM2_RH_OWNER);
		ck_assert_uint_eq(next_u32(), index);
		expect_password(pw);
		ck_assert_uint_eq(next_u16(), n);
		ck_assert_uint_eq(next_u16(), off);
		expect_end();

		if (data.n == 0)
			continue;
		ck_assert_int_eq(
			bq_tpm_nv_write(&tpm, index, (struct bq_auth){pw}, index, off, data),
			BQ_E_GONE);
		expect_header(TPM2_ST_SESSIONS, TPM2_CC_NV_Write);
		ck_assert_uint_eq(next_u32(), index);
		ck_assert_uint_eq(next_u32(), index);
		expect_password(pw);
		NEXT(TPM2B_MAX_NV_BUFFER, &b);
		same_bytes(data, b.buffer, b.size);
		ck_assert_uint_eq(next_u16(), off);
		expect_end();
	}
}
END_TEST

START_TEST(nv_define)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		TPMS_NV_PUBLIC p = make_nv_public();
		const struct bq_nv_public pub = {
			.index = p.nvIndex,
			.attributes = p.attributes,
			.name_alg = p.nameAlg,
			.size = p.dataSize,
			.policy = bq_view_of(p.authPolicy.buffer, p.authPolicy.size)};
		struct bq_view pw = some_bytes(0, 32), auth = some_bytes(1, 64);
		TPM2B_AUTH b = {0};
		TPM2B_NV_PUBLIC got = {0};

		ck_assert_int_eq(
			bq_tpm_nv_define(&tpm, TPM_RH_OWNER, (struct bq_auth){pw}, &pub, auth),
			BQ_E_GONE);
		expect_header(TPM2_ST_SESSIONS, TPM2_CC_NV_DefineSpace);
		ck_assert_uint_eq(next_u32(), TPM2_RH_OWNER);
		expect_password(pw);
		NEXT(TPM2B_AUTH, &b);
		same_bytes(auth, b.buffer, b.size);
		NEXT(TPM2B_NV_PUBLIC, &got);
		ck_assert_uint_eq(got.nvPublic.nvIndex, p.nvIndex);
		ck_assert_uint_eq(got.nvPublic.nameAlg, p.nameAlg);
		ck_assert_uint_eq(got.nvPublic.attributes, p.attributes);
		ck_assert_uint_eq(got.nvPublic.dataSize, p.dataSize);
		same_bytes(pub.policy, got.nvPublic.authPolicy.buffer,
			   got.nvPublic.authPolicy.size);
		expect_end();
	}
}
END_TEST

START_TEST(pcr_extend)
{
	static const uint16_t algs[] = {TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384,
					TPM_ALG_SHA512};

	for (unsigned i = 0; i < ROUNDS; i++) {
		uint32_t pcr = below(BQ_PCRS);
		unsigned n = 1 + below(4);
		struct bq_digest d[4];
		TPML_DIGEST_VALUES got = {0};

		fill(room[1], sizeof(room[1]));
		for (unsigned j = 0; j < n; j++) {
			d[j].alg = algs[below(4)];
			d[j].value = bq_view_of(room[1] + j, bq_alg_size(d[j].alg));
		}
		ck_assert_int_eq(bq_tpm_pcr_extend(&tpm, pcr, (struct bq_auth){{NULL, 0}}, d, n),
				 BQ_E_GONE);
		expect_header(TPM2_ST_SESSIONS, TPM2_CC_PCR_Extend);
		ck_assert_uint_eq(next_u32(), pcr);
		expect_password(bq_view_of(NULL, 0));
		NEXT(TPML_DIGEST_VALUES, &got);
		ck_assert_uint_eq(got.count, n);
		for (unsigned j = 0; j < n; j++) {
			ck_assert_uint_eq(got.digests[j].hashAlg, d[j].alg);
			same_bytes(d[j].value, (const BYTE *)&got.digests[j].digest, d[j].value.n);
		}
		expect_end();
	}
}
END_TEST

/* --- an answer ------------------------------------------------------------- */

#define MAKE(call) ck_assert_uint_eq((call), 0)

static void answer_read_public(const TPM2B_NV_PUBLIC *pub, const TPM2B_NAME *name)
{
	size_t n = 10, size_at = 2;

	memset(answer, 0, 10);
	MAKE(Tss2_MU_TPM2B_NV_PUBLIC_Marshal(pub, answer, sizeof(answer), &n));
	MAKE(Tss2_MU_TPM2B_NAME_Marshal(name, answer, sizeof(answer), &n));
	answer_n = n;
	answer[0] = 0x80;
	answer[1] = 0x01;
	MAKE(Tss2_MU_UINT32_Marshal((UINT32)n, answer, sizeof(answer), &size_at));
}

START_TEST(nv_read_public)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		TPM2B_NV_PUBLIC p = {.nvPublic = make_nv_public()};
		TPM2B_NAME name = {.size = (UINT16)below(67)};
		struct bq_nv_public ours;
		struct bq_view its_name;

		fill(name.name, name.size);
		answer_read_public(&p, &name);
		ck_assert_int_eq(bq_tpm_nv_read_public(&tpm, p.nvPublic.nvIndex, &ours, &its_name),
				 0);
		ck_assert_uint_eq(ours.index, p.nvPublic.nvIndex);
		ck_assert_uint_eq(ours.attributes, p.nvPublic.attributes);
		ck_assert_uint_eq(ours.name_alg, p.nvPublic.nameAlg);
		ck_assert_uint_eq(ours.size, p.nvPublic.dataSize);
		same_bytes(ours.policy, p.nvPublic.authPolicy.buffer, p.nvPublic.authPolicy.size);
		same_bytes(its_name, name.name, name.size);
	}
}
END_TEST

Suite *suite_mu_write(void)
{
	Suite *s = suite_create("mu_write");
	TCase *tc = tcase_create("mu_write");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, quote);
	tcase_add_test(tc, nv_read_and_write);
	tcase_add_test(tc, nv_define);
	tcase_add_test(tc, pcr_extend);
	tcase_add_test(tc, nv_read_public);
	suite_add_tcase(s, tc);
	return s;
}

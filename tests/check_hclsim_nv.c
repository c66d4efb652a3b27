/* Indices, quotes and faults as a client of the simulated TPM meets them. */
#include "simulated.h"

#include <string.h>

static const struct bq_auth secret = {.password = {(const uint8_t *)"secret", 6}};

START_TEST(public_areas)
{
	struct bq_nv_public pub = {0};
	struct bq_view name;

	vm_start(NULL);
	ck_assert_int_eq(bq_tpm_nv_read_public(&vm_tpm, BQ_HCL_NV_INDEX, &pub, &name), 0);
	ck_assert_uint_eq(pub.index, BQ_HCL_NV_INDEX);
	ck_assert_uint_eq(pub.attributes, 0x62060004);
	ck_assert_uint_eq(pub.size, 2600);
	ck_assert_uint_eq(name.n, 34);
	ck_assert_int_eq(bq_tpm_nv_read_public(&vm_tpm, BQ_HCL_AK_CERT_NV, &pub, NULL), 0);
	ck_assert_uint_eq(pub.attributes, 0x62060004);
	ck_assert_uint_eq(pub.size, 4096);
}
END_TEST

START_TEST(reads_are_refused)
{
	struct bq_view out;
	const uint32_t report = BQ_HCL_NV_INDEX;

	vm_start(NULL);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, report, 1025, 0, &out),
		     0x1C4);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, report, 1, 2601, &out),
		     0x2C4);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, report, 2, 2599, &out),
		     0x146);
	ck_assert_int_eq(
		bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, report, 1, 2599, &out), 0);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, secret, report, 1, 0, &out),
		     0x9A2);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, report, VM_NO_AUTH, report, 1, 0, &out), 0x9A2);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_PLATFORM, VM_NO_AUTH, report, 1, 0, &out),
		     0x185);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_NULL, VM_NO_AUTH, report, 1, 0, &out),
		     0x184);
	ck_assert_rc(
		bq_tpm_nv_read_chunk(&vm_tpm, BQ_HCL_AK_CERT_NV, VM_NO_AUTH, report, 1, 0, &out),
		0x149);
}
END_TEST

START_TEST(changes_are_refused)
{
	struct bq_nv_public pub = {.index = BQ_HCL_NV_INDEX,
				   .attributes = VM_OWNER,
				   .name_alg = TPM_ALG_SHA256,
				   .size = 64};

	vm_start(NULL);
	ck_assert_rc(
		bq_tpm_nv_write(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_NV_INDEX, 0, VIEW("x")),
		0x149);
	ck_assert_rc(bq_tpm_nv_undefine(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_NV_INDEX), 0x149);
	ck_assert_rc(bq_tpm_nv_define(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, &pub, bq_view_of(NULL, 0)),
		     0x14C);
	ck_assert_rc(bq_tpm_nv_define(&vm_tpm, TPM_RH_OWNER, secret, &pub, bq_view_of(NULL, 0)),
		     0x9A2);
	ck_assert_rc(bq_tpm_nv_undefine(&vm_tpm, TPM_RH_OWNER, secret, BQ_HCL_AK_CERT_NV), 0x9A2);
}
END_TEST

/* header, handles, [authorizationSize, authorization], parameters */
static struct bq_view packet(uint8_t *buf, uint32_t cc, const char *handles, const char *auth,
			     const char *params)
{
	struct bq_view v = {0}, a;
	struct bq_wr w;

	bq_wr_init(&w, buf, BQ_TPM_PACKET);
	bq_wr_be16(&w, auth != NULL ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS);
	bq_wr_zeros(&w, 4);
	bq_wr_be32(&w, cc);
	bq_wr_view(&w, from_hex(handles));
	if (auth != NULL) {
		a = from_hex(auth);
		bq_wr_be32(&w, (uint32_t)a.n);
		bq_wr_view(&w, a);
	}
	bq_wr_view(&w, from_hex(params));
	bq_wr_be32_at(&w, 2, (uint32_t)w.n);
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	return tight_copy(v);
}

static uint32_t answer_to(struct bq_view cmd)
{
	uint8_t rsp[BQ_TPM_PACKET];
	struct bq_view r;
	uint32_t rc = 0;
	size_t n = 0;

	ck_assert_int_eq(sim_machine_command(&vm, cmd, rsp, &n), SIM_ANSWER);
	r = bq_view_of(rsp + 6, 4);
	ck_assert_int_eq(bq_rd_be32(&r, &rc), 0);
	ck_assert(rc == 0 || n == 10);
	return rc;
}

#define OWNER_REPORT "4000000101400001"
#define PASSWORD     "40000009000000" /* handle, no nonce, attributes */

/* Packets that no client of ours sends, NV_Read where nothing else is said. */
START_TEST(odd_packets)
{
	static const struct {
		const char *handles, *auth, *params;
		uint32_t rc;
	} odd[] = {
		{OWNER_REPORT, PASSWORD "0000", "00100000", 0},
		{OWNER_REPORT, NULL, "00100000", 0x125},
		{OWNER_REPORT, PASSWORD "0000", "0010", 0x2DA},
		{OWNER_REPORT, PASSWORD "0000", "00", 0x1DA},
		{OWNER_REPORT, PASSWORD "0000", "0010000000", 0x142},
		/* two sessions, a byte too many, a nonce, cut short */
		{OWNER_REPORT, PASSWORD "0000" PASSWORD "0000", "00100000", 0x984},
		{OWNER_REPORT, PASSWORD "000000", "00100000", 0x984},
		{OWNER_REPORT,
		 "400000090001550000"
		 "00",
		 "00100000", 0x984},
		{OWNER_REPORT, PASSWORD "00", "00100000", 0x144},
		{OWNER_REPORT, "", "00100000", 0x144},
		/* sessions that are none of ours: policy, HMAC never started, none */
		{OWNER_REPORT,
		 "03000000"
		 "0000"
		 "00"
		 "0000",
		 "00100000", 0x984},
		{OWNER_REPORT,
		 "02000000"
		 "0000"
		 "00"
		 "0000",
		 "00100000", 0x984},
		{OWNER_REPORT,
		 "00000000"
		 "0000"
		 "00"
		 "0000",
		 "00100000", 0x984},
	};
	uint8_t buf[BQ_TPM_PACKET];

	vm_start(NULL);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		uint32_t rc = answer_to(
			packet(buf, TPM_CC_NV_Read, odd[i].handles, odd[i].auth, odd[i].params));

		ck_assert_msg(rc == odd[i].rc, "packet %zu: %x", i, rc);
	}
	ck_assert_uint_eq(answer_to(packet(buf, TPM_CC_NV_ReadPublic, "01400001", NULL, "00")),
			  0x142);
	/* A size of the authorization that goes beyond the packet. */
	ck_assert_uint_eq(answer_to(tight_copy(VIEW("\x80\x02\x00\x00\x00\x16\x00\x00\x01\x4e"
						    "\x40\x00\x00\x01\x01\x40\x00\x01"
						    "\xff\xff\xff\xff"))),
			  0x144);
}
END_TEST

/* Every cut of a good command: answered by the simulator or by swtpm, never read
 * beyond its end. */
START_TEST(cut_packets)
{
	uint8_t buf[BQ_TPM_PACKET], cmd[64] = {0};
	struct bq_view whole;

	vm_start(NULL);
	whole = packet(buf, TPM_CC_NV_Read, OWNER_REPORT, PASSWORD "0000", "00100000");
	memcpy(cmd, whole.p, whole.n);
	for (size_t cut = 10; cut < whole.n; cut++) {
		cmd[5] = (uint8_t)cut;
		ck_assert_msg(answer_to(tight_copy(bq_view_of(cmd, cut))) != 0, "cut at %zu", cut);
	}
}
END_TEST

static unsigned list_handles(uint32_t from, uint32_t count, bool *more, uint32_t out[8])
{
	struct bq_view data;
	uint32_t n = 0;

	ck_assert_int_eq(bq_tpm_get_capability(&vm_tpm, TPM_CAP_HANDLES, from, count, more, &data),
			 0);
	ck_assert_int_eq(bq_rd_be32(&data, &n), 0);
	ck_assert_uint_le(n, 8);
	for (uint32_t i = 0; i < n; i++)
		ck_assert_int_eq(bq_rd_be32(&data, &out[i]), 0);
	return n;
}

START_TEST(handles_are_listed)
{
	uint32_t h[8];
	bool more;

	vm_start(NULL);
	ck_assert_uint_eq(list_handles(0x01000000, 8, &more, h), 2);
	vm_define_user_data(VM_OWNER, 64);
	ck_assert_uint_eq(list_handles(0x01000000, 8, &more, h), 3);
	ck_assert(!more);
	ck_assert_uint_eq(h[0], BQ_HCL_NV_INDEX);
	ck_assert_uint_eq(h[1], BQ_HCL_USER_DATA_NV);
	ck_assert_uint_eq(h[2], BQ_HCL_AK_CERT_NV);
	ck_assert_uint_eq(list_handles(0x01000000, 1, &more, h), 1);
	ck_assert(more);
	ck_assert_uint_eq(h[0], BQ_HCL_NV_INDEX);
	ck_assert_uint_eq(list_handles(0x01400002, 2, &more, h), 2);
	ck_assert(!more);
	ck_assert_uint_eq(h[0], BQ_HCL_USER_DATA_NV);
	ck_assert_uint_eq(list_handles(0x01C101D1, 8, &more, h), 0);
	ck_assert_uint_eq(list_handles(0x81000000, 8, &more, h), 1);
	ck_assert_uint_eq(h[0], BQ_HCL_AK_HANDLE);
}
END_TEST

START_TEST(ak_certificate_is_der_and_zeros)
{
	static uint8_t der[SIM_AK_CERT_SIZE];
	const uint8_t *at = der;
	X509 *x;

	vm_start(NULL);
	ck_assert_int_eq(bq_tpm_nv_read(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_AK_CERT_NV, 0,
					der, sizeof(der)),
			 0);
	x = d2i_X509(NULL, &at, sizeof(der));
	ck_assert_ptr_nonnull(x);
	ck_assert_int_eq(X509_verify(x, vm.keys.ak_ca), 1);
	ck_assert(bq_view_is_zero(bq_view_of(at, sizeof(der) - (size_t)(at - der))));
	X509_free(x);
}
END_TEST

static int quote(size_t nonce_n)
{
	static const uint8_t nonce[64];
	struct bq_quote_request q = {.handle = BQ_HCL_AK_HANDLE,
				     .qualifying_data = bq_view_of(nonce, nonce_n),
				     .scheme = TPM_ALG_NULL};
	struct bq_view attest, signature;

	ck_assert_int_eq(bq_pcr_list_parse(bq_view_str("sha256:0,1"), &q.pcrs), 0);
	return bq_tpm_quote(&vm_tpm, &q, &attest, &signature);
}

START_TEST(nonces_are_at_most_50_bytes)
{
	vm_start(NULL);
	ck_assert_int_eq(quote(50), 0);
	ck_assert_rc(quote(51), 0x1D5);
	ck_assert_rc(quote(64), 0x1D5);
}
END_TEST

START_TEST(absent_or_unwritten)
{
	struct bq_nv_public pub = {0};
	struct bq_view out;

	vm_start("unwritten");
	ck_assert_int_eq(bq_tpm_nv_read_public(&vm_tpm, BQ_HCL_NV_INDEX, &pub, NULL), 0);
	ck_assert_uint_eq(pub.attributes, 0x42060004);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_NV_INDEX, 1, 0,
					  &out),
		     0x14A);
	vm_restart("absent");
	ck_assert_rc(bq_tpm_nv_read_public(&vm_tpm, BQ_HCL_NV_INDEX, &pub, NULL), 0x18B);
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_NV_INDEX, 1, 0,
					  &out),
		     0x28B);
	vm_restart("no-ak-cert");
	ck_assert_rc(bq_tpm_nv_read_public(&vm_tpm, BQ_HCL_AK_CERT_NV, &pub, NULL), 0x18B);
	vm_restart("unwritten-ak-cert");
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_AK_CERT_NV, 1,
					  0, &out),
		     0x14A);
}
END_TEST

START_TEST(owner_password)
{
	static const struct bq_auth owner = {.password = {(const uint8_t *)SIM_OWNER_PASSWORD, 6}};
	struct bq_view out;

	vm_start("owner-auth");
	ck_assert_rc(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_NV_INDEX, 1, 0,
					  &out),
		     0x9A2);
	ck_assert_int_eq(
		bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, owner, BQ_HCL_NV_INDEX, 1, 0, &out), 0);
	vm_restart(NULL); /* the password goes with the fault */
	ck_assert_int_eq(bq_tpm_nv_read_chunk(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_NV_INDEX, 1,
					      0, &out),
			 0);
}
END_TEST

static bool ak_is_the_claims(void)
{
	struct bq_claims c = {0};
	struct bq_public ak = {0};
	struct bq_view pub;
	uint8_t n[256];
	size_t len = 0;
	uint32_t e = 0;

	ck_assert_int_eq(bq_claims_parse(vm_report().claims, &c), 0);
	ck_assert_int_eq(bq_jwk_rsa(&c.ak, n, sizeof(n), &len, &e), 0);
	ck_assert_int_eq(bq_tpm_read_public(&vm_tpm, BQ_HCL_AK_HANDLE, &pub, NULL, NULL), 0);
	ck_assert_int_eq(bq_public_parse(pub, &ak), 0);
	return bq_view_eq(ak.n, bq_view_of(n, len));
}

START_TEST(ak_gone_or_another)
{
	struct bq_view pub;
	struct bq_claims c = {0};
	uint8_t n[256];
	size_t len;
	uint32_t e;

	vm_start("no-ak");
	ck_assert_rc(bq_tpm_read_public(&vm_tpm, BQ_HCL_AK_HANDLE, &pub, NULL, NULL), 0x18B);
	vm_restart("other-ak");
	ck_assert(!ak_is_the_claims());
	vm_restart(NULL);
	ck_assert(ak_is_the_claims());
	vm_restart("zero-ak");
	ck_assert_int_eq(bq_claims_parse(vm_report().claims, &c), 0);
	ck_assert_int_eq(bq_jwk_rsa(&c.ak, n, sizeof(n), &len, &e), BQ_E_JWK);
}
END_TEST

START_TEST(commands_fail_on_request)
{
	uint8_t out[8];

	vm_start("rc:GetRandom:2:0x101");
	ck_assert_int_eq(bq_tpm_get_random(&vm_tpm, out, 8), 0);
	ck_assert_rc(bq_tpm_get_random(&vm_tpm, out, 8), 0x101);
	ck_assert_int_eq(bq_tpm_get_random(&vm_tpm, out, 8), 0);
	vm_restart("drop:GetRandom:1");
	ck_assert_int_eq(bq_tpm_get_random(&vm_tpm, out, 8), BQ_E_GONE);
	ck_assert_int_eq(bq_tpm_get_random(&vm_tpm, out, 8), 0);
	vm_restart("rc:GetRandom:1:0x922"); /* RETRY: the library asks again */
	ck_assert_int_eq(bq_tpm_get_random(&vm_tpm, out, 8), 0);
}
END_TEST

Suite *suite_hclsim_nv(void)
{
	const TTest *const tests[] = {
		public_areas,
		reads_are_refused,
		changes_are_refused,
		odd_packets,
		cut_packets,
		handles_are_listed,
		ak_certificate_is_der_and_zeros,
		nonces_are_at_most_50_bytes,
		absent_or_unwritten,
		owner_password,
		ak_gone_or_another,
		commands_fail_on_request,
	};
	Suite *s = suite_create("hclsim_nv");

	suite_add_tcase(s, vm_tcase("hclsim_nv", tests, sizeof(tests) / sizeof(tests[0])));
	return s;
}

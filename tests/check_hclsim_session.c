/* An HMAC session as tpm2-tools uses one: the client's side of TPM 2.0 Library,
 * part 1, 19.6, worked out here on its own. */
#include "simulated.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define HASH  32
#define FRESH 0x5A /* every byte of our nonces */

struct client {
	uint32_t session;
	uint8_t caller[HASH], tpm[HASH]; /* nonces */
	const char *password;
	uint8_t attributes;
};

static size_t exchange(struct bq_wr *w, uint8_t rsp[BQ_TPM_PACKET], uint32_t *rc)
{
	struct bq_view cmd = {0}, r;
	size_t n = 0;

	bq_wr_be32_at(w, 2, (uint32_t)w->n);
	ck_assert_int_eq(bq_wr_end(w, &cmd), 0);
	ck_assert_int_eq(sim_machine_command(&vm, cmd, rsp, &n), SIM_ANSWER);
	r = bq_view_of(rsp + 6, 4);
	ck_assert_int_eq(bq_rd_be32(&r, rc), 0);
	return n;
}

static void start_session(struct client *c)
{
	uint8_t buf[128], rsp[BQ_TPM_PACKET];
	struct bq_view r, nonce = {0};
	uint32_t rc;
	struct bq_wr w;

	memset(c->caller, FRESH, HASH);
	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_be16(&w, TPM_ST_NO_SESSIONS);
	bq_wr_zeros(&w, 4);
	bq_wr_be32(&w, 0x176);
	bq_wr_be32(&w, TPM_RH_NULL);
	bq_wr_be32(&w, TPM_RH_NULL);
	bq_wr_2b(&w, bq_view_of(c->caller, HASH));
	bq_wr_be16(&w, 0); /* no salt */
	bq_wr_u8(&w, 0);   /* HMAC */
	bq_wr_be16(&w, TPM_ALG_NULL);
	bq_wr_be16(&w, TPM_ALG_SHA256);
	r = bq_view_of(rsp, exchange(&w, rsp, &rc));
	ck_assert_uint_eq(rc, 0);
	ck_assert_int_eq(bq_rd_skip(&r, 10), 0);
	ck_assert_int_eq(bq_rd_be32(&r, &c->session), 0);
	ck_assert_int_eq(bq_rd_2b(&r, &nonce), 0);
	ck_assert_uint_eq(nonce.n, HASH);
	memcpy(c->tpm, nonce.p, HASH);
}

/* HMAC(password, hash(parts) || first || second || attributes) */
static void mac(const struct client *c, struct bq_view hashed, const uint8_t *first,
		const uint8_t *second, uint8_t out[HASH])
{
	uint8_t m[3 * HASH + 1];
	unsigned n = HASH;

	ck_assert_int_eq(EVP_Digest(hashed.p, hashed.n, m, NULL, EVP_sha256(), NULL), 1);
	memcpy(m + HASH, first, HASH);
	memcpy(m + 2 * HASH, second, HASH);
	m[3 * HASH] = c->attributes;
	ck_assert_ptr_nonnull(
		HMAC(EVP_sha256(), c->password, (int)strlen(c->password), m, sizeof(m), out, &n));
}

/* NV_Read of 4 bytes of the report by the owner; the response code. On success
 * the answer's own HMAC has been checked and the nonces have moved on. */
static uint32_t read_magic(struct client *c)
{
	uint8_t buf[256], hashed[128], hmac[HASH], rsp[BQ_TPM_PACKET];
	struct bq_view name = {0}, params, nonce = {0}, its = {0}, r;
	struct bq_nv_public pub;
	struct bq_wr w, h;
	uint8_t attributes = 0;
	uint32_t rc;

	ck_assert_int_eq(bq_tpm_nv_read_public(&vm_tpm, BQ_HCL_NV_INDEX, &pub, &name), 0);
	bq_wr_init(&h, hashed, sizeof(hashed));
	bq_wr_be32(&h, TPM_CC_NV_Read);
	bq_wr_be32(&h, TPM_RH_OWNER);
	bq_wr_view(&h, name);
	bq_wr_be32(&h, 0x00040000); /* size 4, offset 0 */
	memset(c->caller, c->caller[0] + 1, HASH);
	mac(c, bq_view_of(hashed, h.n), c->caller, c->tpm, hmac);

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_be16(&w, TPM_ST_SESSIONS);
	bq_wr_zeros(&w, 4);
	bq_wr_be32(&w, TPM_CC_NV_Read);
	bq_wr_be32(&w, TPM_RH_OWNER);
	bq_wr_be32(&w, BQ_HCL_NV_INDEX);
	bq_wr_be32(&w, 4 + 2 + HASH + 1 + 2 + HASH);
	bq_wr_be32(&w, c->session);
	bq_wr_2b(&w, bq_view_of(c->caller, HASH));
	bq_wr_u8(&w, c->attributes);
	bq_wr_2b(&w, bq_view_of(hmac, HASH));
	bq_wr_be32(&w, 0x00040000);
	r = bq_view_of(rsp, exchange(&w, rsp, &rc));
	if (rc != 0)
		return rc;

	ck_assert_int_eq(bq_rd_skip(&r, 14), 0);
	ck_assert_int_eq(bq_rd_take(&r, 6, &params), 0);
	ck_assert_mem_eq(params.p, "\x00\x04HCLA", 6);
	ck_assert_int_eq(bq_rd_2b(&r, &nonce), 0);
	ck_assert_int_eq(bq_rd_u8(&r, &attributes), 0);
	ck_assert_int_eq(bq_rd_2b(&r, &its), 0);
	ck_assert_int_eq(bq_rd_end(&r), 0);
	ck_assert_uint_eq(attributes, c->attributes);
	memcpy(c->tpm, nonce.p, HASH);
	bq_wr_init(&h, hashed, sizeof(hashed));
	bq_wr_be32(&h, 0);
	bq_wr_be32(&h, TPM_CC_NV_Read);
	bq_wr_view(&h, params);
	mac(c, bq_view_of(hashed, h.n), c->tpm, c->caller, hmac);
	ck_assert_view_eq(its, bq_view_of(hmac, HASH));
	return 0;
}

START_TEST(session_authorizes)
{
	struct client c = {.password = "", .attributes = 1};

	vm_start(NULL);
	start_session(&c);
	ck_assert_uint_eq(read_magic(&c), 0);
	ck_assert_uint_eq(read_magic(&c), 0); /* with the new nonce */
	c.password = "wrong";
	ck_assert_uint_eq(read_magic(&c), 0x9A2);
	c.password = "";
	c.tpm[0] ^= 1; /* not the nonce that the TPM gave */
	ck_assert_uint_eq(read_magic(&c), 0x9A2);
	c.tpm[0] ^= 1;
	c.attributes = 0x41; /* encrypt */
	ck_assert_uint_eq(read_magic(&c), 0x984);
}
END_TEST

START_TEST(session_ends)
{
	struct client c = {.password = "", .attributes = 0};
	uint32_t n = 1;
	struct bq_view data;
	bool more;

	vm_start(NULL);
	start_session(&c);
	ck_assert_uint_eq(read_magic(&c), 0);
	ck_assert_uint_eq(read_magic(&c), 0x984);
	/* swtpm has forgotten it too */
	ck_assert_int_eq(
		bq_tpm_get_capability(&vm_tpm, TPM_CAP_HANDLES, 0x02000000, 8, &more, &data), 0);
	ck_assert_int_eq(bq_rd_be32(&data, &n), 0);
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(session_with_a_password)
{
	struct client c = {.password = SIM_OWNER_PASSWORD, .attributes = 1};

	vm_start("owner-auth");
	start_session(&c);
	ck_assert_uint_eq(read_magic(&c), 0);
	c.password = ""; /* a good HMAC, but no longer the owner's password */
	ck_assert_uint_eq(read_magic(&c), 0x9A2);
}
END_TEST

START_TEST(session_ends_with_the_power)
{
	struct client c = {.password = "", .attributes = 1};

	vm_start(NULL);
	start_session(&c);
	ck_assert(sim_machine_power(&vm));
	ck_assert_int_eq(sim_tpm_startup(&vm.tpm), 0);
	vm.started = true;
	ck_assert_uint_eq(read_magic(&c), 0x984);
}
END_TEST

Suite *suite_hclsim_session(void)
{
	const TTest *const tests[] = {session_authorizes, session_ends, session_with_a_password,
				      session_ends_with_the_power};
	Suite *s = suite_create("hclsim_session");

	suite_add_tcase(s, vm_tcase("hclsim_session", tests, sizeof(tests) / sizeof(tests[0])));
	return s;
}

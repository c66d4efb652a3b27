#include "provision.h"

#include <string.h>

#include <openssl/rand.h>

#include <barequote/hcl.h>

/* Command codes that only a TPM's owner or firmware sends: part 2, 6.5.2 */
#define CC_EvictControl        0x00000120u
#define CC_HierarchyControl    0x00000121u
#define CC_HierarchyChangeAuth 0x00000129u
#define CC_PCR_Allocate        0x0000012Bu
#define CC_CreatePrimary       0x00000131u
#define CC_Startup             0x00000144u
#define CC_Shutdown            0x00000145u

#define AK_ATTRIBUTES          0x00050472u
#define EK_ATTRIBUTES          0x000300B2u
#define RSA_BITS               2048
#define RC_HANDLE_1            0x18Bu /* no such object */

struct command {
	struct bq_wr w;
	uint8_t buf[1024];
};

/* tag, size, code, up to two handles, then the password session if there is one */
static void begin(struct command *c, uint32_t cc, const uint32_t *handles, size_t n,
		  const char *password)
{
	bq_wr_init(&c->w, c->buf, sizeof(c->buf));
	bq_wr_be16(&c->w, password != NULL ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS);
	bq_wr_zeros(&c->w, 4);
	bq_wr_be32(&c->w, cc);
	for (size_t i = 0; i < n; i++)
		bq_wr_be32(&c->w, handles[i]);
	if (password == NULL)
		return;
	bq_wr_be32(&c->w, (uint32_t)(9 + strlen(password)));
	bq_wr_be32(&c->w, TPM_RS_PW);
	bq_wr_be16(&c->w, 0);
	bq_wr_u8(&c->w, 0);
	bq_wr_2b(&c->w, bq_view_str(password));
}

static int run(struct bq_tpm *t, struct command *c)
{
	struct bq_view cmd;
	int e;

	bq_wr_be32_at(&c->w, 2, (uint32_t)c->w.n);
	if ((e = bq_wr_end(&c->w, &cmd)) != 0)
		return e;
	return bq_tpm_transact(t, cmd);
}

static int one_u16(struct bq_tpm *t, uint32_t cc, uint16_t x)
{
	struct command c;

	begin(&c, cc, NULL, 0, NULL);
	bq_wr_be16(&c.w, x);
	return run(t, &c);
}

int sim_tpm_startup(struct bq_tpm *t)
{
	return one_u16(t, CC_Startup, 0); /* TPM_SU_CLEAR */
}

int sim_tpm_shutdown(struct bq_tpm *t)
{
	return one_u16(t, CC_Shutdown, 0);
}

/* TPMT_PUBLIC of the AK. unique makes another key of it: it goes into the
 * derivation from the hierarchy's seed (part 1, 27.2). */
static void ak_template(struct bq_wr *w, struct bq_view unique)
{
	bq_wr_be16(w, TPM_ALG_RSA);
	bq_wr_be16(w, TPM_ALG_SHA256);
	bq_wr_be32(w, AK_ATTRIBUTES);
	bq_wr_be16(w, 0);
	bq_wr_be16(w, TPM_ALG_NULL);
	bq_wr_be16(w, TPM_ALG_RSASSA);
	bq_wr_be16(w, TPM_ALG_SHA256);
	bq_wr_be16(w, RSA_BITS);
	bq_wr_be32(w, 0);
	bq_wr_2b(w, unique);
}

static void ek_template(struct bq_wr *w, struct bq_view unique)
{
	/* PolicySecret(TPM_RH_ENDORSEMENT) */
	static const uint8_t policy[32] = {0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xB3, 0xF8,
					   0x1A, 0x90, 0xCC, 0x8D, 0x46, 0xA5, 0xD7, 0x24,
					   0xFD, 0x52, 0xD7, 0x6E, 0x06, 0x52, 0x0B, 0x64,
					   0xF2, 0xA1, 0xDA, 0x1B, 0x33, 0x14, 0x69, 0xAA};

	bq_wr_be16(w, TPM_ALG_RSA);
	bq_wr_be16(w, TPM_ALG_SHA256);
	bq_wr_be32(w, EK_ATTRIBUTES);
	bq_wr_2b(w, bq_view_of(policy, sizeof(policy)));
	bq_wr_be16(w, TPM_ALG_AES);
	bq_wr_be16(w, 128);
	bq_wr_be16(w, TPM_ALG_CFB);
	bq_wr_be16(w, TPM_ALG_NULL);
	bq_wr_be16(w, RSA_BITS);
	bq_wr_be32(w, 0);
	bq_wr_2b(w, unique);
}

/* Keeps the modulus of a TPM2B_PUBLIC. */
static int keep_modulus(struct bq_view pub, struct sim_rsa *out)
{
	struct bq_public p;
	int e = bq_public_parse(pub, &p);

	if (e == 0 && (p.type != TPM_ALG_RSA || p.n.n > sizeof(out->n)))
		e = BQ_E_PUBLIC;
	if (e != 0)
		return e;
	memcpy(out->n, p.n.p, p.n.n);
	out->size = p.n.n;
	return 0;
}

/* Loads a primary key of the endorsement hierarchy. Part 3, 24.1. */
static int create_primary(struct bq_tpm *t,
			  void (*template)(struct bq_wr *w, struct bq_view unique),
			  struct bq_view unique, uint32_t *handle, struct sim_rsa *out)
{
	static const uint32_t parent = TPM_RH_ENDORSEMENT;
	struct command c;
	struct bq_view r, pub;
	size_t at;
	int e;

	begin(&c, CC_CreatePrimary, &parent, 1, "");
	bq_wr_be16(&c.w, 4); /* TPM2B_SENSITIVE_CREATE of two empty buffers */
	bq_wr_be32(&c.w, 0);
	at = c.w.n;
	bq_wr_be16(&c.w, 0);
	template(&c.w, unique);
	bq_wr_be16_at(&c.w, at, (uint16_t)(c.w.n - at - 2));
	bq_wr_be16(&c.w, 0); /* outsideInfo */
	bq_wr_be32(&c.w, 0); /* creationPCR */
	if ((e = run(t, &c)) != 0)
		return e;
	r = t->rsp;
	if ((e = bq_rd_skip(&r, 10)) != 0 || (e = bq_rd_be32(&r, handle)) != 0 ||
	    (e = bq_rd_skip(&r, 4)) != 0 || (e = bq_rd_2b(&r, &pub)) != 0)
		return e;
	return keep_modulus(pub, out);
}

int sim_tpm_flush(struct bq_tpm *t, uint32_t handle)
{
	struct command c;

	begin(&c, TPM_CC_FlushContext, NULL, 0, NULL);
	bq_wr_be32(&c.w, handle);
	return run(t, &c);
}

/* Makes object persistent at the AK's handle; or, given that handle, evicts it. */
static int evict_control(struct bq_tpm *t, uint32_t object)
{
	const uint32_t handles[] = {TPM_RH_OWNER, object};
	struct command c;

	begin(&c, CC_EvictControl, handles, 2, "");
	bq_wr_be32(&c.w, BQ_HCL_AK_HANDLE);
	return run(t, &c);
}

static int make_ak(struct bq_tpm *t, struct bq_view unique, struct sim_rsa *out)
{
	uint32_t handle;
	int e, flushed;

	if ((e = create_primary(t, ak_template, unique, &handle, out)) != 0)
		return e;
	e = evict_control(t, handle);
	flushed = sim_tpm_flush(t, handle);
	return e != 0 ? e : flushed;
}

int sim_provision_ak(struct bq_tpm *t, struct sim_rsa *ak)
{
	struct bq_view pub;
	int e = bq_tpm_read_public(t, BQ_HCL_AK_HANDLE, &pub, NULL, NULL);

	if (e == BQ_E_TPM_RC && t->rc == RC_HANDLE_1)
		return make_ak(t, bq_view_of(NULL, 0), ak);
	return e != 0 ? e : keep_modulus(pub, ak);
}

int sim_provision_ek(struct bq_tpm *t, struct sim_rsa *ek)
{
	static const uint8_t unique[RSA_BITS / 8];
	uint32_t handle;
	int e = create_primary(t, ek_template, bq_view_of(unique, sizeof(unique)), &handle, ek);

	return e != 0 ? e : sim_tpm_flush(t, handle);
}

int sim_provision_no_ak(struct bq_tpm *t)
{
	return evict_control(t, BQ_HCL_AK_HANDLE);
}

int sim_provision_other_ak(struct bq_tpm *t)
{
	uint8_t unique[RSA_BITS / 8];
	struct sim_rsa other;
	int e;

	if (RAND_bytes(unique, sizeof(unique)) != 1)
		return BQ_E_IO;
	if ((e = sim_provision_no_ak(t)) != 0)
		return e;
	return make_ak(t, bq_view_of(unique, sizeof(unique)), &other);
}

int sim_provision_owner_auth(struct bq_tpm *t, const char *from, const char *to)
{
	static const uint32_t owner = TPM_RH_OWNER;
	struct command c;

	begin(&c, CC_HierarchyChangeAuth, &owner, 1, from);
	bq_wr_2b(&c.w, bq_view_str(to));
	return run(t, &c);
}

int sim_provision_user_data(struct bq_tpm *t, bool wanted)
{
	static const struct bq_nv_public small = {
		.index = BQ_HCL_USER_DATA_NV,
		.attributes = TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE | TPMA_NV_PLATFORMCREATE,
		.name_alg = TPM_ALG_SHA256,
		.size = BQ_HCL_USER_DATA_SIZE / 2,
	};
	const struct bq_auth none = {0};
	struct bq_nv_public there;
	int e = bq_tpm_nv_read_public(t, small.index, &there, NULL);

	if (e != 0 && (e != BQ_E_TPM_RC || t->rc != RC_HANDLE_1))
		return e;
	/* One of the guest's own is no trace of an earlier start. */
	if (e == 0 && (wanted || (there.attributes & TPMA_NV_PLATFORMCREATE) != 0) &&
	    (e = bq_tpm_nv_undefine(t, TPM_RH_PLATFORM, none, small.index)) != 0)
		return e;
	return wanted ? bq_tpm_nv_define(t, TPM_RH_PLATFORM, none, &small, bq_view_of(NULL, 0)) : 0;
}

/* Part 3, 22.5 */
int sim_provision_sha256(struct bq_tpm *t, bool wanted, bool *changed)
{
	static const uint32_t platform = TPM_RH_PLATFORM;
	struct bq_pcr_list sha256 = {.n = 1,
				     .bank = {{TPM_ALG_SHA256, wanted ? (1u << BQ_PCRS) - 1 : 0}}};
	struct bq_pcr_list banks;
	struct command c;
	struct bq_view r;
	bool more;
	int e;

	*changed = false;
	if ((e = bq_tpm_get_capability(t, TPM_CAP_PCRS, 0, 1, &more, &r)) != 0 ||
	    (e = bq_pcr_list_read(&r, &banks)) != 0)
		return e;
	for (unsigned i = 0; i < banks.n; i++)
		if (banks.bank[i].alg == TPM_ALG_SHA256)
			*changed = banks.bank[i].mask != sha256.bank[0].mask;
	if (!*changed)
		return 0;
	begin(&c, CC_PCR_Allocate, &platform, 1, "");
	bq_pcr_list_write(&c.w, &sha256);
	return run(t, &c);
}

int sim_provision_no_platform(struct bq_tpm *t)
{
	static const uint32_t platform = TPM_RH_PLATFORM;
	struct command c;

	begin(&c, CC_HierarchyControl, &platform, 1, "");
	bq_wr_be32(&c.w, TPM_RH_PLATFORM);
	bq_wr_u8(&c.w, 0);
	return run(t, &c);
}

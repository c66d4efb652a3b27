/* The NV indices that the paravisor keeps, as TPM 2.0 part 3, chapter 31 and the
 * reference code answer for an index with their attributes. */
#include "machine.h"

#include <string.h>

#include <openssl/evp.h>

/* Command codes beyond tpm2.h that take an index: part 2, 6.5.2 */
#define CC_HierarchyControl 0x00000121u
#define CC_NV_Increment     0x00000134u
#define CC_NV_SetBits       0x00000135u
#define CC_NV_Extend        0x00000136u
#define CC_NV_WriteLock     0x00000138u

#define NV_FIRST            0x01000000u
#define NV_LAST             0x01FFFFFFu

struct index {
	uint32_t handle;
	uint16_t size;
	bool written;
	const uint8_t *data;
};

static bool find(const struct sim_machine *m, uint32_t handle, struct index *out)
{
	if (handle == BQ_HCL_NV_INDEX && !m->faults.absent)
		*out = (struct index){handle, m->options->nv_size, m->written, m->blob};
	else if (handle == BQ_HCL_AK_CERT_NV && !m->faults.no_ak_cert)
		*out = (struct index){handle, SIM_AK_CERT_SIZE, !m->faults.unwritten_ak_cert,
				      m->ak_cert};
	else
		return false;
	return true;
}

/* TPMS_NV_PUBLIC, part 2, 13.5 */
static void wr_public(struct bq_wr *w, const struct index *x)
{
	bq_wr_be32(w, x->handle);
	bq_wr_be16(w, TPM_ALG_SHA256);
	bq_wr_be32(w, TPMA_NV_AUTHWRITE | TPMA_NV_OWNERREAD | TPMA_NV_AUTHREAD | TPMA_NV_NO_DA |
			      TPMA_NV_PLATFORMCREATE | (x->written ? TPMA_NV_WRITTEN : 0));
	bq_wr_be16(w, 0); /* authPolicy */
	bq_wr_be16(w, x->size);
}

/* Name, part 1, 16: nameAlg, then the hash of the public area. */
#define NAME_SIZE (2 + 32)

static void wr_name(struct bq_wr *w, struct bq_view public)
{
	uint8_t name[NAME_SIZE] = {0, TPM_ALG_SHA256};

	(void)EVP_Q_digest(NULL, "SHA256", NULL, public.p, public.n, name + 2, NULL);
	bq_wr_view(w, bq_view_of(name, sizeof(name)));
}

static size_t read_public(const struct sim_command *c, const struct index *x, uint8_t *rsp)
{
	uint8_t public[32];
	struct bq_wr w, p;

	if (c->tag == TPM_ST_SESSIONS)
		return sim_respond_rc(rsp, SIM_RC_SESSION_1);
	if (c->params.n != 0)
		return sim_respond_rc(rsp, SIM_RC_COMMAND_SIZE);
	bq_wr_init(&p, public, sizeof(public));
	wr_public(&p, x);
	sim_respond_begin(&w, rsp, c);
	bq_wr_2b(&w, bq_view_of(public, p.n));
	bq_wr_be16(&w, NAME_SIZE);
	wr_name(&w, bq_view_of(public, p.n));
	return sim_respond_end(&w, c, w.n);
}

/* Whether this password is the owner's: swtpm knows. Switching on the owner
 * hierarchy, which is on, does nothing, but only for who may. */
static uint32_t check_owner(struct sim_machine *m, struct bq_view password)
{
	uint8_t cmd[BQ_TPM_PACKET], rsp[BQ_TPM_PACKET];
	struct bq_view packet, r;
	struct bq_wr w;
	uint32_t rc;

	bq_wr_init(&w, cmd, sizeof(cmd));
	bq_wr_be16(&w, TPM_ST_SESSIONS);
	bq_wr_be32(&w, (uint32_t)(SIM_TPM_HEADER + 4 + 4 + 9 + password.n + 5));
	bq_wr_be32(&w, CC_HierarchyControl);
	bq_wr_be32(&w, TPM_RH_OWNER);
	bq_wr_be32(&w, (uint32_t)(9 + password.n));
	bq_wr_be32(&w, TPM_RS_PW);
	bq_wr_be16(&w, 0);
	bq_wr_u8(&w, 0);
	bq_wr_2b(&w, password);
	bq_wr_be32(&w, TPM_RH_OWNER);
	bq_wr_u8(&w, 1);
	if (bq_wr_end(&w, &packet) != 0)
		return SIM_RC_COMMAND_SIZE;
	r = bq_view_of(rsp, sim_machine_forward(m, packet, rsp));
	if (bq_rd_skip(&r, 6) != 0 || bq_rd_be32(&r, &rc) != 0)
		return SIM_RC_COMMAND_SIZE;
	return rc;
}

/* A password is shown to swtpm. An HMAC shows none, so it is tried with those
 * that there may be: none, or that of the fault owner-auth. */
static uint32_t authorize_owner(struct sim_machine *m, const struct sim_command *c,
				struct bq_view names, struct sim_auth *a)
{
	const struct bq_view candidates[] = {bq_view_of(NULL, 0), bq_view_str(SIM_OWNER_PASSWORD)};

	if (a->session == NULL)
		return check_owner(m, a->secret);
	for (size_t i = 0; i < 2; i++)
		if (sim_auth_matches(a, c, names, candidates[i]))
			return check_owner(m, candidates[i]);
	return SIM_RC_BAD_AUTH_1;
}

/* The first handle authorizes something on x, or on none yet (NULL). */
static uint32_t authorize(struct sim_machine *m, const struct sim_command *c, const struct index *x,
			  struct sim_auth *a)
{
	uint8_t names[4 + NAME_SIZE], public[32];
	uint32_t by = c->handle[0], rc;
	struct bq_wr w, p;

	if (by == TPM_RH_PLATFORM)
		return SIM_RC_HIERARCHY_1; /* switched off before the guest runs */
	if (by != TPM_RH_OWNER && (x == NULL || by < NV_FIRST || by > NV_LAST))
		return SIM_RC_VALUE_H1;
	if ((rc = sim_auth_parse(&m->sessions, c, a)) != 0)
		return rc;
	/* The index's own password is random and the paravisor's secret: every guess
	 * is wrong. Another index authorizes nothing here. */
	if (by != TPM_RH_OWNER)
		return by == x->handle ? SIM_RC_BAD_AUTH_1 : TPM_RC_NV_AUTH;
	bq_wr_init(&w, names, sizeof(names));
	bq_wr_be32(&w, TPM_RH_OWNER);
	if (x != NULL) {
		bq_wr_init(&p, public, sizeof(public));
		wr_public(&p, x);
		wr_name(&w, bq_view_of(public, p.n));
	}
	return authorize_owner(m, c, bq_view_of(names, w.n), a);
}

static size_t respond_data(struct sim_machine *m, const struct sim_command *c, struct sim_auth *a,
			   struct bq_view data, uint8_t *rsp)
{
	struct bq_view params;
	struct bq_wr w;
	size_t from, to;

	sim_respond_begin(&w, rsp, c);
	from = w.n;
	bq_wr_2b(&w, data);
	to = w.n;
	if (bq_view_sub(bq_view_of(rsp, to), from, to - from, &params) == 0)
		sim_auth_respond(&w, a, c, params);
	if (sim_auth_ends(a)) {
		(void)sim_tpm_flush(&m->tpm, a->session->handle);
		sim_session_ended(&m->sessions, a->session->handle);
	}
	return sim_respond_end(&w, c, to);
}

static size_t read_data(struct sim_machine *m, const struct sim_command *c, const struct index *x,
			uint8_t *rsp)
{
	struct bq_view r = c->params, data;
	uint16_t size, offset;
	struct sim_auth a;
	uint32_t rc;

	if (bq_rd_be16(&r, &size) != 0)
		return sim_respond_rc(rsp, SIM_RC_SHORT(1));
	if (bq_rd_be16(&r, &offset) != 0)
		return sim_respond_rc(rsp, SIM_RC_SHORT(2));
	if (bq_rd_end(&r) != 0)
		return sim_respond_rc(rsp, SIM_RC_COMMAND_SIZE);
	/* The paravisor looks at the command before the TPM judges it. */
	if (x->handle == BQ_HCL_NV_INDEX)
		sim_report_before_read(m, offset);
	if ((rc = authorize(m, c, x, &a)) != 0)
		return sim_respond_rc(rsp, rc);
	if (!x->written)
		return sim_respond_rc(rsp, TPM_RC_NV_UNINIT);
	if (size > BQ_TPM_NV_CHUNK)
		return sim_respond_rc(rsp, SIM_RC_READ_SIZE);
	if (offset > x->size)
		return sim_respond_rc(rsp, SIM_RC_READ_OFFSET);
	if (bq_view_sub(bq_view_of(x->data, x->size), offset, size, &data) != 0)
		return sim_respond_rc(rsp, TPM_RC_NV_RANGE);
	return respond_data(m, c, &a, data, rsp);
}

/* Whatever would change x, or make it anew (NULL): not even the owner may. */
static size_t refuse(struct sim_machine *m, const struct sim_command *c, const struct index *x,
		     uint32_t why, uint8_t *rsp)
{
	struct sim_auth a;
	uint32_t rc = authorize(m, c, x, &a);

	return sim_respond_rc(rsp, rc != 0 ? rc : why);
}

/* NV_DefineSpace names its index in the parameters: auth, then TPM2B_NV_PUBLIC. */
static bool defines(const struct sim_machine *m, const struct sim_command *c)
{
	struct bq_view r = c->params, auth, public;
	struct index x;
	uint32_t handle;

	return c->cc == TPM_CC_NV_DefineSpace && bq_rd_2b(&r, &auth) == 0 &&
	       bq_rd_2b(&r, &public) == 0 && bq_rd_be32(&public, &handle) == 0 &&
	       find(m, handle, &x);
}

bool sim_nv_command(struct sim_machine *m, const struct sim_command *c, uint8_t *rsp, size_t *rsp_n)
{
	struct index x;

	if (defines(m, c)) {
		*rsp_n = refuse(m, c, NULL, TPM_RC_NV_DEFINED, rsp);
		return true;
	}
	/* The index is the last of the handles, the authorization the first. */
	if (c->handles < 1 || c->handles > 2 || !find(m, c->handle[c->handles - 1], &x))
		return false;
	if (c->malformed != 0) {
		*rsp_n = sim_respond_rc(rsp, c->malformed);
		return true;
	}
	switch (c->cc) {
	case TPM_CC_NV_ReadPublic:
		*rsp_n = read_public(c, &x, rsp);
		return true;
	case TPM_CC_NV_Read:
		*rsp_n = read_data(m, c, &x, rsp);
		return true;
	case TPM_CC_NV_Write:
	case TPM_CC_NV_UndefineSpace:
	case CC_NV_Increment:
	case CC_NV_SetBits:
	case CC_NV_Extend:
	case CC_NV_WriteLock:
		*rsp_n = refuse(m, c, &x, TPM_RC_NV_AUTH, rsp);
		return true;
	default:
		return false;
	}
}

#define HANDLES_MAX 254 /* in a TPML_HANDLE: MAX_CAP_HANDLES of a 1024-byte buffer */

struct handles {
	uint32_t list[HANDLES_MAX + 2];
	size_t n;
};

/* Keeps the list sorted; handles come from the TPM in ascending order. */
static void insert(struct handles *h, uint32_t handle)
{
	size_t at = h->n;

	while (at > 0 && h->list[at - 1] > handle)
		at--;
	memmove(&h->list[at + 1], &h->list[at], (h->n - at) * sizeof(h->list[0]));
	h->list[at] = handle;
	h->n++;
}

static bool parse_handles(struct bq_view r, uint8_t *more, struct handles *h)
{
	uint32_t capability, count;

	if (bq_rd_skip(&r, SIM_TPM_HEADER) != 0 || bq_rd_u8(&r, more) != 0 ||
	    bq_rd_be32(&r, &capability) != 0 || capability != TPM_CAP_HANDLES ||
	    bq_rd_be32(&r, &count) != 0 || count > HANDLES_MAX)
		return false;
	for (h->n = 0; h->n < count; h->n++)
		if (bq_rd_be32(&r, &h->list[h->n]) != 0)
			return false;
	return bq_rd_end(&r) == 0;
}

void sim_nv_add_handles(const struct sim_machine *m, const struct sim_command *c, uint8_t *rsp,
			size_t *rsp_n)
{
	static const uint32_t ours[] = {BQ_HCL_NV_INDEX, BQ_HCL_AK_CERT_NV};
	struct bq_view r = c->params;
	uint32_t capability, from, count;
	struct handles h;
	struct index x;
	struct bq_wr w;
	uint8_t more;

	if (c->tag != TPM_ST_NO_SESSIONS || bq_rd_be32(&r, &capability) != 0 ||
	    bq_rd_be32(&r, &from) != 0 || bq_rd_be32(&r, &count) != 0 || from < NV_FIRST ||
	    from > NV_LAST || !parse_handles(bq_view_of(rsp, *rsp_n), &more, &h))
		return;
	for (size_t i = 0; i < 2; i++)
		/* Beyond a list that goes on, it is for a later call. */
		if (find(m, ours[i], &x) && ours[i] >= from &&
		    (more == 0 || (h.n > 0 && ours[i] < h.list[h.n - 1])))
			insert(&h, ours[i]);
	if (h.n > count || h.n > HANDLES_MAX) {
		h.n = count < HANDLES_MAX ? count : HANDLES_MAX;
		more = 1;
	}
	sim_respond_begin(&w, rsp, c);
	bq_wr_u8(&w, more);
	bq_wr_be32(&w, TPM_CAP_HANDLES);
	bq_wr_be32(&w, (uint32_t)h.n);
	for (size_t i = 0; i < h.n; i++)
		bq_wr_be32(&w, h.list[i]);
	*rsp_n = sim_respond_end(&w, c, w.n);
}

#include "session.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#define SESSION_HMAC 0x00u /* TPM_SE, part 2, 6.11 */
#define CONTINUE     0x01u /* TPMA_SESSION, part 2, 8.4 */
#define ALG_XOR      0x000Au
#define MESSAGE_MAX  (BQ_TPM_PACKET + 256)

static struct sim_session *lookup(struct sim_sessions *s, uint32_t handle)
{
	for (size_t i = 0; i < SIM_SESSIONS; i++)
		if (s->list[i].handle == handle)
			return &s->list[i];
	return NULL;
}

/* TPMT_SYM_DEF, part 2, 11.1.6 */
static bool skip_symmetric(struct bq_view *r)
{
	uint16_t alg;

	if (bq_rd_be16(r, &alg) != 0)
		return false;
	return alg == TPM_ALG_NULL || bq_rd_skip(r, alg == ALG_XOR ? 2 : 4) == 0;
}

void sim_session_started(struct sim_sessions *s, const struct sim_command *c, struct bq_view rsp)
{
	struct bq_view r = c->params, nonce, salt;
	struct sim_session *free;
	uint32_t handle;
	uint16_t hash;
	uint8_t type;

	if (c->tag != TPM_ST_NO_SESSIONS || c->handle[0] != TPM_RH_NULL ||
	    c->handle[1] != TPM_RH_NULL || bq_rd_2b(&r, &nonce) != 0 || bq_rd_2b(&r, &salt) != 0 ||
	    bq_rd_u8(&r, &type) != 0 || type != SESSION_HMAC || !skip_symmetric(&r) ||
	    bq_rd_be16(&r, &hash) != 0)
		return;
	if (bq_rd_skip(&rsp, SIM_TPM_HEADER) != 0 || bq_rd_be32(&rsp, &handle) != 0 ||
	    bq_rd_2b(&rsp, &nonce) != 0 || nonce.n > BQ_DIGEST_MAX)
		return;
	sim_session_ended(s, handle);
	free = lookup(s, 0);
	if (free == NULL)
		return;
	*free = (struct sim_session){.handle = handle, .hash = hash, .nonce_n = nonce.n};
	memcpy(free->nonce, nonce.p, nonce.n);
}

void sim_session_ended(struct sim_sessions *s, uint32_t handle)
{
	struct sim_session *old = lookup(s, handle);

	if (old != NULL)
		old->handle = 0;
}

uint32_t sim_auth_parse(struct sim_sessions *s, const struct sim_command *c, struct sim_auth *out)
{
	struct bq_view r = c->auth;
	uint32_t session;

	*out = (struct sim_auth){0};
	if (c->tag != TPM_ST_SESSIONS)
		return SIM_RC_AUTH_MISSING;
	if (bq_rd_be32(&r, &session) != 0 || bq_rd_2b(&r, &out->nonce) != 0 ||
	    bq_rd_u8(&r, &out->attributes) != 0 || bq_rd_2b(&r, &out->secret) != 0)
		return SIM_RC_AUTHSIZE;
	if (bq_rd_end(&r) != 0)
		return SIM_RC_SESSION_1;
	if (session == TPM_RS_PW)
		return out->nonce.n == 0 ? 0 : SIM_RC_SESSION_1;
	out->session = session != 0 ? lookup(s, session) : NULL;
	/* Neither audit nor encryption of parameters. */
	return out->session != NULL && (out->attributes & ~CONTINUE) == 0 ? 0 : SIM_RC_SESSION_1;
}

static size_t digest(uint16_t alg, struct bq_view v, uint8_t out[BQ_DIGEST_MAX])
{
	size_t n = 0;

	return EVP_Q_digest(NULL, bq_alg_name(alg), NULL, v.p, v.n, out, &n) == 1 ? n : 0;
}

/* HMAC(authValue, pHash || nonceNewer || nonceOlder || attributes): part 1, 19.6.5.
 * Unsalted and unbound, the session has no key of its own. */
static size_t compute(const struct sim_auth *a, struct bq_view hashed, struct bq_view newer,
		      struct bq_view older, struct bq_view key, uint8_t out[BQ_DIGEST_MAX])
{
	uint8_t message[4 * BQ_DIGEST_MAX], hash[BQ_DIGEST_MAX];
	const char *alg = bq_alg_name(a->session->hash);
	struct bq_view v;
	struct bq_wr w;
	size_t n = 0;

	bq_wr_init(&w, message, sizeof(message));
	bq_wr_view(&w, bq_view_of(hash, digest(a->session->hash, hashed, hash)));
	bq_wr_view(&w, newer);
	bq_wr_view(&w, older);
	bq_wr_u8(&w, a->attributes);
	if (bq_wr_end(&w, &v) != 0 ||
	    EVP_Q_mac(NULL, "HMAC", NULL, alg, NULL, key.n != 0 ? key.p : (const uint8_t *)"",
		      key.n, v.p, v.n, out, BQ_DIGEST_MAX, &n) == NULL)
		return 0;
	return n;
}

static struct bq_view nonce_tpm(const struct sim_auth *a)
{
	return bq_view_of(a->session->nonce, a->session->nonce_n);
}

static bool hmac_matches(const struct sim_auth *a, const struct sim_command *c,
			 struct bq_view names, struct bq_view key)
{
	uint8_t hashed[MESSAGE_MAX], mac[BQ_DIGEST_MAX];
	struct bq_view v;
	struct bq_wr w;
	size_t n;

	bq_wr_init(&w, hashed, sizeof(hashed));
	bq_wr_be32(&w, c->cc);
	bq_wr_view(&w, names);
	bq_wr_view(&w, c->params);
	if (bq_wr_end(&w, &v) != 0)
		return false;
	n = compute(a, v, a->nonce, nonce_tpm(a), key, mac);
	return n != 0 && bq_view_eq_ct(bq_view_of(mac, n), a->secret);
}

bool sim_auth_matches(struct sim_auth *a, const struct sim_command *c, struct bq_view names,
		      struct bq_view auth_value)
{
	bool ok = a->session == NULL ? bq_view_eq_ct(a->secret, auth_value)
				     : hmac_matches(a, c, names, auth_value);

	if (!ok || auth_value.n > sizeof(a->key))
		return false;
	if (auth_value.n != 0)
		memcpy(a->key, auth_value.p, auth_value.n);
	a->key_n = auth_value.n;
	return true;
}

void sim_auth_respond(struct bq_wr *w, struct sim_auth *a, const struct sim_command *c,
		      struct bq_view params)
{
	uint8_t hashed[MESSAGE_MAX], mac[BQ_DIGEST_MAX];
	struct bq_view v = {0};
	struct bq_wr h;
	size_t n = 0;

	if (a->session == NULL) {
		bq_wr_be16(w, 0);
		bq_wr_u8(w, CONTINUE); /* always, for a password */
		bq_wr_be16(w, 0);
		return;
	}
	bq_wr_init(&h, hashed, sizeof(hashed));
	bq_wr_be32(&h, TPM_RC_SUCCESS);
	bq_wr_be32(&h, c->cc);
	bq_wr_view(&h, params);
	(void)RAND_bytes(a->session->nonce, (int)a->session->nonce_n);
	if (bq_wr_end(&h, &v) == 0)
		n = compute(a, v, nonce_tpm(a), a->nonce, bq_view_of(a->key, a->key_n), mac);
	bq_wr_2b(w, nonce_tpm(a));
	bq_wr_u8(w, a->attributes);
	bq_wr_2b(w, bq_view_of(mac, n));
}

bool sim_auth_ends(const struct sim_auth *a)
{
	return a->session != NULL && (a->attributes & CONTINUE) == 0;
}

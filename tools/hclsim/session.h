/* Authorizations of the commands that the simulator answers itself: the
 * password session, and HMAC sessions as tpm2-tools starts them, unsalted and
 * unbound (TPM 2.0 Library, part 1, 19.6). swtpm makes the session; only its
 * nonces are followed here, so it is of no more use to swtpm afterwards but to be
 * flushed. */
#ifndef HCLSIM_SESSION_H
#define HCLSIM_SESSION_H

#include "command.h"

#define SIM_SESSIONS 64 /* MAX_ACTIVE_SESSIONS of libtpms */

struct sim_session {
	uint32_t handle; /* 0: free */
	uint16_t hash;
	uint8_t nonce[BQ_DIGEST_MAX]; /* nonceTPM */
	size_t nonce_n;
};

struct sim_sessions {
	struct sim_session list[SIM_SESSIONS];
};

/* swtpm has answered a StartAuthSession with success. */
void sim_session_started(struct sim_sessions *s, const struct sim_command *c, struct bq_view rsp);
/* A session handle is flushed. */
void sim_session_ended(struct sim_sessions *s, uint32_t handle);

struct sim_auth {
	struct sim_session *session;  /* NULL: a password session */
	struct bq_view nonce, secret; /* of the caller: nonceCaller; password or HMAC */
	uint8_t attributes;           /* TPMA_SESSION */
	uint8_t key[BQ_DIGEST_MAX];   /* the authValue that was right */
	size_t key_n;
};

/* The one authorization of a command: 0, or a response code. Views lie in c. */
uint32_t sim_auth_parse(struct sim_sessions *s, const struct sim_command *c, struct sim_auth *out);
/* Whether authValue authorizes c; if so, a keeps it. names are those of c's
 * handles, one after another. */
bool sim_auth_matches(struct sim_auth *a, const struct sim_command *c, struct bq_view names,
		      struct bq_view auth_value);
/* The response's authorization area, over the parameters written so far. */
void sim_auth_respond(struct bq_wr *w, struct sim_auth *a, const struct sim_command *c,
		      struct bq_view params);
/* True where the session ends with this command. */
bool sim_auth_ends(const struct sim_auth *a);

#endif

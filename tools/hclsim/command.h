/* TPM commands taken apart and responses put together, as far as the simulator
 * answers itself (TPM 2.0 Library, part 1, 18; part 3, 5). */
#ifndef HCLSIM_COMMAND_H
#define HCLSIM_COMMAND_H

#include <barequote/tpm.h>

#define SIM_TPM_HEADER 10

/* Response codes, part 2, 6.6.3, that the simulator gives */
#define SIM_RC_AUTH_MISSING 0x125u
#define SIM_RC_COMMAND_SIZE 0x142u
#define SIM_RC_AUTHSIZE     0x144u
#define SIM_RC_HIERARCHY_1  0x185u /* handle 1 */
#define SIM_RC_VALUE_H1     0x184u
#define SIM_RC_SESSION_1    0x984u /* TPM_RC_VALUE, session 1 */
#define SIM_RC_BAD_AUTH_1   0x9A2u
#define SIM_RC_READ_SIZE    0x1C4u /* TPM_RC_VALUE, parameter 1 */
#define SIM_RC_READ_OFFSET  0x2C4u
#define SIM_RC_QUOTE_DATA   0x1D5u                        /* TPM_RC_SIZE, parameter 1 */
#define SIM_RC_SHORT(p)     (0x0DAu | (uint32_t)(p) << 8) /* TPM_RC_INSUFFICIENT */

struct sim_command {
	struct bq_view raw;
	uint16_t tag;
	uint32_t cc;
	int handles; /* in the handle area, -1 where cc is unknown */
	uint32_t handle[3];
	struct bq_view auth;   /* the authorization area without its size */
	struct bq_view params; /* what follows */
	uint32_t malformed;    /* 0, or the response code that says why it does not parse */
};

/* The header is complete and agrees with raw.n. What is not there is zero. */
void sim_command_parse(struct bq_view raw, struct sim_command *out);

/* A response of a code alone; returns its size. */
size_t sim_respond_rc(uint8_t *rsp, uint32_t rc);
/* The header of a success, with parameterSize where the command had sessions. */
void sim_respond_begin(struct bq_wr *w, uint8_t *rsp, const struct sim_command *c);
/* Both sizes, once the parameters and after them the authorizations (from offset
 * auth on) are written; returns the response's size. */
size_t sim_respond_end(struct bq_wr *w, const struct sim_command *c, size_t auth);

#endif

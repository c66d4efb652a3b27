/* swtpm as a child, held by both ends: its control channel and its data channel
 * are socket pairs, so nobody else reaches it. */
#ifndef HCLSIM_SWTPM_H
#define HCLSIM_SWTPM_H

#include <stdbool.h>
#include <sys/types.h>

#include <barequote/bytes.h>

/* Commands of the control channel (swtpm's tpm_ioctl.h), big-endian u32 */
enum sim_ctrl {
	SIM_CTRL_GET_CAPABILITY = 1,
	SIM_CTRL_INIT = 2,
	SIM_CTRL_SHUTDOWN = 3,
	SIM_CTRL_GET_TPMESTABLISHED = 4,
	SIM_CTRL_SET_LOCALITY = 5,
	SIM_CTRL_HASH_START = 6,
	SIM_CTRL_HASH_DATA = 7,
	SIM_CTRL_HASH_END = 8,
	SIM_CTRL_CANCEL_TPM_CMD = 9,
	SIM_CTRL_STORE_VOLATILE = 10,
	SIM_CTRL_RESET_TPMESTABLISHED = 11,
	SIM_CTRL_STOP = 14,
	SIM_CTRL_GET_CONFIG = 15,
	SIM_CTRL_SET_DATAFD = 16,
	SIM_CTRL_SET_BUFFERSIZE = 17,
};

struct sim_swtpm {
	pid_t pid;
	int ctrl, data; /* our ends */
};

/* Starts it with its state in dir/tpm and its log in dir/swtpm.log, off (see
 * sim_swtpm_power()). False, with a line on stderr. */
bool sim_swtpm_start(struct sim_swtpm *s, const char *dir);
/* Switched on anew; TPM2_Startup is still to come. */
bool sim_swtpm_power(struct sim_swtpm *s);
/* Ends it. */
void sim_swtpm_stop(struct sim_swtpm *s);

/* One message of the control channel and its answer; 0 where swtpm is gone. */
size_t sim_swtpm_ctrl(struct sim_swtpm *s, struct bq_view msg, uint8_t *rsp, size_t cap);
/* One TPM command; as bq_transport's transact, ctx a struct sim_swtpm. */
int sim_swtpm_transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		       int *sys_errno);

#endif

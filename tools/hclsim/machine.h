/* The simulated VM: a TPM, the paravisor in front of it, a processor that signs.
 *
 * sim_machine_command() is the whole TPM as a client sees it. */
#ifndef HCLSIM_MACHINE_H
#define HCLSIM_MACHINE_H

#include <stdio.h>

#include <barequote/hcl.h>

#include "certs.h"
#include "command.h"
#include "options.h"
#include "provision.h"
#include "session.h"
#include "snp_sign.h"
#include "swtpm.h"

#define SIM_AK_CERT_SIZE 4096 /* bytes in index 0x01C101D0 */
#define SIM_NEVER        UINT64_MAX

struct sim_machine {
	const struct sim_options *options;
	struct sim_faults faults; /* counted down as they happen */
	struct sim_swtpm swtpm;
	struct bq_tpm tpm; /* the paravisor's own access */
	struct sim_sessions sessions;
	struct sim_keys keys;
	struct sim_certs certs;
	X509 *old_vcek; /* of an older TCB: fault tcbm */
	struct sim_rsa ak, ek;
	uint8_t ak_cert[SIM_AK_CERT_SIZE];
	bool started; /* the TPM has had its Startup */
	bool broken;  /* swtpm is gone */

	/* Index 0x01400001 */
	uint8_t blob[BQ_HCL_MAX];
	bool written;
	uint64_t last_ms; /* of the last successful regeneration */
	uint64_t due_ms;  /* when a write has to be taken up, or SIM_NEVER */
	uint32_t reads;   /* from offset 0 */
	bool tear;        /* another report before the next chunk is read */

	FILE *log;   /* or NULL */
	int stop_fd; /* becomes readable when waiting has to end; or -1 */
};

/* Opens everything in options->dir, starts the TPM and boots. False, with a line
 * on stderr; sim_machine_close() has to follow in any case. */
bool sim_machine_open(struct sim_machine *m, const struct sim_options *options, int stop_fd);
void sim_machine_close(struct sim_machine *m);

enum sim_answer {
	SIM_ANSWER,
	SIM_DROP, /* no answer: the connection ends */
};

/* One command whose header has been checked (sizes agree, at least 10 bytes). */
enum sim_answer sim_machine_command(struct sim_machine *m, struct bq_view cmd,
				    uint8_t rsp[BQ_TPM_PACKET], size_t *rsp_n);

/* Power switched off and on by QEMU or over the control channel: the TPM waits
 * for its Startup, with which the VM boots. */
bool sim_machine_power(struct sim_machine *m);

/* --- the paravisor: report.c ------------------------------------------------ */

/* The first report of a boot, whatever the user data. */
void sim_report_boot(struct sim_machine *m);
/* An NV_Read of the report index at offset 0, or at another. */
void sim_report_before_read(struct sim_machine *m, uint16_t offset);
/* The guest has written its user data. */
void sim_report_after_write(struct sim_machine *m);
/* Does what is due; the milliseconds until there is something again, or -1. */
int sim_report_tick(struct sim_machine *m);

/* --- its NV indices: nv.c ---------------------------------------------------- */

/* True where the command is about an index that the paravisor keeps: rsp is the
 * answer. False: it is swtpm's. */
bool sim_nv_command(struct sim_machine *m, const struct sim_command *c, uint8_t *rsp,
		    size_t *rsp_n);
/* Adds them to swtpm's answer to a GetCapability for handles. */
void sim_nv_add_handles(const struct sim_machine *m, const struct sim_command *c, uint8_t *rsp,
			size_t *rsp_n);

/* Sends one command to swtpm as it is; sets m->broken where that fails. */
size_t sim_machine_forward(struct sim_machine *m, struct bq_view cmd, uint8_t rsp[BQ_TPM_PACKET]);

#endif

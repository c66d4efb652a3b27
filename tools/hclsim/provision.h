/* What the paravisor does to a TPM that has just been started. */
#ifndef HCLSIM_PROVISION_H
#define HCLSIM_PROVISION_H

#include <stdbool.h>

#include <barequote/attest.h>
#include <barequote/claims.h>
#include <barequote/tpm.h>

#define SIM_OWNER_PASSWORD "hclsim" /* of the fault owner-auth */

struct sim_rsa {
	uint8_t n[BQ_RSA_MAX]; /* modulus, big-endian */
	size_t size;
};

/* All of them: 0, or what bq_tpm_transact() returns. */
int sim_tpm_startup(struct bq_tpm *t);
int sim_tpm_shutdown(struct bq_tpm *t);
int sim_tpm_flush(struct bq_tpm *t, uint32_t handle); /* FlushContext */
/* The AK at 0x81000003, made where there is none. */
int sim_provision_ak(struct bq_tpm *t, struct sim_rsa *ak);
/* The modulus of the default EK (TCG EK Credential Profile, template L-1). */
int sim_provision_ek(struct bq_tpm *t, struct sim_rsa *ek);
/* Another key of the AK's kind takes its place. */
int sim_provision_other_ak(struct bq_tpm *t);
int sim_provision_no_ak(struct bq_tpm *t);
/* The password of the owner hierarchy, from one to another. */
int sim_provision_owner_auth(struct bq_tpm *t, const char *from, const char *to);
/* An index of the platform's in the place of the guest's, or none. */
int sim_provision_user_data(struct bq_tpm *t, bool wanted);
/* All the PCRs of a bank, or none. *changed: it holds once the TPM starts anew. */
int sim_provision_sha256(struct bq_tpm *t, bool wanted, bool *changed);
/* As before the operating system runs. */
int sim_provision_no_platform(struct bq_tpm *t);

#endif

/* What goes wrong on purpose: --fault SPEC. */
#ifndef HCLSIM_FAULT_H
#define HCLSIM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_FAULT_RULES 32
#define SIM_ALWAYS      UINT32_MAX /* where an occurrence is meant: each */

enum sim_fault_kind {
	SIM_FAULT_RC,    /* answered with a response code, not executed */
	SIM_FAULT_DELAY, /* executed late */
	SIM_FAULT_DROP,  /* the connection is closed, not executed */
};

struct sim_fault_rule {
	enum sim_fault_kind kind;
	uint32_t cc;  /* 0: any command */
	uint32_t nth; /* from 1, or SIM_ALWAYS */
	uint32_t value;
	uint32_t seen; /* commands it is about, so far */
};

struct sim_faults {
	struct sim_fault_rule rules[SIM_FAULT_RULES];
	size_t n;
	uint32_t torn;      /* the report read that is torn, SIM_ALWAYS, or 0 */
	uint32_t tcbm;      /* IMDS answers with another TCB: the first so many */
	int imds_status;    /* HTTP status instead of certificates, or 0 */
	uint32_t imds_many; /* the first so many */
	uint32_t type;      /* enum bq_hcl_report_type, or 0 */
	bool stale, unwritten, absent, owner_auth, zero_ak;
	bool no_ak, other_ak, no_ak_cert, unwritten_ak_cert, imds_pem;
	bool clock_ahead, platform_user_data, no_sha256;
};

/* False, with the reason, where spec is none. */
bool sim_fault_parse(struct sim_faults *f, const char *spec, char *why, size_t cap);

struct sim_fault_action {
	uint32_t delay_ms, rc;
	bool drop;
};

/* What happens to this command; counts it. */
struct sim_fault_action sim_fault_on(struct sim_faults *f, uint32_t cc);

/* For --help. */
extern const char sim_fault_help[];

#endif

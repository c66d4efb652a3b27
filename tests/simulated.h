/* A simulated VM in the test's own process: swtpm behind it, no socket in front.
 * sim_machine_command() is the transport. */
#ifndef SIMULATED_H
#define SIMULATED_H

#include "support.h"

#include "machine.h"
#include "mint.h"

extern struct sim_options vm_options; /* changed by a test before vm_start() */
extern struct sim_machine vm;
extern struct bq_tpm vm_tpm;

#define VM_NO_AUTH ((struct bq_auth){0})
#define VM_OWNER   (TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE)

/* fault: one --fault, or NULL. */
void vm_start(const char *fault);
/* Again, on the same state; without the faults of before. */
void vm_restart(const char *fault);

/* A view of the whole report index. */
struct bq_hcl vm_report(void);
/* The first byte of its user data. */
unsigned vm_mark(void);
void vm_define_user_data(uint32_t attributes, uint16_t size);
/* 64 bytes of user data that start with it. */
void vm_write_mark(uint8_t mark);
/* Whether a report is for its claims. */
bool vm_is_bound(const struct bq_hcl *h);

#define ck_assert_rc(call, code)                                                                   \
	do {                                                                                       \
		ck_assert_int_eq((call), BQ_E_TPM_RC);                                             \
		ck_assert_uint_eq(vm_tpm.rc, (code));                                              \
	} while (0)

/* A case whose tests each have a VM of their own, off; empty without swtpm. */
TCase *vm_tcase(const char *name, const TTest *const *tests, size_t n);

#endif

#include "simulated.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sim_options vm_options;
struct sim_machine vm;
struct bq_tpm vm_tpm;

static int transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		    int *sys_errno)
{
	uint8_t buf[BQ_TPM_PACKET];

	(void)ctx;
	*sys_errno = 0;
	if (sim_machine_command(&vm, cmd, buf, rsp_n) != SIM_ANSWER)
		return BQ_E_GONE;
	ck_assert_uint_le(*rsp_n, cap);
	memcpy(rsp, buf, *rsp_n);
	return 0;
}

static void remove_state(void)
{
	char command[4200];

	snprintf(command, sizeof(command), "rm -rf '%s/tpm'", mint_dir());
	ck_assert_int_eq(system(command), 0);
}

static void setup(void)
{
	remove_state();
	vm_options = (struct sim_options){.dir = mint_dir(),
					  .listen = "",
					  .product = BQ_PRODUCT_MILAN,
					  .report_version = 3,
					  .hcl_version = 1,
					  .nv_size = 2600};
}

void vm_start(const char *fault)
{
	char why[128];

	if (fault != NULL)
		ck_assert(sim_fault_parse(&vm_options.faults, fault, why, sizeof(why)));
	ck_assert(sim_machine_open(&vm, &vm_options, -1));
	bq_tpm_init(&vm_tpm, (struct bq_transport){.transact = transact});
}

static void teardown(void)
{
	sim_machine_close(&vm);
	remove_state();
}

void vm_restart(const char *fault)
{
	sim_machine_close(&vm);
	vm_options.faults = (struct sim_faults){0};
	vm_start(fault);
}

static uint8_t blob[BQ_HCL_MAX];

struct bq_hcl vm_report(void)
{
	struct bq_hcl h = {0};

	ck_assert_int_eq(bq_tpm_nv_read(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_NV_INDEX, 0, blob,
					vm_options.nv_size),
			 0);
	ck_assert_int_eq(bq_hcl_parse(bq_view_of(blob, vm_options.nv_size), &h), 0);
	return h;
}

/* The first byte of its user data. */
unsigned vm_mark(void)
{
	struct bq_claims c = {0};
	struct bq_hcl h = vm_report();
	uint8_t data[64];

	ck_assert_int_eq(bq_claims_parse(h.claims, &c), 0);
	ck_assert_int_eq(bq_claims_user_data(&c, data), 0);
	return data[0];
}

void vm_define_user_data(uint32_t attributes, uint16_t size)
{
	struct bq_nv_public pub = {.index = BQ_HCL_USER_DATA_NV,
				   .attributes = attributes,
				   .name_alg = TPM_ALG_SHA256,
				   .size = size};

	ck_assert_int_eq(
		bq_tpm_nv_define(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, &pub, bq_view_of(NULL, 0)), 0);
}

void vm_write_mark(uint8_t mark)
{
	uint8_t data[64] = {0};

	data[0] = mark;
	ck_assert_int_eq(bq_tpm_nv_write(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_USER_DATA_NV, 0,
					 bq_view_of(data, sizeof(data))),
			 0);
}

bool vm_is_bound(const struct bq_hcl *h)
{
	uint8_t want[BQ_SHA256_SIZE] = {0};
	struct bq_snp snp = {0};
	struct bq_hash hash;

	ck_assert_int_eq(bq_snp_parse(h->hardware_report, &snp), 0);
	ck_assert_int_eq(bq_hash_init(&hash, TPM_ALG_SHA256), 0);
	bq_hash_add(&hash, h->claims);
	bq_hash_end(&hash, want);
	return memcmp(snp.report_data.p, want, sizeof(want)) == 0 &&
	       bq_view_is_zero(bq_view_of(snp.report_data.p + sizeof(want), 32));
}

TCase *vm_tcase(const char *name, const TTest *const *tests, size_t n)
{
	bool there = system("command -v swtpm >/dev/null 2>&1") == 0;
	TCase *tc = tcase_create(name);

	tcase_set_timeout(tc, 120); /* the first start makes the keys */
	tcase_add_checked_fixture(tc, setup, teardown);
	for (size_t i = 0; i < n; i++) {
		if (there)
			tcase_add_test(tc, tests[i]);
		else
			printf("SKIP %s: no swtpm\n", tests[i]->name);
	}
	return tc;
}

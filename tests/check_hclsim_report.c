/* Reports: what they say, and when they are made anew. */
#include "simulated.h"

#include <string.h>

START_TEST(report_is_bound_and_of_the_ak)
{
	struct bq_hcl h;
	struct bq_snp snp = {0};
	struct bq_claims c = {0};
	struct bq_view pub, n;
	struct bq_public ak = {0};
	uint8_t modulus[256];
	size_t len = 0;
	uint32_t e = 0;

	vm_start(NULL);
	h = vm_report();
	ck_assert_int_eq(bq_hcl_require_snp(&h), 0);
	ck_assert_int_eq(bq_snp_parse(h.hardware_report, &snp), 0);
	ck_assert(vm_is_bound(&h));
	ck_assert_uint_eq(snp.vmpl, 0);
	ck_assert_uint_eq(snp.policy, 0x3001F);
	ck_assert_int_eq(bq_snp_product(&snp), BQ_PRODUCT_MILAN);

	ck_assert_int_eq(bq_claims_parse(h.claims, &c), 0);
	ck_assert_int_eq(bq_jwk_rsa(&c.ak, modulus, sizeof(modulus), &len, &e), 0);
	n = bq_view_of(modulus, len);
	ck_assert_int_eq(bq_tpm_read_public(&vm_tpm, BQ_HCL_AK_HANDLE, &pub, NULL, NULL), 0);
	ck_assert_int_eq(bq_public_parse(pub, &ak), 0);
	ck_assert_view_eq(ak.n, n);
	ck_assert_uint_eq(ak.attributes, 0x00050472);
	ck_assert_uint_eq(ak.scheme, TPM_ALG_RSASSA);
	ck_assert_uint_eq(ak.hash, TPM_ALG_SHA256);
}
END_TEST

/* Sizes, orders, versions and products: everything parses and fits. */
static void check_generation(unsigned i)
{
	static const uint16_t sizes[] = {2048, 2600, 2900};
	static const enum bq_product product[] = {BQ_PRODUCT_MILAN, BQ_PRODUCT_GENOA,
						  BQ_PRODUCT_TURIN};
	static const uint32_t version[] = {2, 3, 5};
	struct bq_hcl h;
	struct bq_snp snp = {0};
	struct bq_claims c = {0};
	struct bq_tcb tcb, want = sim_tcb(product[i]);

	vm_options.nv_size = sizes[i];
	vm_options.product = product[i];
	vm_options.report_version = version[i];
	vm_options.hcl_version = i == 2 ? 2 : 1;
	vm_options.sorted = i == 1;
	vm_options.lower = i == 1;
	vm_start(NULL);
	h = vm_report();
	ck_assert_uint_eq(h.header_version, vm_options.hcl_version);
	ck_assert(vm_is_bound(&h));
	ck_assert_int_eq(bq_claims_parse(h.claims, &c), 0);
	ck_assert(c.has_user_data);
	ck_assert_int_eq(c.has_ek, i != 0);
	ck_assert_int_eq(bq_snp_parse(h.hardware_report, &snp), 0);
	ck_assert_uint_eq(snp.version, version[i]);
	ck_assert_int_eq(bq_snp_product(&snp), i == 0 ? BQ_PRODUCT_UNKNOWN : product[i]);
	tcb = bq_tcb_read(snp.reported_tcb, product[i]);
	ck_assert(bq_tcb_at_least(&tcb, &want) && bq_tcb_at_least(&want, &tcb));
}

START_TEST(oldest_generation)
{
	check_generation(0);
}
END_TEST

START_TEST(present_generation)
{
	check_generation(1);
}
END_TEST

START_TEST(newest_generation)
{
	check_generation(2);
}
END_TEST

START_TEST(no_user_data_if_told)
{
	struct bq_claims c = {0};

	vm_options.no_user_data = true;
	vm_start(NULL);
	ck_assert_int_eq(bq_claims_parse(vm_report().claims, &c), 0);
	ck_assert(!c.has_user_data);
}
END_TEST

START_TEST(other_kinds_of_report)
{
	struct bq_hcl h;

	vm_start("type:tdx");
	h = vm_report();
	ck_assert_int_eq(bq_hcl_require_snp(&h), BQ_E_HCL_TDX);
	vm_restart("type:vbs");
	h = vm_report();
	ck_assert_int_eq(bq_hcl_require_snp(&h), BQ_E_HCL_VBS);
}
END_TEST

START_TEST(a_read_takes_up_user_data)
{
	vm_start(NULL); /* no window */
	ck_assert_uint_eq(vm_mark(), 0);
	vm_define_user_data(VM_OWNER, 64);
	ck_assert_uint_eq(vm_mark(), 0); /* unwritten counts as zeros */
	vm_write_mark(7);
	ck_assert_uint_eq(vm_mark(), 7);
}
END_TEST

START_TEST(a_window_throttles)
{
	uint64_t from;

	vm_options.throttle_ms = 400;
	vm_start(NULL);
	from = vm.last_ms;
	vm_define_user_data(VM_OWNER, 64);
	vm_write_mark(7);
	ck_assert_uint_eq(vm_mark(), 0); /* boot counts */
	ck_assert_uint_eq(vm.last_ms, from);
	bq_clock_sleep_ms(NULL, 250);
	ck_assert_uint_eq(vm_mark(), 0); /* and does not start it again */
	bq_clock_sleep_ms(NULL, 250);
	ck_assert_uint_eq(vm_mark(), 7);
	vm_write_mark(8);
	ck_assert_uint_eq(vm_mark(), 7);
}
END_TEST

START_TEST(a_write_makes_it_where_told)
{
	vm_options.throttle_ms = 300;
	vm_options.refresh_on_write = true;
	vm_start(NULL);
	bq_clock_sleep_ms(NULL, 310);
	vm_define_user_data(VM_OWNER, 64);
	ck_assert_uint_eq(vm_mark(), 0); /* no read does */
	vm_write_mark(7);
	ck_assert_uint_eq(vm_mark(), 7);
	vm_write_mark(8); /* in the window: taken up at its end */
	ck_assert_uint_eq(vm_mark(), 7);
	ck_assert_int_gt(sim_report_tick(&vm), 0);
	bq_clock_sleep_ms(NULL, 310);
	ck_assert_int_eq(sim_report_tick(&vm), -1);
	ck_assert_uint_eq(vm_mark(), 8);
}
END_TEST

START_TEST(silently_stale)
{
	vm_start(NULL);
	vm_define_user_data(TPMA_NV_AUTHREAD | TPMA_NV_OWNERWRITE, 64); /* no OWNERREAD */
	vm_write_mark(7);
	ck_assert_uint_eq(vm_mark(), 0);
	ck_assert_int_eq(bq_tpm_nv_undefine(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_USER_DATA_NV),
			 0);
	vm_define_user_data(VM_OWNER, 64);
	vm_write_mark(8);
	ck_assert_uint_eq(vm_mark(), 8);
	vm_restart("stale");
	ck_assert_uint_eq(vm_mark(), 0);
}
END_TEST

START_TEST(short_and_long_user_data)
{
	vm_start(NULL);
	vm_define_user_data(VM_OWNER, 2);
	ck_assert_int_eq(bq_tpm_nv_write(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_USER_DATA_NV, 0,
					 VIEW("\x09\x0a")),
			 0);
	ck_assert_uint_eq(vm_mark(), 9);
	ck_assert_int_eq(bq_tpm_nv_undefine(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, BQ_HCL_USER_DATA_NV),
			 0);
	vm_define_user_data(VM_OWNER, 128);
	vm_write_mark(10);
	ck_assert_uint_eq(vm_mark(), 10);
}
END_TEST

/* The state survives, user data and AK included; PCRs do not. */
START_TEST(user_data_persists)
{
	struct sim_rsa ak;

	vm_start(NULL);
	ak = vm.ak;
	vm_define_user_data(VM_OWNER, 64);
	vm_write_mark(7);
	vm_options.throttle_ms = 60000;
	vm_restart(NULL);
	ck_assert_uint_eq(vm_mark(), 7);
	ck_assert_mem_eq(vm.ak.n, ak.n, ak.size);
}
END_TEST

START_TEST(torn)
{
	struct bq_hcl h;

	vm_start("torn:2");
	for (unsigned read = 1; read <= 3; read++) {
		h = vm_report();
		ck_assert_int_eq(vm_is_bound(&h), read != 2);
	}
}
END_TEST

Suite *suite_hclsim_report(void)
{
	const TTest *const tests[] = {
		report_is_bound_and_of_the_ak,
		oldest_generation,
		present_generation,
		newest_generation,
		no_user_data_if_told,
		other_kinds_of_report,
		a_read_takes_up_user_data,
		a_window_throttles,
		a_write_makes_it_where_told,
		silently_stale,
		short_and_long_user_data,
		user_data_persists,
		torn,
	};
	Suite *s = suite_create("hclsim_report");

	suite_add_tcase(s, vm_tcase("hclsim_report", tests, sizeof(tests) / sizeof(tests[0])));
	return s;
}

/* Blobs that the simulator builds, read back by the library; its command line. */
#include <string.h>

#include "support.h"

#include "hcl_build.h"
#include "options.h"

static uint8_t modulus[2][256];

static struct sim_claims claims_like(bool sorted, bool upper)
{
	struct sim_claims c = {.ak = bq_view_of(modulus[0], 256),
			       .ek = bq_view_of(modulus[1], 256),
			       .sorted = sorted,
			       .upper = upper,
			       .has_user_data = true,
			       .user_data = {0xAB, 0xCD},
			       .vm_id = {0xAB, 0xCD, 0xEF}};

	memset(modulus[0], 0xA5, 256);
	memset(modulus[1], 0xC3, 256);
	return c;
}

static struct bq_view claims_text(const struct sim_claims *c, uint8_t *buf, size_t cap)
{
	struct bq_sink_buf s;

	bq_sink_buf_init(&s, buf, cap);
	sim_claims_put(&s.s, c);
	ck_assert_int_eq(s.s.err, 0);
	return bq_view_of(buf, s.n);
}

/* Member names of an object, in order, with commas. */
static const char *names(struct bq_json j)
{
	static char out[256];
	struct bq_json_iter it;
	struct bq_json key, value;
	struct bq_view chars;
	size_t n = 0;

	ck_assert_int_eq(bq_json_iter(j, &it), 0);
	while (bq_json_next(&it, &key, &value)) {
		ck_assert_int_eq(bq_json_chars(key, &chars), 0);
		ck_assert_uint_lt(n + chars.n + 1, sizeof(out));
		memcpy(out + n, chars.p, chars.n);
		n += chars.n;
		out[n++] = ',';
	}
	out[n] = '\0';
	return out;
}

START_TEST(claims_in_struct_order)
{
	struct sim_claims c = claims_like(false, true);
	uint8_t buf[BQ_HCL_MAX], data[64], n[256];
	struct bq_claims parsed;
	size_t len;
	uint32_t e;

	ck_assert_int_eq(bq_claims_parse(claims_text(&c, buf, sizeof(buf)), &parsed), 0);
	ck_assert_str_eq(names(parsed.root), "keys,vm-configuration,user-data,");
	ck_assert_str_eq(names(parsed.ak.json), "kid,key_ops,kty,e,n,");
	ck_assert_int_eq(bq_jwk_rsa(&parsed.ak, n, sizeof(n), &len, &e), 0);
	ck_assert_view_eq(bq_view_of(n, len), c.ak);
	ck_assert_uint_eq(e, 65537);
	ck_assert(parsed.has_ek);
	ck_assert(bq_view_eq_str(parsed.ak.key_ops.raw, "[\"sign\"]"));
	ck_assert_int_eq(bq_claims_user_data(&parsed, data), 0);
	ck_assert_mem_eq(data, c.user_data, 64);
	ck_assert_mem_eq(parsed.user_data.p, "ABCD", 4);
}
END_TEST

START_TEST(claims_sorted)
{
	struct sim_claims c = claims_like(true, false);
	uint8_t buf[BQ_HCL_MAX];
	struct bq_claims parsed;
	struct bq_json id;

	c.newest = true;
	ck_assert_int_eq(bq_claims_parse(claims_text(&c, buf, sizeof(buf)), &parsed), 0);
	ck_assert_str_eq(names(parsed.root), "keys,user-data,vm-configuration,");
	ck_assert_str_eq(names(parsed.ek.json), "e,key_ops,kid,kty,n,");
	ck_assert_str_eq(
		names(parsed.config),
		"console-enabled,filtered-vpci-devices-allowed,interactive-console-enabled,"
		"root-cert-thumbprint,secure-boot,tpm-enabled,tpm-persisted,vmUniqueId,");
	ck_assert_int_eq(bq_json_member(parsed.config, "vmUniqueId", &id), 0);
	ck_assert(bq_view_eq_str(id.raw, "\"abcdef00-0000-0000-0000-000000000000\""));
}
END_TEST

/* A capture's claims, from its own values: byte for byte the same. */
START_TEST(claims_are_those_of_a_capture)
{
	struct bq_view file = read_capture(_i == 0 ? "azure-milan-2023/hcl-report.bin"
						   : "azure-milan-2023b/hcl-report.bin");
	struct sim_claims c = {.upper = true, .oldest = _i == 1, .has_user_data = _i == 0};
	struct bq_hcl h;
	struct bq_claims parsed;
	struct bq_json id, now;
	uint8_t n[2][256], buf[BQ_HCL_MAX], blob[BQ_HCL_MAX];
	struct bq_view chars;
	struct sim_hcl build;
	struct bq_wr w;
	size_t len, at = 0;
	uint32_t e;

	ck_assert_int_eq(bq_hcl_parse(file, &h), 0);
	ck_assert_int_eq(bq_claims_parse(h.claims, &parsed), 0);
	ck_assert_int_eq(bq_jwk_rsa(&parsed.ak, n[0], 256, &len, &e), 0);
	c.ak = bq_view_of(n[0], len);
	if (parsed.has_ek) {
		ck_assert_int_eq(bq_jwk_rsa(&parsed.ek, n[1], 256, &len, &e), 0);
		c.ek = bq_view_of(n[1], len);
	}
	if (c.oldest) {
		ck_assert_int_eq(bq_json_member(parsed.config, "current-time", &now), 0);
		ck_assert_int_eq(bq_json_u64(now, UINT64_MAX, &c.time), 0);
	}
	ck_assert_int_eq(bq_json_member(parsed.config, "vmUniqueId", &id), 0);
	ck_assert_int_eq(bq_json_chars(id, &chars), 0);
	for (size_t i = 0; i + 1 < chars.n; i += chars.p[i] == '-' ? 1 : 2) {
		if (chars.p[i] == '-')
			continue;
		ck_assert_int_eq(bq_hex_decode(bq_view_of(chars.p + i, 2), c.vm_id + at, 1, &len),
				 0);
		at++;
	}
	ck_assert_view_eq(claims_text(&c, buf, sizeof(buf)), h.claims);

	build = (struct sim_hcl){.header_version = h.header_version,
				 .data_version = h.data_version,
				 .report_type = h.report_type,
				 .hash_type = h.hash_type,
				 .report = h.hardware_report,
				 .claims = h.claims};
	bq_wr_init(&w, blob, sizeof(blob));
	sim_hcl_write(&w, &build);
	ck_assert_int_eq(w.err, 0);
	ck_assert_uint_eq(w.n, h.report_size);
	ck_assert_mem_eq(blob, file.p, w.n);
}
END_TEST

START_TEST(capabilities_come_before_the_claims)
{
	static const uint8_t report[] = {1, 2, 3};
	struct sim_hcl h = {.header_version = 2,
			    .data_version = 2,
			    .report_type = BQ_HCL_TDX,
			    .hash_type = BQ_HCL_SHA384,
			    .report = bq_view_of(report, sizeof(report)),
			    .claims = bq_view_str("{}")};
	uint8_t blob[BQ_HCL_MAX];
	struct bq_view v;
	struct bq_hcl out;
	struct bq_wr w;

	bq_wr_init(&w, blob, sizeof(blob));
	sim_hcl_write(&w, &h);
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	ck_assert_int_eq(bq_hcl_parse(v, &out), 0);
	ck_assert_uint_eq(out.header_version, 2);
	ck_assert(out.has_capabilities);
	ck_assert_uint_eq(out.report_type, BQ_HCL_TDX);
	ck_assert_uint_eq(out.hash_type, BQ_HCL_SHA384);
	ck_assert(bq_view_eq_str(out.claims, "{}"));
	ck_assert_mem_eq(out.hardware_report.p, report, 3);
}
END_TEST

/* --- options ------------------------------------------------------------------ */

static enum sim_options_result parse(struct sim_options *o, char *why, const char *const *args)
{
	char *argv[24] = {NULL};
	char copies[24][64];
	int argc = 0;

	for (; args[argc] != NULL; argc++) {
		strcpy(copies[argc], args[argc]);
		argv[argc] = copies[argc];
	}
	why[0] = '\0';
	return sim_options_parse(o, argc, argv, why, 256);
}

#define PARSE(o, why, ...) parse((o), (why), (const char *const[]){"hclsim", __VA_ARGS__, NULL})

START_TEST(options_have_defaults)
{
	struct sim_options o;
	char why[256];

	ck_assert_int_eq(PARSE(&o, why, "--dir", "d", "--listen", "s"), SIM_OPTIONS_OK);
	ck_assert_int_eq(o.product, BQ_PRODUCT_MILAN);
	ck_assert_uint_eq(o.report_version, 3);
	ck_assert_uint_eq(o.hcl_version, 1);
	ck_assert_uint_eq(o.nv_size, 2600);
	ck_assert_uint_eq(o.throttle_ms, 2000);
	ck_assert(!o.refresh_on_write && !o.sorted && !o.lower && !o.no_user_data);
	ck_assert(o.ctrl == NULL && o.log == NULL && o.tcp == 0 && o.imds == 0);
}
END_TEST

START_TEST(options_are_taken)
{
	struct sim_options o;
	char why[256];

	ck_assert_int_eq(PARSE(&o, why, "--dir", "d", "--tcp", "2321", "--imds=80", "--product",
			       "turin", "--report-version", "5", "--hcl-version", "2", "--nv-size",
			       "2900", "--refresh", "write", "--throttle", "0.25"),
			 SIM_OPTIONS_OK);
	ck_assert_uint_eq(o.tcp, 2321);
	ck_assert_uint_eq(o.imds, 80);
	ck_assert_int_eq(o.product, BQ_PRODUCT_TURIN);
	ck_assert_uint_eq(o.report_version, 5);
	ck_assert_uint_eq(o.hcl_version, 2);
	ck_assert_uint_eq(o.nv_size, 2900);
	ck_assert(o.refresh_on_write);
	ck_assert_uint_eq(o.throttle_ms, 250);
	ck_assert_int_eq(PARSE(&o, why, "--dir", "d", "--ctrl", "c", "--key-order", "sorted",
			       "--hex-case", "lower", "--no-user-data", "--throttle", "3600"),
			 SIM_OPTIONS_OK);
	ck_assert(o.sorted && o.lower && o.no_user_data);
	ck_assert_uint_eq(o.throttle_ms, 3600000);
	ck_assert_int_eq(PARSE(&o, why, "-h"), SIM_OPTIONS_HELP);
}
END_TEST

START_TEST(options_are_refused)
{
	static const char *const bad[][6] = {
		{"hclsim", "--dir", "d"},
		{"hclsim", "--listen", "s"},
		{"hclsim", "--dir", "d", "--tcp", "65535"},
		{"hclsim", "--dir", "d", "--tcp", "0"},
		{"hclsim", "--tcp", "1", "--product", "rome"},
		{"hclsim", "--tcp", "1", "--report-version", "4"},
		{"hclsim", "--tcp", "1", "--nv-size", "2601"},
		{"hclsim", "--tcp", "1", "--throttle", "1.0001"},
		{"hclsim", "--tcp", "1", "--throttle", "-1"},
		{"hclsim", "--tcp", "1", "--fault", "nonsense"},
		{"hclsim", "--tcp", "1", "--nonsense"},
		{"hclsim", "--tcp", "1", "--dir"},
		{"hclsim", "--dir=d", "--tcp=1", "extra"},
	};
	struct sim_options o;
	char why[256];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(parse(&o, why, bad[i]), SIM_OPTIONS_WRONG);
		ck_assert_uint_gt(strlen(why), 10);
	}
}
END_TEST

/* --- faults -------------------------------------------------------------------- */

START_TEST(faults_strike_when_told)
{
	struct sim_faults f = {0};
	char why[256];

	ck_assert(sim_fault_parse(&f, "rc:NV_Read:2:0x922", why, sizeof(why)));
	ck_assert(sim_fault_parse(&f, "delay:0x158:*:30", why, sizeof(why)));
	ck_assert(sim_fault_parse(&f, "drop:*:4", why, sizeof(why)));
	ck_assert_uint_eq(sim_fault_on(&f, TPM_CC_NV_Read).rc, 0);
	ck_assert_uint_eq(sim_fault_on(&f, TPM_CC_Quote).delay_ms, 30);
	ck_assert_uint_eq(sim_fault_on(&f, TPM_CC_NV_Read).rc, 0x922);
	ck_assert(sim_fault_on(&f, TPM_CC_Quote).drop);
	ck_assert_uint_eq(sim_fault_on(&f, TPM_CC_NV_Read).rc, 0);
	ck_assert_uint_eq(sim_fault_on(&f, TPM_CC_Quote).delay_ms, 30);
}
END_TEST

START_TEST(faults_are_read)
{
	struct sim_faults f = {0};
	char why[256];

	ck_assert(sim_fault_parse(&f, "torn:3", why, sizeof(why)));
	ck_assert(sim_fault_parse(&f, "tcbm", why, sizeof(why)));
	ck_assert(sim_fault_parse(&f, "imds-status:503:2", why, sizeof(why)));
	ck_assert(sim_fault_parse(&f, "type:vbs", why, sizeof(why)));
	ck_assert(sim_fault_parse(&f, "other-ak", why, sizeof(why)));
	ck_assert_uint_eq(f.torn, 3);
	ck_assert_uint_eq(f.tcbm, SIM_ALWAYS);
	ck_assert_int_eq(f.imds_status, 503);
	ck_assert_uint_eq(f.imds_many, 2);
	ck_assert_uint_eq(f.type, BQ_HCL_VBS);
	ck_assert(f.other_ak && !f.no_ak);
}
END_TEST

START_TEST(faults_are_refused)
{
	static const char *const bad[] = {
		"",           "rc",      "rc:NV_Read:1",     "rc:NV_Reed:1:5",     "rc:NV_Read:0:5",
		"rc:*:*:0",   "drop:*",  "drop:*:1:1",       "delay:Quote:1:",     "torn",
		"torn:0",     "stale:1", "imds-status",      "imds-status:99",     "type:snp",
		"rc:*:1:1:1", "tcbm:x",  "imds-status:500:", "imds-status:500:1:1"};
	struct sim_faults f = {0}, none = {0};
	char why[256];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!sim_fault_parse(&f, bad[i], why, sizeof(why)), "%s", bad[i]);
	ck_assert_mem_eq(&f, &none, sizeof(f));
}
END_TEST

Suite *suite_hclsim_hcl(void)
{
	Suite *s = suite_create("hclsim_hcl");
	TCase *tc = tcase_create("hclsim_hcl");

	tcase_add_test(tc, claims_in_struct_order);
	tcase_add_test(tc, claims_sorted);
	tcase_add_capture_loop_test(tc, claims_are_those_of_a_capture, 0, 2);
	tcase_add_test(tc, capabilities_come_before_the_claims);
	tcase_add_test(tc, options_have_defaults);
	tcase_add_test(tc, options_are_taken);
	tcase_add_test(tc, options_are_refused);
	tcase_add_test(tc, faults_strike_when_told);
	tcase_add_test(tc, faults_are_read);
	tcase_add_test(tc, faults_are_refused);
	suite_add_tcase(s, tc);
	return s;
}

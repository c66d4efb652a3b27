#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A report whose every byte tells where it is. */
static struct edit patterned(uint32_t version)
{
	struct edit e = {.n = BQ_SNP_REPORT_SIZE};

	for (size_t i = 0; i < e.n; i++)
		e.p[i] = (uint8_t)(i * 7 + (i >> 8));
	edit_le(&e, 0, 4, version);
	return e;
}

static uint64_t le_at(struct bq_view raw, size_t off, size_t n)
{
	uint64_t x = 0;

	for (size_t i = n; i > 0; i--)
		x = x << 8 | raw.p[off + i - 1];
	return x;
}

START_TEST(views_lie_where_the_table_says)
{
	struct edit e = patterned(5);
	struct bq_view raw = edited(&e);
	struct bq_snp s;

	ck_assert_int_eq(bq_snp_parse(raw, &s), 0);
	const struct {
		struct bq_view v;
		size_t off, n;
	} fields[] = {
		{s.raw, 0, 1184},
		{s.signed_part, 0, 0x2A0},
		{s.family_id, 0x10, 16},
		{s.image_id, 0x20, 16},
		{s.current_tcb, 0x38, 8},
		{s.report_data, 0x50, 64},
		{s.measurement, 0x90, 48},
		{s.host_data, 0xC0, 32},
		{s.id_key_digest, 0xE0, 48},
		{s.author_digest, 0x110, 48},
		{s.report_id, 0x140, 32},
		{s.report_id_ma, 0x160, 32},
		{s.reported_tcb, 0x180, 8},
		{s.chip_id, 0x1A0, 64},
		{s.committed_tcb, 0x1E0, 8},
		{s.launch_tcb, 0x1F0, 8},
		{s.sig_r, 0x2A0, 72},
		{s.sig_s, 0x2E8, 72},
	};
	for (size_t i = 0; i < COUNT(fields); i++) {
		ck_assert_ptr_eq(fields[i].v.p, raw.p + fields[i].off);
		ck_assert_uint_eq(fields[i].v.n, fields[i].n);
	}
}
END_TEST

START_TEST(numbers_lie_where_the_table_says)
{
	struct edit e = patterned(5);
	struct bq_view raw = edited(&e);
	struct bq_snp s;

	ck_assert_int_eq(bq_snp_parse(raw, &s), 0);
	const struct {
		uint64_t x;
		size_t off, n;
	} fields[] = {
		{s.version, 0, 4},
		{s.guest_svn, 4, 4},
		{s.policy, 8, 8},
		{s.vmpl, 0x30, 4},
		{s.sig_algo, 0x34, 4},
		{s.platform_info, 0x40, 8},
		{s.key_info, 0x48, 4},
		{s.cpuid_family, 0x188, 1},
		{s.cpuid_model, 0x189, 1},
		{s.cpuid_step, 0x18A, 1},
		{s.current_build, 0x1E8, 1},
		{s.current_minor, 0x1E9, 1},
		{s.current_major, 0x1EA, 1},
		{s.committed_build, 0x1EC, 1},
		{s.committed_minor, 0x1ED, 1},
		{s.committed_major, 0x1EE, 1},
		{s.launch_mit_vector, 0x1F8, 8},
		{s.current_mit_vector, 0x200, 8},
	};
	for (size_t i = 0; i < COUNT(fields); i++)
		ck_assert_msg(fields[i].x == le_at(raw, fields[i].off, fields[i].n),
			      "number at %03zx", fields[i].off);
}
END_TEST

START_TEST(sizes)
{
	struct edit e = patterned(3);
	struct bq_snp s;

	for (size_t n = 0; n < BQ_SNP_REPORT_SIZE; n++)
		ck_assert_refused(BQ_E_SNP_SIZE, &s,
				  bq_snp_parse(truncated(bq_view_of(e.p, e.n), n), &s));
	e.n++;
	ck_assert_refused(BQ_E_SNP_SIZE, &s, bq_snp_parse(edited(&e), &s));
}
END_TEST

START_TEST(versions)
{
	static const struct {
		uint32_t version;
		int error;
		bool cpuid, mitigations;
	} t[] = {
		{0, BQ_E_SNP_VERSION, false, false},
		{1, BQ_E_SNP_VERSION, false, false},
		{2, 0, false, false},
		{3, 0, true, false},
		{4, 0, true, false},
		{5, 0, true, true},
		{6, 0, true, true},
		{255, 0, true, true},
		{UINT32_MAX, 0, true, true},
	};
	struct edit e = patterned(t[_i].version);
	struct bq_snp s;

	if (t[_i].error != 0) {
		ck_assert_refused(t[_i].error, &s, bq_snp_parse(edited(&e), &s));
		return;
	}
	ck_assert_int_eq(bq_snp_parse(edited(&e), &s), 0);
	ck_assert_uint_eq(s.version, t[_i].version);
	ck_assert(s.has_cpuid == t[_i].cpuid);
	ck_assert(s.has_mitigations == t[_i].mitigations);
	ck_assert((s.cpuid_family | s.cpuid_model | s.cpuid_step) != 0 || !t[_i].cpuid);
	if (!t[_i].cpuid)
		ck_assert_uint_eq(s.cpuid_family | s.cpuid_model | s.cpuid_step, 0);
	if (!t[_i].mitigations)
		ck_assert_uint_eq(s.launch_mit_vector | s.current_mit_vector, 0);
}
END_TEST

static const struct {
	uint8_t family, model;
	enum bq_product product;
} models[] = {
	{0x18, 0x01, BQ_PRODUCT_UNKNOWN}, {0x19, 0x00, BQ_PRODUCT_MILAN},
	{0x19, 0x01, BQ_PRODUCT_MILAN},   {0x19, 0x0F, BQ_PRODUCT_MILAN},
	{0x19, 0x10, BQ_PRODUCT_GENOA},   {0x19, 0x1F, BQ_PRODUCT_GENOA},
	{0x19, 0x20, BQ_PRODUCT_UNKNOWN}, {0x19, 0x9F, BQ_PRODUCT_UNKNOWN},
	{0x19, 0xA0, BQ_PRODUCT_GENOA},   {0x19, 0xAF, BQ_PRODUCT_GENOA},
	{0x19, 0xB0, BQ_PRODUCT_UNKNOWN}, {0x1A, 0x00, BQ_PRODUCT_TURIN},
	{0x1A, 0x11, BQ_PRODUCT_TURIN},   {0x1A, 0x12, BQ_PRODUCT_UNKNOWN},
	{0x1A, 0x4F, BQ_PRODUCT_UNKNOWN}, {0x1A, 0x50, BQ_PRODUCT_VENICE},
	{0x1A, 0x57, BQ_PRODUCT_VENICE},  {0x1A, 0x58, BQ_PRODUCT_UNKNOWN},
	{0x1A, 0x8F, BQ_PRODUCT_UNKNOWN}, {0x1A, 0x90, BQ_PRODUCT_VENICE},
	{0x1A, 0xAF, BQ_PRODUCT_VENICE},  {0x1A, 0xB0, BQ_PRODUCT_UNKNOWN},
	{0x1A, 0xBF, BQ_PRODUCT_UNKNOWN}, {0x1A, 0xC0, BQ_PRODUCT_VENICE},
	{0x1A, 0xC7, BQ_PRODUCT_VENICE},  {0x1A, 0xC8, BQ_PRODUCT_UNKNOWN},
	{0x1B, 0x00, BQ_PRODUCT_UNKNOWN}, {0x00, 0x00, BQ_PRODUCT_UNKNOWN},
};

START_TEST(products)
{
	struct edit e = patterned(3);
	struct bq_snp s;

	e.p[0x188] = models[_i].family;
	e.p[0x189] = models[_i].model;
	ck_assert_int_eq(bq_snp_parse(edited(&e), &s), 0);
	ck_assert_int_eq(bq_snp_product(&s), models[_i].product);
	/* The same bytes are reserved in version 2. */
	edit_le(&e, 0, 4, 2);
	ck_assert_int_eq(bq_snp_parse(edited(&e), &s), 0);
	ck_assert_int_eq(bq_snp_product(&s), BQ_PRODUCT_UNKNOWN);
}
END_TEST

START_TEST(product_names)
{
	static const char *const names[] = {"unknown", "Milan", "Genoa", "Turin", "Venice"};

	for (unsigned i = BQ_PRODUCT_UNKNOWN; i <= BQ_PRODUCT_VENICE; i++) {
		ck_assert_str_eq(bq_product_name((enum bq_product)i), names[i]);
		ck_assert_int_eq(bq_product_by_name(bq_view_str(names[i])), (int)i);
	}
	ck_assert_int_eq(bq_product_by_name(VIEW("milan")), BQ_PRODUCT_UNKNOWN);
	ck_assert_int_eq(bq_product_by_name(VIEW("Milan-B0")), BQ_PRODUCT_UNKNOWN);
	ck_assert_int_eq(bq_product_by_name(VIEW("")), BQ_PRODUCT_UNKNOWN);
}
END_TEST

/* The bit that policy files mean by a name, 0 where there is none. */
static uint64_t bit_of(const struct bq_bit *table, const char *name)
{
	uint64_t bit = 0;

	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0) {
			ck_assert_uint_eq(bit, 0);
			bit = table->bit;
		}
	return bit;
}

START_TEST(bit_names)
{
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "smt"), 1u << 16);
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "migrate_ma"), 1u << 18);
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "debug"), 1u << 19);
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "single_socket"), 1u << 20);
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "cxl_allow"), 1u << 21);
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "mem_aes_256_xts"), 1u << 22);
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "rapl_dis"), 1u << 23);
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "ciphertext_hiding_dram"), 1u << 24);
	ck_assert_uint_eq(bit_of(bq_snp_policy_bits, "page_swap_disable"), 1u << 25);
	ck_assert_uint_eq(bit_of(bq_snp_platform_bits, "smt_en"), 1u << 0);
	ck_assert_uint_eq(bit_of(bq_snp_platform_bits, "tsme_en"), 1u << 1);
	ck_assert_uint_eq(bit_of(bq_snp_platform_bits, "ecc_en"), 1u << 2);
	ck_assert_uint_eq(bit_of(bq_snp_platform_bits, "rapl_dis"), 1u << 3);
	ck_assert_uint_eq(bit_of(bq_snp_platform_bits, "ciphertext_hiding_dram_en"), 1u << 4);
	ck_assert_uint_eq(bit_of(bq_snp_platform_bits, "alias_check_complete"), 1u << 5);
	ck_assert_uint_eq(bit_of(bq_snp_platform_bits, "tio_en"), 1u << 7);
}
END_TEST

Suite *suite_snp(void)
{
	Suite *s = suite_create("snp");
	TCase *tc = tcase_create("snp");

	tcase_add_test(tc, views_lie_where_the_table_says);
	tcase_add_test(tc, numbers_lie_where_the_table_says);
	tcase_add_test(tc, sizes);
	tcase_add_loop_test(tc, versions, 0, 9);
	tcase_add_loop_test(tc, products, 0, COUNT(models));
	tcase_add_test(tc, product_names);
	tcase_add_test(tc, bit_names);
	suite_add_tcase(s, tc);
	return s;
}

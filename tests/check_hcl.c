#include "refuse.h"

#define VECTOR      "hcl-v2.bin" /* 2600 bytes; the sizes below are its own */
#define REPORT_SIZE 2346
#define DATA_SIZE   1130
#define CLAIMS_SIZE 1110

/* Offsets of the blob, paravisor documentation */
#define AT_VERSION     0x004
#define AT_REPORT_SIZE 0x008
#define AT_DATA_SIZE   0x4C0
#define AT_DATA        0x4C4
#define AT_TYPE        0x4C8
#define AT_HASH        0x4CC
#define AT_CLAIMS_SIZE 0x4D0

static const struct expected {
	const char *name;
	uint32_t header_version, data_version, report_type, report_size, data_size, claims_size;
	size_t blob;
} vectors[] = {
	{"hcl-v1.bin", 1, 1, BQ_HCL_SNP, 1793, 577, 557, 2048},
	{"hcl-v2.bin", 2, 1, BQ_HCL_SNP, 2346, 1130, 1110, 2600},
	{"hcl-v2-capabilities.bin", 2, 2, BQ_HCL_SNP, 2350, 1134, 1110, 2900},
	{"hcl-tdx.bin", 2, 1, BQ_HCL_TDX, 2346, 1130, 1110, 2600},
};

static const struct expected captures[] = {
	{"azure-milan-2023/hcl-report.bin", 1, 1, BQ_HCL_SNP, 2346, 1130, 1110, 2600},
	{"azure-milan-2023b/hcl-report.bin", 1, 1, BQ_HCL_SNP, 1819, 603, 583, 2048},
	{"azure-tdx/hcl-report.bin", 2, 1, BQ_HCL_TDX, 2438, 1222, 1202, 2600},
};

static void check_fields(struct bq_view blob, const struct expected *x)
{
	size_t start = 0x4C0 + x->data_size - x->claims_size;
	struct bq_hcl h = {0};

	ck_assert_int_eq(bq_hcl_parse(blob, &h), 0);
	ck_assert_uint_eq(blob.n, x->blob);
	ck_assert_uint_eq(h.header_version, x->header_version);
	ck_assert_uint_eq(h.report_size, x->report_size);
	ck_assert_uint_eq(h.request_type, 2);
	ck_assert_uint_eq(h.status, 0);
	ck_assert_ptr_eq(h.hardware_report.p, blob.p + 0x20);
	ck_assert_uint_eq(h.hardware_report.n, 1184);
	ck_assert_uint_eq(h.data_size, x->data_size);
	ck_assert_uint_eq(h.data_version, x->data_version);
	ck_assert_uint_eq(h.report_type, x->report_type);
	ck_assert_uint_eq(h.hash_type, BQ_HCL_SHA256);
	ck_assert(h.has_capabilities == (x->data_version == 2));
	ck_assert_uint_eq(h.capabilities, h.has_capabilities ? 0xCA9AB177 : 0);
	ck_assert_ptr_eq(h.claims.p, blob.p + start);
	ck_assert_uint_eq(h.claims.n, x->claims_size);
	ck_assert_ptr_eq(h.trailer.p, blob.p + x->report_size);
	ck_assert_uint_eq(h.trailer.n, x->blob - x->report_size);
}

/* Hardware signs the hash of the claims: so these are their exact bytes. */
static void check_binding(struct bq_view blob, size_t report_data_at)
{
	struct bq_view bound = {0};
	struct bq_hash c;
	uint8_t hash[BQ_SHA256_SIZE];
	struct bq_hcl h = {0};

	ck_assert_int_eq(bq_hcl_parse(blob, &h), 0);
	ck_assert_int_eq(bq_hash_init(&c, TPM_ALG_SHA256), 0);
	bq_hash_add(&c, h.claims);
	bq_hash_end(&c, hash);
	ck_assert_int_eq(bq_view_sub(h.hardware_report, report_data_at, 64, &bound), 0);
	ck_assert_mem_eq(bound.p, hash, sizeof(hash));
	ck_assert(bq_view_is_zero(bq_view_of(bound.p + 32, 32)));
}

START_TEST(vectors_parse)
{
	struct bq_view blob = tight_copy(read_vector(vectors[_i].name));

	check_fields(blob, &vectors[_i]);
	if (vectors[_i].report_type == BQ_HCL_SNP)
		check_binding(blob, 0x50);
}
END_TEST

START_TEST(captures_parse)
{
	struct bq_view blob = tight_copy(read_capture(captures[_i].name));

	check_fields(blob, &captures[_i]);
	/* REPORT_DATA of an SNP report, REPORTDATA of a TDREPORT */
	check_binding(blob, captures[_i].report_type == BQ_HCL_SNP ? 0x50 : 0x80);
}
END_TEST

START_TEST(capture_is_told_from_snp)
{
	struct bq_hcl h;

	ck_assert_int_eq(bq_hcl_parse(read_capture("azure-tdx/hcl-report.bin"), &h), 0);
	ck_assert_int_eq(bq_hcl_require_snp(&h), BQ_E_HCL_TDX);
	ck_assert_int_eq(bq_hcl_parse(read_capture("azure-milan-2023/hcl-report.bin"), &h), 0);
	ck_assert_int_eq(bq_hcl_require_snp(&h), 0);
}
END_TEST

START_TEST(capture_in_evidence)
{
	static const struct expected x = {NULL, 1, 1, BQ_HCL_SNP, 2346, 1130, 1110, 2600};
	uint8_t blob[BQ_HCL_MAX];
	struct bq_json root, value;
	size_t n = 0;

	ck_assert_int_eq(bq_json_parse(read_capture("azure-milan-2025/evidence-v1.json"), &root),
			 0);
	ck_assert_int_eq(bq_json_member(root, "hcl_report", &value), 0);
	ck_assert_int_eq(bq_json_b64(value, blob, sizeof(blob), &n), 0);
	check_fields(bq_view_of(blob, n), &x);
	check_binding(bq_view_of(blob, n), 0x50);
}
END_TEST

START_TEST(unread_fields_are_kept)
{
	struct edit e = edit_of(read_vector(VECTOR));
	struct bq_hcl h;

	edit_le(&e, 0x00C, 4, 0x11223344);
	edit_le(&e, 0x010, 4, 0x55667788);
	edit_le(&e, AT_HASH, 4, 3);
	ck_assert_int_eq(bq_hcl_parse(edited(&e), &h), 0);
	ck_assert_uint_eq(h.request_type, 0x11223344);
	ck_assert_uint_eq(h.status, 0x55667788);
	ck_assert_uint_eq(h.hash_type, BQ_HCL_SHA512);
}
END_TEST

START_TEST(truncations)
{
	struct bq_view blob = read_vector(VECTOR);
	struct bq_hcl h;

	for (size_t n = 0; n < REPORT_SIZE; n++)
		ck_assert_refused(BQ_E_SHORT, &h, bq_hcl_parse(truncated(blob, n), &h));
	for (size_t n = REPORT_SIZE; n <= blob.n; n++) {
		ck_assert_int_eq(bq_hcl_parse(truncated(blob, n), &h), 0);
		ck_assert_uint_eq(h.trailer.n, n - REPORT_SIZE);
	}
}
END_TEST

static const struct damage damages[] = {
	{0, 4, 0x414C4349, BQ_E_HCL_MAGIC},
	{0, 1, 'h', BQ_E_HCL_MAGIC},
	{1, 1, 'c', BQ_E_HCL_MAGIC},
	{2, 1, 'l', BQ_E_HCL_MAGIC},
	{3, 1, 'B', BQ_E_HCL_MAGIC},
	{AT_VERSION, 4, 0, BQ_E_HCL_HEADER},
	{AT_VERSION, 4, 3, BQ_E_HCL_HEADER},
	{AT_VERSION, 4, 0x01000000, BQ_E_HCL_HEADER},
	{AT_REPORT_SIZE, 4, 0, BQ_E_HCL_SIZE},
	{AT_REPORT_SIZE, 4, 0x4D3, BQ_E_HCL_SIZE},
	{AT_REPORT_SIZE, 4, 0x4D4, BQ_E_HCL_SIZE},
	{AT_REPORT_SIZE, 4, REPORT_SIZE - 1, BQ_E_HCL_SIZE},
	{AT_REPORT_SIZE, 4, REPORT_SIZE + 1, BQ_E_HCL_SIZE},
	{AT_REPORT_SIZE, 4, 2600, BQ_E_HCL_SIZE},
	{AT_REPORT_SIZE, 4, 2601, BQ_E_SHORT},
	{AT_REPORT_SIZE, 4, UINT32_MAX, BQ_E_SHORT},
	{AT_DATA_SIZE, 4, 0, BQ_E_HCL_SIZE},
	{AT_DATA_SIZE, 4, 19, BQ_E_HCL_SIZE},
	{AT_DATA_SIZE, 4, DATA_SIZE - 1, BQ_E_HCL_SIZE},
	{AT_DATA_SIZE, 4, DATA_SIZE + 1, BQ_E_HCL_SIZE},
	{AT_DATA_SIZE, 4, UINT32_MAX, BQ_E_HCL_SIZE},
	{AT_DATA, 4, 0, BQ_E_HCL_DATA},
	{AT_DATA, 4, 2, BQ_E_HCL_SIZE}, /* its four bytes more are not there */
	{AT_DATA, 4, 3, BQ_E_HCL_DATA},
	{AT_TYPE, 4, 0, BQ_E_HCL_TYPE},
	{AT_TYPE, 4, 6, BQ_E_HCL_TYPE},
	{AT_TYPE, 4, UINT32_MAX, BQ_E_HCL_TYPE},
	{AT_CLAIMS_SIZE, 4, 0, BQ_E_HCL_SIZE},
	{AT_CLAIMS_SIZE, 4, CLAIMS_SIZE - 1, BQ_E_HCL_SIZE},
	{AT_CLAIMS_SIZE, 4, CLAIMS_SIZE + 1, BQ_E_HCL_SIZE},
	{AT_CLAIMS_SIZE, 4, DATA_SIZE, BQ_E_HCL_SIZE},
	{AT_CLAIMS_SIZE, 4, UINT32_MAX, BQ_E_HCL_SIZE},
	{REPORT_SIZE, 1, 1, BQ_E_PADDING},
	{2599, 1, 0x80, BQ_E_PADDING},
};

START_TEST(damaged)
{
	struct edit e = edit_of(read_vector(VECTOR));
	struct bq_hcl h;

	edit_le(&e, damages[_i].off, damages[_i].n, damages[_i].value);
	ck_assert_refused(damages[_i].error, &h, bq_hcl_parse(edited(&e), &h));
}
END_TEST

/* The vector with this many bytes more or fewer of claims, and sizes that agree. */
static struct edit resized(int by)
{
	struct edit e = edit_of(read_vector(VECTOR));

	edit_le(&e, AT_REPORT_SIZE, 4, (uint64_t)(REPORT_SIZE + by));
	edit_le(&e, AT_DATA_SIZE, 4, (uint64_t)(DATA_SIZE + by));
	edit_le(&e, AT_CLAIMS_SIZE, 4, (uint64_t)(CLAIMS_SIZE + by));
	return e;
}

START_TEST(sizes_that_agree)
{
	struct edit longer = resized(1), shorter = resized(-1);
	struct bq_hcl h;

	ck_assert_int_eq(bq_hcl_parse(edited(&longer), &h), 0);
	ck_assert_uint_eq(h.claims.n, CLAIMS_SIZE + 1);
	/* The last byte of the claims would not be covered by their hash. */
	ck_assert_refused(BQ_E_PADDING, &h, bq_hcl_parse(edited(&shorter), &h));
}
END_TEST

START_TEST(claims_may_be_empty)
{
	struct edit e = resized(-CLAIMS_SIZE);
	struct bq_hcl h;

	e.n = 0x4D4;
	ck_assert_int_eq(bq_hcl_parse(edited(&e), &h), 0);
	ck_assert_uint_eq(h.claims.n, 0);
	ck_assert_uint_eq(h.trailer.n, 0);
	edit_le(&e, AT_DATA, 4, 2);
	ck_assert_refused(BQ_E_HCL_SIZE, &h, bq_hcl_parse(edited(&e), &h));
}
END_TEST

START_TEST(peek)
{
	struct edit e = edit_of(read_vector(VECTOR));
	size_t size = 0;

	for (size_t n = 0; n < 32; n++)
		ck_assert_refused(BQ_E_SHORT, &size,
				  bq_hcl_peek_size(truncated(edited(&e), n), &size));
	e.n = 32;
	ck_assert_int_eq(bq_hcl_peek_size(edited(&e), &size), 0);
	ck_assert_uint_eq(size, REPORT_SIZE);
	edit_le(&e, AT_REPORT_SIZE, 4, 4096);
	ck_assert_int_eq(bq_hcl_peek_size(edited(&e), &size), 0);
	ck_assert_uint_eq(size, 4096);
	edit_le(&e, AT_REPORT_SIZE, 4, 4097);
	ck_assert_refused(BQ_E_HCL_SIZE, &size, bq_hcl_peek_size(edited(&e), &size));
	edit_le(&e, AT_REPORT_SIZE, 4, 0x4D3);
	ck_assert_refused(BQ_E_HCL_SIZE, &size, bq_hcl_peek_size(edited(&e), &size));
	edit_le(&e, AT_VERSION, 4, 3);
	ck_assert_refused(BQ_E_HCL_HEADER, &size, bq_hcl_peek_size(edited(&e), &size));
	e.p[0] = 0;
	ck_assert_refused(BQ_E_HCL_MAGIC, &size, bq_hcl_peek_size(edited(&e), &size));
}
END_TEST

START_TEST(types)
{
	static const struct {
		uint32_t type;
		const char *name;
		int error;
	} t[] = {
		{BQ_HCL_VBS, "VBS", BQ_E_HCL_VBS},  {BQ_HCL_SNP, "SNP", 0},
		{BQ_HCL_TVM, "TVM", BQ_E_HCL_TYPE}, {BQ_HCL_TDX, "TDX", BQ_E_HCL_TDX},
		{BQ_HCL_CCA, "CCA", BQ_E_HCL_TYPE},
	};
	struct edit e = edit_of(read_vector(VECTOR));
	struct bq_hcl h;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		edit_le(&e, AT_TYPE, 4, t[i].type);
		ck_assert_int_eq(bq_hcl_parse(edited(&e), &h), 0);
		ck_assert_int_eq(bq_hcl_require_snp(&h), t[i].error);
		ck_assert_str_eq(bq_hcl_type_name(t[i].type), t[i].name);
	}
	ck_assert_str_eq(bq_hcl_type_name(0), "unknown");
	ck_assert_str_eq(bq_hcl_type_name(6), "unknown");
}
END_TEST

Suite *suite_hcl(void)
{
	Suite *s = suite_create("hcl");
	TCase *tc = tcase_create("hcl");

	tcase_add_loop_test(tc, vectors_parse, 0, sizeof(vectors) / sizeof(vectors[0]));
	tcase_add_capture_loop_test(tc, captures_parse, 0, sizeof(captures) / sizeof(captures[0]));
	tcase_add_capture_test(tc, capture_is_told_from_snp);
	tcase_add_capture_test(tc, capture_in_evidence);
	tcase_add_test(tc, unread_fields_are_kept);
	tcase_add_test(tc, truncations);
	tcase_add_loop_test(tc, damaged, 0, sizeof(damages) / sizeof(damages[0]));
	tcase_add_test(tc, sizes_that_agree);
	tcase_add_test(tc, claims_may_be_empty);
	tcase_add_test(tc, peek);
	tcase_add_test(tc, types);
	suite_add_tcase(s, tc);
	return s;
}

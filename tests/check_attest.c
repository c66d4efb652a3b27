#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define VECTOR   "quote-1bank.msg"

/* Offsets in the vector, whose nonce has 15 bytes */
#define AT_TYPE     4
#define AT_SIGNER   6
#define AT_NONCE    42
#define AT_CLOCK    59
#define AT_SAFE     75
#define AT_FIRMWARE 76
#define AT_PCRS     84
#define AT_DIGEST   94
#define SIZE        128

static const struct {
	const char *name, *nonce;
	struct bq_pcr_list pcrs;
} vectors[] = {
	{"quote-1bank.msg", "synthetic nonce", {1, {{TPM_ALG_SHA256, 0xFFFFFF}}}},
	{"quote-2banks.msg",
	 "a synthetic nonce of as many as fifty bytes, 50!!!",
	 {2, {{TPM_ALG_SHA256, 0x800881}, {TPM_ALG_SHA1, 0x0100FF}}}},
};

static void check_pcrs(const struct bq_pcr_list *a, const struct bq_pcr_list *b)
{
	ck_assert_uint_eq(a->n, b->n);
	for (unsigned i = 0; i < a->n; i++) {
		ck_assert_uint_eq(a->bank[i].alg, b->bank[i].alg);
		ck_assert_uint_eq(a->bank[i].mask, b->bank[i].mask);
	}
}

START_TEST(vectors_parse)
{
	struct bq_view msg = tight_copy(read_vector(vectors[_i].name));
	struct bq_attest a = {0};
	uint8_t name[34];

	memset(name, 0x5A, sizeof(name));
	name[0] = 0x00;
	name[1] = 0x0B;
	ck_assert_int_eq(bq_attest_parse(msg, &a), 0);
	ck_assert_uint_eq(a.magic, 0xFF544347);
	ck_assert_uint_eq(a.type, 0x8018);
	ck_assert_view_eq(a.qualified_signer, bq_view_of(name, sizeof(name)));
	ck_assert_view_eq(a.extra_data, bq_view_str(vectors[_i].nonce));
	ck_assert_uint_eq(a.clock, 123456789);
	ck_assert_uint_eq(a.reset_count, 3);
	ck_assert_uint_eq(a.restart_count, 4);
	ck_assert_uint_eq(a.safe, 1);
	ck_assert_uint_eq(a.firmware_version, 0x2020031200120003);
	check_pcrs(&a.pcrs, &vectors[_i].pcrs);
	ck_assert_uint_eq(a.pcr_digest.n, 32);
	ck_assert_ptr_eq(a.pcr_digest.p + 32, msg.p + msg.n);
}
END_TEST

START_TEST(numbers_keep_their_order)
{
	struct edit e = edit_of(read_vector(VECTOR));
	struct bq_attest a = {0};

	edit_be(&e, AT_CLOCK, 8, 0x0102030405060708);
	edit_be(&e, AT_CLOCK + 8, 4, 0x11121314);
	edit_be(&e, AT_CLOCK + 12, 4, 0x21222324);
	edit_be(&e, AT_SAFE, 1, 0);
	edit_be(&e, AT_FIRMWARE, 8, 0x3132333435363738);
	ck_assert_int_eq(bq_attest_parse(edited(&e), &a), 0);
	ck_assert_uint_eq(a.clock, 0x0102030405060708);
	ck_assert_uint_eq(a.reset_count, 0x11121314);
	ck_assert_uint_eq(a.restart_count, 0x21222324);
	ck_assert_uint_eq(a.safe, 0);
	ck_assert_uint_eq(a.firmware_version, 0x3132333435363738);
}
END_TEST

START_TEST(truncations)
{
	struct bq_view msg = read_vector(vectors[_i].name);
	struct bq_attest a;

	for (size_t n = 0; n < msg.n; n++)
		ck_assert_refused(BQ_E_SHORT, &a, bq_attest_parse(truncated(msg, n), &a));
}
END_TEST

static const struct damage damages[] = {
	{0, 1, 0x00, BQ_E_ATTEST_MAGIC},
	{1, 1, 0x55, BQ_E_ATTEST_MAGIC},
	{2, 1, 0x44, BQ_E_ATTEST_MAGIC},
	{3, 1, 0x46, BQ_E_ATTEST_MAGIC},
	{0, 4, 0x474354FF, BQ_E_ATTEST_MAGIC},  /* little-endian */
	{AT_TYPE, 2, 0x8014, BQ_E_ATTEST_TYPE}, /* NV */
	{AT_TYPE, 2, 0x8017, BQ_E_ATTEST_TYPE}, /* certify */
	{AT_TYPE, 2, 0x8019, BQ_E_ATTEST_TYPE}, /* time */
	{AT_TYPE, 2, 0x801A, BQ_E_ATTEST_TYPE}, /* creation */
	{AT_TYPE, 2, 0x1880, BQ_E_ATTEST_TYPE},
	{AT_SIGNER, 2, 0xFFFF, BQ_E_SHORT},
	{AT_NONCE, 2, 0xFFFF, BQ_E_SHORT},
	{AT_PCRS, 4, 0, BQ_E_TRAILING}, /* the bank read as a digest of 11 bytes */
	{AT_PCRS, 4, 9, BQ_E_PCR_SELECTION},
	{AT_PCRS, 4, UINT32_MAX, BQ_E_PCR_SELECTION},
	{AT_PCRS + 6, 1, 0, BQ_E_PCR_SELECTION}, /* sizeofSelect */
	{AT_PCRS + 6, 1, 5, BQ_E_PCR_SELECTION},
	{AT_DIGEST, 2, 31, BQ_E_TRAILING},
	{AT_DIGEST, 2, 0, BQ_E_TRAILING},
	{AT_DIGEST, 2, 33, BQ_E_SHORT},
};

START_TEST(damaged)
{
	struct edit e = edit_of(read_vector(VECTOR));
	struct bq_attest a;

	ck_assert_uint_eq(e.n, SIZE);
	edit_be(&e, damages[_i].off, damages[_i].n, damages[_i].value);
	ck_assert_refused(damages[_i].error, &a, bq_attest_parse(edited(&e), &a));
}
END_TEST

START_TEST(trailing)
{
	struct edit e = edit_of(read_vector(VECTOR));
	struct bq_attest a;

	e.p[e.n++] = 0;
	ck_assert_refused(BQ_E_TRAILING, &a, bq_attest_parse(edited(&e), &a));
}
END_TEST

/* A TPMS_ATTEST wrapped as TPM2B_ATTEST, which is what Quote returns. */
START_TEST(wrapped_is_not_bare)
{
	struct bq_view msg = read_vector(VECTOR);
	struct edit e = {0};
	struct bq_attest a;

	edit_be(&e, 0, 2, msg.n);
	memcpy(e.p + 2, msg.p, msg.n);
	e.n = msg.n + 2;
	ck_assert_refused(BQ_E_ATTEST_MAGIC, &a, bq_attest_parse(edited(&e), &a));
}
END_TEST

/* All sizes at their least and at their most. */
static void check_sizes(size_t signer, size_t nonce, unsigned banks, size_t digest)
{
	static uint8_t buf[4 * 65536], zeros[65535];
	struct bq_pcr_list l = {.n = banks};
	struct bq_view msg = {0};
	struct bq_attest a = {0};
	struct bq_wr w;

	for (unsigned i = 0; i < banks; i++)
		l.bank[i] = (struct bq_pcr_select){(uint16_t)(0x100 + i), 1u << i};
	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_be32(&w, TPM_GENERATED_VALUE);
	bq_wr_be16(&w, TPM_ST_ATTEST_QUOTE);
	bq_wr_2b(&w, bq_view_of(zeros, signer));
	bq_wr_2b(&w, bq_view_of(zeros, nonce));
	bq_wr_zeros(&w, 25);
	bq_pcr_list_write(&w, &l);
	bq_wr_2b(&w, bq_view_of(zeros, digest));
	ck_assert_int_eq(bq_wr_end(&w, &msg), 0);
	ck_assert_int_eq(bq_attest_parse(tight_copy(msg), &a), 0);
	ck_assert_uint_eq(a.qualified_signer.n, signer);
	ck_assert_uint_eq(a.extra_data.n, nonce);
	ck_assert_uint_eq(a.pcr_digest.n, digest);
	check_pcrs(&a.pcrs, &l);
}

START_TEST(sizes)
{
	check_sizes(0, 0, 0, 0);
	check_sizes(65535, 65535, BQ_PCR_BANKS, 65535);
}
END_TEST

START_TEST(capture_of_2023)
{
	static const struct bq_pcr_list pcrs = {1, {{TPM_ALG_SHA256, 0x0040FF}}};
	struct bq_attest a = {0};

	ck_assert_int_eq(
		bq_attest_parse(tight_copy(read_capture("azure-milan-2023/tpm-quote.msg")), &a), 0);
	ck_assert_uint_eq(a.qualified_signer.n, 34);
	ck_assert_view_eq(a.extra_data, VIEW("challenge"));
	ck_assert_uint_eq(a.clock, 0x3356d0fd);
	ck_assert_uint_eq(a.reset_count, 3);
	ck_assert_uint_eq(a.restart_count, 0);
	ck_assert_uint_eq(a.safe, 1);
	ck_assert_uint_eq(a.firmware_version, 0x2020031200120003);
	check_pcrs(&a.pcrs, &pcrs);
	ck_assert_uint_eq(a.pcr_digest.n, 32);
}
END_TEST

/* What comes after its count (u64 LE). */
static struct bq_view rd_counted(struct bq_view *r)
{
	struct bq_view v = {0};
	uint64_t n = 0;

	ck_assert_int_eq(bq_rd_le64(r, &n), 0);
	ck_assert_uint_le(n, r->n);
	ck_assert_int_eq(bq_rd_take(r, (size_t)n, &v), 0);
	return v;
}

/* quote.bincode: signature, message and values, each after its count. The digest
 * over the values in the order of the signed selection is the quoted one. */
START_TEST(capture_of_values)
{
	struct bq_view file = read_capture("azure-milan-2023b/quote.bincode"), msg, value;
	static struct bq_pcr_values values;
	uint8_t digest[32];
	struct bq_attest a = {0};
	uint64_t n;

	rd_counted(&file); /* the signature */
	msg = rd_counted(&file);
	ck_assert_int_eq(bq_rd_le64(&file, &n), 0);
	ck_assert_uint_eq(n, BQ_PCRS);
	ck_assert_int_eq(bq_attest_parse(tight_copy(msg), &a), 0);
	ck_assert_uint_eq(a.pcrs.bank[0].mask, 0xFFFFFF);
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		struct bq_pcr_bank *bank = bq_pcr_bank_of(&values, TPM_ALG_SHA256);

		ck_assert_int_eq(bq_rd_take(&file, 32, &value), 0);
		memcpy(bank->value[i], value.p, 32);
		bank->mask |= 1u << i;
	}
	ck_assert_int_eq(bq_rd_end(&file), 0);
	ck_assert_int_eq(bq_pcr_digest_sha256(&a.pcrs, &values, digest), 0);
	ck_assert_view_eq(a.pcr_digest, bq_view_of(digest, 32));
}
END_TEST

Suite *suite_attest(void)
{
	Suite *s = suite_create("attest");
	TCase *tc = tcase_create("attest");

	tcase_add_loop_test(tc, vectors_parse, 0, COUNT(vectors));
	tcase_add_test(tc, numbers_keep_their_order);
	tcase_add_loop_test(tc, truncations, 0, COUNT(vectors));
	tcase_add_loop_test(tc, damaged, 0, COUNT(damages));
	tcase_add_test(tc, trailing);
	tcase_add_test(tc, wrapped_is_not_bare);
	tcase_add_test(tc, sizes);
	tcase_add_capture_test(tc, capture_of_2023);
	tcase_add_capture_test(tc, capture_of_values);
	suite_add_tcase(s, tc);
	return s;
}

#include "puts.h"

#define ALL ((UINT32_C(1) << BQ_PCRS) - 1)

static bool same_list(const struct bq_pcr_list *a, const struct bq_pcr_list *b)
{
	if (a->n != b->n)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->bank[i].alg != b->bank[i].alg || a->bank[i].mask != b->bank[i].mask)
			return false;
	return true;
}

/* A list that no input makes, to see that it is left alone. */
static const struct bq_pcr_list untouched = {1, {{0x7777, 0x777777}}};

static struct bq_pcr_list parsed(const char *text)
{
	struct bq_pcr_list l = untouched;

	ck_assert_msg(bq_pcr_list_parse(tight_copy(bq_view_str(text)), &l) == 0, "%s", text);
	return l;
}

/* --- text ------------------------------------------------------------------- */

static const struct {
	const char *text, *canonical;
	struct bq_pcr_list list;
} texts[] = {
	{"sha256:0", "sha256:0", {1, {{TPM_ALG_SHA256, 1}}}},
	{"sha256:23", "sha256:23", {1, {{TPM_ALG_SHA256, 0x800000}}}},
	{"sha1:0,1,2,7", "sha1:0,1,2,7", {1, {{TPM_ALG_SHA1, 0x87}}}},
	{"sha384:7,0,7", "sha384:0,7", {1, {{TPM_ALG_SHA384, 0x81}}}},
	{"sha512:0x10", "sha512:16", {1, {{TPM_ALG_SHA512, 0x10000}}}},
	{"0x000b:8", "sha256:8", {1, {{TPM_ALG_SHA256, 0x100}}}},
	{"sm3_256:1", "sm3_256:1", {1, {{TPM_ALG_SM3_256, 2}}}},
	{"sha256:none", "sha256:none", {1, {{TPM_ALG_SHA256, 0}}}},
	{"sha1:all",
	 "sha1:0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
	 {1, {{TPM_ALG_SHA1, ALL}}}},
	/* The order is the caller's, and a bank may come back. */
	{"sha256:0,1,2+sha1:3",
	 "sha256:0,1,2+sha1:3",
	 {2, {{TPM_ALG_SHA256, 7}, {TPM_ALG_SHA1, 8}}}},
	{"sha1:3+sha256:0,1,2",
	 "sha1:3+sha256:0,1,2",
	 {2, {{TPM_ALG_SHA1, 8}, {TPM_ALG_SHA256, 7}}}},
	{"sha256:1+sha256:0", "sha256:1+sha256:0", {2, {{TPM_ALG_SHA256, 2}, {TPM_ALG_SHA256, 1}}}},
};

#define TEXTS (int)(sizeof(texts) / sizeof(texts[0]))

START_TEST(list_text_both_ways)
{
	struct bq_pcr_list l = parsed(texts[_i].text), again;

	ck_assert(same_list(&l, &texts[_i].list));
	ck_assert_puts(texts[_i].canonical, bq_put_pcr_list(s, &l));
	again = parsed(texts[_i].canonical);
	ck_assert(same_list(&again, &l));
}
END_TEST

START_TEST(list_text_of_unknown_bank)
{
	const struct bq_pcr_list l = {1, {{0x0777, 1}}}, none = {0};

	ck_assert_puts("0x0777:0", bq_put_pcr_list(s, &l));
	ck_assert_puts("", bq_put_pcr_list(s, &none));
}
END_TEST

START_TEST(list_text_refused)
{
	static const char *const bad[] = {"",
					  ":",
					  "+",
					  ",",
					  "sha256",
					  "sha256:",
					  "sha256:,",
					  "sha256:0,",
					  "sha256:,0",
					  "sha256:0,,1",
					  "sha256:24",
					  "sha256:0x18",
					  "sha256:-1",
					  "sha256:256",
					  "sha256:4294967296",
					  "sha256:a",
					  "sha256:0 ",
					  " sha256:0",
					  "sha256: 0",
					  "sha256:0-3",
					  "sha256:0+",
					  "+sha256:0",
					  "sha256:0++sha1:0",
					  "sha256:0,sha1:0",
					  "sha256:0:1",
					  "sha256::0",
					  "SHA256:0",
					  "sha2:0",
					  "sha:0",
					  ":0",
					  "rsa:0",
					  "null:0",
					  "0x10:0",
					  "0x27:0",
					  "0x1000b:0",
					  "sha256:ALL",
					  "sha256:alle",
					  "sha256:all,0",
					  "sha256:0,all",
					  "all",
					  "0"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bq_pcr_list l = untouched;

		ck_assert_msg(bq_pcr_list_parse(tight_copy(bq_view_str(bad[i])), &l) ==
				      BQ_E_PCR_LIST,
			      "%s", bad[i]);
		ck_assert(same_list(&l, &untouched));
	}
	ck_assert_int_eq(bq_pcr_list_parse(bq_view_of(NULL, 0), &(struct bq_pcr_list){0}),
			 BQ_E_PCR_LIST);
	ck_assert_int_eq(bq_pcr_list_parse(VIEW("sha256:0\0"), &(struct bq_pcr_list){0}),
			 BQ_E_PCR_LIST);
}
END_TEST

START_TEST(list_text_has_room_for_eight_banks)
{
	struct bq_pcr_list l = untouched;

	ck_assert_int_eq(bq_pcr_list_parse(VIEW("sha1:0+sha1:1+sha1:2+sha1:3+sha1:4+sha1:5+sha1:6+"
						"sha1:7"),
					   &l),
			 0);
	ck_assert_uint_eq(l.n, BQ_PCR_BANKS);
	ck_assert_uint_eq(l.bank[7].mask, 0x80);
	l = untouched;
	ck_assert_int_eq(bq_pcr_list_parse(VIEW("sha1:0+sha1:1+sha1:2+sha1:3+sha1:4+sha1:5+sha1:6+"
						"sha1:7+sha1:8"),
					   &l),
			 BQ_E_PCR_LIST);
	ck_assert(same_list(&l, &untouched));
}
END_TEST

/* --- wire ------------------------------------------------------------------- */

/* TPML_PCR_SELECTION: two banks, of 3 bytes, and what a reader must leave. */
#define WIRE                                                                                       \
	"\x00\x00\x00\x02"                                                                         \
	"\x00\x0b\x03\x81\x00\x80"                                                                 \
	"\x00\x04\x03\xff\xff\xff"

static const struct bq_pcr_list wire_list = {2, {{TPM_ALG_SHA256, 0x800081}, {TPM_ALG_SHA1, ALL}}};

START_TEST(list_wire_both_ways)
{
	struct bq_view r = tight_copy(VIEW(WIRE "rest")), out;
	struct bq_pcr_list l = untouched;
	uint8_t buf[sizeof(WIRE) - 1];
	struct bq_wr w;

	ck_assert_int_eq(bq_pcr_list_read(&r, &l), 0);
	ck_assert(same_list(&l, &wire_list));
	ck_assert_view_eq(r, VIEW("rest"));
	bq_wr_init(&w, buf, sizeof(buf));
	bq_pcr_list_write(&w, &l);
	ck_assert_int_eq(bq_wr_end(&w, &out), 0);
	ck_assert_view_eq(out, VIEW(WIRE));
	bq_wr_init(&w, buf, sizeof(buf) - 1);
	bq_pcr_list_write(&w, &l);
	ck_assert_int_eq(bq_wr_end(&w, &out), BQ_E_SPACE);
}
END_TEST

static void assert_not_read(struct bq_view wire, int expected)
{
	struct bq_view r = tight_copy(wire), was = r;
	struct bq_pcr_list l = untouched;

	ck_assert_int_eq(bq_pcr_list_read(&r, &l), expected);
	ck_assert_ptr_eq(r.p, was.p);
	ck_assert_uint_eq(r.n, was.n);
	ck_assert(same_list(&l, &untouched));
}

START_TEST(list_wire_cut_short)
{
	for (size_t n = 0; n < sizeof(WIRE) - 1; n++)
		assert_not_read(bq_view_of(WIRE, n), BQ_E_SHORT);
}
END_TEST

static struct bq_pcr_list read_whole(struct bq_view wire)
{
	struct bq_view r = tight_copy(wire);
	struct bq_pcr_list l = untouched;

	ck_assert_int_eq(bq_pcr_list_read(&r, &l), 0);
	ck_assert_uint_eq(r.n, 0);
	return l;
}

START_TEST(selections_of_one_to_four_bytes)
{
	ck_assert_uint_eq(read_whole(VIEW("\0\0\0\1\0\x0b\1\x81")).bank[0].mask, 0x81);
	ck_assert_uint_eq(read_whole(VIEW("\0\0\0\1\0\x0b\2\1\x80")).bank[0].mask, 0x8001);
	ck_assert_uint_eq(read_whole(VIEW("\0\0\0\1\0\x0b\3\0\0\x80")).bank[0].mask, 0x800000);
	ck_assert_uint_eq(read_whole(VIEW("\0\0\0\1\0\x0b\4\1\0\0\0")).bank[0].mask, 1);
	ck_assert_uint_eq(read_whole(VIEW("\0\0\0\1\0\x0b\3\0\0\0")).bank[0].mask, 0);
	ck_assert_uint_eq(read_whole(VIEW("\0\0\0\0")).n, 0);
	/* Any algorithm: which one it is, is for the caller to judge. */
	ck_assert_uint_eq(read_whole(VIEW("\0\0\0\1\xab\xcd\1\1")).bank[0].alg, 0xABCD);

	assert_not_read(VIEW("\0\0\0\1\0\x0b\0"), BQ_E_PCR_SELECTION);
	assert_not_read(VIEW("\0\0\0\1\0\x0b\5\1\0\0\0\0"), BQ_E_PCR_SELECTION);
	assert_not_read(VIEW("\0\0\0\1\0\x0b\xff\1\0\0\0\0"), BQ_E_PCR_SELECTION);
	/* PCR 24 and PCR 31 */
	assert_not_read(VIEW("\0\0\0\1\0\x0b\4\1\0\0\1"), BQ_E_PCR_SELECTION);
	assert_not_read(VIEW("\0\0\0\1\0\x0b\4\1\0\0\x80"), BQ_E_PCR_SELECTION);
}
END_TEST

START_TEST(list_wire_has_room_for_eight_banks)
{
	uint8_t wire[4 + 4 * 9];
	struct bq_pcr_list l;
	struct bq_wr w;

	for (unsigned n = 8; n <= 9; n++) {
		bq_wr_init(&w, wire, sizeof(wire));
		bq_wr_be32(&w, n);
		for (unsigned i = 0; i < n; i++) {
			bq_wr_be16(&w, TPM_ALG_SHA256);
			bq_wr_u8(&w, 1);
			bq_wr_u8(&w, (uint8_t)(1 << i % 8));
		}
		ck_assert_int_eq(w.err, 0);
		if (n == 8) {
			l = read_whole(bq_view_of(wire, w.n));
			ck_assert_uint_eq(l.n, 8);
			ck_assert_uint_eq(l.bank[7].mask, 0x80);
		} else {
			assert_not_read(bq_view_of(wire, w.n), BQ_E_PCR_SELECTION);
		}
	}
	assert_not_read(VIEW("\xff\xff\xff\xff"), BQ_E_PCR_SELECTION);
}
END_TEST

START_TEST(lists_are_counted)
{
	struct bq_pcr_list l = parsed("sha256:all+sha1:0,23+sha384:none");

	ck_assert_uint_eq(bq_pcr_list_count(&l), BQ_PCRS + 2);
	ck_assert_uint_eq(bq_pcr_list_count(&(struct bq_pcr_list){0}), 0);
}
END_TEST

Suite *suite_pcr(void)
{
	Suite *s = suite_create("pcr");
	TCase *tc = tcase_create("pcr");

	tcase_add_loop_test(tc, list_text_both_ways, 0, TEXTS);
	tcase_add_test(tc, list_text_of_unknown_bank);
	tcase_add_test(tc, list_text_refused);
	tcase_add_test(tc, list_text_has_room_for_eight_banks);
	tcase_add_test(tc, list_wire_both_ways);
	tcase_add_test(tc, list_wire_cut_short);
	tcase_add_test(tc, selections_of_one_to_four_bytes);
	tcase_add_test(tc, list_wire_has_room_for_eight_banks);
	tcase_add_test(tc, lists_are_counted);
	suite_add_tcase(s, tc);
	return s;
}

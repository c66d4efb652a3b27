/* PCR files in the form of tpm2-tools 5.8. */
#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Two banks, 9 + 1 digests: a list of 8 and one of 2. */
static const struct bq_pcr_list selected = {
	.n = 2, .bank = {{TPM_ALG_SHA256, 0x0001FF}, {TPM_ALG_SHA1, 0x800000}}};

#define AT_COUNT   0  /* of banks */
#define AT_BANK    4  /* u16 alg, u8 3, three bytes */
#define AT_K       16 /* lists */
#define AT_LIST    20
#define AT_DIGEST  24
#define AT_LIST_2  (AT_DIGEST + 8 * 34)
#define AT_DIGEST2 (AT_LIST_2 + 4)
#define SIZE       (AT_DIGEST2 + 34 + 22)

static uint8_t buf[SIZE];
static struct bq_pcr_list sel;
static struct bq_pcr_values values;

static void put_digest(struct bq_wr *w, uint8_t x, size_t n)
{
	uint8_t digest[32];

	memset(digest, x, sizeof(digest));
	bq_wr_2b(w, bq_view_of(digest, n));
}

static struct bq_view make(void)
{
	struct bq_view v = {0};
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	bq_pcr_list_write(&w, &selected);
	bq_wr_be32(&w, 2);
	bq_wr_be32(&w, 8);
	for (uint8_t i = 0; i < 8; i++)
		put_digest(&w, i, 32);
	bq_wr_be32(&w, 2);
	put_digest(&w, 8, 32);
	put_digest(&w, 23, 20);
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	ck_assert_uint_eq(v.n, SIZE);
	return tight_copy(v);
}

static void refused(struct bq_view file)
{
	memset(&sel, 0xA5, sizeof(sel));
	ck_assert_refused(BQ_E_PCR_FILE, &values, bq_pcr_file_read_marshaled(file, &sel, &values));
	ck_assert(is_untouched(&sel, sizeof(sel)));
}

START_TEST(reads)
{
	struct bq_view v;

	ck_assert_int_eq(bq_pcr_file_read_marshaled(make(), &sel, &values), 0);
	ck_assert_uint_eq(sel.n, 2);
	for (unsigned i = 0; i < sel.n; i++) {
		ck_assert_uint_eq(sel.bank[i].alg, selected.bank[i].alg);
		ck_assert_uint_eq(sel.bank[i].mask, selected.bank[i].mask);
	}
	for (unsigned i = 0; i < 9; i++) {
		ck_assert_int_eq(bq_pcr_value(&values, TPM_ALG_SHA256, i, &v), 0);
		ck_assert_uint_eq(v.n, 32);
		ck_assert_uint_eq(v.p[0], i);
	}
	ck_assert_int_eq(bq_pcr_value(&values, TPM_ALG_SHA1, 23, &v), 0);
	ck_assert_uint_eq(v.n, 20);
	ck_assert_uint_eq(v.p[19], 23);
	ck_assert_int_eq(bq_pcr_value(&values, TPM_ALG_SHA1, 0, &v), BQ_E_PCR_SELECTION);
}
END_TEST

START_TEST(truncations_and_more)
{
	struct bq_view whole = make(), more;
	struct edit e;

	for (size_t n = 0; n < whole.n; n++)
		refused(truncated(whole, n));
	e = edit_of(whole);
	e.p[e.n++] = 0;
	more = edited(&e);
	refused(more);
}
END_TEST

static const struct damage damages[] = {
	{AT_COUNT, 4, 1, 0},             /* one bank: a digest too many */
	{AT_COUNT, 4, 9, 0},             /* more than there can be */
	{AT_BANK, 2, TPM_ALG_SHA384, 0}, /* of another size */
	{AT_BANK, 2, 0x1234, 0},         /* no hash */
	{AT_BANK + 2, 1, 0, 0},          /* sizeofSelect */
	{AT_BANK + 2, 1, 5, 0},          /* likewise */
	{AT_BANK + 3, 1, 0xFE, 0},       /* a PCR less */
	{AT_BANK + 5, 1, 1, 0},          /* a PCR more */
	{AT_K, 4, 1, 0},                 /* a list less */
	{AT_K, 4, 3, 0},                 /* a list more */
	{AT_K, 4, UINT32_MAX, 0},        /* many */
	{AT_LIST, 4, 7, 0},              /* a digest less */
	{AT_LIST, 4, 9, 0},              /* more than a TPML_DIGEST has */
	{AT_LIST_2, 4, 3, 0},            /* more than are selected */
	{AT_DIGEST, 2, 0, 0},            /* an empty digest */
	{AT_DIGEST, 2, 31, 0},           /* short */
	{AT_DIGEST, 2, 65, 0},           /* long */
	{AT_DIGEST2 + 34, 2, 0xFFFF, 0}, /* longer than the file */
};

START_TEST(each_field)
{
	const struct damage *d = &damages[_i];
	struct edit e = edit_of(make());

	edit_be(&e, d->off, d->n, d->value);
	refused(edited(&e));
}
END_TEST

Suite *suite_pcr_marshaled(void)
{
	Suite *s = suite_create("pcr_marshaled");
	TCase *tc = tcase_create("pcr_marshaled");

	tcase_add_test(tc, reads);
	tcase_add_test(tc, truncations_and_more);
	tcase_add_loop_test(tc, each_field, 0, (int)COUNT(damages));
	suite_add_tcase(s, tc);
	return s;
}

#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define VECTOR   "quote-2banks.pcrs" /* 4 values of SHA-256, 9 of SHA-1: two lists */

/* Offsets in a file: selections, lists, and digests in a list */
#define AT_SELECTION(i)    (4 + 8 * (size_t)(i))
#define AT_LISTS           132
#define AT_LIST(i)         (136 + 532 * (size_t)(i))
#define AT_DIGEST(list, i) (AT_LIST(list) + 4 + 66 * (size_t)(i))

static struct bq_pcr_list sel;
static struct bq_pcr_values values;

static const struct {
	const char *pcrs, *msg;
} vectors[] = {
	{"quote-1bank.pcrs", "quote-1bank.msg"},
	{"quote-2banks.pcrs", "quote-2banks.msg"},
};

/* What the vectors' values are: the index, then the bank. */
static void check_value(uint16_t alg, unsigned index)
{
	uint8_t want[64];
	struct bq_view v;

	memset(want, 0x10 * (alg & 0xF), sizeof(want));
	want[0] = (uint8_t)index;
	ck_assert_int_eq(bq_pcr_value(&values, alg, index, &v), 0);
	ck_assert_view_eq(v, bq_view_of(want, bq_alg_size(alg)));
}

static void check_values(void)
{
	for (unsigned b = 0; b < sel.n; b++) {
		ck_assert_uint_eq(values.bank[b].mask, sel.bank[b].mask);
		for (unsigned i = 0; i < BQ_PCRS; i++)
			if ((sel.bank[b].mask >> i & 1) != 0)
				check_value(sel.bank[b].alg, i);
	}
	ck_assert_uint_eq(values.n, sel.n);
}

static struct bq_view written(const struct bq_pcr_list *l, const struct bq_pcr_values *v)
{
	static uint8_t buf[136 + 24 * 532];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, buf, sizeof(buf));
	bq_pcr_file_write(&b.s, l, v);
	ck_assert_int_eq(b.s.err, 0);
	return bq_view_of(buf, b.n);
}

START_TEST(vectors_read_and_write)
{
	struct bq_view file = tight_copy(read_vector(vectors[_i].pcrs));
	struct bq_attest a = {0};
	uint8_t digest[32];

	ck_assert_int_eq(bq_pcr_file_read(file, &sel, &values), 0);
	check_values();
	ck_assert_view_eq(written(&sel, &values), file);
	ck_assert_int_eq(bq_attest_parse(read_vector(vectors[_i].msg), &a), 0);
	ck_assert_int_eq(bq_pcr_digest_sha256(&a.pcrs, &values, digest), 0);
	ck_assert_view_eq(a.pcr_digest, bq_view_of(digest, 32));
}
END_TEST

/* Neither output is touched by what is refused. */
static void refused(struct bq_view file)
{
	memset(&sel, 0xA5, sizeof(sel));
	ck_assert_refused(BQ_E_PCR_FILE, &values, bq_pcr_file_read(file, &sel, &values));
	ck_assert(is_untouched(&sel, sizeof(sel)));
}

START_TEST(truncations)
{
	struct bq_view file = read_vector(VECTOR);

	for (size_t n = 0; n < file.n; n++)
		refused(truncated(file, n));
}
END_TEST

START_TEST(trailing)
{
	struct edit e = edit_of(read_vector(VECTOR));

	e.p[e.n++] = 0;
	refused(edited(&e));
	/* a whole empty list, counted or not */
	memset(e.p + e.n, 0, 531);
	e.n += 531;
	refused(edited(&e));
	edit_le(&e, AT_LISTS, 4, 3);
	ck_assert_int_eq(bq_pcr_file_read(edited(&e), &sel, &values), 0);
	check_values();
	/* the same with a digest more than was selected */
	edit_le(&e, AT_LIST(2), 4, 1);
	edit_le(&e, AT_DIGEST(2, 0), 2, 20);
	refused(edited(&e));
}
END_TEST

static const struct {
	const char *what;
	size_t off, n;
	uint64_t value;
} damages[] = {
	{"no selection", 0, 4, 0},
	{"one selection of two", 0, 4, 1},
	{"an empty selection more", 0, 4, 3},
	{"nine selections", 0, 4, 9},
	{"seventeen selections", 0, 4, 17},
	{"selections without end", 0, 4, UINT32_MAX},
	{"big-endian", 0, 4, 0x02000000},
	{"no hash", AT_SELECTION(0), 2, 0},
	{"a key's algorithm", AT_SELECTION(0), 2, TPM_ALG_RSA},
	{"the other bank's hash", AT_SELECTION(0), 2, TPM_ALG_SHA1},
	{"a longer hash", AT_SELECTION(0), 2, TPM_ALG_SHA384},
	{"sizeofSelect 0", AT_SELECTION(0) + 2, 1, 0},
	{"sizeofSelect 5", AT_SELECTION(0) + 2, 1, 5},
	{"sizeofSelect 2 with PCR 23", AT_SELECTION(0) + 2, 1, 2},
	{"PCR 24", AT_SELECTION(0) + 6, 1, 1},
	{"padding", AT_SELECTION(0) + 7, 1, 1},
	{"a PCR less", AT_SELECTION(0) + 3, 1, 0x80},
	{"a PCR more", AT_SELECTION(0) + 3, 1, 0x83},
	{"unused selection", AT_SELECTION(2), 1, 1},
	{"last unused selection", AT_SELECTION(15) + 7, 1, 1},
	{"no lists", AT_LISTS, 4, 0},
	{"one list of two", AT_LISTS, 4, 1},
	{"three lists", AT_LISTS, 4, 3},
	{"PCR 24 where there is room for it", AT_SELECTION(0) + 2, 5, 0x0180088104},
	{"lists without end", AT_LISTS, 4, UINT32_MAX},
	{"seven digests of eight", AT_LIST(0), 4, 7},
	{"nine digests", AT_LIST(0), 4, 9},
	{"digests without end", AT_LIST(0), 4, UINT32_MAX},
	{"four digests of five", AT_LIST(1), 4, 4},
	{"six digests of five", AT_LIST(1), 4, 6},
	{"digest of no bytes", AT_DIGEST(0, 0), 2, 0},
	{"digest too short", AT_DIGEST(0, 0), 2, 31},
	{"digest too long", AT_DIGEST(0, 0), 2, 33},
	{"another bank's size", AT_DIGEST(0, 0), 2, 20},
	{"size over its room", AT_DIGEST(0, 0), 2, 65},
	{"size without end", AT_DIGEST(0, 0), 2, 0xFFFF},
	{"bytes after a digest", AT_DIGEST(0, 0) + 2 + 32, 1, 1},
	{"last byte after a digest", AT_DIGEST(0, 0) + 65, 1, 1},
	{"bytes after a SHA-1 digest", AT_DIGEST(0, 4) + 2 + 20, 1, 1},
	{"unused digest's size", AT_DIGEST(1, 5), 2, 20},
	{"unused digest", AT_DIGEST(1, 5) + 2, 1, 1},
	{"last byte", AT_DIGEST(1, 7) + 65, 1, 1},
};

START_TEST(damaged)
{
	struct edit e = edit_of(read_vector(VECTOR));

	edit_le(&e, damages[_i].off, damages[_i].n, damages[_i].value);
	ck_assert_msg(bq_pcr_file_read(edited(&e), &sel, &values) == BQ_E_PCR_FILE, "%s",
		      damages[_i].what);
	refused(edited(&e));
}
END_TEST

START_TEST(fewer_digests_than_selected)
{
	struct edit e = edit_of(read_vector(VECTOR)), f = e;

	/* the last of them: not counted and not there */
	edit_le(&e, AT_LIST(1), 4, 4);
	memset(e.p + AT_DIGEST(1, 4), 0, 66);
	refused(edited(&e));
	/* the whole second list */
	edit_le(&f, AT_LISTS, 4, 1);
	f.n = AT_LIST(1);
	refused(edited(&f));
}
END_TEST

/* n selections of one PCR each. */
static struct edit selections(unsigned n)
{
	struct edit e = {.n = AT_LIST(2)};

	edit_le(&e, 0, 4, n);
	edit_le(&e, AT_LISTS, 4, 2);
	for (unsigned i = 0; i < n; i++) {
		unsigned at = i % 8;

		edit_le(&e, AT_SELECTION(i), 2, TPM_ALG_SHA256);
		e.p[AT_SELECTION(i) + 2] = 3;
		edit_le(&e, AT_SELECTION(i) + 3, 3, 1u << i);
		edit_le(&e, AT_LIST(i / 8), 4, at + 1);
		edit_le(&e, AT_DIGEST(i / 8, at), 2, 32);
	}
	return e;
}

START_TEST(most_selections)
{
	struct edit e = selections(BQ_PCR_BANKS);

	ck_assert_int_eq(bq_pcr_file_read(edited(&e), &sel, &values), 0);
	ck_assert_uint_eq(sel.n, BQ_PCR_BANKS);
	e = selections(BQ_PCR_BANKS + 1);
	refused(edited(&e));
	e = selections(16);
	refused(edited(&e));
}
END_TEST

START_TEST(one_value_for_a_pcr)
{
	struct edit e = edit_of(read_vector(VECTOR));

	/* sha256:0,7,11,23 as sha256:0,7 and sha256:11,23: fine */
	e.n = AT_LIST(1);
	edit_le(&e, AT_LISTS, 4, 1);
	memset(e.p + AT_DIGEST(0, 4), 0, 4 * 66);
	edit_le(&e, AT_LIST(0), 4, 4);
	edit_le(&e, AT_SELECTION(0) + 3, 3, 0x000081);
	edit_le(&e, AT_SELECTION(1), 2, TPM_ALG_SHA256);
	edit_le(&e, AT_SELECTION(1) + 3, 3, 0x800800);
	ck_assert_int_eq(bq_pcr_file_read(edited(&e), &sel, &values), 0);
	ck_assert_uint_eq(sel.n, 2);
	ck_assert_uint_eq(values.n, 1);
	check_value(TPM_ALG_SHA256, 7);
	check_value(TPM_ALG_SHA256, 11);
	ck_assert_view_eq(written(&sel, &values), bq_view_of(e.p, e.n));
	/* and with PCR 7 in both: which of two values would it have? */
	edit_le(&e, AT_SELECTION(1) + 3, 3, 0x000880);
	refused(edited(&e));
}
END_TEST

/* The values go where the file's selection says, not where they stand. */
START_TEST(moved_selection_moves_values)
{
	struct edit e = edit_of(read_vector(VECTOR));
	struct bq_view v;

	edit_le(&e, AT_SELECTION(0) + 3, 3, 0x810081); /* 16 for 11 */
	ck_assert_int_eq(bq_pcr_file_read(edited(&e), &sel, &values), 0);
	ck_assert_int_eq(bq_pcr_value(&values, TPM_ALG_SHA256, 11, &v), BQ_E_PCR_SELECTION);
	ck_assert_int_eq(bq_pcr_value(&values, TPM_ALG_SHA256, 16, &v), 0);
	ck_assert_uint_eq(v.p[0], 11);
}
END_TEST

START_TEST(short_lists)
{
	struct edit e = edit_of(read_vector(VECTOR)), f = e;

	/* eight and five digests as five and eight */
	memset(f.p + AT_LIST(0), 0, 2 * 532);
	edit_le(&f, AT_LIST(0), 4, 5);
	memcpy(f.p + AT_DIGEST(0, 0), e.p + AT_DIGEST(0, 0), 5 * (size_t)66);
	edit_le(&f, AT_LIST(1), 4, 8);
	memcpy(f.p + AT_DIGEST(1, 0), e.p + AT_DIGEST(0, 5), 3 * (size_t)66);
	memcpy(f.p + AT_DIGEST(1, 3), e.p + AT_DIGEST(1, 0), 5 * (size_t)66);
	ck_assert_int_eq(bq_pcr_file_read(edited(&f), &sel, &values), 0);
	check_values();
}
END_TEST

START_TEST(nothing_selected)
{
	struct bq_pcr_list none = {1, {{TPM_ALG_SHA256, 0}}};
	struct bq_view file;

	values.n = 0;
	file = written(&none, &values);
	ck_assert_uint_eq(file.n, 136 + 532);
	ck_assert_int_eq(bq_pcr_file_read(tight_copy(file), &sel, &values), 0);
	ck_assert_uint_eq(sel.n, 1);
	ck_assert_uint_eq(values.n, 0);
	none.n = 0;
	file = written(&none, &values);
	ck_assert_int_eq(bq_pcr_file_read(tight_copy(file), &sel, &values), 0);
	ck_assert_uint_eq(sel.n, 0);
}
END_TEST

/* As many as there can be: 8 banks of 24. */
START_TEST(most)
{
	static const uint16_t algs[] = {TPM_ALG_SHA512, TPM_ALG_SHA1, TPM_ALG_SHA384,
					TPM_ALG_SHA256};
	static struct bq_pcr_values in;
	struct bq_pcr_list l = {.n = 8};
	struct bq_view file;

	/* Four hashes there are, so each bank comes in two parts. */
	for (unsigned i = 0; i < 8; i++)
		l.bank[i] = (struct bq_pcr_select){algs[i % 4], i < 4 ? 0xFFF000 : 0x000FFF};
	for (unsigned i = 0; i < 4; i++) {
		struct bq_pcr_bank *b = bq_pcr_bank_of(&in, algs[i]);

		ck_assert_ptr_nonnull(b);
		b->mask = 0xFFFFFF;
		for (unsigned j = 0; j < BQ_PCRS; j++)
			memset(b->value[j], (int)(i * 32 + j), bq_alg_size(algs[i]));
	}
	file = written(&l, &in);
	ck_assert_uint_eq(file.n, 136 + 12 * 532);
	ck_assert_int_eq(bq_pcr_file_read(tight_copy(file), &sel, &values), 0);
	ck_assert_uint_eq(sel.n, 8);
	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < BQ_PCRS; j++) {
			struct bq_view a = {0}, b = {0};

			ck_assert_int_eq(bq_pcr_value(&in, algs[i], j, &a), 0);
			ck_assert_int_eq(bq_pcr_value(&values, algs[i], j, &b), 0);
			ck_assert_view_eq(a, b);
		}
}
END_TEST

START_TEST(write_without_a_value)
{
	struct bq_pcr_list l = {1, {{TPM_ALG_SHA256, 0x3}}};
	uint8_t buf[2048];
	struct bq_sink_buf b;

	values.n = 0;
	bq_pcr_bank_of(&values, TPM_ALG_SHA256)->mask = 0x1;
	bq_sink_buf_init(&b, buf, sizeof(buf));
	bq_pcr_file_write(&b.s, &l, &values);
	ck_assert_int_eq(b.s.err, BQ_E_PCR_SELECTION);
	l.bank[0].mask = 0x1;
	bq_sink_buf_init(&b, buf, 667);
	bq_pcr_file_write(&b.s, &l, &values);
	ck_assert_int_eq(b.s.err, BQ_E_SPACE);
	bq_sink_buf_init(&b, buf, 668);
	bq_pcr_file_write(&b.s, &l, &values);
	ck_assert_int_eq(b.s.err, 0);
}
END_TEST

static void append(void *ctx, struct bq_view value)
{
	bq_wr_view(ctx, value);
}

/* Format values holds nothing but digests; the selection comes from elsewhere. */
START_TEST(values_alone)
{
	uint8_t buf[13 * 64 + 1] = {0};
	struct bq_view file = {0};
	struct bq_wr w;

	ck_assert_int_eq(bq_pcr_file_read(read_vector(VECTOR), &sel, &values), 0);
	bq_wr_init(&w, buf, sizeof(buf));
	ck_assert_int_eq(bq_pcr_each(&sel, &values, append, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &file), 0);
	ck_assert_uint_eq(file.n, 4 * 32 + 9 * 20);
	memset(&values, 0, sizeof(values));
	ck_assert_int_eq(bq_pcr_file_read_values(tight_copy(file), &sel, &values), 0);
	check_values();
	for (size_t n = 0; n < file.n; n++)
		ck_assert_refused(BQ_E_PCR_FILE, &values,
				  bq_pcr_file_read_values(truncated(file, n), &sel, &values));
	ck_assert_refused(BQ_E_PCR_FILE, &values,
			  bq_pcr_file_read_values(bq_view_of(buf, file.n + 1), &sel, &values));
	sel.bank[1].alg = 0x0105; /* no hash we know */
	ck_assert_refused(BQ_E_PCR_FILE, &values, bq_pcr_file_read_values(file, &sel, &values));
}
END_TEST

Suite *suite_pcr_file(void)
{
	Suite *s = suite_create("pcr_file");
	TCase *tc = tcase_create("pcr_file");

	tcase_add_loop_test(tc, vectors_read_and_write, 0, COUNT(vectors));
	tcase_add_test(tc, truncations);
	tcase_add_test(tc, trailing);
	tcase_add_loop_test(tc, damaged, 0, COUNT(damages));
	tcase_add_test(tc, fewer_digests_than_selected);
	tcase_add_test(tc, most_selections);
	tcase_add_test(tc, one_value_for_a_pcr);
	tcase_add_test(tc, moved_selection_moves_values);
	tcase_add_test(tc, short_lists);
	tcase_add_test(tc, nothing_selected);
	tcase_add_test(tc, most);
	tcase_add_test(tc, write_without_a_value);
	tcase_add_test(tc, values_alone);
	suite_add_tcase(s, tc);
	return s;
}

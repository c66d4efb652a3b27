/* UEFI's structures in events: each field, each length, each truncation. */
#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const uint8_t GUID[] = {0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2, 0x11,
			       0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c};

#define GUID_TEXT "8be4df61-93ca-11d2-aa0d-00e098032b8c"

static uint8_t scratch[1024];

static struct bq_wr begin(void)
{
	struct bq_wr w;

	bq_wr_init(&w, scratch, sizeof(scratch));
	return w;
}

static struct bq_view end(const struct bq_wr *w)
{
	struct bq_view v = {0};

	ck_assert_int_eq(bq_wr_end(w, &v), 0);
	return tight_copy(v);
}

static void put_guid(struct bq_wr *w)
{
	bq_wr_view(w, bq_view_of(GUID, sizeof(GUID)));
}

static void put_utf16(struct bq_wr *w, const char *ascii)
{
	for (; *ascii != '\0'; ascii++)
		bq_wr_le16(w, (uint8_t)*ascii);
}

static void assert_text(void (*put)(struct bq_sink *s, struct bq_view v), struct bq_view v,
			const char *want)
{
	static char text[2048];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text) - 1);
	put(&b.s, v);
	ck_assert_int_eq(b.s.err, 0);
	text[b.n] = '\0';
	ck_assert_str_eq(text, want);
}

START_TEST(texts)
{
	assert_text(bq_put_guid, bq_view_of(GUID, sizeof(GUID)), GUID_TEXT);
	assert_text(bq_put_guid, bq_view_of(GUID, 9), ""); /* no GUID */
	assert_text(bq_put_utf16, VIEW("a\0\x1b\0\xac\x20z\0\0\0b\0"), "a\\u001b\\u20acz");
	assert_text(bq_put_utf16, VIEW("a\0b"), "a");
	assert_text(bq_put_utf16, VIEW("\"\0\\\0'\0"), "\"\\'");
	assert_text(bq_put_utf16_quoted, VIEW("\"\0\\\0'\0\n\0"), "\\u0022\\u005c'\\u000a");
	ck_assert(bq_utf16_is(VIEW("d\0b\0"), "db"));
	ck_assert(!bq_utf16_is(VIEW("d\0b\0"), "dbx"));
	ck_assert(!bq_utf16_is(VIEW("d\0b\0x\0"), "db"));
	ck_assert(!bq_utf16_is(VIEW("d\0b\0x"), "db"));
	ck_assert(!bq_utf16_is(VIEW("d\1b\0"), "db"));
	ck_assert(bq_utf16_is(VIEW(""), ""));
}
END_TEST

/* --- variables ---------------------------------------------------------------- */

#define AT_NAME_LEN 16
#define AT_DATA_LEN 24

static struct bq_view make_variable(void)
{
	struct bq_wr w = begin();

	put_guid(&w);
	bq_wr_le64(&w, 2);
	bq_wr_le64(&w, 3);
	put_utf16(&w, "db");
	bq_wr_view(&w, VIEW("xyz"));
	return end(&w);
}

START_TEST(variable)
{
	struct bq_view whole = make_variable();
	struct bq_uefi_variable v;

	ck_assert_int_eq(bq_uefi_variable_parse(whole, &v), 0);
	ck_assert_view_eq(v.guid, bq_view_of(GUID, sizeof(GUID)));
	ck_assert(bq_utf16_is(v.name, "db"));
	ck_assert_view_eq(v.data, VIEW("xyz"));
	for (size_t n = 0; n < whole.n; n++)
		ck_assert_refused(BQ_E_SHORT, &v, bq_uefi_variable_parse(truncated(whole, n), &v));
}
END_TEST

static const struct {
	size_t at;
	uint64_t value;
} lengths[] = {
	{AT_NAME_LEN, 4},          {AT_NAME_LEN, 0x8000000000000001},
	{AT_NAME_LEN, UINT64_MAX}, {AT_DATA_LEN, 4},
	{AT_DATA_LEN, 8},          {AT_DATA_LEN, UINT64_MAX},
};

START_TEST(variable_lengths)
{
	struct edit e = edit_of(make_variable());
	struct bq_uefi_variable v;

	edit_le(&e, lengths[_i].at, 8, lengths[_i].value);
	ck_assert_refused(BQ_E_SHORT, &v, bq_uefi_variable_parse(edited(&e), &v));
}
END_TEST

/* --- signature lists ------------------------------------------------------------ */

#define LIST_SIZE (28 + 4 + 2 * 18)

static struct bq_view make_siglist(uint32_t list_size, uint32_t header, uint32_t signature)
{
	struct bq_wr w = begin();

	put_guid(&w);
	bq_wr_le32(&w, list_size);
	bq_wr_le32(&w, header);
	bq_wr_le32(&w, signature);
	bq_wr_view(&w, VIEW("head"));
	put_guid(&w);
	bq_wr_view(&w, VIEW("ab"));
	put_guid(&w);
	bq_wr_view(&w, VIEW("cd"));
	return end(&w);
}

START_TEST(siglist)
{
	struct bq_view whole = make_siglist(LIST_SIZE, 4, 18), r = whole, owner, data;
	struct bq_uefi_siglist l;

	ck_assert_int_eq(bq_uefi_siglist_next(&r, &l), 0);
	ck_assert_uint_eq(r.n, 0);
	ck_assert_view_eq(l.type, bq_view_of(GUID, sizeof(GUID)));
	ck_assert_uint_eq(l.list_size, LIST_SIZE);
	ck_assert_uint_eq(l.header_size, 4);
	ck_assert_uint_eq(l.signature_size, 18);
	ck_assert_int_eq(bq_uefi_signature_next(&l, &owner, &data), 0);
	ck_assert_view_eq(owner, bq_view_of(GUID, sizeof(GUID)));
	ck_assert_view_eq(data, VIEW("ab"));
	ck_assert_int_eq(bq_uefi_signature_next(&l, &owner, &data), 0);
	ck_assert_view_eq(data, VIEW("cd"));
	ck_assert_int_eq(bq_uefi_signature_next(&l, &owner, &data), BQ_E_SHORT);
	for (size_t n = 0; n < whole.n; n++) {
		r = truncated(whole, n);
		ck_assert_refused(BQ_E_SHORT, &l, bq_uefi_siglist_next(&r, &l));
		ck_assert_uint_eq(r.n, n);
	}
}
END_TEST

static const struct {
	uint32_t list, header, signature;
	int error;
} siglists[] = {
	{LIST_SIZE + 1, 4, 18, BQ_E_SHORT},
	{UINT32_MAX, 4, 18, BQ_E_SHORT},
	{27, 4, 18, BQ_E_EVENTLOG},
	{0, 0, 18, BQ_E_EVENTLOG},
	{LIST_SIZE, 3, 18, BQ_E_EVENTLOG},
	{LIST_SIZE, LIST_SIZE, 18, BQ_E_EVENTLOG},
	{LIST_SIZE, UINT32_MAX, 18, BQ_E_EVENTLOG},
	{LIST_SIZE, 4, 0, BQ_E_EVENTLOG},
	{LIST_SIZE, 4, 16, BQ_E_EVENTLOG},
	{LIST_SIZE, 4, 19, BQ_E_EVENTLOG},
	{LIST_SIZE, 4, UINT32_MAX, BQ_E_EVENTLOG},
};

START_TEST(siglist_sizes)
{
	struct bq_view r =
		make_siglist(siglists[_i].list, siglists[_i].header, siglists[_i].signature);
	struct bq_uefi_siglist l;

	ck_assert_refused(siglists[_i].error, &l, bq_uefi_siglist_next(&r, &l));
}
END_TEST

/* --- boot options, images --------------------------------------------------------- */

START_TEST(load_option)
{
	struct bq_wr w = begin();
	struct bq_uefi_load_option o;
	struct bq_view whole;

	bq_wr_le32(&w, 1);
	bq_wr_le16(&w, 4);
	put_utf16(&w, "OS");
	bq_wr_le16(&w, 0);
	whole = end(&w);
	for (size_t n = 0; n < whole.n; n++)
		ck_assert_refused(BQ_E_SHORT, &o,
				  bq_uefi_load_option_parse(truncated(whole, n), &o));
	bq_wr_view(&w, VIEW("path"));
	ck_assert_int_eq(bq_uefi_load_option_parse(end(&w), &o), 0);
	ck_assert_uint_eq(o.attributes, 1);
	ck_assert_uint_eq(o.path_size, 4);
	ck_assert(bq_utf16_is(o.description, "OS"));
	ck_assert_view_eq(o.rest, VIEW("path"));
}
END_TEST

START_TEST(image)
{
	struct bq_wr w = begin();
	struct bq_uefi_image i;
	struct bq_view whole;

	for (uint64_t x = 1; x <= 4; x++)
		bq_wr_le64(&w, x << 40 | x);
	whole = end(&w);
	for (size_t n = 0; n < whole.n; n++)
		ck_assert_refused(BQ_E_SHORT, &i, bq_uefi_image_parse(truncated(whole, n), &i));
	bq_wr_view(&w, VIEW("path"));
	ck_assert_int_eq(bq_uefi_image_parse(end(&w), &i), 0);
	ck_assert_uint_eq(i.location, 0x10000000001);
	ck_assert_uint_eq(i.length, 0x20000000002);
	ck_assert_uint_eq(i.link_address, 0x30000000003);
	ck_assert_uint_eq(i.path_size, 0x40000000004);
	ck_assert_view_eq(i.path, VIEW("path"));
}
END_TEST

/* --- partitions --------------------------------------------------------------------- */

#define AT_PARTITIONS 92 /* their number */

static struct bq_view make_gpt(void)
{
	struct bq_wr w = begin();

	bq_wr_view(&w, VIEW("EFI PART"));
	for (uint32_t x = 1; x <= 4; x++) /* the last one is reserved */
		bq_wr_le32(&w, x);
	for (uint64_t x = 5; x <= 8; x++)
		bq_wr_le64(&w, x);
	put_guid(&w);
	bq_wr_le64(&w, 9);
	for (uint32_t x = 10; x <= 12; x++)
		bq_wr_le32(&w, x);
	bq_wr_le64(&w, 2);
	for (uint64_t x = 0; x < 2; x++) {
		put_guid(&w);
		put_guid(&w);
		bq_wr_le64(&w, 100 + x);
		bq_wr_le64(&w, 200 + x);
		bq_wr_le64(&w, 300 + x);
		put_utf16(&w, "root");
		bq_wr_zeros(&w, 72 - 8);
	}
	return end(&w);
}

START_TEST(gpt)
{
	struct bq_view whole = make_gpt();
	struct bq_uefi_partition p;
	struct bq_uefi_gpt g;

	ck_assert_int_eq(bq_uefi_gpt_parse(whole, &g), 0);
	ck_assert_view_eq(g.signature, VIEW("EFI PART"));
	ck_assert_uint_eq(g.revision, 1);
	ck_assert_uint_eq(g.header_size, 2);
	ck_assert_uint_eq(g.header_crc, 3);
	ck_assert_uint_eq(g.my_lba, 5);
	ck_assert_uint_eq(g.alternate_lba, 6);
	ck_assert_uint_eq(g.first_lba, 7);
	ck_assert_uint_eq(g.last_lba, 8);
	ck_assert_view_eq(g.disk, bq_view_of(GUID, sizeof(GUID)));
	ck_assert_uint_eq(g.entry_lba, 9);
	ck_assert_uint_eq(g.entries, 10);
	ck_assert_uint_eq(g.entry_size, 11);
	ck_assert_uint_eq(g.entries_crc, 12);
	ck_assert_uint_eq(g.count, 2);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_int_eq(bq_uefi_partition_next(&g, &p), 0);
		ck_assert_view_eq(p.type, bq_view_of(GUID, sizeof(GUID)));
		ck_assert_view_eq(p.unique, bq_view_of(GUID, sizeof(GUID)));
		ck_assert_uint_eq(p.first_lba, 100 + i);
		ck_assert_uint_eq(p.last_lba, 200 + i);
		ck_assert_uint_eq(p.attributes, 300 + i);
		assert_text(bq_put_utf16, p.name, "root");
	}
	ck_assert_int_eq(bq_uefi_partition_next(&g, &p), BQ_E_SHORT);
	for (size_t n = 0; n < whole.n; n++)
		ck_assert_refused(BQ_E_SHORT, &g, bq_uefi_gpt_parse(truncated(whole, n), &g));
}
END_TEST

START_TEST(gpt_count)
{
	static const struct {
		uint64_t count;
		int error;
	} counts[] = {{1, BQ_E_TRAILING}, {3, BQ_E_SHORT}, {UINT64_MAX, BQ_E_SHORT}};
	struct bq_uefi_gpt g;

	for (size_t i = 0; i < COUNT(counts); i++) {
		struct edit e = edit_of(make_gpt());

		edit_le(&e, AT_PARTITIONS, 8, counts[i].count);
		ck_assert_refused(counts[i].error, &g, bq_uefi_gpt_parse(edited(&e), &g));
	}
}
END_TEST

/* --- device paths ----------------------------------------------------------------- */

static const struct {
	const char *hex, *text;
} paths[] = {
	{"02010c00d041030a00000000", "PciRoot(0x0)"},
	{"02010c00d041080a01000000", "PcieRoot(0x1)"},
	{"02010c00d041020a03000000", "Acpi(0xa0241d0,0x3)"},
	{"010106000217", "Pci(0x17,0x2)"},
	{"0104140061dfe48bca93d211aa0d00e098032b8c", "VenHw(" GUID_TEXT ")"},
	{"0302080001000200", "Scsi(0x1,0x2)"},
	{"030506000304", "USB(0x3,0x4)"},
	{"03120a000100ffff0000", "Sata(0x1,0xffff,0x0)"},
	{"03171000010000000102030405060708", "NVMe(0x1,0102030405060708)"},
	{"04012a000f00000000280000000000000050030000000000b6e824fc8c5e9643aadd2c6a9a43b92d0202",
	 "HD(15,GPT,fc24e8b6-5e8c-4396-aadd-2c6a9a43b92d,0x2800,0x35000)"},
	{"04012a00010000000008000000000000001000000000000012345678000000000000000000000000"
	 "0101",
	 "HD(1,MBR,12345678000000000000000000000000,0x800,0x1000)"},
	{"04040a005c0061000000", "\\a"},
	{"0403140061dfe48bca93d211aa0d00e098032b8c", "VenMedia(" GUID_TEXT ")"},
	{"0406140061dfe48bca93d211aa0d00e098032b8c", "FvFile(" GUID_TEXT ")"},
	{"0407140061dfe48bca93d211aa0d00e098032b8c", "Fv(" GUID_TEXT ")"},
	/* several, their end, and what follows it */
	{"01010600000104", "Pci(0x1,0x0)/04"},
	{"0101060000010101060000027fff040055", "Pci(0x1,0x0)/Pci(0x2,0x0)"},
	{"0101060000017f01040001010600000200", "Pci(0x1,0x0),Pci(0x2,0x0)/00"},
	/* no words for it; too short for its words; no node at all */
	{"0909040055", "Path(9,9)/55"},
	{"09090500aa", "Path(9,9,aa)"},
	{"0101050000", "Path(1,1,00)"},
	{"02010b00d041030a000000", "Path(2,1,d041030a000000)"},
	{"0302070001000200", "Path(3,2,010002)/00"},
	{"01010300", "01010300"},
	{"0101ffff", "0101ffff"},
	{"010104", "010104"},
	{"", ""},
};

START_TEST(device_path)
{
	assert_text(bq_put_device_path, tight_copy(from_hex(paths[_i].hex)), paths[_i].text);
}
END_TEST

Suite *suite_uefi(void)
{
	Suite *s = suite_create("uefi");
	TCase *tc = tcase_create("uefi");

	tcase_add_test(tc, texts);
	tcase_add_test(tc, variable);
	tcase_add_loop_test(tc, variable_lengths, 0, (int)COUNT(lengths));
	tcase_add_test(tc, siglist);
	tcase_add_loop_test(tc, siglist_sizes, 0, (int)COUNT(siglists));
	tcase_add_test(tc, load_option);
	tcase_add_test(tc, image);
	tcase_add_test(tc, gpt);
	tcase_add_test(tc, gpt_count);
	tcase_add_loop_test(tc, device_path, 0, (int)COUNT(paths));
	suite_add_tcase(s, tc);
	return s;
}

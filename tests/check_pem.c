#include "support.h"

#include <string.h>

#define BEGIN  "-----BEGIN CERTIFICATE-----\n"
#define END    "-----END CERTIFICATE-----\n"
#define LABEL  "CERTIFICATE"
#define LINE48 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\n"

/* Decodes the first block of text, which must leave after behind. */
static struct bq_view first(const char *text, const char *after)
{
	static uint8_t der[256];
	struct bq_view rest = tight_copy(bq_view_str(text));
	size_t n = 0;

	ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, sizeof(der), &n), 0);
	ck_assert_view_eq(rest, bq_view_str(after));
	return bq_view_of(der, n);
}

/* Nothing is taken from text, and *n stays. */
static void refused_in(const char *text, size_t cap, int want)
{
	uint8_t der[256];
	struct bq_view whole = tight_copy(bq_view_str(text)), rest = whole;
	size_t n = 77;

	ck_assert_msg(bq_pem_next(&rest, LABEL, der, cap, &n) == want, "%s", text);
	ck_assert_ptr_eq(rest.p, whole.p);
	ck_assert_uint_eq(rest.n, whole.n);
	ck_assert_uint_eq(n, 77);
}

static void refused(const char *text)
{
	refused_in(text, 256, BQ_E_CERT);
}

START_TEST(decodes_a_block)
{
	uint8_t want[51];

	for (unsigned i = 0; i < sizeof(want); i++)
		want[i] = (uint8_t)i;
	ck_assert_view_eq(first(BEGIN LINE48 "MDEy\n" END, ""), bq_view_of(want, 51));
	ck_assert_view_eq(first(BEGIN LINE48 "MDE=\n" END, ""), bq_view_of(want, 50));
	ck_assert_view_eq(first(BEGIN LINE48 "MA==\n" END, ""), bq_view_of(want, 49));
	ck_assert_view_eq(first(BEGIN LINE48 END, ""), bq_view_of(want, 48));
	ck_assert_view_eq(first(BEGIN "AAEC\nAwQF\n" END, ""), bq_view_of(want, 6));
}
END_TEST

START_TEST(lines_may_end_in_any_way)
{
	const char *crlf = "-----BEGIN CERTIFICATE-----\r\nAAEC\r\n-----END CERTIFICATE-----\r\n";
	const char *bare = "-----BEGIN CERTIFICATE----- \nAAEC\t \n-----END CERTIFICATE-----";

	ck_assert_view_eq(first(crlf, ""), VIEW("\x00\x01\x02"));
	ck_assert_view_eq(first(bare, ""), VIEW("\x00\x01\x02"));
}
END_TEST

START_TEST(goes_from_block_to_block)
{
	struct bq_view rest = tight_copy(VIEW(
		"subject=CN\n" BEGIN "AAEC\n" END "\nissuer=CN\n" BEGIN "AwQF\n" END
		"-----BEGIN KEY-----\nBgcI\n-----END KEY-----\n" BEGIN "CQ==\n" END "the end"));
	uint8_t der[8];
	size_t n;

	ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, sizeof(der), &n), 0);
	ck_assert_view_eq(bq_view_of(der, n), VIEW("\x00\x01\x02"));
	ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, sizeof(der), &n), 0);
	ck_assert_view_eq(bq_view_of(der, n), VIEW("\x03\x04\x05"));
	ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, sizeof(der), &n), 0);
	ck_assert_view_eq(bq_view_of(der, n), VIEW("\x09"));
	ck_assert_view_eq(rest, VIEW("the end"));
	ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, sizeof(der), &n), BQ_E_CERT);
}
END_TEST

START_TEST(takes_only_the_label_asked_for)
{
	struct bq_view rest = VIEW("-----BEGIN KEY-----\nBgcI\n-----END KEY-----\n");
	uint8_t der[8];
	size_t n;

	ck_assert_int_eq(bq_pem_next(&rest, "KEY", der, sizeof(der), &n), 0);
	ck_assert_view_eq(bq_view_of(der, n), VIEW("\x06\x07\x08"));
	refused("-----BEGIN KEY-----\nBgcI\n-----END KEY-----\n");
	refused("-----BEGIN TRUSTED CERTIFICATE-----\nBgcI\n-----END TRUSTED CERTIFICATE-----\n");
	refused(BEGIN "BgcI\n-----END KEY-----\n");
}
END_TEST

START_TEST(malformed_blocks_are_refused)
{
	refused("");
	refused("\n");
	refused("AAEC\n");
	refused(BEGIN);
	refused(BEGIN END);
	refused(BEGIN "AAEC\n");
	refused(BEGIN "AAEC\n" BEGIN "AAEC\n" END);
	refused(BEGIN "AAEC\n\nAwQF\n" END); /* an empty line */
	refused(BEGIN "AAE\nAAEC\n" END);    /* not whole groups */
	refused(BEGIN "AA==\nAAEC\n" END);   /* padding in the middle */
	refused(BEGIN "AB==\n" END);         /* unused bits */
	refused(BEGIN "AAE\n" END);          /* padding missing */
	refused(BEGIN "AA C\n" END);
	refused(BEGIN " AAEC\n" END);
	refused(BEGIN "-_-_\n" END); /* the other alphabet */
	refused(BEGIN "Proc-Type: 4,ENCRYPTED\n\nAAEC\n" END);
	refused(" " BEGIN "AAEC\n" END);
	refused("-----BEGIN CERTIFICATE----\nAAEC\n" END);
	refused("-----BEGIN CERTIFICATE-----x\nAAEC\n" END);
	refused("-----BEGIN  CERTIFICATE-----\nAAEC\n" END);
	refused("----BEGIN CERTIFICATE-----\nAAEC\n" END);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
	const char *text = BEGIN LINE48 "MDE=\n-----END CERTIFICATE-----";
	uint8_t der[64];
	size_t n;

	for (size_t k = 0; k < strlen(text); k++) {
		struct bq_view rest = tight_copy(bq_view_of(text, k));

		ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, sizeof(der), &n), BQ_E_CERT);
	}
}
END_TEST

START_TEST(room_is_respected)
{
	const char *text = BEGIN LINE48 "MDE=\n" END;
	struct bq_view rest = bq_view_str(text);
	uint8_t der[51];
	size_t n;

	for (size_t cap = 0; cap < 50; cap++)
		refused_in(text, cap, BQ_E_SPACE);
	der[50] = 0xEE;
	ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, 50, &n), 0);
	ck_assert_uint_eq(n, 50);
	ck_assert_uint_eq(der[50], 0xEE);
}
END_TEST

START_TEST(captured_chain)
{
	struct bq_view rest = read_capture("azure-milan-2023/vcek.pem");
	uint8_t der[4096];
	size_t n;

	for (unsigned i = 0; i < 3; i++) {
		struct bq_view d;
		uint16_t tag, size;

		ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, sizeof(der), &n), 0);
		d = bq_view_of(der, n);
		ck_assert_int_eq(bq_rd_be16(&d, &tag), 0); /* SEQUENCE, two bytes of length */
		ck_assert_int_eq(bq_rd_be16(&d, &size), 0);
		ck_assert_uint_eq(tag, 0x3082);
		ck_assert_uint_eq(size, d.n);
	}
	ck_assert_int_eq(bq_pem_next(&rest, LABEL, der, sizeof(der), &n), BQ_E_CERT);
}
END_TEST

Suite *suite_pem(void)
{
	Suite *s = suite_create("pem");
	TCase *tc = tcase_create("pem");

	tcase_add_test(tc, decodes_a_block);
	tcase_add_test(tc, lines_may_end_in_any_way);
	tcase_add_test(tc, goes_from_block_to_block);
	tcase_add_test(tc, takes_only_the_label_asked_for);
	tcase_add_test(tc, malformed_blocks_are_refused);
	tcase_add_test(tc, every_truncation_is_refused);
	tcase_add_test(tc, room_is_respected);
	tcase_add_capture_test(tc, captured_chain);
	suite_add_tcase(s, tc);
	return s;
}

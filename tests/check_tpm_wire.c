/* Every command's bytes both ways, and every way for a response to be wrong. */
#include <string.h>

#include "support.h"
#include "tpm_golden.h"

#define HEADER 10

static uint8_t packet[BQ_TPM_PACKET + 16];
static size_t packet_n;
static bool with_sessions;

static void load(int i)
{
	memset(packet, 0, sizeof(packet));
	packet_n = script_hex(goldens[i].rsp, packet, BQ_TPM_PACKET);
	with_sessions = packet[1] == 0x02;
}

static void put32(size_t at, size_t x)
{
	for (size_t i = 0; i < 4; i++)
		packet[at + i] = (uint8_t)(x >> (24 - 8 * i));
}

static size_t get32(size_t at)
{
	return (size_t)packet[at] << 24 | (size_t)packet[at + 1] << 16 |
	       (size_t)packet[at + 2] << 8 | packet[at + 3];
}

/* Answers with packet; a tight copy, so that ASan sees a read past it. */
static int give_packet(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n)
{
	(void)ctx;
	(void)cmd;
	memset(rsp, 0xEE, cap);
	memcpy(rsp, packet, packet_n < cap ? packet_n : cap);
	*rsp_n = packet_n;
	return 0;
}

/* What command i makes of packet. */
static int run(int i)
{
	struct script s;

	script_init_answer(&s, give_packet, NULL);
	return goldens[i].run(&s.tpm);
}

START_TEST(bytes_are_the_specifications)
{
	const struct exchange list[] = {{goldens[_i].cmd, goldens[_i].rsp, 0}};
	uint8_t cmd[256];
	struct script s;

	load(_i);
	ck_assert_msg(get32(2) == packet_n, "%s: response", goldens[_i].name);
	ck_assert_uint_eq(script_hex(goldens[_i].cmd, cmd, sizeof(cmd)),
			  (size_t)cmd[4] << 8 | cmd[5]);
	SCRIPT(&s, list);
	ck_assert_msg(goldens[_i].run(&s.tpm) == 0, "%s", goldens[_i].name);
	script_end(&s);
	ck_assert_uint_eq(s.tpm.rc, 0);
	ck_assert_uint_eq(s.tpm.rsp.n, packet_n);
}
END_TEST

/* The link breaks off: the header's size is no longer that of the packet. */
START_TEST(cut_short)
{
	load(_i);
	for (; packet_n-- > 0;)
		ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
}
END_TEST

static bool refused(int e)
{
	return e == BQ_E_TPM_RESPONSE || e == BQ_E_TPM_PROGRESS;
}

/* The TPM itself says less: the header's size is right. */
START_TEST(truncated)
{
	load(_i);
	while (--packet_n >= HEADER) {
		put32(2, packet_n);
		ck_assert_msg(refused(run(_i)), "%s at %zu", goldens[_i].name, packet_n);
	}
}
END_TEST

/* Parameters that end early within a well-formed envelope. */
START_TEST(parameters_truncated)
{
	size_t n;

	for (size_t cut = 1;; cut++) {
		load(_i);
		if (!with_sessions || (n = get32(10)) < cut)
			break;
		memmove(&packet[14 + n - cut], &packet[14 + n], packet_n - 14 - n);
		packet_n -= cut;
		put32(2, packet_n);
		put32(10, n - cut);
		ck_assert_msg(refused(run(_i)), "%s less %zu", goldens[_i].name, cut);
	}
}
END_TEST

START_TEST(bytes_left_over)
{
	size_t n;

	load(_i);
	packet_n++;
	ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
	put32(2, packet_n);
	ck_assert_int_eq(run(_i), BQ_E_TPM_RESPONSE);
	load(_i);
	if (!with_sessions)
		return;
	n = get32(10);
	memmove(&packet[14 + n + 1], &packet[14 + n], packet_n - 14 - n);
	packet_n++;
	put32(2, packet_n);
	put32(10, n + 1);
	ck_assert_int_eq(run(_i), BQ_E_TPM_RESPONSE);
}
END_TEST

START_TEST(tags_and_sizes)
{
	load(_i);
	packet[1] = with_sessions ? 0x01 : 0x02;
	ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
	packet[0] = 0x00; /* TPM 1.2 */
	packet[1] = 0xC4;
	ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
	load(_i);
	put32(2, packet_n - 1);
	ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
	put32(2, 0xFFFFFFFF);
	ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
	load(_i);
	packet_n = BQ_TPM_PACKET + 1; /* a transport that says more than it may */
	put32(2, packet_n);
	ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
}
END_TEST

/* The authorization's part of a response: nonce, attributes, hmac. */
START_TEST(authorization_answers)
{
	load(_i);
	if (!with_sessions)
		return;
	packet[packet_n - 3] = 0x81; /* attributes: anything */
	ck_assert_int_eq(run(_i), 0);
	packet[packet_n - 1] = 1; /* an hmac that is not there */
	ck_assert_int_eq(run(_i), BQ_E_TPM_RESPONSE);
	packet_n++;
	put32(2, packet_n); /* one that is */
	ck_assert_int_eq(run(_i), BQ_E_TPM_RESPONSE);
	load(_i);
	packet[packet_n - 4] = 1; /* a nonce of one byte */
	packet_n++;
	put32(2, packet_n);
	ck_assert_int_eq(run(_i), BQ_E_TPM_RESPONSE);
	load(_i);
	put32(10, 0xFFFFFFFF); /* parameterSize */
	ck_assert_int_eq(run(_i), BQ_E_TPM_RESPONSE);
}
END_TEST

START_TEST(errors_are_ten_bytes)
{
	load(_i);
	script_hex("8001 0000000a 0000018b", packet, HEADER);
	packet_n = HEADER;
	ck_assert_int_eq(run(_i), BQ_E_TPM_RC);
	packet[1] = 0x02;
	ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
	packet[1] = 0x01;
	packet_n++;
	put32(2, packet_n);
	ck_assert_int_eq(run(_i), BQ_E_TPM_HEADER);
}
END_TEST

START_TEST(transport_errors_pass_through)
{
	const struct exchange list[] = {{goldens[_i].cmd, NULL, BQ_E_GONE}};
	struct script s;

	SCRIPT(&s, list);
	ck_assert_int_eq(goldens[_i].run(&s.tpm), BQ_E_GONE);
	ck_assert_int_eq(s.tpm.sys_errno, 5);
	script_end(&s);
	bq_tpm_close(&s.tpm);
	ck_assert(s.closed);
	ck_assert_int_eq(goldens[_i].run(&s.tpm), BQ_E_ARG);
}
END_TEST

/* Each response with each bit turned over: never anything but success or one
 * of the errors meant for this. */
START_TEST(flipped_bits)
{
	int e;

	goldens_any_value = true;
	load(_i);
	for (size_t bit = 0; bit < 8 * packet_n; bit++) {
		packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
		e = run(_i);
		packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (bit < 8 * HEADER) /* a response of ten bytes may be an error's */
			ck_assert(e == BQ_E_TPM_HEADER || (e == BQ_E_TPM_RC && packet_n == HEADER));
		else
			ck_assert_msg(e == 0 || refused(e) || e == BQ_E_TPM_PROPERTY ||
					      e == BQ_E_PCR_SELECTION,
				      "%s bit %zu: %s", goldens[_i].name, bit, bq_strerror(e));
	}
}
END_TEST

START_TEST(capability_is_a_view)
{
	const struct exchange list[] = {
		{"8001 00000016 0000017a 00000001 81000000 000000fe",
		 "8001 0000001b 00000000 01 00000001 00000002 81000001 81000003", 0},
		{"8001 00000016 0000017a 00000001 81000000 000000fe",
		 "8001 0000001b 00000000 00 00000002 00000002 81000001 81000003", 0},
		{NULL, "8001 0000000f 00000000 02 00000001", 0},
	};
	struct bq_view data;
	struct script s;
	bool more = false;

	SCRIPT(&s, list);
	ck_assert_int_eq(
		bq_tpm_get_capability(&s.tpm, TPM_CAP_HANDLES, 0x81000000, 254, &more, &data), 0);
	ck_assert(more);
	ck_assert_view_eq(data, VIEW("\x00\x00\x00\x02\x81\x00\x00\x01\x81\x00\x00\x03"));
	ck_assert_int_eq(
		bq_tpm_get_capability(&s.tpm, TPM_CAP_HANDLES, 0x81000000, 254, &more, &data),
		BQ_E_TPM_RESPONSE);
	ck_assert_int_eq(
		bq_tpm_get_capability(&s.tpm, TPM_CAP_HANDLES, 0x81000000, 254, &more, &data),
		BQ_E_TPM_RESPONSE);
	ck_assert(more);
	script_end(&s);
}
END_TEST

/* Another property than asked for, none, and two. */
START_TEST(property_that_is_not_there)
{
	const struct exchange list[] = {
		{NULL, "8001 0000001b 00000000 00 00000006 00000001 0000012d 00000400", 0},
		{NULL, "8001 00000013 00000000 00 00000006 00000000", 0},
		{NULL,
		 "8001 00000023 00000000 00 00000006 00000002 0000012c 00000400 0000012d 00000001",
		 0},
	};
	struct script s;
	uint32_t value = 7;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_property(&s.tpm, 0x12C, &value), BQ_E_TPM_PROPERTY);
	ck_assert_int_eq(bq_tpm_property(&s.tpm, 0x12C, &value), BQ_E_TPM_PROPERTY);
	ck_assert_int_eq(bq_tpm_property(&s.tpm, 0x12C, &value), BQ_E_TPM_RESPONSE);
	ck_assert_uint_eq(value, 7);
	script_end(&s);
}
END_TEST

START_TEST(index_other_than_asked_for)
{
	const struct exchange list[] = {
		{NULL, "8001 0000001e 00000000 000e 01400002 000b 62060004 0000 0a28 0002 000b", 0},
	};
	struct bq_nv_public pub;
	struct script s;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_nv_read_public(&s.tpm, 0x01400001, &pub, NULL), BQ_E_TPM_RESPONSE);
}
END_TEST

/* Well-formed, but what was asked for is not in it. */
START_TEST(empty_where_something_is_due)
{
	const struct exchange list[] = {
		{NULL, "8001 00000010 00000000 0000 0000 0000", 0},
		{NULL, "8002 0000001f 00000000 0000000c 0000 0014 000b 0004 a1a2a3a4 0000 00 0000",
		 0},
	};
	struct bq_quote_request q = {.scheme = TPM_ALG_NULL};
	struct bq_view a, b;
	struct script s;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_read_public(&s.tpm, 0x81000003, &a, NULL, NULL), BQ_E_TPM_RESPONSE);
	ck_assert_int_eq(bq_tpm_quote(&s.tpm, &q, &a, &b), BQ_E_TPM_RESPONSE);
	script_end(&s);
}
END_TEST

/* A packet of the caller's must be whole, and no longer than a TPM takes. */
START_TEST(packets_sent_as_they_are)
{
	static uint8_t huge[BQ_TPM_PACKET + 1] = {0x80, 0x01, 0, 0, 0x10, 0x01};
	struct script s;

	script_init(&s, NULL, 0);
	ck_assert_int_eq(bq_tpm_transact(&s.tpm, VIEW("\x80\x01\0\0\0\x09\0\0\1")), BQ_E_ARG);
	ck_assert_int_eq(bq_tpm_transact(&s.tpm, VIEW("\x80\x01\0\0\0\x0b\0\0\1\x44")), BQ_E_ARG);
	ck_assert_int_eq(bq_tpm_transact(&s.tpm, VIEW("\x80\x01\0\0\0\x0a\0\0\1\x44\0")), BQ_E_ARG);
	ck_assert_int_eq(bq_tpm_transact(&s.tpm, bq_view_of(huge, sizeof(huge))), BQ_E_ARG);
	ck_assert_uint_eq(s.commands, 0);
}
END_TEST

/* Arguments that do not fit a packet are refused before anything is sent. */
START_TEST(arguments_too_long)
{
	static uint8_t big[70000];
	struct bq_quote_request q = {.scheme = TPM_ALG_NULL,
				     .qualifying_data = bq_view_of(big, 4096)};
	struct bq_auth pw = {bq_view_of(big, sizeof(big))};
	struct bq_digest wrong = {TPM_ALG_SHA256, bq_view_of(big, 20)};
	struct bq_view a, b;
	struct script s;

	script_init(&s, NULL, 0);
	ck_assert_int_eq(bq_tpm_quote(&s.tpm, &q, &a, &b), BQ_E_SPACE);
	ck_assert_int_eq(bq_tpm_nv_undefine(&s.tpm, TPM_RH_OWNER, pw, 1), BQ_E_RANGE);
	ck_assert_int_eq(bq_tpm_pcr_extend(&s.tpm, 16, q.auth, &wrong, 1), BQ_E_ARG);
	wrong.alg = TPM_ALG_RSA;
	wrong.value.n = 0;
	ck_assert_int_eq(bq_tpm_pcr_extend(&s.tpm, 16, q.auth, &wrong, 1), BQ_E_ARG);
	ck_assert_uint_eq(s.commands, 0);
}
END_TEST

Suite *suite_tpm_wire(void)
{
	const TTest *const each[] = {
		bytes_are_the_specifications,
		cut_short,
		truncated,
		parameters_truncated,
		bytes_left_over,
		tags_and_sizes,
		authorization_answers,
		errors_are_ten_bytes,
		transport_errors_pass_through,
		flipped_bits,
	};
	Suite *s = suite_create("tpm_wire");
	TCase *tc = tcase_create("wire");

	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
		tcase_add_loop_test(tc, each[i], 0, goldens_n);
	tcase_add_test(tc, capability_is_a_view);
	tcase_add_test(tc, property_that_is_not_there);
	tcase_add_test(tc, index_other_than_asked_for);
	tcase_add_test(tc, empty_where_something_is_due);
	tcase_add_test(tc, packets_sent_as_they_are);
	tcase_add_test(tc, arguments_too_long);
	suite_add_tcase(s, tc);
	return s;
}

/* Recording, replaying, tracing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scripted.h"
#include "support.h"

/* The same with spaces */
#define CMD2 "8001 0000000c 0000017b 0002"
#define RSP2 "8001 0000000e 00000000 0002 abcd"

static char path[64];
static struct bq_tpm tpm;
static const struct bq_auth empty;

static void write_text(const void *text, size_t n)
{
	int fd;

	strcpy(path, "/tmp/barequote-test-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, n), (ssize_t)n);
	close(fd);
}

static int open_replay(const void *text, size_t n)
{
	char tcti[96];
	int e;

	write_text(text, n);
	snprintf(tcti, sizeof(tcti), "replay:%s", path);
	e = bq_tpm_open(&tpm, tcti);
	unlink(path);
	return e;
}

/* Each holds the exchange twice. */
static const char *const good[] = {
	"> " ASK_CMD "\n< " ASK_RSP "\n> " ASK_CMD "\n< " ASK_RSP "\n",
	"> " ASK_CMD "\n< " ASK_RSP "\n> " ASK_CMD "\n< " ASK_RSP, /* no newline at the end */
	"# two\n\n> " CMD2 "\n\n# answer\n< " RSP2 "\n#\n\n> " CMD2 "\n< " RSP2 "\n# end\n\n",
	">" CMD2 "\r\n<" RSP2 "\r\n\r\n>\t" CMD2 " \r\n  <" RSP2 "\r\n",
	"> 80010000000C0000017B0002\n< 80010000000E000000000002ABCD\n"
	"> " ASK_CMD "\n< " ASK_RSP "\n> 00\n",
};

START_TEST(text_is_understood)
{
	ck_assert_int_eq(open_replay(good[_i], strlen(good[_i])), 0);
	ck_assert_int_eq(script_ask(&tpm), 0);
	ck_assert_int_eq(script_ask(&tpm), 0);
	ck_assert_int_eq(script_ask(&tpm), BQ_E_REPLAY); /* nothing is left, or another command */
	bq_tpm_close(&tpm);
}
END_TEST

static const char *const bad[] = {
	"",
	"\n# nothing\n",
	"> " CMD2,
	"> " CMD2 "\n",
	"> " CMD2 "\n> " CMD2 "\n< " RSP2,
	"< " RSP2 "\n> " CMD2 "\n< " RSP2,
	"> 80010000000c0000017b0003\n< " RSP2,
	"> 80010000000c0000017b00\n< " RSP2,
	"> " CMD2 "00\n< " RSP2,
	"> " CMD2 "0\n< " RSP2,
	"> " CMD2 "\n< " RSP2 "0\n",
	"> " CMD2 "\n< " RSP2 "xy\n",
	"> " CMD2 "\n< " RSP2 " # comment\n",
	"80010000000c0000017b0002\n< " RSP2,
	"= " CMD2 "\n< " RSP2,
};

START_TEST(text_is_refused)
{
	ck_assert_int_eq(open_replay(bad[_i], strlen(bad[_i])), 0);
	ck_assert_msg(script_ask(&tpm) == BQ_E_REPLAY, "%s", bad[_i]);
	bq_tpm_close(&tpm);
}
END_TEST

/* No byte that is not text gets through, NUL and 0xFF among them. */
START_TEST(bytes_are_refused)
{
	char text[] = "> " ASK_CMD "\n< " ASK_RSP "\n";

	for (int c = 0; c < 256; c++) {
		text[20] = (char)c;
		ck_assert_int_eq(open_replay(text, sizeof(text) - 1), 0);
		ck_assert_int_eq(script_ask(&tpm), c == '7' ? 0 : BQ_E_REPLAY);
		bq_tpm_close(&tpm);
	}
}
END_TEST

START_TEST(directory_is_no_record)
{
	ck_assert_int_eq(bq_tpm_open(&tpm, "replay:/tmp"), 0);
	ck_assert_int_eq(script_ask(&tpm), BQ_E_IO);
	ck_assert_int_eq(tpm.sys_errno, EISDIR);
	bq_tpm_close(&tpm);
}
END_TEST

/* The longest packet there can be, and one byte more. */
START_TEST(longest_packets)
{
	static char text[4 * BQ_TPM_PACKET + 64];
	static uint8_t packet[BQ_TPM_PACKET] = {0x80, 0x01, 0, 0, 0x10, 0, 0, 0, 1, 0x44};
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_str(&b.s, "> ");
	bq_put_hex(&b.s, bq_view_of(packet, sizeof(packet)));
	bq_put_str(&b.s, "\n< 800100001000");
	bq_put_hex(&b.s, bq_view_of(&packet[10], sizeof(packet) - 10));
	bq_put_str(&b.s, _i == 0 ? "00000000\n" : "0000000000\n");
	ck_assert_int_eq(b.s.err, 0);
	ck_assert_int_eq(open_replay(text, b.n), 0);
	ck_assert_int_eq(bq_tpm_transact(&tpm, bq_view_of(packet, sizeof(packet))),
			 _i == 0 ? 0 : BQ_E_REPLAY);
	bq_tpm_close(&tpm);
}
END_TEST

/* A small program for a TPM: reads, is told to wait, is refused, loses one. */
static void session(struct bq_tpm *t)
{
	struct bq_view v;
	uint8_t out[2];

	ck_assert_int_eq(bq_tpm_get_random(t, out, 2), 0);
	ck_assert_mem_eq(out, "\xAB\xCD", 2);
	ck_assert_int_eq(bq_tpm_nv_read_chunk(t, TPM_RH_OWNER, empty, 0x01400001, 2, 0, &v),
			 BQ_E_TPM_RC);
	ck_assert_uint_eq(t->rc, TPM_RC_NV_UNINIT);
	ck_assert_int_eq(bq_tpm_get_random(t, out, 2), 0);
}

static const struct exchange session_script[] = {
	{CMD2, "8001 0000000a 00000922", 0}, {CMD2, RSP2, 0}, {NULL, "8001 0000000a 0000014a", 0},
	{CMD2, NULL, BQ_E_TIMEOUT},          {CMD2, RSP2, 0},
};

/* What is recorded replays to the same end, and recording that gives the same
 * text. Exchanges that never had an answer are not in it. */
START_TEST(round_trip)
{
	uint8_t first[1024], second[1024];
	struct bq_sink_buf a, b;
	struct script s;

	bq_sink_buf_init(&a, first, sizeof(first));
	bq_sink_buf_init(&b, second, sizeof(second));
	SCRIPT(&s, session_script);
	s.tpm.record = &a.s;
	session(&s.tpm);
	script_end(&s);
	ck_assert_int_eq(a.s.err, 0);
	ck_assert(bq_view_eq_str(bq_view_of(first, a.n), "> " ASK_CMD "\n< 80010000000a00000922\n"
							 "> " ASK_CMD "\n< " ASK_RSP "\n"
							 "> 8002000000230000014e4000000101400001"
							 "000000094000000900000000000002"
							 "0000\n< 80010000000a0000014a\n"
							 "> " ASK_CMD "\n< " ASK_RSP "\n"));
	ck_assert_int_eq(open_replay(first, a.n), 0);
	tpm.record = &b.s;
	tpm.clock = &s.clock;
	session(&tpm);
	ck_assert_view_eq(bq_view_of(first, a.n), bq_view_of(second, b.n));
	ck_assert_int_eq(script_ask(&tpm), BQ_E_REPLAY);
	bq_tpm_close(&tpm);
}
END_TEST

START_TEST(trace_is_for_people)
{
	static const char want[] = "> GetRandom, 12 bytes\n"
				   "< 0x922 TPM_RC_RETRY: the TPM asks for the command again\n"
				   "> GetRandom, 12 bytes\n"
				   "< 14 bytes\n"
				   "> NV_Read 0x40000001 0x01400001, 35 bytes\n"
				   "< 0x14a TPM_RC_NV_UNINITIALIZED: the index was never written\n"
				   "> GetRandom, 12 bytes\n"
				   "< no answer in time\n"
				   "> GetRandom, 12 bytes\n"
				   "< 14 bytes\n"
				   "> 0x20000001, 10 bytes\n"
				   "< the TPM's answer has an impossible header\n"
				   "> NV_Read 0x40000001, 14 bytes\n"
				   "< 10 bytes\n";
	struct exchange list[7];
	uint8_t text[1024];
	struct bq_sink_buf b;
	struct script s;

	memcpy(list, session_script, sizeof(session_script));
	list[5] = (struct exchange){NULL, "8001 0000000b 00000000", 0};
	list[6] = (struct exchange){NULL, "8001 0000000a 00000000", 0};
	bq_sink_buf_init(&b, text, sizeof(text));
	SCRIPT(&s, list);
	s.tpm.trace = &b.s;
	session(&s.tpm);
	ck_assert_int_eq(bq_tpm_transact(&s.tpm, VIEW("\x80\x01\0\0\0\x0a\x20\0\0\1")),
			 BQ_E_TPM_HEADER);
	ck_assert_int_eq(bq_tpm_transact(&s.tpm, VIEW("\x80\x01\0\0\0\x0e\0\0\1\x4e\x40\0\0\1")),
			 0);
	text[b.n] = '\0';
	ck_assert_str_eq((const char *)text, want);
}
END_TEST

/* A sink that fails keeps its error and does not stop the TPM. */
START_TEST(full_sink_stops_nothing)
{
	struct bq_sink_buf a, b;
	struct script s;
	uint8_t text[8];

	bq_sink_buf_init(&a, text, 4);
	bq_sink_buf_init(&b, &text[4], 4);
	SCRIPT(&s, session_script);
	s.tpm.record = &a.s;
	s.tpm.trace = &b.s;
	session(&s.tpm);
	script_end(&s);
	ck_assert_int_eq(a.s.err, BQ_E_SPACE);
	ck_assert_int_eq(b.s.err, BQ_E_SPACE);
}
END_TEST

Suite *suite_tpm_replay(void)
{
	Suite *s = suite_create("tpm_replay");
	TCase *tc = tcase_create("replay");

	tcase_add_loop_test(tc, text_is_understood, 0, (int)(sizeof(good) / sizeof(good[0])));
	tcase_add_loop_test(tc, text_is_refused, 0, (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, bytes_are_refused);
	tcase_add_test(tc, directory_is_no_record);
	tcase_add_loop_test(tc, longest_packets, 0, 2);
	tcase_add_test(tc, round_trip);
	tcase_add_test(tc, trace_is_for_people);
	tcase_add_test(tc, full_sink_stops_nothing);
	suite_add_tcase(s, tc);
	return s;
}

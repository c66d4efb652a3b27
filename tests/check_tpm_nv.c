/* Chunks of NV indices, of random bytes and of PCR digests. */
#include <string.h>

#include "scripted.h"
#include "support.h"

static const struct bq_auth empty;

/* A TPM with one index of 4000 bytes and a limit of its own. */
struct nv_tpm {
	uint8_t data[4000];
	size_t limit;    /* bytes in a transfer */
	size_t announce; /* what it says the limit is */
	unsigned asked;  /* for the limit */
	size_t largest;  /* transfer done */
	size_t less;     /* bytes missing from each answer */
};

static size_t reply(uint8_t *rsp, const char *hex)
{
	return script_hex(hex, rsp, BQ_TPM_PACKET);
}

static size_t reply_property(struct nv_tpm *m, uint8_t *rsp)
{
	size_t n = reply(rsp, "8001 0000001b 00000000 00 00000006 00000001 0000012c 00000000");

	m->asked++;
	rsp[n - 2] = (uint8_t)(m->announce >> 8);
	rsp[n - 1] = (uint8_t)m->announce;
	return n;
}

static size_t reply_read(struct nv_tpm *m, struct bq_view params, uint8_t *rsp)
{
	struct bq_wr w;
	uint16_t n, off;

	ck_assert(bq_rd_be16(&params, &n) == 0 && bq_rd_be16(&params, &off) == 0);
	ck_assert_int_eq(bq_rd_end(&params), 0);
	if (n > m->limit)
		return reply(rsp, "8001 0000000a 000001c4");
	if ((size_t)off + n > sizeof(m->data))
		return reply(rsp, "8001 0000000a 00000146");
	m->largest = n > m->largest ? n : m->largest;
	n = (uint16_t)(n - m->less);
	bq_wr_init(&w, rsp, BQ_TPM_PACKET);
	bq_wr_be16(&w, TPM_ST_SESSIONS);
	bq_wr_be32(&w, 10 + 4 + 2 + n + 5u);
	bq_wr_be32(&w, 0);
	bq_wr_be32(&w, 2u + n);
	bq_wr_2b(&w, bq_view_of(&m->data[off], n));
	bq_wr_zeros(&w, 5);
	return w.n;
}

static size_t reply_write(struct nv_tpm *m, struct bq_view params, uint8_t *rsp)
{
	struct bq_view data;
	uint16_t off;

	ck_assert(bq_rd_2b(&params, &data) == 0 && bq_rd_be16(&params, &off) == 0);
	ck_assert_int_eq(bq_rd_end(&params), 0);
	if (data.n > m->limit)
		return reply(rsp, "8001 0000000a 000001d5");
	if (off + data.n > sizeof(m->data))
		return reply(rsp, "8001 0000000a 00000146");
	m->largest = data.n > m->largest ? data.n : m->largest;
	memcpy(&m->data[off], data.p, data.n);
	return reply(rsp, "8002 00000013 00000000 00000000 0000 00 0000");
}

#define ENVELOPE (10 + 4 + 4 + 4 + 9) /* up to the parameters, with an empty password */

static int nv_answer(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n)
{
	struct bq_view head = cmd;
	uint32_t cc;

	(void)cap;
	ck_assert(bq_rd_skip(&head, 6) == 0 && bq_rd_be32(&head, &cc) == 0);
	if (cc == TPM_CC_GetCapability) {
		*rsp_n = reply_property(ctx, rsp);
		return 0;
	}
	ck_assert_int_eq(bq_rd_skip(&cmd, ENVELOPE), 0);
	*rsp_n = cc == TPM_CC_NV_Read ? reply_read(ctx, cmd, rsp) : reply_write(ctx, cmd, rsp);
	return 0;
}

static struct nv_tpm model;
static struct script script;

static void setup(void)
{
	memset(&model, 0, sizeof(model));
	for (size_t i = 0; i < sizeof(model.data); i++)
		model.data[i] = (uint8_t)(i * 31 + i / 251);
	model.limit = model.announce = 1024;
	script_init_answer(&script, nv_answer, &model);
}

static int nv_read(uint16_t off, void *out, size_t n)
{
	return bq_tpm_nv_read(&script.tpm, TPM_RH_OWNER, empty, 0x01400001, off, out, n);
}

static int nv_write(uint16_t off, const void *in, size_t n)
{
	return bq_tpm_nv_write(&script.tpm, TPM_RH_OWNER, empty, 0x01400001, off,
			       bq_view_of(in, n));
}

START_TEST(chunks_of_1024_first)
{
	uint8_t out[2600], in[2600];

	ck_assert_int_eq(nv_read(10, out, sizeof(out)), 0);
	ck_assert_mem_eq(out, &model.data[10], sizeof(out));
	ck_assert_uint_eq(script.commands, 3);
	ck_assert_uint_eq(model.largest, 1024);
	memset(in, 0x77, sizeof(in));
	ck_assert_int_eq(nv_write(1000, in, sizeof(in)), 0);
	ck_assert_mem_eq(in, &model.data[1000], sizeof(in));
	ck_assert_uint_ne(model.data[999], 0x77);
	ck_assert_uint_eq(script.commands, 6);
	ck_assert_uint_eq(model.asked, 0);
}
END_TEST

START_TEST(nothing_takes_no_command)
{
	uint8_t byte;

	ck_assert_int_eq(nv_read(0, &byte, 0), 0);
	ck_assert_int_eq(nv_write(0, &byte, 0), 0);
	ck_assert_uint_eq(script.commands, 0);
}
END_TEST

START_TEST(limit_is_asked_for_once)
{
	uint8_t out[1300];

	model.limit = model.announce = 512;
	ck_assert_int_eq(nv_read(0, out, sizeof(out)), 0);
	ck_assert_mem_eq(out, model.data, sizeof(out));
	ck_assert_uint_eq(script.commands, 1 + 1 + 3);
	ck_assert_int_eq(nv_write(0, out, sizeof(out)), 0);
	ck_assert_uint_eq(script.commands, 5 + 3);
	ck_assert_uint_eq(model.asked, 1);
	ck_assert_uint_eq(script.tpm.nv_chunk, 512);
}
END_TEST

START_TEST(limit_is_asked_for_when_writing)
{
	uint8_t in[1300] = {1};

	model.limit = model.announce = 768;
	ck_assert_int_eq(nv_write(0, in, sizeof(in)), 0);
	ck_assert_mem_eq(in, model.data, sizeof(in));
	ck_assert_uint_eq(script.commands, 1 + 1 + 2);
}
END_TEST

/* A limit that is none, or no smaller than what was refused, ends it: with the
 * refusal, not with the answer about the limit. */
START_TEST(limit_that_does_not_help)
{
	static const size_t useless[] = {0, 1024, 2048};
	uint8_t out[1024];

	model.limit = 1023;
	model.announce = useless[_i];
	ck_assert_int_eq(nv_read(0, out, sizeof(out)), BQ_E_TPM_RC);
	ck_assert_uint_eq(script.tpm.rc, 0x1C4);
	ck_assert_uint_eq(script.commands, 2);
	ck_assert_int_eq(nv_write(0, out, sizeof(out)), BQ_E_TPM_RC);
	ck_assert_uint_eq(script.tpm.rc, 0x1D5);
	ck_assert_uint_eq(script.tpm.nv_chunk, 1024);
}
END_TEST

/* Said to be smaller each time, but never small enough. */
START_TEST(limit_that_lies)
{
	uint8_t out[1024];

	model.limit = 10;
	model.announce = 100;
	ck_assert_int_eq(nv_read(0, out, sizeof(out)), BQ_E_TPM_RC);
	ck_assert_uint_eq(script.tpm.rc, 0x1C4);
	ck_assert_uint_eq(script.commands, 4);
}
END_TEST

START_TEST(other_refusals_are_final)
{
	uint8_t out[8] = {0};

	ck_assert_int_eq(nv_read(3999, out, 2), BQ_E_TPM_RC);
	ck_assert_uint_eq(script.tpm.rc, TPM_RC_NV_RANGE);
	ck_assert_uint_eq(script.commands, 1);
	ck_assert_int_eq(nv_write(3999, out, 2), BQ_E_TPM_RC);
	ck_assert_uint_eq(script.commands, 2);
	ck_assert_uint_eq(model.asked, 0);
}
END_TEST

START_TEST(offsets_are_16_bits)
{
	static uint8_t out[65536];

	ck_assert_int_eq(nv_read(0, out, 65536), BQ_E_RANGE);
	ck_assert_int_eq(nv_read(65535, out, 1), BQ_E_RANGE);
	ck_assert_int_eq(nv_write(1, out, 65535), BQ_E_RANGE);
	ck_assert_uint_eq(script.commands, 0);
}
END_TEST

START_TEST(chunk_is_exactly_as_long_as_asked)
{
	struct bq_view v = VIEW("x");
	uint8_t out[16];

	model.less = 1;
	ck_assert_int_eq(nv_read(0, out, 16), BQ_E_TPM_RESPONSE);
	model.less = 16;
	ck_assert_int_eq(nv_read(0, out, 16), BQ_E_TPM_PROGRESS);
	model.less = (size_t)-1; /* one more */
	ck_assert_int_eq(nv_read(0, out, 16), BQ_E_TPM_RESPONSE);
	ck_assert_int_eq(bq_tpm_nv_read_chunk(&script.tpm, TPM_RH_OWNER, empty, 1, 16, 0, &v),
			 BQ_E_TPM_RESPONSE);
	ck_assert_uint_eq(v.n, 1);
	model.less = 0;
	ck_assert_int_eq(bq_tpm_nv_read_chunk(&script.tpm, TPM_RH_OWNER, empty, 1, 0, 0, &v), 0);
	ck_assert_uint_eq(v.n, 0);
}
END_TEST

START_TEST(write_is_not_repeated_after_a_transport_error)
{
	const struct exchange list[] = {{NULL, NULL, BQ_E_TIMEOUT}};
	struct script s;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_nv_write(&s.tpm, TPM_RH_OWNER, empty, 1, 0, VIEW("x")),
			 BQ_E_TIMEOUT);
	script_end(&s);
}
END_TEST

/* GetRandom: less than asked for is asked for again, more or nothing is an error. */
START_TEST(random_in_pieces)
{
	const struct exchange list[] = {
		{"8001 0000000c 0000017b 0040", "8001 0000000e 00000000 0002 0102", 0},
		{"8001 0000000c 0000017b 0040", "8001 0000000d 00000000 0001 03", 0},
		{"8001 0000000c 0000017b 003f", NULL, BQ_E_GONE},
		{"8001 0000000c 0000017b 0001", "8001 0000000c 00000000 0000", 0},
		{"8001 0000000c 0000017b 0001", "8001 0000000e 00000000 0002 0102", 0},
	};
	uint8_t out[66];
	struct script s;

	SCRIPT(&s, list);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, out, 66), BQ_E_GONE);
	ck_assert_mem_eq(out, "\1\2\3", 3);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, out, 1), BQ_E_TPM_PROGRESS);
	ck_assert_int_eq(bq_tpm_get_random(&s.tpm, out, 1), BQ_E_TPM_RESPONSE);
	script_end(&s);
}
END_TEST

Suite *suite_tpm_nv(void)
{
	const TTest *const tests[] = {
		chunks_of_1024_first,
		nothing_takes_no_command,
		limit_is_asked_for_once,
		limit_is_asked_for_when_writing,
		limit_that_lies,
		other_refusals_are_final,
		offsets_are_16_bits,
		chunk_is_exactly_as_long_as_asked,
		write_is_not_repeated_after_a_transport_error,
		random_in_pieces,
	};
	Suite *s = suite_create("tpm_nv");
	TCase *tc = tcase_create("chunks");

	tcase_add_checked_fixture(tc, setup, NULL);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	tcase_add_loop_test(tc, limit_that_does_not_help, 0, 3);
	suite_add_tcase(s, tc);
	return s;
}

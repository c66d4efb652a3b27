#include "support.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* OpenSSL's: not the one that the attester has. */
static int hash(uint16_t alg, struct bq_view head, struct bq_view tail, uint8_t *out)
{
	const EVP_MD *md = EVP_get_digestbyname(bq_alg_name(alg));
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	ck_assert_ptr_nonnull(md);
	ck_assert_int_eq(EVP_DigestInit_ex(c, md, NULL), 1);
	ck_assert_int_eq(EVP_DigestUpdate(c, head.p, head.n), 1);
	ck_assert_int_eq(EVP_DigestUpdate(c, tail.p, tail.n), 1);
	ck_assert_int_eq(EVP_DigestFinal_ex(c, out, NULL), 1);
	EVP_MD_CTX_free(c);
	return 0;
}

static void extend(uint8_t pcr[32], struct bq_view value)
{
	ck_assert_int_eq(hash(TPM_ALG_SHA256, bq_view_of(pcr, 32), value, pcr), 0);
}

/* --- synthetic logs ------------------------------------------------------ */

static uint8_t scratch[8192];

static void put_sha1_event(struct bq_wr *w, uint32_t pcr, uint32_t type, struct bq_view data)
{
	bq_wr_le32(w, pcr);
	bq_wr_le32(w, type);
	for (unsigned i = 0; i < 20; i++)
		bq_wr_u8(w, (uint8_t)(0x10 + pcr));
	bq_wr_le32(w, (uint32_t)data.n);
	bq_wr_view(w, data);
}

static void put_spec_id_of(struct bq_wr *w, unsigned n, const uint16_t algs[][2], unsigned vendor)
{
	uint8_t buf[256];
	struct bq_view data = {0};
	struct bq_wr d;

	bq_wr_init(&d, buf, sizeof(buf));
	bq_wr_view(&d, bq_view_of("Spec ID Event03", 16));
	bq_wr_le32(&d, 0);
	bq_wr_u8(&d, 0);
	bq_wr_u8(&d, 2);
	bq_wr_u8(&d, 0);
	bq_wr_u8(&d, 2);
	bq_wr_le32(&d, n);
	for (unsigned i = 0; i < n; i++) {
		bq_wr_le16(&d, algs[i][0]);
		bq_wr_le16(&d, algs[i][1]);
	}
	bq_wr_u8(&d, (uint8_t)vendor);
	bq_wr_zeros(&d, vendor);
	ck_assert_int_eq(bq_wr_end(&d, &data), 0);
	put_sha1_event(w, 0, EV_NO_ACTION, data);
}

static void put_spec_id(struct bq_wr *w)
{
	static const uint16_t algs[][2] = {{TPM_ALG_SHA1, 20}, {TPM_ALG_SHA256, 32}};

	put_spec_id_of(w, 2, algs, 0);
}

static void put_agile_event(struct bq_wr *w, uint32_t pcr, uint32_t type, struct bq_view data)
{
	bq_wr_le32(w, pcr);
	bq_wr_le32(w, type);
	bq_wr_le32(w, 2);
	bq_wr_le16(w, TPM_ALG_SHA1);
	for (unsigned i = 0; i < 20; i++)
		bq_wr_u8(w, (uint8_t)(0x10 + pcr));
	bq_wr_le16(w, TPM_ALG_SHA256);
	for (unsigned i = 0; i < 32; i++)
		bq_wr_u8(w, (uint8_t)(0x20 + pcr));
	bq_wr_le32(w, (uint32_t)data.n);
	bq_wr_view(w, data);
}

static struct bq_wr new_log(void)
{
	struct bq_wr w;

	bq_wr_init(&w, scratch, sizeof(scratch));
	return w;
}

static struct bq_view log_of(const struct bq_wr *w)
{
	struct bq_view v = {0};

	ck_assert_int_eq(bq_wr_end(w, &v), 0);
	return tight_copy(v);
}

static struct bq_view small_agile_log(void)
{
	struct bq_wr w = new_log();

	put_spec_id(&w);
	put_agile_event(&w, 0, EV_S_CRTM_VERSION, VIEW("v1"));
	put_agile_event(&w, 7, EV_SEPARATOR, VIEW("\0\0\0\0"));
	return log_of(&w);
}

/* Reads to the end: 0 or the error, and the number of events. One assertion, since
 * each costs more than an event. */
static int walk(struct bq_view log, unsigned *count)
{
	struct bq_eventlog l;
	struct bq_event e;
	bool more = true, inside = true;
	int err = bq_eventlog_open(log, &l);

	*count = 0;
	while (err == 0 && more) {
		err = bq_eventlog_next(&l, &e, &more);
		if (err == 0 && more) {
			inside = inside && e.number == *count && e.data.p >= log.p &&
				 e.data.p + e.data.n <= log.p + log.n;
			(*count)++;
		}
	}
	ck_assert(inside);
	return err;
}

START_TEST(agile_fields)
{
	struct bq_view log = small_agile_log();
	struct bq_eventlog l;
	struct bq_event e;
	bool more;

	ck_assert_int_eq(bq_eventlog_open(log, &l), 0);
	ck_assert(l.agile);
	ck_assert_uint_eq(l.n, 2);
	ck_assert_uint_eq(l.algs[1].alg, TPM_ALG_SHA256);
	ck_assert_int_eq(bq_eventlog_next(&l, &e, &more), 0);
	ck_assert_uint_eq(e.type, EV_NO_ACTION);
	ck_assert_int_eq(bq_eventlog_next(&l, &e, &more), 0);
	ck_assert(more);
	ck_assert_uint_eq(e.number, 1);
	ck_assert_uint_eq(e.offset, 32 + 37);
	ck_assert_uint_eq(e.pcr, 0);
	ck_assert_uint_eq(e.type, EV_S_CRTM_VERSION);
	ck_assert_uint_eq(e.n, 2);
	ck_assert_uint_eq(e.digest[0].alg, TPM_ALG_SHA1);
	ck_assert_uint_eq(e.digest[0].value.n, 20);
	ck_assert_uint_eq(e.digest[1].alg, TPM_ALG_SHA256);
	ck_assert_uint_eq(e.digest[1].value.p[31], 0x20);
	ck_assert(bq_view_eq_str(e.data, "v1"));
	ck_assert_int_eq(bq_eventlog_next(&l, &e, &more), 0);
	ck_assert_uint_eq(e.pcr, 7);
	ck_assert_int_eq(bq_eventlog_next(&l, &e, &more), 0);
	ck_assert(!more);
}
END_TEST

START_TEST(sha1_fields)
{
	struct bq_wr w = new_log();
	struct bq_eventlog l;
	struct bq_event e;
	bool more;

	put_sha1_event(&w, 4, EV_ACTION, VIEW("hello"));
	ck_assert_int_eq(bq_eventlog_open(log_of(&w), &l), 0);
	ck_assert(!l.agile);
	ck_assert_int_eq(bq_eventlog_next(&l, &e, &more), 0);
	ck_assert_uint_eq(e.pcr, 4);
	ck_assert_uint_eq(e.n, 1);
	ck_assert_uint_eq(e.digest[0].value.p[0], 0x14);
	ck_assert(bq_view_eq_str(e.data, "hello"));
}
END_TEST

START_TEST(every_truncation_is_reported)
{
	struct bq_view log = small_agile_log();
	unsigned count;

	ck_assert_int_eq(walk(log, &count), 0);
	ck_assert_uint_eq(count, 3);
	for (size_t n = 0; n < log.n; n++) {
		int err = walk(tight_copy(bq_view_of(log.p, n)), &count);

		/* A cut between two events cannot be told from an end. */
		if (n == 32 + 37 || n == 32 + 37 + 74)
			ck_assert_int_eq(err, 0);
		else
			ck_assert_int_eq(err, BQ_E_SHORT);
	}
}
END_TEST

START_TEST(filler_ends_a_log)
{
	static const uint8_t filler[] = {0x00, 0xFF};
	unsigned count;

	for (unsigned k = 0; k < 2; k++) {
		struct bq_wr w = new_log();

		put_spec_id(&w);
		put_agile_event(&w, 0, EV_S_CRTM_VERSION, VIEW("v1"));
		for (unsigned i = 0; i < 500; i++)
			bq_wr_u8(&w, filler[k]);
		ck_assert_int_eq(walk(log_of(&w), &count), 0);
		ck_assert_uint_eq(count, 2);
		bq_wr_u8(&w, 1);
		ck_assert_int_ne(walk(log_of(&w), &count), 0);
	}
}
END_TEST

START_TEST(bad_headers)
{
	static const uint16_t many[][2] = {{1, 20}, {2, 20}, {3, 20}, {4, 20}, {5, 20},
					   {6, 20}, {7, 20}, {8, 20}, {9, 20}};
	static const uint16_t twice[][2] = {{TPM_ALG_SHA256, 32}, {TPM_ALG_SHA256, 32}};
	static const uint16_t wrong[][2] = {{TPM_ALG_SHA256, 31}};
	static const uint16_t none[][2] = {{TPM_ALG_SHA256, 0}};
	static const uint16_t huge[][2] = {{0x99, 65}};
	struct bq_eventlog l;
	struct bq_wr w;

#define REFUSED(n, algs)                                                                           \
	w = new_log();                                                                             \
	put_spec_id_of(&w, n, algs, 0);                                                            \
	ck_assert_int_eq(bq_eventlog_open(log_of(&w), &l), BQ_E_EVENTLOG)
	REFUSED(9, many);
	REFUSED(0, many);
	REFUSED(2, twice);
	REFUSED(1, wrong);
	REFUSED(1, none);
	REFUSED(1, huge);
#undef REFUSED
	w = new_log();
	put_spec_id_of(&w, 1, (const uint16_t[][2]){{TPM_ALG_SHA256, 32}}, 5);
	ck_assert_int_eq(bq_eventlog_open(log_of(&w), &l), 0);
}
END_TEST

START_TEST(undeclared_digest_is_refused)
{
	struct bq_wr w = new_log();
	unsigned count;

	put_spec_id(&w);
	bq_wr_le32(&w, 0);
	bq_wr_le32(&w, EV_ACTION);
	bq_wr_le32(&w, 1);
	bq_wr_le16(&w, TPM_ALG_SHA384);
	bq_wr_zeros(&w, 48);
	bq_wr_le32(&w, 0);
	ck_assert_int_eq(walk(log_of(&w), &count), BQ_E_EVENTLOG);
	w = new_log();
	put_spec_id(&w);
	bq_wr_le32(&w, 0);
	bq_wr_le32(&w, EV_ACTION);
	bq_wr_le32(&w, 3);
	bq_wr_zeros(&w, 200);
	bq_wr_u8(&w, 1);
	ck_assert_int_eq(walk(log_of(&w), &count), BQ_E_EVENTLOG);
}
END_TEST

START_TEST(replay_starts_and_locality)
{
	struct bq_wr w = new_log();
	struct bq_pcr_values v;
	struct bq_view value;
	uint8_t want[BQ_DIGEST_MAX] = {0}, twenty_one[32];

	put_spec_id(&w);
	put_agile_event(&w, 0, EV_NO_ACTION, bq_view_of("StartupLocality\0\x03", 17));
	put_agile_event(&w, 0, EV_ACTION, VIEW("x"));
	put_agile_event(&w, 17, EV_ACTION, VIEW("x"));
	ck_assert_int_eq(bq_eventlog_replay(log_of(&w), hash, &v), 0);
	want[31] = 3;
	memset(twenty_one, 0x20, sizeof(twenty_one));
	extend(want, bq_view_of(twenty_one, 32));
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 0, &value), 0);
	ck_assert_view_eq(value, bq_view_of(want, 32));
	memset(want, 0xFF, sizeof(want));
	memset(twenty_one, 0x31, sizeof(twenty_one));
	extend(want, bq_view_of(twenty_one, 32));
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 17, &value), 0);
	ck_assert_view_eq(value, bq_view_of(want, 32));
	ck_assert_int_ne(bq_pcr_value(&v, TPM_ALG_SHA256, 1, &value), 0);
	/* A locality after the first extension would rewrite it. */
	put_agile_event(&w, 0, EV_NO_ACTION, bq_view_of("StartupLocality\0\x04", 17));
	ck_assert_int_eq(bq_eventlog_replay(log_of(&w), hash, &v), BQ_E_EVENTLOG);
}
END_TEST

/* A measurement before TPM2_Startup, which a log tells by its event's type. */
START_TEST(replay_hcrtm)
{
	struct bq_wr w = new_log();
	struct bq_pcr_values v;
	struct bq_view value;
	uint8_t want[BQ_DIGEST_MAX] = {0}, digest[32];

	put_spec_id(&w);
	put_agile_event(&w, 0, EV_EFI_HCRTM_EVENT, VIEW("HCRTM"));
	put_agile_event(&w, 0, EV_EFI_HCRTM_EVENT, VIEW("HCRTM")); /* nothing starts anew */
	ck_assert_int_eq(bq_eventlog_replay(log_of(&w), hash, &v), 0);
	want[31] = 4;
	memset(digest, 0x20, sizeof(digest));
	extend(want, bq_view_of(digest, 32));
	extend(want, bq_view_of(digest, 32));
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 0, &value), 0);
	ck_assert_view_eq(value, bq_view_of(want, 32));
}
END_TEST

/* A bank that cannot be replayed keeps no other from it. */
START_TEST(replay_leaves_out_hashes_it_lacks)
{
	static const uint16_t algs[][2] = {{TPM_ALG_SM3_256, 32}, {TPM_ALG_SHA1, 20}};
	struct bq_wr w = new_log();
	struct bq_pcr_values v;
	struct bq_view value;

	put_spec_id_of(&w, 2, algs, 0);
	bq_wr_le32(&w, 5);
	bq_wr_le32(&w, EV_ACTION);
	bq_wr_le32(&w, 2);
	bq_wr_le16(&w, TPM_ALG_SM3_256);
	bq_wr_zeros(&w, 32);
	bq_wr_le16(&w, TPM_ALG_SHA1);
	bq_wr_zeros(&w, 20);
	bq_wr_le32(&w, 0);
	ck_assert_int_eq(bq_eventlog_replay(log_of(&w), bq_hash_of, &v), 0);
	ck_assert_uint_eq(v.n, 1);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA1, 5, &value), 0);
}
END_TEST

START_TEST(replay_refuses_pcr_24)
{
	struct bq_wr w = new_log();
	struct bq_pcr_values v;

	put_spec_id(&w);
	put_agile_event(&w, UINT32_MAX, EV_NO_ACTION, VIEW("fine"));
	ck_assert_int_eq(bq_eventlog_replay(log_of(&w), hash, &v), 0);
	put_agile_event(&w, 24, EV_ACTION, VIEW("x"));
	ck_assert_int_eq(bq_eventlog_replay(log_of(&w), hash, &v), BQ_E_EVENTLOG);
}
END_TEST

START_TEST(find_names_the_event)
{
	struct bq_wr w = new_log();
	struct bq_pcr_values v;
	struct bq_view first = {0};
	uint8_t value[32];
	unsigned after = 0;

	put_spec_id(&w);
	put_agile_event(&w, 4, EV_ACTION, VIEW("a"));
	ck_assert_int_eq(bq_eventlog_replay(log_of(&w), hash, &v), 0);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 4, &first), 0);
	memcpy(value, first.p, sizeof(value));
	put_agile_event(&w, 4, EV_ACTION, VIEW("b"));
	ck_assert_int_eq(bq_eventlog_find(log_of(&w), hash, TPM_ALG_SHA256, 4,
					  bq_view_of(value, 32), &after),
			 0);
	ck_assert_uint_eq(after, 1);
	value[0] ^= 1;
	ck_assert_int_eq(bq_eventlog_find(log_of(&w), hash, TPM_ALG_SHA256, 4,
					  bq_view_of(value, 32), &after),
			 BQ_E_EVENTLOG);
}
END_TEST

START_TEST(type_names)
{
	ck_assert_str_eq(bq_event_type_name(EV_SEPARATOR), "EV_SEPARATOR");
	ck_assert_str_eq(bq_event_type_name(0x12), "EV_OMIT_BOOT_DEVICE_EVENTS");
	ck_assert_ptr_null(bq_event_type_name(0x13));
	ck_assert_ptr_null(bq_event_type_name(0x80000000));
	ck_assert_str_eq(bq_event_type_name(EV_EFI_ACTION), "EV_EFI_ACTION");
	ck_assert_str_eq(bq_event_type_name(0x8000000C), "EV_EFI_VARIABLE_BOOT2");
	ck_assert_ptr_null(bq_event_type_name(0x8000000D));
	ck_assert_str_eq(bq_event_type_name(EV_EFI_VARIABLE_AUTHORITY),
			 "EV_EFI_VARIABLE_AUTHORITY");
}
END_TEST

/* --- captures ------------------------------------------------------------ */

static const char *const logs[] = {
	"eventlog/arch-linux-workstation.bin",
	"eventlog/crypto_agile_eventlog",
	"eventlog/debian-10.bin",
	"eventlog/rhel8-uefi.bin",
	"eventlog/ubuntu-2404-amd-sevsnp.bin",
};

#define LOGS ((int)(sizeof(logs) / sizeof(logs[0])))

/* Compares with `  sha256:` / `    0  : 0xHEX` lines; returns how many. */
static unsigned compare_pcrs(char *text, const struct bq_pcr_values *v)
{
	uint16_t alg = 0;
	unsigned compared = 0;

	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		char name[16], hex[129];
		unsigned index;
		struct bq_view value;

		if (sscanf(line, " %u : 0x%128s", &index, hex) == 2) {
			ck_assert_int_eq(bq_pcr_value(v, alg, index, &value), 0);
			ck_assert_view_eq(value, from_hex(hex));
			compared++;
		} else if (sscanf(line, " %15[a-z0-9]:", name) == 1) {
			alg = bq_alg_hash(bq_view_str(name));
		}
	}
	return compared;
}

START_TEST(captures_replay)
{
	struct bq_view log = tight_copy(read_capture(logs[_i])), pcrs;
	struct bq_pcr_values v;
	char path[128], *text;

	snprintf(path, sizeof(path), "%s.pcrs", logs[_i]);
	pcrs = read_capture(path);
	text = calloc(1, pcrs.n + 1);
	memcpy(text, pcrs.p, pcrs.n);
	ck_assert_int_eq(bq_eventlog_replay(log, hash, &v), 0);
	ck_assert_uint_ge(compare_pcrs(text, &v), 8);
	free(text);
}
END_TEST

/* Where the log's events end, one bit each. */
static void mark_ends(struct bq_view log, uint8_t *ends)
{
	struct bq_eventlog l;
	struct bq_event e;
	bool more = true;

	ck_assert_int_eq(bq_eventlog_open(log, &l), 0);
	while (more) {
		ck_assert_int_eq(bq_eventlog_next(&l, &e, &more), 0);
		ends[log.n - l.rest.n] = 1;
	}
}

/* A cut shows, unless it leaves whole events. */
START_TEST(captures_truncated)
{
	struct bq_view log = read_capture(logs[_i]);
	uint8_t *ends = calloc(1, log.n + 1);
	unsigned whole, count, last = 0;

	ck_assert_ptr_nonnull(ends);
	ck_assert_int_eq(walk(log, &whole), 0);
	mark_ends(log, ends);
	for (size_t n = 0; n <= log.n; n++) {
		int err = walk(bq_view_of(log.p, n), &count);

		if (ends[n])
			ck_assert_int_eq(err, 0);
		else
			ck_assert(err == BQ_E_SHORT || err == BQ_E_EVENTLOG);
		ck_assert_uint_le(count, whole);
		ck_assert_uint_ge(count, last);
		last = count;
	}
	free(ends);
	for (size_t n = 0; n < log.n; n += 97) {
		struct bq_view cut = tight_copy(bq_view_of(log.p, n));

		(void)walk(cut, &count);
		free((void *)(uintptr_t)cut.p);
	}
}
END_TEST

Suite *suite_eventlog(void)
{
	Suite *s = suite_create("eventlog");
	TCase *tc = tcase_create("eventlog");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, agile_fields);
	tcase_add_test(tc, sha1_fields);
	tcase_add_test(tc, every_truncation_is_reported);
	tcase_add_test(tc, filler_ends_a_log);
	tcase_add_test(tc, bad_headers);
	tcase_add_test(tc, undeclared_digest_is_refused);
	tcase_add_test(tc, replay_starts_and_locality);
	tcase_add_test(tc, replay_hcrtm);
	tcase_add_test(tc, replay_leaves_out_hashes_it_lacks);
	tcase_add_test(tc, replay_refuses_pcr_24);
	tcase_add_test(tc, find_names_the_event);
	tcase_add_test(tc, type_names);
	tcase_add_capture_loop_test(tc, captures_replay, 0, LOGS);
	tcase_add_capture_loop_test(tc, captures_truncated, 0, LOGS);
	suite_add_tcase(s, tc);
	return s;
}

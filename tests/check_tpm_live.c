/* The commands against swtpm, over its Unix socket. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scripted.h"
#include "support.h"

#define INDEX 0x01800042u

static char dir[64], socket_path[96];
static pid_t child;
static struct bq_tpm tpm;
static const struct bq_auth empty;

static void start_swtpm(void)
{
	char state[96], server[128];

	strcpy(dir, "/tmp/barequote-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(socket_path, sizeof(socket_path), "%s/sock", dir);
	snprintf(state, sizeof(state), "dir=%s", dir);
	snprintf(server, sizeof(server), "type=unixio,path=%s", socket_path);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(126);
		execlp("swtpm", "swtpm", "socket", "--tpm2", "--tpmstate", state, "--server",
		       server, "--flags", "not-need-init,startup-clear", (char *)NULL);
		_exit(127);
	}
}

/* The socket is there before swtpm listens, so that the first try may be early. */
static void open_swtpm(void)
{
	char tcti[128];
	int e;

	snprintf(tcti, sizeof(tcti), "swtpm:path=%s", socket_path);
	for (unsigned tries = 0; (e = bq_tpm_open(&tpm, tcti)) == BQ_E_NO_DEVICE && tries < 500;
	     tries++)
		bq_clock_sleep_ms(NULL, 10);
	ck_assert_int_eq(e, 0);
}

static void setup(void)
{
	start_swtpm();
	open_swtpm();
}

static void teardown(void)
{
	char command[128];

	bq_tpm_close(&tpm);
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(properties_are_swtpms)
{
	uint32_t value = 0;

	ck_assert_int_eq(bq_tpm_property(&tpm, TPM_PT_FAMILY_INDICATOR, &value), 0);
	ck_assert_uint_eq(value, 0x322E3000); /* "2.0" */
	ck_assert_int_eq(bq_tpm_property(&tpm, TPM_PT_MANUFACTURER, &value), 0);
	ck_assert_uint_eq(value, 0x49424D00); /* "IBM" */
	ck_assert_int_eq(bq_tpm_property(&tpm, TPM_PT_NV_BUFFER_MAX, &value), 0);
	ck_assert_uint_eq(value, 1024);
	ck_assert_int_eq(bq_tpm_property(&tpm, 0x1FF, &value), BQ_E_TPM_PROPERTY);
	ck_assert_uint_eq(value, 1024);
}
END_TEST

/* TPML_CCA: what the TPM itself says of each command's handles (part 2, 8.9). */
START_TEST(command_table_is_the_tpms)
{
	struct bq_view data;
	uint32_t count, cca;
	unsigned seen = 0;
	bool more;

	ck_assert_int_eq(bq_tpm_get_capability(&tpm, TPM_CAP_COMMANDS, 0x11F, 256, &more, &data),
			 0);
	ck_assert(!more);
	ck_assert_int_eq(bq_rd_be32(&data, &count), 0);
	for (uint32_t i = 0; i < count; i++) {
		ck_assert_int_eq(bq_rd_be32(&data, &cca), 0);
		if ((cca & 1u << 29) != 0)
			continue; /* the vendor's */
		ck_assert_msg(bq_tpm_cc_name(cca & 0xFFFF) != NULL, "command %#x", cca & 0xFFFF);
		ck_assert_int_eq(bq_tpm_cc_handles(cca & 0xFFFF), (int)(cca >> 25 & 7));
		ck_assert_int_eq(bq_tpm_cc_rsp_handles(cca & 0xFFFF), (int)(cca >> 28 & 1));
		seen++;
	}
	ck_assert_int_eq(bq_rd_end(&data), 0);
	ck_assert_uint_gt(seen, 90);
}
END_TEST

START_TEST(random_of_any_length)
{
	uint8_t a[301], b[301];

	memset(a, 0, sizeof(a));
	ck_assert_int_eq(bq_tpm_get_random(&tpm, a, 300), 0);
	ck_assert_int_eq(bq_tpm_get_random(&tpm, b, 300), 0);
	ck_assert_mem_ne(a, b, 300);
	ck_assert(!bq_view_is_zero(bq_view_of(&a[250], 50)));
	ck_assert_uint_eq(a[300], 0);
	ck_assert_int_eq(bq_tpm_get_random(&tpm, a, 0), 0);
}
END_TEST

static void define(uint16_t size)
{
	struct bq_nv_public pub = {.index = INDEX,
				   .attributes = TPMA_NV_OWNERWRITE | TPMA_NV_OWNERREAD,
				   .name_alg = TPM_ALG_SHA256,
				   .size = size};

	ck_assert_int_eq(bq_tpm_nv_define(&tpm, TPM_RH_OWNER, empty, &pub, bq_view_of(NULL, 0)), 0);
}

START_TEST(index_from_define_to_undefine)
{
	uint8_t in[2000], out[2000];
	struct bq_nv_public pub;
	struct bq_view name;

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 7 + i / 256);
	define(2000);
	ck_assert_int_eq(bq_tpm_nv_read(&tpm, TPM_RH_OWNER, empty, INDEX, 0, out, 1), BQ_E_TPM_RC);
	ck_assert_uint_eq(tpm.rc, TPM_RC_NV_UNINIT);
	ck_assert_int_eq(
		bq_tpm_nv_write(&tpm, TPM_RH_OWNER, empty, INDEX, 0, bq_view_of(in, sizeof(in))),
		0);
	ck_assert_int_eq(bq_tpm_nv_read(&tpm, TPM_RH_OWNER, empty, INDEX, 0, out, sizeof(out)), 0);
	ck_assert_mem_eq(in, out, sizeof(in));
	ck_assert_int_eq(bq_tpm_nv_read(&tpm, TPM_RH_OWNER, empty, INDEX, 100, out, 1900), 0);
	ck_assert_mem_eq(&in[100], out, 1900);
	ck_assert_int_eq(bq_tpm_nv_read_public(&tpm, INDEX, &pub, &name), 0);
	ck_assert_uint_eq(pub.attributes, TPMA_NV_OWNERWRITE | TPMA_NV_OWNERREAD | TPMA_NV_WRITTEN);
	ck_assert_uint_eq(pub.size, 2000);
	ck_assert_uint_eq(pub.name_alg, TPM_ALG_SHA256);
	ck_assert_uint_eq(name.n, 2 + 32);
	ck_assert_int_eq(bq_tpm_nv_undefine(&tpm, TPM_RH_OWNER, empty, INDEX), 0);
	ck_assert_int_eq(bq_tpm_nv_read_public(&tpm, INDEX, &pub, NULL), BQ_E_TPM_RC);
	ck_assert_uint_eq(tpm.rc, 0x18B);
}
END_TEST

/* A chunk that swtpm refuses as too large must end in what it takes. */
START_TEST(chunks_shrink_to_the_tpms)
{
	uint8_t in[1500], out[1500];

	memset(in, 0x5A, sizeof(in));
	define(1500);
	tpm.nv_chunk = 1500;
	ck_assert_int_eq(
		bq_tpm_nv_write(&tpm, TPM_RH_OWNER, empty, INDEX, 0, bq_view_of(in, sizeof(in))),
		0);
	ck_assert_uint_eq(tpm.nv_chunk, 1024);
	tpm.nv_chunk = 1500;
	ck_assert_int_eq(bq_tpm_nv_read(&tpm, TPM_RH_OWNER, empty, INDEX, 0, out, sizeof(out)), 0);
	ck_assert_uint_eq(tpm.nv_chunk, 1024);
	ck_assert_mem_eq(in, out, sizeof(in));
	ck_assert_int_eq(bq_tpm_nv_read(&tpm, TPM_RH_OWNER, empty, INDEX, 1400, out, 101),
			 BQ_E_TPM_RC);
	ck_assert_uint_eq(tpm.rc, TPM_RC_NV_RANGE);
}
END_TEST

START_TEST(passwords_are_sent)
{
	static const struct bq_auth secret = {{(const uint8_t *)"secret", 6}};
	struct bq_nv_public pub = {.index = INDEX,
				   .attributes = TPMA_NV_AUTHWRITE | TPMA_NV_AUTHREAD |
						 TPMA_NV_OWNERREAD | TPMA_NV_NO_DA,
				   .name_alg = TPM_ALG_SHA256,
				   .size = 4};
	uint8_t out[4];

	ck_assert_int_eq(bq_tpm_nv_define(&tpm, TPM_RH_OWNER, empty, &pub, secret.password), 0);
	ck_assert_int_eq(bq_tpm_nv_write(&tpm, INDEX, empty, INDEX, 0, VIEW("abcd")), BQ_E_TPM_RC);
	ck_assert_uint_eq(tpm.rc, 0x9A2);
	ck_assert_int_eq(bq_tpm_nv_write(&tpm, TPM_RH_OWNER, empty, INDEX, 0, VIEW("abcd")),
			 BQ_E_TPM_RC);
	ck_assert_uint_eq(tpm.rc, TPM_RC_NV_AUTH);
	ck_assert_int_eq(bq_tpm_nv_write(&tpm, INDEX, secret, INDEX, 0, VIEW("abcd")), 0);
	ck_assert_int_eq(bq_tpm_nv_read(&tpm, INDEX, secret, INDEX, 0, out, 4), 0);
	ck_assert_mem_eq(out, "abcd", 4);
	ck_assert_int_eq(bq_tpm_nv_read(&tpm, TPM_RH_OWNER, empty, INDEX, 0, out, 4), 0);
}
END_TEST

/* SHA-256(32 zero bytes || 32 bytes 0x5A) is what extending a PCR that nobody
 * has touched gives. */
START_TEST(extended_pcr)
{
	uint8_t digest[64] = {0}, want[BQ_SHA256_SIZE];
	struct bq_digest d[2] = {{TPM_ALG_SHA256, bq_view_of(digest, 32)},
				 {TPM_ALG_SHA1, bq_view_of(digest, 20)}};
	struct bq_pcr_list sel = {2, {{TPM_ALG_SHA256, 0xFFFFFF}, {TPM_ALG_SHA1, 0x10080}}};
	static struct bq_pcr_values v;
	struct bq_view value;
	struct bq_hash c;

	memset(digest, 0x5A, sizeof(digest));
	ck_assert_int_eq(bq_tpm_pcr_extend(&tpm, 16, empty, d, 2), 0);
	ck_assert_int_eq(bq_tpm_pcr_read(&tpm, &sel, &v), 0);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 15, &value), 0);
	ck_assert_int_eq(bq_hash_init(&c, TPM_ALG_SHA256), 0);
	bq_hash_add(&c, value);
	bq_hash_add(&c, d[0].value);
	bq_hash_end(&c, want);
	ck_assert(bq_view_is_zero(value));
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 16, &value), 0);
	ck_assert_view_eq(value, bq_view_of(want, sizeof(want)));
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA1, 16, &value), 0);
	ck_assert(!bq_view_is_zero(value));
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA1, 8, &value), BQ_E_PCR_SELECTION);
	sel = (struct bq_pcr_list){1, {{TPM_ALG_SM3_256, 1}}};
	ck_assert_int_eq(bq_tpm_pcr_read(&tpm, &sel, &v), BQ_E_PCR_SELECTION);
}
END_TEST

/* CreatePrimary of a restricted ECDSA P-256 key in the null hierarchy. */
static uint32_t create_key(void)
{
	static const char cmd[] =
		"8002 00000041 00000131 40000007 00000009 40000009 0000 00 0000"
		"0004 0000 0000 0018 0023 000b 00050072 0000 0010 0018 000b 0003 0010 0000 0000"
		"0000 00000000";
	uint8_t packet[96];
	struct bq_view r;
	uint32_t handle = 0;

	ck_assert_int_eq(bq_tpm_transact(&tpm, bq_view_of(packet, script_hex(cmd, packet, 96))), 0);
	r = tpm.rsp;
	ck_assert(bq_rd_skip(&r, 10) == 0 && bq_rd_be32(&r, &handle) == 0);
	return handle;
}

START_TEST(quote_over_the_pcrs_as_read)
{
	struct bq_quote_request q = {.qualifying_data = VIEW("nonce"), .scheme = TPM_ALG_NULL};
	struct bq_view pub, name, qualified, attest, sig;
	static struct bq_pcr_values v;
	uint8_t digest[BQ_SHA256_SIZE];
	struct bq_attest a;
	struct bq_signature signature;
	struct bq_public key;

	q.handle = create_key();
	q.pcrs = (struct bq_pcr_list){2, {{TPM_ALG_SHA1, 0x800001}, {TPM_ALG_SHA256, 0x1020FF}}};
	ck_assert_int_eq(bq_tpm_read_public(&tpm, q.handle, &pub, &name, &qualified), 0);
	ck_assert_uint_eq(name.n, 2 + 32);
	ck_assert_uint_eq(qualified.n, 2 + 32);
	ck_assert_int_eq(bq_public_parse(pub, &key), 0);
	ck_assert_uint_eq(key.type, TPM_ALG_ECC);
	ck_assert_int_eq(bq_tpm_pcr_read(&tpm, &q.pcrs, &v), 0);
	ck_assert_int_eq(bq_tpm_quote(&tpm, &q, &attest, &sig), 0);
	ck_assert_int_eq(bq_attest_parse(attest, &a), 0);
	ck_assert_view_eq(a.extra_data, VIEW("nonce"));
	ck_assert_int_eq(bq_pcr_digest_sha256(&q.pcrs, &v, digest), 0);
	ck_assert_view_eq(a.pcr_digest, bq_view_of(digest, sizeof(digest)));
	ck_assert_int_eq(bq_signature_parse(sig, &signature), 0);
	ck_assert_uint_eq(signature.alg, TPM_ALG_ECDSA);
	q.scheme = TPM_ALG_RSASSA;
	q.hash = TPM_ALG_SHA256;
	ck_assert_int_eq(bq_tpm_quote(&tpm, &q, &attest, &sig), BQ_E_TPM_RC);
	ck_assert_uint_eq(tpm.rc, 0x2D2);
}
END_TEST

Suite *suite_tpm_live(void)
{
	const TTest *const tests[] = {
		properties_are_swtpms,
		command_table_is_the_tpms,
		random_of_any_length,
		index_from_define_to_undefine,
		chunks_shrink_to_the_tpms,
		passwords_are_sent,
		extended_pcr,
		quote_over_the_pcrs_as_read,
	};
	Suite *s = suite_create("tpm_live");
	TCase *tc = tcase_create("swtpm");
	bool there = system("command -v swtpm >/dev/null 2>&1") == 0;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (there)
			tcase_add_test(tc, tests[i]);
		else
			printf("SKIP %s: no swtpm\n", tests[i]->name);
	}
	suite_add_tcase(s, tc);
	return s;
}

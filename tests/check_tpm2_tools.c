/* Files that the real tpm2-tools write, from a swtpm: see tpm2_tools.sh. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static char dir[64];

/* More than 8 PCRs, not in a row, banks in another order than the TPM's. */
static const char *const lists[] = {
	"sha256:0,1,2",
	"sha256:all",
	"sha1:all",
	"sha256:0,5,23+sha1:all",
	"sha384:2,4+sha1:1,3,16+sha256:7,11,23",
	"sha1:16+sha256:0,1,2,3,4,5,6,7,8,9,10,11+sha384:all",
	"sha256:11+sha256:0",
};

static const char *const keys[] = {"rsa", "ecc256", "ecc384"};

static bool can_bind(unsigned port, unsigned *bound)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool ok;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ok = fd >= 0 && bind(fd, (struct sockaddr *)&a, n) == 0 &&
	     getsockname(fd, (struct sockaddr *)&a, &n) == 0;
	*bound = ntohs(a.sin_port);
	close(fd);
	return ok;
}

/* A port that is free, as is the next one: tpm2-tools want swtpm on both. */
static unsigned free_ports(void)
{
	unsigned port, next;

	for (unsigned tries = 0; tries < 100; tries++)
		if (can_bind(0, &port) && port < 65535 && can_bind(port + 1, &next))
			return port;
	ck_abort_msg("no two ports in a row are free");
}

static void write_lists(void)
{
	char path[96];
	FILE *f;

	snprintf(path, sizeof(path), "%s/lists", dir);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	for (size_t i = 0; i < COUNT(lists); i++)
		fprintf(f, "%s\n", lists[i]);
	ck_assert_int_eq(fclose(f), 0);
}

/* The files, or 77 where the tools are missing. */
static int make_files(void)
{
	char command[256];
	int status;

	strcpy(dir, "/tmp/barequote-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	write_lists();
	snprintf(command, sizeof(command), "sh tests/tpm2_tools.sh %s %u >%s/log 2>&1", dir,
		 free_ports(), dir);
	status = system(command);
	ck_assert(WIFEXITED(status));
	if (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 77) {
		snprintf(command, sizeof(command), "tail -n 20 %s/log >&2", dir);
		(void)!system(command);
	}
	return WEXITSTATUS(status);
}

static void remove_files(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static struct bq_view file(unsigned i, const char *suffix)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%u.%s", dir, i, suffix);
	return tight_copy(read_file(path));
}

static struct bq_view key_file(const char *name, const char *suffix)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s.%s", dir, name, suffix);
	return tight_copy(read_file(path));
}

static void check_quote(unsigned i)
{
	static struct bq_pcr_values values;
	struct bq_pcr_list asked, sel;
	struct bq_attest a = {0};
	struct bq_signature sig = {0};
	uint8_t digest[BQ_SHA256_SIZE];

	ck_assert_int_eq(bq_pcr_list_parse(bq_view_str(lists[i]), &asked), 0);
	ck_assert_int_eq(bq_attest_parse(file(i, "msg"), &a), 0);
	ck_assert_view_eq(a.extra_data, VIEW("\x01\x23\x45\x67\x89"));
	ck_assert_int_eq(bq_pcr_file_read(file(i, "pcrs"), &sel, &values), 0);
	ck_assert_uint_eq(sel.n, asked.n);
	for (unsigned b = 0; b < asked.n; b++) {
		ck_assert_uint_eq(sel.bank[b].alg, asked.bank[b].alg);
		ck_assert_uint_eq(sel.bank[b].mask, asked.bank[b].mask);
		ck_assert_uint_eq(a.pcrs.bank[b].alg, asked.bank[b].alg);
		ck_assert_uint_eq(a.pcrs.bank[b].mask, asked.bank[b].mask);
	}
	ck_assert_int_eq(bq_pcr_digest_sha256(&a.pcrs, &values, digest), 0);
	ck_assert_view_eq(a.pcr_digest, bq_view_of(digest, sizeof(digest)));
	ck_assert_int_eq(bq_signature_parse(file(i, "sig"), &sig), 0);
	ck_assert_uint_eq(sig.alg, TPM_ALG_RSASSA);
	ck_assert_uint_eq(sig.rsa.n, 256);
}

/* The same values, from the file that has no selection, make the same file. */
static void check_written(unsigned i)
{
	static uint8_t buf[32768];
	static struct bq_pcr_values values;
	struct bq_pcr_list asked;
	struct bq_sink_buf b;

	ck_assert_int_eq(bq_pcr_list_parse(bq_view_str(lists[i]), &asked), 0);
	ck_assert_int_eq(bq_pcr_file_read_values(file(i, "values"), &asked, &values), 0);
	bq_sink_buf_init(&b, buf, sizeof(buf));
	bq_pcr_file_write(&b.s, &asked, &values);
	ck_assert_int_eq(b.s.err, 0);
	ck_assert_view_eq(bq_view_of(buf, b.n), file(i, "pcrs"));
}

static void check_key(const char *name)
{
	uint8_t der_buf[400], pem[600];
	struct bq_view der = {0};
	struct bq_sink_buf b;
	struct bq_public p;
	struct bq_wr w;

	ck_assert_int_eq(bq_public_parse_2b(key_file(name, "pub"), &p), 0);
	bq_wr_init(&w, der_buf, sizeof(der_buf));
	ck_assert_int_eq(bq_public_spki(&p, &w), 0);
	ck_assert_int_eq(bq_wr_end(&w, &der), 0);
	bq_sink_buf_init(&b, pem, sizeof(pem));
	bq_put_pem(&b.s, "PUBLIC KEY", der);
	ck_assert_view_eq(bq_view_of(pem, b.n), key_file(name, "pem"));
}

START_TEST(files_of_tpm2_tools)
{
	int rc = make_files();

	if (rc == 77)
		printf("SKIP files_of_tpm2_tools: swtpm or tpm2-tools are not installed\n");
	ck_assert(rc == 0 || rc == 77);
	for (unsigned i = 0; rc == 0 && i < COUNT(lists); i++) {
		check_quote(i);
		check_written(i);
	}
	for (unsigned i = 0; rc == 0 && i < COUNT(keys); i++)
		check_key(keys[i]);
	remove_files();
}
END_TEST

Suite *suite_tpm2_tools(void)
{
	Suite *s = suite_create("tpm2_tools");
	TCase *tc = tcase_create("tpm2_tools");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, files_of_tpm2_tools);
	suite_add_tcase(s, tc);
	return s;
}

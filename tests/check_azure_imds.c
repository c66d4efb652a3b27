/* Certificates from the metadata service, which here is a server on the
 * loopback; waits between tries are on a clock of the test's own. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "server.h"
#include "support.h"

#define OK   "HTTP/1.1 200 OK\r\n\r\n"
#define PEM1 "-----BEGIN CERTIFICATE-----\\nVCEK\\n-----END CERTIFICATE-----\\n"
#define PEM2                                                                                       \
	"-----BEGIN CERTIFICATE-----\\nASK\\n-----END CERTIFICATE-----\\n"                         \
	"-----BEGIN CERTIFICATE-----\\nARK\\u000A-----END CERTIFICATE-----\\n"
#define THIM                                                                                       \
	"{\"vcekCert\":\"" PEM1 "\",\"tcbm\":\"7308000000000003\","                                \
	"\"certificateChain\":\"" PEM2 "\",\"cacheControl\":\"86400\"}"

static struct server server;
static struct bq_imds imds;
static struct bq_imds_certs certs;
static uint8_t buf[BQ_IMDS_MAX];
static uint64_t now;
static unsigned slept[64], sleeps;

static uint64_t test_now(void *ctx)
{
	(void)ctx;
	return now;
}

static void test_sleep(void *ctx, unsigned ms)
{
	(void)ctx;
	ck_assert_uint_lt(sleeps, 64);
	slept[sleeps++] = ms;
	now += ms;
}

static const struct bq_clock test_clock = {.now_ms = test_now, .sleep_ms = test_sleep};

static void setup(void)
{
	now = 5000;
	sleeps = 0;
	imds = (struct bq_imds){.clock = &test_clock, .http_status = -1, .sys_errno = -1};
	memset(&certs, 0, sizeof(certs));
}

static uint64_t slept_ms(void)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < sleeps; i++)
		sum += slept[i];
	return sum;
}

/* These answers, one a request. */
static int ask(const struct answer *a, size_t n)
{
	int e;

	server_start(&server, a, n);
	imds.url = server.url;
	e = bq_imds_certs(&imds, buf, sizeof(buf), &certs);
	server_stop(&server);
	return e;
}

static int ask_once(const char *text)
{
	struct answer a = {.text = text};

	return ask(&a, 1);
}

static void check_certs(void)
{
	ck_assert_view_eq(certs.vcek, bq_view_str("-----BEGIN CERTIFICATE-----\nVCEK\n"
						  "-----END CERTIFICATE-----\n"));
	ck_assert_view_eq(certs.chain, bq_view_str("-----BEGIN CERTIFICATE-----\nASK\n"
						   "-----END CERTIFICATE-----\n"
						   "-----BEGIN CERTIFICATE-----\nARK\n"
						   "-----END CERTIFICATE-----\n"));
	ck_assert_mem_eq(certs.tcbm, "\x03\0\0\0\0\0\x08\x73", 8);
	ck_assert(certs.vcek.p >= buf && certs.vcek.p < buf + sizeof(buf));
	ck_assert(certs.chain.p >= buf && certs.chain.p < buf + sizeof(buf));
}

START_TEST(certificates)
{
	char want[2400];

	ck_assert_int_eq(ask_once(OK THIM), 0);
	check_certs();
	ck_assert_int_eq(imds.http_status, 200);
	ck_assert_int_eq(imds.sys_errno, 0);
	ck_assert_uint_eq(sleeps, 0);
	snprintf(want, sizeof(want),
		 "GET /metadata/THIM/amd/certification HTTP/1.1\r\nHost: %s\r\n",
		 server.url + strlen("http://"));
	ck_assert_int_eq(strncmp(server.request, want, strlen(want)), 0);
	ck_assert_ptr_nonnull(strstr(server.request, "\r\nMetadata: true\r\n"));
}
END_TEST

START_TEST(members_in_any_order)
{
	ck_assert_int_eq(ask_once(OK "{\"certificateChain\" : \"" PEM2 "\", \"other\":[{}],\n"
				     "\"tcbm\":\"7308000000000003\",\"vcekCert\":\"" PEM1 "\"}"),
			 0);
	check_certs();
}
END_TEST

START_TEST(a_slash_too_many)
{
	struct answer a = {.text = OK THIM};
	char url[96];

	server_start(&server, &a, 1);
	snprintf(url, sizeof(url), "%s/", server.url);
	imds.url = url;
	ck_assert_int_eq(bq_imds_certs(&imds, buf, sizeof(buf), &certs), 0);
	server_stop(&server);
	ck_assert_int_eq(strncmp(server.request, "GET /metadata/", 14), 0);
}
END_TEST

/* --- tries --------------------------------------------------------------------- */

START_TEST(passing_refusals)
{
	static const int codes[] = {404, 410, 429, 500, 502, 503};
	char refusal[64];
	struct answer answers[] = {{.text = refusal}, {.text = refusal}, {.text = OK THIM}};

	snprintf(refusal, sizeof(refusal), "HTTP/1.1 %d Not now\r\n\r\n", codes[_i]);
	ck_assert_int_eq(ask(answers, 3), 0);
	check_certs();
	ck_assert_int_eq(imds.http_status, 200);
	ck_assert_uint_eq(server.requests, 3);
	ck_assert_uint_eq(slept_ms(), 250 + 500);
}
END_TEST

START_TEST(final_refusals)
{
	static const int codes[] = {301, 302, 400, 401, 403, 405, 204};
	char refusal[64];

	snprintf(refusal, sizeof(refusal), "HTTP/1.1 %d No\r\n\r\n", codes[_i]);
	ck_assert_int_eq(ask_once(refusal), BQ_E_HTTP_STATUS);
	ck_assert_int_eq(imds.http_status, codes[_i]);
	ck_assert_uint_eq(server.requests, 1);
	ck_assert_uint_eq(sleeps, 0);
}
END_TEST

/* Each wait twice the one before, up to two seconds, and none to the very end,
 * where there would be no time for another try. */
START_TEST(refused_for_ever)
{
	static const unsigned cases[][2] = {
		{0, 9750}, {250, 0}, {749, 250}, {3000, 1750}, {60000, 59750}};

	imds.timeout_ms = cases[_i][0];
	ck_assert_int_eq(ask_once("HTTP/1.1 500 No\r\n\r\n"), BQ_E_HTTP_STATUS);
	ck_assert_int_eq(imds.http_status, 500);
	ck_assert_uint_eq(slept_ms(), cases[_i][1]);
	ck_assert_uint_eq(server.requests, sleeps + 1);
	for (unsigned i = 1; i < sleeps; i++)
		ck_assert_uint_eq(slept[i], slept[i - 1] == 2000 ? 2000 : 2 * slept[i - 1]);
}
END_TEST

START_TEST(broken_connections)
{
	struct answer answers[] = {{.text = NULL},
				   {.text = "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"},
				   {.text = OK THIM}};

	ck_assert_int_eq(ask(answers, 3), 0);
	check_certs();
	ck_assert_uint_eq(server.requests, 3);
}
END_TEST

START_TEST(nobody_there)
{
	char url[64];

	nobody_url(url, sizeof(url));
	imds.url = url;
	imds.timeout_ms = 2000;
	ck_assert_int_eq(bq_imds_certs(&imds, buf, sizeof(buf), &certs), BQ_E_GONE);
	ck_assert_int_eq(imds.sys_errno, ECONNREFUSED);
	ck_assert_int_eq(imds.http_status, 0);
	ck_assert_uint_eq(slept_ms(), 250 + 500 + 1000);
}
END_TEST

/* On the real clock: a request that hangs does not outlast the whole. */
START_TEST(silence)
{
	struct answer a = {.text = NULL, .hold = true};
	uint64_t start = bq_clock_now_ms(NULL);

	imds.clock = NULL;
	imds.timeout_ms = 200;
	ck_assert_int_eq(ask(&a, 1), BQ_E_TIMEOUT);
	ck_assert_uint_ge(bq_clock_now_ms(NULL) - start, 199);
	ck_assert_uint_lt(bq_clock_now_ms(NULL) - start, 4000);
	ck_assert_uint_eq(server.requests, 1);
}
END_TEST

START_TEST(unusable_url)
{
	char url[400];

	imds.url = "http://metadata.example/";
	ck_assert_int_eq(bq_imds_certs(&imds, buf, sizeof(buf), &certs), BQ_E_URL);
	memset(url, '1', sizeof(url) - 1);
	url[sizeof(url) - 1] = '\0';
	imds.url = url;
	ck_assert_int_eq(bq_imds_certs(&imds, buf, sizeof(buf), &certs), BQ_E_URL);
	ck_assert_int_eq(imds.http_status, 0);
	ck_assert_int_eq(imds.sys_errno, 0);
	ck_assert_uint_eq(sleeps, 0);
}
END_TEST

/* --- answers that are none -------------------------------------------------------- */

START_TEST(not_what_thim_serves)
{
	static const char *const bodies[] = {
		"",
		"{",
		"[]",
		"<html></html>",
		THIM "x",
		"{\"vcekCert\":\"" PEM1 "\",\"tcbm\":\"7308000000000003\"}",
		"{\"vcekCert\":\"" PEM1 "\",\"certificateChain\":\"" PEM2 "\"}",
		"{\"tcbm\":\"7308000000000003\",\"certificateChain\":\"" PEM2 "\"}",
		"{\"vcekCert\":1,\"tcbm\":\"7308000000000003\",\"certificateChain\":\"" PEM2 "\"}",
		"{\"vcekCert\":\"\",\"tcbm\":\"7308000000000003\",\"certificateChain\":\"" PEM2
		"\"}",
		"{\"vcekCert\":\"" PEM1
		"\",\"tcbm\":\"7308000000000003\",\"certificateChain\":\"text\"}",
		"{\"vcekCert\":\"" PEM1
		"\",\"tcbm\":\"7308000000000003\",\"certificateChain\":\"x" PEM2 "\"}",
		"{\"vcekCert\":\"" PEM1 "\",\"tcbm\":\"\",\"certificateChain\":\"" PEM2 "\"}",
		"{\"vcekCert\":\"" PEM1 "\",\"tcbm\":\"0373\",\"certificateChain\":\"" PEM2 "\"}",
		"{\"vcekCert\":\"" PEM1
		"\",\"tcbm\":\"730800000000000300\",\"certificateChain\":\"" PEM2 "\"}",
		"{\"vcekCert\":\"" PEM1
		"\",\"tcbm\":\"730800000000000g\",\"certificateChain\":\"" PEM2 "\"}",
		"{\"vcekCert\":\"" PEM1 "\",\"vcekCert\":\"" PEM1
		"\",\"tcbm\":\"7308000000000003\",\"certificateChain\":\"" PEM2 "\"}",
	};
	char text[1024];

	ck_assert_uint_eq(sizeof(bodies) / sizeof(bodies[0]), 17);
	snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
		 strlen(bodies[_i]), bodies[_i]);
	ck_assert_int_eq(ask_once(text), BQ_E_IMDS);
	ck_assert_ptr_null(certs.vcek.p);
	ck_assert_uint_eq(server.requests, 1);
	ck_assert_uint_eq(sleeps, 0);
}
END_TEST

START_TEST(answers_that_are_not_retried)
{
	static const struct {
		const char *text;
		int error;
	} wrong[] = {
		{"garbage\r\n\r\n", BQ_E_HTTP},
		{"HTTP/1.1 200 OK\r\nContent-Length: 32769\r\n\r\n", BQ_E_HTTP_SIZE},
		{"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", BQ_E_HTTP_ENCODING},
	};

	ck_assert_int_eq(ask_once(wrong[_i].text), wrong[_i].error);
	ck_assert_uint_eq(server.requests, 1);
}
END_TEST

START_TEST(match)
{
	struct bq_snp snp = {.reported_tcb = VIEW("\x03\0\0\0\0\0\x08\x73")};

	ck_assert_int_eq(ask_once(OK THIM), 0);
	ck_assert_int_eq(bq_imds_match(&certs, &snp), 0);
	snp.reported_tcb = VIEW("\x73\x08\0\0\0\0\0\x03");
	ck_assert_int_eq(bq_imds_match(&certs, &snp), BQ_E_TCBM);
	snp.reported_tcb = VIEW("\x04\0\0\0\0\0\x08\x73");
	ck_assert_int_eq(bq_imds_match(&certs, &snp), BQ_E_TCBM);
}
END_TEST

/* A real VM's certificates and report, the TCB as THIM would spell it. */
START_TEST(captured)
{
	struct bq_view pem = read_capture("azure-milan-2023/vcek.pem");
	struct bq_view blob = read_capture("azure-milan-2023/hcl-report.bin"), tcb;
	static char text[BQ_IMDS_MAX];
	struct bq_sink_buf b;
	struct bq_hcl hcl;
	struct bq_snp snp;
	struct bq_jw w;
	uint64_t x;

	ck_assert_int_eq(bq_hcl_parse(blob, &hcl), 0);
	ck_assert_int_eq(bq_snp_parse(hcl.hardware_report, &snp), 0);
	tcb = snp.reported_tcb;
	ck_assert_int_eq(bq_rd_le64(&tcb, &x), 0);
	bq_sink_buf_init(&b, text, sizeof(text) - 1);
	bq_put_str(&b.s, OK);
	bq_jw_init(&w, &b.s, 2);
	bq_jw_object(&w, NULL);
	bq_jw_chars(&w, "vcekCert", pem);
	bq_jw_open_str(&w, "tcbm");
	bq_put_x64(&b.s, x, 16);
	bq_jw_close_str(&w);
	bq_jw_chars(&w, "certificateChain", pem);
	bq_jw_end_object(&w);
	ck_assert_int_eq(b.s.err, 0);
	ck_assert_int_eq(ask_once(text), 0);
	ck_assert_view_eq(certs.vcek, pem);
	ck_assert_view_eq(certs.chain, pem);
	ck_assert_int_eq(bq_imds_match(&certs, &snp), 0);
}
END_TEST

Suite *suite_azure_imds(void)
{
	Suite *s = suite_create("azure_imds");
	TCase *tc = tcase_create("azure_imds");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, certificates);
	tcase_add_test(tc, members_in_any_order);
	tcase_add_test(tc, a_slash_too_many);
	tcase_add_loop_test(tc, passing_refusals, 0, 6);
	tcase_add_loop_test(tc, final_refusals, 0, 7);
	tcase_add_loop_test(tc, refused_for_ever, 0, 5);
	tcase_add_test(tc, broken_connections);
	tcase_add_test(tc, nobody_there);
	tcase_add_test(tc, silence);
	tcase_add_test(tc, unusable_url);
	tcase_add_loop_test(tc, not_what_thim_serves, 0, 17);
	tcase_add_loop_test(tc, answers_that_are_not_retried, 0, 3);
	tcase_add_test(tc, match);
	tcase_add_capture_test(tc, captured);
	suite_add_tcase(s, tc);
	return s;
}

/* The HTTP client against a real server on the loopback. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"
#include "support.h"

#define CAP     64
#define OK      "HTTP/1.1 200 OK\r\n"

#define CHUNKED "Transfer-Encoding: chunked\r\n\r\n"

static struct server server;
static uint8_t buf[CAP];
static struct bq_view body;
static int status, sys_errno;

static int get_within(const char *url, unsigned ms)
{
	uint8_t *tight = must_alloc(CAP);
	int e;

	body = bq_view_of(NULL, 0);
	status = sys_errno = -1;
	e = bq_http_get(url, "X-Test: yes", bq_clock_now_ms(NULL) + ms, NULL, tight, CAP, &body,
			&status, &sys_errno);
	if (e != 0) {
		ck_assert_ptr_null(body.p);
		return e;
	}
	ck_assert_ptr_eq(body.p, tight);
	memcpy(buf, tight, CAP);
	body.p = buf;
	return 0;
}

/* One exchange in which the server says this. */
static int get(const struct answer *a)
{
	int e;

	server_start(&server, a, 1);
	e = get_within(server.url, 5000);
	server_stop(&server);
	return e;
}

static void check_error(const char *text, int expected)
{
	struct answer a = {.text = text};
	int e = get(&a);

	ck_assert_msg(e == expected, "%s instead of %s for %s", bq_strerror(e),
		      bq_strerror(expected), text);
}

/* The same however the bytes arrive. */
static void check_body(const char *text, const char *expected)
{
	struct answer a = {.text = text};

	for (a.slice = 0; a.slice < 3; a.slice++) {
		ck_assert_msg(get(&a) == 0, "%s", text);
		ck_assert_int_eq(status, 200);
		ck_assert_int_eq(sys_errno, 0);
		ck_assert_view_eq(body, bq_view_str(expected));
	}
}

START_TEST(asks_for_what_it_was_told_to)
{
	struct answer a = {.text = OK "Content-Length: 0\r\n\r\n"};
	char url[128], want[2400];

	server_start(&server, &a, 1);
	snprintf(url, sizeof(url), "%s/metadata?x=1", server.url);
	ck_assert_int_eq(get_within(url, 5000), 0);
	server_stop(&server);
	snprintf(want, sizeof(want),
		 "GET /metadata?x=1 HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n"
		 "Accept-Encoding: identity\r\nConnection: close\r\nX-Test: yes\r\n\r\n",
		 server.url + strlen("http://"));
	ck_assert_str_eq(server.request, want);
	ck_assert_uint_eq(server.requests, 1);
}
END_TEST

START_TEST(no_path_is_the_root)
{
	check_body(OK "Content-Length: 2\r\n\r\nhi", "hi");
	ck_assert_int_eq(strncmp(server.request, "GET / HTTP/1.1\r\n", 16), 0);
}
END_TEST

START_TEST(bodies)
{
	static const char *const texts[][2] = {
		{OK "Content-Length: 5\r\n\r\nhello", "hello"},
		{OK "content-LENGTH:\t 5 \r\nOther: a:b\r\n\r\nhello and more", "hello"},
		{OK "Content-Length: 0\r\n\r\n", ""},
		{"HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end"},
		{"HTTP/1.1 200\r\n\r\n", ""},
		{OK "Content-Lengtx: 1\r\n\r\nhello", "hello"},
		{OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"},
		{OK "Transfer-Encoding: CHUNKED\r\n\r\n1\r\nh\r\n00A;x=y\r\n0123456789\r\n"
		    "1;\r\n!\r\n000\r\nTrailer: t\r\n\r\n",
		 "h0123456789!"},
		{OK "Content-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		 ""},
	};

	check_body(texts[_i][0], texts[_i][1]);
}
END_TEST

START_TEST(binary_bodies_pass)
{
	static const char text[] = OK "Content-Length: 4\r\n\r\n\0\r\n\xff";
	struct answer a = {.text = text, .n = sizeof(text) - 1};

	ck_assert_int_eq(get(&a), 0);
	ck_assert_view_eq(body, VIEW("\0\r\n\xff"));
}
END_TEST

/* 64 bytes fit, 65 do not, whoever announces them and whether or not. */
START_TEST(body_limit)
{
	char text[512], bytes[CAP + 2] = {0};
	int fits = _i == 3 ? CAP - 1 : CAP;

	for (int n = fits; n <= fits + 1; n++) {
		memset(bytes, 'x', (size_t)n);
		bytes[n] = '\0';
		if (_i == 0)
			snprintf(text, sizeof(text), OK "Content-Length: %d\r\n\r\n%s", n, bytes);
		else if (_i == 1)
			snprintf(text, sizeof(text), OK "\r\n%s", bytes);
		else
			snprintf(text, sizeof(text),
				 OK "Transfer-Encoding: chunked\r\n\r\n%s%x\r\n%s\r\n0\r\n\r\n",
				 _i == 3 ? "1\r\n.\r\n" : "", (unsigned)n, bytes);
		if (n == fits) {
			struct answer a = {.text = text};

			ck_assert_int_eq(get(&a), 0);
			ck_assert_uint_eq(body.n, CAP);
		} else {
			check_error(text, BQ_E_HTTP_SIZE);
		}
	}
}
END_TEST

START_TEST(a_size_alone_is_enough_to_refuse)
{
	static const char *const texts[] = {
		OK "Content-Length: 99999999\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
	};
	struct answer a = {.text = texts[_i], .hold = true};

	ck_assert_int_eq(get(&a), BQ_E_HTTP_SIZE);
}
END_TEST

START_TEST(malformed)
{
	static const char *const texts[] = {
		"garbage\r\n\r\n",
		"HTTP/2 200 OK\r\n\r\n",
		"HTTP/1.1 20 OK\r\n\r\n",
		"HTTP/1.1 2000\r\n\r\n",
		"HTTP/1.1 0x1 OK\r\n\r\n",
		"HTTP/1.1 099 OK\r\n\r\n",
		"HTTP/1.x 200 OK\r\n\r\n",
		"http/1.1 200 OK\r\n\r\n",
		"HTTP/1.1  200 OK\r\n\r\n",
		"HTTP/1.1 200 OK\n\n",
		"\r\nHTTP/1.1 200 OK\r\n\r\n",
		OK "no colon\r\n\r\n",
		OK ": no name\r\n\r\n",
		OK "A: b\r\n folded\r\n\r\n",
		OK "Spaced : b\r\n\r\n",
		OK "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
		OK "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nhi",
		OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		OK "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		OK "Transfer-Encoding: identity\r\n\r\nhi",
		OK "Content-Length: \r\n\r\nhi",
		OK "Content-Length: +2\r\n\r\nhi",
		OK "Content-Length: -2\r\n\r\nhi",
		OK "Content-Length: 0x2\r\n\r\nhi",
		OK "Content-Length: 2, 2\r\n\r\nhi",
		OK "Content-Length: 2 2\r\n\r\nhi",
		OK "Content-Length: 18446744073709551618\r\n\r\nhi",
		OK "Transfer-Encoding: chunked\r\n\r\n\r\nhi\r\n0\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n0\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n0x2\r\nhi\r\n0\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n-2\r\nhi\r\n0\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n000000002\r\nhi\r\n0\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n1\r\nhi\r\n0\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\n0\r\n\r\n",
		OK "Transfer-Encoding: chunked\r\n\r\n2\nhi\r\n0\r\n\r\n",
	};
	struct answer a = {.text = texts[_i]};

	/* The table and the loop that runs it are of one length. */
	ck_assert_uint_eq(sizeof(texts) / sizeof(texts[0]), 36);
	ck_assert_msg(get(&a) == BQ_E_HTTP, "%s", texts[_i]);
}
END_TEST

START_TEST(closed_early)
{
	static const char *const texts[] = {
		OK "Content-Length: 5\r\n\r\nhello",
		OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	};
	size_t n = strlen(texts[_i]);

	for (size_t cut = 1; cut < n; cut++) {
		struct answer a = {.text = texts[_i], .n = cut};

		ck_assert_msg(get(&a) == BQ_E_GONE, "cut at %zu", cut);
		ck_assert_int_eq(sys_errno, 0);
	}
}
END_TEST

START_TEST(closed_at_once)
{
	struct answer a = {.text = NULL};

	ck_assert_int_eq(get(&a), BQ_E_GONE);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(statuses)
{
	static const int codes[] = {100, 101, 201, 204, 206, 301, 302,
				    304, 307, 400, 404, 500, 999};
	char text[128];

	snprintf(text, sizeof(text),
		 "HTTP/1.1 %d Whatever\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: "
		 "2\r\n\r\nhi",
		 codes[_i]);
	check_error(text, BQ_E_HTTP_STATUS);
	ck_assert_int_eq(status, codes[_i]);
	ck_assert_uint_eq(server.requests, 1);
}
END_TEST

START_TEST(compressed)
{
	static const char *const codings[] = {"gzip", "deflate", "br", "identity, gzip", ""};
	char text[128];

	snprintf(text, sizeof(text), OK "Content-Encoding: %s\r\nContent-Length: 2\r\n\r\nhi",
		 codings[_i]);
	check_error(text, BQ_E_HTTP_ENCODING);
}
END_TEST

/* 8 KiB of lines, one long or many short, and no byte more. */
START_TEST(head_limit)
{
	size_t room = 8192 - strlen(OK) - 2, used = 0;
	char *text = must_alloc(16384);

	for (size_t over = 0; over < 2; over++) {
		struct answer a = {.text = text};
		size_t n = strlen(OK), line = _i == 0 ? room + over : 100;

		strcpy(text, OK);
		for (used = 0; used < room + over; used += line) {
			if (line > room + over - used)
				line = room + over - used;
			ck_assert_uint_gt(line, 4);
			memcpy(text + n, "A: ", 3);
			memset(text + n + 3, 'x', line - 5);
			memcpy(text + n + line - 2, "\r\n", 2);
			n += line;
		}
		strcpy(text + n, "\r\nok");
		ck_assert_int_eq(get(&a), over == 0 ? 0 : BQ_E_HTTP);
	}
}
END_TEST

START_TEST(chunk_framing_limit)
{
	size_t n;
	char *text = must_alloc(16384);

	n = (size_t)sprintf(text, OK "Transfer-Encoding: chunked\r\n\r\n2;");
	memset(text + n, 'x', 9000);
	strcpy(text + n + 9000, "\r\nhi\r\n0\r\n\r\n");
	check_error(text, BQ_E_HTTP);
}
END_TEST

/* A server that answers too slowly, however it goes about it. Dripping would
 * take it 8 s and more. */
START_TEST(slow)
{
	static const struct answer answers[] = {
		{.text = NULL, .hold = true},
		{.text = "HTTP/1.1 2", .hold = true},
		{.text = OK "Content-Length: 5\r\n\r\nhel", .hold = true},
		{.text = OK "\r\nno end", .hold = true},
		{.text = OK "Content-Length: 40\r\n\r\n0123456789012345678901234567890123456789",
		 .slice = 1,
		 .wait_ms = 100},
		{.text = OK
		 "Transfer-Encoding: chunked\r\n\r\n"
		 "1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n",
		 .slice = 1,
		 .wait_ms = 100},
	};
	uint64_t start = bq_clock_now_ms(NULL), took;

	server_start(&server, &answers[_i], 1);
	ck_assert_int_eq(get_within(server.url, 150), BQ_E_TIMEOUT);
	took = bq_clock_now_ms(NULL) - start;
	server_stop(&server);
	ck_assert_uint_ge(took, 149);
	ck_assert_uint_lt(took, 4000);
}
END_TEST

/* A server that never ends, in each place where it might: refused at the limit, not at
 * the deadline. */
START_TEST(endless)
{
	static const struct {
		struct answer a;
		int error;
	} cases[] = {
		{{.text = "", .more = "HTTP/1.1 200 OK"}, BQ_E_HTTP},
		{{.text = "HTTP/1.1 200 ", .more = "very "}, BQ_E_HTTP},
		{{.text = OK "A: ", .more = "xxxxxxx"}, BQ_E_HTTP},
		{{.text = OK, .more = "A: b\r\n"}, BQ_E_HTTP},
		{{.text = OK "\r\n", .more = "a body without a length"}, BQ_E_HTTP_SIZE},
		{{.text = OK "Content-Length: 65\r\n\r\n", .more = "body"}, BQ_E_HTTP_SIZE},
		{{.text = OK CHUNKED, .more = "1\r\nx\r\n"}, BQ_E_HTTP_SIZE},
		{{.text = OK CHUNKED "1;", .more = "extension"}, BQ_E_HTTP},
		{{.text = OK CHUNKED "0\r\n", .more = "Trailer: t\r\n"}, BQ_E_HTTP},
	};
	uint64_t start = bq_clock_now_ms(NULL);
	int e;

	ck_assert_uint_eq(sizeof(cases) / sizeof(cases[0]), 9);
	server_start(&server, &cases[_i].a, 1);
	e = get_within(server.url, 20000);
	server_stop(&server);
	ck_assert_msg(e == cases[_i].error, "%s", bq_strerror(e));
	ck_assert_uint_lt(bq_clock_now_ms(NULL) - start, 10000);
}
END_TEST

/* What comes after a body of the announced length is not waited for. */
START_TEST(more_than_announced)
{
	struct answer a = {.text = OK "Content-Length: 2\r\n\r\nhi", .more = "and on"};

	ck_assert_int_eq(get(&a), 0);
	ck_assert_view_eq(body, VIEW("hi"));
}
END_TEST

/* Nobody is asked but the server: certificates and what they are for stay in the VM. */
START_TEST(no_proxy_is_used)
{
	static const char *const names[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
	struct answer a = {.text = OK "Content-Length: 2\r\n\r\nhi"};
	char url[64];

	nobody_url(url, sizeof(url));
	setenv(names[_i], url, 1);
	ck_assert_int_eq(get(&a), 0);
	ck_assert_int_eq(strncmp(server.request, "GET / HTTP/1.1\r\n", 16), 0);
}
END_TEST

START_TEST(slow_but_in_time)
{
	struct answer a = {.text = OK "Content-Length: 5\r\n\r\nhello", .slice = 8, .wait_ms = 10};

	ck_assert_int_eq(get(&a), 0);
	ck_assert_view_eq(body, VIEW("hello"));
}
END_TEST

START_TEST(a_deadline_that_has_passed)
{
	struct answer a = {.text = OK "\r\n"};

	server_start(&server, &a, 1);
	ck_assert_int_eq(get_within(server.url, 0), BQ_E_TIMEOUT);
	ck_assert_int_eq(
		bq_http_get(server.url, NULL, 1, NULL, buf, CAP, &body, &status, &sys_errno),
		BQ_E_TIMEOUT);
	server_stop(&server);
}
END_TEST

START_TEST(nobody_there)
{
	char url[64];

	nobody_url(url, sizeof(url));
	ck_assert_int_eq(get_within(url, 5000), BQ_E_GONE);
	ck_assert_int_eq(sys_errno, ECONNREFUSED);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(localhost_is_known)
{
	struct answer a = {.text = OK "Content-Length: 2\r\n\r\nhi"};
	char url[96];

	server_start(&server, &a, 1);
	snprintf(url, sizeof(url), "http://localhost%s/x", strrchr(server.url, ':'));
	ck_assert_int_eq(get_within(url, 5000), 0);
	server_stop(&server);
}
END_TEST

/* Listens on [::1] and refuses: what matters is that it was asked. */
START_TEST(ipv6)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	char url[64];

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		printf("SKIP ipv6: no [::1] here\n");
		return;
	}
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	snprintf(url, sizeof(url), "http://[::1]:%u/", ntohs(a.sin6_port));
	ck_assert_int_eq(get_within(url, 100), BQ_E_TIMEOUT);
	ck_assert_int_ge(accept(fd, NULL, NULL), 0);
}
END_TEST

START_TEST(unusable_urls)
{
	static const char *const urls[] = {
		"",
		"http://",
		"http:///x",
		"https://127.0.0.1/",
		"HTTP://127.0.0.1/",
		"ftp://127.0.0.1/",
		"127.0.0.1",
		"http://example.com/",
		"http://127.0.0.1:/",
		"http://127.0.0.1:0/",
		"http://127.0.0.1:65536/",
		"http://127.0.0.1:0x50/",
		"http://127.0.0.1:80:80/",
		"http://127.0.0.1:-1/",
		"http://127.1/",
		"http://0x7f.0.0.1/",
		"http://256.0.0.1/",
		"http://user@127.0.0.1/",
		"http://127.0.0.1 /",
		"http://127.0.0.1/a b",
		"http://127.0.0.1/\r\nX: y",
		"http://127.0.0.1/\x7f",
		"http://127.0.0.1?x",
		"http://::1/",
		"http://[::1/",
		"http://[::1]x/",
		"http://[]/",
		"http://[::1%lo]/",
	};

	ck_assert_uint_eq(sizeof(urls) / sizeof(urls[0]), 28);
	ck_assert_msg(get_within(urls[_i], 1000) == BQ_E_URL, "%s", urls[_i]);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_url_too_long_to_ask_for)
{
	struct answer a = {.text = OK "\r\n"};
	char url[1200];
	size_t n;

	server_start(&server, &a, 1);
	n = (size_t)snprintf(url, sizeof(url), "%s/", server.url);
	memset(url + n, 'x', 1100);
	url[n + 1100] = '\0';
	ck_assert_int_eq(get_within(url, 1000), BQ_E_URL);
	server_stop(&server);
	ck_assert_uint_eq(server.requests, 0);
}
END_TEST

START_TEST(a_header_of_two_lines)
{
	ck_assert_int_eq(bq_http_get("http://127.0.0.1/", "A: b\r\nC: d", 0, NULL, buf, CAP, &body,
				     &status, &sys_errno),
			 BQ_E_ARG);
}
END_TEST

Suite *suite_http(void)
{
	Suite *s = suite_create("http");
	TCase *tc = tcase_create("http");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, asks_for_what_it_was_told_to);
	tcase_add_test(tc, no_path_is_the_root);
	tcase_add_loop_test(tc, bodies, 0, 9);
	tcase_add_test(tc, binary_bodies_pass);
	tcase_add_loop_test(tc, body_limit, 0, 4);
	tcase_add_loop_test(tc, a_size_alone_is_enough_to_refuse, 0, 2);
	tcase_add_loop_test(tc, malformed, 0, 36);
	tcase_add_loop_test(tc, closed_early, 0, 2);
	tcase_add_test(tc, closed_at_once);
	tcase_add_loop_test(tc, statuses, 0, 13);
	tcase_add_loop_test(tc, compressed, 0, 5);
	tcase_add_loop_test(tc, head_limit, 0, 2);
	tcase_add_test(tc, chunk_framing_limit);
	tcase_add_loop_test(tc, slow, 0, 6);
	tcase_add_loop_test(tc, endless, 0, 9);
	tcase_add_test(tc, more_than_announced);
	tcase_add_loop_test(tc, no_proxy_is_used, 0, 4);
	tcase_add_test(tc, slow_but_in_time);
	tcase_add_test(tc, a_deadline_that_has_passed);
	tcase_add_test(tc, nobody_there);
	tcase_add_test(tc, localhost_is_known);
	tcase_add_test(tc, ipv6);
	tcase_add_loop_test(tc, unusable_urls, 0, 28);
	tcase_add_test(tc, a_url_too_long_to_ask_for);
	tcase_add_test(tc, a_header_of_two_lines);
	suite_add_tcase(s, tc);
	return s;
}

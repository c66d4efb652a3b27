/* The socket transport, against a server that misbehaves. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scripted.h"
#include "support.h"

#define COMMAND_SIZE 12 /* GetRandom */

static char dir[64], path[96], tcti[128];
static struct bq_tpm tpm;
static int listener;
static pid_t child;

static void setup(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	strcpy(dir, "/tmp/barequote-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/sock", dir);
	snprintf(tcti, sizeof(tcti), "swtpm:path=%s", path);
	strcpy(a.sun_path, path);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(listen(listener, 4), 0);
}

static void teardown(void)
{
	bq_tpm_close(&tpm);
	close(listener);
	unlink(path);
	rmdir(dir);
}

struct behaviour {
	const char *rsp; /* sent for each command */
	size_t piece;    /* bytes at a time, 0: all */
	unsigned commands;
	bool stay; /* wait for the client's end before closing */
};

static void send_pieces(int fd, const struct behaviour *b)
{
	uint8_t rsp[BQ_TPM_PACKET];
	size_t n = script_hex(b->rsp, rsp, sizeof(rsp)), piece = b->piece != 0 ? b->piece : n;

	for (size_t at = 0; at < n; at += piece) {
		if (at + piece > n)
			piece = n - at;
		if (send(fd, &rsp[at], piece, MSG_NOSIGNAL) != (ssize_t)piece)
			_exit(2);
		if (b->piece != 0)
			bq_clock_sleep_ms(NULL, 1);
	}
}

static void serve(const struct behaviour *b)
{
	uint8_t cmd[COMMAND_SIZE];
	int fd = accept(listener, NULL, NULL);

	for (unsigned i = 0; i < b->commands; i++) {
		if (recv(fd, cmd, sizeof(cmd), MSG_WAITALL) != sizeof(cmd))
			_exit(1);
		send_pieces(fd, b);
	}
	while (b->stay && recv(fd, cmd, sizeof(cmd), 0) > 0)
		;
	_exit(0);
}

static void start(struct behaviour b)
{
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0)
		serve(&b);
	ck_assert_int_eq(bq_tpm_open(&tpm, tcti), 0);
}

static void server_ends_well(void)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

START_TEST(response_in_pieces)
{
	start((struct behaviour){.rsp = ASK_RSP, .piece = (size_t)_i, .commands = 3});
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(script_ask(&tpm), 0);
	server_ends_well();
}
END_TEST

/* The socket's own path, without swtpm: in front. */
START_TEST(bare_path)
{
	snprintf(tcti, sizeof(tcti), "%s", path);
	start((struct behaviour){.rsp = ASK_RSP, .commands = 1});
	ck_assert_int_eq(script_ask(&tpm), 0);
	server_ends_well();
}
END_TEST

static const struct {
	const char *rsp;
	int e;
} wrong[] = {
	{"8001 00000009 00000000 0002 abcd", BQ_E_TPM_HEADER},
	{"8001 00000000 00000000 0002 abcd", BQ_E_TPM_HEADER},
	{"8001 00001001 00000000 0002 abcd", BQ_E_TPM_HEADER},
	{"8001 ffffffff 00000000 0002 abcd", BQ_E_TPM_HEADER},
	{"8001 0000000f 00000000 0002 abcd", BQ_E_GONE},
	{"8001 0000000e 0000", BQ_E_GONE},
	{"80", BQ_E_GONE},
	{"", BQ_E_GONE},
};

/* After each of these nothing more is believed, whatever may still arrive. */
START_TEST(wrong_response)
{
	start((struct behaviour){.rsp = wrong[_i].rsp, .commands = 1});
	ck_assert_int_eq(script_ask(&tpm), wrong[_i].e);
	ck_assert_int_eq(script_ask(&tpm), BQ_E_GONE);
	server_ends_well();
}
END_TEST

/* A response that comes after its time must not answer the next command. */
START_TEST(late_answer_is_not_taken_for_another)
{
	struct timeval soon = {.tv_usec = 50000};

	start((struct behaviour){.rsp = "", .commands = 1, .stay = true});
	ck_assert_int_eq(setsockopt(tpm.fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon)), 0);
	ck_assert_int_eq(script_ask(&tpm), BQ_E_TIMEOUT);
	ck_assert_int_eq(tpm.sys_errno, EAGAIN);
	ck_assert_int_eq(script_ask(&tpm), BQ_E_GONE);
	server_ends_well();
}
END_TEST

/* A server that hangs up at once: an error, not SIGPIPE. */
START_TEST(closed_at_once)
{
	start((struct behaviour){.rsp = ASK_RSP});
	server_ends_well();
	ck_assert_int_eq(script_ask(&tpm), BQ_E_GONE);
	ck_assert_int_eq(tpm.sys_errno, EPIPE);
}
END_TEST

START_TEST(nobody_listens)
{
	close(listener);
	ck_assert_int_eq(bq_tpm_open(&tpm, tcti), BQ_E_NO_DEVICE);
	ck_assert_int_eq(tpm.sys_errno, ECONNREFUSED);
}
END_TEST

static const struct {
	const char *before, *after; /* the port */
	int family;
} tcps[] = {
	{"swtpm:host=127.0.0.1,port=", "", AF_INET},
	{"swtpm:port=", ",host=localhost", AF_INET},
	{"swtpm:port=", "", AF_INET},
	{"swtpm:host=::1,port=", "", AF_INET6},
};

/* Listens on a port of the kernel's choice; false where the family is missing. */
static bool listen_tcp(int family, unsigned *port)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in a4 = {.sin_family = AF_INET,
				 .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(a);
	bool v4 = family == AF_INET;

	close(listener);
	listener = socket(family, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, v4 ? (struct sockaddr *)&a4 : (struct sockaddr *)&a,
				 v4 ? sizeof(a4) : sizeof(a)) != 0)
		return false;
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&a, &n), 0);
	*port = ntohs(a.sin6_port); /* sin_port is at the same place */
	return true;
}

START_TEST(tcp)
{
	unsigned port;

	if (!listen_tcp(tcps[_i].family, &port)) {
		printf("SKIP tcp: no address for %s\n", tcps[_i].before);
		return;
	}
	snprintf(tcti, sizeof(tcti), "%s%u%s", tcps[_i].before, port, tcps[_i].after);
	start((struct behaviour){.rsp = ASK_RSP, .piece = 3, .commands = 2});
	ck_assert_int_eq(script_ask(&tpm), 0);
	ck_assert_int_eq(script_ask(&tpm), 0);
	server_ends_well();
}
END_TEST

Suite *suite_tpm_socket(void)
{
	Suite *s = suite_create("tpm_socket");
	TCase *tc = tcase_create("socket");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, response_in_pieces, 0, 14);
	tcase_add_test(tc, bare_path);
	tcase_add_loop_test(tc, wrong_response, 0, (int)(sizeof(wrong) / sizeof(wrong[0])));
	tcase_add_test(tc, late_answer_is_not_taken_for_another);
	tcase_add_test(tc, closed_at_once);
	tcase_add_test(tc, nobody_listens);
	tcase_add_loop_test(tc, tcp, 0, (int)(sizeof(tcps) / sizeof(tcps[0])));
	suite_add_tcase(s, tc);
	return s;
}

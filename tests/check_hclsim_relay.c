/* Connections: packets in pieces, control messages with descriptors, HTTP. Each
 * is one end of a socket pair, served without the loop around it. */
#include "simulated.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io.h"
#include "relay.h"

static struct sim_server server;

/* A client's end; the server's becomes the newest connection. */
static int client(enum sim_conn_kind kind)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert(sim_server_add(&server, kind, pair[1]));
	return pair[0];
}

static void start(const char *fault)
{
	vm_start(fault);
	server.m = &vm;
	server.listeners = 0;
	for (size_t i = 0; i < SIM_CONNS; i++)
		server.conn[i].fd = -1;
}

static bool readable(size_t conn)
{
	struct sim_conn *c = &server.conn[conn];

	switch (c->kind) {
	case SIM_CONN_CTRL:
		return sim_ctrl_readable(&server, c);
	case SIM_CONN_IMDS:
		return sim_imds_readable(&server, c);
	case SIM_CONN_TPM:
		break;
	}
	return sim_tpm_readable(&server, c);
}

static void say(int fd, const void *p, size_t n)
{
	ck_assert_int_eq(send(fd, p, n, 0), (ssize_t)n);
}

/* What has come back so far. */
static size_t hear(int fd, void *p, size_t cap)
{
	ssize_t n = recv(fd, p, cap, MSG_DONTWAIT);

	return n < 0 ? 0 : (size_t)n;
}

static const uint8_t get_random[] = {0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x7B, 0, 8};

START_TEST(packets_in_pieces_and_together)
{
	uint8_t two[2 * sizeof(get_random)], rsp[256];
	int fd;

	start(NULL);
	fd = client(SIM_CONN_TPM);
	for (size_t i = 0; i < sizeof(get_random); i++) {
		ck_assert_uint_eq(hear(fd, rsp, sizeof(rsp)), 0);
		say(fd, get_random + i, 1);
		ck_assert(readable(0));
	}
	ck_assert_uint_eq(hear(fd, rsp, sizeof(rsp)), 20);
	memcpy(two, get_random, sizeof(get_random));
	memcpy(two + sizeof(get_random), get_random, sizeof(get_random));
	say(fd, two, sizeof(two));
	ck_assert(readable(0));
	ck_assert_uint_eq(hear(fd, rsp, sizeof(rsp)), 40);
	ck_assert_mem_ne(rsp, rsp + 20, 20);
	close(fd);
	ck_assert(!readable(0));
}
END_TEST

START_TEST(impossible_sizes_end_the_connection)
{
	static const uint32_t sizes[] = {0, 9, 4097, 0x80000000, 0xFFFFFFFF};

	start(NULL);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int fd = client(SIM_CONN_TPM);
		uint8_t head[10];
		struct bq_wr w;

		bq_wr_init(&w, head, sizeof(head));
		bq_wr_be16(&w, TPM_ST_NO_SESSIONS);
		bq_wr_be32(&w, sizes[i]);
		bq_wr_be32(&w, TPM_CC_GetRandom);
		say(fd, head, sizeof(head));
		ck_assert(!readable(i));
		close(fd);
	}
}
END_TEST

START_TEST(clients_do_not_meet)
{
	uint8_t rsp[64];
	int a, b;

	start(NULL);
	a = client(SIM_CONN_TPM);
	b = client(SIM_CONN_TPM);
	say(a, get_random, 6);
	ck_assert(readable(0));
	say(b, get_random, sizeof(get_random));
	ck_assert(readable(1));
	say(a, get_random + 6, sizeof(get_random) - 6);
	ck_assert(readable(0));
	ck_assert_uint_eq(hear(b, rsp, sizeof(rsp)), 20);
	ck_assert_uint_eq(hear(a, rsp, sizeof(rsp)), 20);
	close(a);
	close(b);
}
END_TEST

START_TEST(a_dropped_command_ends_the_connection)
{
	int fd;

	start("drop:GetRandom:1");
	fd = client(SIM_CONN_TPM);
	say(fd, get_random, sizeof(get_random));
	ck_assert(!readable(0));
	close(fd);
}
END_TEST

START_TEST(connections_are_limited)
{
	int fd[SIM_CONNS], pair[2];

	start(NULL);
	for (size_t i = 0; i < SIM_CONNS; i++)
		fd[i] = client(SIM_CONN_TPM);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	ck_assert(!sim_server_add(&server, SIM_CONN_TPM, pair[1]));
	ck_assert_int_eq(read(pair[0], pair, 1), 0); /* closed */
	for (size_t i = 0; i < SIM_CONNS; i++)
		close(fd[i]);
	close(pair[0]);
}
END_TEST

/* --- the control channel --------------------------------------------------------- */

static uint32_t control(int fd, uint32_t ordinal, const void *rest, size_t n)
{
	uint8_t msg[64], rsp[64];
	struct bq_view r;
	struct bq_wr w;
	uint32_t code = 0;

	bq_wr_init(&w, msg, sizeof(msg));
	bq_wr_be32(&w, ordinal);
	bq_wr_view(&w, bq_view_of(rest, n));
	say(fd, msg, w.n);
	ck_assert(readable(0));
	r = bq_view_of(rsp, hear(fd, rsp, sizeof(rsp)));
	ck_assert_int_eq(bq_rd_be32(&r, &code), 0);
	return code;
}

static const uint8_t startup[] = {0x80, 1, 0, 0, 0, 12, 0, 0, 1, 0x44, 0, 0};

/* The order in which QEMU does it, and firmware after it. */
START_TEST(qemu_powers_it_on)
{
	uint8_t rsp[64], zero[4] = {0};
	struct bq_hcl h;
	int ctrl, data[2];

	vm_options.ctrl = "";
	start(NULL);
	ck_assert(!vm.started);
	ctrl = client(SIM_CONN_CTRL);
	ck_assert_uint_eq(control(ctrl, SIM_CTRL_GET_CAPABILITY, NULL, 0), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, data), 0);
	ck_assert(sim_fd_send(ctrl, "\0\0\0\x10", 4, data[1])); /* CMD_SET_DATAFD */
	close(data[1]);
	ck_assert(readable(0));
	ck_assert_uint_eq(hear(ctrl, rsp, sizeof(rsp)), 4);
	ck_assert(bq_view_is_zero(bq_view_of(rsp, 4)));
	ck_assert_uint_eq(control(ctrl, SIM_CTRL_STOP, NULL, 0), 0);
	ck_assert_uint_eq(control(ctrl, SIM_CTRL_SET_BUFFERSIZE, zero, 4), 0);
	ck_assert_uint_eq(control(ctrl, SIM_CTRL_INIT, zero, 4), 0);

	say(data[0], get_random, sizeof(get_random));
	ck_assert(readable(1));
	ck_assert_uint_eq(hear(data[0], rsp, sizeof(rsp)), 10); /* not before Startup */
	say(data[0], startup, sizeof(startup));
	ck_assert(readable(1));
	ck_assert_uint_eq(hear(data[0], rsp, sizeof(rsp)), 10);
	ck_assert(bq_view_is_zero(bq_view_of(rsp + 6, 4)));
	ck_assert(vm.started);
	h = vm_report();
	ck_assert(vm_is_bound(&h));

	/* Switched off and on: another boot. */
	ck_assert_uint_eq(control(ctrl, SIM_CTRL_SHUTDOWN, NULL, 0), 0);
	ck_assert(!vm.started);
	ck_assert_uint_eq(control(ctrl, SIM_CTRL_INIT, zero, 4), 0);
	say(data[0], startup, sizeof(startup));
	ck_assert(readable(1));
	ck_assert(vm.started);
	close(ctrl);
	close(data[0]);
}
END_TEST

START_TEST(control_messages_are_refused)
{
	int fd;

	start(NULL);
	fd = client(SIM_CONN_CTRL);
	ck_assert_uint_eq(control(fd, SIM_CTRL_SET_DATAFD, NULL, 0), 9);        /* no descriptor */
	ck_assert_uint_eq(control(fd, 12, "\0\0\0\0\0\0\0\1\0\0\0\0", 12), 10); /* migration */
	ck_assert_uint_eq(control(fd, 0xFFFFFFFF, NULL, 0), 10);
	say(fd, "\0\0", 2);
	ck_assert(!readable(0));
	close(fd);
}
END_TEST

/* --- instance metadata -------------------------------------------------------------- */

static char answer[32768];

/* The status of the answer to a request; its text is in answer. */
static int ask(const char *request)
{
	int fd = client(SIM_CONN_IMDS), status = 0;
	size_t n;

	say(fd, request, strlen(request));
	ck_assert(!readable(0)); /* one answer, and the end */
	close(server.conn[0].fd);
	server.conn[0].fd = -1;
	n = hear(fd, answer, sizeof(answer) - 1);
	close(fd);
	answer[n] = '\0';
	ck_assert_int_eq(sscanf(answer, "HTTP/1.1 %d ", &status), 1);
	return status;
}

#define GET  "GET /metadata/THIM/amd/certification HTTP/1.1\r\n"
#define HOST "Host: 127.0.0.1\r\n"

static struct bq_json body(void)
{
	const char *at = strstr(answer, "\r\n\r\n");
	struct bq_json j = {0};

	ck_assert_ptr_nonnull(at);
	ck_assert_int_eq(bq_json_parse(bq_view_str(at + 4), &j), 0);
	return j;
}

static bool tcbm_is(const char *want)
{
	struct bq_json tcbm;

	ck_assert_int_eq(bq_json_member(body(), "tcbm", &tcbm), 0);
	return bq_json_is(tcbm, want);
}

START_TEST(certificates_are_served)
{
	struct bq_json j;
	struct bq_view rest;
	uint8_t text[16384], der[4096];
	size_t n = 0, len = 0;

	start(NULL);
	ck_assert_int_eq(ask(GET HOST "metadata:\ttrue \r\n\r\n"), 200);
	ck_assert(tcbm_is("DB18000000000004"));
	ck_assert_int_eq(bq_json_member(body(), "vcekCert", &j), 0);
	ck_assert_int_eq(bq_json_text(j, text, sizeof(text), &n), 0);
	rest = bq_view_of(text, n);
	ck_assert_int_eq(bq_pem_next(&rest, "CERTIFICATE", der, sizeof(der), &len), 0);
	ck_assert_int_eq(bq_json_member(body(), "certificateChain", &j), 0);
	ck_assert_int_eq(bq_json_text(j, text, sizeof(text), &n), 0);
	rest = bq_view_of(text, n);
	ck_assert_int_eq(bq_pem_next(&rest, "CERTIFICATE", der, sizeof(der), &len), 0);
	ck_assert_int_eq(bq_pem_next(&rest, "CERTIFICATE", der, sizeof(der), &len), 0);
	ck_assert_int_eq(bq_pem_next(&rest, "CERTIFICATE", der, sizeof(der), &len), BQ_E_CERT);
}
END_TEST

START_TEST(requests_are_refused)
{
	start(NULL);
	ck_assert_int_eq(ask(GET HOST "\r\n"), 400);
	ck_assert_int_eq(ask(GET HOST "Metadata: false\r\n\r\n"), 400);
	ck_assert_int_eq(ask(GET HOST "Metadata: trueish\r\n\r\n"), 400);
	ck_assert_int_eq(ask(GET HOST "X-Metadata: true\r\n\r\n"), 400);
	ck_assert_int_eq(ask("GET /metadata/instance HTTP/1.1\r\nMetadata: true\r\n\r\n"), 404);
	ck_assert_int_eq(
		ask("GET /metadata/THIM/amd/certificationX HTTP/1.1\r\nMetadata: true\r\n\r\n"),
		404);
	ck_assert_int_eq(ask("POST / HTTP/1.1\r\nMetadata: true\r\n\r\n"), 405);
}
END_TEST

START_TEST(metadata_fails_on_request)
{
	start("imds-status:503:2");
	ck_assert_int_eq(ask(GET "Metadata: true\r\n\r\n"), 503);
	ck_assert_int_eq(ask(GET "Metadata: true\r\n\r\n"), 503);
	ck_assert_int_eq(ask(GET "Metadata: true\r\n\r\n"), 200);
	vm_restart("tcbm:1");
	ck_assert_int_eq(ask(GET "Metadata: true\r\n\r\n"), 200);
	ck_assert(tcbm_is("DA18000000000004"));
	ck_assert_int_eq(ask(GET "Metadata: true\r\n\r\n"), 200);
	ck_assert(tcbm_is("DB18000000000004"));
}
END_TEST

START_TEST(endless_requests_end)
{
	char junk[SIM_CONN_BUF];
	int fd;

	start(NULL);
	fd = client(SIM_CONN_IMDS);
	memset(junk, 'x', sizeof(junk));
	say(fd, junk, 100);
	ck_assert(readable(0));
	say(fd, junk, sizeof(junk) - 100);
	ck_assert(!readable(0));
	close(fd);
}
END_TEST

Suite *suite_hclsim_relay(void)
{
	const TTest *const tests[] = {
		packets_in_pieces_and_together,
		impossible_sizes_end_the_connection,
		clients_do_not_meet,
		a_dropped_command_ends_the_connection,
		connections_are_limited,
		qemu_powers_it_on,
		control_messages_are_refused,
		certificates_are_served,
		requests_are_refused,
		metadata_fails_on_request,
		endless_requests_end,
	};
	Suite *s = suite_create("hclsim_relay");

	suite_add_tcase(s, vm_tcase("hclsim_relay", tests, sizeof(tests) / sizeof(tests[0])));
	return s;
}

/* The built-in transports, on real descriptors: whatever a device or a socket answers,
 * commands end, and what they return is what was sent. Byte 0: which transport. All
 * paths are in a directory of the input's own. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include "fuzz.h"
#include "tpm/internal.h"

#define DEADLINE_MS 5000

static struct bq_tpm t;

static uint64_t now_ms(void *ctx)
{
	const uint64_t *now = ctx;

	return *now;
}

static void sleep_ms(void *ctx, unsigned ms)
{
	uint64_t *now = ctx;

	*now += ms;
}

/* A response is taken from what was sent, and a connection that is gone stays so.
 * Returns how many commands were answered. */
static unsigned ask(struct bq_view sent)
{
	unsigned answered = 0;
	uint64_t now = 0;
	const struct bq_clock clock = {.now_ms = now_ms, .sleep_ms = sleep_ms, .ctx = &now};
	uint8_t got[4];

	t.clock = &clock;
	t.deadline_ms = DEADLINE_MS;
	for (unsigned i = 0; i < 3; i++) {
		int e = bq_tpm_get_random(&t, got, sizeof(got));

		must(e != 0 || memmem(sent.p, sent.n, t.rsp.p, t.rsp.n) != NULL);
		answered += e == 0;
		must(e != BQ_E_GONE || bq_tpm_get_random(&t, got, sizeof(got)) != 0);
	}
	bq_tpm_close(&t);
	must(t.fd == -1 && now <= DEADLINE_MS);
	return answered;
}

/* --- a terminal is a character device; its read returns 0 where nothing is left --- */

static void make_raw(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY);
	struct termios mode;

	must(fd >= 0 && tcgetattr(fd, &mode) == 0);
	cfmakeraw(&mode);
	mode.c_cc[VMIN] = mode.c_cc[VTIME] = 0;
	must(tcsetattr(fd, TCSANOW, &mode) == 0);
	close(fd);
}

static void device(struct bq_view in)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	bool hang_up = fuzz_u8(&in) % 2 != 0;
	char path[64] = "device:";

	must(fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0);
	must(ptsname_r(fd, path + 7, sizeof(path) - 7) == 0);
	make_raw(path + 7);
	must(bq_tpm_open(&t, path) == 0);
	in.n = in.n < 2048 ? in.n : 2048;
	must(in.n == 0 || write(fd, in.p, in.n) == (ssize_t)in.n);
	if (hang_up)
		close(fd);
	(void)ask(in);
	if (!hang_up)
		close(fd);
}

/* --- sockets --------------------------------------------------------------------- */

/* A size that no response has: nobody knows where the next one would start. */
static bool is_impossible(struct bq_view r)
{
	uint32_t size;

	return bq_rd_skip(&r, TPM_SIZE_OFFSET) == 0 && bq_rd_be32(&r, &size) == 0 && r.n >= 4 &&
	       (size < TPM_HEADER_SIZE || size > BQ_TPM_PACKET);
}

/* Everything the TPM will ever say, and its end. */
static void answer(int fd, struct bq_view in, bool close_now)
{
	int peer = accept(fd, NULL, NULL);
	unsigned answered;

	must(peer >= 0);
	must(in.n == 0 || send(peer, in.p, in.n, MSG_NOSIGNAL) == (ssize_t)in.n);
	shutdown(peer, SHUT_WR);
	if (close_now)
		close(peer);
	answered = ask(in);
	must(answered == 0 || !is_impossible(in));
	if (!close_now)
		close(peer);
}

static int listen_unix(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "socket"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	must(fd >= 0 && bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0);
	must(listen(fd, 4) == 0);
	return fd;
}

static void unix_socket(struct bq_view in)
{
	uint8_t how = fuzz_u8(&in);
	int fd = listen_unix(), e;

	if (how & 4) {
		close(fd);
		e = bq_tpm_open(&t, "swtpm:path=socket");
		must(e == BQ_E_NO_DEVICE && t.sys_errno == ECONNREFUSED);
	} else {
		must(bq_tpm_open(&t, how & 2 ? "socket" : "swtpm:path=socket") == 0);
		answer(fd, in, how & 1);
		close(fd);
	}
	must(unlink("socket") == 0);
}

/* Hosts elsewhere are not for a fuzzer to connect to. */
static bool is_here(const char *options)
{
	static const char *const hosts[] = {"localhost,", "127.0.0.1,", "::1,", "name,"};
	const char *host = options;
	bool here = true;

	while (here && (host = strstr(host, "host=")) != NULL) {
		host += 5;
		here = false;
		for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
			here = here || bq_str_after(host, hosts[i]) != NULL;
	}
	return here;
}

/* Options of the input's, then our port. */
static void tcp_socket(struct bq_view in)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct bq_view text = fuzz_take(&in, fuzz_u8(&in) & 63);
	int fd = socket(AF_INET, SOCK_STREAM, 0), e;
	socklen_t n = sizeof(at);
	char tcti[128];

	must(fd >= 0 && bind(fd, (const struct sockaddr *)&at, n) == 0 && listen(fd, 4) == 0);
	must(getsockname(fd, (struct sockaddr *)&at, &n) == 0);
	snprintf(tcti, sizeof(tcti), "swtpm:%.*s,port=%u", (int)text.n, (const char *)text.p,
		 ntohs(at.sin_port));
	if (is_here(tcti)) {
		e = bq_tpm_open(&t, tcti);
		if (e == 0)
			answer(fd, in, false);
		must(e == 0 || e == BQ_E_TCTI || e == BQ_E_NO_DEVICE || e == BQ_E_IO);
	}
	close(fd);
}

/* --- names ----------------------------------------------------------------------- */

/* An address that leads nowhere but into the directory. */
static void address(struct bq_view in)
{
	char tcti[256];
	struct stat st;
	int e;

	in = fuzz_take(&in, sizeof(tcti) - 1);
	snprintf(tcti, sizeof(tcti), "%.*s", (int)in.n, (const char *)in.p);
	if (strchr(tcti, '/') != NULL || strstr(tcti, "host=") != NULL ||
	    strstr(tcti, "port=") != NULL)
		return;
	must(symlink("/dev/null", "null") == 0);
	must(close(open("file", O_CREAT | O_WRONLY, 0600)) == 0);
	e = bq_tpm_open(&t, tcti);
	must(e != 0 || strstr(tcti, "null") != NULL || strstr(tcti, "replay:") == tcti);
	if (e == 0)
		must(ask(bq_view_of(NULL, 0)) == 0);
	must(stat("file", &st) == 0 && st.st_size == 0);
	must(unlink("null") == 0 && unlink("file") == 0);
}

/* What the error codes stand for: the same on each call, and never success. */
static void system_error(struct bq_view in)
{
	int kept, number = fuzz_u8(&in), e;

	errno = number;
	e = bq_tpm_errno(&kept);
	must(kept == number && e >= BQ_E_NO_DEVICE && e <= BQ_E_IO);
	must(bq_strerror(e) != bq_strerror(BQ_E_COUNT));
}

/* --- finding the TPM ------------------------------------------------------------- */

#define CHIPS 16

static void node(bool make, const char *path, bool device)
{
	if (!make)
		must(remove(path) == 0);
	else
		must((device ? symlink("/dev/null", path) : mkdir(path, 0700)) == 0);
}

static void nodes(bool make, const char *dir, uint16_t mask, bool device)
{
	char path[64];

	for (unsigned i = 0; i < CHIPS; i++)
		if (mask >> i & 1) {
			snprintf(path, sizeof(path), "%s/tpmrm%u", dir, i);
			node(make, path, device);
		}
}

static unsigned lowest(uint16_t mask)
{
	unsigned i = 0;

	while (i < CHIPS && (mask >> i & 1) == 0)
		i++;
	return i;
}

/* Which it is to be: a chip with a node, else any node, else a chip, else tpm0. */
static int expected(uint16_t chips, uint16_t devices, bool raw, char *path, size_t cap)
{
	uint16_t both = chips & devices, from = both != 0 ? both : devices != 0 ? devices : chips;

	if (from == 0) {
		snprintf(path, cap, "dev/tpm0");
		return raw ? 0 : BQ_E_NO_DEVICE;
	}
	snprintf(path, cap, "dev/tpmrm%u", lowest(from));
	return devices != 0 ? 0 : BQ_E_NO_NODE;
}

static void find(struct bq_view in)
{
	uint16_t chips = fuzz_u16(&in), devices = fuzz_u16(&in);
	/* Rarely: where it is alone, half a second is waited. */
	bool raw = fuzz_u16(&in) == 0x7261;
	char want[64], path[64] = "";
	int e;

	must(mkdir("sys", 0700) == 0 && mkdir("dev", 0700) == 0);
	nodes(true, "sys", chips, false);
	nodes(true, "dev", devices, true);
	if (raw)
		node(true, "dev/tpm0", true);
	e = bq_tpm_find_in("sys", "dev", path, sizeof(path), 0);
	must(e == expected(chips, devices, raw, want, sizeof(want)));
	must(e == BQ_E_NO_DEVICE || strcmp(path, want) == 0);
	if (e == 0 && !raw)
		must(bq_tpm_find_in("sys", "dev", path, 3, 0) == BQ_E_SPACE);
	if (raw)
		node(false, "dev/tpm0", true);
	nodes(false, "sys", chips, false);
	nodes(false, "dev", devices, true);
	must(rmdir("sys") == 0 && rmdir("dev") == 0);
	/* The machine's own, which is only looked for. */
	if (raw)
		must(bq_tpm_find(path, 1, 0) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static void (*const kinds[])(struct bq_view in) = {device,  unix_socket,  tcp_socket,
							   address, system_error, find};
	char dir[] = "/tmp/fuzz-transport-XXXXXX";
	struct bq_view in = bq_view_of(p, n);
	uint8_t kind = fuzz_u8(&in) % (sizeof(kinds) / sizeof(kinds[0]));
	int before = open(".", O_RDONLY | O_DIRECTORY);

	must(before >= 0 && mkdtemp(dir) != NULL && chdir(dir) == 0);
	kinds[kind](in);
	must(fchdir(before) == 0 && rmdir(dir) == 0);
	close(before);
	return 0;
}

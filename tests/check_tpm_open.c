/* Transport strings, finding the device, the character device itself. */
#define _XOPEN_SOURCE 700 /* posix_openpt() */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "../src/tpm/internal.h"
#include "scripted.h"
#include "support.h"

static char dir[64];
static struct bq_tpm tpm;

static void setup(void)
{
	strcpy(dir, "/tmp/barequote-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static const char *in_dir(const char *prefix, const char *name)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s%s/%s", prefix, dir, name);
	return path;
}

static const struct {
	const char *tcti;
	int e, sys_errno;
} strings[] = {
	{"", BQ_E_TCTI, 0},
	{"device:", BQ_E_TCTI, 0},
	{"replay:", BQ_E_TCTI, 0},
	{"swtpm:", BQ_E_TCTI, 0},
	{"swtpm:path=", BQ_E_TCTI, 0},
	{"tabrmd:bus_type=system", BQ_E_TCTI, 0},
	{"mssim:host=localhost,port=2321", BQ_E_TCTI, 0},
	{"Device:/dev/null", BQ_E_TCTI, 0},
	{"swtpm:host=localhost", BQ_E_NO_DEVICE, ECONNREFUSED},
	{"swtpm:port=1", BQ_E_NO_DEVICE, ECONNREFUSED},
	{"swtpm:host=127.0.0.1,port=1", BQ_E_NO_DEVICE, ECONNREFUSED},
	{"swtpm:port=0x1,host=127.0.0.1", BQ_E_NO_DEVICE, ECONNREFUSED},
	{"swtpm:host=,port=1", BQ_E_TCTI, 0},
	{"swtpm:host=localhost,port=", BQ_E_TCTI, 0},
	{"swtpm:host=localhost,port=65536", BQ_E_TCTI, 0},
	{"swtpm:host=localhost,port=1x", BQ_E_TCTI, 0},
	{"swtpm:host=localhost,", BQ_E_TCTI, 0},
	{"swtpm:host=localhost,pot=1", BQ_E_TCTI, 0},
	{"swtpm:host=tpm.example,port=1", BQ_E_TCTI, 0},
	{"swtpm:host=1.2.3,port=1", BQ_E_TCTI, 0},
	{"swtpm:host=00000000000000000000000000000000000000000000000001.2.3.4", BQ_E_TCTI, 0},
	{"swtpm:path=/nonexistent/sock", BQ_E_NO_DEVICE, ENOENT},
	{"device:/nonexistent/tpm0", BQ_E_NO_DEVICE, ENOENT},
	{"device:/dev/null/tpm0", BQ_E_NO_DEVICE, ENOTDIR},
	{"replay:/nonexistent/file", BQ_E_NO_DEVICE, ENOENT},
	{"/nonexistent/odd:name", BQ_E_NO_DEVICE, ENOENT},
	{"nonexistent", BQ_E_NO_DEVICE, ENOENT},
};

#define STRINGS (int)(sizeof(strings) / sizeof(strings[0]))

START_TEST(string_is_refused)
{
	ck_assert_msg(bq_tpm_open(&tpm, strings[_i].tcti) == strings[_i].e, "%s", strings[_i].tcti);
	ck_assert_int_eq(tpm.sys_errno, strings[_i].sys_errno);
	ck_assert_int_eq(tpm.fd, -1);
	ck_assert_int_eq(bq_tpm_transact(&tpm, VIEW("\x80\x01\0\0\0\x0a\0\0\1\x44")), BQ_E_ARG);
	bq_tpm_close(&tpm); /* harmless */
}
END_TEST

START_TEST(socket_path_too_long)
{
	char tcti[256] = "swtpm:path=/";

	memset(&tcti[12], 'x', sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
	ck_assert_int_eq(bq_tpm_open(&tpm, tcti), BQ_E_IO);
	ck_assert_int_eq(tpm.sys_errno, ENAMETOOLONG);
}
END_TEST

static const struct {
	int sys, e;
} errnos[] = {
	{ENOENT, BQ_E_NO_DEVICE},  {ENODEV, BQ_E_NO_DEVICE},
	{ENXIO, BQ_E_NO_DEVICE},   {ECONNREFUSED, BQ_E_NO_DEVICE},
	{EACCES, BQ_E_PERMISSION}, {EPERM, BQ_E_PERMISSION},
	{EBUSY, BQ_E_BUSY},        {EPIPE, BQ_E_GONE},
	{EIO, BQ_E_GONE},          {ECONNRESET, BQ_E_GONE},
	{ETIME, BQ_E_TIMEOUT},     {ETIMEDOUT, BQ_E_TIMEOUT},
	{EAGAIN, BQ_E_TIMEOUT},    {ENOMEM, BQ_E_IO},
	{E2BIG, BQ_E_IO},          {EFAULT, BQ_E_IO},
};

START_TEST(errno_has_a_meaning)
{
	int kept = 0;

	errno = errnos[_i].sys;
	ck_assert_int_eq(bq_tpm_errno(&kept), errnos[_i].e);
	ck_assert_int_eq(kept, errnos[_i].sys);
}
END_TEST

static void touch(const char *name, const char *text)
{
	FILE *f = fopen(in_dir("", name), "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

/* A packet must not end up in a file. */
START_TEST(file_is_no_device)
{
	touch("file", "precious");
	ck_assert_int_eq(bq_tpm_open(&tpm, in_dir("device:", "file")), BQ_E_NO_DEVICE);
	ck_assert_int_eq(tpm.sys_errno, ENODEV);
	ck_assert_int_eq(bq_tpm_open(&tpm, in_dir("", "file")), BQ_E_NO_DEVICE);
	ck_assert_int_eq(bq_tpm_open(&tpm, dir), BQ_E_IO);
	ck_assert_int_eq(tpm.sys_errno, EISDIR);
	ck_assert(bq_view_eq_str(read_file(in_dir("", "file")), "precious"));
}
END_TEST

START_TEST(devices_that_are_no_tpm)
{
	uint8_t byte;

	ck_assert_int_eq(bq_tpm_open(&tpm, "/dev/null"), 0);
	ck_assert_int_eq(bq_tpm_get_random(&tpm, &byte, 1), BQ_E_TPM_HEADER);
	bq_tpm_close(&tpm);
	ck_assert_int_eq(tpm.fd, -1);
	ck_assert_int_eq(bq_tpm_open(&tpm, "device:/dev/full"), 0);
	ck_assert_int_eq(bq_tpm_get_random(&tpm, &byte, 1), BQ_E_IO);
	ck_assert_int_eq(tpm.sys_errno, ENOSPC);
	bq_tpm_close(&tpm);
}
END_TEST

/* A pseudo-terminal in raw mode is a character device that a test can answer for. */
static int open_terminal(char *name, size_t cap)
{
	struct termios raw;
	int fd = posix_openpt(O_RDWR | O_NOCTTY), other;

	if (fd < 0) /* a chroot without devpts */
		return -1;
	ck_assert(grantpt(fd) == 0 && unlockpt(fd) == 0);
	snprintf(name, cap, "%s", ptsname(fd));
	other = open(name, O_RDWR | O_NOCTTY);
	ck_assert_int_ge(other, 0);
	ck_assert_int_eq(tcgetattr(other, &raw), 0);
	raw.c_iflag = 0;
	raw.c_oflag = 0;
	raw.c_lflag = 0;
	raw.c_cflag |= CS8;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	ck_assert_int_eq(tcsetattr(other, TCSANOW, &raw), 0);
	return fd;
}

static volatile sig_atomic_t alarms;

static void alarmed(int sig)
{
	(void)sig;
	alarms++;
}

/* Waits long enough for the parent to be inside its read, signals it, answers in
 * pieces. */
static void answer_late(int fd)
{
	static const size_t ends[] = {3, 7, 11, 0};
	uint8_t buf[64];
	size_t n = script_hex(ASK_RSP, buf, sizeof(buf)), from = 0, to;

	if (read(fd, &buf[32], 12) != 12)
		_exit(1);
	for (size_t i = 0; from < n; i++, from = to) {
		to = ends[i] == 0 ? n : ends[i];
		kill(getppid(), SIGALRM);
		bq_clock_sleep_ms(NULL, 20);
		if (write(fd, &buf[from], to - from) != (ssize_t)(to - from))
			_exit(1);
	}
	_exit(0);
}

/* Whole packets over a device, with signals kept away until they are through. */
START_TEST(device_exchange)
{
	struct sigaction on = {.sa_handler = alarmed};
	char name[64];
	sigset_t mask;
	int fd = open_terminal(name, sizeof(name)), status;
	pid_t child;

	if (fd < 0) {
		printf("SKIP device_exchange: no pseudo-terminals here\n");
		return;
	}
	sigaction(SIGALRM, &on, NULL);
	ck_assert_int_eq(bq_tpm_open(&tpm, name), 0);
	ck_assert_int_eq(fcntl(tpm.fd, F_GETFD), FD_CLOEXEC);
	if ((child = fork()) == 0)
		answer_late(fd);
	ck_assert_int_eq(script_ask(&tpm), 0);
	ck_assert_int_eq(alarms, 1); /* four, held back until the end and then one */
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
	ck_assert_int_eq(sigismember(&mask, SIGALRM), 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	bq_tpm_close(&tpm);
}
END_TEST

/* Links to /dev/null are character devices where a test may put them. */
static void node(const char *name)
{
	ck_assert_int_eq(symlink("/dev/null", in_dir("", name)), 0);
}

static void chip(const char *name)
{
	ck_assert_int_eq(mkdir(in_dir("", name), 0700), 0);
}

/* In dir/sys and dir; path is what it finds, after dir. */
static int find(char *path, unsigned wait_ms)
{
	char sys[96], full[96] = "";
	int e;

	snprintf(sys, sizeof(sys), "%s/sys", dir);
	e = bq_tpm_find_in(sys, dir, full, sizeof(full), wait_ms);
	strcpy(path, full[0] == '\0' ? "" : &full[strlen(dir)]);
	return e;
}

START_TEST(find_takes_the_first_with_a_resource_manager)
{
	char path[96];

	ck_assert_int_eq(find(path, 0), BQ_E_NO_DEVICE);
	touch("tpm0", "");
	touch("tpmrm0", "");
	ck_assert_int_eq(find(path, 0), BQ_E_NO_DEVICE);
	ck_assert_str_eq(path, "");
	unlink(in_dir("", "tpm0"));
	node("tpm0");
	ck_assert_int_eq(find(path, 0), 0);
	ck_assert_str_eq(path, "/tpm0");
	node("tpmrm15");
	ck_assert_int_eq(find(path, 0), 0);
	ck_assert_str_eq(path, "/tpmrm15");
	node("tpmrm1");
	ck_assert_int_eq(find(path, 0), 0);
	ck_assert_str_eq(path, "/tpmrm1");
}
END_TEST

/* A node may be left over; sysfs has the chips that are there. */
START_TEST(find_believes_sysfs_first)
{
	char path[96];

	chip("sys");
	node("tpmrm0");
	node("tpmrm2");
	ck_assert_int_eq(find(path, 0), 0);
	ck_assert_str_eq(path, "/tpmrm0");
	chip("sys/tpmrm1");
	chip("sys/tpmrm2");
	ck_assert_int_eq(find(path, 0), 0);
	ck_assert_str_eq(path, "/tpmrm2");
	/* None of its chips has a node: one that is there may be its under another number. */
	unlink(in_dir("", "tpmrm2"));
	ck_assert_int_eq(find(path, 0), 0);
	ck_assert_str_eq(path, "/tpmrm0");
}
END_TEST

/* Not the device without a resource manager while the other one is on its way. */
START_TEST(find_says_that_a_node_is_missing)
{
	char path[96];
	pid_t child;

	chip("sys");
	chip("sys/tpmrm3");
	node("tpm0");
	ck_assert_int_eq(find(path, 0), BQ_E_NO_NODE);
	ck_assert_str_eq(path, "/tpmrm3");
	ck_assert_int_eq(find(path, 100), BQ_E_NO_NODE);
	if ((child = fork()) == 0) {
		bq_clock_sleep_ms(NULL, 100);
		_exit(symlink("/dev/null", in_dir("", "tpmrm3")));
	}
	ck_assert_int_eq(find(path, 20000), 0);
	ck_assert_str_eq(path, "/tpmrm3");
	waitpid(child, NULL, 0);
}
END_TEST

/* A chip that goes away while its node is waited for lends its number to no other. */
START_TEST(find_forgets_what_went_away)
{
	char path[96];
	pid_t child;

	chip("sys");
	chip("sys/tpmrm3");
	node("tpm0");
	if ((child = fork()) == 0) {
		bq_clock_sleep_ms(NULL, 100);
		_exit(rmdir(in_dir("", "sys/tpmrm3")));
	}
	ck_assert_int_eq(find(path, 700), 0);
	ck_assert_str_eq(path, "/tpm0");
	waitpid(child, NULL, 0);
}
END_TEST

START_TEST(find_needs_room_for_the_path)
{
	char path[96] = "unchanged";
	size_t need;

	node("tpmrm0");
	need = strlen(in_dir("", "tpmrm0")) + 1;
	ck_assert_int_eq(bq_tpm_find_in(dir, dir, path, need - 1, 0), BQ_E_SPACE);
	ck_assert_int_eq(bq_tpm_find_in(dir, dir, path, need, 0), 0);
	ck_assert_str_eq(path, in_dir("", "tpmrm0"));
}
END_TEST

/* tpm0 is there first; the one wanted comes within the time, asked for or not. */
START_TEST(find_waits)
{
	uint64_t start = bq_clock_now_ms(NULL), took;
	char path[96];
	pid_t child;

	node("tpm0");
	ck_assert_int_eq(find(path, 700), 0);
	took = bq_clock_now_ms(NULL) - start;
	ck_assert_str_eq(path, "/tpm0");
	ck_assert_uint_ge(took, 700);
	if ((child = fork()) == 0) {
		bq_clock_sleep_ms(NULL, 100);
		_exit(symlink("/dev/null", in_dir("", "tpmrm0")));
	}
	ck_assert_int_eq(find(path, 20000), 0);
	ck_assert_str_eq(path, "/tpmrm0");
	waitpid(child, NULL, 0);
	unlink(in_dir("", "tpmrm0"));
	start = bq_clock_now_ms(NULL);
	ck_assert_int_eq(find(path, 0), 0);
	ck_assert_str_eq(path, "/tpm0");
	ck_assert_uint_ge(bq_clock_now_ms(NULL) - start, 500);
}
END_TEST

Suite *suite_tpm_open(void)
{
	const TTest *const tests[] = {
		socket_path_too_long,
		file_is_no_device,
		devices_that_are_no_tpm,
		device_exchange,
		find_takes_the_first_with_a_resource_manager,
		find_believes_sysfs_first,
		find_says_that_a_node_is_missing,
		find_forgets_what_went_away,
		find_needs_room_for_the_path,
		find_waits,
	};
	Suite *s = suite_create("tpm_open");
	TCase *tc = tcase_create("open");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, string_is_refused, 0, STRINGS);
	tcase_add_loop_test(tc, errno_has_a_meaning, 0, (int)(sizeof(errnos) / sizeof(errnos[0])));
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(s, tc);
	return s;
}

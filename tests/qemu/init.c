/* PID 1 of the test VM: runs what the kernel's command line asks for against a
 * real /dev/tpmrm0 and powers off.
 *
 * The kernel hands NAME=VALUE words to init's environment: BQ_RUN is a list of
 * runs, BQ_NONCE the hex nonce. Outcomes go to the console as `RESULT run pass`
 * or `RESULT run fail: why`, evidence to the second serial port, one line each:
 * `run nonce JSON`. */
#include <barequote/barequote.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define GUEST   "/barequote-guest"
#define NODE    "/dev/tpmrm0"
#define MAX_RSS 1024 /* KiB */

static const char *why; /* the run's failure, NULL while it is well */
static char nonce[128], other_nonce[128];

static void fail(const char *reason)
{
	if (why == NULL)
		why = reason;
}

static void pause_ms(long ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/* --- the attester as a child ---------------------------------------------- */

struct job {
	pid_t pid;
	const char *out; /* its evidence; stderr beside it */
	int status;
	long max_rss; /* KiB */
};

static void redirect(const char *path, int fd)
{
	int f = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	dup2(f, fd);
	close(f);
}

static struct job start(uid_t uid, const char *out, const char *n, const char *a, const char *b)
{
	struct job j = {.pid = fork(), .out = out};
	char err[64];

	if (j.pid != 0)
		return j;
	snprintf(err, sizeof(err), "%s.err", out);
	redirect(err, 2);
	if (uid != 0 && setuid(uid) != 0)
		_exit(126);
	execl(GUEST, GUEST, "attest", "--certs", "none", "-n", n, "-o", out, a, b, (char *)NULL);
	_exit(127);
}

/* What a child has said so far. */
static const char *stderr_of(const char *out)
{
	static char text[2048];
	char path[64];
	ssize_t n;
	int f;

	snprintf(path, sizeof(path), "%s.err", out);
	f = open(path, O_RDONLY);
	n = f < 0 ? 0 : read(f, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	if (f >= 0)
		close(f);
	return text;
}

static bool stderr_says(const char *out, const char *words)
{
	return strstr(stderr_of(out), words) != NULL;
}

static void show_stderr(const char *out)
{
	const char *text = stderr_of(out);

	if (text[0] != '\0')
		printf("stderr: %s", text);
}

static int finish(struct job *j)
{
	struct rusage u;

	if (wait4(j->pid, &j->status, 0, &u) != j->pid)
		return -1;
	j->max_rss = u.ru_maxrss;
	show_stderr(j->out);
	return WIFEXITED(j->status) ? WEXITSTATUS(j->status) : -1;
}

static int attest(const char *a, const char *b)
{
	struct job j = start(0, "/ev", nonce, a, b);

	return finish(&j);
}

static void emit(const char *run, const char *n, const char *file)
{
	static char buf[1 << 20];
	FILE *in = fopen(file, "r"), *out = fopen("/dev/ttyS1", "a");
	size_t got;

	if (in == NULL || out == NULL) {
		fail("no evidence to carry out");
		return;
	}
	got = fread(buf, 1, sizeof(buf), in);
	fprintf(out, "%s %s ", run, n);
	fwrite(buf, 1, got, out);
	if (got == 0 || buf[got - 1] != '\n')
		fputc('\n', out);
	fclose(out);
	fclose(in);
	unlink(file);
}

/* --- runs ------------------------------------------------------------------ */

static void run_attest(void)
{
	struct job j = start(0, "/ev", nonce, NULL, NULL);

	if (finish(&j) != 0)
		fail("attest failed");
	printf("NOTE peak resident memory of attest: %ld KiB\n", j.max_rss);
	if (j.max_rss > MAX_RSS)
		fail("more than 1 MiB resident");
	emit("attest", nonce, "/ev");
}

static void run_two(void)
{
	struct job a = start(0, "/ev1", nonce, "--timeout", "30");
	struct job b = start(0, "/ev2", other_nonce, "--timeout", "30");

	if (finish(&a) != 0 || finish(&b) != 0)
		fail("one of two attesters failed");
	emit("two", nonce, "/ev1");
	emit("two", other_nonce, "/ev2");
}

/* Traced is not yet sent; hclsim holds the command back for longer than this. */
#define TRACED_TO_SENT_MS 50

/* Kills an attester between a command, as it traces it, and the answer to it. */
static void kill_during(const char *command)
{
	struct job j = start(0, "/ev", nonce, "-v", NULL);
	const char *traced;

	while (!stderr_says(j.out, command)) {
		if (waitpid(j.pid, NULL, WNOHANG) != 0) {
			fail("the attester never came to the command");
			return;
		}
		pause_ms(1);
	}
	pause_ms(TRACED_TO_SENT_MS);
	kill(j.pid, SIGKILL);
	waitpid(j.pid, &j.status, 0);
	if (!WIFSIGNALED(j.status) || WTERMSIG(j.status) != SIGKILL)
		fail("the attester ended before it was killed");
	traced = strstr(stderr_of(j.out), command);
	if (traced == NULL || strstr(traced, "\n< ") != NULL)
		fail("the command was answered before the attester was killed");
	else
		printf("NOTE killed after: %s", traced);
}

static void run_killed(void)
{
	kill_during("> NV_Read ");
	kill_during("> Quote ");
	if (attest(NULL, NULL) != 0)
		fail("attest after a killed one failed");
	emit("killed", nonce, "/ev");
}

static void run_signals(void)
{
	struct job j = start(0, "/ev", nonce, "--timeout", "60");
	unsigned sent = 0;

	while (waitpid(j.pid, &j.status, WNOHANG) == 0) {
		kill(j.pid, SIGSTOP);
		pause_ms(1);
		kill(j.pid, SIGCONT);
		pause_ms(1);
		sent++;
	}
	show_stderr("/ev");
	printf("NOTE signals: %u stops and continuations\n", sent);
	if (!WIFEXITED(j.status) || WEXITSTATUS(j.status) != 0)
		fail("attest under signals failed");
	emit("signals", nonce, "/ev");
}

static const uint8_t get_random[] = {0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x7B, 0, 16};

static void run_unread(void)
{
	static struct bq_tpm t;
	uint8_t bytes[16];
	int f = open(NODE, O_RDWR | O_CLOEXEC);

	if (f < 0 || write(f, get_random, sizeof(get_random)) != (ssize_t)sizeof(get_random))
		fail("cannot write to the node");
	close(f);
	if (bq_tpm_open(&t, "device:" NODE) != 0) {
		fail("cannot open the node");
		return;
	}
	if (write(t.fd, get_random, sizeof(get_random)) != (ssize_t)sizeof(get_random))
		fail("cannot write to the node");
	if (bq_tpm_get_random(&t, bytes, sizeof(bytes)) != 0)
		fail("an unread response on the same descriptor was not survived");
	bq_tpm_close(&t);
	if (attest(NULL, NULL) != 0)
		fail("attest after an unread response failed");
	emit("unread", nonce, "/ev");
}

/* As it reads: what the attester's objects say is packed. */
static const char *plain(const char *words)
{
	static char text[256];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text) - 1);
	bq_put_str(&b.s, words);
	text[b.n] = '\0';
	return text;
}

#define RESOURCE_MANAGER (11u << 16) /* the layer that speaks, in a response code */

static void run_unknown(void)
{
	static const uint8_t command[] = {0x80, 0x01, 0, 0, 0, 10, 0, 0, 0x7F, 0xFF};
	static struct bq_tpm t;
	int e = bq_tpm_open(&t, "device:" NODE);

	if (e == 0)
		e = bq_tpm_transact(&t, bq_view_of(command, sizeof(command)));
	printf("NOTE unknown: the resource manager answers %08x, %s\n", (unsigned)t.rc,
	       plain(bq_tpm_rc_name(t.rc)));
	if (e != BQ_E_TPM_RC || t.rc != (RESOURCE_MANAGER | TPM_RC_COMMAND_CODE))
		fail("not the resource manager's TPM_RC_COMMAND_CODE");
	bq_tpm_close(&t);
}

static dev_t node_number(void)
{
	struct stat st;

	return stat(NODE, &st) == 0 ? st.st_rdev : makedev(0, 0);
}

static void run_late(void)
{
	dev_t number = node_number();
	struct job j;

	unlink(NODE);
	j = start(0, "/ev", nonce, "--wait", "20");
	pause_ms(1000);
	if (waitpid(j.pid, &j.status, WNOHANG) != 0)
		fail("attest did not wait for the node");
	mknod(NODE, S_IFCHR | 0600, number);
	if (finish(&j) != 0)
		fail("attest with a late node failed");
	emit("late", nonce, "/ev");
}

static void run_rm1(void)
{
	dev_t number = node_number();

	unlink(NODE);
	mknod("/dev/tpmrm1", S_IFCHR | 0600, number);
	if (attest(NULL, NULL) != 0)
		fail("attest over tpmrm1 failed");
	unlink("/dev/tpmrm1");
	mknod(NODE, S_IFCHR | 0600, number);
	emit("rm1", nonce, "/ev");
}

/* No other node, and no sysfs that knows of a chip with one. */
static void run_raw(void)
{
	dev_t number = node_number();

	unlink(NODE);
	if (attest(NULL, NULL) != 0)
		fail("attest over /dev/tpm0 failed");
	if (!stderr_says("/ev", "note: /dev/tpm0: it has no resource manager"))
		fail("it is not said that there is no resource manager");
	mknod(NODE, S_IFCHR | 0600, number);
	emit("raw", nonce, "/ev");
}

static void expect_refusal(struct job j, const char *words)
{
	if (finish(&j) != 3)
		fail("exit code is not 3");
	if (!stderr_says(j.out, words))
		fail("stderr does not say why");
	if (access(j.out, F_OK) == 0)
		fail("a file was left behind");
}

static void run_permission(void)
{
	expect_refusal(start(1000, "/tmp/ev", nonce, NULL, NULL), "group");
}

static void run_busy(void)
{
	int f = open("/dev/tpm0", O_RDWR | O_CLOEXEC);

	if (f < 0)
		fail("cannot open /dev/tpm0");
	expect_refusal(start(0, "/ev", nonce, "-T", "device:/dev/tpm0"), "busy");
	close(f);
}

static void run_notpm(void)
{
	expect_refusal(start(0, "/ev", nonce, "--wait", "1"), "tpm_crb");
}

static void mount_sysfs(void)
{
	mkdir("/sys", 0755);
	if ((mount("sysfs", "/sys", "sysfs", 0, NULL) != 0 ||
	     mount("securityfs", "/sys/kernel/security", "securityfs", 0, NULL) != 0) &&
	    errno != EBUSY)
		fail("cannot mount securityfs");
}

static void run_eventlog(void)
{
	mount_sysfs();
	if (attest(NULL, NULL) != 0)
		fail("attest with an event log failed");
	emit("eventlog", nonce, "/ev");
}

/* sysfs has the chip, and /dev/tpm0 is no substitute. */
static void run_nonode(void)
{
	dev_t number = node_number();

	mount_sysfs();
	unlink(NODE);
	expect_refusal(start(0, "/ev", nonce, NULL, NULL), NODE ": the kernel has this TPM");
	mknod(NODE, S_IFCHR | 0600, number);
}

static void run_doctor(void)
{
	pid_t child = fork();
	int status;

	mount_sysfs();
	if (child == 0) {
		redirect("/doctor.err", 1); /* as show_stderr() looks for it */
		execl(GUEST, GUEST, "doctor", "--no-imds", (char *)NULL);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		fail("doctor finds something wrong");
	show_stderr("/doctor");
	if (!stderr_says("/doctor", "ok    tpm.device: " NODE ", driver tpm_crb\n"))
		fail("doctor does not name the driver");
}

/* The chip goes away under an open descriptor; afterwards there is none. */
static void run_gone(void)
{
	static const char device[] = "MSFT0101:00";
	static struct bq_tpm t;
	uint8_t byte;
	int f;

	mount_sysfs();
	f = open("/sys/bus/acpi/drivers/tpm_crb/unbind", O_WRONLY | O_CLOEXEC);
	if (bq_tpm_open(&t, "device:" NODE) != 0 ||
	    write(f, device, strlen(device)) != (ssize_t)strlen(device))
		fail("cannot take the chip away");
	if (bq_tpm_get_random(&t, &byte, 1) != BQ_E_GONE)
		fail("the device is not said to be gone");
	printf("NOTE gone: %s (errno %d)\n", plain(bq_strerror(BQ_E_GONE)), t.sys_errno);
	bq_tpm_close(&t);
	close(f);
	expect_refusal(start(0, "/ev", nonce, NULL, NULL), "tpm_crb");
}

/* The attester itself as PID 1: what the kernel prints when it exits is the end. */
static void run_pid1(void)
{
	printf("RESULT pid1 pass\n");
	fflush(stdout);
	execl(GUEST, GUEST, "attest", "--certs", "none", "-n", nonce, "-o", "/dev/ttyS1",
	      (char *)NULL);
	fail("cannot execute the attester");
}

static const struct {
	const char *name;
	void (*run)(void);
} runs[] = {
	{"attest", run_attest},   {"two", run_two},       {"killed", run_killed},
	{"signals", run_signals}, {"unread", run_unread}, {"unknown", run_unknown},
	{"late", run_late},       {"rm1", run_rm1},       {"permission", run_permission},
	{"busy", run_busy},       {"notpm", run_notpm},   {"eventlog", run_eventlog},
	{"nonode", run_nonode},   {"doctor", run_doctor}, {"gone", run_gone},
	{"raw", run_raw},         {"pid1", run_pid1},
};

static void run_named(const char *name)
{
	why = "no such run";
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		if (strcmp(runs[i].name, name) == 0) {
			why = NULL;
			runs[i].run();
		}
	}
	if (why == NULL)
		printf("RESULT %s pass\n", name);
	else
		printf("RESULT %s fail: %s\n", name, why);
	fflush(stdout);
}

static void open_console(void)
{
	struct termios raw;
	int f;

	mkdir("/dev", 0755);
	mkdir("/tmp", 0777);
	chmod("/tmp", 0777);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	f = open("/dev/console", O_RDWR);
	dup2(f, 0);
	dup2(f, 1);
	dup2(f, 2);
	f = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
	if (f >= 0 && tcgetattr(f, &raw) == 0) {
		raw.c_oflag &= ~(tcflag_t)OPOST;
		raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
		tcsetattr(f, TCSANOW, &raw);
	}
	/* Kept open: the settings last as long as somebody has the port. */
}

int main(void)
{
	char list[256];
	const char *wanted = getenv("BQ_RUN"), *n = getenv("BQ_NONCE");

	open_console();
	snprintf(list, sizeof(list), "%s", wanted == NULL ? "attest" : wanted);
	snprintf(nonce, sizeof(nonce), "%s", n == NULL ? "00" : n);
	snprintf(other_nonce, sizeof(other_nonce), "ff%.90s", nonce);
	for (char *name = strtok(list, ","); name != NULL; name = strtok(NULL, ","))
		run_named(name);
	sync();
	pause_ms(100);
	reboot(RB_POWER_OFF);
	return 0;
}

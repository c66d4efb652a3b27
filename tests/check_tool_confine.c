/* What a confined process can still do, by trying. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tools/barequote/full_confine.h"
#include "support.h"

/* Each returns what its system call did. */
static long open_to_read(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static long open_to_write(void)
{
	return open("/tmp", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
}

static long remove_file(void)
{
	return unlink("/no such file");
}

static long make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static long make_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static long run_program(void)
{
	char name[] = "/bin/true", *argv[] = {name, NULL}, *env[] = {NULL};

	return execve(name, argv, env);
}

/* Not fork(): its handlers are not what is tried. */
static long make_process(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static long signal_parent(void)
{
	return kill(getppid(), 0);
}

static long signal_thread_of_parent(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), 0);
}

static long change_limits(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static long map_executable(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			       MAP_FAILED
		       ? -1
		       : 0;
}

static long make_executable(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static long type_ahead(void)
{
	return syscall(SYS_ioctl, STDIN_FILENO, 0x5412 /* TIOCSTI */, "x");
}

static const struct {
	const char *what;
	long (*try)(void);
} refused[] = {
	{"opening a file to read", open_to_read},
	{"opening a file to write", open_to_write},
	{"removing a file", remove_file},
	{"making a socket", make_socket},
	{"making a Unix socket", make_unix_socket},
	{"running a program", run_program},
	{"making a process", make_process},
	{"signalling another process", signal_parent},
	{"signalling a thread of another process", signal_thread_of_parent},
	{"changing what the process may", change_limits},
	{"mapping executable memory", map_executable},
	{"making memory executable", make_executable},
	{"typing on the terminal", type_ahead},
};

/* Only on kernels with seccomp is there something to try. */
static bool can_confine(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

enum {
	REFUSED = 10,
	DONE,
	OTHER_ERROR,
	NOT_CONFINED
};

/* The exit code of a confined child that runs f. */
static int in_child(int (*f)(int i), int i)
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(confine() ? f(i) : NOT_CONFINED);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "the child ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static int try_refused(int i)
{
	errno = 0;
	if (refused[i].try() != -1)
		return DONE;
	return errno == EPERM ? REFUSED : OTHER_ERROR;
}

START_TEST(refused_when_confined)
{
	if (can_confine())
		ck_assert_msg(in_child(try_refused, _i) == REFUSED, "%s", refused[_i].what);
}
END_TEST

static void *add_one(void *arg)
{
	int *n = arg;

	*n += 1;
	return arg;
}

/* Memory, threads, descriptors that were open, time and randomness. */
static int go_on(int fd)
{
	fd_set in;
	pthread_t t;
	int n = 1;
	char c;
	char *big = malloc(8 << 20);

	if (big == NULL)
		return 1;
	memset(big, 1, 8 << 20);
	free(big);
	if (pthread_create(&t, NULL, add_one, &n) != 0 || pthread_join(t, NULL) != 0 || n != 2)
		return 2;
	FD_ZERO(&in);
	FD_SET(fd, &in);
	if (pselect(fd + 1, &in, NULL, NULL, NULL, NULL) != 1 || read(fd, &c, 1) != 1 || c != 'x')
		return 3;
	if (isatty(fd) != 0 || errno != ENOTTY)
		return 4;
	if (EVP_Q_digest(NULL, "SHA512", NULL, "", 0, (unsigned char[64]){0}, NULL) != 1)
		return 5;
	return DONE;
}

START_TEST(the_rest_goes_on)
{
	int fd[2];

	ck_assert_int_eq(pipe(fd), 0);
	ck_assert_int_eq(write(fd[1], "x", 1), 1);
	if (can_confine())
		ck_assert_int_eq(in_child(go_on, fd[0]), DONE);
}
END_TEST

/* A process that finds itself damaged still ends. */
START_TEST(abort_ends_it)
{
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		(void)signal(SIGABRT, SIG_DFL);
		(void)confine();
		abort();
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
END_TEST

Suite *suite_tool_confine(void)
{
	Suite *s = suite_create("tool_confine");
	TCase *tc = tcase_create("tool_confine");

	tcase_add_loop_test(tc, refused_when_confined, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tc, the_rest_goes_on);
	tcase_add_test(tc, abort_ends_it);
	suite_add_tcase(s, tc);
	return s;
}

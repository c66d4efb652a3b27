/* hclsim: any machine, made to look like an Azure confidential VM. For
 * development and tests. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "relay.h"

#define EXIT_USAGE 2
#define EXIT_ERROR 3

static int stop_pipe[2] = {-1, -1};

static void on_signal(int sig)
{
	int saved = errno;

	(void)sig;
	(void)!write(stop_pipe[1], "", 1);
	errno = saved;
}

static bool catch_signals(void)
{
	struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};

	return pipe(stop_pipe) == 0 && fcntl(stop_pipe[0], F_SETFD, FD_CLOEXEC) == 0 &&
	       fcntl(stop_pipe[1], F_SETFD, FD_CLOEXEC) == 0 &&
	       fcntl(stop_pipe[1], F_SETFL, O_NONBLOCK) == 0 &&
	       sigaction(SIGTERM, &stop, NULL) == 0 && sigaction(SIGINT, &stop, NULL) == 0 &&
	       sigaction(SIGPIPE, &ignore, NULL) == 0;
}

/* Two simulators on one TPM state would ruin it. The lock goes with the process. */
static int lock_dir(const char *dir)
{
	int fd;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
		fprintf(stderr, "hclsim: --dir %s: %s\n", dir, strerror(errno));
		return -1;
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	fprintf(stderr, "hclsim: --dir %s: %s\n", dir,
		errno == EWOULDBLOCK ? "another hclsim uses it" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static int simulate(const struct sim_options *o)
{
	static struct sim_machine m;
	static struct sim_server s;
	bool ok = false;

	if (sim_machine_open(&m, o, stop_pipe[0])) {
		ok = sim_server_open(&s, &m);
		if (ok) {
			puts("ready");
			fflush(stdout);
			ok = sim_server_run(&s, stop_pipe[0]);
		}
		sim_server_close(&s);
	}
	sim_machine_close(&m);
	return ok ? EXIT_SUCCESS : EXIT_ERROR;
}

int main(int argc, char **argv)
{
	static struct sim_options o;
	char why[256];
	int lock, rc;

	switch (sim_options_parse(&o, argc, argv, why, sizeof(why))) {
	case SIM_OPTIONS_HELP:
		printf("%s%s", sim_help, sim_fault_help);
		return EXIT_SUCCESS;
	case SIM_OPTIONS_WRONG:
		fprintf(stderr, "hclsim: %s\nTry hclsim --help\n", why);
		return EXIT_USAGE;
	case SIM_OPTIONS_OK:
		break;
	}
	fprintf(stderr, "hclsim: a simulation for development: nothing it signs proves anything\n");
	if (!catch_signals() || (lock = lock_dir(o.dir)) < 0)
		return EXIT_ERROR;
	rc = simulate(&o);
	close(lock);
	return rc;
}

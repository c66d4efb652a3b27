#include "swtpm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <barequote/tpm.h>

#include "io.h"

#define CTRL_TIMEOUT_MS 10000
#define HEADER          10

/* In the child: never returns. */
static void run(const char *dir, int ctrl)
{
	char channel[48];

	/* Relative paths, since swtpm's option syntax gives commas a meaning. */
	if (chdir(dir) != 0 || (mkdir("tpm", 0700) != 0 && errno != EEXIST) ||
	    prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || fcntl(ctrl, F_SETFD, 0) != 0) {
		perror("hclsim: swtpm");
		_exit(127);
	}
	snprintf(channel, sizeof(channel), "type=unixio,clientfd=%d", ctrl);
	execlp("swtpm", "swtpm", "socket", "--tpm2", "--tpmstate", "dir=tpm", "--ctrl", channel,
	       "--log", "file=swtpm.log,truncate", (char *)NULL);
	perror("hclsim: swtpm cannot be started, is it installed");
	_exit(127);
}

static bool spawn(struct sim_swtpm *s, const char *dir)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	s->pid = fork();
	if (s->pid == 0)
		run(dir, pair[1]);
	close(pair[1]);
	s->ctrl = pair[0];
	return s->pid > 0;
}

/* swtpm takes the other end of our data channel with CMD_SET_DATAFD. */
static bool hand_over(int ctrl, int fd)
{
	uint8_t code[4] = {0, 0, 0, SIM_CTRL_SET_DATAFD};

	return sim_fd_send(ctrl, code, sizeof(code), fd) &&
	       sim_read_all(ctrl, code, sizeof(code)) &&
	       bq_view_is_zero(bq_view_of(code, sizeof(code)));
}

bool sim_swtpm_start(struct sim_swtpm *s, const char *dir)
{
	int pair[2];
	bool ok;

	*s = (struct sim_swtpm){.ctrl = -1, .data = -1};
	if (!spawn(s, dir) || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		perror("hclsim: swtpm");
		return false;
	}
	s->data = pair[0];
	ok = hand_over(s->ctrl, pair[1]);
	close(pair[1]);
	if (!ok)
		fprintf(stderr, "hclsim: swtpm does not start: see %s/swtpm.log\n", dir);
	return ok;
}

size_t sim_swtpm_ctrl(struct sim_swtpm *s, struct bq_view msg, uint8_t *rsp, size_t cap)
{
	struct pollfd p = {.fd = s->ctrl, .events = POLLIN};
	ssize_t n;

	if (!sim_write_all(s->ctrl, msg.p, msg.n) || poll(&p, 1, CTRL_TIMEOUT_MS) != 1)
		return 0;
	n = recv(s->ctrl, rsp, cap, 0);
	return n > 0 ? (size_t)n : 0;
}

bool sim_swtpm_power(struct sim_swtpm *s)
{
	static const uint8_t init[8] = {0, 0, 0, SIM_CTRL_INIT};
	uint8_t rsp[4];

	return sim_swtpm_ctrl(s, bq_view_of(init, sizeof(init)), rsp, sizeof(rsp)) == sizeof(rsp) &&
	       bq_view_is_zero(bq_view_of(rsp, sizeof(rsp)));
}

void sim_swtpm_stop(struct sim_swtpm *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGTERM);
		while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (s->ctrl >= 0)
		close(s->ctrl);
	if (s->data >= 0)
		close(s->data);
	*s = (struct sim_swtpm){.ctrl = -1, .data = -1};
}

int sim_swtpm_transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		       int *sys_errno)
{
	struct sim_swtpm *s = ctx;
	struct bq_view head;
	uint32_t size;

	*sys_errno = EPIPE;
	if (cap < HEADER || !sim_write_all(s->data, cmd.p, cmd.n) ||
	    !sim_read_all(s->data, rsp, HEADER))
		return BQ_E_GONE;
	head = bq_view_of(rsp + 2, 4);
	if (bq_rd_be32(&head, &size) != 0 || size < HEADER || size > cap ||
	    !sim_read_all(s->data, rsp + HEADER, size - HEADER))
		return BQ_E_GONE;
	*rsp_n = size;
	return 0;
}

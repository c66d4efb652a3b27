#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 16

/* --- listening --------------------------------------------------------------- */

static bool refuse(const char *what, const char *where, const char *why)
{
	fprintf(stderr, "hclsim: %s %s: %s\n", what, where, why);
	return false;
}

static bool add_listener(struct sim_server *s, enum sim_conn_kind kind, int fd, const char *path)
{
	s->listener[s->listeners++] = (struct sim_listener){kind, fd, path};
	return true;
}

/* A socket that nobody listens on any more is in the way of a new one. Other
 * files refuse connections too, and stay. */
static void remove_stale(const struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;

	if (fd < 0)
		return;
	if (lstat(a->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    connect(fd, (const struct sockaddr *)a, sizeof(*a)) != 0 && errno == ECONNREFUSED)
		unlink(a->sun_path);
	close(fd);
}

static bool listen_unix(struct sim_server *s, enum sim_conn_kind kind, const char *what,
			const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd;

	if (path == NULL)
		return true;
	if (strlen(path) >= sizeof(a.sun_path))
		return refuse(what, path, "the path is too long for a socket");
	memcpy(a.sun_path, path, strlen(path));
	remove_stale(&a);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0) {
		if (listen(fd, BACKLOG) == 0)
			return add_listener(s, kind, fd, path);
		unlink(path);
	}
	refuse(what, path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return false;
}

static bool listen_tcp(struct sim_server *s, enum sim_conn_kind kind, const char *what,
		       uint16_t port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(port),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char where[8];
	int one = 1, fd;

	if (port == 0)
		return true;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
	    bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(fd, BACKLOG) == 0)
		return add_listener(s, kind, fd, NULL);
	snprintf(where, sizeof(where), "%u", (unsigned)port);
	refuse(what, where, strerror(errno));
	if (fd >= 0)
		close(fd);
	return false;
}

bool sim_server_open(struct sim_server *s, struct sim_machine *m)
{
	const struct sim_options *o = m->options;

	s->m = m;
	s->listeners = 0;
	for (size_t i = 0; i < SIM_CONNS; i++)
		s->conn[i].fd = -1;
	return listen_unix(s, SIM_CONN_TPM, "--listen", o->listen) &&
	       listen_unix(s, SIM_CONN_CTRL, "--ctrl", o->ctrl) &&
	       listen_tcp(s, SIM_CONN_TPM, "--tcp", o->tcp) &&
	       listen_tcp(s, SIM_CONN_CTRL, "--tcp (control port)",
			  o->tcp != 0 ? (uint16_t)(o->tcp + 1) : 0) &&
	       listen_tcp(s, SIM_CONN_IMDS, "--imds", o->imds);
}

void sim_server_close(struct sim_server *s)
{
	for (size_t i = 0; i < SIM_CONNS; i++)
		if (s->conn[i].fd >= 0)
			close(s->conn[i].fd);
	for (size_t i = 0; i < s->listeners; i++) {
		close(s->listener[i].fd);
		if (s->listener[i].path != NULL)
			unlink(s->listener[i].path);
	}
	s->listeners = 0;
}

/* --- connections -------------------------------------------------------------- */

bool sim_server_add(struct sim_server *s, enum sim_conn_kind kind, int fd)
{
	for (size_t i = 0; i < SIM_CONNS; i++)
		if (s->conn[i].fd < 0) {
			s->conn[i].kind = kind;
			s->conn[i].fd = fd;
			s->conn[i].n = 0;
			return true;
		}
	close(fd);
	return false;
}

bool sim_conn_fill(struct sim_conn *c)
{
	ssize_t n;

	if (c->n == sizeof(c->buf))
		return false;
	n = recv(c->fd, c->buf + c->n, sizeof(c->buf) - c->n, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->n += (size_t)n;
	return n > 0;
}

bool sim_conn_send(struct sim_conn *c, const void *p, size_t n)
{
	return send(c->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n;
}

/* As many packets as have arrived: tag u16, size u32, code u32. */
bool sim_tpm_readable(struct sim_server *s, struct sim_conn *c)
{
	uint8_t rsp[BQ_TPM_PACKET];
	size_t rsp_n;

	if (!sim_conn_fill(c))
		return false;
	while (c->n >= SIM_TPM_HEADER) {
		struct bq_view head = bq_view_of(c->buf + 2, 4);
		uint32_t size;

		if (bq_rd_be32(&head, &size) != 0 || size < SIM_TPM_HEADER ||
		    size > BQ_TPM_PACKET) {
			fprintf(stderr, "hclsim: a client sent a packet of an impossible size\n");
			return false;
		}
		if (c->n < size)
			return true;
		if (sim_machine_command(s->m, bq_view_of(c->buf, size), rsp, &rsp_n) !=
			    SIM_ANSWER ||
		    !sim_conn_send(c, rsp, rsp_n))
			return false;
		c->n -= size;
		memmove(c->buf, c->buf + size, c->n);
	}
	return true;
}

static void serve(struct sim_server *s, struct sim_conn *c)
{
	bool (*const readable[])(struct sim_server *, struct sim_conn *) = {
		[SIM_CONN_TPM] = sim_tpm_readable,
		[SIM_CONN_CTRL] = sim_ctrl_readable,
		[SIM_CONN_IMDS] = sim_imds_readable,
	};

	if (readable[c->kind](s, c))
		return;
	close(c->fd);
	c->fd = -1;
}

static void welcome(struct sim_server *s, const struct sim_listener *l)
{
	int fd = accept(l->fd, NULL, NULL);

	if (fd < 0)
		return;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)sim_server_add(s, l->kind, fd);
}

struct watch {
	struct pollfd fd[2 + SIM_LISTENERS + SIM_CONNS];
	struct sim_listener *listener[2 + SIM_LISTENERS + SIM_CONNS];
	struct sim_conn *conn[2 + SIM_LISTENERS + SIM_CONNS];
	nfds_t n;
};

static void watch_add(struct watch *w, int fd, struct sim_listener *l, struct sim_conn *c)
{
	w->fd[w->n] = (struct pollfd){.fd = fd, .events = POLLIN};
	w->listener[w->n] = l;
	w->conn[w->n] = c;
	w->n++;
}

static void watch_all(struct watch *w, struct sim_server *s, int stop_fd)
{
	w->n = 0;
	watch_add(w, stop_fd, NULL, NULL);
	/* Between commands swtpm says nothing: readable means that it is gone. */
	watch_add(w, s->m->swtpm.data, NULL, NULL);
	for (size_t i = 0; i < s->listeners; i++)
		watch_add(w, s->listener[i].fd, &s->listener[i], NULL);
	for (size_t i = 0; i < SIM_CONNS; i++)
		if (s->conn[i].fd >= 0)
			watch_add(w, s->conn[i].fd, NULL, &s->conn[i]);
}

bool sim_server_run(struct sim_server *s, int stop_fd)
{
	struct watch w;

	while (!s->m->broken) {
		int timeout = sim_report_tick(s->m);

		watch_all(&w, s, stop_fd);
		if (poll(w.fd, w.n, timeout) < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		if (w.fd[0].revents != 0)
			return true;
		if (w.fd[1].revents != 0)
			break;
		for (nfds_t i = 2; i < w.n && !s->m->broken; i++) {
			if (w.fd[i].revents == 0)
				continue;
			if (w.listener[i] != NULL)
				welcome(s, w.listener[i]);
			else if (w.conn[i]->fd == w.fd[i].fd)
				serve(s, w.conn[i]);
		}
	}
	fprintf(stderr, "hclsim: swtpm is gone, see %s/swtpm.log\n", s->m->options->dir);
	return false;
}

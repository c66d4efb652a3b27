#include "server.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <barequote/clock.h>

/* Until the empty line that ends a GET. */
static void read_request(struct server *s, int fd)
{
	size_t n = 0;
	ssize_t got;

	memset(s->request, 0, sizeof(s->request));
	while (strstr(s->request, "\r\n\r\n") == NULL && n < sizeof(s->request) - 1) {
		got = recv(fd, s->request + n, sizeof(s->request) - 1 - n, 0);
		if (got <= 0)
			return;
		n += (size_t)got;
	}
	s->requests++;
}

static void say_for_ever(const char *more, int fd)
{
	while (send(fd, more, strlen(more), MSG_NOSIGNAL) > 0)
		;
}

static void say(const struct answer *a, int fd)
{
	size_t n = a->n != 0 ? a->n : strlen(a->text), slice = a->slice != 0 ? a->slice : n;
	ssize_t sent;

	for (size_t at = 0; at < n; at += (size_t)sent) {
		if (a->wait_ms != 0)
			bq_clock_sleep_ms(NULL, a->wait_ms);
		sent = send(fd, a->text + at, n - at < slice ? n - at : slice, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
	}
}

static void *serve(void *ctx)
{
	struct server *s = ctx;
	char byte;
	int fd, on = 1;

	for (size_t i = 0; (fd = accept(s->fd, NULL, NULL)) >= 0; i++) {
		const struct answer *a = &s->answers[i < s->n ? i : s->n - 1];

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		read_request(s, fd);
		if (a->text != NULL)
			say(a, fd);
		if (a->more != NULL)
			say_for_ever(a->more, fd);
		while (a->hold && recv(fd, &byte, 1, 0) > 0)
			;
		close(fd);
	}
	return NULL;
}

static int listen_somewhere(unsigned *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

void server_start(struct server *s, const struct answer *answers, size_t n)
{
	unsigned port;

	memset(s, 0, sizeof(*s));
	s->answers = answers;
	s->n = n;
	s->fd = listen_somewhere(&port);
	ck_assert_int_eq(listen(s->fd, 8), 0);
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%u", port);
	ck_assert_int_eq(pthread_create(&s->thread, NULL, serve, s), 0);
}

void server_stop(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
}

void nobody_url(char *url, size_t cap)
{
	unsigned port;

	close(listen_somewhere(&port));
	snprintf(url, cap, "http://127.0.0.1:%u", port);
}

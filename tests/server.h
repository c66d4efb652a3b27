/* An HTTP server on the loopback that says what it is told, whoever asks. */
#ifndef SERVER_H
#define SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer {
	const char *text; /* sent as it is; NULL: nothing */
	size_t n;         /* 0: text is a string */
	unsigned slice;   /* bytes at a time; 0: all at once */
	unsigned wait_ms; /* before each slice */
	const char *more; /* then this, again and again, until the client closes it */
	bool hold;        /* then keep the connection open until the client closes it */
};

struct server {
	const struct answer *answers; /* one a connection, the last one again and again */
	size_t n;
	int fd;
	char url[64]; /* http://127.0.0.1:PORT */
	pthread_t thread;
	/* After server_stop(): */
	unsigned requests;
	char request[2048]; /* the last one */
};

void server_start(struct server *s, const struct answer *answers, size_t n);
void server_stop(struct server *s);
/* A URL on which nobody listens. */
void nobody_url(char *url, size_t cap);

#endif

/* Everybody who connects: clients of the TPM, of its control channel, of the
 * instance metadata service. One thread; commands one after another. */
#ifndef HCLSIM_RELAY_H
#define HCLSIM_RELAY_H

#include "machine.h"

#define SIM_CONNS     64
#define SIM_LISTENERS 5
#define SIM_CONN_BUF  8192

enum sim_conn_kind {
	SIM_CONN_TPM,
	SIM_CONN_CTRL,
	SIM_CONN_IMDS,
};

struct sim_conn {
	enum sim_conn_kind kind;
	int fd; /* -1: free */
	size_t n;
	uint8_t buf[SIM_CONN_BUF];
};

struct sim_listener {
	enum sim_conn_kind kind;
	int fd;
	const char *path; /* of a Unix socket, to be removed */
};

struct sim_server {
	struct sim_machine *m;
	struct sim_listener listener[SIM_LISTENERS];
	size_t listeners;
	struct sim_conn conn[SIM_CONNS];
};

/* Listens where the machine's options say. False, with a line on stderr;
 * sim_server_close() has to follow in any case. */
bool sim_server_open(struct sim_server *s, struct sim_machine *m);
/* Until stop_fd is readable (true) or swtpm is gone (false). */
bool sim_server_run(struct sim_server *s, int stop_fd);
void sim_server_close(struct sim_server *s);

/* A connection for a descriptor that came another way; false where there is no
 * room, and fd is closed. */
bool sim_server_add(struct sim_server *s, enum sim_conn_kind kind, int fd);

/* Each reads what there is; false ends the connection. */
bool sim_tpm_readable(struct sim_server *s, struct sim_conn *c);
bool sim_ctrl_readable(struct sim_server *s, struct sim_conn *c);
bool sim_imds_readable(struct sim_server *s, struct sim_conn *c);

/* Reads into what room c->buf has; false at the end or where there is none. */
bool sim_conn_fill(struct sim_conn *c);
/* All of it at once: who does not take an answer is not waited for. */
bool sim_conn_send(struct sim_conn *c, const void *p, size_t n);

#endif

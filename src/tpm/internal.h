/* What the files of this layer share. */
#ifndef TPM_INTERNAL_H
#define TPM_INTERNAL_H

#include <barequote/tpm.h>

/* Command and response headers, part 1, 18: tag u16, size u32, code u32. */
#define TPM_HEADER_SIZE 10
#define TPM_SIZE_OFFSET 2
#define TPM_CODE_OFFSET 6

/* The upper half of a response code: who speaks. 0 is the TPM, this the
 * kernel's resource manager, with the TPM's codes. */
#define TPM_LAYER_RM 11u

/* A command is written into t->cmd_buf: begin, then handles with bq_wr_be32(),
 * then bq_cmd_password() where the command takes an authorization, then the
 * parameters; then bq_cmd_run(). */
void bq_cmd_begin(struct bq_tpm *t, struct bq_wr *w, uint32_t cc);
void bq_cmd_password(struct bq_wr *w, struct bq_auth auth);
/* One for each of the first n handles. */
void bq_cmd_passwords(struct bq_wr *w, const struct bq_auth *auth, unsigned n);
/* Sends it. params is the response's parameter area: all of it, without
 * sessions. For commands that return no handles. */
int bq_cmd_run(struct bq_tpm *t, struct bq_wr *w, struct bq_view *params);
/* The same for a command with another number of authorizations than one or none. */
int bq_cmd_run_sessions(struct bq_tpm *t, struct bq_wr *w, unsigned sessions,
			struct bq_view *params);
/* The same for a command that returns nothing but success. */
int bq_cmd_run_void(struct bq_tpm *t, struct bq_wr *w);

/* t->transport over t->fd. path is as it comes after `device:` and so on. */
int bq_tpm_open_device(struct bq_tpm *t, const char *path);
int bq_tpm_open_unix(struct bq_tpm *t, const char *path);
int bq_tpm_open_tcp(struct bq_tpm *t, struct bq_view host, uint16_t port);
int bq_tpm_open_replay(struct bq_tpm *t, const char *path);
/* Makes fd, already open, the transport's. */
void bq_tpm_use_fd(struct bq_tpm *t, int fd,
		   int (*transact)(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap,
				   size_t *rsp_n, int *sys_errno));

/* The error code for errno, which is also kept in *sys_errno. */
int bq_tpm_errno(int *sys_errno);

/* One exchange in replay form; one packet for people. */
void bq_tpm_record(struct bq_sink *s, struct bq_view cmd, struct bq_view rsp);
void bq_tpm_trace_cmd(struct bq_sink *s, struct bq_view cmd);
/* e is how the exchange ended, t->rsp the response if there was one. */
void bq_tpm_trace_rsp(struct bq_sink *s, int e, const struct bq_tpm *t);

/* As bq_tpm_find(), with other directories than /sys/class/tpmrm and /dev. */
int bq_tpm_find_in(const char *sys, const char *dev, char *path, size_t cap, unsigned wait_ms);

#endif

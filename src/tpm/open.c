/* Transport strings, in tpm2-tools' syntax. */
#include "internal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(void *ctx)
{
	struct bq_tpm *t = ctx;

	close(t->fd);
	t->fd = -1;
}

void bq_tpm_use_fd(struct bq_tpm *t, int fd,
		   int (*transact)(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap,
				   size_t *rsp_n, int *sys_errno))
{
	t->fd = fd;
	t->transport = (struct bq_transport){.transact = transact, .close = close_fd, .ctx = t};
}

#define SWTPM_PORT 2321 /* where tpm2-tss looks by default */

/* Where c is in s, or its end. */
static size_t index_of(const char *s, char c)
{
	size_t n = 0;

	while (s[n] != c && s[n] != '\0')
		n++;
	return n;
}

/* `host=H,port=P`, in either order, each with a default. */
static int open_tcp(struct bq_tpm *t, const char *options)
{
	struct bq_view host = bq_view_str("localhost");
	uint64_t port = SWTPM_PORT;
	const char *value;
	size_t n;

	for (;; options = &value[n + 1]) {
		if ((value = bq_str_after(options, "port=")) != NULL) {
			n = index_of(value, ',');
			if (bq_num_decode(bq_view_of(value, n), UINT16_MAX, &port) != 0)
				return BQ_E_TCTI;
		} else if ((value = bq_str_after(options, "host=")) != NULL) {
			n = index_of(value, ',');
			host = bq_view_of(value, n);
		} else {
			return BQ_E_TCTI;
		}
		if (value[n] == '\0')
			return bq_tpm_open_tcp(t, host, (uint16_t)port);
	}
}

static int open_path(struct bq_tpm *t, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		return bq_tpm_open_unix(t, path);
	return bq_tpm_open_device(t, path);
}

/* A name with a colon and no slash before it is some transport's, not a path. */
static bool is_path(const char *s)
{
	size_t colon = index_of(s, ':');

	return *s != '\0' && (s[colon] == '\0' || index_of(s, '/') < colon);
}

int bq_tpm_open(struct bq_tpm *t, const char *tcti)
{
	const char *rest;

	bq_tpm_init(t, (struct bq_transport){0});
	if ((rest = bq_str_after(tcti, "device:")) != NULL && *rest != '\0')
		return bq_tpm_open_device(t, rest);
	if ((rest = bq_str_after(tcti, "replay:")) != NULL && *rest != '\0')
		return bq_tpm_open_replay(t, rest);
	if ((rest = bq_str_after(tcti, "swtpm:path=")) != NULL && *rest != '\0')
		return bq_tpm_open_unix(t, rest);
	if ((rest = bq_str_after(tcti, "swtpm:")) != NULL && *rest != '\0')
		return open_tcp(t, rest);
	return is_path(tcti) ? open_path(t, tcti) : BQ_E_TCTI;
}

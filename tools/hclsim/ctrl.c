/* swtpm's control channel as QEMU and tpm2-tools use it: what is harmless goes
 * on to swtpm; the data descriptor stays here, and so does swtpm itself. */
#include "relay.h"

#include <unistd.h>

#include "io.h"

/* TPM 1.2 result codes, which the channel uses */
#define CTRL_OK          0u
#define CTRL_FAIL        9u
#define CTRL_BAD_ORDINAL 10u

#define ORDINAL_SIZE     4

static bool answer(struct sim_conn *c, uint32_t code)
{
	uint8_t rsp[4];
	struct bq_wr w;

	bq_wr_init(&w, rsp, sizeof(rsp));
	bq_wr_be32(&w, code);
	return sim_conn_send(c, rsp, sizeof(rsp));
}

static bool relay(struct sim_server *s, struct sim_conn *c, struct bq_view msg)
{
	uint8_t rsp[SIM_CONN_BUF];
	size_t n = sim_swtpm_ctrl(&s->m->swtpm, msg, rsp, sizeof(rsp));

	if (n == 0)
		s->m->broken = true;
	return n != 0 && sim_conn_send(c, rsp, n);
}

/* The TPM is switched off; swtpm stays for the next time. */
static bool stop(struct sim_server *s, struct sim_conn *c)
{
	static const uint8_t msg[4] = {0, 0, 0, SIM_CTRL_STOP};

	s->m->started = false;
	s->m->due_ms = SIM_NEVER;
	return relay(s, c, bq_view_of(msg, sizeof(msg)));
}

/* fd becomes ours to keep or close. */
static bool handle(struct sim_server *s, struct sim_conn *c, struct bq_view msg, int fd)
{
	struct bq_view r = msg;
	uint32_t ordinal = 0;

	(void)bq_rd_be32(&r, &ordinal);
	if (ordinal == SIM_CTRL_SET_DATAFD)
		return answer(c,
			      fd >= 0 && sim_server_add(s, SIM_CONN_TPM, fd) ? CTRL_OK : CTRL_FAIL);
	if (fd >= 0)
		close(fd);
	switch (ordinal) {
	case SIM_CTRL_INIT:
		return answer(c, sim_machine_power(s->m) ? CTRL_OK : CTRL_FAIL);
	case SIM_CTRL_STOP:
	case SIM_CTRL_SHUTDOWN:
		return stop(s, c);
	case SIM_CTRL_GET_CAPABILITY:
	case SIM_CTRL_GET_TPMESTABLISHED:
	case SIM_CTRL_SET_LOCALITY:
	case SIM_CTRL_HASH_START:
	case SIM_CTRL_HASH_DATA:
	case SIM_CTRL_HASH_END:
	case SIM_CTRL_CANCEL_TPM_CMD:
	case SIM_CTRL_RESET_TPMESTABLISHED:
	case SIM_CTRL_GET_CONFIG:
	case SIM_CTRL_SET_BUFFERSIZE:
		return relay(s, c, msg);
	default:
		return answer(c, CTRL_BAD_ORDINAL); /* such as migration */
	}
}

bool sim_ctrl_readable(struct sim_server *s, struct sim_conn *c)
{
	int fd;
	ssize_t n = sim_fd_receive(c->fd, c->buf, sizeof(c->buf), &fd);

	if (n >= ORDINAL_SIZE)
		return handle(s, c, bq_view_of(c->buf, (size_t)n), fd);
	if (fd >= 0)
		close(fd);
	return false;
}

/* A TCP connection on which everything ends at a deadline. */
#ifndef AZURE_CONN_H
#define AZURE_CONN_H

#include <barequote/bytes.h>
#include <barequote/clock.h>

struct bq_conn {
	int fd;
	int sys_errno; /* of the system call that failed last, or 0 */
	uint64_t deadline;
	const struct bq_clock *clock;
	struct bq_view unread; /* what has been received into in */
	uint8_t in[2048];
};

/* host as for bq_net_address(). BQ_E_URL, BQ_E_GONE (refused or unreachable),
 * BQ_E_TIMEOUT, BQ_E_IO. To be closed in any case. */
int bq_conn_open(struct bq_conn *c, struct bq_view host, uint16_t port, uint64_t deadline,
		 const struct bq_clock *clock);
void bq_conn_close(struct bq_conn *c);
int bq_conn_send(struct bq_conn *c, struct bq_view v);
/* Receives more where nothing is unread. BQ_E_GONE where the other side is done. */
int bq_conn_more(struct bq_conn *c);

#endif

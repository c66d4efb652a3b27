/* Addresses without a resolver. */
#ifndef BASE_NET_H
#define BASE_NET_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <barequote/bytes.h>

struct bq_net_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} sa;
	socklen_t n;
};

/* Numeric IPv4 or IPv6 (no brackets, no zone), or `localhost`, which is
 * 127.0.0.1. host ends at its first NUL, if any. BQ_E_URL. */
int bq_net_address(struct bq_view host, uint16_t port, struct bq_net_address *out);

#endif

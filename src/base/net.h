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
 * 127.0.0.1. Of IPv6 all but the form with an IPv4 address at its end. BQ_E_URL. */
int bq_net_address(struct bq_view host, uint16_t port, struct bq_net_address *out);

#endif

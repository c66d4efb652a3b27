#include "net.h"

#include <arpa/inet.h>
#include <string.h>

int bq_net_address(struct bq_view host, uint16_t port, struct bq_net_address *out)
{
	struct bq_net_address a;
	char text[INET6_ADDRSTRLEN] = {0};

	if (bq_view_eq_str(host, "localhost"))
		host = bq_view_str("127.0.0.1");
	if (host.n == 0 || host.n >= sizeof(text))
		return BQ_E_URL;
	(void)bq_rd_copy(&host, text, host.n);
	memset(&a, 0, sizeof(a));
	if (inet_pton(AF_INET, text, &a.sa.v4.sin_addr) == 1) {
		a.sa.v4.sin_family = AF_INET;
		a.sa.v4.sin_port = htons(port);
		a.n = sizeof(a.sa.v4);
	} else if (inet_pton(AF_INET6, text, &a.sa.v6.sin6_addr) == 1) {
		a.sa.v6.sin6_family = AF_INET6;
		a.sa.v6.sin6_port = htons(port);
		a.n = sizeof(a.sa.v6);
	} else {
		return BQ_E_URL;
	}
	*out = a;
	return 0;
}

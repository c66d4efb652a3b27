#include "kds.h"

enum outcome kds_put_certs(const char *vcek_url, const char *chain_url, unsigned timeout_s,
			   const char *out)
{
	(void)chain_url, (void)timeout_s, (void)out;
	return msg(TOOL_USAGE, "--kds needs barequote, which has TLS; the VCEK is at ", vcek_url,
		   NULL);
}

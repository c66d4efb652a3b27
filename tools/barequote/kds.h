/* AMD's key distribution service, where there is OpenSSL to reach it with. */
#ifndef TOOL_KDS_H
#define TOOL_KDS_H

#include "tool.h"

#define KDS_URL "https://kdsintf.amd.com"

/* Fetches the VCEK (DER) and the CA chain (PEM) and writes them as PEM: VCEK,
 * ASK, ARK. out as for out_begin(). */
enum outcome kds_put_certs(const char *vcek_url, const char *chain_url, unsigned timeout_s,
			   const char *out);

#endif

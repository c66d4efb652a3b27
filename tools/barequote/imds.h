/* Certificates for the platform, from the metadata service. */
#ifndef TOOL_IMDS_H
#define TOOL_IMDS_H

#include <barequote/azure.h>

#include "tool.h"

/* url NULL: Azure's. advice: what to do where it fails. The views in out live until
 * the next call. */
enum outcome imds_fetch(const char *url, unsigned timeout_ms, const char *advice,
			struct bq_imds_certs *out);
/* Its parts: without a message; and the words of one. */
int imds_try(struct bq_imds *i, struct bq_imds_certs *out);
void imds_put_error(struct bq_sink *s, const struct bq_imds *i, int err);
/* Whether whatever begins in this PEM is a certificate and decodes; what is in it, and what
 * stands between, is not looked at. */
bool certs_are_pem(struct bq_view v);
/* The leaf, then its chain, each on lines of its own. */
void imds_put_pem(struct bq_sink *s, struct bq_view vcek, struct bq_view chain);

#endif

/* What the writers share. */
#ifndef EVIDENCE_WRITE_H
#define EVIDENCE_WRITE_H

#include <barequote/evidence.h>

#define BQ_PEM_CERTIFICATE "CERTIFICATE"
#define BQ_CERT_DER_MAX    4096 /* bytes; AMD's are under 2 KiB */

/* parts' certificates are known to be PEM. Errors of bq_hcl_parse() and
 * bq_hcl_require_snp(), before anything is written. */
int bq_ev_write_maa(struct bq_jw *w, const struct bq_evidence_parts *parts);

#endif

/* Values as text for a check's detail. */
#ifndef VERIFY_DETAIL_H
#define VERIFY_DETAIL_H

#include <barequote/snp.h>

struct bq_str {
	char s[96];
};

/* Hex; long values as their first and last bytes. */
const char *bq_str_hex(struct bq_str *b, struct bq_view v);
const char *bq_str_tcb(struct bq_str *b, const struct bq_tcb *t);
/* RFC 3339, in UTC. */
const char *bq_str_time(struct bq_str *b, int64_t unix_time);

#endif

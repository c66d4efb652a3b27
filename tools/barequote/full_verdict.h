/* The verdict, for people and for programs. */
#ifndef TOOL_VERDICT_H
#define TOOL_VERDICT_H

#include <barequote/verify.h>

#include "tool.h"

/* keys: whose, `AMD's`. color: for a terminal. */
void verdict_put_text(struct bq_sink *s, const struct bq_verdict *v, const struct bq_evidence *ev,
		      const char *keys, bool color);
/* ev NULL: it could not be read. */
void verdict_put_json(struct bq_sink *s, const struct bq_verdict *v, const struct bq_evidence *ev);
/* For a stream: one line, with the id it came with (JSON). */
void verdict_put_line(struct bq_sink *s, const struct bq_verdict *v, struct bq_view id);
/* One failed check, input.format. */
void verdict_malformed(struct bq_verdict *v, const char *problem);

#endif

/* verify --stream: lines of JSON in, lines of JSON out, in order. */
#ifndef TOOL_STREAM_H
#define TOOL_STREAM_H

#include <barequote/verify.h>

#include "tool.h"

#define STREAM_LINE_MAX    ((size_t)16 << 20) /* bytes; an event log may be in it */
#define STREAM_ANSWER_MAX  ((size_t)128 << 10)
#define STREAM_THREADS_MAX 64

/* What one line needs, used again for the next. */
struct stream_line {
	uint8_t *text; /* without its newline */
	uint8_t *work; /* decoded evidence, which is shorter than its text */
	size_t n, cap; /* bytes in text; room in text and in work, each */
	bool too_long; /* text is only its start */
	struct bq_evidence evidence;
	struct bq_verdict verdict;
	uint8_t answer[STREAM_ANSWER_MAX]; /* with its newline */
	size_t answer_n;
};

/* `{"id","evidence","nonce"}` to `{"id","accepted","checks"}`; a line that is
 * none of the kind gets an answer that says so. */
void stream_answer(const struct bq_verifier *v, bool no_nonce, struct stream_line *l);

/* Everything from standard input to standard output. */
enum outcome stream_run(const struct bq_verifier *v, bool no_nonce, unsigned threads);

#endif

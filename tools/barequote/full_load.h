/* What the verifier's commands read. */
#ifndef TOOL_LOAD_H
#define TOOL_LOAD_H

#include <barequote/evidence.h>

#include "io.h"

#define LOAD_MAX         ((size_t)64 << 20) /* bytes of a file: an event log may be large */

#define LOAD_PROBLEM_MAX 280 /* bytes of words on why something is malformed */

/* A whole file, kept until the process ends. path "-": stdin. */
enum outcome load_file(const char *what, const char *path, struct bq_view *out);
/* The same of one that may not be empty: to the library that is none at all. */
enum outcome load_given(const char *what, const char *path, struct bq_view *out);
/* Memory kept likewise; NULL where there is none. */
void *load_keep(size_t n);

enum load_kind {
	LOAD_UNKNOWN,
	LOAD_SNP,
	LOAD_HCL,
	LOAD_JSON, /* an object */
};

/* By its first bytes and its size. */
enum load_kind load_kind_of(struct bq_view v);

/* Where a quote is that did not come with the evidence; NULL: not given. */
struct load_quote {
	const char *json, *msg, *sig, *pcrs;
};

/* Evidence: a directory of `attest -f dir`, or a file of any kind. Where it is
 * malformed, problem says why and *err is not 0. */
enum outcome load_evidence(const char *path, const struct load_quote *quote,
			   struct bq_evidence *out, int *err, char problem[LOAD_PROBLEM_MAX]);

/* The same of a JSON container, or of a tpm_quote object, in memory; name is what
 * messages call it. */
enum outcome load_json(struct bq_view text, const char *name, struct bq_evidence *out, int *err,
		       char problem[LOAD_PROBLEM_MAX]);

enum outcome load_json_quote(struct bq_view text, const char *name, struct bq_evidence *out,
			     int *err, char problem[LOAD_PROBLEM_MAX]);

/* `what: where: the error` into problem; where may be empty. Returns e. */
int load_explain(char problem[LOAD_PROBLEM_MAX], const char *what, const char *where, int e);

/* RFC 3339 as seconds since 1970. False where it is none. */
bool load_time(const char *text, int64_t *out);

#endif

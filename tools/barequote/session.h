/* The options that every command takes, and the TPM behind them. */
#ifndef TOOL_SESSION_H
#define TOOL_SESSION_H

#include <barequote/azure.h>

#include "io.h"

/* barequote's own, those for the TPM apart; and those of tpm2-tools for its names. */
extern const struct opt session_options[], session_common_options[];
extern const struct opt session_tpm2_options[];
/* Options of tpm2-tools that need what we do not have: refused by name. */
extern const struct opt session_refused_options[];

bool session_help(void);
bool session_version(void);
bool session_quiet(void);

/* Opens the TPM that the options and the environment name. */
enum outcome session_open(struct bq_tpm **t);
/* The same where a TPM that cannot be opened is no error of the command's: *err says
 * why, *address which. */
enum outcome session_try(struct bq_tpm **t, const char **address, int *err);
/* What there is to say about the TPM that was looked up, or NULL. */
const char *session_note(void);
/* o, or a failure where the record that was asked for is not whole. */
enum outcome session_close(enum outcome o);
/* Says why something with the open TPM failed. */
enum outcome session_error(const char *doing, int err);
/* Only the words: what went wrong, and what to do about it, or NULL. */
void session_put_error(struct bq_sink *s, int err);
const char *session_hint(int err);
/* True where it is the way to the TPM that failed. */
bool session_lost(int err);

#define AUTH_MAX 64 /* the largest digest: TPM 2.0 part 2, 10.4.2 and 11.1.13 */

/* A password as tpm2-tools takes them: text, `str:TEXT`, `hex:HEX`, `file:FILE`.
 * text NULL: the empty one. Lives until the next call. */
enum outcome session_auth(const char *option, const char *text, struct bq_auth *out);

/* Seconds in text, as milliseconds; NULL: 0. */
enum outcome session_timeout(const char *text, unsigned *ms);

/* session_open(), and what `-P` and `--timeout` say. */
enum outcome session_azure(const char *auth, const char *timeout, struct bq_azure *out);

#endif

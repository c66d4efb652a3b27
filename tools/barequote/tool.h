/* What the commands share: how they are listed, how they end, what they say. */
#ifndef TOOL_H
#define TOOL_H

#include <barequote/text.h>

#include "opt.h"

/* How a command ends. Up to TOOL_FAILED this is the exit code; what comes after it
 * differs only under a tpm2_* name. */
enum outcome {
	TOOL_OK,
	TOOL_REJECTED,
	TOOL_USAGE,
	TOOL_FAILED,
	TOOL_FAILED_AUTH,    /* a wrong password that counts towards a lockout */
	TOOL_FAILED_COMMAND, /* a command that the TPM does not have */
	TOOL_OPTION,         /* misuse that tpm2-tools tell from their other errors */
};

/* Literals. args: what follows the options in the usage line, or ""; about: a few words
 * for the list of commands; more: paragraphs for --help, each line with its newline, or
 * "". */
#define COMMAND(name, args, about, more) name "\0" args "\0" about "\0" more

struct command {
	const char *words;        /* of COMMAND(); it begins with the name */
	const struct opt *opts;   /* or NULL */
	const struct opt *shared; /* further ones, of several commands; or NULL */
	uint8_t args_min, args_max;
	bool no_tpm; /* --help leaves the TPM's options out */
	bool tpm2;   /* also a tool of tpm2-tools */
	enum outcome (*run)(char **args, unsigned n);
};

/* Of the program that is linked, in the order of --help; NULL at the end. */
extern const struct command *const commands[];

/* --- messages: whole lines on stderr, with the command's name in front ----- */

void msg_name(const char *program, const char *command); /* command NULL: none yet */
struct bq_sink *msg_begin(void);
enum outcome msg_end(enum outcome outcome); /* returns outcome */
/* The strings one after another, NULL at the end. */
enum outcome msg(enum outcome outcome, const char *first, ...) __attribute__((sentinel));
/* Likewise, with a hint at --help; always TOOL_USAGE. */
enum outcome msg_usage(const char *first, ...) __attribute__((sentinel));
/* Likewise, but TOOL_OPTION. */
enum outcome msg_option(const char *words);
/* A library's error: what was being done, what went wrong, what to do. errno 0: none. */
enum outcome msg_error(const char *doing, int err, int sys_errno);
void put_errno(struct bq_sink *s, int sys_errno);
/* The words of that: what went wrong; what to do, or NULL; that, where there is any. */
void put_error(struct bq_sink *s, int err, int sys_errno);
const char *hint_of(int err);
void put_hint(struct bq_sink *s, const char *hint);
/* What happened to a file. */
enum outcome msg_errno(const char *doing, const char *path, int sys_errno);

#endif

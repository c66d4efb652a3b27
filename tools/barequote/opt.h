/* Options of a command: one table drives both the parsing and --help. */
#ifndef TOOL_OPT_H
#define TOOL_OPT_H

#include <barequote/text.h>

struct opt {
	char brief;       /* 0: only the long form */
	const char *name; /* without the dashes; NULL ends a table */
	const char *arg;  /* what --help calls the value; NULL: a flag */
	const char *help; /* NULL: accepted, not listed */
	const char **to;  /* receives the value, "" for a flag; the last one counts */
};

#define OPT_TABLES 3

/* Where an option is in several tables, the first table wins. */
struct opt_set {
	const struct opt *table[OPT_TABLES]; /* NULL: none */
	bool leading;                        /* stop at the first argument that is no option */
};

enum opt_fault {
	OPT_OK,
	OPT_UNKNOWN,
	OPT_NEEDS_VALUE,
	OPT_TAKES_NONE,
};

struct opt_result {
	enum opt_fault fault;
	struct bq_view what; /* on a fault, the option as it was written: `--foo`, or `x` for -x */
	int rest;            /* arguments that are no options, moved to the front of argv */
};

/* argv without the program's name. `--x=y`, `--x y`, `-xy`, `-x y`, flags of one
 * letter in a cluster, and `--` before what must not be taken for an option. */
struct opt_result opt_parse(const struct opt_set *set, int argc, char **argv);

void opt_help(struct bq_sink *s, const struct opt *table);

#endif

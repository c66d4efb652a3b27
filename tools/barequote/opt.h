/* Options of a command: one table drives both the parsing and --help. */
#ifndef TOOL_OPT_H
#define TOOL_OPT_H

#include <barequote/text.h>

/* words is four strings, one after another, since a pointer for each would take
 * more than many of them do; NULL ends a table. */
struct opt {
	const char *words;
	/* Receives the value, "" for a flag; the last one counts. NULL: the option is
	 * known, and refused. */
	const char **to;
};

/* Literals. brief: a letter, or "" where there is only the long form; name: without
 * the dashes; arg: what --help calls the value, "" for a flag, "[...]" for a flag that
 * `=` may follow or the rest of its cluster, which says nothing; help: "" where the
 * option is accepted but not listed. */
#define OPT(brief, name, arg, help, to)                                                            \
	{                                                                                          \
		brief "\0" name "\0" arg "\0" help, to                                             \
	}

/* What follows in such a row of strings. */
const char *next_word(const char *word);

#define OPT_TABLES 5

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
	OPT_REFUSED,
};

struct opt_result {
	enum opt_fault fault;
	struct bq_view what; /* on a fault, the option as it was written: `--foo`, or `x` for -x */
	int rest;            /* arguments that are no options, moved to the front of argv */
};

/* argv without the program's name. `--x=y`, `--x y`, `-xy`, `-x y`, flags of one
 * letter in a cluster, and `--` before what must not be taken for an option. */
struct opt_result opt_parse(const struct opt_set *set, int argc, char **argv);

/* Letters that the table before has as well are left out: there they are taken. Either
 * may be NULL. */
void opt_help(struct bq_sink *s, const struct opt *table, const struct opt *before);

#endif

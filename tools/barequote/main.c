/* Finds the command, parses its options, runs it. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session.h"

/* Ours, and those of tpm2-tools 5.4 as it is: most misuse, and a TPM that cannot be
 * reached, are errors like any other there. */
static int exit_code(enum outcome o, bool tpm2)
{
	static const uint8_t codes[][2] = {
		[TOOL_OK] = {0, 0},     [TOOL_REJECTED] = {1, 1},    [TOOL_USAGE] = {2, 1},
		[TOOL_FAILED] = {3, 1}, [TOOL_FAILED_AUTH] = {3, 3}, [TOOL_FAILED_COMMAND] = {3, 5},
		[TOOL_OPTION] = {2, 2},
	};

	return codes[o][tpm2];
}

static const char *args_of(const struct command *c)
{
	return next_word(c->words);
}

static const struct command *find_command(const char *name, bool tpm2)
{
	for (const struct command *const *c = commands; *c != NULL; c++)
		if (strcmp((*c)->words, name) == 0 && ((*c)->tpm2 || !tpm2))
			return *c;
	return NULL;
}

static enum outcome print_version(const char *program)
{
	struct bq_sink *s;
	enum outcome o = out_begin(NULL, false, &s);

	if (o != TOOL_OK)
		return o;
	bq_putf(s, "%s%s " BQ_VERSION "\n",
		bq_str_after(program, "tpm2") != NULL ? "barequote, as " : "", program);
	return out_end();
}

static enum outcome print_commands(const char *program, bool tpm2)
{
	struct bq_sink *s;
	enum outcome o = out_begin(NULL, false, &s);

	if (o != TOOL_OK)
		return o;
	bq_putf(s, "usage: %s COMMAND [OPTION]...\n\n", program);
	for (const struct command *const *c = commands; *c != NULL; c++) {
		if (tpm2 && !(*c)->tpm2)
			continue;
		bq_putf(s, "  %s", (*c)->words);
		for (size_t n = strlen((*c)->words); n < 14; n++)
			bq_put_chr(s, ' ');
		bq_putf(s, "%s\n", next_word(args_of(*c)));
	}
	bq_putf(s, "\nCOMMAND --help says more.%s\n",
		tpm2 ? ""
		     : " Exit: 0 done or accepted, 1 rejected, 2 usage,\n3 could not be done.");
	return out_end();
}

static enum outcome print_help(const char *program, const struct command *c, bool tpm2)
{
	const char *args = args_of(c), *about = next_word(args);
	struct bq_sink *s;
	enum outcome o = out_begin(NULL, false, &s);

	if (o != TOOL_OK)
		return o;
	bq_putf(s, "usage: %s", program);
	if (!tpm2 || strcmp(program, "tpm2") == 0)
		bq_putf(s, " %s", c->words);
	bq_putf(s, " [OPTION]...%s%s\n\n%s\n%s\n", *args != '\0' ? " " : "", args, about,
		next_word(about));
	opt_help(s, c->opts, NULL);
	opt_help(s, c->shared, c->opts);
	if (!c->no_tpm)
		opt_help(s, tpm2 ? session_tpm2_options : session_options, c->opts);
	if (!tpm2)
		opt_help(s, session_common_options, c->opts);
	return out_end();
}

static enum outcome option_fault(const struct opt_result *r)
{
	static const char *const words[] = {
		[OPT_UNKNOWN] = "no such option: ",
		[OPT_NEEDS_VALUE] = "a value must follow ",
		[OPT_TAKES_NONE] = "takes no value: ",
		[OPT_REFUSED] = "needs sessions, policies or contexts, which we do without: ",
	};
	char what[64] = "-"; /* of a letter; long options bring their dashes */
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, what + (r->what.n == 1), sizeof(what) - 2);
	bq_put_safe(&b.s, r->what);
	return msg_usage(words[r->fault], what, NULL);
}

static enum outcome run_command(const char *program, const struct command *c, bool tpm2, int argc,
				char **argv)
{
	const struct opt_set set = {.table = {c->opts, c->shared,
					      tpm2 ? session_tpm2_options : session_options,
					      tpm2 ? NULL : session_common_options,
					      c->tpm2 ? session_refused_options : NULL}};
	struct opt_result r = opt_parse(&set, argc, argv);
	enum outcome o;

	if (r.fault != OPT_OK)
		return option_fault(&r);
	if (session_help())
		return print_help(program, c, tpm2);
	if (session_version())
		return print_version(program);
	if ((unsigned)r.rest < c->args_min)
		return msg_usage("missing: ", args_of(c), NULL);
	if ((unsigned)r.rest > c->args_max)
		return msg_usage("one argument too many: ", argv[c->args_max], NULL);
	o = c->run(argv, (unsigned)r.rest);
	if (o == TOOL_OK)
		o = out_commit();
	if (o != TOOL_OK)
		out_abandon();
	return session_close(o);
}

/* `PROGRAM [GLOBAL OPTION]... COMMAND ...`; argv without the program. */
static enum outcome dispatch(const char *program, bool tpm2, int argc, char **argv)
{
	const struct opt_set set = {.table = {tpm2 ? session_tpm2_options : session_options,
					      tpm2 ? NULL : session_common_options},
				    .leading = true};
	struct opt_result r = opt_parse(&set, argc, argv);
	const struct command *c;

	if (r.fault != OPT_OK)
		return option_fault(&r);
	if (session_version())
		return print_version(program);
	if (session_help() || (r.rest > 0 && strcmp(argv[0], "help") == 0)) {
		c = r.rest > 1 ? find_command(argv[1], tpm2) : NULL;
		return c != NULL ? print_help(program, c, tpm2) : print_commands(program, tpm2);
	}
	if (r.rest == 0)
		return msg_option("a command must follow");
	if ((c = find_command(argv[0], tpm2)) == NULL)
		return msg_usage("no such command: ", argv[0], NULL);
	msg_name(program, c->words);
	return run_command(program, c, tpm2, r.rest - 1, argv + 1);
}

/* Called as tpm2_VERB. */
static enum outcome as_tool(const char *program, int argc, char **argv)
{
	const struct command *c = find_command(program + strlen("tpm2_"), true);

	if (c == NULL)
		return msg(TOOL_FAILED,
			   "this tool of tpm2-tools is not among those we stand in for", NULL);
	return run_command(program, c, true, argc, argv);
}

/* A closed descriptor would be that of the TPM or of a file next: what is said
 * would go there. Opened the wrong way round, reading and writing it fail. */
static void keep_standard_descriptors(void)
{
	struct stat st;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fstat(fd, &st) != 0)
			(void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	const char *program = argc > 0 ? last_part(argv[0]) : "barequote";
	bool tool = bq_str_after(program, "tpm2_") != NULL,
	     tpm2 = tool || strcmp(program, "tpm2") == 0;
	enum outcome o;

	keep_standard_descriptors();
	msg_name(program, NULL);
	if (tool)
		o = as_tool(program, argc - 1, argv + 1);
	else
		o = dispatch(program, tpm2, argc - 1, argv + (argc > 0));
	return exit_code(o, tpm2);
}

/* Option parsing of the command line. */
#include <string.h>

#include "../tools/barequote/opt.h"
#include "support.h"

static const char *nonce, *out, *verbose, *quiet, *other, *help;

static const struct opt first[] = {
	OPT("n", "nonce", "HEX", "the nonce", &nonce),
	OPT("o", "output", "FILE", "where it goes", &out),
	OPT("q", "qualification", "HEX", "", &other),
	{0},
};

static const struct opt second[] = {
	OPT("v", "verbose", "", "show packets", &verbose),
	OPT("q", "quiet", "", "say nothing", &quiet),
	OPT("h", "help", "[man]", "this text", &help),
	OPT("S", "session", "FILE", "", NULL),
	OPT("", "yaml", "", "", NULL),
	{0},
};

static char *args[16];
static struct opt_result result;

/* Parses words separated by spaces; `_` is an empty argument. */
static void parse_as(const char *words, bool leading)
{
	static char copy[256];
	const struct opt_set set = {.table = {first, second}, .leading = leading};
	static char empty[] = "";
	int n = 0;

	nonce = out = verbose = quiet = other = help = NULL;
	ck_assert_uint_lt(strlen(words), sizeof(copy));
	strcpy(copy, words);
	for (char *w = strtok(copy, " "); w != NULL; w = strtok(NULL, " "))
		args[n++] = strcmp(w, "_") == 0 ? empty : w;
	result = opt_parse(&set, n, args);
}

static void parse(const char *words)
{
	parse_as(words, false);
}

static void refused(const char *words, enum opt_fault fault, const char *what)
{
	parse(words);
	ck_assert_int_eq(result.fault, fault);
	ck_assert(bq_view_eq_str(result.what, what));
}

START_TEST(test_value_forms)
{
	static const char *const forms[] = {"-n 0011",      "-n0011",  "--nonce 0011",
					    "--nonce=0011", "-vn0011", "-vn 0011"};

	parse(forms[_i]);
	ck_assert_int_eq(result.fault, OPT_OK);
	ck_assert_int_eq(result.rest, 0);
	ck_assert_str_eq(nonce, "0011");
	ck_assert_ptr_null(out);
}
END_TEST

START_TEST(test_values_that_look_like_options)
{
	parse("-n -v --output=--nonce=x -o -");
	ck_assert_int_eq(result.fault, OPT_OK);
	ck_assert_str_eq(nonce, "-v");
	ck_assert_str_eq(out, "-");
	ck_assert_ptr_null(verbose);
	parse("--nonce= -o _");
	ck_assert_str_eq(nonce, "");
	ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(test_rest_is_collected_in_order)
{
	parse("a -n 00 b - --verbose -- -v --nonce c");
	ck_assert_int_eq(result.fault, OPT_OK);
	ck_assert_int_eq(result.rest, 6);
	ck_assert_str_eq(args[0], "a");
	ck_assert_str_eq(args[1], "b");
	ck_assert_str_eq(args[2], "-");
	ck_assert_str_eq(args[3], "-v");
	ck_assert_str_eq(args[4], "--nonce");
	ck_assert_str_eq(args[5], "c");
	ck_assert_str_eq(nonce, "00");
	ck_assert_ptr_nonnull(verbose);
}
END_TEST

START_TEST(test_leading_options_stop_at_the_command)
{
	parse_as("-v report -n 00 -x", true);
	ck_assert_int_eq(result.fault, OPT_OK);
	ck_assert_int_eq(result.rest, 4);
	ck_assert_str_eq(args[0], "report");
	ck_assert_str_eq(args[1], "-n");
	ck_assert_str_eq(args[3], "-x");
	ck_assert_ptr_null(nonce);
	ck_assert_ptr_nonnull(verbose);
}
END_TEST

START_TEST(test_first_table_wins)
{
	parse("-q 00");
	ck_assert_str_eq(other, "00");
	ck_assert_ptr_null(quiet);
	parse("--quiet");
	ck_assert_ptr_nonnull(quiet);
	ck_assert_ptr_null(other);
}
END_TEST

START_TEST(test_last_value_counts)
{
	parse("-n 00 --nonce=11");
	ck_assert_str_eq(nonce, "11");
}
END_TEST

/* As getopt(3) has it: a value only in the same word. */
START_TEST(test_flag_with_a_value)
{
	static const char *const forms[] = {"--help", "--help=", "--help=man", "-h",
					    "-h=man", "-hman",   "-vhx"};

	parse(forms[_i]);
	ck_assert_int_eq(result.fault, OPT_OK);
	ck_assert_ptr_nonnull(help);
	parse("--help man");
	ck_assert_int_eq(result.rest, 1);
	ck_assert_str_eq(args[0], "man");
}
END_TEST

START_TEST(test_faults)
{
	refused("--nonsense", OPT_UNKNOWN, "--nonsense");
	refused("--nonc 00", OPT_UNKNOWN, "--nonc");
	refused("--noncee=00", OPT_UNKNOWN, "--noncee");
	refused("--=00", OPT_UNKNOWN, "--");
	refused("-vx", OPT_UNKNOWN, "x");
	refused("-n", OPT_NEEDS_VALUE, "n");
	refused("-vo", OPT_NEEDS_VALUE, "o");
	refused("--nonce", OPT_NEEDS_VALUE, "--nonce");
	refused("--verbose=1", OPT_TAKES_NONE, "--verbose");
}
END_TEST

START_TEST(test_known_and_refused)
{
	refused("-S x", OPT_REFUSED, "S");
	refused("-vS", OPT_REFUSED, "S");
	refused("--session", OPT_REFUSED, "--session");
	refused("--session=x", OPT_REFUSED, "--session");
	refused("--yaml", OPT_REFUSED, "--yaml");
}
END_TEST

START_TEST(test_help_comes_from_the_table)
{
	char text[512];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	opt_help(&b.s, first, NULL);
	ck_assert_int_eq(b.s.err, 0);
	ck_assert(bq_view_eq_str(bq_view_of(text, b.n),
				 "  -n, --nonce HEX             the nonce\n"
				 "  -o, --output FILE           where it goes\n"));
}
END_TEST

START_TEST(test_help_shows_a_letter_where_it_counts)
{
	char text[512];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	opt_help(&b.s, second, first);
	ck_assert(bq_view_eq_str(bq_view_of(text, b.n),
				 "  -v, --verbose               show packets\n"
				 "      --quiet                 say nothing\n"
				 "  -h, --help                  this text\n"));
}
END_TEST

Suite *suite_tool_opt(void)
{
	Suite *s = suite_create("tool_opt");
	TCase *tc = tcase_create("parse");

	tcase_add_loop_test(tc, test_value_forms, 0, 6);
	tcase_add_test(tc, test_values_that_look_like_options);
	tcase_add_test(tc, test_rest_is_collected_in_order);
	tcase_add_test(tc, test_leading_options_stop_at_the_command);
	tcase_add_test(tc, test_first_table_wins);
	tcase_add_test(tc, test_last_value_counts);
	tcase_add_loop_test(tc, test_flag_with_a_value, 0, 7);
	tcase_add_test(tc, test_faults);
	tcase_add_test(tc, test_known_and_refused);
	tcase_add_test(tc, test_help_comes_from_the_table);
	tcase_add_test(tc, test_help_shows_a_letter_where_it_counts);
	suite_add_tcase(s, tc);
	return s;
}

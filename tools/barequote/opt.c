#include "opt.h"

#include <string.h>

#define HELP_COLUMN 30

const char *next_word(const char *word)
{
	return word + strlen(word) + 1;
}

static const char *name_of(const struct opt *o)
{
	return next_word(o->words);
}

static const char *arg_of(const struct opt *o)
{
	return next_word(name_of(o));
}

static bool is_optional(const struct opt *o)
{
	return *arg_of(o) == '[';
}

static bool is_flag(const struct opt *o)
{
	return *arg_of(o) == '\0' || is_optional(o);
}

static const struct opt *find(const struct opt_set *set, char brief, struct bq_view name)
{
	for (unsigned t = 0; t < OPT_TABLES; t++) {
		for (const struct opt *o = set->table[t]; o != NULL && o->words != NULL; o++)
			if (brief != 0 ? o->words[0] == brief : bq_view_eq_str(name, name_of(o)))
				return o;
	}
	return NULL;
}

static enum opt_fault fault_of(const struct opt *o)
{
	if (o == NULL)
		return OPT_UNKNOWN;
	return o->to == NULL ? OPT_REFUSED : OPT_OK;
}

static enum opt_fault set_value(const struct opt *o, const char *value)
{
	if (value == NULL)
		return OPT_NEEDS_VALUE;
	*o->to = value;
	return OPT_OK;
}

/* `--name` or `--name=value`; next is the argument after it, or NULL. */
static enum opt_fault parse_long(const struct opt_set *set, const char *arg, const char *next,
				 bool *took_next, struct bq_view *what)
{
	size_t n = bq_view_find(bq_view_str(arg), '=');
	const char *equals = arg[n] != '\0' ? arg + n : NULL;
	const struct opt *o = find(set, 0, bq_view_of(arg + 2, n - 2));
	enum opt_fault fault = fault_of(o);

	*what = bq_view_of(arg, n);
	if (fault != OPT_OK)
		return fault;
	if (is_flag(o))
		return equals == NULL || is_optional(o) ? set_value(o, "") : OPT_TAKES_NONE;
	*took_next = equals == NULL;
	return set_value(o, equals != NULL ? equals + 1 : next);
}

/* `-abc value`, `-abcvalue` */
static enum opt_fault parse_cluster(const struct opt_set *set, const char *arg, const char *next,
				    bool *took_next, struct bq_view *what)
{
	for (const char *c = arg + 1; *c != '\0'; c++) {
		const struct opt *o = find(set, *c, bq_view_of(NULL, 0));
		enum opt_fault fault = fault_of(o);

		*what = bq_view_of(c, 1);
		if (fault != OPT_OK)
			return fault;
		if (is_flag(o)) {
			*o->to = "";
			if (is_optional(o))
				return OPT_OK;
			continue;
		}
		*took_next = c[1] == '\0';
		return set_value(o, c[1] != '\0' ? c + 1 : next);
	}
	return OPT_OK;
}

struct opt_result opt_parse(const struct opt_set *set, int argc, char **argv)
{
	struct opt_result r = {.fault = OPT_OK};
	bool options = true;

	for (int i = 0; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		bool took_next = false;

		if (!options || argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[r.rest++] = argv[i];
			options = options && !set->leading;
		} else if (strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (argv[i][1] == '-') {
			r.fault = parse_long(set, argv[i], next, &took_next, &r.what);
		} else {
			r.fault = parse_cluster(set, argv[i], next, &took_next, &r.what);
		}
		if (r.fault != OPT_OK)
			return r;
		i += took_next;
	}
	return r;
}

static size_t put_counted(struct bq_sink *s, const char *str)
{
	bq_put_str(s, str);
	return strlen(str);
}

static void help_line(struct bq_sink *s, const struct opt *o, const char *brief, const char *help)
{
	size_t column = 6;

	bq_put_str(s, brief[0] != '\0' ? "  -" : "    ");
	bq_put_str(s, brief);
	bq_put_str(s, brief[0] != '\0' ? ", --" : "  --");
	column += 2 + put_counted(s, name_of(o));
	if (!is_flag(o)) {
		column += put_counted(s, " ");
		column += put_counted(s, arg_of(o));
	}
	if (column + 2 > HELP_COLUMN) {
		bq_put_chr(s, '\n');
		column = 0;
	}
	for (; column < HELP_COLUMN; column++)
		bq_put_chr(s, ' ');
	bq_put_str(s, help);
	bq_put_chr(s, '\n');
}

void opt_help(struct bq_sink *s, const struct opt *table, const struct opt *before)
{
	const struct opt_set taken = {.table = {before}};

	for (const struct opt *o = table; o != NULL && o->words != NULL; o++) {
		const char *help = next_word(arg_of(o));
		bool free = find(&taken, o->words[0], bq_view_of(NULL, 0)) == NULL;

		if (*help != '\0')
			help_line(s, o, free ? o->words : "", help);
	}
}

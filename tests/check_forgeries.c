/* The corpus: each forgery of tests/vectors/forgeries.txt is refused by the
 * check that is listed for it before any other, and its genuine twin accepted. */
#include "forgery.h"

#define LIST      "forgeries.txt"
#define ANY       "*" /* some check, whichever it is */
#define LINES_MAX 512
#define AT_LEAST  100
#define TEXT_MAX  65536

void milan(struct forge *f)
{
	forge_begin(f, BQ_PRODUCT_MILAN, false);
}

void milan_vlek(struct forge *f)
{
	forge_begin(f, BQ_PRODUCT_MILAN, true);
}

void turin(struct forge *f)
{
	forge_begin(f, BQ_PRODUCT_TURIN, false);
}

/* --- the list --------------------------------------------------------------------- */

struct line {
	const char *name, *check, *what;
};

/* Cuts the next field off: up to the bar, without the spaces around it. */
static const char *cut(char **at)
{
	char *start = *at, *bar = strchr(start, '|'), *end;

	end = bar == NULL ? start + strlen(start) : bar;
	*at = bar == NULL ? end : bar + 1;
	start += strspn(start, " ");
	while (end > start && end[-1] == ' ')
		end--;
	*end = '\0';
	return start;
}

static size_t read_list(struct line lines[LINES_MAX])
{
	struct bq_view v = read_vector(LIST);
	char *text = must_alloc(v.n + 1), *line, *next;
	size_t n = 0;

	memcpy(text, v.p, v.n);
	text[v.n] = '\0';
	for (line = text; *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		if (*next != '\0')
			*next++ = '\0';
		if (*line == '#' || *line == '\0')
			continue;
		ck_assert_uint_lt(n, LINES_MAX);
		lines[n].name = cut(&line);
		lines[n].check = cut(&line);
		lines[n].what = cut(&line);
		ck_assert_msg(lines[n].what[0] != '\0' && *line == '\0', "%s: three fields",
			      lines[n].name);
		n++;
	}
	return n;
}

static const struct line *find_line(const struct line *lines, size_t n, const char *name)
{
	const struct line *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(lines[i].name, name) != 0)
			continue;
		ck_assert_msg(found == NULL, "%s is listed twice", name);
		found = &lines[i];
	}
	ck_assert_msg(found != NULL, "%s is not in " LIST, name);
	return found;
}

static const struct maker *const groups[] = {chain_makers,   leaf_makers,  report_makers,
					     runtime_makers, quote_makers, container_makers};

const struct maker *maker_at(int n)
{
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct maker *m = groups[g]; m->name != NULL; m++)
			if (n-- == 0)
				return m;
	return NULL;
}

static int makers(void)
{
	int n = 0;

	while (maker_at(n) != NULL)
		n++;
	return n;
}

static void is_made_once(const char *name)
{
	unsigned n = 0;

	for (int i = 0; maker_at(i) != NULL; i++)
		n += strcmp(maker_at(i)->name, name) == 0;
	ck_assert_msg(n == 1, "%s: %u makers", name, n);
}

START_TEST(list_and_makers_agree)
{
	struct line lines[LINES_MAX];
	size_t n = read_list(lines);
	struct bq_verdict v;
	struct forge f;

	ck_assert_uint_ge(n, AT_LEAST);
	milan(&f);
	forge_make(&f);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	for (size_t i = 0; i < n; i++) {
		is_made_once(lines[i].name);
		ck_assert_msg(strcmp(lines[i].check, ANY) == 0 ||
				      bq_verdict_check(&v, lines[i].check) != NULL,
			      "%s: no check is named %s", lines[i].name, lines[i].check);
	}
	for (int i = 0; maker_at(i) != NULL; i++)
		(void)find_line(lines, n, maker_at(i)->name);
}
END_TEST

/* --- making and verifying ------------------------------------------------------------ */

/* The evidence as JSON, and as what comes of reading that; false where it is
 * not read. */
static bool through_json(struct forge *f, const char *find, const char *put)
{
	struct bq_evidence_parts parts = {
		.hcl = f->ev.hcl,
		.quote_msg = f->ev.quote_msg,
		.quote_sig = f->ev.quote_sig,
		.pcrs = &f->ev.pcrs,
		.vcek_pem = f->ev.certs[0],
		.chain_pem = pem_of(forge_ca(f->product, SIM_ASK)),
	};
	char *text = must_alloc(TEXT_MAX);
	struct bq_sink_buf b;
	struct bq_view in;

	bq_sink_buf_init(&b, text, TEXT_MAX - 1);
	ck_assert_int_eq(bq_evidence_write(&b.s, f->ev.format, &parts), 0);
	text[b.n] = '\0';
	in = tight_copy(bq_view_str(put == NULL ? text : replaced(text, find, put)));
	return bq_evidence_parse_json(in, must_alloc(in.n), in.n, &f->ev, NULL, 0) == 0;
}

void maker_make(const struct maker *m, bool forged, struct forge *f)
{
	m->begin(f);
	f->arg = m->arg;
	f->text = m->text;
	if (forged && m->change != NULL)
		m->change(f);
	forge_make(f);
}

/* The first check that fails, NULL where none does. */
static const char *first_failure(const struct maker *m, struct forge *f, bool forged,
				 struct bq_verdict *v)
{
	const struct bq_check *c;

	v->n = 0; /* there is no verdict over a container that does not parse */
	if (m->find != NULL && !through_json(f, m->find, forged ? m->put : NULL))
		return "input.format";
	if (forge_verify(f, v) != 0)
		assert_result(v, "input.format", BQ_FAIL);
	c = bq_verdict_first_failure(v);
	ck_assert_int_eq(v->accepted, c == NULL);
	return c == NULL ? NULL : c->name;
}

static const char *detail(const struct bq_verdict *v)
{
	const struct bq_check *c = bq_verdict_first_failure(v);

	return c == NULL ? "no verdict" : c->detail;
}

static void twin_is_accepted(const struct maker *m)
{
	struct bq_verdict v;
	struct forge f;
	const char *failed;

	maker_make(m, false, &f);
	failed = first_failure(m, &f, false, &v);
	if (failed != NULL)
		ck_abort_msg("the twin of %s fails %s: %s", m->name, failed, detail(&v));
}

static void is_refused(const struct maker *m, struct forge *f, const struct line *line)
{
	struct bq_verdict v;
	const char *failed = first_failure(m, f, true, &v);

	if (failed == NULL)
		ck_abort_msg("%s (%u) is ACCEPTED: %s", m->name, f->variant, line->what);
	if (strcmp(line->check, ANY) != 0 && strcmp(failed, line->check) != 0)
		ck_abort_msg("%s (%u) fails %s (%s), not %s", m->name, f->variant, failed,
			     detail(&v), line->check);
}

START_TEST(forgery_and_twin)
{
	const struct maker *m = maker_at(_i);
	struct line lines[LINES_MAX];
	const struct line *line;
	struct forge made, f;

	ck_assert_ptr_nonnull(m);
	line = find_line(lines, read_list(lines), m->name);
	ck_assert_msg(m->change != NULL || m->spoil != NULL || m->put != NULL, "%s: no forgery",
		      m->name);
	twin_is_accepted(m);
	maker_make(m, true, &made);
	for (unsigned i = 0; i < m->variants || i == 0; i++) {
		f = made;
		f.variant = i;
		if (m->spoil != NULL)
			m->spoil(&f);
		is_refused(m, &f, line);
	}
	EVP_PKEY_free(made.own_key);
}
END_TEST

static void setup(void)
{
	forge_keys();
	(void)attackers_ak();
}

Suite *suite_forgeries(void)
{
	Suite *s = suite_create("forgeries");
	TCase *tc = tcase_create("forgeries");

	tcase_set_timeout(tc, 300);
	tcase_add_unchecked_fixture(tc, setup, NULL);
	tcase_add_test(tc, list_and_makers_agree);
	tcase_add_loop_test(tc, forgery_and_twin, 0, makers());
	suite_add_tcase(s, tc);
	return s;
}

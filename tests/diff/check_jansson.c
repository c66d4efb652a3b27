/* Our JSON reader beside jansson: the same texts accepted, the same values in them,
 * or the difference has a reason that is named here. */
#include "json_make.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAP    16384
#define FOLDER "../shared/vectors/json"

/* --- the same values -------------------------------------------------------- */

static void same(struct bq_json ours, json_t *theirs);

static size_t decoded(struct bq_json j, char *to)
{
	size_t n;

	ck_assert_int_eq(bq_json_text(j, to, CAP, &n), 0);
	return n;
}

static void same_string(struct bq_json ours, const json_t *theirs)
{
	char text[CAP];
	size_t n = decoded(ours, text);

	ck_assert_int_eq(bq_json_type(ours), BQ_JSON_STRING);
	ck_assert_uint_eq(n, json_string_length(theirs));
	ck_assert_mem_eq(text, json_string_value(theirs), n);
}

static void same_integer(struct bq_json ours, const json_t *theirs)
{
	json_int_t x = json_integer_value(theirs);
	uint64_t mine;
	int e = bq_json_u64(ours, UINT64_MAX, &mine);

	ck_assert_int_eq(bq_json_type(ours), BQ_JSON_NUMBER);
	if (ours.raw.p[0] == '-') {
		ck_assert_int_eq(e, BQ_E_RANGE);
		return;
	}
	ck_assert_int_eq(e, 0);
	ck_assert_uint_eq(mine, (uint64_t)x);
	if (x > 0)
		ck_assert_int_eq(bq_json_u64(ours, (uint64_t)x - 1, &mine), BQ_E_RANGE);
}

static void same_real(struct bq_json ours)
{
	uint64_t mine;

	ck_assert_int_eq(bq_json_type(ours), BQ_JSON_NUMBER);
	ck_assert_int_eq(bq_json_u64(ours, UINT64_MAX, &mine), BQ_E_JSON_TYPE);
}

static void same_array(struct bq_json ours, const json_t *theirs)
{
	struct bq_json_iter it;
	struct bq_json key, value;
	size_t n = 0, counted;

	ck_assert_int_eq(bq_json_type(ours), BQ_JSON_ARRAY);
	ck_assert_int_eq(bq_json_count(ours, &counted), 0);
	ck_assert_uint_eq(counted, json_array_size(theirs));
	ck_assert_int_eq(bq_json_iter(ours, &it), 0);
	for (; bq_json_next(&it, &key, &value); n++)
		same(value, json_array_get(theirs, n));
	ck_assert_uint_eq(n, counted);
}

static void same_object(struct bq_json ours, const json_t *theirs)
{
	struct bq_json_iter it;
	struct bq_json key, value;
	char name[CAP];
	size_t n = 0;

	ck_assert_int_eq(bq_json_type(ours), BQ_JSON_OBJECT);
	ck_assert_int_eq(bq_json_unique(ours), 0);
	ck_assert_int_eq(bq_json_iter(ours, &it), 0);
	for (; bq_json_next(&it, &key, &value); n++) {
		size_t len = decoded(key, name);

		same(value, json_object_getn(theirs, name, len));
	}
	ck_assert_uint_eq(n, json_object_size(theirs));
}

static void same(struct bq_json ours, json_t *theirs)
{
	bool yes;

	ck_assert_ptr_nonnull(theirs);
	switch (json_typeof(theirs)) {
	case JSON_OBJECT:
		same_object(ours, theirs);
		break;
	case JSON_ARRAY:
		same_array(ours, theirs);
		break;
	case JSON_STRING:
		same_string(ours, theirs);
		break;
	case JSON_INTEGER:
		same_integer(ours, theirs);
		break;
	case JSON_REAL:
		same_real(ours);
		break;
	case JSON_NULL:
		ck_assert_int_eq(bq_json_type(ours), BQ_JSON_NULL);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		ck_assert_int_eq(bq_json_bool(ours, &yes), 0);
		ck_assert_int_eq(yes, json_is_true(theirs));
		break;
	}
}

/* --- why not ---------------------------------------------------------------- */

static bool is_duplicate(struct bq_json j)
{
	return bq_json_unique(j) == BQ_E_JSON_DUPLICATE;
}

static bool is_lone_surrogate(struct bq_json j)
{
	char text[CAP];
	size_t n;

	return bq_json_text(j, text, sizeof(text), &n) == BQ_E_JSON_UTF8;
}

static bool has_nul(struct bq_json j)
{
	char text[CAP];
	size_t n;

	return bq_json_text(j, text, sizeof(text), &n) == 0 && memchr(text, 0, n) != NULL;
}

/* Over a double with a fraction or exponent, over a long long without. */
static bool is_too_big(struct bq_json j)
{
	char text[CAP + 1];

	if (bq_json_type(j) != BQ_JSON_NUMBER)
		return false;
	memcpy(text, j.raw.p, j.raw.n);
	text[j.raw.n] = '\0';
	errno = 0;
	if (strpbrk(text, ".eE") != NULL)
		return isinf(strtod(text, NULL));
	return strtoll(text, NULL, 10) != 0 && errno == ERANGE;
}

enum where {
	ANYWHERE,
	IN_NAMES
};

/* Whether that is so of any value in j, or of any name. */
static bool anywhere(struct bq_json j, enum where w, bool (*is)(struct bq_json))
{
	struct bq_json_iter it;
	struct bq_json key, value;

	if (w == ANYWHERE && is(j))
		return true;
	if (bq_json_iter(j, &it) != 0)
		return false;
	while (bq_json_next(&it, &key, &value))
		if ((key.raw.n != 0 && is(key)) || anywhere(value, w, is))
			return true;
	return false;
}

/* What jansson refuses, and what must then be in the text. */
static const struct {
	enum json_error_code code;
	enum where where;
	bool (*is)(struct bq_json);
	const char *why;
} reasons[] = {
	{json_error_duplicate_key, ANYWHERE, is_duplicate,
	 "only ours: a name twice; bq_json_member() refuses it"},
	{json_error_null_byte_in_key, IN_NAMES, has_nul, "only ours: U+0000 in a name"},
	{json_error_numeric_overflow, ANYWHERE, is_too_big,
	 "only ours: a number too big for C's types; bq_json_u64() has a limit"},
	{json_error_invalid_syntax, ANYWHERE, is_lone_surrogate,
	 "only ours: half a surrogate pair; bq_json_text() refuses it"},
};

static const char *why_only_ours(struct bq_json j, const json_error_t *theirs)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].code == json_error_code(theirs) &&
		    anywhere(j, reasons[i].where, reasons[i].is))
			return reasons[i].why;
	return NULL;
}

/* jansson ends a number or a word at a NUL, puts it back, and never sees it again. */
static bool passes_without_nul(struct bq_view text)
{
	uint8_t *p = must_alloc(text.n + 1);
	struct bq_json j;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != 0)
			p[n++] = text.p[i];
	return n < text.n && bq_json_parse(bq_view_of(p, n), &j) == 0;
}

static const char *why_only_theirs(struct bq_view text, int e)
{
	if (e == BQ_E_JSON_DEPTH)
		return "only theirs: too deep for ours";
	return passes_without_nul(text) ? "only theirs: NUL after a number or a word" : NULL;
}

/* --- over many texts -------------------------------------------------------- */

static void compare(struct tally *t, const uint8_t *p, size_t n)
{
	struct bq_view text = tight_copy(bq_view_of(p, n));
	struct bq_json ours;
	json_error_t error;
	int e = bq_json_parse(text, &ours);
	json_t *theirs =
		json_loadb((const char *)text.p, text.n,
			   JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
	const char *why;

	if (e == 0 && theirs != NULL) {
		same(ours, theirs);
		t->both++;
	} else if (e != 0 && theirs == NULL) {
		t->neither++;
	} else {
		why = e == 0 ? why_only_ours(ours, &error) : why_only_theirs(text, e);
		ck_assert_msg(why != NULL, "only %s: %.*s: %s", e == 0 ? "ours" : "theirs",
			      (int)text.n, (const char *)text.p, e == 0 ? error.text : "");
		tally_only(t, why);
	}
	json_decref(theirs);
}

/* Another character of the grammar, or any other damage. */
static size_t hurt(uint8_t *p, size_t n)
{
	static const char grammar[] = "{}[],:\"\\/truefalsn0123456789.-+eE \n";

	if (n == 0 || below(2) == 0)
		return damage(p, n, CAP);
	p[below((uint32_t)n)] = (uint8_t)grammar[below(sizeof(grammar) - 1)];
	return n;
}

START_TEST(generated)
{
	struct tally t = {.name = "JSON, generated"};
	uint8_t p[CAP];

	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t n = make_json(p, sizeof(p));

		for (uint32_t times = i % 2 == 0 ? 0 : 1 + below(2); times > 0; times--)
			n = hurt(p, n);
		compare(&t, p, n);
	}
	tally_print(&t);
	ck_assert_uint_gt(t.both, ROUNDS / 4);
	ck_assert_uint_gt(t.neither, ROUNDS / 8);
}
END_TEST

/* Each as it is, then damaged; those over CAP are deeper than either takes. */
START_TEST(suite_and_damaged)
{
	struct tally t = {.name = "JSON, the public suite"};
	DIR *dir = opendir(FOLDER);
	uint8_t p[CAP];

	ck_assert_ptr_nonnull(dir);
	for (const struct dirent *d; (d = readdir(dir)) != NULL;) {
		char name[300];
		struct bq_view v;

		if (strstr(d->d_name, ".json") == NULL)
			continue;
		snprintf(name, sizeof(name), "json/%s", d->d_name);
		v = read_capture(name);
		compare(&t, v.p, v.n);
		for (unsigned i = 0; i < ROUNDS / 200 && v.n <= CAP; i++) {
			memcpy(p, v.p, v.n);
			compare(&t, p, hurt(p, v.n));
		}
	}
	closedir(dir);
	tally_print(&t);
	ck_assert_uint_gt(t.both, 100);
}
END_TEST

Suite *suite_jansson(void)
{
	Suite *s = suite_create("jansson");
	TCase *tc = tcase_create("jansson");

	tcase_add_test(tc, generated);
	tcase_add_capture_test(tc, suite_and_damaged);
	suite_add_tcase(s, tc);
	return s;
}

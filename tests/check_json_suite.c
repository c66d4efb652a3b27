/* A public suite of JSON texts, whose names say what is to be done with them:
 * y_ accept, n_ refuse, i_ either. Nothing here may read past a text. */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER   "../shared/vectors/json"
#define SMALL    2048  /* bytes: cut at each of them */
#define DOCUMENT 65536 /* bytes that a document written again may have */

static void for_each_text(void (*f)(const char *name, struct bq_view text))
{
	DIR *dir = opendir(FOLDER);
	unsigned n = 0;

	ck_assert_msg(dir != NULL, "cannot open " FOLDER);
	for (const struct dirent *d; (d = readdir(dir)) != NULL;) {
		char name[300];

		if (strstr(d->d_name, ".json") == NULL)
			continue;
		snprintf(name, sizeof(name), "json/%s", d->d_name);
		f(d->d_name, read_capture(name));
		n++;
	}
	closedir(dir);
	ck_assert_uint_ge(n, 300);
}

/* --- what the names say ----------------------------------------------------- */

static void expect_by_name(const char *name, struct bq_view text)
{
	struct bq_json j = {VIEW("untouched")};
	int e = bq_json_parse(tight_copy(text), &j);

	if (e != 0)
		ck_assert_view_eq(j.raw, VIEW("untouched"));
	ck_assert_msg(name[0] != 'y' || e == 0, "%s: %s", name, bq_strerror(e));
	ck_assert_msg(name[0] != 'n' || e != 0, "%s was accepted", name);
	ck_assert_msg(e == 0 || e == BQ_E_JSON_SYNTAX || e == BQ_E_JSON_UTF8 ||
			      e == BQ_E_JSON_DEPTH,
		      "%s: %s", name, bq_strerror(e));
}

START_TEST(accepted_and_refused_by_name)
{
	for_each_text(expect_by_name);
}
END_TEST

/* --- written again ---------------------------------------------------------- */

static bool inside(struct bq_view part, struct bq_view whole)
{
	return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

/* A string with its escapes, or, where it is no text, as it was spelt. */
static void rewrite_string(struct bq_jw *w, const char *key, struct bq_json j)
{
	static uint8_t text[DOCUMENT];
	size_t n;

	if (bq_json_text(j, text, sizeof(text), &n) == 0)
		bq_jw_chars(w, key, bq_view_of(text, n));
	else
		bq_jw_raw(w, key, j.raw);
}

/* Goes through all of a value and writes it again. Names are written as values
 * before theirs, since the writer takes names only as C strings. */
static void rewrite(struct bq_jw *w, struct bq_json j)
{
	struct bq_json_iter it;
	struct bq_json key, value;
	size_t n = 0, count;

	if (bq_json_type(j) == BQ_JSON_STRING)
		rewrite_string(w, NULL, j);
	else if (bq_json_iter(j, &it) != 0)
		bq_jw_raw(w, NULL, j.raw);
	else {
		bq_jw_array(w, NULL);
		for (; bq_json_next(&it, &key, &value); n++) {
			ck_assert(inside(value.raw, j.raw));
			ck_assert(!it.object || inside(key.raw, j.raw));
			if (it.object)
				rewrite(w, key);
			rewrite(w, value);
		}
		bq_jw_end_array(w);
		if (!it.object) {
			ck_assert_int_eq(bq_json_count(j, &count), 0);
			ck_assert_uint_eq(count, n);
		}
	}
}

static struct bq_view rewritten(struct bq_json j, uint8_t *buf)
{
	struct bq_sink_buf b;
	struct bq_jw w;

	bq_sink_buf_init(&b, buf, DOCUMENT);
	bq_jw_init(&w, &b.s, 1);
	rewrite(&w, j);
	ck_assert_int_eq(b.s.err, 0);
	return bq_view_of(buf, b.n);
}

/* What is written from a document parses, and written from that is the same. */
static void rewrite_twice(const char *name, struct bq_view text)
{
	static uint8_t first[DOCUMENT], second[DOCUMENT];
	struct bq_view once, twice;
	struct bq_json j;

	if (bq_json_parse(tight_copy(text), &j) != 0)
		return;
	once = rewritten(j, first);
	ck_assert_msg(bq_json_parse(once, &j) == 0, "%s: %.*s", name, (int)once.n,
		      (const char *)once.p);
	twice = rewritten(j, second);
	ck_assert_view_eq(twice, once);
}

START_TEST(written_again_is_the_same)
{
	for_each_text(rewrite_twice);
}
END_TEST

/* --- cut short -------------------------------------------------------------- */

/* Every prefix is read without a crash; one that lacks a byte of an array, an
 * object or a string is refused. */
static void cut_at_each_byte(const char *name, struct bq_view text)
{
	static uint8_t buf[DOCUMENT];
	struct bq_json whole = {{NULL, 0}}, j;
	size_t end = 0;

	if (text.n > SMALL)
		return;
	if (bq_json_parse(text, &whole) == 0 && bq_json_type(whole) >= BQ_JSON_STRING)
		end = (size_t)(whole.raw.p - text.p) + whole.raw.n;
	for (size_t n = 0; n < text.n; n++) {
		uint8_t *cut = malloc(n + 1);
		int e;

		ck_assert_ptr_nonnull(cut);
		memcpy(cut + 1, text.p, n);
		e = bq_json_parse(bq_view_of(cut + 1, n), &j);
		if (e == 0)
			rewritten(j, buf);
		ck_assert_msg(end == 0 || (e == 0) == (n >= end), "%s cut at %zu", name, n);
		free(cut);
	}
}

START_TEST(cut_at_each_byte_of_each_text)
{
	for_each_text(cut_at_each_byte);
}
END_TEST

Suite *suite_json_suite(void)
{
	Suite *s = suite_create("json_suite");
	TCase *tc = tcase_create("json_suite");

	tcase_add_capture_test(tc, accepted_and_refused_by_name);
	tcase_add_capture_test(tc, written_again_is_the_same);
	tcase_add_capture_test(tc, cut_at_each_byte_of_each_text);
	suite_add_tcase(s, tc);
	return s;
}

/* What is got from a document that has been checked. */
#include "support.h"

static struct bq_json parsed_view(struct bq_view text)
{
	struct bq_json j = {{NULL, 0}};

	ck_assert_msg(bq_json_parse(tight_copy(text), &j) == 0, "%.*s", (int)text.n,
		      (const char *)text.p);
	return j;
}

static struct bq_json parsed(const char *text)
{
	return parsed_view(bq_view_str(text));
}

static struct bq_json untouched(void)
{
	return (struct bq_json){VIEW("untouched")};
}

/* One of each type, in the order of enum bq_json_type. */
static const char *const one_of_each[] = {"null", "true", "1", "\"s\"", "[]", "{}"};

#define TYPES (int)(sizeof(one_of_each) / sizeof(one_of_each[0]))

START_TEST(types_and_who_takes_them)
{
	enum bq_json_type type = (enum bq_json_type)_i;
	struct bq_json j = parsed(one_of_each[_i]), out = untouched();
	struct bq_json_iter it = {.rest = VIEW("untouched")};
	struct bq_view chars = VIEW("untouched");
	size_t n = 77;
	bool b = true;
	uint64_t x = 77;
	uint8_t buf[8];

#define ck_takes(type_is_right, call, otherwise)                                                   \
	ck_assert_int_eq(call, (type_is_right) ? (otherwise) : BQ_E_JSON_TYPE)
	ck_assert_int_eq(bq_json_type(j), type);
	ck_takes(type == BQ_JSON_BOOL, bq_json_bool(j, &b), 0);
	ck_takes(type == BQ_JSON_NUMBER, bq_json_u64(j, 9, &x), 0);
	ck_takes(type == BQ_JSON_STRING, bq_json_chars(j, &chars), 0);
	ck_takes(type == BQ_JSON_STRING, bq_json_hex(j, buf, sizeof(buf), &n), BQ_E_HEX);
	ck_takes(type == BQ_JSON_STRING, bq_json_b64(j, buf, sizeof(buf), &n), BQ_E_BASE64);
	ck_assert_uint_eq(n, 77);
	ck_takes(type == BQ_JSON_OBJECT, bq_json_member(j, "a", &out), BQ_E_JSON_MISSING);
	ck_takes(type == BQ_JSON_OBJECT, bq_json_unique(j), 0);
	ck_takes(type == BQ_JSON_ARRAY, bq_json_count(j, &n), 0);
	ck_takes(type == BQ_JSON_OBJECT || type == BQ_JSON_ARRAY, bq_json_iter(j, &it), 0);
	ck_assert_int_eq(bq_json_is(j, "s"), type == BQ_JSON_STRING);
	ck_assert_view_eq(out.raw, VIEW("untouched"));
	ck_assert(b);
	if (type != BQ_JSON_NUMBER)
		ck_assert_uint_eq(x, 77);
	if (type != BQ_JSON_STRING)
		ck_assert_view_eq(chars, VIEW("untouched"));
	if (type != BQ_JSON_ARRAY)
		ck_assert_uint_eq(n, 77);
}
END_TEST

/* A value that is not there, as optional members are, is of no use to anyone. */
START_TEST(nothing_is_null)
{
	struct bq_json none = {{NULL, 0}}, out;
	struct bq_json_iter it;
	size_t n;
	uint8_t buf[1];

	ck_assert_int_eq(bq_json_type(none), BQ_JSON_NULL);
	ck_assert_int_eq(bq_json_iter(none, &it), BQ_E_JSON_TYPE);
	ck_assert_int_eq(bq_json_member(none, "a", &out), BQ_E_JSON_TYPE);
	ck_assert_int_eq(bq_json_text(none, buf, sizeof(buf), &n), BQ_E_JSON_TYPE);
	ck_assert(!bq_json_is(none, ""));
}
END_TEST

/* --- arrays and objects ----------------------------------------------------- */

START_TEST(arrays_in_order)
{
	static const char *const elements[] = {"1", "\"a,]\"", "[ 2 , [3] ]", "{\"b\":[]}", "null"};
	struct bq_json j = parsed(" [ 1 ,\n\"a,]\", [ 2 , [3] ],{\"b\":[]}\t,null ] ");
	struct bq_json key, value;
	struct bq_json_iter it;
	size_t n;

	ck_assert_int_eq(bq_json_iter(j, &it), 0);
	for (size_t i = 0; i < 5; i++) {
		key = untouched();
		ck_assert(bq_json_next(&it, &key, &value));
		ck_assert_uint_eq(key.raw.n, 0);
		ck_assert_view_eq(value.raw, bq_view_str(elements[i]));
	}
	value = untouched();
	ck_assert(!bq_json_next(&it, &key, &value));
	ck_assert(!bq_json_next(&it, &key, &value));
	ck_assert_view_eq(value.raw, VIEW("untouched"));
	ck_assert_int_eq(bq_json_count(j, &n), 0);
	ck_assert_uint_eq(n, 5);
}
END_TEST

START_TEST(objects_in_order)
{
	struct bq_json j = parsed("{ \"b\" : 1 , \"a\\\"\":{\"x\":2},\"\":[ ]\n}"), key, value;
	struct bq_json_iter it;

	ck_assert_int_eq(bq_json_iter(j, &it), 0);
	ck_assert(bq_json_next(&it, &key, &value));
	ck_assert_view_eq(key.raw, VIEW("\"b\""));
	ck_assert_view_eq(value.raw, VIEW("1"));
	ck_assert(bq_json_next(&it, &key, &value));
	ck_assert(bq_json_is(key, "a\""));
	ck_assert_view_eq(value.raw, VIEW("{\"x\":2}"));
	ck_assert(bq_json_next(&it, &key, &value));
	ck_assert(bq_json_is(key, ""));
	ck_assert_view_eq(value.raw, VIEW("[ ]"));
	ck_assert(!bq_json_next(&it, &key, &value));
}
END_TEST

START_TEST(empty_ones_end_at_once)
{
	static const char *const empty[] = {"[]", "[ \n ]", "{}", "{\t}"};
	struct bq_json key, value;
	struct bq_json_iter it;
	size_t n = 77;

	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(bq_json_iter(parsed(empty[i]), &it), 0);
		ck_assert(!bq_json_next(&it, &key, &value));
	}
	ck_assert_int_eq(bq_json_count(parsed("[ ]"), &n), 0);
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(members_by_name)
{
	struct bq_json j =
		parsed("{\"a\":1,\"b\":{\"c\":3},\"\\u0064\\u00e9\":4,\"\":5,\"a\\u0000\":6}");
	struct bq_json out = untouched();

	ck_assert_int_eq(bq_json_member(j, "a", &out), 0);
	ck_assert_view_eq(out.raw, VIEW("1"));
	ck_assert_int_eq(bq_json_member(j, "d\xc3\xa9", &out), 0);
	ck_assert_view_eq(out.raw, VIEW("4"));
	ck_assert_int_eq(bq_json_member(j, "", &out), 0);
	ck_assert_view_eq(out.raw, VIEW("5"));
	/* Neither a member's member, nor the beginning of a name, nor its spelling. */
	out = untouched();
	ck_assert_int_eq(bq_json_member(j, "c", &out), BQ_E_JSON_MISSING);
	ck_assert_int_eq(bq_json_member(j, "d", &out), BQ_E_JSON_MISSING);
	ck_assert_int_eq(bq_json_member(j, "aa", &out), BQ_E_JSON_MISSING);
	ck_assert_int_eq(bq_json_member(j, "\\u0064\\u00e9", &out), BQ_E_JSON_MISSING);
	ck_assert_view_eq(out.raw, VIEW("untouched"));
}
END_TEST

START_TEST(duplicate_members)
{
	static const char *const twice[] = {
		"{\"ab\":1,\"ab\":1}", "{\"ab\":1,\"c\":2,\"\\u0061b\":1}",
		"{\"\\u0061\\u0062\":1,\"a\\u0062\":2}", "{\"x\":0,\"ab\":{},\"ab\":[],\"ab\":0}"};
	struct bq_json out = untouched();

	for (size_t i = 0; i < 4; i++) {
		struct bq_json j = parsed(twice[i]);

		ck_assert_int_eq(bq_json_member(j, "ab", &out), BQ_E_JSON_DUPLICATE);
		ck_assert_view_eq(out.raw, VIEW("untouched"));
		ck_assert_int_eq(bq_json_unique(j), BQ_E_JSON_DUPLICATE);
		ck_assert_int_eq(bq_json_member(j, "z", &out), BQ_E_JSON_MISSING);
	}
}
END_TEST

START_TEST(unique_names)
{
	static const char *const same[] = {
		"{\"\":1,\"\":2}",
		"{\"/\":1,\"\\/\":2}",
		"{\"\\n\":1,\"\\u000a\":2}",
		"{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}",
		"{\"\\uD83D\\uDE00\":1,\"\\ud83d\\ude00\":2}",
		"{\"\\ud800\":1,\"\\uD800\":2}",
		"{\"\\u00e9\":1,\"\xc3\xa9\":2}",
	};
	static const char *const different[] = {
		"{}",
		"{\"a\":1,\"b\":1}",
		"{\"a\":1,\"A\":1}",
		"{\"a\":1,\"a\\u0000\":1,\"a\\u0000\\u0000\":1}",
		"{\"\\\\u0061\":1,\"a\":1}",
		"{\"\\ud800\":1,\"\\ud800\\udc00\":1,\"\\udc00\":1,\"\\udc00\\ud800\":1}",
		"{\"a\":{\"b\":1,\"c\":1},\"b\":1,\"c\":[{\"b\":1}]}",
		/* the same letter, composed and not: names are compared by character */
		"{\"\\u00e9\":1,\"e\\u0301\":1}",
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		ck_assert_msg(bq_json_unique(parsed(same[i])) == BQ_E_JSON_DUPLICATE, "%s",
			      same[i]);
	for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++)
		ck_assert_msg(bq_json_unique(parsed(different[i])) == 0, "%s", different[i]);
}
END_TEST

/* An object of n members with names k0, k1, ..., and the last named last. */
static struct bq_json object_of(unsigned n, unsigned last)
{
	static char text[8192];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	for (unsigned i = 0; i < n; i++) {
		bq_put_str(&b.s, i == 0 ? "{\"k" : ",\"k");
		bq_put_u64(&b.s, i == n - 1 ? last : i);
		bq_put_str(&b.s, "\":0");
	}
	bq_put_chr(&b.s, '}');
	ck_assert_int_eq(b.s.err, 0);
	return parsed_view(bq_view_of(text, b.n));
}

START_TEST(unique_has_a_limit)
{
	ck_assert_int_eq(bq_json_unique(object_of(256, 255)), 0);
	ck_assert_int_eq(bq_json_unique(object_of(256, 0)), BQ_E_JSON_DUPLICATE);
	ck_assert_int_eq(bq_json_unique(object_of(256, 254)), BQ_E_JSON_DUPLICATE);
	ck_assert_int_eq(bq_json_unique(object_of(257, 256)), BQ_E_RANGE);
	ck_assert_int_eq(bq_json_unique(object_of(600, 599)), BQ_E_RANGE);
}
END_TEST

START_TEST(unique_compares_names_of_some_length)
{
	char text[300];

	for (size_t n = 255; n <= 257; n++) {
		struct bq_sink_buf b;

		bq_sink_buf_init(&b, text, sizeof(text));
		bq_put_str(&b.s, "{\"");
		for (size_t i = 0; i < n; i++)
			bq_put_chr(&b.s, 'a');
		bq_put_str(&b.s, "\":0}");
		ck_assert_int_eq(bq_json_unique(parsed_view(bq_view_of(text, b.n))),
				 n <= 256 ? 0 : BQ_E_RANGE);
	}
}
END_TEST

/* --- scalars ---------------------------------------------------------------- */

START_TEST(booleans)
{
	bool b = false;

	ck_assert_int_eq(bq_json_bool(parsed("true"), &b), 0);
	ck_assert(b);
	ck_assert_int_eq(bq_json_bool(parsed("false"), &b), 0);
	ck_assert(!b);
}
END_TEST

START_TEST(integers)
{
	static const struct {
		const char *text;
		uint64_t max;
		int expected;
		uint64_t value;
	} rows[] = {
		{"0", 0, 0, 0},
		{"255", 255, 0, 255},
		{"256", 255, BQ_E_RANGE, 0},
		{"18446744073709551615", UINT64_MAX, 0, UINT64_MAX},
		{"18446744073709551616", UINT64_MAX, BQ_E_RANGE, 0},
		{"100000000000000000000000000", UINT64_MAX, BQ_E_RANGE, 0},
		{"-1", UINT64_MAX, BQ_E_RANGE, 0},
		{"-0", UINT64_MAX, BQ_E_RANGE, 0},
		{"1.0", UINT64_MAX, BQ_E_JSON_TYPE, 0},
		{"1e1", UINT64_MAX, BQ_E_JSON_TYPE, 0},
		{"1E1", UINT64_MAX, BQ_E_JSON_TYPE, 0},
		{"\"1\"", UINT64_MAX, BQ_E_JSON_TYPE, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t x = 77;

		ck_assert_msg(bq_json_u64(parsed(rows[i].text), rows[i].max, &x) ==
				      rows[i].expected,
			      "%s", rows[i].text);
		ck_assert_uint_eq(x, rows[i].expected == 0 ? rows[i].value : 77);
	}
}
END_TEST

Suite *suite_json_value(void)
{
	Suite *s = suite_create("json_value");
	TCase *tc = tcase_create("json_value");

	tcase_add_loop_test(tc, types_and_who_takes_them, 0, TYPES);
	tcase_add_test(tc, nothing_is_null);
	tcase_add_test(tc, arrays_in_order);
	tcase_add_test(tc, objects_in_order);
	tcase_add_test(tc, empty_ones_end_at_once);
	tcase_add_test(tc, members_by_name);
	tcase_add_test(tc, duplicate_members);
	tcase_add_test(tc, unique_names);
	tcase_add_test(tc, unique_has_a_limit);
	tcase_add_test(tc, unique_compares_names_of_some_length);
	tcase_add_test(tc, booleans);
	tcase_add_test(tc, integers);
	suite_add_tcase(s, tc);
	return s;
}

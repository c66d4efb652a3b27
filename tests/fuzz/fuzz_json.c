/* The JSON reader, and its writer over what it read. */
#include "fuzz.h"

#include <stdlib.h>

/* The characters of a string, written again, are the same characters. */
static void string(struct bq_json j)
{
	size_t cap = 12 * j.raw.n + 16, n, again_n;
	uint8_t *text = malloc(cap), *made = malloc(cap), *again = malloc(cap);
	struct bq_sink_buf b;
	struct bq_json back;
	struct bq_jw w;

	must(text != NULL && made != NULL && again != NULL);
	if (bq_json_text(j, text, cap, &n) == 0) {
		must(n <= j.raw.n);
		bq_sink_buf_init(&b, made, cap);
		bq_jw_init(&w, &b.s, 0);
		bq_jw_chars(&w, NULL, bq_view_of(text, n));
		must(b.s.err == 0 && bq_json_parse(bq_view_of(made, b.n), &back) == 0);
		must(bq_json_text(back, again, cap, &again_n) == 0);
		must(bq_view_eq(bq_view_of(text, n), bq_view_of(again, again_n)));
	}
	free(text);
	free(made);
	free(again);
}

static void put_b64(struct bq_jw *w, const char *key, struct bq_view data)
{
	bq_jw_b64(w, key, BQ_BASE64, data);
}

/* As bytes, in one of their spellings; and they are written as they were read. */
static void bytes(struct bq_json j, int (*read)(struct bq_json, void *, size_t, size_t *),
		  void (*write)(struct bq_jw *, const char *, struct bq_view))
{
	size_t cap = 4 * j.raw.n + 16, n, again_n;
	uint8_t *data = malloc(cap), *made = malloc(cap), *again = malloc(cap);
	struct bq_sink_buf b;
	struct bq_json back;
	struct bq_jw w;

	must(data != NULL && made != NULL && again != NULL);
	bq_sink_buf_init(&b, made, cap);
	bq_jw_init(&w, &b.s, 0);
	if (read(j, data, cap, &n) == 0) {
		write(&w, NULL, bq_view_of(data, n));
		must(b.s.err == 0 && bq_json_parse(bq_view_of(made, b.n), &back) == 0);
		must(read(back, again, cap, &again_n) == 0);
		must(bq_view_eq(bq_view_of(data, n), bq_view_of(again, again_n)));
	}
	free(data);
	free(made);
	free(again);
}

/* Each reader takes its type and no other. */
static void types(struct bq_json j)
{
	enum bq_json_type type = bq_json_type(j);
	uint64_t x;
	size_t n;
	bool yes;

	must((bq_json_bool(j, &yes) == 0) == (type == BQ_JSON_BOOL));
	must(bq_json_u64(j, UINT64_MAX, &x) != 0 || type == BQ_JSON_NUMBER);
	must((bq_json_count(j, &n) == 0) == (type == BQ_JSON_ARRAY));
	must(bq_json_unique(j) != 0 || type == BQ_JSON_OBJECT);
	must(!bq_json_is(j, "x") || type == BQ_JSON_STRING);
	bytes(j, bq_json_hex, bq_jw_hex);
	bytes(j, bq_json_b64, put_b64);
}

/* Null and booleans, in an object of their own. */
static void write_words(bool yes)
{
	uint8_t text[64];
	struct bq_json root, value;
	struct bq_sink_buf b;
	struct bq_jw w;
	bool back;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_jw_init(&w, &b.s, 2);
	bq_jw_object(&w, NULL);
	bq_jw_null(&w, "null");
	bq_jw_bool(&w, "bool", yes);
	bq_jw_end_object(&w);
	must(b.s.err == 0 && bq_json_parse(bq_view_of(text, b.n), &root) == 0);
	must(bq_json_member(root, "null", &value) == 0 && bq_json_type(value) == BQ_JSON_NULL);
	must(bq_json_member(root, "bool", &value) == 0 && bq_json_bool(value, &back) == 0);
	must(back == yes);
}

static void walk(struct bq_json j, struct bq_view in, unsigned depth)
{
	struct bq_json_iter it;
	struct bq_json key, value, alone;
	size_t n = 0, count;

	must(depth <= BQ_JSON_DEPTH);
	fuzz_within(j.raw, in);
	must(bq_json_parse(j.raw, &alone) == 0 && bq_view_eq(alone.raw, j.raw));
	types(j);
	if (bq_json_type(j) == BQ_JSON_STRING)
		string(j);
	if (bq_json_iter(j, &it) != 0)
		return;
	for (; bq_json_next(&it, &key, &value); n++) {
		if (key.raw.n != 0)
			string(key);
		walk(value, j.raw, depth + 1);
	}
	if (bq_json_count(j, &count) == 0)
		must(count == n);
	else
		(void)bq_json_unique(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n);
	struct bq_json root;

	if (bq_json_parse(in, &root) == 0)
		walk(root, in, 0);
	write_words(n % 2 != 0);
	return 0;
}

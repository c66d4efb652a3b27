/* JSON from outside, as a tree. It has been parsed, so its depth is bounded. */
#include "full_shown.h"

#define TEXT_MAX 512

static void show_children(struct shown *o, struct bq_json j)
{
	struct bq_json_iter it;
	struct bq_json key, value;
	char name[64];
	size_t n;

	if (bq_json_iter(j, &it) != 0)
		return;
	while (bq_json_next(&it, &key, &value)) {
		if (key.raw.n == 0) {
			show_json(o, NULL, value);
			continue;
		}
		if (bq_json_text(key, name, sizeof(name) - 1, &n) != 0)
			n = 0;
		for (size_t i = 0; i < n; i++)
			if (name[i] < 0x20 || name[i] > 0x7E)
				name[i] = '?';
		name[n] = '\0';
		show_json(o, n != 0 ? name : "(unprintable)", value);
	}
}

void show_json(struct shown *o, const char *key, struct bq_json j)
{
	char text[TEXT_MAX];
	size_t n;
	bool b;

	switch (bq_json_type(j)) {
	case BQ_JSON_OBJECT:
		shown_group(o, key);
		show_children(o, j);
		shown_end_group(o);
		return;
	case BQ_JSON_ARRAY:
		shown_list(o, key);
		show_children(o, j);
		shown_end_list(o);
		return;
	case BQ_JSON_BOOL:
		if (bq_json_bool(j, &b) == 0)
			shown_bool(o, key, b);
		return;
	case BQ_JSON_STRING:
		if (bq_json_text(j, text, sizeof(text), &n) == 0)
			shown_chars(o, key, bq_view_of(text, n));
		else
			shown_chars(o, key, j.raw);
		return;
	case BQ_JSON_NULL:
	case BQ_JSON_NUMBER:
		break;
	}
	if (o->json)
		bq_jw_raw(&o->jw, key, j.raw);
	else
		shown_chars(o, key, j.raw);
}

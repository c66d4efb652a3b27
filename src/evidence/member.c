/* One member of a container: its bytes, in whichever form they are spelt. */
#include "read.h"

static int decode_ints(struct bq_ev_reader *r, struct bq_json j, uint8_t *dst, size_t cap,
		       size_t *n)
{
	struct bq_json_iter it;
	struct bq_json key, value;
	uint64_t byte;
	size_t made = 0;
	int e;

	if (bq_json_type(j) != BQ_JSON_ARRAY)
		return BQ_E_JSON_TYPE;
	if ((e = bq_json_iter(j, &it)) != 0)
		return e;
	for (; bq_json_next(&it, &key, &value); made++) {
		if (made == cap)
			return BQ_E_SPACE;
		if ((e = bq_json_u64(value, UINT8_MAX, &byte)) != 0) {
			r->has_index = true;
			r->index = made;
			return e;
		}
		dst[made] = (uint8_t)byte;
	}
	*n = made;
	return 0;
}

int bq_ev_decode(struct bq_ev_reader *r, struct bq_json j, enum bq_ev_form form, uint8_t *dst,
		 size_t cap, size_t *n)
{
	switch (form) {
	case BQ_EV_HEX:
		return bq_json_hex(j, dst, cap, n);
	case BQ_EV_BASE64:
		return bq_json_b64(j, dst, cap, n);
	case BQ_EV_INTS:
		return decode_ints(r, j, dst, cap, n);
	case BQ_EV_TEXT:
		return bq_json_text(j, dst, cap, n);
	}
	return BQ_E_ARG;
}

int bq_ev_member(struct bq_ev_reader *r, struct bq_json object, const char *name,
		 enum bq_ev_form form, struct bq_view *out)
{
	struct bq_json j;
	size_t n;
	int e;

	r->name = name;
	r->has_index = false;
	if ((e = bq_json_member(object, name, &j)) != 0)
		return e;
	if ((e = bq_ev_decode(r, j, form, &r->work[r->used], r->cap - r->used, &n)) != 0)
		return e;
	if (n == 0)
		return BQ_E_SHORT;
	*out = bq_view_of(&r->work[r->used], n);
	r->used += n;
	return 0;
}

int bq_ev_optional(struct bq_ev_reader *r, struct bq_json object, const char *name,
		   enum bq_ev_form form, struct bq_view *out)
{
	int e = bq_ev_member(r, object, name, form, out);

	if (e != BQ_E_JSON_MISSING)
		return e;
	*out = bq_view_of(NULL, 0);
	return 0;
}

void bq_ev_put_path(const struct bq_ev_reader *r, char *where, size_t cap)
{
	struct bq_sink_buf b;

	if (where == NULL || cap == 0)
		return;
	bq_sink_buf_init(&b, where, cap - 1);
	if (r->outer != NULL)
		bq_put_str(&b.s, r->outer);
	if (r->outer != NULL && r->name != NULL)
		bq_put_chr(&b.s, '.');
	if (r->name != NULL)
		bq_put_str(&b.s, r->name);
	if (r->has_index) {
		bq_put_chr(&b.s, '[');
		bq_put_u64(&b.s, r->index);
		bq_put_chr(&b.s, ']');
	}
	where[b.n] = '\0';
}

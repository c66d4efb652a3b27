/* Readers and writers. Every bounds check compares with what remains and never
 * forms a pointer first. */
#include <barequote/bytes.h>

#include <string.h>

struct bq_view bq_view_of(const void *p, size_t n)
{
	return (struct bq_view){.p = p, .n = n};
}

struct bq_view bq_view_str(const char *s)
{
	return bq_view_of(s, strlen(s));
}

bool bq_view_eq(struct bq_view a, struct bq_view b)
{
	size_t i = 0;

	if (a.n != b.n)
		return false;
	/*@ loop invariant 0 <= i <= a.n;
	  @ loop assigns i;
	  @ loop variant a.n - i; */
	while (i < a.n && a.p[i] == b.p[i])
		i++;
	return i == a.n;
}

bool bq_view_eq_str(struct bq_view v, const char *s)
{
	return bq_view_eq(v, bq_view_str(s));
}

const char *bq_str_after(const char *s, const char *prefix)
{
	/*@ loop invariant valid_read_string(s) && valid_read_string(prefix);
	  @ loop assigns s, prefix;
	  @ loop variant strlen(prefix); */
	for (; *prefix != '\0'; s++, prefix++)
		if (*s != *prefix)
			return NULL;
	return s;
}

bool bq_view_is_zero(struct bq_view v)
{
	size_t i = 0;

	/*@ loop invariant 0 <= i <= v.n;
	  @ loop invariant \forall integer j; 0 <= j < i ==> v.p[j] == 0;
	  @ loop assigns i;
	  @ loop variant v.n - i; */
	while (i < v.n && v.p[i] == 0)
		i++;
	return i == v.n;
}

size_t bq_view_find(struct bq_view v, uint8_t c)
{
	size_t n = 0;

	/*@ loop invariant 0 <= n <= v.n;
	  @ loop invariant \forall integer j; 0 <= j < n ==> v.p[j] != c;
	  @ loop assigns n;
	  @ loop variant v.n - n; */
	while (n < v.n && v.p[n] != c)
		n++;
	return n;
}

bool bq_view_eq_ct(struct bq_view a, struct bq_view b)
{
	volatile uint8_t differ = 0;

	if (a.n != b.n)
		return false;
	/*@ loop invariant 0 <= i <= a.n;
	  @ loop assigns i, differ;
	  @ loop variant a.n - i; */
	for (size_t i = 0; i < a.n; i++)
		differ = (uint8_t)(differ | (a.p[i] ^ b.p[i]));
	return differ == 0;
}

int bq_view_sub(struct bq_view v, size_t off, size_t n, struct bq_view *out)
{
	if (off > v.n || n > v.n - off)
		return BQ_E_SHORT;
	out->p = off == 0 ? v.p : v.p + off;
	out->n = n;
	return 0;
}

int bq_rd_take(struct bq_view *r, size_t n, struct bq_view *out)
{
	if (n > r->n)
		return BQ_E_SHORT;
	out->p = r->p;
	out->n = n;
	if (n != 0)
		r->p += n;
	r->n -= n;
	return 0;
}

int bq_rd_skip(struct bq_view *r, size_t n)
{
	struct bq_view skipped;

	return bq_rd_take(r, n, &skipped);
}

/*@ requires n == 0 || (\valid(dst + (0 .. n - 1)) && \valid_read(src + (0 .. n - 1)));
  @ assigns dst[0 .. n - 1]; */
static void copy(uint8_t *dst, const uint8_t *src, size_t n)
{
	/*@ loop invariant 0 <= i <= n;
	  @ loop assigns i, dst[0 .. n - 1];
	  @ loop variant n - i; */
	for (size_t i = 0; i < n; i++)
		dst[i] = src[i];
}

int bq_rd_copy(struct bq_view *r, void *dst, size_t n)
{
	struct bq_view v;
	int e;

	if ((e = bq_rd_take(r, n, &v)) != 0)
		return e;
	copy(dst, v.p, n);
	return 0;
}

/* n bytes, at most 8, most significant first. */
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, n);
  @ ensures \result != 0 ==> *out == \old(*out); */
static int rd_be(struct bq_view *r, size_t n, uint64_t *out)
{
	struct bq_view v;
	uint64_t x = 0;
	int e;

	if ((e = bq_rd_take(r, n, &v)) != 0)
		return e;
	/*@ loop invariant 0 <= i <= n;
	  @ loop assigns i, x;
	  @ loop variant n - i; */
	for (size_t i = 0; i < n; i++)
		x = x << 8 | v.p[i];
	*out = x;
	return 0;
}

/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, n);
  @ ensures \result != 0 ==> *out == \old(*out); */
static int rd_le(struct bq_view *r, size_t n, uint64_t *out)
{
	struct bq_view v;
	uint64_t x = 0;
	int e;

	if ((e = bq_rd_take(r, n, &v)) != 0)
		return e;
	/*@ loop invariant 0 <= i <= n;
	  @ loop assigns i, x;
	  @ loop variant i; */
	for (size_t i = n; i > 0; i--)
		x = x << 8 | v.p[i - 1];
	*out = x;
	return 0;
}

int bq_rd_u8(struct bq_view *r, uint8_t *out)
{
	struct bq_view v;
	int e;

	if ((e = bq_rd_take(r, 1, &v)) != 0)
		return e;
	*out = v.p[0];
	return 0;
}

int bq_rd_be16(struct bq_view *r, uint16_t *out)
{
	uint64_t x;
	int e;

	if ((e = rd_be(r, 2, &x)) != 0)
		return e;
	*out = (uint16_t)x;
	return 0;
}

int bq_rd_be32(struct bq_view *r, uint32_t *out)
{
	uint64_t x;
	int e;

	if ((e = rd_be(r, 4, &x)) != 0)
		return e;
	*out = (uint32_t)x;
	return 0;
}

int bq_rd_be64(struct bq_view *r, uint64_t *out)
{
	return rd_be(r, 8, out);
}

int bq_rd_le16(struct bq_view *r, uint16_t *out)
{
	uint64_t x;
	int e;

	if ((e = rd_le(r, 2, &x)) != 0)
		return e;
	*out = (uint16_t)x;
	return 0;
}

int bq_rd_le32(struct bq_view *r, uint32_t *out)
{
	uint64_t x;
	int e;

	if ((e = rd_le(r, 4, &x)) != 0)
		return e;
	*out = (uint32_t)x;
	return 0;
}

int bq_rd_le64(struct bq_view *r, uint64_t *out)
{
	return rd_le(r, 8, out);
}

int bq_rd_2b(struct bq_view *r, struct bq_view *out)
{
	struct bq_view start = *r;
	uint16_t n;
	int e;

	if ((e = bq_rd_be16(r, &n)) == 0 && (e = bq_rd_take(r, n, out)) != 0)
		*r = start;
	return e;
}

int bq_rd_end(const struct bq_view *r)
{
	return r->n == 0 ? 0 : BQ_E_TRAILING;
}

int bq_rd_end_zeros(const struct bq_view *r)
{
	return bq_view_is_zero(*r) ? 0 : BQ_E_PADDING;
}

void bq_wr_init(struct bq_wr *w, void *p, size_t cap)
{
	*w = (struct bq_wr){.p = p, .cap = cap};
}

/* Room for n bytes; NULL where n is 0 or there is none, and then the error sticks. */
/*@ requires writer(w);
  @ assigns w->n, w->err;
  @ ensures writer(w) && writes{Pre, Post}(w, n);
  @ ensures \result == \null || (\result == w->p + \old(w->n) && \valid(\result + (0 .. n - 1)) &&
  @     \old(w->n) + n == w->n); */
static uint8_t *wr_room(struct bq_wr *w, size_t n)
{
	uint8_t *at;

	if (w->err != 0 || n == 0)
		return NULL;
	if (n > w->cap - w->n) {
		w->err = BQ_E_SPACE;
		return NULL;
	}
	at = w->p + w->n;
	w->n += n;
	return at;
}

/*@ requires n == 0 || \valid(at + (0 .. n - 1));
  @ assigns at[0 .. n - 1]; */
static void put_be(uint8_t *at, size_t n, uint64_t x)
{
	/*@ loop invariant 0 <= i <= n;
	  @ loop assigns i, x, at[0 .. n - 1];
	  @ loop variant i; */
	for (size_t i = n; i > 0; i--, x >>= 8)
		at[i - 1] = (uint8_t)x;
}

/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, n); */
static void wr_be(struct bq_wr *w, size_t n, uint64_t x)
{
	uint8_t *at = wr_room(w, n);

	if (at != NULL)
		put_be(at, n, x);
}

/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, n); */
static void wr_le(struct bq_wr *w, size_t n, uint64_t x)
{
	uint8_t *at = wr_room(w, n);

	if (at == NULL)
		return;
	/*@ loop invariant 0 <= i <= n;
	  @ loop assigns i, x, at[0 .. n - 1];
	  @ loop variant n - i; */
	for (size_t i = 0; i < n; i++, x >>= 8)
		at[i] = (uint8_t)x;
}

void bq_wr_u8(struct bq_wr *w, uint8_t x)
{
	wr_be(w, 1, x);
}

void bq_wr_be16(struct bq_wr *w, uint16_t x)
{
	wr_be(w, 2, x);
}

void bq_wr_be32(struct bq_wr *w, uint32_t x)
{
	wr_be(w, 4, x);
}

void bq_wr_be64(struct bq_wr *w, uint64_t x)
{
	wr_be(w, 8, x);
}

void bq_wr_le16(struct bq_wr *w, uint16_t x)
{
	wr_le(w, 2, x);
}

void bq_wr_le32(struct bq_wr *w, uint32_t x)
{
	wr_le(w, 4, x);
}

void bq_wr_le64(struct bq_wr *w, uint64_t x)
{
	wr_le(w, 8, x);
}

void bq_wr_view(struct bq_wr *w, struct bq_view v)
{
	uint8_t *at = wr_room(w, v.n);

	if (at != NULL)
		copy(at, v.p, v.n);
}

void bq_wr_zeros(struct bq_wr *w, size_t n)
{
	uint8_t *at = wr_room(w, n);

	if (at == NULL)
		return;
	/*@ loop invariant 0 <= i <= n;
	  @ loop assigns i, at[0 .. n - 1];
	  @ loop variant n - i; */
	for (size_t i = 0; i < n; i++)
		at[i] = 0;
}

void bq_wr_2b(struct bq_wr *w, struct bq_view v)
{
	if (v.n > UINT16_MAX) {
		if (w->err == 0)
			w->err = BQ_E_RANGE;
		return;
	}
	bq_wr_be16(w, (uint16_t)v.n);
	bq_wr_view(w, v);
}

/*@ requires writer(w);
  @ assigns w->err, w->p[0 .. w->n - 1];
  @ ensures writer(w) && same_buffer{Pre, Post}(w) && w->n == \old(w->n);
  @ ensures \old(w->err) == 0 ==> w->err == (off + n <= w->n ? 0 : BQ_E_ARG); */
static void wr_be_at(struct bq_wr *w, size_t off, size_t n, uint64_t x)
{
	if (w->err != 0)
		return;
	if (off > w->n || n > w->n - off)
		w->err = BQ_E_ARG;
	else
		put_be(w->p + off, n, x);
}

void bq_wr_be16_at(struct bq_wr *w, size_t off, uint16_t x)
{
	wr_be_at(w, off, 2, x);
}

void bq_wr_be32_at(struct bq_wr *w, size_t off, uint32_t x)
{
	wr_be_at(w, off, 4, x);
}

int bq_wr_end(const struct bq_wr *w, struct bq_view *out)
{
	if (w->err != 0)
		return w->err;
	*out = bq_view_of(w->p, w->n);
	return 0;
}

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
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool bq_view_eq_str(struct bq_view v, const char *s)
{
	return bq_view_eq(v, bq_view_str(s));
}

const char *bq_str_after(const char *s, const char *prefix)
{
	for (; *prefix != '\0'; s++, prefix++)
		if (*s != *prefix)
			return NULL;
	return s;
}

bool bq_view_is_zero(struct bq_view v)
{
	uint8_t any = 0;

	for (size_t i = 0; i < v.n; i++)
		any |= v.p[i];
	return any == 0;
}

size_t bq_view_find(struct bq_view v, uint8_t c)
{
	size_t n = 0;

	while (n < v.n && v.p[n] != c)
		n++;
	return n;
}

bool bq_view_eq_ct(struct bq_view a, struct bq_view b)
{
	volatile uint8_t differ = 0;

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		differ = (uint8_t)(differ | (a.p[i] ^ b.p[i]));
	return differ == 0;
}

int bq_view_sub(struct bq_view v, size_t off, size_t n, struct bq_view *out)
{
	if (off > v.n || n > v.n - off)
		return BQ_E_SHORT;
	*out = bq_view_of(v.n == 0 ? v.p : v.p + off, n);
	return 0;
}

int bq_rd_take(struct bq_view *r, size_t n, struct bq_view *out)
{
	if (n > r->n)
		return BQ_E_SHORT;
	*out = bq_view_of(r->p, n);
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

int bq_rd_copy(struct bq_view *r, void *dst, size_t n)
{
	struct bq_view v;
	int e;

	if ((e = bq_rd_take(r, n, &v)) != 0)
		return e;
	if (n != 0)
		memcpy(dst, v.p, n);
	return 0;
}

/* n bytes, at most 8, most significant first. */
static int rd_be(struct bq_view *r, size_t n, uint64_t *out)
{
	struct bq_view v;
	uint64_t x = 0;
	int e;

	if ((e = bq_rd_take(r, n, &v)) != 0)
		return e;
	for (size_t i = 0; i < n; i++)
		x = x << 8 | v.p[i];
	*out = x;
	return 0;
}

static int rd_le(struct bq_view *r, size_t n, uint64_t *out)
{
	struct bq_view v;
	uint64_t x = 0;
	int e;

	if ((e = bq_rd_take(r, n, &v)) != 0)
		return e;
	for (size_t i = n; i > 0; i--)
		x = x << 8 | v.p[i - 1];
	*out = x;
	return 0;
}

int bq_rd_u8(struct bq_view *r, uint8_t *out)
{
	return bq_rd_copy(r, out, 1);
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
	struct bq_view t = *r, v;
	uint16_t n;
	int e;

	if ((e = bq_rd_be16(&t, &n)) != 0 || (e = bq_rd_take(&t, n, &v)) != 0)
		return e;
	*r = t;
	*out = v;
	return 0;
}

int bq_rd_end(const struct bq_view *r)
{
	return r->n == 0 ? 0 : BQ_E_TRAILING;
}

int bq_rd_end_zeros(const struct bq_view *r)
{
	return bq_view_is_zero(*r) ? 0 : BQ_E_PADDING;
}

/* Each of the many places that begin a writer or a sink is smaller with a call. */
__attribute__((noinline)) void bq_wr_init(struct bq_wr *w, void *p, size_t cap)
{
	*w = (struct bq_wr){.p = p, .cap = cap};
}

/* Room for n bytes; NULL where n is 0 or there is none, and then the error sticks. */
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

static void put_be(uint8_t *at, size_t n, uint64_t x)
{
	for (size_t i = n; i > 0; i--, x >>= 8)
		at[i - 1] = (uint8_t)x;
}

static void wr_be(struct bq_wr *w, size_t n, uint64_t x)
{
	uint8_t *at = wr_room(w, n);

	if (at != NULL)
		put_be(at, n, x);
}

static void wr_le(struct bq_wr *w, size_t n, uint64_t x)
{
	uint8_t *at = wr_room(w, n);

	if (at == NULL)
		return;
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
		memcpy(at, v.p, v.n);
}

void bq_wr_zeros(struct bq_wr *w, size_t n)
{
	uint8_t *at = wr_room(w, n);

	if (at != NULL)
		memset(at, 0, n);
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

/* Views, readers and writers: the only place with pointer arithmetic.
 *
 * A view is a pointer and a length into memory that somebody else owns; it
 * lives as long as that memory. A view is also a reader: taking from it moves
 * its start forward. Reads that fail return BQ_E_SHORT and move nothing.
 * A writer's first error sticks; bq_wr_end() reports it. */
#ifndef BAREQUOTE_BYTES_H
#define BAREQUOTE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <barequote/error.h>

struct bq_view {
	const uint8_t *p; /* may be NULL where n is 0 */
	size_t n;         /* bytes */
};

/* Contracts are for Frama-C (make prove), and for who wants to know exactly. */
/*@ predicate ahead(uint8_t *p, uint8_t *q, integer n) = // p is n bytes after q
  @     \base_addr(p) == \base_addr(q) && p - q == n;
  @ predicate readable(struct bq_view v) = v.n == 0 || \valid_read(v.p + (0 .. v.n - 1));
  @ predicate within(struct bq_view a, struct bq_view b) = // a lies in b
  @     a.n == 0 || (\base_addr(a.p) == \base_addr(b.p) && 0 <= a.p - b.p <= b.n - a.n);
  @ predicate reader(struct bq_view *r) = \valid(r) && readable(*r);
  @ predicate moved{Pre, Post}(struct bq_view *r, integer n) =
  @     0 <= n <= \at(r->n, Pre) && \at(r->n, Post) == \at(r->n, Pre) - n &&
  @     ahead{Post}(\at(r->p, Post), \at(r->p, Pre), n);
  @ predicate reads{Pre, Post}(int e, struct bq_view *r, integer n) =
  @     (e == 0 && moved{Pre, Post}(r, n)) || (e == BQ_E_SHORT && moved{Pre, Post}(r, 0));
  @ predicate advanced{Pre, Post}(struct bq_view *r) =
  @     moved{Pre, Post}(r, \at(r->n, Pre) - \at(r->n, Post));
  @*/

/*@ ensures \result.p == (uint8_t *)p && \result.n == n; assigns \nothing; */
struct bq_view bq_view_of(const void *p, size_t n);
/* Without the terminating NUL. */
/*@ requires valid_read_string(s);
  @ assigns \nothing;
  @ ensures \result.p == (uint8_t *)s && \result.n == strlen(s) && readable(\result); */
struct bq_view bq_view_str(const char *s);
/*@ requires readable(a) && readable(b); assigns \nothing; ensures \result ==> a.n == b.n; */
bool bq_view_eq(struct bq_view a, struct bq_view b);
/*@ requires readable(v) && valid_read_string(s); assigns \nothing; */
bool bq_view_eq_str(struct bq_view v, const char *s);
/* What follows the prefix in s, or NULL where s does not start with it. */
/*@ requires valid_read_string(s) && valid_read_string(prefix);
  @ assigns \nothing;
  @ ensures \result == \null || valid_read_string(\result); */
const char *bq_str_after(const char *s, const char *prefix);
/*@ requires readable(v);
  @ assigns \nothing;
  @ ensures \result <==> \forall integer i; 0 <= i < v.n ==> v.p[i] == 0; */
bool bq_view_is_zero(struct bq_view v);
/* Where the first c is, or v.n. */
/*@ requires readable(v);
  @ assigns \nothing;
  @ ensures \result <= v.n && (\result < v.n ==> v.p[\result] == c);
  @ ensures \forall integer i; 0 <= i < \result ==> v.p[i] != c; */
size_t bq_view_find(struct bq_view v, uint8_t c);
/* Constant time in the contents; false at once where the lengths differ. */
/*@ requires readable(a) && readable(b); assigns \nothing; */
bool bq_view_eq_ct(struct bq_view a, struct bq_view b);
/* n bytes at offset off of v; BQ_E_SHORT where they are not all inside. */
/*@ requires readable(v) && \valid(out);
  @ assigns *out;
  @ ensures \result == 0 <==> off + n <= v.n;
  @ ensures \result == 0 ==> ahead(out->p, v.p, off) && out->n == n && within(*out, v);
  @ ensures \result != 0 ==> \result == BQ_E_SHORT && *out == \old(*out); */
int bq_view_sub(struct bq_view v, size_t off, size_t n, struct bq_view *out);

/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, n);
  @ ensures \result == 0 ==> out->p == \old(r->p) && out->n == n;
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_take(struct bq_view *r, size_t n, struct bq_view *out);
/*@ requires reader(r); assigns *r; ensures reads{Pre, Post}(\result, r, n); */
int bq_rd_skip(struct bq_view *r, size_t n);
/*@ requires reader(r) && (n == 0 || \valid((uint8_t *)dst + (0 .. n - 1)));
  @ requires \separated((uint8_t *)dst + (0 .. n - 1), r);
  @ assigns *r, ((uint8_t *)dst)[0 .. n - 1];
  @ ensures reads{Pre, Post}(\result, r, n); */
int bq_rd_copy(struct bq_view *r, void *dst, size_t n);
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, 1);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_u8(struct bq_view *r, uint8_t *out);
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, 2);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_be16(struct bq_view *r, uint16_t *out);
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, 4);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_be32(struct bq_view *r, uint32_t *out);
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, 8);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_be64(struct bq_view *r, uint64_t *out);
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, 2);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_le16(struct bq_view *r, uint16_t *out);
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, 4);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_le32(struct bq_view *r, uint32_t *out);
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, 8);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_le64(struct bq_view *r, uint64_t *out);
/* TPM2B: a big-endian u16 size, then as many bytes (TPM 2.0 part 2, 10.4). */
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures reads{Pre, Post}(\result, r, 2 + out->n);
  @ ensures \result == 0 ==> out->n <= 65535 && within(*out, \old(*r));
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_rd_2b(struct bq_view *r, struct bq_view *out);
/* BQ_E_TRAILING where anything is left. */
/*@ requires \valid_read(r);
  @ assigns \nothing;
  @ ensures \result == (r->n == 0 ? 0 : BQ_E_TRAILING); */
int bq_rd_end(const struct bq_view *r);
/* BQ_E_PADDING where a remaining byte is not zero. */
/*@ requires \valid_read(r) && readable(*r);
  @ assigns \nothing;
  @ ensures \result == 0 || \result == BQ_E_PADDING; */
int bq_rd_end_zeros(const struct bq_view *r);

struct bq_wr {
	uint8_t *p;
	size_t cap; /* bytes at p */
	size_t n;   /* bytes written so far */
	int err;
};

/* A writer fills its buffer from the front, and either n bytes are all written or
 * none is and the error sticks. */
/*@ predicate writer(struct bq_wr *w) =
  @     \valid(w) && w->n <= w->cap &&
  @     (w->cap == 0 ||
  @      (\valid(w->p + (0 .. w->cap - 1)) && \separated(w, w->p + (0 .. w->cap - 1))));
  @ predicate same_buffer{Pre, Post}(struct bq_wr *w) =
  @     \at(w->p, Post) == \at(w->p, Pre) && \at(w->cap, Post) == \at(w->cap, Pre);
  @ predicate writes{Pre, Post}(struct bq_wr *w, integer n) =
  @     same_buffer{Pre, Post}(w) && (\at(w->err, Pre) != 0 ? \at(*w, Post) == \at(*w, Pre) :
  @     n <= \at(w->cap - w->n, Pre) ?
  @         \at(w->err, Post) == 0 && \at(w->n, Post) == \at(w->n, Pre) + n :
  @         \at(w->err, Post) == BQ_E_SPACE && \at(w->n, Post) == \at(w->n, Pre));
  @*/

/*@ requires \valid(w);
  @ assigns *w;
  @ ensures w->p == (uint8_t *)p && w->cap == cap && w->n == 0 && w->err == 0; */
void bq_wr_init(struct bq_wr *w, void *p, size_t cap);
/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, 1); */
void bq_wr_u8(struct bq_wr *w, uint8_t x);
/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, 2); */
void bq_wr_be16(struct bq_wr *w, uint16_t x);
/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, 4); */
void bq_wr_be32(struct bq_wr *w, uint32_t x);
/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, 8); */
void bq_wr_be64(struct bq_wr *w, uint64_t x);
/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, 2); */
void bq_wr_le16(struct bq_wr *w, uint16_t x);
/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, 4); */
void bq_wr_le32(struct bq_wr *w, uint32_t x);
/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, 8); */
void bq_wr_le64(struct bq_wr *w, uint64_t x);
/*@ requires writer(w) && readable(v);
  @ requires \separated(v.p + (0 .. v.n - 1), w, w->p + (0 .. w->cap - 1));
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, v.n); */
void bq_wr_view(struct bq_wr *w, struct bq_view v);
/*@ requires writer(w);
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && writes{Pre, Post}(w, n); */
void bq_wr_zeros(struct bq_wr *w, size_t n);
/* TPM2B; BQ_E_RANGE where v is longer than 65535 bytes. */
/*@ requires writer(w) && readable(v);
  @ requires \separated(v.p + (0 .. v.n - 1), w, w->p + (0 .. w->cap - 1));
  @ assigns w->n, w->err, w->p[w->n .. w->cap - 1];
  @ ensures writer(w) && same_buffer{Pre, Post}(w);
  @ ensures w->err == 0 ==> w->n == \old(w->n) + 2 + v.n && v.n <= 65535;
  @ ensures \old(w->err) != 0 ==> *w == \old(*w); */
void bq_wr_2b(struct bq_wr *w, struct bq_view v);
/* Overwrites 2 or 4 bytes written earlier, such as a size known only now. */
/*@ requires writer(w);
  @ assigns w->err, w->p[0 .. w->n - 1];
  @ ensures writer(w) && same_buffer{Pre, Post}(w) && w->n == \old(w->n);
  @ ensures \old(w->err) == 0 ==> w->err == (off + 2 <= w->n ? 0 : BQ_E_ARG); */
void bq_wr_be16_at(struct bq_wr *w, size_t off, uint16_t x);
/*@ requires writer(w);
  @ assigns w->err, w->p[0 .. w->n - 1];
  @ ensures writer(w) && same_buffer{Pre, Post}(w) && w->n == \old(w->n);
  @ ensures \old(w->err) == 0 ==> w->err == (off + 4 <= w->n ? 0 : BQ_E_ARG); */
void bq_wr_be32_at(struct bq_wr *w, size_t off, uint32_t x);
/* The first error, or 0 and what was written. */
/*@ requires \valid_read(w) && \valid(out) && \separated(w, out);
  @ assigns *out;
  @ ensures \result == w->err;
  @ ensures \result == 0 ==> out->p == w->p && out->n == w->n;
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_wr_end(const struct bq_wr *w, struct bq_view *out);

#endif

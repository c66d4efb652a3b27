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

struct bq_view bq_view_of(const void *p, size_t n);
struct bq_view bq_view_str(const char *s); /* without the terminating NUL */
bool bq_view_eq(struct bq_view a, struct bq_view b);
bool bq_view_eq_str(struct bq_view v, const char *s);
/* What follows the prefix in s, or NULL where s does not start with it. */
const char *bq_str_after(const char *s, const char *prefix);
bool bq_view_is_zero(struct bq_view v);
size_t bq_view_find(struct bq_view v, uint8_t c); /* where the first c is, or v.n */
/* Constant time in the contents; false at once where the lengths differ. */
bool bq_view_eq_ct(struct bq_view a, struct bq_view b);
/* n bytes at offset off of v; BQ_E_SHORT where they are not all inside. */
int bq_view_sub(struct bq_view v, size_t off, size_t n, struct bq_view *out);

int bq_rd_take(struct bq_view *r, size_t n, struct bq_view *out);
int bq_rd_skip(struct bq_view *r, size_t n);
int bq_rd_copy(struct bq_view *r, void *dst, size_t n);
int bq_rd_u8(struct bq_view *r, uint8_t *out);
int bq_rd_be16(struct bq_view *r, uint16_t *out);
int bq_rd_be32(struct bq_view *r, uint32_t *out);
int bq_rd_be64(struct bq_view *r, uint64_t *out);
int bq_rd_le16(struct bq_view *r, uint16_t *out);
int bq_rd_le32(struct bq_view *r, uint32_t *out);
int bq_rd_le64(struct bq_view *r, uint64_t *out);
/* TPM2B: a big-endian u16 size, then as many bytes (TPM 2.0 part 2, 10.4). */
int bq_rd_2b(struct bq_view *r, struct bq_view *out);
/* BQ_E_TRAILING where anything is left. */
int bq_rd_end(const struct bq_view *r);
/* BQ_E_PADDING where a remaining byte is not zero. */
int bq_rd_end_zeros(const struct bq_view *r);

struct bq_wr {
	uint8_t *p;
	size_t cap; /* bytes at p */
	size_t n;   /* bytes written so far */
	int err;
};

void bq_wr_init(struct bq_wr *w, void *p, size_t cap);
void bq_wr_u8(struct bq_wr *w, uint8_t x);
void bq_wr_be16(struct bq_wr *w, uint16_t x);
void bq_wr_be32(struct bq_wr *w, uint32_t x);
void bq_wr_be64(struct bq_wr *w, uint64_t x);
void bq_wr_le16(struct bq_wr *w, uint16_t x);
void bq_wr_le32(struct bq_wr *w, uint32_t x);
void bq_wr_le64(struct bq_wr *w, uint64_t x);
void bq_wr_view(struct bq_wr *w, struct bq_view v);
void bq_wr_zeros(struct bq_wr *w, size_t n);
/* TPM2B; BQ_E_RANGE where v is longer than 65535 bytes. */
void bq_wr_2b(struct bq_wr *w, struct bq_view v);
/* Overwrites 2 or 4 bytes written earlier, such as a size known only now. */
void bq_wr_be16_at(struct bq_wr *w, size_t off, uint16_t x);
void bq_wr_be32_at(struct bq_wr *w, size_t off, uint32_t x);
/* The first error, or 0 and what was written. */
int bq_wr_end(const struct bq_wr *w, struct bq_view *out);

#endif

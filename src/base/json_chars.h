/* Characters inside JSON strings: UTF-8 (RFC 3629) and escapes (RFC 8259, 7). */
#ifndef JSON_CHARS_H
#define JSON_CHARS_H

#include <barequote/bytes.h>

/* How many bytes at the start of v are printable ASCII and stand for themselves
 * in a string: no quote, no backslash. */
/*@ requires readable(v); assigns \nothing; ensures \result <= v.n; */
size_t bq_json_plain(struct bq_view v);
/* One character as UTF-8: no overlong form, no surrogate, at most U+10FFFF.
 * BQ_E_JSON_UTF8 otherwise and at the end. */
/*@ predicate scalar(integer cp) = 0 <= cp <= 0x10FFFF && !(0xD800 <= cp <= 0xDFFF); */
/*@ requires reader(r) && \valid(cp) && \separated(r, cp);
  @ assigns *r, *cp;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && \old(r->n) - 4 <= r->n < \old(r->n);
  @ ensures \result == 0 ==> scalar(*cp);
  @ ensures \result != 0 ==> *r == \old(*r) && *cp == \old(*cp); */
int bq_utf8_next(struct bq_view *r, uint32_t *cp);
/* Its UTF-8 form; returns the bytes. */
/*@ requires cp <= 0x1FFFFF && \valid(out + (0 .. 3));
  @ assigns out[0 .. 3];
  @ ensures 1 <= \result <= 4; */
size_t bq_utf8_encode(uint32_t cp, uint8_t out[4]);
/* One character of a string, escaped or not. A surrogate without its other half
 * comes out as it is. BQ_E_JSON_SYNTAX or BQ_E_JSON_UTF8. */
/*@ requires reader(r) && \valid(cp) && \separated(r, cp);
  @ assigns *r, *cp;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && \old(r->n) - 12 <= r->n < \old(r->n);
  @ ensures \result == 0 ==> *cp <= 0x10FFFF;
  @ ensures \result != 0 ==> *r == \old(*r) && *cp == \old(*cp); */
int bq_json_char(struct bq_view *r, uint32_t *cp);
/*@ assigns \nothing; ensures \result <==> 0xD800 <= cp <= 0xDFFF; */
bool bq_is_surrogate(uint32_t cp);

#endif

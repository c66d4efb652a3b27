/* Characters inside JSON strings: UTF-8 (RFC 3629) and escapes (RFC 8259, 7). */
#ifndef JSON_CHARS_H
#define JSON_CHARS_H

#include <barequote/bytes.h>

/* How many bytes at the start of v are printable ASCII and stand for themselves
 * in a string: no quote, no backslash. */
size_t bq_json_plain(struct bq_view v);
/* One character as UTF-8: no overlong form, no surrogate, at most U+10FFFF.
 * BQ_E_JSON_UTF8 otherwise and at the end. */
int bq_utf8_next(struct bq_view *r, uint32_t *cp);
/* Its UTF-8 form; returns the bytes. */
size_t bq_utf8_encode(uint32_t cp, uint8_t out[4]);
/* One character of a string, escaped or not. A surrogate without its other half
 * comes out as it is. BQ_E_JSON_SYNTAX or BQ_E_JSON_UTF8. */
int bq_json_char(struct bq_view *r, uint32_t *cp);
bool bq_is_surrogate(uint32_t cp);

#endif

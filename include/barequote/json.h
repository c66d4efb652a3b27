/* JSON, RFC 8259: a strict reader that allocates nothing and a writer.
 *
 * bq_json_parse() checks a whole document once: grammar, UTF-8, depth. The
 * values got from it are views into that text; every other function here
 * expects such a view and may assume that its text is well-formed. */
#ifndef BAREQUOTE_JSON_H
#define BAREQUOTE_JSON_H

#include <barequote/bytes.h>
#include <barequote/text.h>

#define BQ_JSON_DEPTH 32 /* nested arrays and objects, at most */

enum bq_json_type {
	BQ_JSON_NULL,
	BQ_JSON_BOOL,
	BQ_JSON_NUMBER,
	BQ_JSON_STRING,
	BQ_JSON_ARRAY,
	BQ_JSON_OBJECT,
};

struct bq_json {
	struct bq_view raw; /* the value's own text, no white space around it */
};

/* BQ_E_JSON_SYNTAX, _UTF8 or _DEPTH. Trailing white space is allowed, other
 * trailing bytes, NUL and a byte order mark are not. Escaped surrogates without
 * their other half pass, as the grammar has them; see bq_json_text(). */
int bq_json_parse(struct bq_view text, struct bq_json *root);

enum bq_json_type bq_json_type(struct bq_json j);

/* Members of an object or elements of an array, in order. Returns false at the
 * end. key is the member's name as a string value (empty raw in arrays). */
struct bq_json_iter {
	struct bq_view rest;
	bool object;
};

/* BQ_E_JSON_TYPE where j is neither. */
int bq_json_iter(struct bq_json j, struct bq_json_iter *it);
bool bq_json_next(struct bq_json_iter *it, struct bq_json *key, struct bq_json *value);

/* The member of that name. BQ_E_JSON_MISSING, BQ_E_JSON_DUPLICATE where it is
 * there twice (also when one is spelt with escapes), BQ_E_JSON_TYPE where j is
 * no object. */
int bq_json_member(struct bq_json j, const char *name, struct bq_json *out);
/* BQ_E_JSON_DUPLICATE where any two members of the object have one name. Time
 * grows with the square of their number; over 256 members, or 256 bytes in a
 * name, are BQ_E_RANGE. */
int bq_json_unique(struct bq_json j);
/* Elements of an array; BQ_E_JSON_TYPE otherwise. */
int bq_json_count(struct bq_json j, size_t *n);

int bq_json_bool(struct bq_json j, bool *out);
/* Integers without fraction or exponent, others are BQ_E_JSON_TYPE. BQ_E_RANGE
 * over max and with a minus. */
int bq_json_u64(struct bq_json j, uint64_t max, uint64_t *out);
/* The characters between the quotes, where none is escaped; BQ_E_JSON_TYPE
 * where j is no string, BQ_E_JSON_SYNTAX where there are escapes. */
int bq_json_chars(struct bq_json j, struct bq_view *out);
/* Escapes decoded to UTF-8; not NUL-terminated. A lone surrogate is
 * BQ_E_JSON_UTF8, a full buffer BQ_E_SPACE. dst may be where j's text lies. */
int bq_json_text(struct bq_json j, void *dst, size_t cap, size_t *n);
/* True where j is a string that decodes to s. */
bool bq_json_is(struct bq_json j, const char *s);
/* A string of hex or base64 digits, decoded; errors as in text.h, and
 * BQ_E_JSON_TYPE. Digits that are escaped are no digits. */
int bq_json_hex(struct bq_json j, void *dst, size_t cap, size_t *n);
int bq_json_b64(struct bq_json j, void *dst, size_t cap, size_t *n);

/* Writer. key is NULL inside arrays and at the top. Errors stick in the sink.
 * indent 0 writes one line without spaces. */
struct bq_jw {
	struct bq_sink *s;
	unsigned indent, depth;
	bool more; /* a value precedes at this level */
};

void bq_jw_init(struct bq_jw *w, struct bq_sink *s, unsigned indent);
void bq_jw_object(struct bq_jw *w, const char *key);
void bq_jw_array(struct bq_jw *w, const char *key);
void bq_jw_end_object(struct bq_jw *w);
void bq_jw_end_array(struct bq_jw *w);
void bq_jw_null(struct bq_jw *w, const char *key);
void bq_jw_bool(struct bq_jw *w, const char *key, bool b);
void bq_jw_u64(struct bq_jw *w, const char *key, uint64_t x);
void bq_jw_str(struct bq_jw *w, const char *key, const char *s);
/* Bytes from outside as a string: UTF-8 passes, other bytes become U+FFFD,
 * control characters are escaped, and so is what turns the direction of writing. */
void bq_jw_chars(struct bq_jw *w, const char *key, struct bq_view v);
void bq_jw_hex(struct bq_jw *w, const char *key, struct bq_view v);
void bq_jw_b64(struct bq_jw *w, const char *key, enum bq_base64 kind, struct bq_view v);
/* A value that is JSON already, and as outside as it may be: the same value, in one
 * line and with the same characters escaped. */
void bq_jw_raw(struct bq_jw *w, const char *key, struct bq_view json);
/* A string value whose characters the caller puts on the sink (none that need
 * escapes), between these two. */
void bq_jw_open_str(struct bq_jw *w, const char *key);
void bq_jw_close_str(struct bq_jw *w);

#endif

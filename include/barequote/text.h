/* Text from bytes and back: sinks, hex, base64 (RFC 4648).
 *
 * A sink is where text goes: a buffer, a file descriptor, anything with a put
 * function. Its first error sticks in err and later puts do nothing, so a
 * sequence of them is checked once, at the end. */
#ifndef BAREQUOTE_TEXT_H
#define BAREQUOTE_TEXT_H

#include <barequote/bytes.h>

struct bq_sink {
	int (*put)(struct bq_sink *s, const void *p, size_t n); /* 0 or an error code */
	int err;
};

/* A sink over a caller's buffer. BQ_E_SPACE sticks where the text does not fit;
 * what fits is still there. */
struct bq_sink_buf {
	struct bq_sink s; /* must be first */
	uint8_t *p;
	size_t cap, n;
};

void bq_sink_buf_init(struct bq_sink_buf *b, void *p, size_t cap);

void bq_put(struct bq_sink *s, const void *p, size_t n);
void bq_put_view(struct bq_sink *s, struct bq_view v);
void bq_put_str(struct bq_sink *s, const char *str);
void bq_put_chr(struct bq_sink *s, char c);
/* A little of printf(): %s and %u, the rest as it is. */
void bq_putf(struct bq_sink *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void bq_put_u64(struct bq_sink *s, uint64_t x);                  /* decimal */
void bq_put_i64(struct bq_sink *s, int64_t x);                   /* decimal */
void bq_put_x64(struct bq_sink *s, uint64_t x, unsigned digits); /* hex, zero-padded, no 0x */
void bq_put_hex(struct bq_sink *s, struct bq_view v);            /* lower case */
/* The same, of more than 32 bytes only the first 16 and the last 8. */
void bq_put_hex_short(struct bq_sink *s, struct bq_view v);
void bq_put_hex_upper(struct bq_sink *s, struct bq_view v);
/* Text from outside, made safe for a terminal: anything but printable ASCII as \xNN. */
void bq_put_safe(struct bq_sink *s, struct bq_view v);

enum bq_base64 {
	BQ_BASE64,        /* + /, padded */
	BQ_BASE64URL,     /* - _, no padding */
	BQ_BASE64URL_PAD, /* - _, padded */
};

/* Streams: call put any number of times, then end once. */
struct bq_b64_enc {
	struct bq_sink *s;
	enum bq_base64 kind;
	uint8_t held[3];
	unsigned n;
};

void bq_b64_begin(struct bq_b64_enc *e, struct bq_sink *s, enum bq_base64 kind);
void bq_b64_put(struct bq_b64_enc *e, struct bq_view v);
void bq_b64_end(struct bq_b64_enc *e);
void bq_put_b64(struct bq_sink *s, enum bq_base64 kind, struct bq_view v);

/* Both cases; an even number of digits and nothing else. *n is the bytes written
 * to dst, at most cap. BQ_E_HEX or BQ_E_SPACE. dst may be where text lies. */
/*@ requires readable(text) && \valid(n);
  @ requires \valid((uint8_t *)dst + (0 .. cap - 1));
  @ requires \separated((uint8_t *)dst + (0 .. cap - 1), n);
  @ assigns ((uint8_t *)dst)[0 .. cap - 1], *n;
  @ ensures \result == 0 ==> *n == text.n / 2 <= cap;
  @ ensures \result != 0 ==> *n == \old(*n); */
int bq_hex_decode(struct bq_view text, void *dst, size_t cap, size_t *n);
/* Either alphabet but not a mixture, padded in full or not at all, no white
 * space, and the unused bits of the last character zero: one encoding for each
 * value and kind. BQ_E_BASE64 or BQ_E_SPACE. dst may be where text lies. */
int bq_b64_decode(struct bq_view text, void *dst, size_t cap, size_t *n);

/* Decimal, or hex after 0x: digits only, the whole of text. BQ_E_RANGE over max. */
int bq_num_decode(struct bq_view text, uint64_t max, uint64_t *out);

#endif

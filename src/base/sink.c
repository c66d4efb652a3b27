/* Text into sinks. */
#include <barequote/text.h>

#include <stdarg.h>
#include <string.h>

static int buf_put(struct bq_sink *s, const void *p, size_t n)
{
	struct bq_sink_buf *b = (struct bq_sink_buf *)s;
	size_t room = b->cap - b->n, fit = n < room ? n : room;

	if (fit != 0)
		memcpy(b->p + b->n, p, fit);
	b->n += fit;
	return fit == n ? 0 : BQ_E_SPACE;
}

void bq_sink_buf_init(struct bq_sink_buf *b, void *p, size_t cap)
{
	*b = (struct bq_sink_buf){.s = {.put = buf_put}, .p = p, .cap = cap};
}

void bq_put(struct bq_sink *s, const void *p, size_t n)
{
	if (s->err == 0 && n != 0)
		s->err = s->put(s, p, n);
}

void bq_put_view(struct bq_sink *s, struct bq_view v)
{
	bq_put(s, v.p, v.n);
}

void bq_put_str(struct bq_sink *s, const char *str)
{
	bq_put(s, str, strlen(str));
}

void bq_put_chr(struct bq_sink *s, char c)
{
	bq_put(s, &c, 1);
}

void bq_put_u64(struct bq_sink *s, uint64_t x)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + x % 10);
		x /= 10;
	} while (x != 0);
	bq_put(s, digits + at, sizeof(digits) - at);
}

void bq_putf(struct bq_sink *s, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	for (const char *f = format; *f != '\0'; f++) {
		if (*f != '%')
			bq_put_chr(s, *f);
		else if (*++f == 's')
			bq_put_str(s, va_arg(values, const char *));
		else
			bq_put_u64(s, va_arg(values, unsigned));
	}
	va_end(values);
}

void bq_put_i64(struct bq_sink *s, int64_t x)
{
	if (x < 0) {
		bq_put_chr(s, '-');
		bq_put_u64(s, 0 - (uint64_t)x);
	} else {
		bq_put_u64(s, (uint64_t)x);
	}
}

void bq_put_x64(struct bq_sink *s, uint64_t x, unsigned digits)
{
	while (digits > 0 && digits <= 16) {
		digits--;
		bq_put_chr(s, "0123456789abcdef"[x >> (4 * digits) & 15]);
	}
}

static void put_hex(struct bq_sink *s, struct bq_view v, const char *alphabet)
{
	char out[128];
	size_t n = 0;

	for (size_t i = 0; i < v.n; i++) {
		out[n++] = alphabet[v.p[i] >> 4];
		out[n++] = alphabet[v.p[i] & 15];
		if (n == sizeof(out)) {
			bq_put(s, out, n);
			n = 0;
		}
	}
	bq_put(s, out, n);
}

void bq_put_hex(struct bq_sink *s, struct bq_view v)
{
	put_hex(s, v, "0123456789abcdef");
}

#define HEX_WHOLE 32
#define HEX_HEAD  16
#define HEX_TAIL  8

void bq_put_hex_short(struct bq_sink *s, struct bq_view v)
{
	if (v.n <= HEX_WHOLE) {
		bq_put_hex(s, v);
		return;
	}
	bq_put_hex(s, bq_view_of(v.p, HEX_HEAD));
	bq_put_str(s, "..");
	bq_put_hex(s, bq_view_of(v.p + v.n - HEX_TAIL, HEX_TAIL));
}

void bq_put_hex_upper(struct bq_sink *s, struct bq_view v)
{
	put_hex(s, v, "0123456789ABCDEF");
}

void bq_put_safe(struct bq_sink *s, struct bq_view v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] >= 0x20 && v.p[i] < 0x7F && v.p[i] != '\\') {
			bq_put_chr(s, (char)v.p[i]);
		} else {
			bq_put_str(s, "\\x");
			bq_put_x64(s, v.p[i], 2);
		}
	}
}

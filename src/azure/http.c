/* One HTTP/1.1 GET (RFC 9110, RFC 9112): no redirects, no proxy, no compression,
 * one connection for one request. */
#include <string.h>

#include "conn.h"
#include "internal.h"

#define HEAD_MAX    8192 /* bytes in all header lines, or in a chunk's own line */
#define REQUEST_MAX 1024
#define HTTP_PORT   80
#define HTTP_OK     200

/* --- the request --------------------------------------------------------- */

struct url {
	struct bq_view host; /* without brackets */
	struct bq_view authority;
	uint16_t port;
	struct bq_view path; /* with the query; empty: / */
};

/* The bytes before the first of c, or all of them; *r starts with c then. */
static struct bq_view take_until(struct bq_view *r, uint8_t c)
{
	struct bq_view v = {0};

	(void)bq_rd_take(r, bq_view_find(*r, c), &v);
	return v;
}

static bool take_str(struct bq_view *r, const char *s)
{
	struct bq_view v, t = *r;

	if (bq_rd_take(&t, strlen(s), &v) != 0 || !bq_view_eq_str(v, s))
		return false;
	*r = t;
	return true;
}

static bool printable(struct bq_view v, uint8_t lowest)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < lowest || v.p[i] > 0x7E)
			return false;
	return true;
}

/* Digits alone, up to eight: after "00" they are decimal, after "0x" hex. */
static int number(const char *prefix, struct bq_view digits, uint64_t *out)
{
	uint8_t text[2 + 8];
	struct bq_view all;
	struct bq_wr w;

	bq_wr_init(&w, text, sizeof(text));
	bq_wr_view(&w, bq_view_str(prefix));
	bq_wr_view(&w, digits);
	if (digits.n == 0 || bq_wr_end(&w, &all) != 0 || bq_num_decode(all, UINT32_MAX, out) != 0)
		return BQ_E_HTTP;
	return 0;
}

static int parse_url(const char *text, struct url *out)
{
	struct bq_view r = bq_view_str(text), rest;
	struct url u = {.port = HTTP_PORT};
	uint64_t port = HTTP_PORT;

	if (!printable(r, '!') || !take_str(&r, "http://"))
		return BQ_E_URL;
	rest = r;
	u.authority = take_until(&rest, '/');
	u.path = rest;
	rest = u.authority;
	if (take_str(&rest, "[")) {
		u.host = take_until(&rest, ']');
		if (!take_str(&rest, "]"))
			return BQ_E_URL;
	} else {
		u.host = take_until(&rest, ':');
	}
	if (rest.n != 0 && (!take_str(&rest, ":") || number("00", rest, &port) != 0))
		return BQ_E_URL;
	if (port == 0 || port > UINT16_MAX)
		return BQ_E_URL;
	u.port = (uint16_t)port;
	*out = u;
	return 0;
}

static int send_request(struct bq_conn *c, const struct url *u, const char *header)
{
	uint8_t text[REQUEST_MAX];
	struct bq_view request, path = u->path.n != 0 ? u->path : bq_view_str("/");
	struct bq_wr w;

	bq_wr_init(&w, text, sizeof(text));
	bq_wr_view(&w, bq_view_str("GET "));
	bq_wr_view(&w, path);
	bq_wr_view(&w, bq_view_str(" HTTP/1.1\r\nHost: "));
	bq_wr_view(&w, u->authority);
	bq_wr_view(&w, bq_view_str("\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
				   "Connection: close\r\n"));
	if (header != NULL) {
		bq_wr_view(&w, bq_view_str(header));
		bq_wr_view(&w, bq_view_str("\r\n"));
	}
	bq_wr_view(&w, bq_view_str("\r\n"));
	return bq_wr_end(&w, &request) != 0 ? BQ_E_URL : bq_conn_send(c, request);
}

/* --- the answer's head --------------------------------------------------- */

struct reader {
	struct bq_conn conn;
	size_t left; /* bytes that the lines still to come may have */
	uint8_t line[HEAD_MAX];
};

struct head {
	bool has_length, chunked;
	uint64_t length;
};

/* A line without its CRLF. BQ_E_HTTP where it is longer than may be. */
static int read_line(struct reader *r, struct bq_view *out)
{
	struct bq_wr w;
	uint8_t c;
	int e;

	bq_wr_init(&w, r->line, r->left);
	do {
		if ((e = bq_conn_more(&r->conn)) != 0 || (e = bq_rd_u8(&r->conn.unread, &c)) != 0)
			return e;
		bq_wr_u8(&w, c);
		if (w.err != 0)
			return BQ_E_HTTP;
	} while (c != '\n');
	if (w.n < 2 || r->line[w.n - 2] != '\r')
		return BQ_E_HTTP;
	r->left -= w.n;
	*out = bq_view_of(r->line, w.n - 2);
	return 0;
}

/* `HTTP/1.1 200 OK` */
static int parse_status(struct bq_view line, int *status)
{
	struct bq_view code;
	uint64_t x;
	uint8_t minor;

	if (!take_str(&line, "HTTP/1.") || bq_rd_u8(&line, &minor) != 0 || minor < '0' ||
	    minor > '9' || !take_str(&line, " ") || bq_rd_take(&line, 3, &code) != 0 ||
	    number("00", code, &x) != 0 || x < 100 || (line.n != 0 && line.p[0] != ' '))
		return BQ_E_HTTP;
	*status = (int)x;
	return 0;
}

static struct bq_view trim(struct bq_view v)
{
	while (v.n != 0 && (v.p[0] == ' ' || v.p[0] == '\t'))
		(void)bq_rd_skip(&v, 1);
	while (v.n != 0 && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\t'))
		v.n--;
	return v;
}

/* Equal but for the case of letters; s is in lower case. */
static bool is_word(struct bq_view v, const char *s)
{
	if (v.n != strlen(s))
		return false;
	for (size_t i = 0; i < v.n; i++) {
		uint8_t c = v.p[i];

		if ((uint8_t)(c >= 'A' && c <= 'Z' ? c + 0x20 : c) != (uint8_t)s[i])
			return false;
	}
	return true;
}

/* A length that is there twice is an attack or a mistake, even where both agree. */
static int parse_field(struct bq_view line, struct head *h)
{
	struct bq_view name = take_until(&line, ':'), value;

	if (name.n == 0 || !printable(name, '!') || !take_str(&line, ":"))
		return BQ_E_HTTP;
	value = trim(line);
	if (is_word(name, "content-length")) {
		if (h->has_length || number("00", value, &h->length) != 0)
			return BQ_E_HTTP;
		h->has_length = true;
	} else if (is_word(name, "transfer-encoding")) {
		if (h->chunked || !is_word(value, "chunked"))
			return BQ_E_HTTP;
		h->chunked = true;
	} else if (is_word(name, "content-encoding") && !is_word(value, "identity")) {
		return BQ_E_HTTP_ENCODING;
	}
	return h->has_length && h->chunked ? BQ_E_HTTP : 0;
}

static int read_head(struct reader *r, struct head *h, int *status)
{
	struct bq_view line;
	int e;

	*h = (struct head){0};
	r->left = HEAD_MAX;
	if ((e = read_line(r, &line)) != 0 || (e = parse_status(line, status)) != 0)
		return e;
	if (*status != HTTP_OK)
		return BQ_E_HTTP_STATUS;
	while ((e = read_line(r, &line)) == 0 && line.n != 0)
		if ((e = parse_field(line, h)) != 0)
			return e;
	return e;
}

/* --- its body ------------------------------------------------------------ */

static int read_exactly(struct reader *r, uint64_t n, struct bq_wr *w)
{
	struct bq_view v;
	int e;

	if (n > w->cap - w->n)
		return BQ_E_HTTP_SIZE;
	while (n != 0) {
		if ((e = bq_conn_more(&r->conn)) != 0)
			return e;
		v = r->conn.unread;
		if ((e = bq_rd_take(&r->conn.unread, v.n < n ? v.n : (size_t)n, &v)) != 0)
			return e;
		bq_wr_view(w, v);
		n -= v.n;
	}
	return 0;
}

/* `1f4;extension`, hex */
static int read_chunk_size(struct reader *r, uint64_t *n)
{
	struct bq_view line;
	int e;

	r->left = HEAD_MAX;
	if ((e = read_line(r, &line)) != 0)
		return e;
	return number("0x", trim(take_until(&line, ';')), n);
}

static int read_chunks(struct reader *r, struct bq_wr *w)
{
	struct bq_view line;
	uint64_t n;
	int e;

	while ((e = read_chunk_size(r, &n)) == 0 && n != 0) {
		if ((e = read_exactly(r, n, w)) != 0)
			return e;
		r->left = 2; /* the CRLF after it */
		if ((e = read_line(r, &line)) != 0)
			return e;
	}
	/* Trailer fields, until an empty line. */
	if (e == 0)
		r->left = HEAD_MAX;
	while (e == 0 && (e = read_line(r, &line)) == 0 && line.n != 0)
		;
	return e;
}

static int read_to_end(struct reader *r, struct bq_wr *w)
{
	int e;

	while ((e = bq_conn_more(&r->conn)) == 0)
		if ((e = read_exactly(r, r->conn.unread.n, w)) != 0)
			return e;
	return e == BQ_E_GONE && r->conn.sys_errno == 0 ? 0 : e;
}

static int read_body(struct reader *r, const struct head *h, uint8_t *buf, size_t cap,
		     struct bq_view *body)
{
	struct bq_wr w;
	int e;

	bq_wr_init(&w, buf, cap);
	if (h->chunked)
		e = read_chunks(r, &w);
	else if (h->has_length)
		e = read_exactly(r, h->length, &w);
	else
		e = read_to_end(r, &w);
	return e != 0 ? e : bq_wr_end(&w, body);
}

int bq_http_get(const char *url, const char *header, uint64_t deadline_ms,
		const struct bq_clock *clock, uint8_t *buf, size_t cap, struct bq_view *body,
		int *status, int *sys_errno)
{
	struct reader r;
	struct head h;
	struct url u;
	int e;

	*status = 0;
	*sys_errno = 0;
	if (header != NULL && !printable(bq_view_str(header), ' '))
		return BQ_E_ARG;
	if ((e = parse_url(url, &u)) != 0)
		return e;
	if ((e = bq_conn_open(&r.conn, u.host, u.port, deadline_ms, clock)) == 0 &&
	    (e = send_request(&r.conn, &u, header)) == 0 && (e = read_head(&r, &h, status)) == 0)
		e = read_body(&r, &h, buf, cap, body);
	if (e != 0)
		*sys_errno = r.conn.sys_errno;
	bq_conn_close(&r.conn);
	return e;
}

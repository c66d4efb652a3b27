/* Textual encoding of certificates, RFC 7468, stricter than it asks readers to
 * be: the body's lines are standard base64 in whole groups of four. */
#include <barequote/evidence.h>

#include <string.h>

/* The next line without its end and trailing blanks; false where nothing is left. */
static bool take_line(struct bq_view *r, struct bq_view *line)
{
	static const uint8_t blank[] = {'\r', '\t', ' '};

	if (r->n == 0)
		return false;
	(void)bq_rd_take(r, bq_view_find(*r, '\n'), line);
	(void)bq_rd_skip(r, 1);
	while (line->n != 0 &&
	       bq_view_find(bq_view_of(blank, sizeof(blank)), line->p[line->n - 1]) < sizeof(blank))
		line->n--;
	return true;
}

static bool take_str(struct bq_view *r, const char *s)
{
	struct bq_view head;

	return bq_rd_take(r, strlen(s), &head) == 0 && bq_view_eq_str(head, s);
}

/* `-----BEGIN LABEL-----` */
static bool is_boundary(struct bq_view line, const char *kind, const char *label)
{
	return take_str(&line, "-----") && take_str(&line, kind) && take_str(&line, " ") &&
	       take_str(&line, label) && take_str(&line, "-----") && line.n == 0;
}

static bool is_body_line(struct bq_view line)
{
	if (line.n == 0 || line.n % 4 != 0)
		return false;
	return bq_view_find(line, '-') == line.n && bq_view_find(line, '_') == line.n;
}

int bq_pem_next(struct bq_view *rest, const char *label, uint8_t *der, size_t cap, size_t *n)
{
	struct bq_view r = *rest, line;
	size_t made = 0, got;
	bool padded = false;
	int e;

	do {
		if (!take_line(&r, &line))
			return BQ_E_CERT;
	} while (!is_boundary(line, "BEGIN", label));
	for (;;) {
		if (!take_line(&r, &line))
			return BQ_E_CERT;
		if (is_boundary(line, "END", label))
			break;
		if (padded || !is_body_line(line))
			return BQ_E_CERT;
		if ((e = bq_b64_decode(line, &der[made], cap - made, &got)) != 0)
			return e == BQ_E_SPACE ? e : BQ_E_CERT;
		made += got;
		padded = line.p[line.n - 1] == '=';
	}
	if (made == 0)
		return BQ_E_CERT;
	*rest = r;
	*n = made;
	return 0;
}

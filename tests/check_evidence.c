/* Reading JSON containers. Documents are put together from members, so that a
 * test can spoil exactly one. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#define MEMBERS  12
#define TEXT_MAX 65536

struct doc {
	const char *name[MEMBERS];
	const char *value[MEMBERS]; /* as JSON */
	unsigned n;
};

static const char *text_of(const struct doc *d)
{
	char *text = must_alloc(TEXT_MAX);
	struct bq_sink_buf b;
	struct bq_jw w;

	bq_sink_buf_init(&b, text, TEXT_MAX - 1);
	bq_jw_init(&w, &b.s, 0);
	bq_jw_object(&w, NULL);
	for (unsigned i = 0; i < d->n; i++)
		bq_jw_raw(&w, d->name[i], bq_view_str(d->value[i]));
	bq_jw_end_object(&w);
	ck_assert_int_eq(b.s.err, 0);
	text[b.n] = '\0';
	return text;
}

static void add(struct doc *d, const char *name, const char *value)
{
	ck_assert_uint_lt(d->n, MEMBERS);
	d->name[d->n] = name;
	d->value[d->n++] = value;
}

static unsigned find(const struct doc *d, const char *name)
{
	unsigned i = 0;

	while (i < d->n && strcmp(d->name[i], name) != 0)
		i++;
	ck_assert_uint_lt(i, d->n);
	return i;
}

static struct doc with(struct doc d, const char *name, const char *value)
{
	d.value[find(&d, name)] = value;
	return d;
}

static struct doc without(struct doc d, const char *name)
{
	unsigned i = find(&d, name);

	for (d.n--; i < d.n; i++) {
		d.name[i] = d.name[i + 1];
		d.value[i] = d.value[i + 1];
	}
	return d;
}

static struct doc twice(struct doc d, const char *name)
{
	add(&d, name, d.value[find(&d, name)]);
	return d;
}

/* --- synthetic parts: n bytes that differ from place to place -------------- */

static struct bq_view bytes(size_t n, unsigned seed)
{
	uint8_t *p = must_alloc(n);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(seed + 7 * i + (i >> 8));
	return bq_view_of(p, n);
}

#define HCL      bytes(300, 1)
#define SIG      bytes(256, 2)
#define MSG      bytes(121, 3)
#define VCEK     bytes(133, 4)
#define LOG      bytes(200, 5)
#define PCR(i)   bytes(32, 100 + (i))
#define PEM      "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n"
#define PEM_JSON "\"-----BEGIN CERTIFICATE-----\\nAAEC\\n-----END CERTIFICATE-----\\n\""

enum form {
	HEX,
	INTS,
	B64,
	URL,
	URL_PAD,
};

static void put(struct bq_jw *w, enum form f, struct bq_view v)
{
	if (f == HEX) {
		bq_jw_hex(w, NULL, v);
	} else if (f == INTS) {
		bq_jw_array(w, NULL);
		for (size_t i = 0; i < v.n; i++)
			bq_jw_u64(w, NULL, v.p[i]);
		bq_jw_end_array(w);
	} else {
		bq_jw_b64(w, NULL,
			  f == B64   ? BQ_BASE64
			  : f == URL ? BQ_BASE64URL
				     : BQ_BASE64URL_PAD,
			  v);
	}
}

static const char *json(enum form f, struct bq_view v)
{
	char *text = must_alloc(TEXT_MAX);
	struct bq_sink_buf b;
	struct bq_jw w;

	bq_sink_buf_init(&b, text, TEXT_MAX - 1);
	bq_jw_init(&w, &b.s, 0);
	put(&w, f, v);
	text[b.n] = '\0';
	return text;
}

/* n PCRs, the one at index odd (if there is one) of odd_size bytes. */
static const char *pcrs_json(enum form f, unsigned n, unsigned odd, size_t odd_size)
{
	char *text = must_alloc(TEXT_MAX);
	struct bq_sink_buf b;
	struct bq_jw w;

	bq_sink_buf_init(&b, text, TEXT_MAX - 1);
	bq_jw_init(&w, &b.s, 0);
	bq_jw_array(&w, NULL);
	for (unsigned i = 0; i < n; i++)
		put(&w, f, i == odd ? bytes(odd_size, i) : PCR(i));
	bq_jw_end_array(&w);
	text[b.n] = '\0';
	return text;
}

static struct doc quote_doc(enum form f)
{
	struct doc d = {0};

	add(&d, "signature", json(f, SIG));
	add(&d, "message", json(f, MSG));
	add(&d, "pcrs", pcrs_json(f, BQ_PCRS, BQ_PCRS, 0));
	return d;
}

static struct doc coco(unsigned version)
{
	struct doc d = {0}, q = quote_doc(version == 0 ? INTS : HEX);

	if (version == 0) {
		add(&d, "quote", text_of(&q));
		add(&d, "report", json(INTS, HCL));
		add(&d, "vcek", PEM_JSON);
		return d;
	}
	add(&d, "version", version == 1 ? "1" : "2");
	add(&d, "tpm_quote", text_of(&q));
	add(&d, "hcl_report", json(URL_PAD, HCL));
	add(&d, "vcek", json(URL_PAD, VCEK));
	return d;
}

/* --- what comes of a document ---------------------------------------------- */

static struct bq_evidence accepted_text(const char *text)
{
	struct bq_evidence ev;
	struct bq_view in = tight_copy(bq_view_str(text));
	uint8_t *work = must_alloc(in.n);
	char where[64] = "untouched";

	ck_assert_int_eq(bq_evidence_parse_json(in, work, in.n, &ev, where, sizeof(where)), 0);
	ck_assert_str_eq(where, "untouched");
	return ev;
}

static struct bq_evidence accepted(struct doc d)
{
	return accepted_text(text_of(&d));
}

static void refused_text(struct bq_view text, int want, const char *where_want)
{
	struct bq_evidence ev, before;
	struct bq_view in = tight_copy(text);
	uint8_t *work = must_alloc(in.n + 1);
	char where[64] = "untouched";
	int e;

	memset(&ev, 0x5A, sizeof(ev));
	memcpy(&before, &ev, sizeof(ev));
	e = bq_evidence_parse_json(in, work, in.n, &ev, where, sizeof(where));
	ck_assert_msg(e == want, "%s (at %s), not %s: %.*s", bq_strerror(e), where,
		      bq_strerror(want), (int)text.n, (const char *)text.p);
	ck_assert_str_eq(where, where_want);
	ck_assert_mem_eq(&ev, &before, sizeof(ev));
	ck_assert_int_eq(bq_evidence_parse_json(in, work, in.n, &ev, NULL, 0), want);
}

static void refused(struct doc d, int want, const char *where)
{
	refused_text(bq_view_str(text_of(&d)), want, where);
}

/* The document with its quote's member spoilt. */
static void quote_refused(unsigned version, struct doc q, int want, const char *where)
{
	const char *name = version == 0 ? "quote" : "tpm_quote";
	char path[64];

	snprintf(path, sizeof(path), "%s.%s", name, where);
	refused(with(coco(version), name, text_of(&q)), want, path);
}

static void has_quote(const struct bq_evidence *ev)
{
	struct bq_view v;

	ck_assert_view_eq(ev->quote_msg, MSG);
	ck_assert_view_eq(ev->quote_sig, SIG);
	ck_assert(ev->sig_is_raw);
	ck_assert_uint_eq(ev->pcrs.n, 1);
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		ck_assert_int_eq(bq_pcr_value(&ev->pcrs, TPM_ALG_SHA256, i, &v), 0);
		ck_assert_view_eq(v, PCR(i));
	}
}

START_TEST(reads_version_0)
{
	struct bq_evidence ev = accepted(coco(0));

	ck_assert_int_eq(ev.format, BQ_EVIDENCE_COCO0);
	has_quote(&ev);
	ck_assert_view_eq(ev.hcl, HCL);
	ck_assert_view_eq(ev.certs[0], VIEW(PEM));
	ck_assert_uint_eq(ev.certs[1].n + ev.certs[2].n + ev.eventlog.n + ev.report.n, 0);
}
END_TEST

START_TEST(reads_versions_1_and_2)
{
	struct bq_evidence ev = accepted(coco((unsigned)_i));

	ck_assert_int_eq(ev.format, _i == 1 ? BQ_EVIDENCE_COCO1 : BQ_EVIDENCE_COCO2);
	has_quote(&ev);
	ck_assert_view_eq(ev.hcl, HCL);
	ck_assert_view_eq(ev.certs[0], VCEK);
	ck_assert_uint_eq(ev.certs[1].n + ev.certs[2].n + ev.eventlog.n + ev.report.n, 0);
}
END_TEST

START_TEST(reads_our_own_members)
{
	struct doc d = coco((unsigned)_i);
	struct bq_evidence ev;

	add(&d, "cert_chain", PEM_JSON);
	add(&d, "cc_eventlog", json(B64, LOG));
	ev = accepted(d);
	ck_assert_view_eq(ev.certs[1], VIEW(PEM));
	ck_assert_view_eq(ev.eventlog, LOG);
	refused(with(d, "cert_chain", "[]"), BQ_E_JSON_TYPE, "cert_chain");
	refused(with(d, "cc_eventlog", "\"!\""), BQ_E_BASE64, "cc_eventlog");
	refused(with(d, "cc_eventlog", "\"\""), BQ_E_SHORT, "cc_eventlog");
	refused(twice(d, "cert_chain"), BQ_E_JSON_DUPLICATE, "cert_chain");
	refused(twice(d, "cc_eventlog"), BQ_E_JSON_DUPLICATE, "cc_eventlog");
}
END_TEST

START_TEST(base64_of_any_kind)
{
	for (enum form f = B64; f <= URL_PAD; f++) {
		struct doc d = with(coco(1), "hcl_report", json(f, HCL));
		struct bq_evidence ev = accepted(with(d, "vcek", json(f, VCEK)));

		ck_assert_view_eq(ev.hcl, HCL);
		ck_assert_view_eq(ev.certs[0], VCEK);
	}
}
END_TEST

START_TEST(the_vcek_is_optional)
{
	struct bq_evidence ev = accepted(without(coco((unsigned)_i), "vcek"));

	ck_assert_uint_eq(ev.certs[0].n, 0);
	has_quote(&ev);
}
END_TEST

START_TEST(unknown_members_are_tolerated)
{
	struct doc d = coco((unsigned)_i);
	struct bq_evidence ev;

	add(&d, "vmgs", "{\"version\":[null,1.5e3]}");
	add(&d, "", "\"\\u0000\"");
	ev = accepted(d);
	has_quote(&ev);
}
END_TEST

START_TEST(members_that_must_be_there)
{
	refused(without(coco(0), "quote"), BQ_E_JSON_MISSING, "quote");
	refused(without(coco(0), "report"), BQ_E_JSON_MISSING, "report");
	for (unsigned v = 1; v <= 2; v++) {
		refused(without(coco(v), "version"), BQ_E_JSON_MISSING, "version");
		refused(without(coco(v), "tpm_quote"), BQ_E_JSON_MISSING, "tpm_quote");
		refused(without(coco(v), "hcl_report"), BQ_E_JSON_MISSING, "hcl_report");
	}
	for (unsigned v = 0; v <= 2; v++) {
		struct doc q = quote_doc(v == 0 ? INTS : HEX);

		quote_refused(v, without(q, "signature"), BQ_E_JSON_MISSING, "signature");
		quote_refused(v, without(q, "message"), BQ_E_JSON_MISSING, "message");
		quote_refused(v, without(q, "pcrs"), BQ_E_JSON_MISSING, "pcrs");
	}
}
END_TEST

START_TEST(no_member_twice)
{
	for (unsigned v = 0; v <= 2; v++) {
		struct doc d = coco(v), q = quote_doc(v == 0 ? INTS : HEX);

		for (unsigned i = 0; i < d.n; i++)
			refused(twice(d, d.name[i]), BQ_E_JSON_DUPLICATE, d.name[i]);
		for (unsigned i = 0; i < q.n; i++)
			quote_refused(v, twice(q, q.name[i]), BQ_E_JSON_DUPLICATE, q.name[i]);
	}
}
END_TEST

START_TEST(types_are_strict)
{
	static const char *const wrong[] = {"null", "true", "7", "{}", "[\"00\"]", "[[0]]"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct doc q = quote_doc(HEX);

		refused(with(coco(1), "hcl_report", wrong[i]), BQ_E_JSON_TYPE, "hcl_report");
		refused(with(coco(2), "vcek", wrong[i]), BQ_E_JSON_TYPE, "vcek");
		refused(with(coco(0), "vcek", wrong[i]), BQ_E_JSON_TYPE, "vcek");
		quote_refused(1, with(q, "signature", wrong[i]), BQ_E_JSON_TYPE, "signature");
		quote_refused(2, with(q, "message", wrong[i]), BQ_E_JSON_TYPE, "message");
	}
	for (size_t i = 0; i < 3; i++) {
		refused(with(coco(1), "tpm_quote", wrong[i]), BQ_E_JSON_TYPE, "tpm_quote");
		refused(with(coco(0), "quote", wrong[i]), BQ_E_JSON_TYPE, "quote");
		refused(with(coco(0), "report", wrong[i]), BQ_E_JSON_TYPE, "report");
	}
	refused(with(coco(0), "report", "\"00\""), BQ_E_JSON_TYPE, "report");
	refused(with(coco(0), "report", "{\"a\":1}"), BQ_E_JSON_TYPE, "report");
	refused(with(coco(1), "version", "\"1\""), BQ_E_JSON_TYPE, "version");
	refused(with(coco(1), "version", "null"), BQ_E_JSON_TYPE, "version");
	quote_refused(1, with(quote_doc(HEX), "pcrs", "{}"), BQ_E_JSON_TYPE, "pcrs");
	quote_refused(1, quote_doc(INTS), BQ_E_JSON_TYPE, "signature");
	quote_refused(0, quote_doc(HEX), BQ_E_JSON_TYPE, "signature");
}
END_TEST

START_TEST(versions_we_know)
{
	refused(with(coco(1), "version", "0"), BQ_E_EVIDENCE, "version");
	refused(with(coco(1), "version", "3"), BQ_E_EVIDENCE, "version");
	refused(with(coco(1), "version", "1.0"), BQ_E_JSON_TYPE, "version");
	refused(with(coco(1), "version", "4294967297"), BQ_E_RANGE, "version");
}
END_TEST

/* One reader must not see another quote or report than the next one does. */
START_TEST(members_of_two_versions_at_once)
{
	struct doc old = coco(0), d;
	static const char *const names[] = {"tpm_quote", "hcl_report"};

	for (unsigned v = 1; v <= 2; v++) {
		struct doc new = coco(v);

		for (unsigned i = 0; i < 2; i++) {
			d = new;
			add(&d, old.name[i], old.value[i]);
			refused(d, BQ_E_EVIDENCE, old.name[i]);
			d = old;
			add(&d, names[i], new.value[find(&new, names[i])]);
			refused(d, BQ_E_EVIDENCE, names[i]);
		}
	}
	d = old;
	add(&d, "version", "1");
	refused(d, BQ_E_EVIDENCE, "quote");
}
END_TEST

START_TEST(values_that_do_not_decode)
{
	struct doc h = quote_doc(HEX), i = quote_doc(INTS);

	refused(with(coco(1), "hcl_report", "\"A\""), BQ_E_BASE64, "hcl_report");
	refused(with(coco(1), "hcl_report", "\"\""), BQ_E_SHORT, "hcl_report");
	refused(with(coco(1), "vcek", "\"AB\""), BQ_E_BASE64, "vcek");
	refused(with(coco(0), "vcek", "\"\""), BQ_E_SHORT, "vcek");
	refused(with(coco(0), "report", "[]"), BQ_E_SHORT, "report");
	refused(with(coco(0), "report", "[255,0,256]"), BQ_E_RANGE, "report[2]");
	refused(with(coco(0), "report", "[-1]"), BQ_E_RANGE, "report[0]");
	refused(with(coco(0), "report", "[1.0]"), BQ_E_JSON_TYPE, "report[0]");
	refused(with(coco(0), "report", "[1,\"2\"]"), BQ_E_JSON_TYPE, "report[1]");
	quote_refused(1, with(h, "signature", "\"0\""), BQ_E_HEX, "signature");
	quote_refused(1, with(h, "signature", "\"0x00\""), BQ_E_HEX, "signature");
	quote_refused(1, with(h, "signature", "\"\""), BQ_E_SHORT, "signature");
	quote_refused(1, with(h, "message", "\"0g\""), BQ_E_HEX, "message");
	quote_refused(0, with(i, "message", "[]"), BQ_E_SHORT, "message");
	quote_refused(0, with(i, "message", "[0,1,300]"), BQ_E_RANGE, "message[2]");
}
END_TEST

START_TEST(pcrs_are_24_of_32_bytes)
{
	for (unsigned v = 0; v <= 1; v++) {
		enum form f = v == 0 ? INTS : HEX;
		struct doc q = quote_doc(f);

		quote_refused(v, with(q, "pcrs", "[]"), BQ_E_PCR_SELECTION, "pcrs");
		quote_refused(v, with(q, "pcrs", pcrs_json(f, 23, 99, 0)), BQ_E_PCR_SELECTION,
			      "pcrs");
		quote_refused(v, with(q, "pcrs", pcrs_json(f, 25, 99, 0)), BQ_E_PCR_SELECTION,
			      "pcrs");
		for (unsigned i = 0; i < BQ_PCRS; i++) {
			char where[16];

			snprintf(where, sizeof(where), "pcrs[%u]", i);
			quote_refused(v, with(q, "pcrs", pcrs_json(f, 24, i, 31)), BQ_E_SHORT,
				      where);
			quote_refused(v, with(q, "pcrs", pcrs_json(f, 24, i, 33)), BQ_E_SPACE,
				      where);
		}
	}
}
END_TEST

START_TEST(other_json_is_not_evidence)
{
	refused_text(VIEW("{}"), BQ_E_EVIDENCE, "");
	refused_text(VIEW("[]"), BQ_E_EVIDENCE, "");
	refused_text(VIEW("\"quote\""), BQ_E_EVIDENCE, "");
	refused_text(VIEW("{\"vcek\":\"\"}"), BQ_E_EVIDENCE, "");
	refused_text(VIEW(""), BQ_E_JSON_SYNTAX, "");
	refused_text(VIEW("{\"version\":1}"), BQ_E_JSON_MISSING, "hcl_report");
}
END_TEST

START_TEST(every_truncation_is_refused)
{
	struct doc d = coco((unsigned)_i);
	struct bq_view text;

	add(&d, "cc_eventlog", json(B64, bytes(9, 0)));
	text = bq_view_str(text_of(&d));
	for (size_t n = 0; n < text.n; n++)
		refused_text(bq_view_of(text.p, n), BQ_E_JSON_SYNTAX, "");
}
END_TEST

/* What all decoded members take together is enough, one byte less is not. */
START_TEST(room_is_respected)
{
	struct doc d = coco((unsigned)_i);
	size_t need = 300 + 256 + 121 + (_i == 0 ? strlen(PEM) : 133) + 200 + strlen(PEM);
	uint8_t *work = must_alloc(need + 1);
	struct bq_evidence ev;
	struct bq_view text;
	char where[64];

	add(&d, "cert_chain", PEM_JSON);
	add(&d, "cc_eventlog", json(B64, LOG));
	text = bq_view_str(text_of(&d));
	work[need] = 0xEE;
	ck_assert_int_eq(bq_evidence_parse_json(text, work, need, &ev, where, 64), 0);
	ck_assert_uint_eq(work[need], 0xEE);
	for (size_t cap = 0; cap < need; cap++) {
		work[cap] = 0xEE;
		ck_assert_int_eq(bq_evidence_parse_json(text, work, cap, &ev, where, 64),
				 BQ_E_SPACE);
		ck_assert_uint_eq(work[cap], 0xEE);
	}
	ck_assert_str_eq(where, "cc_eventlog");
}
END_TEST

START_TEST(a_short_where_is_cut)
{
	struct doc q = quote_doc(HEX), d;
	struct bq_evidence ev;
	uint8_t work[16];
	char where[8];

	q = with(q, "signature", "1");
	d = without(with(coco(1), "tpm_quote", text_of(&q)), "hcl_report");
	add(&d, "hcl_report", "\"AAAA\"");
	memset(where, 'x', sizeof(where));
	ck_assert_int_eq(
		bq_evidence_parse_json(bq_view_str(text_of(&d)), work, sizeof(work), &ev, where, 7),
		BQ_E_JSON_TYPE);
	ck_assert_str_eq(where, "tpm_qu");
	ck_assert_int_eq(where[7], 'x');
}
END_TEST

START_TEST(a_quote_beside_a_blob)
{
	struct bq_evidence ev = {.format = BQ_EVIDENCE_HCL, .hcl = HCL};
	struct doc q = quote_doc(_i == 0 ? INTS : HEX);
	struct bq_view text = tight_copy(bq_view_str(text_of(&q)));
	uint8_t *work = must_alloc(text.n);
	char where[64] = "untouched";

	ck_assert_int_eq(bq_evidence_parse_quote(text, work, text.n, &ev, where, 64), 0);
	ck_assert_str_eq(where, "untouched");
	has_quote(&ev);
	ck_assert_int_eq(ev.format, BQ_EVIDENCE_HCL);
	ck_assert_view_eq(ev.hcl, HCL);
	ck_assert_int_eq(bq_evidence_parse_quote(text, work, text.n, &ev, where, 64), BQ_E_ARG);
}
END_TEST

START_TEST(a_quote_that_is_refused)
{
	struct bq_evidence ev = {.hcl = HCL}, before = ev;
	struct doc q = with(quote_doc(HEX), "pcrs", pcrs_json(HEX, 24, 23, 3));
	struct doc mixed = with(quote_doc(INTS), "message", "\"00\"");
	uint8_t work[2048];
	char where[64];

	ck_assert_int_eq(bq_evidence_parse_quote(bq_view_str(text_of(&q)), work, sizeof(work), &ev,
						 where, sizeof(where)),
			 BQ_E_SHORT);
	ck_assert_str_eq(where, "pcrs[23]");
	ck_assert_int_eq(bq_evidence_parse_quote(bq_view_str(text_of(&mixed)), work, sizeof(work),
						 &ev, where, sizeof(where)),
			 BQ_E_JSON_TYPE);
	ck_assert_str_eq(where, "message");
	ck_assert_int_eq(
		bq_evidence_parse_quote(VIEW("[]"), work, sizeof(work), &ev, where, sizeof(where)),
		BQ_E_JSON_TYPE);
	ck_assert_int_eq(bq_evidence_parse_quote(VIEW("{"), work, sizeof(work), &ev, NULL, 0),
			 BQ_E_JSON_SYNTAX);
	ck_assert_mem_eq(&ev, &before, sizeof(ev));
}
END_TEST

START_TEST(captured_evidence)
{
	struct bq_view text = read_capture("azure-milan-2025/evidence-v1.json"), v;
	uint8_t *work = must_alloc(text.n);
	struct bq_evidence ev;
	uint8_t first;

	ck_assert_int_eq(bq_evidence_parse_json(text, work, text.n, &ev, NULL, 0), 0);
	ck_assert_int_eq(ev.format, BQ_EVIDENCE_COCO1);
	ck_assert_uint_eq(ev.hcl.n, 2600);
	ck_assert_uint_eq(ev.quote_msg.n, 122);
	ck_assert_uint_eq(ev.quote_sig.n, 256);
	ck_assert_view_eq(bq_view_of(ev.hcl.p, 4), VIEW("HCLA"));
	ck_assert_int_eq(bq_pcr_value(&ev.pcrs, TPM_ALG_SHA256, 0, &v), 0);
	ck_assert_view_eq(
		v, from_hex("e15c44796beabf46abcec7c57e590942041e47497e4ec27571c8b7664f48dced"));
	v = ev.certs[0];
	ck_assert_int_eq(bq_rd_u8(&v, &first), 0);
	ck_assert_uint_eq(first, 0x30); /* DER */
}
END_TEST

START_TEST(captured_quote)
{
	struct bq_view text = read_capture("azure-milan-2023/tpm-quote-v1.json"), v;
	uint8_t *work = must_alloc(text.n);
	struct bq_evidence ev = {0};

	ck_assert_int_eq(bq_evidence_parse_quote(text, work, text.n, &ev, NULL, 0), 0);
	ck_assert_uint_eq(ev.quote_msg.n, 122);
	ck_assert_view_eq(bq_view_of(ev.quote_msg.p, 6), VIEW("\xff\x54\x43\x47\x80\x18"));
	ck_assert_uint_eq(ev.quote_sig.n, 256);
	ck_assert_view_eq(bq_view_of(ev.quote_sig.p, 4), VIEW("\x2a\xfd\x1c\x1f"));
	ck_assert_int_eq(bq_pcr_value(&ev.pcrs, TPM_ALG_SHA256, 0, &v), 0);
	ck_assert_view_eq(
		v, from_hex("f3a7e99a5f819a034386bce753a48a73cfdaa0bea0ecfc124bedbf5a8c4799be"));
}
END_TEST

START_TEST(format_names)
{
	ck_assert_str_eq(bq_evidence_format_name(BQ_EVIDENCE_SNP), "snp");
	ck_assert_str_eq(bq_evidence_format_name(BQ_EVIDENCE_HCL), "hcl");
	ck_assert_str_eq(bq_evidence_format_name(BQ_EVIDENCE_DIR), "dir");
	ck_assert_str_eq(bq_evidence_format_name(BQ_EVIDENCE_COCO0), "coco0");
	ck_assert_str_eq(bq_evidence_format_name(BQ_EVIDENCE_COCO1), "coco1");
	ck_assert_str_eq(bq_evidence_format_name(BQ_EVIDENCE_COCO2), "coco2");
	ck_assert_str_eq(bq_evidence_format_name(BQ_EVIDENCE_MAA_SNP), "maa-snp");
}
END_TEST

Suite *suite_evidence(void)
{
	Suite *s = suite_create("evidence");
	TCase *tc = tcase_create("read");

	tcase_add_test(tc, reads_version_0);
	tcase_add_loop_test(tc, reads_versions_1_and_2, 1, 3);
	tcase_add_loop_test(tc, reads_our_own_members, 0, 3);
	tcase_add_test(tc, base64_of_any_kind);
	tcase_add_loop_test(tc, the_vcek_is_optional, 0, 3);
	tcase_add_loop_test(tc, unknown_members_are_tolerated, 0, 3);
	tcase_add_test(tc, members_that_must_be_there);
	tcase_add_test(tc, no_member_twice);
	tcase_add_test(tc, types_are_strict);
	tcase_add_test(tc, versions_we_know);
	tcase_add_test(tc, members_of_two_versions_at_once);
	tcase_add_test(tc, values_that_do_not_decode);
	tcase_add_test(tc, pcrs_are_24_of_32_bytes);
	tcase_add_test(tc, other_json_is_not_evidence);
	tcase_add_loop_test(tc, every_truncation_is_refused, 0, 3);
	tcase_add_loop_test(tc, room_is_respected, 0, 3);
	tcase_add_test(tc, a_short_where_is_cut);
	tcase_add_loop_test(tc, a_quote_beside_a_blob, 0, 2);
	tcase_add_test(tc, a_quote_that_is_refused);
	tcase_add_capture_test(tc, captured_evidence);
	tcase_add_capture_test(tc, captured_quote);
	tcase_add_test(tc, format_names);
	suite_add_tcase(s, tc);
	return s;
}

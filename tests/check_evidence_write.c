/* Writing JSON containers: what is written reads back as what went in. */
#include "support.h"

#include <string.h>

#define TEXT_MAX 65536
#define CLAIMS   "{\"keys\":[],\"user-data\":\"00\"}"
#define VCEK_PEM "-----BEGIN CERTIFICATE-----\nAAECAwQF\n-----END CERTIFICATE-----\n"
#define VCEK_DER "\x00\x01\x02\x03\x04\x05"
#define CHAIN                                                                                      \
	"-----BEGIN CERTIFICATE-----\nBgcI\n-----END CERTIFICATE-----\n"                           \
	"-----BEGIN CERTIFICATE-----\nCQoL\n-----END CERTIFICATE-----\n"

static struct bq_view bytes(size_t n, unsigned seed)
{
	uint8_t *p = must_alloc(n);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(seed + 7 * i + (i >> 8));
	return bq_view_of(p, n);
}

/* header 1, claims at 0x4D4, then zeros to 1600 bytes; see hcl.h. */
static struct bq_view hcl_blob(uint32_t report_type)
{
	uint8_t *p = must_alloc(1600);
	struct bq_wr w;
	uint32_t claims = sizeof(CLAIMS) - 1;

	bq_wr_init(&w, p, 1600);
	bq_wr_view(&w, VIEW("HCLA"));
	bq_wr_le32(&w, 1);
	bq_wr_le32(&w, 32 + 1184 + 20 + claims);
	bq_wr_le32(&w, 2);
	bq_wr_zeros(&w, 16);
	bq_wr_view(&w, bytes(1184, 9));
	bq_wr_le32(&w, 20 + claims);
	bq_wr_le32(&w, 1);
	bq_wr_le32(&w, report_type);
	bq_wr_le32(&w, BQ_HCL_SHA256);
	bq_wr_le32(&w, claims);
	bq_wr_view(&w, VIEW(CLAIMS));
	bq_wr_zeros(&w, 1600 - w.n);
	ck_assert_int_eq(w.err, 0);
	return bq_view_of(p, 1600);
}

/* TPMT_SIGNATURE of an RSA key. */
static struct bq_view tpmt(uint16_t alg, uint16_t hash, struct bq_view value)
{
	uint8_t *p = must_alloc(value.n + 6);
	struct bq_wr w;

	bq_wr_init(&w, p, value.n + 6);
	bq_wr_be16(&w, alg);
	bq_wr_be16(&w, hash);
	bq_wr_2b(&w, value);
	return bq_view_of(p, w.n);
}

/* An event log that comes in pieces of at most step bytes, then as `last` says. */
struct log {
	struct bq_view rest;
	size_t step;
	long last;
};

static long read_log(void *ctx, void *buf, size_t n)
{
	struct log *l = ctx;
	size_t k = l->rest.n < l->step ? l->rest.n : l->step;

	k = k < n ? k : n;
	if (k == 0)
		return l->last;
	ck_assert_int_eq(bq_rd_copy(&l->rest, buf, k), 0);
	return (long)k;
}

static struct bq_pcr_values some_pcrs(void)
{
	struct bq_pcr_values v = {.n = 2};

	v.bank[0] = (struct bq_pcr_bank){.alg = TPM_ALG_SHA1, .mask = 1};
	v.bank[1] = (struct bq_pcr_bank){.alg = TPM_ALG_SHA256, .mask = 0xFFFFFF};
	for (unsigned i = 0; i < BQ_PCRS; i++)
		memcpy(v.bank[1].value[i], bytes(32, 100 + i).p, 32);
	return v;
}

static struct bq_pcr_values pcrs;

static struct bq_evidence_parts some_parts(void)
{
	pcrs = some_pcrs();
	return (struct bq_evidence_parts){
		.hcl = hcl_blob(BQ_HCL_SNP),
		.quote_msg = bytes(121, 3),
		.quote_sig = tpmt(TPM_ALG_RSASSA, TPM_ALG_SHA256, bytes(256, 2)),
		.pcrs = &pcrs,
		.vcek_pem = VIEW(VCEK_PEM),
		.chain_pem = VIEW(CHAIN),
	};
}

/* NUL-terminated. */
static struct bq_view written(enum bq_evidence_format f, const struct bq_evidence_parts *parts)
{
	uint8_t *text = must_alloc(TEXT_MAX);
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, TEXT_MAX - 1);
	ck_assert_int_eq(bq_evidence_write(&b.s, f, parts), 0);
	text[b.n] = '\0';
	ck_assert_ptr_eq(memchr(text, '\n', b.n), &text[b.n - 1]);
	return bq_view_of(text, b.n);
}

static struct bq_evidence read_back(struct bq_view text)
{
	struct bq_evidence ev;

	text = tight_copy(text);
	ck_assert_int_eq(bq_evidence_parse_json(text, must_alloc(text.n), text.n, &ev, NULL, 0), 0);
	return ev;
}

static bool has_text(struct bq_view text, const char *part)
{
	return strstr((const char *)text.p, part) != NULL;
}

static const enum bq_evidence_format coco[] = {
	BQ_EVIDENCE_COCO0,
	BQ_EVIDENCE_COCO1,
	BQ_EVIDENCE_COCO2,
};

START_TEST(what_is_written_reads_back)
{
	struct bq_evidence_parts parts = some_parts();
	struct log log = {bytes(5000, 5), 100, 0};
	struct bq_evidence ev;
	struct bq_view v;

	parts.eventlog_read = read_log;
	parts.eventlog_ctx = &log;
	ev = read_back(written(coco[_i], &parts));
	ck_assert_int_eq(ev.format, coco[_i]);
	ck_assert_view_eq(ev.hcl, parts.hcl);
	ck_assert_view_eq(ev.quote_msg, parts.quote_msg);
	ck_assert_view_eq(ev.quote_sig, bytes(256, 2));
	ck_assert(ev.sig_is_raw);
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		ck_assert_int_eq(bq_pcr_value(&ev.pcrs, TPM_ALG_SHA256, i, &v), 0);
		ck_assert_view_eq(v, bytes(32, 100 + i));
	}
	ck_assert_view_eq(ev.certs[0], _i == 0 ? VIEW(VCEK_PEM) : VIEW(VCEK_DER));
	ck_assert_view_eq(ev.certs[1], VIEW(CHAIN));
	ck_assert_view_eq(ev.eventlog, bytes(5000, 5));
}
END_TEST

START_TEST(members_are_spelt_as_others_read_them)
{
	struct bq_evidence_parts parts = some_parts();
	struct log log = {VIEW("\xFB\xEF\xFF\xFF"), 3, 0};
	struct bq_view v0, v2;

	parts.hcl = VIEW("\xFB\xEF\xFF\xFF");
	parts.eventlog_read = read_log;
	parts.eventlog_ctx = &log;
	v0 = written(BQ_EVIDENCE_COCO0, &parts);
	log.rest = VIEW("\xFB\xEF\xFF\xFF");
	v2 = written(BQ_EVIDENCE_COCO2, &parts);
	ck_assert(has_text(v0, "{\"quote\":{\"signature\":[2,9,16,"));
	ck_assert(has_text(v0, "\"report\":[251,239,255,255],\"vcek\":\"-----BEGIN"));
	ck_assert(has_text(v0, "\"cc_eventlog\":\"++///w==\"}\n"));
	ck_assert(has_text(v2, "{\"version\":2,\"tpm_quote\":{\"signature\":\"020910"));
	ck_assert(has_text(v2, "\"hcl_report\":\"--___w==\",\"vcek\":\"AAECAwQF\","));
	ck_assert(has_text(v2, "\"cc_eventlog\":\"++///w==\"}\n"));
}
END_TEST

START_TEST(absent_parts_are_left_out)
{
	struct bq_evidence_parts parts = some_parts();
	struct log log = {VIEW(""), 1, 0};
	struct bq_view text;
	struct bq_evidence ev;

	parts.vcek_pem = parts.chain_pem = bq_view_of(NULL, 0);
	parts.eventlog_read = read_log;
	parts.eventlog_ctx = &log;
	text = written(coco[_i], &parts);
	ck_assert(!has_text(text, "vcek"));
	ck_assert(!has_text(text, "cert_chain"));
	ck_assert(!has_text(text, "cc_eventlog"));
	ev = read_back(text);
	ck_assert_uint_eq(ev.certs[0].n + ev.certs[1].n + ev.eventlog.n, 0);
}
END_TEST

START_TEST(event_logs_come_in_pieces)
{
	static const size_t steps[] = {1, 2, 767, 768, 769, 10000};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct bq_evidence_parts parts = some_parts();
		struct log log = {bytes(2305, 5), steps[i], 0};

		parts.eventlog_read = read_log;
		parts.eventlog_ctx = &log;
		ck_assert_view_eq(read_back(written(BQ_EVIDENCE_COCO2, &parts)).eventlog,
				  bytes(2305, 5));
	}
}
END_TEST

static int write_to(uint8_t *text, size_t cap, size_t *n, enum bq_evidence_format f,
		    const struct bq_evidence_parts *parts)
{
	struct bq_sink_buf b;
	int e;

	bq_sink_buf_init(&b, text, cap);
	e = bq_evidence_write(&b.s, f, parts);
	*n = b.n;
	return e;
}

START_TEST(event_logs_that_fail)
{
	uint8_t text[8192];
	size_t n;

	for (size_t have = 0; have < 2; have++) {
		struct bq_evidence_parts parts = some_parts();
		struct log log = {bytes(100 * have, 5), 100, -1};

		parts.eventlog_read = read_log;
		parts.eventlog_ctx = &log;
		ck_assert_int_eq(write_to(text, sizeof(text), &n, BQ_EVIDENCE_COCO2, &parts),
				 BQ_E_IO);
		log = (struct log){bytes(100 * have, 5), 100, 100000}; /* more than asked for */
		ck_assert_int_eq(write_to(text, sizeof(text), &n, BQ_EVIDENCE_COCO2, &parts),
				 BQ_E_IO);
	}
}
END_TEST

/* Refused before the first byte. */
static void refused(enum bq_evidence_format f, struct bq_evidence_parts parts, int want)
{
	uint8_t text[64];
	size_t n;

	ck_assert_int_eq(write_to(text, sizeof(text), &n, f, &parts), want);
	ck_assert_uint_eq(n, 0);
}

START_TEST(parts_that_are_wrong)
{
	struct bq_evidence_parts good = some_parts(), p;
	struct bq_pcr_values few = pcrs;

	p = good;
	p.quote_sig = tpmt(TPM_ALG_RSAPSS, TPM_ALG_SHA256, bytes(256, 2));
	refused(coco[_i], p, BQ_E_SIG_ALG);
	p.quote_sig = tpmt(TPM_ALG_RSASSA, TPM_ALG_SHA384, bytes(256, 2));
	refused(coco[_i], p, BQ_E_SIG_ALG);
	p.quote_sig = VIEW("");
	refused(coco[_i], p, BQ_E_SHORT);
	p = good;
	few.bank[1].mask &= ~(1u << 23);
	p.pcrs = &few;
	refused(coco[_i], p, BQ_E_PCR_SELECTION);
	few.n = 1;
	refused(coco[_i], p, BQ_E_PCR_SELECTION);
	p = good;
	p.vcek_pem = VIEW(VCEK_DER);
	refused(coco[_i], p, BQ_E_CERT);
	p = good;
	p.chain_pem = VIEW("-----BEGIN CERTIFICATE-----\n");
	refused(coco[_i], p, BQ_E_CERT);
}
END_TEST

START_TEST(formats_that_are_not_written)
{
	refused(BQ_EVIDENCE_SNP, some_parts(), BQ_E_ARG);
	refused(BQ_EVIDENCE_HCL, some_parts(), BQ_E_ARG);
	refused(BQ_EVIDENCE_DIR, some_parts(), BQ_E_ARG);
}
END_TEST

START_TEST(full_sinks_are_told)
{
	struct bq_evidence_parts parts = some_parts();
	size_t whole = written((enum bq_evidence_format)_i, &parts).n, n;
	uint8_t *text = must_alloc(whole + 1);

	for (size_t cap = 0; cap < whole; cap += cap < 16 || cap + 16 > whole ? 1 : 97) {
		text[cap] = 0xEE;
		ck_assert_int_eq(write_to(text, cap, &n, (enum bq_evidence_format)_i, &parts),
				 BQ_E_SPACE);
		ck_assert_uint_eq(text[cap], 0xEE);
	}
	ck_assert_int_eq(write_to(text, whole, &n, (enum bq_evidence_format)_i, &parts), 0);
}
END_TEST

/* --- Microsoft Azure Attestation ------------------------------------------ */

static struct bq_json member(struct bq_json object, const char *name)
{
	struct bq_json j;

	ck_assert_int_eq(bq_json_member(object, name, &j), 0);
	return j;
}

/* A base64url string without padding, decoded. */
static struct bq_view unpadded(struct bq_json j)
{
	uint8_t *p = must_alloc(j.raw.n);
	size_t n;

	ck_assert_ptr_null(memchr(j.raw.p, '=', j.raw.n));
	ck_assert_ptr_null(memchr(j.raw.p, '+', j.raw.n));
	ck_assert_ptr_null(memchr(j.raw.p, '/', j.raw.n));
	ck_assert_int_eq(bq_json_b64(j, p, j.raw.n, &n), 0);
	return bq_view_of(p, n);
}

static void maa_has(struct bq_view body, struct bq_view report, const char *chain,
		    struct bq_view claims)
{
	struct bq_json root, inner;
	size_t n;

	ck_assert_int_eq(bq_json_parse(body, &root), 0);
	ck_assert_int_eq(bq_json_parse(unpadded(member(root, "report")), &inner), 0);
	ck_assert_view_eq(unpadded(member(inner, "SnpReport")), report);
	ck_assert_view_eq(unpadded(member(inner, "VcekCertChain")), bq_view_str(chain));
	ck_assert_view_eq(unpadded(member(member(root, "runtimeData"), "data")), claims);
	ck_assert(bq_json_is(member(member(root, "runtimeData"), "dataType"), "JSON"));
	ck_assert_int_eq(bq_json_count(root, &n), BQ_E_JSON_TYPE);
	ck_assert_int_eq(bq_json_unique(root), 0);
}

START_TEST(maa_body)
{
	struct bq_evidence_parts parts = some_parts();
	struct bq_view body = written(BQ_EVIDENCE_MAA_SNP, &parts);

	maa_has(body, bytes(1184, 9), VCEK_PEM CHAIN, VIEW(CLAIMS));
	ck_assert(has_text(body, "{\"report\":\"eyJTbnBSZXBvcnQiOi")); /* {"SnpReport":" */
	ck_assert(has_text(body, "\",\"runtimeData\":{\"data\":\""));
	/* A VCEK whose last line is not ended must not run into the next one. */
	parts.vcek_pem.n--;
	maa_has(written(BQ_EVIDENCE_MAA_SNP, &parts), bytes(1184, 9), VCEK_PEM CHAIN, VIEW(CLAIMS));
}
END_TEST

/* The quote does not travel; certificates must, and the report must be SNP. */
START_TEST(maa_parts)
{
	struct bq_evidence_parts good = some_parts(), p = good;

	p.quote_sig = p.quote_msg = bq_view_of(NULL, 0);
	p.pcrs = NULL;
	ck_assert_view_eq(written(BQ_EVIDENCE_MAA_SNP, &p), written(BQ_EVIDENCE_MAA_SNP, &good));
	p = good;
	p.vcek_pem.n = 0;
	refused(BQ_EVIDENCE_MAA_SNP, p, BQ_E_CERT);
	p = good;
	p.chain_pem.n = 0;
	refused(BQ_EVIDENCE_MAA_SNP, p, BQ_E_CERT);
	p = good;
	p.hcl = hcl_blob(BQ_HCL_TDX);
	refused(BQ_EVIDENCE_MAA_SNP, p, BQ_E_HCL_TDX);
	p.hcl = bytes(1600, 0);
	refused(BQ_EVIDENCE_MAA_SNP, p, BQ_E_HCL_MAGIC);
}
END_TEST

START_TEST(captured_evidence_written_again)
{
	struct bq_evidence ev = read_back(read_capture("azure-milan-2025/evidence-v1.json")), again;
	struct bq_sink_buf pem;
	struct bq_evidence_parts parts = {
		.hcl = ev.hcl,
		.quote_msg = ev.quote_msg,
		.quote_sig = tpmt(TPM_ALG_RSASSA, TPM_ALG_SHA256, ev.quote_sig),
		.pcrs = &ev.pcrs,
	};

	bq_sink_buf_init(&pem, must_alloc(TEXT_MAX), TEXT_MAX);
	bq_put_pem(&pem.s, "CERTIFICATE", ev.certs[0]);
	parts.vcek_pem = bq_view_of(pem.p, pem.n);
	again = read_back(written(BQ_EVIDENCE_COCO1, &parts));
	ck_assert_view_eq(again.hcl, ev.hcl);
	ck_assert_view_eq(again.quote_msg, ev.quote_msg);
	ck_assert_view_eq(again.quote_sig, ev.quote_sig);
	ck_assert_view_eq(again.certs[0], ev.certs[0]);
	ck_assert_mem_eq(&again.pcrs, &ev.pcrs, sizeof(ev.pcrs));
	again = read_back(written(BQ_EVIDENCE_COCO0, &parts));
	ck_assert_view_eq(again.hcl, ev.hcl);
	ck_assert_view_eq(again.quote_sig, ev.quote_sig);
	ck_assert_view_eq(again.certs[0], parts.vcek_pem);
	ck_assert_mem_eq(&again.pcrs, &ev.pcrs, sizeof(ev.pcrs));
}
END_TEST

START_TEST(captured_blob_for_maa)
{
	struct bq_evidence_parts parts = {
		.hcl = read_capture("azure-milan-2023/hcl-report.bin"),
		.vcek_pem = VIEW(VCEK_PEM),
		.chain_pem = VIEW(CHAIN),
	};
	struct bq_view report, claims;

	/* report_size 32 + 1184 + 20 + claims; claims at 0x4D4 */
	ck_assert_int_eq(bq_view_sub(parts.hcl, 32, 1184, &report), 0);
	claims = bq_view_of(strchr((const char *)&parts.hcl.p[0x4D4], '{'), 0);
	ck_assert_ptr_eq(claims.p, &parts.hcl.p[0x4D4]);
	claims.n = strlen((const char *)claims.p);
	maa_has(written(BQ_EVIDENCE_MAA_SNP, &parts), report, VCEK_PEM CHAIN, claims);
}
END_TEST

Suite *suite_evidence_write(void)
{
	Suite *s = suite_create("evidence_write");
	TCase *tc = tcase_create("write");

	tcase_add_loop_test(tc, what_is_written_reads_back, 0, 3);
	tcase_add_test(tc, members_are_spelt_as_others_read_them);
	tcase_add_loop_test(tc, absent_parts_are_left_out, 0, 3);
	tcase_add_test(tc, event_logs_come_in_pieces);
	tcase_add_test(tc, event_logs_that_fail);
	tcase_add_loop_test(tc, parts_that_are_wrong, 0, 3);
	tcase_add_test(tc, formats_that_are_not_written);
	tcase_add_loop_test(tc, full_sinks_are_told, BQ_EVIDENCE_COCO0, BQ_EVIDENCE_MAA_SNP + 1);
	tcase_add_test(tc, maa_body);
	tcase_add_test(tc, maa_parts);
	tcase_add_capture_test(tc, captured_evidence_written_again);
	tcase_add_capture_test(tc, captured_blob_for_maa);
	suite_add_tcase(s, tc);
	return s;
}

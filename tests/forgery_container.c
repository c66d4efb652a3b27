/* Containers that two readers could read two ways: each is genuine evidence
 * with one piece of its JSON replaced. */
#include "forgery.h"

#include <stdio.h>

#define X4(s)  s s s s
#define X8(s)  X4(s) X4(s)
#define X32(s) X8(s) X8(s) X8(s) X8(s)
#define PCR_0  X32("01") /* as forge_begin() has it */

const char *replaced(const char *text, const char *find, const char *put)
{
	const char *at = strstr(text, find);
	size_t cap = strlen(text) + strlen(put) + 1;
	char *out = must_alloc(cap);

	ck_assert_msg(at != NULL, "no `%.60s` in %.60s...", find, text);
	snprintf(out, cap, "%.*s%s%s", (int)(at - text), text, put, at + strlen(find));
	return out;
}

/* Writers take a TPMT_SIGNATURE, and the leaf apart from its issuers. */
static void begin(struct forge *f, enum bq_evidence_format format)
{
	milan_user_data(f);
	f->ev.format = format;
	f->ev.sig_is_raw = false;
	f->bring_ca = false;
}

static void coco0(struct forge *f)
{
	begin(f, BQ_EVIDENCE_COCO0);
}

static void coco1(struct forge *f)
{
	begin(f, BQ_EVIDENCE_COCO1);
}

static void coco2(struct forge *f)
{
	begin(f, BQ_EVIDENCE_COCO2);
}

#define V1       .find = "{\"version\":1,", .put
#define SIG      .find = "{\"signature\":\"", .put
#define MSG      .find = "\"message\":\"ff", .put
#define PCRS     .find = "\"pcrs\":[\"01", .put
#define HCL      .find = "\"hcl_report\":\"SENMQQ", .put
#define HCL_END  .find = "AAA=\",\"vcek\":\"", .put
#define INTS     .find = "\"report\":[72,", .put
#define THE_END  .find = "-----\\n\"}\n", .put
#define NESTED33 X32("[") "[" X32("]") "]"

const struct maker container_makers[] = {
	{"container/version-twice", coco1, V1 = "{\"version\":1,\"version\":1,"},
	{"container/version-1-and-2", coco1, V1 = "{\"version\":2,\"version\":1,"},
	{"container/version-escaped-twice", coco1, V1 = "{\"vers\\u0069on\":2,\"version\":1,"},
	{"container/version-3", coco1, V1 = "{\"version\":3,"},
	{"container/version-0", coco1, V1 = "{\"version\":0,"},
	{"container/version-string", coco1, V1 = "{\"version\":\"1\","},
	{"container/version-fraction", coco1, V1 = "{\"version\":1.0,"},
	{"container/version-exponent", coco1, V1 = "{\"version\":1e0,"},
	{"container/version-negative", coco1, V1 = "{\"version\":-1,"},
	{"container/version-plus-2-32", coco1, V1 = "{\"version\":4294967297,"},
	{"container/version-plus-2-64", coco1, V1 = "{\"version\":18446744073709551617,"},
	{"container/version-missing", coco1, V1 = "{"},
	{"container/version-null", coco1, V1 = "{\"version\":null,"},
	{"container/quote-of-version-0", coco1, V1 = "{\"version\":1,\"quote\":{},"},
	{"container/report-of-version-0", coco1, V1 = "{\"version\":1,\"report\":[72],"},
	{"container/quote-of-version-1", coco0,
	 .find = "{\"quote\":", .put = "{\"tpm_quote\":{},\"quote\":"},
	{"container/report-of-version-1", coco0,
	 .find = "{\"quote\":", .put = "{\"hcl_report\":\"SENM\",\"quote\":"},
	{"container/quote-twice", coco1, .find = "\"tpm_quote\":{",
	 .put = "\"tpm_quote\":{},\"tpm_quote\":{"},
	{"container/signature-twice", coco1, SIG = "{\"signature\":\"00\",\"signature\":\""},
	{"container/signature-escaped-twice", coco1,
	 SIG = "{\"\\u0073ignature\":\"00\",\"signature\":\""},
	{"container/message-twice", coco1, MSG = "\"message\":\"00\",\"message\":\"ff"},
	{"container/message-odd", coco1, MSG = "\"message\":\"f"},
	{"container/message-not-hex", coco1, MSG = "\"message\":\"fg"},
	{"container/message-0x", coco1, MSG = "\"message\":\"0xff"},
	{"container/message-space", coco1, MSG = "\"message\":\" ff"},
	{"container/message-ints", coco1, MSG = "\"message\":[255],\"x\":\"ff"},
	{"container/pcrs-twice", coco1, PCRS = "\"pcrs\":[],\"pcrs\":[\"01"},
	{"container/pcrs-23", coco1, .find = "\"pcrs\":[\"" PCR_0 "\",", .put = "\"pcrs\":["},
	{"container/pcrs-25", coco1, .find = "\"pcrs\":[", .put = "\"pcrs\":[\"" PCR_0 "\","},
	{"container/pcrs-object", coco1, PCRS = "\"pcrs\":{},\"x\":[\"01"},
	{"container/pcr-of-31", coco1, PCRS = "\"pcrs\":[\""},
	{"container/pcr-of-33", coco1, PCRS = "\"pcrs\":[\"0101"},
	{"container/pcr-null", coco1, .find = "\"pcrs\":[\"" PCR_0 "\",", .put = "\"pcrs\":[null,"},
	{"container/report-twice", coco1, HCL = "\"hcl_report\":\"SENM\",\"hcl_report\":\"SENMQQ"},
	{"container/report-newline", coco1, HCL = "\"hcl_report\":\"SENM\\nQQ"},
	{"container/report-padding-inside", coco1, HCL = "\"hcl_report\":\"SENMQQ=="},
	{"container/report-mixed-alphabets", coco1, HCL = "\"hcl_report\":\"-+NMQQ"},
	{"container/report-stray-bits", coco1, HCL_END = "AAB=\",\"vcek\":\""},
	{"container/report-more-padding", coco1, HCL_END = "AAA==\",\"vcek\":\""},
	{"container/report-null", coco1, HCL = "\"hcl_report\":null,\"x\":\""},
	{"container/vcek-twice", coco1, .find = "\"vcek\":\"",
	 .put = "\"vcek\":\"MAA\",\"vcek\":\""},
	{"container/vcek-empty", coco1, .find = "\"vcek\":\"", .put = "\"vcek\":\"\",\"x\":\""},
	{"container/chain-twice", coco2,
	 .find = "\"cert_chain\":", .put = "\"cert_chain\":\"x\",\"cert_chain\":"},
	{"container/int-256", coco0, INTS = "\"report\":[328,"},
	{"container/int-plus-2-32", coco0, INTS = "\"report\":[4294967368,"},
	{"container/int-plus-2-64", coco0, INTS = "\"report\":[18446744073709551688,"},
	{"container/int-of-32-digits", coco0, INTS = "\"report\":[" X32("9") ","},
	{"container/int-negative", coco0, INTS = "\"report\":[-184,"},
	{"container/int-fraction", coco0, INTS = "\"report\":[72.0,"},
	{"container/int-exponent", coco0, INTS = "\"report\":[7.2e1,"},
	{"container/int-1e999", coco0, INTS = "\"report\":[1e999,"},
	{"container/int-leading-zero", coco0, INTS = "\"report\":[072,"},
	{"container/int-string", coco0, INTS = "\"report\":[\"72\","},
	{"container/int-nested", coco0, INTS = "\"report\":[[72],"},
	{"container/int-null", coco0, INTS = "\"report\":[null,72,"},
	{"container/int-of-pcr", coco0, .find = "\"pcrs\":[[1,", .put = "\"pcrs\":[[257,"},
	{"container/deep", coco1, V1 = "{\"version\":1,\"x\":" NESTED33 ","},
	{"container/not-utf8", coco1, V1 = "{\"version\":1,\"x\":\"\xff\","},
	{"container/overlong-utf8", coco1, V1 = "{\"version\":1,\"x\":\"\xc0\xaf\","},
	{"container/surrogate-utf8", coco1, V1 = "{\"version\":1,\"x\":\"\xed\xa0\x80\","},
	{"container/byte-order-mark", coco1, V1 = "\xef\xbb\xbf{\"version\":1,"},
	{"container/control-character", coco1, V1 = "{\"version\":1,\"x\":\"\x01\","},
	{"container/comment", coco1, V1 = "{/**/\"version\":1,"},
	{"container/trailing-comma", coco1, THE_END = "-----\\n\",}\n"},
	{"container/second-document", coco1, THE_END = "-----\\n\"}{}\n"},
	{"container/cut", coco1, THE_END = "-----\\n\""},
	{"container/in-an-array", coco1, V1 = "[{\"version\":1,"},
	{0},
};

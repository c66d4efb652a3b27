#include "refuse.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Parts of documents */
#define RSA  "\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AQID\""
#define AK   "{\"kid\":\"HCLAkPub\"," RSA "}"
#define EK   "{\"kid\":\"HCLEkPub\"," RSA "}"
#define X32  "00112233445566778899aabbccddeeff"
#define X128 X32 X32 X32 X32
#define DATA "\"user-data\":\"" X128 "\""

static const struct expected {
	const char *name;
	unsigned keys;
	bool user_data, upper;
	uint8_t first; /* byte of the AK's modulus */
} vectors[] = {
	{"claims-struct-upper.json", 2, true, true, 0xA5},
	{"claims-sorted-lower.json", 2, true, false, 0xA5},
	{"claims-no-user-data.json", 1, false, true, 0xA5},
};

static void check_key(const struct bq_jwk *k, uint8_t first)
{
	uint8_t n[256];
	size_t n_len = 0;
	uint32_t e = 0;

	ck_assert_int_eq(bq_jwk_rsa(k, n, sizeof(n), &n_len, &e), 0);
	ck_assert_uint_eq(n_len, 256);
	ck_assert_uint_eq(e, 65537);
	ck_assert_uint_eq(n[0], first);
	for (size_t i = 1; i < 256; i++)
		ck_assert_uint_eq(n[i], i);
}

START_TEST(vectors_parse)
{
	const struct expected *x = &vectors[_i];
	struct bq_json secure_boot;
	uint8_t data[64];
	struct bq_claims c;
	bool on = false;

	ck_assert_int_eq(bq_claims_parse(tight_copy(read_vector(x->name)), &c), 0);
	ck_assert_uint_eq(c.keys, x->keys);
	check_key(&c.ak, x->first);
	ck_assert_int_eq(bq_json_type(c.ak.key_ops), BQ_JSON_ARRAY);
	ck_assert(c.has_ek == (x->keys == 2));
	if (c.has_ek)
		check_key(&c.ek, 0xE5);
	ck_assert(c.has_config);
	ck_assert_int_eq(bq_json_member(c.config, "secure-boot", &secure_boot), 0);
	ck_assert_int_eq(bq_json_bool(secure_boot, &on), 0);
	ck_assert(on);
	ck_assert(c.has_user_data == x->user_data);
	if (!x->user_data) {
		ck_assert_refused(BQ_E_JSON_MISSING, &data, bq_claims_user_data(&c, data));
		return;
	}
	ck_assert_uint_eq(c.user_data.n, 128);
	ck_assert_uint_eq(c.user_data.p[21], x->upper ? 'A' : 'a');
	ck_assert_int_eq(bq_claims_user_data(&c, data), 0);
	for (unsigned i = 0; i < 64; i++)
		ck_assert_uint_eq(data[i], i);
}
END_TEST

static const struct {
	const char *name;
	unsigned keys;
	bool user_data;
	const char *key_op, *n_begins;
} captures[] = {
	{"azure-milan-2023/hcl-report.bin", 2, true, "sign", "qR7LqAAB"},
	{"azure-milan-2023b/hcl-report.bin", 1, false, "encrypt", "tYVBpgAB"},
	{"azure-tdx/hcl-report.bin", 2, true, "sign", "sgeoFQAB"},
};

START_TEST(captures_parse)
{
	struct bq_json_iter it;
	struct bq_json key, op;
	struct bq_view begin;
	uint8_t data[64], n[BQ_RSA_MAX];
	size_t n_len = 0;
	uint32_t e = 0;
	struct bq_claims c;
	struct bq_hcl h;

	ck_assert_int_eq(bq_hcl_parse(read_capture(captures[_i].name), &h), 0);
	ck_assert_int_eq(bq_claims_parse(tight_copy(h.claims), &c), 0);
	ck_assert_uint_eq(c.keys, captures[_i].keys);
	ck_assert(c.has_ek == (captures[_i].keys == 2));
	ck_assert_int_eq(bq_json_iter(c.ak.key_ops, &it), 0);
	ck_assert(bq_json_next(&it, &key, &op));
	ck_assert(bq_json_is(op, captures[_i].key_op));
	ck_assert_int_eq(bq_view_sub(c.ak.n, 0, 8, &begin), 0);
	ck_assert(bq_view_eq_str(begin, captures[_i].n_begins));
	ck_assert_int_eq(bq_jwk_rsa(&c.ak, n, sizeof(n), &n_len, &e), 0);
	ck_assert_uint_eq(n_len, 256);
	ck_assert_uint_eq(e, 65537);
	ck_assert(c.has_config);
	ck_assert(c.has_user_data == captures[_i].user_data);
	if (c.has_user_data) {
		ck_assert_int_eq(bq_claims_user_data(&c, data), 0);
		ck_assert(bq_view_is_zero(bq_view_of(data, sizeof(data))));
	}
}
END_TEST

START_TEST(capture_of_claims_alone)
{
	struct bq_claims c;

	ck_assert_int_eq(bq_claims_parse(read_capture("azure-milan-2023b/var-data.bin"), &c), 0);
	ck_assert_uint_eq(c.keys, 2);
}
END_TEST

START_TEST(truncations)
{
	struct bq_view text = read_vector("claims-struct-upper.json");
	struct bq_claims c;

	for (size_t n = 0; n < text.n; n++)
		ck_assert_refused(BQ_E_JSON_SYNTAX, &c, bq_claims_parse(truncated(text, n), &c));
}
END_TEST

/* Documents that pass: unknown members and keys are other generations' business. */
static const char *const tolerated[] = {
	"{\"keys\":[" AK "]}",
	" { \"keys\" : [ " AK " ] } ",
	"{\"keys\":[" EK "," AK "]," DATA "}",
	"{" DATA ",\"keys\":[" AK "]}",
	"{\"keys\":[" AK "],\"vm-configuration\":{}}",
	"{\"keys\":[" AK "],\"new\":1,\"new\":2}",
	"{\"keys\":[" AK ",{\"kid\":\"Other\",\"kty\":\"EC\"}]}",
	"{\"keys\":[" AK ",{\"kid\":\"Other\"},{\"kid\":\"Other\"}]}",
	"{\"keys\":[{\"kty\":\"EC\"}," AK ",{}]}",
	"{\"keys\":[{\"kid\":\"HCLAkPub\",\"alg\":\"RS256\",\"x\":1,\"x\":2," RSA "}]}",
	"{\"keys\":[{\"kid\":\"HCLAkPub\",\"key_ops\":[]," RSA "}]}",
	"{\"keys\":[{\"kid\":\"\\u0048CLAkPub\"," RSA "}]}",
	"{\"keys\":[{\"kid\":\"hclakpub\"}," AK "]}",
	"{\"keys\":[" AK "],\"vm-configuration\":{\"a\":1,\"a\":2,\"vmUniqueId\":null}}",
};

START_TEST(unknown_is_tolerated)
{
	struct bq_claims c;

	ck_assert_msg(bq_claims_parse(tight_copy(bq_view_str(tolerated[_i])), &c) == 0, "%s",
		      tolerated[_i]);
	ck_assert(bq_view_eq_str(c.ak.n, "AQID"));
	ck_assert(bq_view_eq_str(c.ak.e, "AQAB"));
}
END_TEST

static const struct {
	int error;
	const char *text;
} refusals[] = {
	{BQ_E_JSON_SYNTAX, ""},
	{BQ_E_JSON_SYNTAX, "{\"keys\":[" AK "]}x"},
	{BQ_E_JSON_SYNTAX, "{\"keys\":[" AK ",]}"},
	{BQ_E_JSON_UTF8, "{\"keys\":[" AK "],\"\xff\":1}"},
	{BQ_E_JSON_TYPE, "[]"},
	{BQ_E_JSON_TYPE, "null"},
	{BQ_E_JSON_TYPE, "\"keys\""},
	/* keys */
	{BQ_E_CLAIMS_KEYS, "{}"},
	{BQ_E_CLAIMS_KEYS, "{\"Keys\":[" AK "]}"},
	{BQ_E_CLAIMS_KEYS, "{\"keys\":null}"},
	{BQ_E_CLAIMS_KEYS, "{\"keys\":" AK "}"},
	{BQ_E_CLAIMS_KEYS, "{\"keys\":[" AK ",1]}"},
	{BQ_E_CLAIMS_KEYS, "{\"keys\":[[" AK "]]}"},
	{BQ_E_CLAIMS_KEYS, "{\"keys\":[" AK ",{\"kid\":1}]}"},
	{BQ_E_CLAIMS_KEYS, "{\"keys\":[" AK "," EK "," EK "]}"},
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[" AK "],\"keys\":[" AK "]}"},
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[" AK "],\"\\u006beys\":[]}"},
	/* HCLAkPub, exactly once */
	{BQ_E_CLAIMS_AK, "{\"keys\":[]}"},
	{BQ_E_CLAIMS_AK, "{\"keys\":[" EK "]}"},
	{BQ_E_CLAIMS_AK, "{\"keys\":[" AK "," AK "]}"},
	{BQ_E_CLAIMS_AK, "{\"keys\":[" AK "," EK "," AK "]}"},
	{BQ_E_CLAIMS_AK, "{\"keys\":[" AK ",{\"kid\":\"HCL\\u0041kPub\"," RSA "}]}"},
	{BQ_E_CLAIMS_AK, "{\"keys\":[{\"kid\":\"hclakpub\"," RSA "}]}"},
	{BQ_E_CLAIMS_AK, "{\"keys\":[{\"kid\":\"HCLAkPub \"," RSA "}]}"},
	{BQ_E_CLAIMS_AK, "{\"keys\":[{\"kid\":\"HCLAkPub\\u0000\"," RSA "}]}"},
	/* its members */
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kid\":\"x\"," RSA "}]}"},
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[" AK ",{\"kid\":\"x\",\"kid\":\"y\"}]}"},
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[{\"kid\":\"HCLAkPub\"," RSA ",\"n\":\"AQ\"}]}"},
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[{\"kid\":\"HCLAkPub\"," RSA ",\"e\":\"AQ\"}]}"},
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[{\"kid\":\"HCLAkPub\"," RSA ",\"kty\":\"RSA\"}]}"},
	{BQ_E_JSON_DUPLICATE,
	 "{\"keys\":[{\"kid\":\"HCLAkPub\",\"key_ops\":[],\"key_ops\":[]," RSA "}]}"},
	{BQ_E_JWK, "{\"keys\":[{\"kid\":\"HCLAkPub\"}]}"},
	{BQ_E_JWK, "{\"keys\":[{\"kid\":\"HCLAkPub\",\"e\":\"AQAB\",\"n\":\"AQID\"}]}"},
	{BQ_E_JWK, "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"n\":\"AQID\"}]}"},
	{BQ_E_JWK, "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":\"AQAB\"}]}"},
	{BQ_E_JWK,
	 "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"EC\",\"e\":\"AQAB\",\"n\":\"AQID\"}]}"},
	{BQ_E_JWK,
	 "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"rsa\",\"e\":\"AQAB\",\"n\":\"AQID\"}]}"},
	{BQ_E_JWK, "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":1,\"e\":\"AQAB\",\"n\":\"AQID\"}]}"},
	{BQ_E_JWK, "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":3}]}"},
	{BQ_E_JWK, "{\"keys\":[{\"kid\":\"HCLAkPub\",\"kty\":\"RSA\",\"e\":65537,\"n\":\"AQ\"}]}"},
	{BQ_E_JWK, "{\"keys\":[{\"kid\":\"HCLAkPub\",\"key_ops\":\"sign\"," RSA "}]}"},
	{BQ_E_JWK, "{\"keys\":[" AK ",{\"kid\":\"HCLEkPub\"}]}"},
	/* vm-configuration */
	{BQ_E_JSON_TYPE, "{\"keys\":[" AK "],\"vm-configuration\":[]}"},
	{BQ_E_JSON_TYPE, "{\"keys\":[" AK "],\"vm-configuration\":null}"},
	{BQ_E_JSON_DUPLICATE,
	 "{\"keys\":[" AK "],\"vm-configuration\":{},\"vm-configuration\":{}}"},
	/* user-data */
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[" AK "]," DATA "," DATA "}"},
	{BQ_E_JSON_DUPLICATE, "{\"keys\":[" AK "]," DATA ",\"user\\u002ddata\":\"\"}"},
	{BQ_E_CLAIMS_USER_DATA, "{\"keys\":[" AK "],\"user-data\":null}"},
	{BQ_E_CLAIMS_USER_DATA, "{\"keys\":[" AK "],\"user-data\":\"\"}"},
	{BQ_E_CLAIMS_USER_DATA, "{\"keys\":[" AK "],\"user-data\":\"" X32 X32 X32 "\"}"},
	{BQ_E_CLAIMS_USER_DATA, "{\"keys\":[" AK "],\"user-data\":\"" X128 "0\"}"},
	{BQ_E_CLAIMS_USER_DATA, "{\"keys\":[" AK "],\"user-data\":\"" X128 "00\"}"},
	{BQ_E_CLAIMS_USER_DATA,
	 "{\"keys\":[" AK "],\"user-data\":\"" X32 X32 X32 "00112233445566778899aabbccddeef\"}"},
	{BQ_E_CLAIMS_USER_DATA,
	 "{\"keys\":[" AK "],\"user-data\":\"" X32 X32 X32 "0011223344556677889 aabbccddeeff\"}"},
	{BQ_E_CLAIMS_USER_DATA,
	 "{\"keys\":[" AK "],\"user-data\":\"" X32 X32 X32 "00112233445566778899aabbccddeefg\"}"},
	{BQ_E_CLAIMS_USER_DATA,
	 "{\"keys\":[" AK "],\"user-data\":\"" X32 X32 X32 "0x112233445566778899aabbccddeeff\"}"},
};

START_TEST(refused)
{
	struct bq_view text = tight_copy(bq_view_str(refusals[_i].text));
	struct bq_claims c;

	ck_assert_refused(refusals[_i].error, &c, bq_claims_parse(text, &c));
}
END_TEST

START_TEST(document_without_keys)
{
	struct bq_claims c = {0};
	uint8_t data[64];

	ck_assert_int_eq(bq_claims_parse(VIEW("{\"keys\":[" AK "]}"), &c), 0);
	ck_assert_uint_eq(c.keys, 1);
	ck_assert(!c.has_ek && !c.has_config && !c.has_user_data);
	ck_assert_uint_eq(c.ak.key_ops.raw.n, 0);
	ck_assert(bq_view_eq_str(c.ak.json.raw, AK));
	ck_assert_refused(BQ_E_JSON_MISSING, &data, bq_claims_user_data(&c, data));
}
END_TEST

static int rsa(const char *n_text, const char *e_text, size_t cap, size_t *n, uint32_t *e)
{
	struct bq_jwk k = {.n = tight_copy(bq_view_str(n_text)),
			   .e = tight_copy(bq_view_str(e_text))};
	uint8_t out[BQ_RSA_MAX];
	int err;

	memset(out, 0xA5, sizeof(out));
	err = bq_jwk_rsa(&k, out, cap, n, e);
	if (err != 0)
		ck_assert(is_untouched(out, sizeof(out)));
	return err;
}

static const struct {
	const char *n, *e;
	size_t n_len; /* 0: refused */
	uint32_t exponent;
} numbers[] = {
	{"AQID", "AQAB", 3, 65537},
	{"gA", "Aw", 1, 3},
	{"AAAB", "AQAB", 3, 65537}, /* leading zeros stay */
	{"AQID", "_____w", 3, UINT32_MAX},
	{"-_-_", "AQAB", 3, 65537},
	{"AQID", "AQAAAAA", 0, 0}, /* five bytes */
	{"AQID", "", 0, 0},
	{"AQID", "AA", 0, 0},
	{"AQID", "AAAAAA", 0, 0},
	{"AQID", "AQAB=", 0, 0},
	{"AQID", "Aw==", 0, 0},
	{"AQID", "AQA", 3, 256},
	{"AQID", "AQB", 0, 0}, /* unused bits */
	{"", "AQAB", 0, 0},
	{"AA", "AQAB", 0, 0},
	{"AAAAAAAAAAA", "AQAB", 0, 0},
	{"gA==", "AQAB", 0, 0},
	{"++++", "AQAB", 0, 0},
	{"////", "AQAB", 0, 0},
	{"AQI", "AQAB", 2, 65537},
	{"AQJ", "AQAB", 0, 0}, /* unused bits */
	{"AQIDB", "AQAB", 0, 0},
	{"AQ ID", "AQAB", 0, 0},
	{"AQI.", "AQAB", 0, 0},
	{"AQID\n", "AQAB", 0, 0},
};

START_TEST(numbers_of_a_key)
{
	size_t n = 99;
	uint32_t e = 99;

	if (numbers[_i].n_len == 0) {
		ck_assert_int_eq(rsa(numbers[_i].n, numbers[_i].e, 16, &n, &e), BQ_E_JWK);
		ck_assert_uint_eq(n, 99);
		ck_assert_uint_eq(e, 99);
		return;
	}
	ck_assert_int_eq(rsa(numbers[_i].n, numbers[_i].e, 16, &n, &e), 0);
	ck_assert_uint_eq(n, numbers[_i].n_len);
	ck_assert_uint_eq(e, numbers[_i].exponent);
}
END_TEST

/* Base64url of n bytes 0xFF. */
static void ones(char *text, size_t n)
{
	uint8_t bytes[BQ_RSA_MAX + 1];
	struct bq_sink_buf b;

	memset(bytes, 0xFF, n);
	bq_sink_buf_init(&b, text, 2 * BQ_RSA_MAX);
	bq_put_b64(&b.s, BQ_BASE64URL, bq_view_of(bytes, n));
	ck_assert_int_eq(b.s.err, 0);
	text[b.n] = '\0';
}

START_TEST(longest_modulus)
{
	char text[2 * BQ_RSA_MAX + 1];
	size_t n = 0;
	uint32_t e = 0;

	ones(text, BQ_RSA_MAX);
	ck_assert_int_eq(rsa(text, "AQAB", BQ_RSA_MAX, &n, &e), 0);
	ck_assert_uint_eq(n, BQ_RSA_MAX);
	ck_assert_int_eq(rsa(text, "AQAB", BQ_RSA_MAX - 1, &n, &e), BQ_E_JWK);
	ones(text, BQ_RSA_MAX + 1);
	ck_assert_int_eq(rsa(text, "AQAB", BQ_RSA_MAX, &n, &e), BQ_E_JWK);
	ones(text, 256);
	ck_assert_int_eq(rsa(text, "AQAB", 256, &n, &e), 0);
	ck_assert_int_eq(rsa(text, "AQAB", 255, &n, &e), BQ_E_JWK);
}
END_TEST

Suite *suite_claims(void)
{
	Suite *s = suite_create("claims");
	TCase *tc = tcase_create("claims");

	tcase_add_loop_test(tc, vectors_parse, 0, COUNT(vectors));
	tcase_add_capture_loop_test(tc, captures_parse, 0, COUNT(captures));
	tcase_add_capture_test(tc, capture_of_claims_alone);
	tcase_add_test(tc, truncations);
	tcase_add_loop_test(tc, unknown_is_tolerated, 0, COUNT(tolerated));
	tcase_add_loop_test(tc, refused, 0, COUNT(refusals));
	tcase_add_test(tc, document_without_keys);
	tcase_add_loop_test(tc, numbers_of_a_key, 0, COUNT(numbers));
	tcase_add_test(tc, longest_modulus);
	suite_add_tcase(s, tc);
	return s;
}

#include "puts.h"

#include <openssl/evp.h>

#include <stdlib.h>
#include <string.h>

typedef int decoder(struct bq_view text, void *dst, size_t cap, size_t *n);

/* Decodes from memory that ends with the text into memory that ends with cap. */
static int decode_tight(decoder *decode, struct bq_view text, size_t cap, struct bq_view *out)
{
	struct bq_view in = tight_copy(text);
	uint8_t *dst = malloc(cap + 1);
	size_t n = SIZE_MAX;
	int e;

	ck_assert_ptr_nonnull(dst);
	memset(dst, 0xEE, cap + 1);
	e = decode(in, dst, cap, &n);
	if (e == 0) {
		ck_assert_uint_le(n, cap);
		*out = tight_copy(bq_view_of(dst, n));
	} else {
		/* Neither the count nor a byte was touched. */
		ck_assert_uint_eq(n, SIZE_MAX);
		for (size_t i = 0; i <= cap; i++)
			ck_assert_uint_eq(dst[i], 0xEE);
	}
	free(dst);
	return e;
}

static void assert_decodes(decoder *decode, struct bq_view text, struct bq_view value)
{
	struct bq_view out;
	uint8_t buf[512];
	size_t n;

	ck_assert_int_eq(decode_tight(decode, text, value.n, &out), 0);
	ck_assert_view_eq(out, value);
	if (value.n != 0)
		ck_assert_int_eq(decode_tight(decode, text, value.n - 1, &out), BQ_E_SPACE);
	/* In place */
	ck_assert_uint_le(text.n, sizeof(buf));
	memcpy(buf, text.p, text.n);
	ck_assert_int_eq(decode(bq_view_of(buf, text.n), buf, sizeof(buf), &n), 0);
	ck_assert_view_eq(bq_view_of(buf, n), value);
}

static void assert_refuses(decoder *decode, struct bq_view text, int expected)
{
	struct bq_view out;

	ck_assert_msg(decode_tight(decode, text, 64, &out) == expected, "%.*s", (int)text.n,
		      (const char *)text.p);
	/* However little room there is, the text is what is wrong. */
	ck_assert_int_eq(decode_tight(decode, text, 0, &out), expected);
}

/* --- hex -------------------------------------------------------------------- */

START_TEST(hex_both_ways)
{
	ck_assert_puts("00ff1a", bq_put_hex(s, VIEW("\x00\xff\x1a")));
	ck_assert_puts("00FF1A", bq_put_hex_upper(s, VIEW("\x00\xff\x1a")));
	ck_assert_puts("", bq_put_hex(s, bq_view_of(NULL, 0)));
	assert_decodes(bq_hex_decode, VIEW("00ff1a"), VIEW("\x00\xff\x1a"));
	assert_decodes(bq_hex_decode, VIEW("00FF1a"), VIEW("\x00\xff\x1a"));
	assert_decodes(bq_hex_decode, VIEW(""), VIEW(""));
}
END_TEST

/* Longer than the pieces in which it is written. */
START_TEST(long_hex)
{
	uint8_t bytes[200];
	char buf[400];
	struct bq_sink_buf b;

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		bq_sink_buf_init(&b, buf, sizeof(buf));
		bq_put_hex(&b.s, bq_view_of(bytes, n));
		ck_assert_int_eq(b.s.err, 0);
		assert_decodes(bq_hex_decode, bq_view_of(buf, b.n), bq_view_of(bytes, n));
	}
}
END_TEST

START_TEST(hex_digits_only)
{
	static const char *const bad[] = {"0",  "000", "0x00", "0g", "g0", " 00", "00 ",     "00\n",
					  "-1", "/0",  ":0",   "@0", "G0", "`0",  "\xff\xff"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refuses(bq_hex_decode, bq_view_str(bad[i]), BQ_E_HEX);
	assert_refuses(bq_hex_decode, VIEW("00\0\0"), BQ_E_HEX);
}
END_TEST

/* --- base64 ----------------------------------------------------------------- */

/* RFC 4648, section 10, and values that use the last two characters. */
static const struct {
	const char *value, *base64, *url, *url_pad;
} b64[] = {
	{"", "", "", ""},
	{"f", "Zg==", "Zg", "Zg=="},
	{"fo", "Zm8=", "Zm8", "Zm8="},
	{"foo", "Zm9v", "Zm9v", "Zm9v"},
	{"foob", "Zm9vYg==", "Zm9vYg", "Zm9vYg=="},
	{"fooba", "Zm9vYmE=", "Zm9vYmE", "Zm9vYmE="},
	{"foobar", "Zm9vYmFy", "Zm9vYmFy", "Zm9vYmFy"},
	{"\xfb\xff\xbf", "+/+/", "-_-_", "-_-_"},
	{"\xff", "/w==", "_w", "_w=="},
};

#define B64 (int)(sizeof(b64) / sizeof(b64[0]))

START_TEST(base64_both_ways)
{
	struct bq_view value = bq_view_str(b64[_i].value);

	ck_assert_puts(b64[_i].base64, bq_put_b64(s, BQ_BASE64, value));
	ck_assert_puts(b64[_i].url, bq_put_b64(s, BQ_BASE64URL, value));
	ck_assert_puts(b64[_i].url_pad, bq_put_b64(s, BQ_BASE64URL_PAD, value));
	assert_decodes(bq_b64_decode, bq_view_str(b64[_i].base64), value);
	assert_decodes(bq_b64_decode, bq_view_str(b64[_i].url), value);
	assert_decodes(bq_b64_decode, bq_view_str(b64[_i].url_pad), value);
}
END_TEST

/* Of all texts of up to three characters and padding, exactly one in each form
 * decodes to a value: what decodes must encode to the same text again. */
START_TEST(base64_has_one_spelling)
{
	static const char chars[] = "AQgw/_+-=. \n09az\xff";
	const size_t k = sizeof(chars); /* the last one is NUL */
	unsigned accepted = 0;

	for (size_t at = 0; at < k * k * k * k; at++) {
		char text[4] = {chars[at % k], chars[at / k % k], chars[at / k / k % k],
				chars[at / k / k / k]};
		uint8_t out[3];
		char again[8];
		size_t n;
		bool same = false;

		if (bq_b64_decode(bq_view_of(text, 4), out, sizeof(out), &n) != 0)
			continue;
		accepted++;
		for (int kind = BQ_BASE64; kind <= BQ_BASE64URL_PAD; kind++) {
			struct bq_sink_buf b;

			bq_sink_buf_init(&b, again, sizeof(again));
			bq_put_b64(&b.s, (enum bq_base64)kind, bq_view_of(out, n));
			same = same || bq_view_eq(bq_view_of(again, b.n), bq_view_of(text, 4));
		}
		if (!same)
			ck_abort_msg("%.4s", text);
	}
	ck_assert_uint_gt(accepted, 0);
}
END_TEST

START_TEST(base64_refusals)
{
	static const char *const bad[] = {
		/* lengths no value has */
		"Z", "A", "Zm9vY", "Zm9vA", "=", "==", "===", "====",
		/* padding: too little, too much, in the middle, at the start */
		"Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm9v==", "Zm9v====", "Z===", "Zg==Zg==", "=Zg=",
		"Z=g=", "Zm9vYg=",
		/* unused bits that are not zero */
		"Zh==", "Zh", "Zm9=", "Zm9", "_x", "/x==",
		/* both alphabets */
		"+_+_", "-/-/", "Zm9v+AA-", "Zm9v_AA/",
		/* other characters */
		"Zm 9v", "Zm9v\n", "\nZm9v", " Zm9", "Zm9.", "Zm9,", "Zm\xc3\xa9", "Z*==", "Zm9\\",
		"Zm9@", "Zm9[", "Zm9`", "Zm9{", "Zm9:"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refuses(bq_b64_decode, bq_view_str(bad[i]), BQ_E_BASE64);
	assert_refuses(bq_b64_decode, VIEW("Zm9\0"), BQ_E_BASE64);
}
END_TEST

/* OpenSSL's encoder is the judge; pieces of every size make the same text. */
START_TEST(base64_of_every_length)
{
	uint8_t bytes[100];
	unsigned char expected[140];
	char buf[140];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		int len = EVP_EncodeBlock(expected, bytes, (int)n);

		for (size_t piece = 1; piece <= 5; piece++) {
			struct bq_view rest = bq_view_of(bytes, n), part;
			struct bq_sink_buf b;
			struct bq_b64_enc e;

			bq_sink_buf_init(&b, buf, sizeof(buf));
			bq_b64_begin(&e, &b.s, BQ_BASE64);
			while (bq_rd_take(&rest, piece, &part) == 0)
				bq_b64_put(&e, part);
			bq_b64_put(&e, rest);
			bq_b64_end(&e);
			ck_assert_int_eq(b.s.err, 0);
			ck_assert_view_eq(bq_view_of(buf, b.n), bq_view_of(expected, (size_t)len));
		}
		assert_decodes(bq_b64_decode, bq_view_of(expected, (size_t)len),
			       bq_view_of(bytes, n));
	}
}
END_TEST

Suite *suite_codec(void)
{
	Suite *s = suite_create("codec");
	TCase *tc = tcase_create("codec");

	tcase_add_test(tc, hex_both_ways);
	tcase_add_test(tc, long_hex);
	tcase_add_test(tc, hex_digits_only);
	tcase_add_loop_test(tc, base64_both_ways, 0, B64);
	tcase_add_test(tc, base64_has_one_spelling);
	tcase_add_test(tc, base64_refusals);
	tcase_add_test(tc, base64_of_every_length);
	suite_add_tcase(s, tc);
	return s;
}

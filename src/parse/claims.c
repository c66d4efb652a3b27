/* Runtime claims. The JSON reader has checked grammar and encoding; this is
 * about which members are there. */
#include <barequote/claims.h>
#include <barequote/hcl.h>

#include <string.h>

#define USER_DATA_CHARS (2 * (size_t)BQ_HCL_USER_DATA_SIZE)
#define EXPONENT_MAX    4 /* bytes */

/* A member that may be absent: *found says whether it is there. */
static int optional(struct bq_json object, const char *name, struct bq_json *out, bool *found)
{
	int e = bq_json_member(object, name, out);

	*found = e == 0;
	return e == BQ_E_JSON_MISSING ? 0 : e;
}

/* A required string of an RSA key. */
static int jwk_chars(struct bq_json key, const char *name, struct bq_view *out)
{
	struct bq_json value;
	int e;

	if ((e = bq_json_member(key, name, &value)) == 0)
		e = bq_json_chars(value, out);
	return e == 0 || e == BQ_E_JSON_DUPLICATE ? e : BQ_E_JWK;
}

/* RFC 7517, section 4 and RFC 7518, section 6.3.1 */
static int read_jwk(struct bq_json key, struct bq_jwk *out)
{
	struct bq_jwk k = {.json = key};
	struct bq_view kty;
	bool has_ops;
	int e;

	if ((e = jwk_chars(key, "kty", &kty)) != 0)
		return e;
	if (!bq_view_eq_str(kty, "RSA"))
		return BQ_E_JWK;
	if ((e = jwk_chars(key, "n", &k.n)) != 0 || (e = jwk_chars(key, "e", &k.e)) != 0 ||
	    (e = optional(key, "key_ops", &k.key_ops, &has_ops)) != 0)
		return e;
	if (has_ops && bq_json_type(k.key_ops) != BQ_JSON_ARRAY)
		return BQ_E_JWK;
	*out = k;
	return 0;
}

/* One element of keys. Keys with another kid, or none, are not ours to judge. */
static int read_key(struct bq_json key, struct bq_claims *c, bool *has_ak)
{
	struct bq_json kid;
	bool has_kid;
	int e;

	if (bq_json_type(key) != BQ_JSON_OBJECT)
		return BQ_E_CLAIMS_KEYS;
	if ((e = optional(key, "kid", &kid, &has_kid)) != 0 || !has_kid)
		return e;
	if (bq_json_type(kid) != BQ_JSON_STRING)
		return BQ_E_CLAIMS_KEYS;
	if (bq_json_is(kid, "HCLAkPub")) {
		if (*has_ak)
			return BQ_E_CLAIMS_AK;
		*has_ak = true;
		return read_jwk(key, &c->ak);
	}
	if (bq_json_is(kid, "HCLEkPub")) {
		if (c->has_ek)
			return BQ_E_CLAIMS_KEYS;
		c->has_ek = true;
		return read_jwk(key, &c->ek);
	}
	return 0;
}

static int read_keys(struct bq_claims *c)
{
	struct bq_json keys, name, key;
	struct bq_json_iter it;
	bool has_ak = false;
	int e;

	e = bq_json_member(c->root, "keys", &keys);
	if (e == BQ_E_JSON_MISSING || (e == 0 && bq_json_type(keys) != BQ_JSON_ARRAY))
		return BQ_E_CLAIMS_KEYS;
	if (e != 0 || (e = bq_json_iter(keys, &it)) != 0)
		return e;
	while (bq_json_next(&it, &name, &key)) {
		if ((e = read_key(key, c, &has_ak)) != 0)
			return e;
		c->keys++;
	}
	return has_ak ? 0 : BQ_E_CLAIMS_AK;
}

static int read_config(struct bq_claims *c)
{
	int e;

	if ((e = optional(c->root, "vm-configuration", &c->config, &c->has_config)) != 0)
		return e;
	return c->has_config && bq_json_type(c->config) != BQ_JSON_OBJECT ? BQ_E_JSON_TYPE : 0;
}

static int decode_user_data(struct bq_view text, uint8_t out[BQ_HCL_USER_DATA_SIZE])
{
	size_t n;

	if (text.n != USER_DATA_CHARS || bq_hex_decode(text, out, BQ_HCL_USER_DATA_SIZE, &n) != 0)
		return BQ_E_CLAIMS_USER_DATA;
	return 0;
}

static int read_user_data(struct bq_claims *c)
{
	uint8_t bytes[BQ_HCL_USER_DATA_SIZE];
	struct bq_json value;
	int e;

	if ((e = optional(c->root, "user-data", &value, &c->has_user_data)) != 0 ||
	    !c->has_user_data)
		return e;
	if (bq_json_chars(value, &c->user_data) != 0)
		return BQ_E_CLAIMS_USER_DATA;
	return decode_user_data(c->user_data, bytes);
}

int bq_claims_parse(struct bq_view text, struct bq_claims *out)
{
	struct bq_claims c = {0};
	int e;

	if ((e = bq_json_parse(text, &c.root)) != 0 || (e = read_keys(&c)) != 0 ||
	    (e = read_config(&c)) != 0 || (e = read_user_data(&c)) != 0)
		return e;
	*out = c;
	return 0;
}

int bq_claims_user_data(const struct bq_claims *c, uint8_t out[BQ_HCL_USER_DATA_SIZE])
{
	return c->has_user_data ? decode_user_data(c->user_data, out) : BQ_E_JSON_MISSING;
}

/* Base64urlUInt, RFC 7518, section 2: the URL alphabet, no padding, not empty. */
static int decode_uint(struct bq_view text, uint8_t *out, size_t cap, size_t *n)
{
	static const char foreign[] = "+/=";

	for (const char *c = foreign; *c != '\0'; c++)
		if (bq_view_find(text, (uint8_t)*c) != text.n)
			return BQ_E_JWK;
	if (bq_b64_decode(text, out, cap, n) != 0 || *n == 0)
		return BQ_E_JWK;
	return bq_view_is_zero(bq_view_of(out, *n)) ? BQ_E_JWK : 0;
}

int bq_jwk_rsa(const struct bq_jwk *k, uint8_t *n, size_t cap, size_t *n_len, uint32_t *e)
{
	uint8_t modulus[BQ_RSA_MAX], exponent[EXPONENT_MAX];
	size_t modulus_n, exponent_n;
	uint32_t x = 0;

	if (decode_uint(k->n, modulus, sizeof(modulus), &modulus_n) != 0 || modulus_n > cap ||
	    decode_uint(k->e, exponent, sizeof(exponent), &exponent_n) != 0)
		return BQ_E_JWK;
	for (size_t i = 0; i < exponent_n; i++)
		x = x << 8 | exponent[i];
	memcpy(n, modulus, modulus_n);
	*n_len = modulus_n;
	*e = x;
	return 0;
}

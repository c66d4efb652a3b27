/* The paravisor's runtime claims: JSON with RSA keys (RFC 7517), the VM's
 * configuration and the guest's user data. Unknown members are tolerated. */
#ifndef BAREQUOTE_CLAIMS_H
#define BAREQUOTE_CLAIMS_H

#include <barequote/json.h>

#define BQ_RSA_MAX 512 /* bytes in a modulus */

/* A JSON web key of type RSA. */
struct bq_jwk {
	struct bq_json json;    /* the key's own object */
	struct bq_view n, e;    /* base64url text */
	struct bq_json key_ops; /* empty raw where absent */
};

struct bq_claims {
	struct bq_json root;
	unsigned keys;    /* in `keys`, of any kind */
	struct bq_jwk ak; /* HCLAkPub: there exactly once */
	bool has_ek;
	struct bq_jwk ek; /* HCLEkPub */
	bool has_config;
	struct bq_json config; /* vm-configuration, an object */
	bool has_user_data;
	struct bq_view user_data; /* 128 hex characters, either case */
};

/* Errors of bq_json_parse(); BQ_E_JSON_DUPLICATE where a member we read is
 * there twice; BQ_E_CLAIMS_KEYS, BQ_E_CLAIMS_AK, BQ_E_CLAIMS_USER_DATA, BQ_E_JWK. */
int bq_claims_parse(struct bq_view text, struct bq_claims *out);
/* The 64 bytes; BQ_E_JSON_MISSING where there are none. */
int bq_claims_user_data(const struct bq_claims *c, uint8_t out[64]);
/* Modulus, big-endian, as it is in the key, and the exponent. BQ_E_JWK where
 * they are not base64url, the modulus is longer than cap or all zero, or the
 * exponent does not fit 32 bits. */
int bq_jwk_rsa(const struct bq_jwk *k, uint8_t *n, size_t cap, size_t *n_len, uint32_t *e);

#endif

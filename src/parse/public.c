/* TPMT_PUBLIC: TPM 2.0 Library, part 2, 12.2.4.
 *
 *   u16 type, u16 nameAlg, u32 objectAttributes, 2B authPolicy, then
 *   RSA  symmetric, scheme, u16 keyBits, u32 exponent, 2B n
 *   ECC  symmetric, scheme, u16 curveID, kdf, 2B x, 2B y
 *
 *   symmetric  u16 alg, unless NULL: u16 keyBits, u16 mode
 *   scheme     u16 alg, unless NULL or RSAES: u16 hash; ECDAA: also u16 count
 *   kdf        u16 alg, unless NULL: u16 hash */
#include <barequote/attest.h>

#define EXPONENT_DEFAULT 65537 /* TPMS_RSA_PARMS: what 0 means */

/* TPMT_SYM_DEF_OBJECT: block ciphers only */
/*@ requires reader(r) && \valid(p) && \separated(r, p);
  @ assigns *r, p->sym_alg, p->sym_bits, p->sym_mode;
  @ ensures advanced{Pre, Post}(r); */
static int read_symmetric(struct bq_view *r, struct bq_public *p)
{
	int e;

	if ((e = bq_rd_be16(r, &p->sym_alg)) != 0)
		return e;
	switch (p->sym_alg) {
	case TPM_ALG_NULL:
		return 0;
	case TPM_ALG_TDES:
	case TPM_ALG_AES:
	case TPM_ALG_SM4:
	case TPM_ALG_CAMELLIA:
		if ((e = bq_rd_be16(r, &p->sym_bits)) != 0)
			return e;
		return bq_rd_be16(r, &p->sym_mode);
	default:
		return BQ_E_PUBLIC;
	}
}

/* TPMT_RSA_SCHEME */
/*@ requires reader(r) && \valid(p) && \separated(r, p);
  @ assigns *r, p->scheme, p->hash;
  @ ensures advanced{Pre, Post}(r); */
static int read_rsa_scheme(struct bq_view *r, struct bq_public *p)
{
	int e;

	if ((e = bq_rd_be16(r, &p->scheme)) != 0)
		return e;
	switch (p->scheme) {
	case TPM_ALG_NULL:
	case TPM_ALG_RSAES:
		return 0;
	case TPM_ALG_RSASSA:
	case TPM_ALG_RSAPSS:
	case TPM_ALG_OAEP:
		return bq_rd_be16(r, &p->hash);
	default:
		return BQ_E_PUBLIC;
	}
}

/* TPMT_ECC_SCHEME */
/*@ requires reader(r) && \valid(p) && \separated(r, p);
  @ assigns *r, p->scheme, p->hash;
  @ ensures advanced{Pre, Post}(r); */
static int read_ecc_scheme(struct bq_view *r, struct bq_public *p)
{
	int e;

	if ((e = bq_rd_be16(r, &p->scheme)) != 0)
		return e;
	switch (p->scheme) {
	case TPM_ALG_NULL:
		return 0;
	case TPM_ALG_ECDSA:
	case TPM_ALG_ECDH:
	case TPM_ALG_SM2:
	case TPM_ALG_ECSCHNORR:
	case TPM_ALG_ECMQV:
		return bq_rd_be16(r, &p->hash);
	case TPM_ALG_ECDAA:
		if ((e = bq_rd_be16(r, &p->hash)) != 0)
			return e;
		return bq_rd_skip(r, sizeof(uint16_t));
	default:
		return BQ_E_PUBLIC;
	}
}

/*@ requires reader(r) && \valid(p) && \separated(r, p);
  @ assigns *r, p->sym_alg, p->sym_bits, p->sym_mode, p->scheme, p->hash, p->bits,
  @     p->exponent, p->n;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && within(p->n, \old(*r)) &&
  @     p->n.n * 8 == p->bits; */
static int read_rsa(struct bq_view *r, struct bq_public *p)
{
	int e;

	if ((e = read_symmetric(r, p)) != 0 || (e = read_rsa_scheme(r, p)) != 0 ||
	    (e = bq_rd_be16(r, &p->bits)) != 0 || (e = bq_rd_be32(r, &p->exponent)) != 0 ||
	    (e = bq_rd_2b(r, &p->n)) != 0)
		return e;
	if (p->exponent == 0)
		p->exponent = EXPONENT_DEFAULT;
	return p->n.n * 8 == p->bits ? 0 : BQ_E_PUBLIC;
}

/* TPMT_KDF_SCHEME */
/*@ requires reader(r) && \valid(p) && \separated(r, p);
  @ assigns *r, p->kdf, p->kdf_hash;
  @ ensures advanced{Pre, Post}(r); */
static int read_kdf(struct bq_view *r, struct bq_public *p)
{
	int e;

	if ((e = bq_rd_be16(r, &p->kdf)) != 0)
		return e;
	switch (p->kdf) {
	case TPM_ALG_NULL:
		return 0;
	case TPM_ALG_MGF1:
	case TPM_ALG_KDF1_56A:
	case TPM_ALG_KDF2:
	case TPM_ALG_KDF1_108:
		return bq_rd_be16(r, &p->kdf_hash);
	default:
		return BQ_E_PUBLIC;
	}
}

/*@ requires reader(r) && \valid(p) && \separated(r, p);
  @ assigns *r, p->sym_alg, p->sym_bits, p->sym_mode, p->scheme, p->hash, p->curve,
  @     p->kdf, p->kdf_hash, p->x, p->y;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && within(p->x, \old(*r)) &&
  @     within(p->y, \old(*r)); */
static int read_ecc(struct bq_view *r, struct bq_public *p)
{
	int e;

	if ((e = read_symmetric(r, p)) != 0 || (e = read_ecc_scheme(r, p)) != 0 ||
	    (e = bq_rd_be16(r, &p->curve)) != 0 || (e = read_kdf(r, p)) != 0 ||
	    (e = bq_rd_2b(r, &p->x)) != 0)
		return e;
	return bq_rd_2b(r, &p->y);
}

/*@ requires reader(r) && \valid(p) && \separated(r, p);
  @ requires p->n.n == 0 && p->x.n == 0 && p->y.n == 0;
  @ assigns *r, p->sym_alg, p->sym_bits, p->sym_mode, p->scheme, p->hash, p->bits, p->exponent,
  @     p->n, p->curve, p->kdf, p->kdf_hash, p->x, p->y;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && within(p->n, \old(*r)) &&
  @     within(p->x, \old(*r)) && within(p->y, \old(*r)); */
static int read_type(struct bq_view *r, struct bq_public *p)
{
	switch (p->type) {
	case TPM_ALG_RSA:
		return read_rsa(r, p);
	case TPM_ALG_ECC:
		return read_ecc(r, p);
	default:
		return BQ_E_PUBLIC;
	}
}

/*@ requires reader(r) && \valid(p) && \separated(r, p);
  @ requires p->n.n == 0 && p->x.n == 0 && p->y.n == 0;
  @ assigns *r, *p;
  @ ensures \result == 0 ==> public_of(*p, \old(*r)); */
static int read_public(struct bq_view *r, struct bq_public *p)
{
	int e;

	if ((e = bq_rd_be16(r, &p->type)) != 0 || (e = bq_rd_be16(r, &p->name_alg)) != 0 ||
	    (e = bq_rd_be32(r, &p->attributes)) != 0 || (e = bq_rd_2b(r, &p->policy)) != 0 ||
	    (e = read_type(r, p)) != 0)
		return e;
	return bq_rd_end(r);
}

int bq_public_parse(struct bq_view pub, struct bq_public *out)
{
	struct bq_public p = {0};
	int e;

	if ((e = read_public(&pub, &p)) != 0)
		return e;
	*out = p;
	return 0;
}

int bq_public_parse_2b(struct bq_view pub, struct bq_public *out)
{
	struct bq_view inner;
	int e;

	if ((e = bq_rd_2b(&pub, &inner)) != 0 || (e = bq_rd_end(&pub)) != 0)
		return e;
	return bq_public_parse(inner, out);
}

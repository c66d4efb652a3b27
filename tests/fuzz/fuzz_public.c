/* TPMT_PUBLIC and what becomes of it: what was read, whatever out held before, and DER
 * and PEM, which OpenSSL must read. */
#include "fuzz.h"

#include <string.h>

#include <openssl/x509.h>

static void write_rsa(struct bq_wr *w, const struct bq_public *p, struct bq_view in)
{
	uint32_t exponent = 0;
	struct bq_view at;

	/* 0 and 65537 are one, and which of them it was is not kept. */
	must(in.n >= 6 + p->n.n && bq_view_sub(in, in.n - 6 - p->n.n, 4, &at) == 0);
	(void)bq_rd_be32(&at, &exponent);
	must(exponent == p->exponent || (exponent == 0 && p->exponent == 65537));
	bq_wr_be16(w, p->bits);
	bq_wr_be32(w, exponent);
	bq_wr_2b(w, p->n);
	must(p->curve == 0 && p->kdf == 0 && p->kdf_hash == 0 && p->x.n == 0 && p->y.n == 0);
}

static void write_ecc(struct bq_wr *w, const struct bq_public *p)
{
	bq_wr_be16(w, p->curve);
	bq_wr_be16(w, p->kdf);
	if (p->kdf != TPM_ALG_NULL)
		bq_wr_be16(w, p->kdf_hash);
	bq_wr_2b(w, p->x);
	bq_wr_2b(w, p->y);
	must(p->bits == 0 && p->exponent == 0 && p->n.n == 0);
}

static void write_again(const struct bq_public *p, struct bq_view in)
{
	static uint8_t made[1 << 18];
	struct bq_view out;
	struct bq_wr w;

	bq_wr_init(&w, made, sizeof(made));
	bq_wr_be16(&w, p->type);
	bq_wr_be16(&w, p->name_alg);
	bq_wr_be32(&w, p->attributes);
	bq_wr_2b(&w, p->policy);
	bq_wr_be16(&w, p->sym_alg);
	if (p->sym_alg != TPM_ALG_NULL) {
		bq_wr_be16(&w, p->sym_bits);
		bq_wr_be16(&w, p->sym_mode);
	}
	bq_wr_be16(&w, p->scheme);
	if (p->scheme != TPM_ALG_NULL && p->scheme != TPM_ALG_RSAES)
		bq_wr_be16(&w, p->hash);
	if (p->type == TPM_ALG_RSA)
		write_rsa(&w, p, in);
	else
		write_ecc(&w, p);
	/* ECDAA's count is not kept. */
	must(bq_wr_end(&w, &out) == 0);
	must(p->scheme == TPM_ALG_ECDAA ? out.n + 2 == in.n : bq_view_eq(out, in));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static uint8_t der[1 << 17], pem[1 << 18];
	struct bq_view in = bq_view_of(p, n), out;
	struct bq_public pub, again;
	struct bq_sink_buf b;
	const uint8_t *at;
	EVP_PKEY *key;
	struct bq_wr w;

	(void)bq_public_parse_2b(in, &pub);
	if (bq_public_parse(in, &pub) != 0)
		return 0;
	memset(&again, 0xFF, sizeof(again));
	must(bq_public_parse(in, &again) == 0);
	write_again(&pub, in);
	write_again(&again, in);
	fuzz_within(pub.policy, in);
	fuzz_within(pub.n, in);
	fuzz_within(pub.x, in);
	fuzz_within(pub.y, in);
	bq_wr_init(&w, der, sizeof(der));
	(void)bq_public_spki(&pub, &w);
	if (bq_wr_end(&w, &out) != 0)
		return 0;
	at = out.p;
	key = d2i_PUBKEY(NULL, &at, (long)out.n);
	must(pub.type != TPM_ALG_RSA || (key != NULL && at == out.p + out.n));
	EVP_PKEY_free(key);
	bq_sink_buf_init(&b, pem, sizeof(pem));
	bq_put_pem(&b.s, "PUBLIC KEY", out);
	must(b.s.err == 0);
	return 0;
}

#include "quoted.h"

void quoted_write(struct bq_wr *w, const struct quoted *q)
{
	bq_wr_be32(w, q->magic);
	bq_wr_be16(w, q->type);
	bq_wr_2b(w, bq_view_of("\0\x0b signer", 9));
	bq_wr_2b(w, q->nonce);
	bq_wr_be64(w, 1000);
	bq_wr_be32(w, 3);
	bq_wr_be32(w, 0);
	bq_wr_u8(w, 1);
	bq_wr_be64(w, 0x2020031200120003);
	bq_pcr_list_write(w, &q->pcrs);
	bq_wr_2b(w, q->digest);
	bq_wr_zeros(w, q->trailing);
}

size_t quoted_sign(EVP_PKEY *key, const char *hash, struct bq_view msg, uint8_t out[512])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = 512;
	bool ok = ctx != NULL &&
		  EVP_DigestSignInit_ex(ctx, NULL, hash, NULL, NULL, key, NULL) == 1 &&
		  EVP_DigestSign(ctx, out, &n, msg.p, msg.n) == 1;

	EVP_MD_CTX_free(ctx);
	return ok ? n : 0;
}

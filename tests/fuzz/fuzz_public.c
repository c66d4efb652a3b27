/* TPMT_PUBLIC and what becomes of it: DER and PEM, which OpenSSL must read. */
#include "fuzz.h"

#include <openssl/x509.h>

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
	must(bq_public_parse(in, &again) == 0 && bq_view_eq(pub.n, again.n));
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

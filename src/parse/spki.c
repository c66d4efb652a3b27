/* SubjectPublicKeyInfo as DER (X.690, section 8; RFC 5280, 4.1.2.7), and PEM;
 * and the other DER that leaves us, ECDSA signatures.
 *
 *   SEQUENCE { SEQUENCE { algorithm, parameters }, BIT STRING { 0, key } }
 *   RSA, RFC 8017 A.1.1:  rsaEncryption, NULL; SEQUENCE { INTEGER n, INTEGER e }
 *   EC, RFC 5480, 2.1.1:  id-ecPublicKey, curve; 04 x y
 *
 * Sizes are known before anything is written, so there is one pass. */
#include <barequote/attest.h>

#define DER_INTEGER    0x02
#define DER_BIT_STRING 0x03
#define DER_SEQUENCE   0x30
#define DER_LONG       0x80 /* lengths from here on say how many bytes they take */
#define EC_POINT       0x04 /* SEC 1, 2.3.3: uncompressed */
#define PEM_LINE       48   /* bytes that make the 64 characters of RFC 7468, section 2 */

/* AlgorithmIdentifier whole: what the bit string holds follows from it. */
static const uint8_t ALG_RSA[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
				  0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
static const uint8_t ALG_P256[] = {0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
				   0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static const uint8_t ALG_P384[] = {0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
				   0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};

/* Bytes of a length field of its long form, after the first. */
static unsigned length_bytes(size_t length)
{
	unsigned n = 0;

	for (; length != 0; length >>= 8)
		n++;
	return n;
}

/* Bytes of a whole element with that many bytes of content. */
static size_t element_size(size_t content)
{
	return 2 + (content < DER_LONG ? 0 : length_bytes(content)) + content;
}

static void put_head(struct bq_wr *w, uint8_t tag, size_t content)
{
	bq_wr_u8(w, tag);
	if (content < DER_LONG) {
		bq_wr_u8(w, (uint8_t)content);
		return;
	}
	bq_wr_u8(w, (uint8_t)(DER_LONG | length_bytes(content)));
	for (unsigned i = length_bytes(content); i > 0; i--)
		bq_wr_u8(w, (uint8_t)(content >> (8 * (i - 1))));
}

/* Everything up to the key itself, which has that many bytes. */
static void put_spki_head(struct bq_wr *w, struct bq_view alg, size_t key)
{
	put_head(w, DER_SEQUENCE, alg.n + element_size(1 + key));
	bq_wr_view(w, alg);
	put_head(w, DER_BIT_STRING, 1 + key);
	bq_wr_u8(w, 0); /* unused bits */
}

/* A positive number without leading zeros: content bytes of an INTEGER (X.690, 8.3). */
static size_t uint_content(struct bq_view x)
{
	return x.n + (x.p[0] >> 7);
}

static void put_uint(struct bq_wr *w, struct bq_view x)
{
	put_head(w, DER_INTEGER, uint_content(x));
	bq_wr_zeros(w, uint_content(x) - x.n);
	bq_wr_view(w, x);
}

static struct bq_view without_zeros(struct bq_view x)
{
	while (x.n != 0 && x.p[0] == 0)
		(void)bq_rd_skip(&x, 1);
	return x;
}

static int refuse(struct bq_wr *w)
{
	if (w->err == 0)
		w->err = BQ_E_PUBLIC;
	return w->err;
}

int bq_rsa_spki(struct bq_view n, uint32_t e, struct bq_wr *w)
{
	uint8_t e_be[sizeof(e)];
	struct bq_view exponent;
	struct bq_wr ew;
	size_t key;

	bq_wr_init(&ew, e_be, sizeof(e_be));
	bq_wr_be32(&ew, e);
	exponent = without_zeros(bq_view_of(e_be, sizeof(e_be)));
	n = without_zeros(n);
	if (n.n == 0 || exponent.n == 0)
		return refuse(w);
	key = element_size(uint_content(n)) + element_size(uint_content(exponent));
	put_spki_head(w, bq_view_of(ALG_RSA, sizeof(ALG_RSA)), element_size(key));
	put_head(w, DER_SEQUENCE, key);
	put_uint(w, n);
	put_uint(w, exponent);
	return w->err;
}

/* A coordinate, padded to the size of the field (SEC 1, 2.3.5). */
static void put_coordinate(struct bq_wr *w, struct bq_view x, size_t field)
{
	bq_wr_zeros(w, field - x.n);
	bq_wr_view(w, x);
}

static int ecc_spki(const struct bq_public *pub, struct bq_view alg, size_t field, struct bq_wr *w)
{
	if (pub->x.n > field || pub->y.n > field || pub->x.n == 0 || pub->y.n == 0)
		return refuse(w);
	put_spki_head(w, alg, 1 + 2 * field);
	bq_wr_u8(w, EC_POINT);
	put_coordinate(w, pub->x, field);
	put_coordinate(w, pub->y, field);
	return w->err;
}

int bq_public_spki(const struct bq_public *pub, struct bq_wr *w)
{
	if (pub->type == TPM_ALG_RSA)
		return bq_rsa_spki(pub->n, pub->exponent, w);
	if (pub->type == TPM_ALG_ECC && pub->curve == TPM_ECC_NIST_P256)
		return ecc_spki(pub, bq_view_of(ALG_P256, sizeof(ALG_P256)), 32, w);
	if (pub->type == TPM_ALG_ECC && pub->curve == TPM_ECC_NIST_P384)
		return ecc_spki(pub, bq_view_of(ALG_P384, sizeof(ALG_P384)), 48, w);
	return refuse(w);
}

int bq_signature_plain(const struct bq_signature *sig, struct bq_wr *w)
{
	struct bq_view r = without_zeros(sig->r), s = without_zeros(sig->s);

	if (sig->alg != TPM_ALG_ECDSA) {
		bq_wr_view(w, sig->rsa);
		return w->err;
	}
	if (r.n == 0 || s.n == 0) {
		if (w->err == 0)
			w->err = BQ_E_RANGE;
		return w->err;
	}
	put_head(w, DER_SEQUENCE, element_size(uint_content(r)) + element_size(uint_content(s)));
	put_uint(w, r);
	put_uint(w, s);
	return w->err;
}

static void put_boundary(struct bq_sink *s, const char *start, const char *label)
{
	bq_put_str(s, start);
	bq_put_str(s, label);
	bq_put_str(s, "-----\n");
}

void bq_put_pem(struct bq_sink *s, const char *label, struct bq_view der)
{
	struct bq_view line;

	put_boundary(s, "-----BEGIN ", label);
	while (der.n != 0) {
		if (bq_rd_take(&der, der.n < PEM_LINE ? der.n : PEM_LINE, &line) != 0)
			return;
		bq_put_b64(s, BQ_BASE64, line);
		bq_put_chr(s, '\n');
	}
	put_boundary(s, "-----END ", label);
}

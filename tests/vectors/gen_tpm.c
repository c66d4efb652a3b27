/* Quotes with their signatures and PCR files, and the key that made them. */
#include "gen.h"

#include <string.h>

/* --- quotes ----------------------------------------------------------------- */

struct bank {
	uint16_t alg;
	size_t size;
	uint32_t mask;
};

struct quote {
	const char *msg, *sig, *pcrs;
	const char *nonce;
	unsigned n;
	struct bank bank[2];
};

static const struct quote quotes[] = {
	{"quote-1bank.msg",
	 "quote-1bank.sig",
	 "quote-1bank.pcrs",
	 "synthetic nonce",
	 1,
	 {{0x000B, 32, 0xFFFFFF}}},
	{"quote-2banks.msg",
	 "quote-2banks.sig",
	 "quote-2banks.pcrs",
	 "a synthetic nonce of as many as fifty bytes, 50!!!",
	 2,
	 {{0x000B, 32, 0x800881}, {0x0004, 20, 0x0100FF}}},
};

/* Calls use for each selected PCR: its value is its index, then its bank repeated. */
static void each_pcr(const struct quote *q, struct bytes *out,
		     void (*use)(struct bytes *out, const uint8_t *value, size_t n))
{
	uint8_t value[64];

	for (unsigned b = 0; b < q->n; b++)
		for (unsigned i = 0; i < 24; i++) {
			memset(value, 0x10 * (q->bank[b].alg & 0xF), sizeof(value));
			value[0] = (uint8_t)i;
			if ((q->bank[b].mask >> i & 1) != 0)
				use(out, value, q->bank[b].size);
		}
}

static void pcr_append(struct bytes *out, const uint8_t *value, size_t n)
{
	gen_append(out, value, n);
}

static void make_msg(const struct quote *q, struct bytes *o)
{
	struct bytes values = {.n = 0};
	uint8_t digest[32], name[34] = {0x00, 0x0B};

	memset(name + 2, 0x5A, 32);
	gen_be(o, 4, 0xFF544347);
	gen_be(o, 2, 0x8018);
	gen_append_2b(o, name, sizeof(name));
	gen_append_2b(o, q->nonce, strlen(q->nonce));
	gen_be(o, 8, 123456789);          /* clock */
	gen_be(o, 4, 3);                  /* resetCount */
	gen_be(o, 4, 4);                  /* restartCount */
	gen_be(o, 1, 1);                  /* safe */
	gen_be(o, 8, 0x2020031200120003); /* firmwareVersion */
	gen_be(o, 4, q->n);
	for (unsigned i = 0; i < q->n; i++) {
		gen_be(o, 2, q->bank[i].alg);
		gen_be(o, 1, 3);
		gen_le(o->p, o->n, 3, q->bank[i].mask);
		o->n += 3;
	}
	each_pcr(q, &values, pcr_append);
	gen_sha256(values.p, values.n, digest);
	gen_append_2b(o, digest, sizeof(digest));
}

static void make_sig(struct bytes *o)
{
	uint8_t sig[GEN_RSA_BYTES];

	gen_modulus(sig, 0x51);
	gen_be(o, 2, 0x0014);
	gen_be(o, 2, 0x000B);
	gen_append_2b(o, sig, sizeof(sig));
}

/* A digest into the last list, or a new one; out->p + 132 counts the lists. */
static void pcr_listed(struct bytes *out, const uint8_t *value, size_t n)
{
	uint8_t *list;

	if (out->n == 136 || out->p[out->n - 532] == 8) {
		out->n += 532;
		out->p[132]++;
	}
	list = out->p + out->n - 532;
	gen_le(list, 4 + (size_t)list[0] * 66, 2, n);
	memcpy(list + 4 + (size_t)list[0] * 66 + 2, value, n);
	list[0]++;
}

static void make_pcrs(const struct quote *q, struct bytes *o)
{
	gen_le(o->p, 0, 4, q->n);
	for (unsigned i = 0; i < q->n; i++) {
		gen_le(o->p, 4 + 8 * i, 2, q->bank[i].alg);
		gen_le(o->p, 6 + 8 * i, 1, 3);
		gen_le(o->p, 7 + 8 * i, 3, q->bank[i].mask);
	}
	o->n = 136;
	each_pcr(q, o, pcr_listed);
}

/* The AK of the claims, as Azure's vTPM has it. */
static void make_public(struct bytes *o)
{
	uint8_t modulus[GEN_RSA_BYTES];

	gen_modulus(modulus, 0xA5);
	gen_be(o, 2, 0x0001);     /* RSA */
	gen_be(o, 2, 0x000B);     /* nameAlg */
	gen_be(o, 4, 0x00050472); /* attributes */
	gen_be(o, 2, 0);          /* authPolicy */
	gen_be(o, 2, 0x0010);     /* symmetric: NULL */
	gen_be(o, 2, 0x0014);     /* RSASSA */
	gen_be(o, 2, 0x000B);
	gen_be(o, 2, 2048);
	gen_be(o, 4, 0); /* exponent: 65537 */
	gen_append_2b(o, modulus, sizeof(modulus));
}

static void save_quote(const struct quote *q)
{
	struct bytes msg = {.n = 0}, sig = {.n = 0}, pcrs = {.n = 0};

	make_msg(q, &msg);
	make_sig(&sig);
	make_pcrs(q, &pcrs);
	gen_save(q->msg, msg.p, msg.n);
	gen_save(q->sig, sig.p, sig.n);
	gen_save(q->pcrs, pcrs.p, pcrs.n);
}

void gen_tpm(void)
{
	struct bytes tpmt = {.n = 0}, tpm2b = {.n = 0};

	for (size_t i = 0; i < GEN_COUNT(quotes); i++)
		save_quote(&quotes[i]);
	make_public(&tpmt);
	gen_append_2b(&tpm2b, tpmt.p, tpmt.n);
	gen_save("ak.pub", tpm2b.p, tpm2b.n);
}

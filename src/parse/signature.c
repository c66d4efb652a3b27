/* TPMT_SIGNATURE: TPM 2.0 Library, part 2, 11.3.4.
 *
 *   RSASSA, RSAPSS  u16 alg, u16 hash, 2B signature
 *   ECDSA           u16 alg, u16 hash, 2B r, 2B s */
#include <barequote/attest.h>

/*@ requires reader(r) && \valid(s) && \separated(r, s);
  @ requires s->rsa.n == 0 && s->r.n == 0 && s->s.n == 0;
  @ assigns *r, s->rsa, s->r, s->s;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r);
  @ ensures \result == 0 ==> within(s->rsa, \old(*r)) && within(s->r, \old(*r)) &&
  @     within(s->s, \old(*r)) && size_of_value(*s) == \old(r->n) - r->n; */
static int read_value(struct bq_view *r, struct bq_signature *s)
{
	int e;

	switch (s->alg) {
	case TPM_ALG_RSASSA:
	case TPM_ALG_RSAPSS:
		return bq_rd_2b(r, &s->rsa);
	case TPM_ALG_ECDSA:
		if ((e = bq_rd_2b(r, &s->r)) != 0)
			return e;
		return bq_rd_2b(r, &s->s);
	default:
		return BQ_E_SIG_ALG;
	}
}

int bq_signature_parse(struct bq_view sig, struct bq_signature *out)
{
	struct bq_signature s = {0};
	struct bq_view r = sig;
	int e;

	if ((e = bq_rd_be16(&r, &s.alg)) != 0 || (e = bq_rd_be16(&r, &s.hash)) != 0)
		return e;
	if (bq_alg_size(s.hash) == 0)
		return BQ_E_SIG_ALG;
	if ((e = read_value(&r, &s)) != 0 || (e = bq_rd_end(&r)) != 0)
		return e;
	*out = s;
	return 0;
}

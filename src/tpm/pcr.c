/* TPM2_PCR_Read and TPM2_PCR_Extend: part 3, 22.4 and 22.2. */
#include "internal.h"

#include <string.h>

#define DIGESTS_PER_READ 8 /* TPML_DIGEST, part 2, 10.9.5 */

/* What a selection with a bank the TPM does not know is refused with. */
#define RC_UNKNOWN_BANK 0x1C3u /* TPM_RC_HASH, parameter 1 */

/* The lowest n of mask's bits. */
static uint32_t lowest_bits(uint32_t mask, unsigned n)
{
	uint32_t rest = mask;

	while (n-- > 0)
		rest &= rest - 1;
	return mask & ~rest;
}

/* pcrUpdateCounter, TPML_PCR_SELECTION, TPML_DIGEST: some of the PCRs asked
 * for, of that bank and no other, and a digest of its size for each. Returns
 * those it read in *got. */
static int read_values(struct bq_view r, const struct bq_pcr_select *asked,
		       struct bq_pcr_bank *bank, uint32_t *got)
{
	struct bq_pcr_list sel;
	struct bq_view digest;
	uint32_t counter, digests;

	if (bq_rd_be32(&r, &counter) != 0 || bq_pcr_list_read(&r, &sel) != 0 || sel.n > 1 ||
	    bq_rd_be32(&r, &digests) != 0)
		return BQ_E_TPM_RESPONSE;
	if (sel.n == 0 || sel.bank[0].mask == 0)
		return digests == 0 && r.n == 0 ? BQ_E_PCR_SELECTION : BQ_E_TPM_RESPONSE;
	if (sel.bank[0].alg != asked->alg || (sel.bank[0].mask & ~asked->mask) != 0 ||
	    digests != bq_pcr_list_count(&sel))
		return BQ_E_TPM_RESPONSE;
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		if ((sel.bank[0].mask >> i & 1) == 0)
			continue;
		if (bq_rd_2b(&r, &digest) != 0)
			return BQ_E_TPM_RESPONSE;
		if (digest.n == 0)
			return BQ_E_TPM_PROGRESS;
		if (digest.n != bq_alg_size(asked->alg))
			return BQ_E_TPM_RESPONSE;
		memcpy(bank->value[i], digest.p, digest.n);
	}
	*got = sel.bank[0].mask;
	return bq_rd_end(&r) == 0 ? 0 : BQ_E_TPM_RESPONSE;
}

static int read_some(struct bq_tpm *t, const struct bq_pcr_select *ask, struct bq_pcr_bank *bank,
		     uint32_t *got)
{
	struct bq_pcr_list sel = {.n = 1, .bank = {*ask}};
	struct bq_view r;
	struct bq_wr w;
	int e;

	bq_cmd_begin(t, &w, TPM_CC_PCR_Read);
	bq_pcr_list_write(&w, &sel);
	if ((e = bq_cmd_run(t, &w, &r)) != 0)
		return e == BQ_E_TPM_RC && t->rc == RC_UNKNOWN_BANK ? BQ_E_PCR_SELECTION : e;
	return read_values(r, ask, bank, got);
}

/* One bank at a time: a call returns few digests however they are selected. */
int bq_tpm_pcr_read(struct bq_tpm *t, const struct bq_pcr_list *sel, struct bq_pcr_values *out)
{
	struct bq_pcr_bank *bank;
	uint32_t left, got;
	int e;

	out->n = 0;
	for (unsigned i = 0; i < sel->n; i++) {
		if (bq_alg_size(sel->bank[i].alg) == 0 || sel->bank[i].mask >> BQ_PCRS != 0 ||
		    (bank = bq_pcr_bank_of(out, sel->bank[i].alg)) == NULL)
			return BQ_E_PCR_SELECTION;
		for (left = sel->bank[i].mask & ~bank->mask; left != 0; left &= ~got) {
			struct bq_pcr_select ask = {.alg = bank->alg,
						    .mask = lowest_bits(left, DIGESTS_PER_READ)};

			if ((e = read_some(t, &ask, bank, &got)) != 0)
				return e;
			bank->mask |= got;
		}
	}
	return 0;
}

int bq_tpm_pcr_extend(struct bq_tpm *t, uint32_t pcr, struct bq_auth auth,
		      const struct bq_digest *digests, unsigned n)
{
	struct bq_wr w;

	bq_cmd_begin(t, &w, TPM_CC_PCR_Extend);
	bq_wr_be32(&w, pcr);
	bq_cmd_password(&w, auth);
	bq_wr_be32(&w, n);
	for (unsigned i = 0; i < n; i++) {
		if (digests[i].value.n == 0 || digests[i].value.n != bq_alg_size(digests[i].alg))
			return BQ_E_ARG;
		bq_wr_be16(&w, digests[i].alg);
		bq_wr_view(&w, digests[i].value);
	}
	return bq_cmd_run_void(t, &w);
}

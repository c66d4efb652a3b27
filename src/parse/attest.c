/* TPMS_ATTEST of a quote: TPM 2.0 Library, part 2, 10.12.12 (TPMS_ATTEST) and
 * TPMS_QUOTE_INFO.
 *
 *   u32 magic, u16 type, 2B qualifiedSigner, 2B extraData,
 *   u64 clock, u32 resetCount, u32 restartCount, u8 safe, u64 firmwareVersion,
 *   TPML_PCR_SELECTION, 2B pcrDigest */
#include <barequote/attest.h>

/* TPMS_CLOCK_INFO */
/*@ requires reader(r) && \valid(a) && \separated(r, a);
  @ assigns *r, a->clock, a->reset_count, a->restart_count, a->safe;
  @ ensures \result == 0 ==> moved{Pre, Post}(r, 17); */
static int read_clock(struct bq_view *r, struct bq_attest *a)
{
	int e;

	if ((e = bq_rd_be64(r, &a->clock)) != 0 || (e = bq_rd_be32(r, &a->reset_count)) != 0 ||
	    (e = bq_rd_be32(r, &a->restart_count)) != 0)
		return e;
	return bq_rd_u8(r, &a->safe);
}

/*@ requires reader(r) && \valid(a) && \separated(r, a);
  @ assigns *r, *a;
  @ ensures \result == 0 ==> attest_of(*a, \old(*r)); */
static int read_quote(struct bq_view *r, struct bq_attest *a)
{
	int e;

	if ((e = bq_rd_be32(r, &a->magic)) != 0)
		return e;
	if (a->magic != TPM_GENERATED_VALUE)
		return BQ_E_ATTEST_MAGIC;
	if ((e = bq_rd_be16(r, &a->type)) != 0)
		return e;
	if (a->type != TPM_ST_ATTEST_QUOTE)
		return BQ_E_ATTEST_TYPE;
	if ((e = bq_rd_2b(r, &a->qualified_signer)) != 0 ||
	    (e = bq_rd_2b(r, &a->extra_data)) != 0 || (e = read_clock(r, a)) != 0 ||
	    (e = bq_rd_be64(r, &a->firmware_version)) != 0 ||
	    (e = bq_pcr_list_read(r, &a->pcrs)) != 0 || (e = bq_rd_2b(r, &a->pcr_digest)) != 0)
		return e;
	return bq_rd_end(r);
}

int bq_attest_parse(struct bq_view msg, struct bq_attest *out)
{
	struct bq_attest a = {0};
	int e;

	if ((e = read_quote(&msg, &a)) != 0)
		return e;
	*out = a;
	return 0;
}

/* TCB_VERSION; its two layouts are drawn in snp.h. */
#include <barequote/snp.h>

#define TCB_SIZE 8

struct bq_tcb bq_tcb_read(struct bq_view tcb, enum bq_product p)
{
	uint8_t b[TCB_SIZE] = {0};

	(void)bq_rd_copy(&tcb, b, sizeof(b));
	if (p == BQ_PRODUCT_TURIN)
		return (struct bq_tcb){.has_fmc = true,
				       .fmc = b[0],
				       .bootloader = b[1],
				       .tee = b[2],
				       .snp = b[3],
				       .microcode = b[7]};
	return (struct bq_tcb){.bootloader = b[0], .tee = b[1], .snp = b[6], .microcode = b[7]};
}

bool bq_tcb_at_least(const struct bq_tcb *a, const struct bq_tcb *b)
{
	return a->fmc >= b->fmc && a->bootloader >= b->bootloader && a->tee >= b->tee &&
	       a->snp >= b->snp && a->microcode >= b->microcode;
}

static void put_part(struct bq_sink *s, const char *name, uint8_t svn)
{
	bq_put_str(s, name);
	bq_put_u64(s, svn);
}

void bq_put_tcb(struct bq_sink *s, const struct bq_tcb *t)
{
	if (t->has_fmc) {
		put_part(s, "FMC ", t->fmc);
		bq_put_str(s, ", ");
	}
	put_part(s, "bootloader ", t->bootloader);
	put_part(s, ", TEE ", t->tee);
	put_part(s, ", SNP ", t->snp);
	put_part(s, ", microcode ", t->microcode);
}

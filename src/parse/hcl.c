/* The HCL blob; the layout is drawn in hcl.h. */
#include <barequote/hcl.h>

#define HEADER_REST 12 /* reserved, after status */
#define DATA_SIZE   20 /* runtime data without capabilities and claims */
#define DATA_EXT    4  /* version 2: the capability bitmap */
#define SIZE_MIN    (BQ_HCL_HEADER_SIZE + BQ_HCL_REPORT_SIZE + DATA_SIZE)

static const uint8_t MAGIC[4] = {'H', 'C', 'L', 'A'};

/* Reads the 32 bytes at the start; report_size is only known to be possible. */
/*@ requires reader(r) && \valid(h) && \separated(r, h);
  @ assigns *r, h->header_version, h->report_size, h->request_type, h->status;
  @ ensures \result == 0 ==> moved{Pre, Post}(r, BQ_HCL_HEADER_SIZE) && SIZE_MIN <= h->report_size;
*/
static int read_header(struct bq_view *r, struct bq_hcl *h)
{
	struct bq_view head, magic;
	int e;

	if ((e = bq_rd_take(r, BQ_HCL_HEADER_SIZE, &head)) != 0 ||
	    (e = bq_rd_take(&head, sizeof(MAGIC), &magic)) != 0)
		return e;
	if (!bq_view_eq(magic, bq_view_of(MAGIC, sizeof(MAGIC))))
		return BQ_E_HCL_MAGIC;
	if ((e = bq_rd_le32(&head, &h->header_version)) != 0 ||
	    (e = bq_rd_le32(&head, &h->report_size)) != 0 ||
	    (e = bq_rd_le32(&head, &h->request_type)) != 0 ||
	    (e = bq_rd_le32(&head, &h->status)) != 0 || (e = bq_rd_skip(&head, HEADER_REST)) != 0)
		return e;
	if (h->header_version != 1 && h->header_version != 2)
		return BQ_E_HCL_HEADER;
	return h->report_size < SIZE_MIN ? BQ_E_HCL_SIZE : bq_rd_end(&head);
}

/* The five words at the start of the runtime data. */
/*@ requires reader(r) && \valid(h) && \valid(claims_size) && \separated(r, h, claims_size);
  @ assigns *r, h->data_size, h->data_version, h->report_type, h->hash_type, *claims_size;
  @ ensures \result == 0 ==> moved{Pre, Post}(r, DATA_SIZE); */
static int read_words(struct bq_view *r, struct bq_hcl *h, uint32_t *claims_size)
{
	int e;

	if ((e = bq_rd_le32(r, &h->data_size)) != 0 || (e = bq_rd_le32(r, &h->data_version)) != 0 ||
	    (e = bq_rd_le32(r, &h->report_type)) != 0 || (e = bq_rd_le32(r, &h->hash_type)) != 0)
		return e;
	return bq_rd_le32(r, claims_size);
}

/* Runtime data, of which r holds exactly as much as report_size says. */
/*@ requires reader(r) && \valid(h) && \separated(r, h);
  @ assigns *r, h->data_size, h->data_version, h->report_type, h->hash_type, h->has_capabilities,
  @     h->capabilities, h->claims;
  @ ensures \result == 0 ==> within(h->claims, \old(*r)) && h->data_size == \old(r->n) &&
  @     BQ_HCL_VBS <= h->report_type <= BQ_HCL_CCA; */
static int read_data(struct bq_view *r, struct bq_hcl *h)
{
	size_t whole = r->n;
	uint32_t claims_size;
	int e;

	if ((e = read_words(r, h, &claims_size)) != 0)
		return e;
	if (h->data_size != whole)
		return BQ_E_HCL_SIZE;
	if (h->data_version != 1 && h->data_version != 2)
		return BQ_E_HCL_DATA;
	h->has_capabilities = h->data_version == 2;
	if (h->has_capabilities && bq_rd_le32(r, &h->capabilities) != 0)
		return BQ_E_HCL_SIZE;
	/* So the claims start at 0x4C0 + data_size - claims_size, whatever precedes them. */
	if (claims_size != r->n)
		return BQ_E_HCL_SIZE;
	if (h->report_type < BQ_HCL_VBS || h->report_type > BQ_HCL_CCA)
		return BQ_E_HCL_TYPE;
	return bq_rd_take(r, claims_size, &h->claims);
}

/*@ requires reader(r) && \valid(h) && \separated(r, h);
  @ assigns *r, *h;
  @ ensures \result == 0 ==> hcl_of(*h, \old(*r)); */
static int read_blob(struct bq_view *r, struct bq_hcl *h)
{
	struct bq_view data;
	int e;

	if ((e = read_header(r, h)) != 0 ||
	    (e = bq_rd_take(r, BQ_HCL_REPORT_SIZE, &h->hardware_report)) != 0 ||
	    (e = bq_rd_take(r, h->report_size - BQ_HCL_HEADER_SIZE - BQ_HCL_REPORT_SIZE, &data)) !=
		    0 ||
	    (e = read_data(&data, h)) != 0)
		return e;
	h->trailer = *r;
	return bq_rd_end_zeros(r);
}

int bq_hcl_parse(struct bq_view blob, struct bq_hcl *out)
{
	struct bq_hcl h = {0};
	int e;

	if ((e = read_blob(&blob, &h)) != 0)
		return e;
	*out = h;
	return 0;
}

int bq_hcl_require_snp(const struct bq_hcl *h)
{
	switch (h->report_type) {
	case BQ_HCL_SNP:
		return 0;
	case BQ_HCL_TDX:
		return BQ_E_HCL_TDX;
	case BQ_HCL_VBS:
		return BQ_E_HCL_VBS;
	default:
		return BQ_E_HCL_TYPE;
	}
}

int bq_hcl_peek_size(struct bq_view head, size_t *report_size)
{
	struct bq_hcl h;
	int e;

	if ((e = read_header(&head, &h)) != 0)
		return e;
	if (h.report_size > BQ_HCL_MAX)
		return BQ_E_HCL_SIZE;
	*report_size = h.report_size;
	return 0;
}

const char *bq_hcl_type_name(uint32_t report_type)
{
	switch (report_type) {
	case BQ_HCL_VBS:
		return "VBS";
	case BQ_HCL_SNP:
		return "SNP";
	case BQ_HCL_TVM:
		return "TVM";
	case BQ_HCL_TDX:
		return "TDX";
	case BQ_HCL_CCA:
		return "CCA";
	default:
		return "unknown";
	}
}

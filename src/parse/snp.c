/* ATTESTATION_REPORT, AMD publication 56860, chapter 7.3. */
#include <barequote/snp.h>

/* Field sizes of the table */
#define ID_SIZE       16 /* FAMILY_ID, IMAGE_ID */
#define TCB_SIZE      8
#define DATA_SIZE     64 /* REPORT_DATA */
#define DIGEST_SIZE   48
#define HOST_SIZE     32
#define REPORT_ID     32
#define CHIP_SIZE     64
#define SIG_SIZE      72 /* R or S */
#define RESERVED_04C  4
#define RESERVED_18B  21
#define RESERVED_1EB  1
#define RESERVED_208  152
#define VERSION_MIN   2
#define VERSION_CPUID 3
#define VERSION_MIT   5 /* mitigation vectors */

/* 0x000 to 0x04F */
static int read_guest(struct bq_view *r, struct bq_snp *s)
{
	int e;

	if ((e = bq_rd_le32(r, &s->version)) != 0 || (e = bq_rd_le32(r, &s->guest_svn)) != 0 ||
	    (e = bq_rd_le64(r, &s->policy)) != 0 ||
	    (e = bq_rd_take(r, ID_SIZE, &s->family_id)) != 0 ||
	    (e = bq_rd_take(r, ID_SIZE, &s->image_id)) != 0 || (e = bq_rd_le32(r, &s->vmpl)) != 0 ||
	    (e = bq_rd_le32(r, &s->sig_algo)) != 0 ||
	    (e = bq_rd_take(r, TCB_SIZE, &s->current_tcb)) != 0 ||
	    (e = bq_rd_le64(r, &s->platform_info)) != 0 || (e = bq_rd_le32(r, &s->key_info)) != 0)
		return e;
	return bq_rd_skip(r, RESERVED_04C);
}

/* 0x050 to 0x17F */
static int read_digests(struct bq_view *r, struct bq_snp *s)
{
	int e;

	if ((e = bq_rd_take(r, DATA_SIZE, &s->report_data)) != 0 ||
	    (e = bq_rd_take(r, DIGEST_SIZE, &s->measurement)) != 0 ||
	    (e = bq_rd_take(r, HOST_SIZE, &s->host_data)) != 0 ||
	    (e = bq_rd_take(r, DIGEST_SIZE, &s->id_key_digest)) != 0 ||
	    (e = bq_rd_take(r, DIGEST_SIZE, &s->author_digest)) != 0 ||
	    (e = bq_rd_take(r, REPORT_ID, &s->report_id)) != 0)
		return e;
	return bq_rd_take(r, REPORT_ID, &s->report_id_ma);
}

static int read_firmware(struct bq_view *r, uint8_t *build, uint8_t *minor, uint8_t *major)
{
	int e;

	if ((e = bq_rd_u8(r, build)) != 0 || (e = bq_rd_u8(r, minor)) != 0 ||
	    (e = bq_rd_u8(r, major)) != 0)
		return e;
	return bq_rd_skip(r, RESERVED_1EB);
}

/* 0x180 to 0x29F */
static int read_platform(struct bq_view *r, struct bq_snp *s)
{
	int e;

	if ((e = bq_rd_take(r, TCB_SIZE, &s->reported_tcb)) != 0 ||
	    (e = bq_rd_u8(r, &s->cpuid_family)) != 0 || (e = bq_rd_u8(r, &s->cpuid_model)) != 0 ||
	    (e = bq_rd_u8(r, &s->cpuid_step)) != 0 || (e = bq_rd_skip(r, RESERVED_18B)) != 0 ||
	    (e = bq_rd_take(r, CHIP_SIZE, &s->chip_id)) != 0 ||
	    (e = bq_rd_take(r, TCB_SIZE, &s->committed_tcb)) != 0 ||
	    (e = read_firmware(r, &s->current_build, &s->current_minor, &s->current_major)) != 0 ||
	    (e = read_firmware(r, &s->committed_build, &s->committed_minor, &s->committed_major)) !=
		    0 ||
	    (e = bq_rd_take(r, TCB_SIZE, &s->launch_tcb)) != 0 ||
	    (e = bq_rd_le64(r, &s->launch_mit_vector)) != 0 ||
	    (e = bq_rd_le64(r, &s->current_mit_vector)) != 0)
		return e;
	return bq_rd_skip(r, RESERVED_208);
}

/* What older versions keep reserved is not there in them, whatever the bytes say. */
static void drop_absent(struct bq_snp *s)
{
	s->has_cpuid = s->version >= VERSION_CPUID;
	s->has_mitigations = s->version >= VERSION_MIT;
	if (!s->has_cpuid)
		s->cpuid_family = s->cpuid_model = s->cpuid_step = 0;
	if (!s->has_mitigations)
		s->launch_mit_vector = s->current_mit_vector = 0;
}

int bq_snp_parse(struct bq_view raw, struct bq_snp *out)
{
	struct bq_snp s = {.raw = raw};
	struct bq_view r = raw, sig, part;
	int e;

	if (raw.n != BQ_SNP_REPORT_SIZE)
		return BQ_E_SNP_SIZE;
	if ((e = bq_rd_take(&r, BQ_SNP_SIGNED_SIZE, &s.signed_part)) != 0)
		return e;
	sig = r;
	part = s.signed_part;
	if ((e = read_guest(&part, &s)) != 0 || (e = read_digests(&part, &s)) != 0 ||
	    (e = read_platform(&part, &s)) != 0 || (e = bq_rd_end(&part)) != 0 ||
	    (e = bq_rd_take(&sig, SIG_SIZE, &s.sig_r)) != 0 ||
	    (e = bq_rd_take(&sig, SIG_SIZE, &s.sig_s)) != 0)
		return e;
	if (s.version < VERSION_MIN)
		return BQ_E_SNP_VERSION;
	drop_absent(&s);
	*out = s;
	return 0;
}

const struct bq_bit bq_snp_policy_bits[] = {
	{"smt", BQ_SNP_POLICY_SMT},
	{"migrate_ma", BQ_SNP_POLICY_MIGRATE_MA},
	{"debug", BQ_SNP_POLICY_DEBUG},
	{"single_socket", BQ_SNP_POLICY_SINGLE_SOCKET},
	{"cxl_allow", BQ_SNP_POLICY_CXL_ALLOW},
	{"mem_aes_256_xts", BQ_SNP_POLICY_MEM_AES_256_XTS},
	{"rapl_dis", BQ_SNP_POLICY_RAPL_DIS},
	{"ciphertext_hiding_dram", BQ_SNP_POLICY_CIPHERTEXT_HIDING_DRAM},
	{"page_swap_disable", BQ_SNP_POLICY_PAGE_SWAP_DISABLE},
	{NULL, 0},
};

const struct bq_bit bq_snp_platform_bits[] = {
	{"smt_en", 1ull << 0},
	{"tsme_en", 1ull << 1},
	{"ecc_en", 1ull << 2},
	{"rapl_dis", 1ull << 3},
	{"ciphertext_hiding_dram_en", 1ull << 4},
	{"alias_check_complete", 1ull << 5},
	{"tio_en", 1ull << 7},
	{NULL, 0},
};

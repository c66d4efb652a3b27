/* ATTESTATION_REPORT, AMD publication 56860, chapter 7.3. */
#include <barequote/snp.h>

#define VERSION_MIN   2
#define VERSION_CPUID 3
#define VERSION_MIT   5 /* mitigation vectors */

/* Fields, by their offset in the report. */
/*@ requires readable(raw) && off + n <= raw.n;
  @ assigns \nothing;
  @ ensures \result.n == n && within(\result, raw) && readable(\result); */
static struct bq_view part(struct bq_view raw, size_t off, size_t n)
{
	struct bq_view v = {0};

	(void)bq_view_sub(raw, off, n, &v);
	return v;
}

/*@ requires readable(raw) && off < raw.n;
  @ assigns \nothing; */
static uint8_t u8(struct bq_view raw, size_t off)
{
	return part(raw, off, 1).p[0];
}

/*@ requires readable(raw) && off + 4 <= raw.n;
  @ assigns \nothing; */
static uint32_t le32(struct bq_view raw, size_t off)
{
	struct bq_view v = part(raw, off, sizeof(uint32_t));
	uint32_t x = 0;

	(void)bq_rd_le32(&v, &x);
	return x;
}

/*@ requires readable(raw) && off + 8 <= raw.n;
  @ assigns \nothing; */
static uint64_t le64(struct bq_view raw, size_t off)
{
	struct bq_view v = part(raw, off, sizeof(uint64_t));
	uint64_t x = 0;

	(void)bq_rd_le64(&v, &x);
	return x;
}

/* What older versions keep reserved is not there in them, whatever the bytes say. */
/*@ requires readable(raw) && raw.n == BQ_SNP_REPORT_SIZE;
  @ assigns \nothing;
  @ ensures snp_of(\result, raw); */
static struct bq_snp fields(struct bq_view raw, uint32_t version)
{
	struct bq_snp s = {.raw = raw, .version = version};

	s.signed_part = part(raw, 0x000, BQ_SNP_SIGNED_SIZE);
	s.guest_svn = le32(raw, 0x004);
	s.policy = le64(raw, 0x008);
	s.family_id = part(raw, 0x010, 16);
	s.image_id = part(raw, 0x020, 16);
	s.vmpl = le32(raw, 0x030);
	s.sig_algo = le32(raw, 0x034);
	s.current_tcb = part(raw, 0x038, 8);
	s.platform_info = le64(raw, 0x040);
	s.key_info = le32(raw, 0x048);
	s.report_data = part(raw, 0x050, 64);
	s.measurement = part(raw, 0x090, 48);
	s.host_data = part(raw, 0x0C0, 32);
	s.id_key_digest = part(raw, 0x0E0, 48);
	s.author_digest = part(raw, 0x110, 48);
	s.report_id = part(raw, 0x140, 32);
	s.report_id_ma = part(raw, 0x160, 32);
	s.reported_tcb = part(raw, 0x180, 8);
	s.has_cpuid = version >= VERSION_CPUID;
	s.cpuid_family = s.has_cpuid ? u8(raw, 0x188) : 0;
	s.cpuid_model = s.has_cpuid ? u8(raw, 0x189) : 0;
	s.cpuid_step = s.has_cpuid ? u8(raw, 0x18A) : 0;
	s.chip_id = part(raw, 0x1A0, 64);
	s.committed_tcb = part(raw, 0x1E0, 8);
	s.current_build = u8(raw, 0x1E8);
	s.current_minor = u8(raw, 0x1E9);
	s.current_major = u8(raw, 0x1EA);
	s.committed_build = u8(raw, 0x1EC);
	s.committed_minor = u8(raw, 0x1ED);
	s.committed_major = u8(raw, 0x1EE);
	s.launch_tcb = part(raw, 0x1F0, 8);
	s.has_mitigations = version >= VERSION_MIT;
	s.launch_mit_vector = s.has_mitigations ? le64(raw, 0x1F8) : 0;
	s.current_mit_vector = s.has_mitigations ? le64(raw, 0x200) : 0;
	s.sig_r = part(raw, 0x2A0, 72);
	s.sig_s = part(raw, 0x2E8, 72);

	return s;
}

int bq_snp_parse(struct bq_view raw, struct bq_snp *out)
{
	uint32_t version;

	if (raw.n != BQ_SNP_REPORT_SIZE)
		return BQ_E_SNP_SIZE;
	if ((version = le32(raw, 0)) < VERSION_MIN)
		return BQ_E_SNP_VERSION;
	*out = fields(raw, version);
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

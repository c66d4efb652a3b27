/* ATTESTATION_REPORT, AMD publication 56860, chapter 7.3. */
#include <barequote/snp.h>

#include <string.h>

#define VERSION_MIN   2
#define VERSION_CPUID 3
#define VERSION_MIT   5 /* mitigation vectors */

/* A field of the report, and where in struct bq_snp it goes: as a view, or as a
 * number of 1, 4 or 8 bytes, whose member has that size. */
struct field {
	uint16_t off, to;
	uint8_t size;
	bool number;
};

#define NUMBER(off, member)                                                                        \
	{                                                                                          \
		off, offsetof(struct bq_snp, member), sizeof(((struct bq_snp *)0)->member), true   \
	}
#define VIEW(off, size, member)                                                                    \
	{                                                                                          \
		off, offsetof(struct bq_snp, member), size, false                                  \
	}

static const struct field fields[] = {
	NUMBER(0x000, version),
	NUMBER(0x004, guest_svn),
	NUMBER(0x008, policy),
	VIEW(0x010, 16, family_id),
	VIEW(0x020, 16, image_id),
	NUMBER(0x030, vmpl),
	NUMBER(0x034, sig_algo),
	VIEW(0x038, 8, current_tcb),
	NUMBER(0x040, platform_info),
	NUMBER(0x048, key_info),
	VIEW(0x050, 64, report_data),
	VIEW(0x090, 48, measurement),
	VIEW(0x0C0, 32, host_data),
	VIEW(0x0E0, 48, id_key_digest),
	VIEW(0x110, 48, author_digest),
	VIEW(0x140, 32, report_id),
	VIEW(0x160, 32, report_id_ma),
	VIEW(0x180, 8, reported_tcb),
	NUMBER(0x188, cpuid_family),
	NUMBER(0x189, cpuid_model),
	NUMBER(0x18A, cpuid_step),
	VIEW(0x1A0, 64, chip_id),
	VIEW(0x1E0, 8, committed_tcb),
	NUMBER(0x1E8, current_build),
	NUMBER(0x1E9, current_minor),
	NUMBER(0x1EA, current_major),
	NUMBER(0x1EC, committed_build),
	NUMBER(0x1ED, committed_minor),
	NUMBER(0x1EE, committed_major),
	VIEW(0x1F0, 8, launch_tcb),
	NUMBER(0x1F8, launch_mit_vector),
	NUMBER(0x200, current_mit_vector),
	VIEW(0x2A0, 72, sig_r),
	VIEW(0x2E8, 72, sig_s),
};

static void put_number(uint8_t *to, struct bq_view v)
{
	uint32_t four = 0;
	uint64_t eight = 0;

	if (v.n == 1) {
		*to = v.p[0];
	} else if (v.n == sizeof(four)) {
		(void)bq_rd_le32(&v, &four);
		memcpy(to, &four, sizeof(four));
	} else {
		(void)bq_rd_le64(&v, &eight);
		memcpy(to, &eight, sizeof(eight));
	}
}

static int read_fields(struct bq_view raw, struct bq_snp *s)
{
	struct bq_view v;
	int e;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const struct field *f = &fields[i];
		uint8_t *to = (uint8_t *)s + f->to;

		if ((e = bq_view_sub(raw, f->off, f->size, &v)) != 0)
			return e;
		if (f->number)
			put_number(to, v);
		else
			memcpy(to, &v, sizeof(v));
	}
	return bq_view_sub(raw, 0, BQ_SNP_SIGNED_SIZE, &s->signed_part);
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
	int e;

	if (raw.n != BQ_SNP_REPORT_SIZE)
		return BQ_E_SNP_SIZE;
	if ((e = read_fields(raw, &s)) != 0)
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

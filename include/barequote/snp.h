/* AMD SEV-SNP ATTESTATION_REPORT: AMD publication 56860 (SEV Secure Nested
 * Paging Firmware ABI), chapter 7.3, table ATTESTATION_REPORT. 1184 bytes,
 * little-endian; versions 2 to 5, newer ones read as version 5. */
#ifndef BAREQUOTE_SNP_H
#define BAREQUOTE_SNP_H

#include <barequote/bytes.h>
#include <barequote/text.h>

#define BQ_SNP_REPORT_SIZE 1184
#define BQ_SNP_SIGNED_SIZE 0x2A0 /* bytes that the signature covers */
#define BQ_SNP_VERSION_MAX 5     /* newest known */

/* POLICY bits */
#define BQ_SNP_POLICY_SMT                    (1ull << 16)
#define BQ_SNP_POLICY_MUST_BE_ONE            (1ull << 17)
#define BQ_SNP_POLICY_MIGRATE_MA             (1ull << 18)
#define BQ_SNP_POLICY_DEBUG                  (1ull << 19)
#define BQ_SNP_POLICY_SINGLE_SOCKET          (1ull << 20)
#define BQ_SNP_POLICY_CXL_ALLOW              (1ull << 21)
#define BQ_SNP_POLICY_MEM_AES_256_XTS        (1ull << 22)
#define BQ_SNP_POLICY_RAPL_DIS               (1ull << 23)
#define BQ_SNP_POLICY_CIPHERTEXT_HIDING_DRAM (1ull << 24)
#define BQ_SNP_POLICY_PAGE_SWAP_DISABLE      (1ull << 25)

/* KEY_INFO */
#define BQ_SNP_KEY_AUTHOR_KEY_EN 0x1u
#define BQ_SNP_KEY_MASK_CHIP_KEY 0x2u
#define BQ_SNP_SIGNING_KEY(info) (((info) >> 2) & 7u)
#define BQ_SNP_SIGNING_KEY_VCEK  0u
#define BQ_SNP_SIGNING_KEY_VLEK  1u
#define BQ_SNP_SIGNING_KEY_NONE  7u
#define BQ_SNP_SIG_ECDSA_P384    1u /* SIG_ALGO */

struct bq_snp {
	struct bq_view raw;         /* 1184 bytes; every other view lies in it */
	struct bq_view signed_part; /* 0x000 to 0x29F */
	uint32_t version, guest_svn;
	uint64_t policy;
	struct bq_view family_id, image_id; /* 16 each */
	uint32_t vmpl, sig_algo;
	struct bq_view current_tcb; /* 8; see bq_tcb_read() */
	uint64_t platform_info;
	uint32_t key_info;
	struct bq_view report_data;                  /* 64 */
	struct bq_view measurement;                  /* 48 */
	struct bq_view host_data;                    /* 32 */
	struct bq_view id_key_digest, author_digest; /* 48 each */
	struct bq_view report_id, report_id_ma;      /* 32 each */
	struct bq_view reported_tcb;                 /* 8 */
	bool has_cpuid;                              /* version 3 and newer */
	uint8_t cpuid_family, cpuid_model, cpuid_step;
	struct bq_view chip_id;       /* 64; zero if masked */
	struct bq_view committed_tcb; /* 8 */
	uint8_t current_build, current_minor, current_major;
	uint8_t committed_build, committed_minor, committed_major;
	struct bq_view launch_tcb; /* 8 */
	bool has_mitigations;      /* version 5 and newer */
	uint64_t launch_mit_vector, current_mit_vector;
	struct bq_view sig_r, sig_s; /* 72 each, little-endian */
};

/*@ predicate part_of(struct bq_view v, struct bq_view raw, integer n) = v.n == n && within(v, raw);
  @ predicate snp_of(struct bq_snp s, struct bq_view raw) = // what parsing promises
  @     s.raw == raw && raw.n == BQ_SNP_REPORT_SIZE &&
  @     part_of(s.signed_part, raw, BQ_SNP_SIGNED_SIZE) && part_of(s.family_id, raw, 16) &&
  @     part_of(s.image_id, raw, 16) && part_of(s.current_tcb, raw, 8) &&
  @     part_of(s.report_data, raw, 64) && part_of(s.measurement, raw, 48) &&
  @     part_of(s.host_data, raw, 32) && part_of(s.id_key_digest, raw, 48) &&
  @     part_of(s.author_digest, raw, 48) && part_of(s.report_id, raw, 32) &&
  @     part_of(s.report_id_ma, raw, 32) && part_of(s.reported_tcb, raw, 8) &&
  @     part_of(s.chip_id, raw, 64) && part_of(s.committed_tcb, raw, 8) &&
  @     part_of(s.launch_tcb, raw, 8) && part_of(s.sig_r, raw, 72) && part_of(s.sig_s, raw, 72);
  @*/

/* BQ_E_SNP_SIZE unless raw has exactly 1184 bytes; BQ_E_SNP_VERSION for
 * versions 0 and 1. No field's value is judged here. */
/*@ requires readable(raw) && \valid(out);
  @ assigns *out;
  @ ensures \result == 0 ==> snp_of(*out, raw);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_snp_parse(struct bq_view raw, struct bq_snp *out);

enum bq_product {
	BQ_PRODUCT_UNKNOWN = 0,
	BQ_PRODUCT_MILAN,
	BQ_PRODUCT_GENOA, /* also Bergamo and Siena */
	BQ_PRODUCT_TURIN,
	BQ_PRODUCT_VENICE, /* known by its CPUID; we have no keys for it */
};

/* From CPUID; BQ_PRODUCT_UNKNOWN for version 2. */
/*@ requires \valid_read(s);
  @ assigns \nothing;
  @ ensures !s->has_cpuid ==> \result == BQ_PRODUCT_UNKNOWN; */
enum bq_product bq_snp_product(const struct bq_snp *s);
/* `Milan`, `unknown` */
/*@ assigns \nothing; ensures valid_read_string(\result); */
const char *bq_product_name(enum bq_product p);
/* Exact, as above. */
/*@ requires readable(name);
  @ assigns \nothing;
  @ ensures BQ_PRODUCT_UNKNOWN <= \result <= BQ_PRODUCT_VENICE; */
enum bq_product bq_product_by_name(struct bq_view name);

/* TCB_VERSION, 8 bytes, laid out by product:
 *            0           1           2    3    4-5   6    7
 *   Milan..  bootloader  TEE         -    -    -     SNP  microcode
 *   Turin    FMC         bootloader  TEE  SNP  -     -    microcode */
struct bq_tcb {
	bool has_fmc;
	uint8_t fmc, bootloader, tee, snp, microcode;
};

/* Unknown products are read as Milan. tcb must have 8 bytes. */
/*@ requires readable(tcb) && tcb.n == 8;
  @ assigns \nothing;
  @ ensures \result.has_fmc <==> p == BQ_PRODUCT_TURIN; */
struct bq_tcb bq_tcb_read(struct bq_view tcb, enum bq_product p);
/* True where every component of a is at least b's. */
/*@ requires \valid_read(a) && \valid_read(b);
  @ assigns \nothing;
  @ ensures \result <==> a->fmc >= b->fmc && a->bootloader >= b->bootloader &&
  @     a->tee >= b->tee && a->snp >= b->snp && a->microcode >= b->microcode; */
bool bq_tcb_at_least(const struct bq_tcb *a, const struct bq_tcb *b);
/* `bootloader 3, TEE 0, SNP 8, microcode 115` */
void bq_put_tcb(struct bq_sink *s, const struct bq_tcb *t);

/* Names of POLICY and PLATFORM_INFO bits, as policy files spell them
 * (`debug`, `smt_en`). Each table ends with a NULL name. */
struct bq_bit {
	const char *name;
	uint64_t bit;
};
extern const struct bq_bit bq_snp_policy_bits[];
extern const struct bq_bit bq_snp_platform_bits[];

#endif

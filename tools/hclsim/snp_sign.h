/* ATTESTATION_REPORTs with every field at will, and their signature. */
#ifndef HCLSIM_SNP_SIGN_H
#define HCLSIM_SNP_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/evp.h>

#include <barequote/snp.h>

struct sim_report {
	enum bq_product product; /* layout of the TCBs, and CPUID */
	uint32_t version, guest_svn;
	uint64_t policy;
	uint8_t family_id[16], image_id[16];
	uint32_t vmpl, sig_algo;
	uint64_t platform_info;
	uint32_t key_info; /* BQ_SNP_KEY_*; signing key in bits 4:2 */
	uint8_t report_data[64], measurement[48], host_data[32];
	uint8_t id_key_digest[48], author_digest[48];
	uint8_t report_id[32], report_id_ma[32];
	struct bq_tcb current_tcb, reported_tcb, committed_tcb, launch_tcb;
	uint8_t cpuid_family, cpuid_model, cpuid_step; /* written from version 3 on */
	uint8_t chip_id[64];
	uint8_t current_build, current_minor, current_major;
	uint8_t committed_build, committed_minor, committed_major;
	uint64_t launch_mit_vector, current_mit_vector; /* written from version 5 on */
};

/* What such a processor reports of an Azure guest: policy 0x3001F, VMPL 0,
 * REPORTED_TCB sim_tcb(), CHIP_ID the fixed one of sim_chip_id(). */
struct sim_report sim_report_like_azure(enum bq_product p, uint32_t version);
/* Signature zero. */
void sim_report_write(const struct sim_report *r, uint8_t out[BQ_SNP_REPORT_SIZE]);
/* ECDSA with SHA-384 over the signed part as it stands; key may be of any curve
 * up to 576 bits. */
bool sim_report_sign(uint8_t raw[BQ_SNP_REPORT_SIZE], EVP_PKEY *key);

#endif

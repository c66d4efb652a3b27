/* The HCL blob and its claims, as different generations of hosts wrote them. */
#ifndef HCLSIM_HCL_BUILD_H
#define HCLSIM_HCL_BUILD_H

#include <stdbool.h>

#include <barequote/hcl.h>
#include <barequote/json.h>

struct sim_claims {
	struct bq_view ak, ek; /* moduli; ek empty: no HCLEkPub */
	bool sorted;           /* members in alphabetical order, not in that of the struct */
	bool upper;            /* hex and UUID */
	bool oldest;           /* AK for `encrypt`, current-time */
	bool newest;           /* all members of vm-configuration */
	bool has_user_data;
	uint8_t user_data[BQ_HCL_USER_DATA_SIZE];
	uint8_t vm_id[16];
	uint64_t time; /* seconds since 1970 */
};

/* Compact JSON. */
void sim_claims_put(struct bq_sink *s, const struct sim_claims *c);

struct sim_hcl {
	uint32_t header_version, data_version;
	uint32_t report_type, hash_type;
	struct bq_view report; /* at most BQ_HCL_REPORT_SIZE bytes */
	struct bq_view claims;
};

/* The blob without the zeros after it. */
void sim_hcl_write(struct bq_wr *w, const struct sim_hcl *h);

/* What stands in the place of the SNP report on other hardware, with
 * REPORT_DATA where it has it: as much as tells the types apart, no more. out
 * has BQ_HCL_REPORT_SIZE bytes. */
void sim_other_report(uint32_t report_type, const uint8_t report_data[64], uint8_t *out);

#endif

/* The members of `snp`. */
#include "policy.h"

const struct bq_member bq_policy_snp_members[] = {
	{"measurement", bq_policy_read_field, BQ_FIELD_MEASUREMENT},
	{"host_data", bq_policy_read_field, BQ_FIELD_HOST_DATA},
	{"family_id", bq_policy_read_field, BQ_FIELD_FAMILY_ID},
	{"image_id", bq_policy_read_field, BQ_FIELD_IMAGE_ID},
	{"report_id", bq_policy_read_field, BQ_FIELD_REPORT_ID},
	{"chip_id", bq_policy_read_field, BQ_FIELD_CHIP_ID},
	{"id_key_digest", bq_policy_read_field, BQ_FIELD_ID_KEY_DIGEST},
	{"author_key_digest", bq_policy_read_field, BQ_FIELD_AUTHOR_KEY_DIGEST},
	{"vmpl", bq_policy_read_vmpl, 0},
	{"product", bq_policy_read_product, 0},
	{"min_tcb", bq_policy_read_tcb, BQ_TCB_REPORTED},
	{"min_launch_tcb", bq_policy_read_tcb, BQ_TCB_LAUNCH},
	{"min_committed_tcb", bq_policy_read_tcb, BQ_TCB_COMMITTED},
	{"min_guest_svn", bq_policy_read_svn, 0},
	{"min_abi", bq_policy_read_abi, 0},
	{"min_firmware", bq_policy_read_firmware, 0},
	{"allow_provisional_firmware", bq_policy_read_provisional, 0},
	{"policy", bq_policy_read_bits, BQ_BITS_POLICY},
	{"platform_info", bq_policy_read_bits, BQ_BITS_PLATFORM},
	{"min_mitigation_vector", bq_policy_read_mitigations, 0},
	{"allow_vlek", bq_policy_read_vlek, 0},
	{"require_crl", bq_policy_read_crl, 0},
	{NULL, NULL, 0},
};

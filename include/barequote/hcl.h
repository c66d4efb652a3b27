/* The blob that Azure's paravisor keeps in NV index 0x01400001, little-endian.
 *
 *   0x000  header, 32 bytes: HCLA, version, report_size, request_type, status
 *   0x020  hardware report, zero-padded to 1184 bytes
 *   0x4C0  runtime data: data_size, version, report_type, hash_type, claims_size
 *   0x4D4  runtime claims, JSON
 *   report_size up to the end of the index: zeros
 */
#ifndef BAREQUOTE_HCL_H
#define BAREQUOTE_HCL_H

#include <barequote/bytes.h>

#define BQ_HCL_NV_INDEX       0x01400001u
#define BQ_HCL_USER_DATA_NV   0x01400002u
#define BQ_HCL_AK_CERT_NV     0x01C101D0u
#define BQ_HCL_AK_HANDLE      0x81000003u
#define BQ_HCL_HEADER_SIZE    32
#define BQ_HCL_REPORT_SIZE    1184
#define BQ_HCL_CLAIMS_OFFSET  0x4D4
#define BQ_HCL_MAX            4096 /* NV_INDEX_MAX of Azure's vTPM */
#define BQ_HCL_USER_DATA_SIZE 64
#define BQ_HCL_NONCE_MAX      50 /* what its Quote takes */

enum bq_hcl_report_type {
	BQ_HCL_VBS = 1,
	BQ_HCL_SNP = 2,
	BQ_HCL_TVM = 3,
	BQ_HCL_TDX = 4,
	BQ_HCL_CCA = 5,
};

enum bq_hcl_hash {
	BQ_HCL_SHA256 = 1,
	BQ_HCL_SHA384 = 2,
	BQ_HCL_SHA512 = 3,
};

struct bq_hcl {
	uint32_t header_version; /* 1 or 2 */
	uint32_t report_size;    /* 32 + 1184 + data_size */
	uint32_t request_type;
	uint32_t status;
	struct bq_view hardware_report; /* 1184 bytes, with its padding */
	uint32_t data_size;
	uint32_t data_version;
	uint32_t report_type; /* enum bq_hcl_report_type */
	uint32_t hash_type;   /* enum bq_hcl_hash */
	bool has_capabilities;
	uint32_t capabilities;  /* data version 2 */
	struct bq_view claims;  /* exactly what the hash covers */
	struct bq_view trailer; /* from report_size to the end: all zero */
};

/*@ predicate hcl_of(struct bq_hcl h, struct bq_view blob) = // what parsing promises
  @     within(h.hardware_report, blob) && h.hardware_report.n == BQ_HCL_REPORT_SIZE &&
  @     within(h.claims, blob) && within(h.trailer, blob) &&
  @     h.report_size == BQ_HCL_HEADER_SIZE + BQ_HCL_REPORT_SIZE + h.data_size &&
  @     h.report_size + h.trailer.n == blob.n && BQ_HCL_VBS <= h.report_type <= BQ_HCL_CCA;
  @*/

/* All views lie in blob. BQ_E_SHORT, BQ_E_HCL_MAGIC, _HEADER, _SIZE, _DATA,
 * _TYPE; BQ_E_PADDING where the trailer is not zero. Any report type passes. */
/*@ requires readable(blob) && \valid(out);
  @ assigns *out;
  @ ensures \result == 0 ==> hcl_of(*out, blob);
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_hcl_parse(struct bq_view blob, struct bq_hcl *out);
/* 0 for an SNP report, else BQ_E_HCL_TDX, BQ_E_HCL_VBS or BQ_E_HCL_TYPE. */
/*@ requires \valid_read(h);
  @ assigns \nothing;
  @ ensures \result == 0 <==> h->report_type == BQ_HCL_SNP; */
int bq_hcl_require_snp(const struct bq_hcl *h);
/* What the first bytes of a blob say of its whole size, for who is still
 * reading: needs BQ_HCL_HEADER_SIZE bytes. Same errors; BQ_E_HCL_SIZE over
 * BQ_HCL_MAX. */
/*@ requires readable(head) && \valid(report_size);
  @ assigns *report_size;
  @ ensures \result == 0 ==> BQ_HCL_HEADER_SIZE <= *report_size <= BQ_HCL_MAX;
  @ ensures \result != 0 ==> *report_size == \old(*report_size); */
int bq_hcl_peek_size(struct bq_view head, size_t *report_size);
/*@ assigns \nothing; */
const char *bq_hcl_type_name(uint32_t report_type); /* `SNP`, never NULL */

#endif

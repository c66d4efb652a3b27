/* A vTPM as Azure's is, as far as reports and quotes need it: what the fuzzer's edits
 * start from where random bytes would not get past a hash. No key signs anything. */
#ifndef MODEL_H
#define MODEL_H

#include "fuzz.h"

struct model {
	struct bq_wr blob; /* in bytes */
	uint8_t bytes[BQ_HCL_MAX];
	uint8_t user_data[BQ_HCL_USER_DATA_SIZE];
	uint8_t pcr[BQ_PCRS][BQ_SHA256_SIZE];
};

void model_init(struct model *m);
/* A byte of the blob, or, from MODEL_PCRS on, of the PCRs; the report then is for the
 * claims as they are. */
#define MODEL_PCRS 0x8000
void model_edit(struct model *m, uint16_t at, uint8_t with);
/* Bytes in rsp, which has BQ_TPM_PACKET. */
size_t model_answer(struct model *m, struct bq_view cmd, uint8_t *rsp);

#endif

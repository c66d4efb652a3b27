/* PCR selections and values: TPML_PCR_SELECTION (TPM 2.0 part 2, 10.9.7), the
 * text form of tpm2-tools, and values that are always found by index. */
#ifndef BAREQUOTE_PCR_H
#define BAREQUOTE_PCR_H

#include <barequote/bytes.h>
#include <barequote/hash.h>
#include <barequote/text.h>
#include <barequote/tpm2.h>

#define BQ_PCR_BANKS 8 /* selections in a list, at most */

struct bq_pcr_select {
	uint16_t alg;  /* TPM_ALG_* of the bank */
	uint32_t mask; /* bit i: PCR i, i < BQ_PCRS */
};

/* In the order given: the order matters to a digest over several banks. */
struct bq_pcr_list {
	unsigned n;
	struct bq_pcr_select bank[BQ_PCR_BANKS];
};

/* Reads one from r: sizeofSelect 1 to 4, no PCR over 23, at most BQ_PCR_BANKS
 * entries. BQ_E_SHORT or BQ_E_PCR_SELECTION. */
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && out->n <= BQ_PCR_BANKS;
  @ ensures \result != 0 ==> moved{Pre, Post}(r, 0) && *out == \old(*out); */
int bq_pcr_list_read(struct bq_view *r, struct bq_pcr_list *out);
/* sizeofSelect is always 3. */
void bq_pcr_list_write(struct bq_wr *w, const struct bq_pcr_list *l);
/* `sha256:0,1,2+sha1:all`, hash names or 0x numbers, `none` for an empty bank.
 * BQ_E_PCR_LIST. */
int bq_pcr_list_parse(struct bq_view text, struct bq_pcr_list *out);
/* As text, PCRs in ascending order; a bank we have no name for as a 0x number. */
void bq_put_pcr_list(struct bq_sink *s, const struct bq_pcr_list *l);
unsigned bq_pcr_list_count(const struct bq_pcr_list *l); /* PCRs in all banks */

/* Values of one bank; those whose mask bit is clear are undefined. */
struct bq_pcr_bank {
	uint16_t alg;
	uint32_t mask;
	uint8_t value[BQ_PCRS][BQ_DIGEST_MAX]; /* bq_alg_size(alg) bytes each */
};

struct bq_pcr_values {
	unsigned n;
	struct bq_pcr_bank bank[BQ_PCR_BANKS];
};

/* The value of PCR index in bank alg; BQ_E_PCR_SELECTION where it is not there or
 * alg is no hash we know. */
int bq_pcr_value(const struct bq_pcr_values *v, uint16_t alg, unsigned index, struct bq_view *out);
/* The bank for alg, made empty where there is none; NULL where there is no room. */
struct bq_pcr_bank *bq_pcr_bank_of(struct bq_pcr_values *v, uint16_t alg);

/* Calls add for each selected value, banks in list order and indices ascending:
 * what a quote's pcrDigest hashes (TPM 2.0 part 1, 17.6.1). BQ_E_PCR_SELECTION
 * where a selected value is missing. */
int bq_pcr_each(const struct bq_pcr_list *l, const struct bq_pcr_values *v,
		void (*add)(void *ctx, struct bq_view value), void *ctx);
int bq_pcr_digest_sha256(const struct bq_pcr_list *l, const struct bq_pcr_values *v,
			 uint8_t out[BQ_SHA256_SIZE]);

/* TPM_ALG_* names as tpm2-tools spells them (`sha256`, `rsassa`), NULL if unknown. */
const char *bq_alg_name(uint16_t alg);
/* A hash by name or number; 0 where it is none. */
uint16_t bq_alg_hash(struct bq_view name);
/* Digest size in bytes, 0 where alg is no hash we know. */
/*@ assigns \nothing; */
size_t bq_alg_size(uint16_t alg);

#endif

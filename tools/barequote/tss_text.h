/* What tpm2-tools print, the way they print it. */
#ifndef TOOL_TSS_TEXT_H
#define TOOL_TSS_TEXT_H

#include <barequote/attest.h>

#include "tool.h"

/* `name:` and below it the value in words and in numbers. */
void tss_put_alg(struct bq_sink *s, const char *name, uint16_t alg);
/* The body of tpm2_readpublic's output, after the names. */
void tss_put_public(struct bq_sink *s, const struct bq_public *pub);
/* A line: the name, and hex. */
void tss_put_bytes(struct bq_sink *s, const char *name, struct bq_view v);
/* Each bank and its values, as tpm2_pcrread. */
void tss_put_pcrs(struct bq_sink *s, const struct bq_pcr_list *sel, const struct bq_pcr_values *v);
/* `TPMA_OBJECT`, part 2, 8.3: names with a bar between them. */
void tss_put_attributes(struct bq_sink *s, uint32_t attributes);
/* 0xb, 0xB and, without 0x, either: no leading zeros */
void tss_put_raw(struct bq_sink *s, uint32_t x);
void tss_put_raw_upper(struct bq_sink *s, uint32_t x);
void tss_put_digits(struct bq_sink *s, uint32_t x, bool upper);
/* TPM_ECC_CURVE, part 2, 6.4; NULL where unknown */
const char *tss_curve_name(uint16_t curve);

/* A PCR file in tpm2_quote's format of that name, `serialized` or `values`; none where
 * path is NULL. */
enum outcome tss_pcr_file(const char *path, bool values_only, const struct bq_pcr_list *sel,
			  const struct bq_pcr_values *v);
/* What -F says; fallback where it is not given. */
enum outcome tss_pcr_format(const char *text, bool fallback, bool *values_only);
/* A nonce: HEX or @FILE; as in tpm2-tools, FILE alone where it is not hex. */
enum outcome tss_nonce(const char *option, const char *text, void *buf, size_t cap,
		       struct bq_view *out);
/* A key: the handle of a persistent one. */
enum outcome tss_key(const char *option, const char *text, uint32_t *out);

#endif

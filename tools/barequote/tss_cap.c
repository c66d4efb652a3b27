#include "tss_cap.h"

#include <string.h>

#include "tss_text.h"

/* TPMA_ALGORITHM, part 2, 8.2 */
#define ALGORITHM_FIELDS(T)                                                                        \
	T("@Ab", "  asymmetric: ")                                                                 \
	T("AAb", "  symmetric:  ")                                                                 \
	T("BAb", "  hash:       ")                                                                 \
	T("CAb", "  object:     ")                                                                 \
	T("DDx", "  reserved:   0x")                                                               \
	T("HAb", "  signing:    ")                                                                 \
	T("IAb", "  encrypting: ")                                                                 \
	T("JAb", "  method:     ")
static const char algorithm_fields[] = ALGORITHM_FIELDS(FIELD);

/* TPMA_CC, part 2, 8.9 */
#define COMMAND_FIELDS(T)                                                                          \
	T("@Px", "  commandIndex: 0x")                                                             \
	T("PFx", "  reserved1:    0x")                                                             \
	T("VAb", "  nv:           ")                                                               \
	T("WAb", "  extensive:    ")                                                               \
	T("XAb", "  flushed:      ")                                                               \
	T("YCx", "  cHandles:     0x")                                                             \
	T("\\Ab", "  rHandle:      ")                                                              \
	T("]Ab", "  V:            ")                                                               \
	T("^Bx", "  Res:          0x")
static const char command_fields[] = COMMAND_FIELDS(FIELD);

#define CC_INDEX_V 0x2000FFFFu /* a code, and whether it is the vendor's */
#define CC_LAST    0x196u      /* of those that tpm2-tools know */

void tss_put_fields(struct bq_sink *s, const char *entries, uint32_t word)
{
	for (const char *e = entries; *e != '\0'; e += strlen(e) + 1) {
		uint32_t field = word >> (e[0] - '@') & ((UINT32_C(1) << (e[1] - '@')) - 1);

		bq_put_str(s, e + 3);
		if (e[2] == 'x')
			tss_put_digits(s, field, false);
		else
			bq_put_chr(s, field != 0 ? '1' : '0');
		bq_put_chr(s, '\n');
	}
}

static void put_value_line(struct bq_sink *s, const char *before, uint32_t x)
{
	bq_put_str(s, before);
	tss_put_raw_upper(s, x);
	bq_put_chr(s, '\n');
}

static void put_algorithm(struct bq_sink *s, uint16_t alg, uint32_t attributes)
{
	const char *name = bq_alg_name(alg);

	if (name != NULL) {
		bq_put_str(s, name);
	} else {
		bq_put_str(s, "unknown");
		tss_put_digits(s, alg, false);
	}
	put_value_line(s, ":\n  value:      ", alg);
	tss_put_fields(s, algorithm_fields, attributes);
}

static void put_command(struct bq_sink *s, uint32_t attributes)
{
	uint32_t cc = attributes & CC_INDEX_V;
	const char *name = cc <= CC_LAST ? bq_tpm_cc_name(cc) : NULL;

	if (name != NULL) {
		bq_putf(s, "TPM2_CC_%s", name);
	} else {
		tss_put_raw(s, attributes);
	}
	put_value_line(s, ":\n  value: ", attributes);
	tss_put_fields(s, command_fields, attributes);
}

/* TPM_ECC_CURVE, part 2, 6.4: the value from '@' on, the name. */
static void put_curve(struct bq_sink *s, uint16_t curve)
{
	static const char names[][11] = {
		"ANIST_P192", "BNIST_P224", "CNIST_P256", "DNIST_P384",
		"ENIST_P521", "PBN_P256",   "QBN_P638",   "`SM2_P256",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i][0] - '@' != curve)
			continue;
		bq_putf(s, "TPM2_ECC_%s", names[i] + 1);
		put_value_line(s, ": ", curve);
		return;
	}
	bq_put_str(s, "unknown");
	tss_put_digits(s, curve, true);
	put_value_line(s, ": ", curve);
}

static int put_pcrs(struct bq_sink *s, struct bq_view data)
{
	struct bq_pcr_list l;
	const char *name;
	int e = bq_pcr_list_read(&data, &l);

	if (e != 0)
		return e;
	bq_put_str(s, "selected-pcrs:\n");
	for (unsigned i = 0; i < l.n; i++) {
		const char *before = " ";

		name = bq_alg_name(l.bank[i].alg);
		bq_putf(s, "  - %s: [", name != NULL ? name : "(null)");
		for (unsigned p = 0; p < BQ_PCRS; p++) {
			if ((l.bank[i].mask >> p & 1) == 0)
				continue;
			bq_putf(s, "%s%u", before, p);
			before = ", ";
		}
		bq_put_str(s, " ]\n");
	}
	return 0;
}

/* One entry of a list; *key is what a further call would go on after. */
static int put_entry(struct bq_sink *s, uint32_t capability, uint32_t first, struct bq_view *r,
		     uint32_t *key)
{
	uint32_t x = 0;
	uint16_t id = 0;
	int e = 0;

	if (capability == TPM_CAP_ALGS || capability == TPM_CAP_ECC_CURVES) {
		e = bq_rd_be16(r, &id);
		*key = id;
	}
	if (e == 0 && capability != TPM_CAP_ECC_CURVES)
		e = bq_rd_be32(r, &x);
	if (e == 0 && capability == TPM_CAP_TPM_PROPERTIES) {
		*key = x;
		e = bq_rd_be32(r, &x);
	}
	if (e != 0)
		return BQ_E_TPM_RESPONSE;
	if (capability == TPM_CAP_ALGS) {
		put_algorithm(s, id, x);
	} else if (capability == TPM_CAP_ECC_CURVES) {
		put_curve(s, id);
	} else if (capability == TPM_CAP_COMMANDS) {
		*key = x &
		       (UINT32_C(1) << 29 | UINT16_MAX); /* TPM_CC: a vendor's bit, and the index */
		put_command(s, x);
	} else if (capability == TPM_CAP_HANDLES) {
		*key = x;
		put_value_line(s, "- ", x);
	} else if (*key >> 8 == first >> 8) {
		tss_put_property(s, *key, x);
	}
	return 0;
}

int tss_put_capability(struct bq_sink *s, uint32_t capability, uint32_t first, struct bq_view data,
		       uint32_t *last)
{
	uint32_t count;
	int e;

	if (capability == TPM_CAP_PCRS)
		return put_pcrs(s, data);
	if (bq_rd_be32(&data, &count) != 0)
		return BQ_E_TPM_RESPONSE;
	for (; count > 0; count--)
		if ((e = put_entry(s, capability, first, &data, last)) != 0)
			return e;
	return bq_rd_end(&data) == 0 ? 0 : BQ_E_TPM_RESPONSE;
}

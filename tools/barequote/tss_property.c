/* Properties of the TPM, the way tpm2_getcap prints them: TPM_PT, part 2, 6.13. */
#include <string.h>

#include "tss_cap.h"
#include "tss_text.h"

#define PT_FIXED         0x100u
#define PT_LEVEL         0x101u
#define PT_VENDOR_1      0x106u
#define PT_VENDOR_4      0x109u
#define PT_MODES         0x12Du
#define PT_VAR           0x200u
#define PT_STARTUP_CLEAR 0x201u

/* From PT_FIXED and PT_VAR on, one a property, empty where there is none. */
static const char fixed[] = "FAMILY_INDICATOR\0LEVEL\0REVISION\0DAY_OF_YEAR\0YEAR\0"
			    "MANUFACTURER\0VENDOR_STRING_1\0VENDOR_STRING_2\0VENDOR_STRING_3\0"
			    "VENDOR_STRING_4\0VENDOR_TPM_TYPE\0FIRMWARE_VERSION_1\0"
			    "FIRMWARE_VERSION_2\0INPUT_BUFFER\0HR_TRANSIENT_MIN\0"
			    "HR_PERSISTENT_MIN\0HR_LOADED_MIN\0ACTIVE_SESSIONS_MAX\0PCR_COUNT\0"
			    "PCR_SELECT_MIN\0CONTEXT_GAP_MAX\0\0NV_COUNTERS_MAX\0NV_INDEX_MAX\0"
			    "MEMORY\0CLOCK_UPDATE\0CONTEXT_HASH\0CONTEXT_SYM\0CONTEXT_SYM_SIZE\0"
			    "ORDERLY_COUNT\0MAX_COMMAND_SIZE\0MAX_RESPONSE_SIZE\0MAX_DIGEST\0"
			    "MAX_OBJECT_CONTEXT\0MAX_SESSION_CONTEXT\0PS_FAMILY_INDICATOR\0"
			    "PS_LEVEL\0PS_REVISION\0PS_DAY_OF_YEAR\0PS_YEAR\0SPLIT_MAX\0"
			    "TOTAL_COMMANDS\0LIBRARY_COMMANDS\0VENDOR_COMMANDS\0NV_BUFFER_MAX\0"
			    "MODES\0";
static const char variable[] = "PERMANENT\0STARTUP_CLEAR\0HR_NV_INDEX\0HR_LOADED\0"
			       "HR_LOADED_AVAIL\0HR_ACTIVE\0HR_ACTIVE_AVAIL\0"
			       "HR_TRANSIENT_AVAIL\0HR_PERSISTENT\0HR_PERSISTENT_AVAIL\0"
			       "NV_COUNTERS\0NV_COUNTERS_AVAIL\0ALGORITHM_SET\0LOADED_CURVES\0"
			       "LOCKOUT_COUNTER\0MAX_AUTH_FAIL\0LOCKOUT_INTERVAL\0"
			       "LOCKOUT_RECOVERY\0NV_WRITE_RECOVERY\0AUDIT_COUNTER_0\0"
			       "AUDIT_COUNTER_1\0";

/* TPMA_PERMANENT and TPMA_STARTUP_CLEAR, part 2, 8.6 and 8.7 */
#define PERMANENT_FIELDS(T)                                                                        \
	T("@Ab", "  ownerAuthSet:              ")                                                  \
	T("AAb", "  endorsementAuthSet:        ")                                                  \
	T("BAb", "  lockoutAuthSet:            ")                                                  \
	T("CEb", "  reserved1:                 ")                                                  \
	T("HAb", "  disableClear:              ")                                                  \
	T("IAb", "  inLockout:                 ")                                                  \
	T("JAb", "  tpmGeneratedEPS:           ")                                                  \
	T("KUb", "  reserved2:                 ")
static const char permanent_fields[] = PERMANENT_FIELDS(FIELD);
#define STARTUP_FIELDS(T)                                                                          \
	T("@Ab", "  phEnable:                  ")                                                  \
	T("AAb", "  shEnable:                  ")                                                  \
	T("BAb", "  ehEnable:                  ")                                                  \
	T("CAb", "  phEnableNV:                ")                                                  \
	T("D[b", "  reserved1:                 ")                                                  \
	T("_Ab", "  orderly:                   ")
static const char startup_fields[] = STARTUP_FIELDS(FIELD);

/* NULL where the table has no name for it. */
static const char *name_of(const char *table, size_t n, uint32_t number)
{
	size_t at = 0;

	for (; number > 0 && at < n - 1; number--)
		at += strlen(&table[at]) + 1;
	return at < n - 1 && table[at] != '\0' ? &table[at] : NULL;
}

/* Four characters, without blanks at the ends. */
static void put_characters(struct bq_sink *s, uint32_t value)
{
	uint8_t c[4];
	struct bq_view v;
	struct bq_wr w;

	bq_wr_init(&w, c, sizeof(c));
	bq_wr_be32(&w, value);
	v = bq_view_of(c, sizeof(c));
	while (v.n != 0 && v.p[0] == ' ')
		(void)bq_rd_skip(&v, 1);
	while (v.n != 0 && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\0'))
		v.n--;
	bq_put_str(s, "\n  value: \"");
	bq_put_safe(s, v);
	bq_put_chr(s, '"');
}

static void put_revision(struct bq_sink *s, uint32_t value)
{
	bq_putf(s, "\n  value: %u.%u%u", value / 100, value / 10 % 10, value % 10);
}

static void put_modes(struct bq_sink *s, uint32_t value)
{
	if ((value & 1) != 0)
		bq_put_str(s, "\n  value: TPMA_MODES_FIPS_140_2");
	if (value >> 1 != 0)
		bq_put_str(s, "\n  value: TPMA_MODES_RESERVED1 (these bits shouldn't be set)");
}

static void put_fixed(struct bq_sink *s, uint32_t property, uint32_t value)
{
	const char *name = name_of(fixed, sizeof(fixed), property - PT_FIXED);

	if (name == NULL)
		return;
	bq_putf(s, "TPM2_PT_%s:\n  raw: ", name);
	if (property == PT_LEVEL)
		bq_put_u64(s, value);
	else
		tss_put_raw_upper(s, value);
	if (property == PT_FIXED || property == TPM_PT_MANUFACTURER ||
	    (property >= PT_VENDOR_1 && property <= PT_VENDOR_4))
		put_characters(s, value);
	else if (property == TPM_PT_REVISION)
		put_revision(s, value);
	else if (property == PT_MODES)
		put_modes(s, value);
	bq_put_chr(s, '\n');
}

static void put_variable(struct bq_sink *s, uint32_t property, uint32_t value)
{
	const char *name = name_of(variable, sizeof(variable), property - PT_VAR);

	if (name != NULL) {
		bq_putf(s, "TPM2_PT_%s", name);
	} else {
		bq_put_str(s, "unknown");
		tss_put_digits(s, value, true);
	}
	if (property == PT_VAR || property == PT_STARTUP_CLEAR) {
		bq_put_str(s, ":\n");
		tss_put_fields(s, property == PT_VAR ? permanent_fields : startup_fields, value);
		return;
	}
	bq_put_str(s, ": ");
	tss_put_raw_upper(s, value);
	bq_put_chr(s, '\n');
}

void tss_put_property(struct bq_sink *s, uint32_t property, uint32_t value)
{
	if (property < PT_VAR)
		put_fixed(s, property, value);
	else
		put_variable(s, property, value);
}

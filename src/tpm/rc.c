/* Response codes: part 1, 39.4 and part 2, 6.6. Bit 7 tells the two forms apart:
 *
 *   format 0   bit 8 TPM 2.0, bit 10 vendor, bit 11 warning, bits 0-6 code
 *   format 1   bits 0-5 code; bit 6 parameter, bits 8-11 its number;
 *              else bit 11 session, or not: handle, bits 8-10 its number
 *
 * The upper half tells the layer of the software stack that speaks, 0: the TPM. */
#include "internal.h"

#include <string.h>

#define RC_VER1      0x100u
#define RC_FMT1      0x080u
#define RC_PARAMETER 0x040u
#define RC_SESSION   0x800u
#define RC_VENDOR    0x400u
#define RC_WARNING   0x800u

/* Layers that have a name */
#define LAYER_FIRST 6u
#define LAYER_LAST  12u

/* In each table: code, name without TPM_RC_, words (may be empty). */
#define ENTRY(code, name, words) code name "\0" words "\0"

#define ERRORS(T)                                                                                  \
	T("\x00", "INITIALIZE", "not started, or started already")                                 \
	T("\x01", "FAILURE", "the TPM is in failure mode")                                         \
	T("\x03", "SEQUENCE", "")                                                                  \
	T("\x0B", "PRIVATE", "")                                                                   \
	T("\x19", "HMAC", "")                                                                      \
	T("\x20", "DISABLED", "")                                                                  \
	T("\x21", "EXCLUSIVE", "")                                                                 \
	T("\x24", "AUTH_TYPE", "")                                                                 \
	T("\x25", "AUTH_MISSING", "an authorization is needed")                                    \
	T("\x26", "POLICY", "")                                                                    \
	T("\x27", "PCR", "")                                                                       \
	T("\x28", "PCR_CHANGED", "")                                                               \
	T("\x2D", "UPGRADE", "")                                                                   \
	T("\x2E", "TOO_MANY_CONTEXTS", "")                                                         \
	T("\x2F", "AUTH_UNAVAILABLE", "")                                                          \
	T("\x30", "REBOOT", "")                                                                    \
	T("\x31", "UNBALANCED", "")                                                                \
	T("\x42", "COMMAND_SIZE", "")                                                              \
	T("\x43", "COMMAND_CODE", "no such command")                                               \
	T("\x44", "AUTHSIZE", "")                                                                  \
	T("\x45", "AUTH_CONTEXT", "")                                                              \
	T("\x46", "NV_RANGE", "beyond the index's size")                                           \
	T("\x47", "NV_SIZE", "")                                                                   \
	T("\x48", "NV_LOCKED", "")                                                                 \
	T("\x49", "NV_AUTHORIZATION", "the index's attributes forbid it")                          \
	T("\x4A", "NV_UNINITIALIZED", "the index was never written")                               \
	T("\x4B", "NV_SPACE", "no room for another index")                                         \
	T("\x4C", "NV_DEFINED", "the index exists already")                                        \
	T("\x50", "BAD_CONTEXT", "")                                                               \
	T("\x51", "CPHASH", "")                                                                    \
	T("\x52", "PARENT", "")                                                                    \
	T("\x53", "NEEDS_TEST", "")                                                                \
	T("\x54", "NO_RESULT", "")                                                                 \
	T("\x55", "SENSITIVE", "")
static const char errors[] = ERRORS(ENTRY);

#define POSITIONAL(T)                                                                              \
	T("\x01", "ASYMMETRIC", "")                                                                \
	T("\x02", "ATTRIBUTES", "inconsistent attributes")                                         \
	T("\x03", "HASH", "unknown or unsuitable hash")                                            \
	T("\x04", "VALUE", "out of range")                                                         \
	T("\x05", "HIERARCHY", "the hierarchy is disabled or wrong")                               \
	T("\x07", "KEY_SIZE", "")                                                                  \
	T("\x08", "MGF", "")                                                                       \
	T("\x09", "MODE", "")                                                                      \
	T("\x0A", "TYPE", "")                                                                      \
	T("\x0B", "HANDLE", "nothing there under this handle")                                     \
	T("\x0C", "KDF", "")                                                                       \
	T("\x0D", "RANGE", "")                                                                     \
	T("\x0E", "AUTH_FAIL", "wrong password, and it counts towards a lockout")                  \
	T("\x0F", "NONCE", "")                                                                     \
	T("\x10", "PP", "")                                                                        \
	T("\x12", "SCHEME", "not this key's scheme")                                               \
	T("\x15", "SIZE", "wrong size")                                                            \
	T("\x16", "SYMMETRIC", "")                                                                 \
	T("\x17", "TAG", "")                                                                       \
	T("\x18", "SELECTOR", "")                                                                  \
	T("\x1A", "INSUFFICIENT", "")                                                              \
	T("\x1B", "SIGNATURE", "")                                                                 \
	T("\x1C", "KEY", "")                                                                       \
	T("\x1D", "POLICY_FAIL", "")                                                               \
	T("\x1F", "INTEGRITY", "")                                                                 \
	T("\x20", "TICKET", "")                                                                    \
	T("\x21", "RESERVED_BITS", "")                                                             \
	T("\x22", "BAD_AUTH", "wrong password")                                                    \
	T("\x23", "EXPIRED", "")                                                                   \
	T("\x24", "POLICY_CC", "")                                                                 \
	T("\x25", "BINDING", "")                                                                   \
	T("\x26", "CURVE", "")                                                                     \
	T("\x27", "ECC_POINT", "")
static const char positional[] = POSITIONAL(ENTRY);

#define WARNINGS(T)                                                                                \
	T("\x01", "CONTEXT_GAP", "")                                                               \
	T("\x02", "OBJECT_MEMORY", "")                                                             \
	T("\x03", "SESSION_MEMORY", "")                                                            \
	T("\x04", "MEMORY", "")                                                                    \
	T("\x05", "SESSION_HANDLES", "")                                                           \
	T("\x06", "OBJECT_HANDLES", "")                                                            \
	T("\x07", "LOCALITY", "not allowed from this locality")                                    \
	T("\x08", "YIELDED", "")                                                                   \
	T("\x09", "CANCELED", "")                                                                  \
	T("\x0A", "TESTING", "")                                                                   \
	T("\x10", "REFERENCE_H0", "the first handle is not loaded")                                \
	T("\x11", "REFERENCE_H1", "")                                                              \
	T("\x12", "REFERENCE_H2", "")                                                              \
	T("\x13", "REFERENCE_H3", "")                                                              \
	T("\x14", "REFERENCE_H4", "")                                                              \
	T("\x15", "REFERENCE_H5", "")                                                              \
	T("\x16", "REFERENCE_H6", "")                                                              \
	T("\x18", "REFERENCE_S0", "")                                                              \
	T("\x19", "REFERENCE_S1", "")                                                              \
	T("\x1A", "REFERENCE_S2", "")                                                              \
	T("\x1B", "REFERENCE_S3", "")                                                              \
	T("\x1C", "REFERENCE_S4", "")                                                              \
	T("\x1D", "REFERENCE_S5", "")                                                              \
	T("\x1E", "REFERENCE_S6", "")                                                              \
	T("\x20", "NV_RATE", "written too often, wait")                                            \
	T("\x21", "LOCKOUT", "locked after wrong passwords")                                       \
	T("\x22", "RETRY", "the TPM asks for the command again")                                   \
	T("\x23", "NV_UNAVAILABLE", "")                                                            \
	T("\x7F", "NOT_USED", "")
static const char warnings[] = WARNINGS(ENTRY);

static const char success[] = ENTRY("\x00", "SUCCESS", "");
static const char bad_tag[] = ENTRY("\x1E", "BAD_TAG", "not a TPM 2.0 command");

static const char layers[LAYER_LAST - LAYER_FIRST + 1][17] = {
	"feature API",      "ESAPI", "SAPI", "marshalling", "transport", "resource manager",
	"resource manager",
};

struct entry {
	const char *name, *words;
};

static const struct entry unknown = {"unknown", ""};

static struct entry look_up(const char *table, size_t n, unsigned code)
{
	struct entry e;
	unsigned its_code;

	/* A table's last byte is the NUL of the literal. */
	for (size_t at = 0; at < n - 1;) {
		its_code = (unsigned char)table[at];
		e.name = &table[at + 1];
		at += strlen(e.name) + 2;
		e.words = &table[at];
		at += strlen(e.words) + 1;
		if (its_code == code)
			return e;
	}
	return unknown;
}

static struct entry describe(uint32_t rc)
{
	uint32_t layer = rc >> 16;

	rc &= 0xFFFF;
	if (layer != 0 && layer != TPM_LAYER_RM)
		return unknown;
	if (rc == TPM_RC_SUCCESS)
		return look_up(success, sizeof(success), 0);
	if ((rc & RC_FMT1) != 0)
		return look_up(positional, sizeof(positional), rc & 0x3F);
	if ((rc & RC_VENDOR) != 0)
		return unknown;
	if ((rc & RC_VER1) == 0)
		return look_up(bad_tag, sizeof(bad_tag), rc & 0x7F);
	if ((rc & RC_WARNING) != 0)
		return look_up(warnings, sizeof(warnings), rc & 0x7F);
	return look_up(errors, sizeof(errors), rc & 0x7F);
}

const char *bq_tpm_rc_name(uint32_t rc)
{
	return describe(rc).name;
}

const char *bq_tpm_rc_words(uint32_t rc)
{
	return describe(rc).words;
}

static void put_where(struct bq_sink *s, const char *what, unsigned number)
{
	if (number != 0)
		bq_putf(s, " (%s %u)", what, number);
}

static void put_layer(struct bq_sink *s, uint32_t layer)
{
	if (layer < LAYER_FIRST || layer > LAYER_LAST)
		return;
	bq_putf(s, " from the %s", layers[layer - LAYER_FIRST]);
}

void bq_put_tpm_rc(struct bq_sink *s, uint32_t rc)
{
	struct entry e = describe(rc);
	bool positioned = (rc & RC_FMT1) != 0 && e.name != unknown.name;

	bq_put_str(s, "0x");
	bq_put_x64(s, rc, rc > 0xFFF ? 8 : 3);
	bq_putf(s, " %s%s", e.name == unknown.name ? "" : "TPM_RC_", e.name);
	if (positioned && (rc & RC_PARAMETER) != 0)
		put_where(s, "parameter", rc >> 8 & 15);
	else if (positioned)
		put_where(s, (rc & RC_SESSION) != 0 ? "session" : "handle", rc >> 8 & 7);
	put_layer(s, rc >> 16);
	if (*e.words != '\0')
		bq_putf(s, ": %s", e.words);
}

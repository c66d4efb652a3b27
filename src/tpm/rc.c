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

/* In each table: code, space, name without TPM_RC_, words (may be empty). */
static const char errors[] = "\x00 INITIALIZE\0not started, or started already\0"
			     "\x01 FAILURE\0the TPM is in failure mode\0"
			     "\x03 SEQUENCE\0\0"
			     "\x0B PRIVATE\0\0"
			     "\x19 HMAC\0\0"
			     "\x20 DISABLED\0\0"
			     "\x21 EXCLUSIVE\0\0"
			     "\x24 AUTH_TYPE\0\0"
			     "\x25 AUTH_MISSING\0an authorization is needed\0"
			     "\x26 POLICY\0\0"
			     "\x27 PCR\0\0"
			     "\x28 PCR_CHANGED\0\0"
			     "\x2D UPGRADE\0\0"
			     "\x2E TOO_MANY_CONTEXTS\0\0"
			     "\x2F AUTH_UNAVAILABLE\0\0"
			     "\x30 REBOOT\0\0"
			     "\x31 UNBALANCED\0\0"
			     "\x42 COMMAND_SIZE\0\0"
			     "\x43 COMMAND_CODE\0no such command\0"
			     "\x44 AUTHSIZE\0\0"
			     "\x45 AUTH_CONTEXT\0\0"
			     "\x46 NV_RANGE\0beyond the index's size\0"
			     "\x47 NV_SIZE\0\0"
			     "\x48 NV_LOCKED\0\0"
			     "\x49 NV_AUTHORIZATION\0the index's attributes forbid it\0"
			     "\x4A NV_UNINITIALIZED\0the index was never written\0"
			     "\x4B NV_SPACE\0no room for another index\0"
			     "\x4C NV_DEFINED\0the index exists already\0"
			     "\x50 BAD_CONTEXT\0\0"
			     "\x51 CPHASH\0\0"
			     "\x52 PARENT\0\0"
			     "\x53 NEEDS_TEST\0\0"
			     "\x54 NO_RESULT\0\0"
			     "\x55 SENSITIVE\0\0";

static const char positional[] = "\x01 ASYMMETRIC\0\0"
				 "\x02 ATTRIBUTES\0inconsistent attributes\0"
				 "\x03 HASH\0unknown or unsuitable hash\0"
				 "\x04 VALUE\0out of range\0"
				 "\x05 HIERARCHY\0the hierarchy is disabled or wrong\0"
				 "\x07 KEY_SIZE\0\0"
				 "\x08 MGF\0\0"
				 "\x09 MODE\0\0"
				 "\x0A TYPE\0\0"
				 "\x0B HANDLE\0nothing there under this handle\0"
				 "\x0C KDF\0\0"
				 "\x0D RANGE\0\0"
				 "\x0E AUTH_FAIL\0wrong password, and it counts towards a lockout\0"
				 "\x0F NONCE\0\0"
				 "\x10 PP\0\0"
				 "\x12 SCHEME\0not this key's scheme\0"
				 "\x15 SIZE\0wrong size\0"
				 "\x16 SYMMETRIC\0\0"
				 "\x17 TAG\0\0"
				 "\x18 SELECTOR\0\0"
				 "\x1A INSUFFICIENT\0\0"
				 "\x1B SIGNATURE\0\0"
				 "\x1C KEY\0\0"
				 "\x1D POLICY_FAIL\0\0"
				 "\x1F INTEGRITY\0\0"
				 "\x20 TICKET\0\0"
				 "\x21 RESERVED_BITS\0\0"
				 "\x22 BAD_AUTH\0wrong password\0"
				 "\x23 EXPIRED\0\0"
				 "\x24 POLICY_CC\0\0"
				 "\x25 BINDING\0\0"
				 "\x26 CURVE\0\0"
				 "\x27 ECC_POINT\0\0";

static const char warnings[] = "\x01 CONTEXT_GAP\0\0"
			       "\x02 OBJECT_MEMORY\0\0"
			       "\x03 SESSION_MEMORY\0\0"
			       "\x04 MEMORY\0\0"
			       "\x05 SESSION_HANDLES\0\0"
			       "\x06 OBJECT_HANDLES\0\0"
			       "\x07 LOCALITY\0not allowed from this locality\0"
			       "\x08 YIELDED\0\0"
			       "\x09 CANCELED\0\0"
			       "\x0A TESTING\0\0"
			       "\x10 REFERENCE_H0\0the first handle is not loaded\0"
			       "\x11 REFERENCE_H1\0\0"
			       "\x12 REFERENCE_H2\0\0"
			       "\x13 REFERENCE_H3\0\0"
			       "\x14 REFERENCE_H4\0\0"
			       "\x15 REFERENCE_H5\0\0"
			       "\x16 REFERENCE_H6\0\0"
			       "\x18 REFERENCE_S0\0\0"
			       "\x19 REFERENCE_S1\0\0"
			       "\x1A REFERENCE_S2\0\0"
			       "\x1B REFERENCE_S3\0\0"
			       "\x1C REFERENCE_S4\0\0"
			       "\x1D REFERENCE_S5\0\0"
			       "\x1E REFERENCE_S6\0\0"
			       "\x20 NV_RATE\0written too often, wait\0"
			       "\x21 LOCKOUT\0locked after wrong passwords\0"
			       "\x22 RETRY\0the TPM asks for the command again\0"
			       "\x23 NV_UNAVAILABLE\0\0"
			       "\x7F NOT_USED\0\0";

static const char success[] = "\x00 SUCCESS\0\0";
static const char bad_tag[] = "\x1E BAD_TAG\0not a TPM 2.0 command\0";

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
		e.name = &table[at + 2];
		at += strlen(e.name) + 3;
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

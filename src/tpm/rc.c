/* Response codes: part 1, 39.4 and part 2, 6.6. Bit 7 tells the two forms apart:
 *
 *   format 0   bit 8 TPM 2.0, bit 10 vendor, bit 11 warning, bits 0-6 code
 *   format 1   bits 0-5 code; bit 6 parameter, bits 8-11 its number;
 *              else bit 11 session, or not: handle, bits 8-10 its number
 *
 * The upper half tells the layer of the software stack that speaks, 0: the TPM. */
#include <barequote/tpm.h>

#include <string.h>

#define RC_VER1      0x100u
#define RC_FMT1      0x080u
#define RC_PARAMETER 0x040u
#define RC_SESSION   0x800u
#define RC_VENDOR    0x400u
#define RC_WARNING   0x800u

#define LAYER_FIRST  6u
#define LAYER_RM_TPM 11u /* the kernel's resource manager, with the TPM's codes */
#define LAYER_LAST   12u

/* In each table: code, name, words (may be empty). */
static const char errors[] = "\x00TPM_RC_INITIALIZE\0not started, or started already\0"
			     "\x01TPM_RC_FAILURE\0the TPM is in failure mode\0"
			     "\x03TPM_RC_SEQUENCE\0\0"
			     "\x0BTPM_RC_PRIVATE\0\0"
			     "\x19TPM_RC_HMAC\0\0"
			     "\x20TPM_RC_DISABLED\0\0"
			     "\x21TPM_RC_EXCLUSIVE\0\0"
			     "\x24TPM_RC_AUTH_TYPE\0\0"
			     "\x25TPM_RC_AUTH_MISSING\0an authorization is needed\0"
			     "\x26TPM_RC_POLICY\0\0"
			     "\x27TPM_RC_PCR\0\0"
			     "\x28TPM_RC_PCR_CHANGED\0\0"
			     "\x2DTPM_RC_UPGRADE\0\0"
			     "\x2ETPM_RC_TOO_MANY_CONTEXTS\0\0"
			     "\x2FTPM_RC_AUTH_UNAVAILABLE\0\0"
			     "\x30TPM_RC_REBOOT\0\0"
			     "\x31TPM_RC_UNBALANCED\0\0"
			     "\x42TPM_RC_COMMAND_SIZE\0\0"
			     "\x43TPM_RC_COMMAND_CODE\0no such command\0"
			     "\x44TPM_RC_AUTHSIZE\0\0"
			     "\x45TPM_RC_AUTH_CONTEXT\0\0"
			     "\x46TPM_RC_NV_RANGE\0beyond the index's size\0"
			     "\x47TPM_RC_NV_SIZE\0\0"
			     "\x48TPM_RC_NV_LOCKED\0\0"
			     "\x49TPM_RC_NV_AUTHORIZATION\0the index's attributes forbid it\0"
			     "\x4ATPM_RC_NV_UNINITIALIZED\0the index was never written\0"
			     "\x4BTPM_RC_NV_SPACE\0no room for another index\0"
			     "\x4CTPM_RC_NV_DEFINED\0the index exists already\0"
			     "\x50TPM_RC_BAD_CONTEXT\0\0"
			     "\x51TPM_RC_CPHASH\0\0"
			     "\x52TPM_RC_PARENT\0\0"
			     "\x53TPM_RC_NEEDS_TEST\0\0"
			     "\x54TPM_RC_NO_RESULT\0\0"
			     "\x55TPM_RC_SENSITIVE\0\0";

static const char positional[] =
	"\x01TPM_RC_ASYMMETRIC\0\0"
	"\x02TPM_RC_ATTRIBUTES\0inconsistent attributes\0"
	"\x03TPM_RC_HASH\0unknown or unsuitable hash\0"
	"\x04TPM_RC_VALUE\0out of range\0"
	"\x05TPM_RC_HIERARCHY\0the hierarchy is disabled or wrong\0"
	"\x07TPM_RC_KEY_SIZE\0\0"
	"\x08TPM_RC_MGF\0\0"
	"\x09TPM_RC_MODE\0\0"
	"\x0ATPM_RC_TYPE\0\0"
	"\x0BTPM_RC_HANDLE\0nothing there under this handle\0"
	"\x0CTPM_RC_KDF\0\0"
	"\x0DTPM_RC_RANGE\0\0"
	"\x0ETPM_RC_AUTH_FAIL\0wrong password, and it counts towards a lockout\0"
	"\x0FTPM_RC_NONCE\0\0"
	"\x10TPM_RC_PP\0\0"
	"\x12TPM_RC_SCHEME\0not this key's scheme\0"
	"\x15TPM_RC_SIZE\0wrong size\0"
	"\x16TPM_RC_SYMMETRIC\0\0"
	"\x17TPM_RC_TAG\0\0"
	"\x18TPM_RC_SELECTOR\0\0"
	"\x1ATPM_RC_INSUFFICIENT\0\0"
	"\x1BTPM_RC_SIGNATURE\0\0"
	"\x1CTPM_RC_KEY\0\0"
	"\x1DTPM_RC_POLICY_FAIL\0\0"
	"\x1FTPM_RC_INTEGRITY\0\0"
	"\x20TPM_RC_TICKET\0\0"
	"\x21TPM_RC_RESERVED_BITS\0\0"
	"\x22TPM_RC_BAD_AUTH\0wrong password\0"
	"\x23TPM_RC_EXPIRED\0\0"
	"\x24TPM_RC_POLICY_CC\0\0"
	"\x25TPM_RC_BINDING\0\0"
	"\x26TPM_RC_CURVE\0\0"
	"\x27TPM_RC_ECC_POINT\0\0";

static const char warnings[] = "\x01TPM_RC_CONTEXT_GAP\0\0"
			       "\x02TPM_RC_OBJECT_MEMORY\0\0"
			       "\x03TPM_RC_SESSION_MEMORY\0\0"
			       "\x04TPM_RC_MEMORY\0\0"
			       "\x05TPM_RC_SESSION_HANDLES\0\0"
			       "\x06TPM_RC_OBJECT_HANDLES\0\0"
			       "\x07TPM_RC_LOCALITY\0not allowed from this locality\0"
			       "\x08TPM_RC_YIELDED\0\0"
			       "\x09TPM_RC_CANCELED\0\0"
			       "\x0ATPM_RC_TESTING\0\0"
			       "\x10TPM_RC_REFERENCE_H0\0the first handle is not loaded\0"
			       "\x11TPM_RC_REFERENCE_H1\0\0"
			       "\x12TPM_RC_REFERENCE_H2\0\0"
			       "\x13TPM_RC_REFERENCE_H3\0\0"
			       "\x14TPM_RC_REFERENCE_H4\0\0"
			       "\x15TPM_RC_REFERENCE_H5\0\0"
			       "\x16TPM_RC_REFERENCE_H6\0\0"
			       "\x18TPM_RC_REFERENCE_S0\0\0"
			       "\x19TPM_RC_REFERENCE_S1\0\0"
			       "\x1ATPM_RC_REFERENCE_S2\0\0"
			       "\x1BTPM_RC_REFERENCE_S3\0\0"
			       "\x1CTPM_RC_REFERENCE_S4\0\0"
			       "\x1DTPM_RC_REFERENCE_S5\0\0"
			       "\x1ETPM_RC_REFERENCE_S6\0\0"
			       "\x20TPM_RC_NV_RATE\0written too often, wait\0"
			       "\x21TPM_RC_LOCKOUT\0locked after wrong passwords\0"
			       "\x22TPM_RC_RETRY\0the TPM asks for the command again\0"
			       "\x23TPM_RC_NV_UNAVAILABLE\0\0"
			       "\x7FTPM_RC_NOT_USED\0\0";

static const char success[] = "\x00TPM_RC_SUCCESS\0\0";
static const char bad_tag[] = "\x1ETPM_RC_BAD_TAG\0not a TPM 2.0 command\0";

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
	if (layer != 0 && layer != LAYER_RM_TPM)
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

static void put_where(struct bq_sink *s, const char *what, unsigned number)
{
	if (number == 0)
		return;
	bq_put_str(s, " (");
	bq_put_str(s, what);
	bq_put_chr(s, ' ');
	bq_put_u64(s, number);
	bq_put_chr(s, ')');
}

static void put_layer(struct bq_sink *s, uint32_t layer)
{
	if (layer < LAYER_FIRST || layer > LAYER_LAST)
		return;
	bq_put_str(s, " from the ");
	bq_put_str(s, layers[layer - LAYER_FIRST]);
}

void bq_put_tpm_rc(struct bq_sink *s, uint32_t rc)
{
	struct entry e = describe(rc);
	bool positioned = (rc & RC_FMT1) != 0 && e.name != unknown.name;

	bq_put_str(s, "0x");
	bq_put_x64(s, rc, rc > 0xFFF ? 8 : 3);
	bq_put_chr(s, ' ');
	bq_put_str(s, e.name);
	if (positioned && (rc & RC_PARAMETER) != 0)
		put_where(s, "parameter", rc >> 8 & 15);
	else if (positioned)
		put_where(s, (rc & RC_SESSION) != 0 ? "session" : "handle", rc >> 8 & 7);
	put_layer(s, rc >> 16);
	if (*e.words != '\0') {
		bq_put_str(s, ": ");
		bq_put_str(s, e.words);
	}
}

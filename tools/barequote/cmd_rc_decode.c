/* rc_decode: what a response code means, in tpm2_rc_decode's form but our words. */
#include "cmd.h"
#include "session.h"
#include "tss_text.h"

/* Response codes: part 1, 39.4, see src/tpm/rc.c. */
#define RC_FMT1      0x080u
#define RC_PARAMETER 0x040u
#define RC_VER1      0x100u
#define RC_VENDOR    0x400u
#define RC_WARNING   0x800u
#define RC_CODE      0x07Fu

static void put_where(struct bq_sink *s, uint32_t rc)
{
	unsigned number = rc >> 8 & 7;
	const char *what = "handle";

	if ((rc & RC_PARAMETER) != 0) {
		what = "parameter";
		number = rc >> 8 & 15;
	} else if ((rc & RC_WARNING) != 0) {
		what = "session";
	}
	bq_putf(s, "%s(", what);
	if (number != 0)
		bq_put_u64(s, number);
	else
		bq_put_str(s, "unk");
	bq_put_str(s, "):");
}

static void put_name(struct bq_sink *s, uint32_t rc)
{
	const char *words = bq_tpm_rc_words(rc);

	bq_putf(s, "TPM_RC_%s%s%s", bq_tpm_rc_name(rc), *words != '\0' ? ": " : "", words);
}

/* The lower half, where the TPM speaks or its resource manager for it. */
static void put_tpm(struct bq_sink *s, uint32_t rc)
{
	if (rc == TPM_RC_SUCCESS) {
		bq_put_str(s, "success");
		return;
	}
	if ((rc & RC_FMT1) != 0) {
		put_where(s, rc);
		put_name(s, rc);
		return;
	}
	bq_putf(s, "%s(%s): ", (rc & RC_WARNING) != 0 ? "warn" : "error",
		(rc & (RC_VER1 | RC_VENDOR)) != 0 ? "2.0" : "1.2");
	if ((rc & RC_VENDOR) != 0) {
		bq_put_str(s, "Vendor specific error: ");
		tss_put_raw_upper(s, rc & RC_CODE);
	} else {
		put_name(s, rc);
	}
}

static void put(struct bq_sink *s, uint32_t rc)
{
	static const char layers[][6] = {[0] = "tpm", [6] = "fapi",  [7] = "esapi", [8] = "sys",
					 [9] = "mu",  [10] = "tcti", [11] = "rmt",  [12] = "rm"};
	uint32_t layer = rc >> 16 & 0xFF;

	rc &= UINT16_MAX;
	if (layer < sizeof(layers) / sizeof(layers[0]) && layers[layer][0] != '\0')
		bq_put_str(s, layers[layer]);
	else
		bq_put_u64(s, layer);
	bq_put_chr(s, ':');
	if (layer == 0 || layer == 11)
		put_tpm(s, rc);
	else
		tss_put_raw_upper(s, rc);
	bq_put_chr(s, '\n');
}

static enum outcome run(char **args, unsigned n)
{
	struct bq_sink *s;
	uint64_t rc = 0;
	enum outcome o;

	(void)n;
	if ((o = input_number("CODE", args[0], UINT32_MAX, &rc)) != TOOL_OK || session_quiet() ||
	    (o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	put(s, (uint32_t)rc);
	return out_end();
}

const struct command cmd_rc_decode = {
	.words = COMMAND("rc_decode", "CODE", "what a TPM's response code means", ""),
	.args_min = 1,
	.args_max = 1,
	.no_tpm = true,
	.tpm2 = true,
	.run = run,
};

/* Packets for people, a line each:
 *
 *   > NV_Read 0x40000001 0x01500001, 35 bytes
 *   < 37 bytes
 *   < TPM_RC_NV_UNINITIALIZED (0x0000014a): ...
 */
#include "internal.h"

#include <string.h>

static void put_handle(struct bq_sink *s, uint32_t h)
{
	bq_put_str(s, " 0x");
	bq_put_x64(s, h, 8);
}

static void put_handles(struct bq_sink *s, struct bq_view r, int n)
{
	uint32_t h;

	for (; n > 0 && bq_rd_be32(&r, &h) == 0; n--)
		put_handle(s, h);
}

static void put_size(struct bq_sink *s, size_t n)
{
	bq_put_u64(s, n);
	bq_put_str(s, " bytes\n");
}

/* What this library sends, by the last byte of the code; the digit is the number
 * of handles. The table of all commands is much larger. */
static const char sent[] = "\x22"
			   "2NV_UndefineSpace\0"
			   "\x2A"
			   "1NV_DefineSpace\0"
			   "\x37"
			   "2NV_Write\0"
			   "\x3C"
			   "1PCR_Event\0"
			   "\x4E"
			   "2NV_Read\0"
			   "\x58"
			   "1Quote\0"
			   "\x69"
			   "1NV_ReadPublic\0"
			   "\x73"
			   "1ReadPublic\0"
			   "\x7A"
			   "0GetCapability\0"
			   "\x7B"
			   "0GetRandom\0"
			   "\x7E"
			   "0PCR_Read\0"
			   "\x82"
			   "1PCR_Extend\0";

/* The name with its digit, or NULL. */
static const char *look_up(uint32_t cc)
{
	for (const char *c = sent; *c != '\0'; c += strlen(c) + 1)
		if (cc == (0x100u | (uint8_t)*c))
			return c + 1;
	return NULL;
}

void bq_tpm_trace_cmd(struct bq_sink *s, struct bq_view cmd)
{
	struct bq_view r = cmd;
	const char *name;
	uint32_t cc;

	if (bq_rd_skip(&r, TPM_CODE_OFFSET) != 0 || bq_rd_be32(&r, &cc) != 0)
		return;
	bq_put_chr(s, '>');
	if ((name = look_up(cc)) == NULL) {
		put_handle(s, cc);
	} else {
		bq_put_chr(s, ' ');
		bq_put_str(s, name + 1);
		put_handles(s, r, *name - '0');
	}
	bq_put_str(s, ", ");
	put_size(s, cmd.n);
}

void bq_tpm_trace_rsp(struct bq_sink *s, int e, const struct bq_tpm *t)
{
	bq_put_str(s, "< ");
	if (e == 0) {
		put_size(s, t->rsp.n);
		return;
	}
	if (e == BQ_E_TPM_RC)
		bq_put_tpm_rc(s, t->rc);
	else
		bq_put_str(s, bq_strerror(e));
	bq_put_chr(s, '\n');
}

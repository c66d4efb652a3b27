/* What a response code means on an Azure confidential VM. */
#include "internal.h"

struct advice {
	uint16_t rc;
	const char *text;
};

static const struct advice advices[] = {
	{0x9A2, "a password is set there: give it, or clear it"},
	{0x98E, "a password is set there: give it, and mind that wrong ones lead to a lockout"},
	{0x921, "wait or reset the lockout: until then even right passwords are refused"},
	{0x125, "this command needs an authorization, at least an empty password"},
	{0x149, "use the owner hierarchy for reading; only the paravisor writes its indices"},
	{0x14A, "the paravisor has not filled this index: it failed or is not done, reboot"},
	{0x14C, "undefine the index first, or use another one"},
	{0x146, "read the index's public area for its size and stay inside it"},
	{0x18B, "not an Azure confidential VM, or the object or index was removed"},
	{0x28B, "not an Azure confidential VM, or nobody has defined this index"},
	{0x910, "transient objects live as long as the connection: load it again"},
	{0x1C4, "more than the TPM takes at a time: read in chunks of TPM_PT_NV_BUFFER_MAX"},
	{0x2C2, "these attributes do not go together; 0x00020002 suits user data"},
	{0x2D5, "the index is larger than this TPM allows, see TPM_PT_NV_INDEX_MAX"},
	{0x2D2, "leave the scheme out: the key's own is used"},
	{0x1C3, "this TPM lacks the PCR bank"},
	{0x3C3, "this TPM lacks the PCR bank"},
	{0x1D5, "a nonce must not be longer than 50 bytes"},
	{0x907, "this PCR is reserved to another locality"},
	{TPM_RC_COMMAND_CODE, "this TPM does not have the command"},
};

const char *bq_tpm_rc_advice(uint32_t rc)
{
	uint32_t layer = rc >> 16;

	if (layer != 0 && layer != TPM_LAYER_RM)
		return NULL;
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (advices[i].rc == (rc & 0xFFFF))
			return advices[i].text;
	return NULL;
}

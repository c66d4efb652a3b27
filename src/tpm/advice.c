/* What a response code means on an Azure confidential VM. */
#include "internal.h"

#include <string.h>

/* The code, most significant byte first, then the text. */
#define ADVICE(code, words) code words "\0"
#define ADVICES(T)                                                                                 \
	T("\x09\xA2", "a password is set there: give it, or clear it")                             \
	T("\x09\x8E",                                                                              \
	  "a password is set there: give it, and mind that wrong ones lead to a lockout")          \
	T("\x09\x21", "wait or reset the lockout: until then even right passwords are refused")    \
	T("\x01\x25", "this command needs an authorization, at least an empty password")           \
	T("\x01\x49",                                                                              \
	  "use the owner hierarchy for reading; only the paravisor writes its indices")            \
	T("\x01\x4A", "the paravisor has not filled this index: it failed or is not done, reboot") \
	T("\x01\x4C", "undefine the index first, or use another one")                              \
	T("\x01\x46", "read the index's public area for its size and stay inside it")              \
	T("\x01\x8B", "not an Azure confidential VM, or the object or index was removed")          \
	T("\x02\x8B", "not an Azure confidential VM, or nobody has defined this index")            \
	T("\x09\x10", "transient objects live as long as the connection: load it again")           \
	T("\x01\xC4", "more than the TPM takes at a time: read in chunks of TPM_PT_NV_BUFFER_MAX") \
	T("\x02\xC2", "these attributes do not go together; 0x00020002 suits user data")           \
	T("\x02\xD5", "the index is larger than this TPM allows, see TPM_PT_NV_INDEX_MAX")         \
	T("\x02\xD2", "leave the scheme out: the key's own is used")                               \
	T("\x01\xC3", "this TPM lacks the PCR bank")                                               \
	T("\x03\xC3", "this TPM lacks the PCR bank")                                               \
	T("\x01\xD5", "a nonce must not be longer than 50 bytes")                                  \
	T("\x09\x07", "this PCR is reserved to another locality")                                  \
	T("\x01\x43", "this TPM does not have the command")
static const char advices[] = ADVICES(ADVICE);

const char *bq_tpm_rc_advice(uint32_t rc)
{
	uint32_t layer = rc >> 16;

	if (layer != 0 && layer != TPM_LAYER_RM)
		return NULL;
	for (const char *a = advices; *a != '\0'; a += strlen(a) + 1)
		if (((uint32_t)(uint8_t)a[0] << 8 | (uint8_t)a[1]) == (rc & 0xFFFF))
			return a + 2;
	return NULL;
}

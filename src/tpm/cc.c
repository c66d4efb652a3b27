/* Command codes: part 2, 6.5.2. */
#include <barequote/tpm.h>

#include <string.h>

#define CC_FIRST 0x0000011Fu

/* From CC_FIRST on, one string a code, empty where there is no such command.
 * The digit before the name is the number of handles, plus RSP where the
 * response has a handle too. */
#define RSP 4
static const char commands[] = "2NV_UndefineSpaceSpecial\0" /* 0x11F */
			       "2EvictControl\0"
			       "1HierarchyControl\0"
			       "2NV_UndefineSpace\0"
			       "\0"
			       "1ChangeEPS\0"
			       "1ChangePPS\0"
			       "1Clear\0"
			       "1ClearControl\0"
			       "1ClockSet\0"
			       "1HierarchyChangeAuth\0"
			       "1NV_DefineSpace\0"
			       "1PCR_Allocate\0"
			       "1PCR_SetAuthPolicy\0"
			       "1PP_Commands\0"
			       "1SetPrimaryPolicy\0"
			       "2FieldUpgradeStart\0"
			       "1ClockRateAdjust\0" /* 0x130 */
			       "5CreatePrimary\0"
			       "1NV_GlobalWriteLock\0"
			       "2GetCommandAuditDigest\0"
			       "2NV_Increment\0"
			       "2NV_SetBits\0"
			       "2NV_Extend\0"
			       "2NV_Write\0"
			       "2NV_WriteLock\0"
			       "1DictionaryAttackLockReset\0"
			       "1DictionaryAttackParameters\0"
			       "1NV_ChangeAuth\0"
			       "1PCR_Event\0"
			       "1PCR_Reset\0"
			       "1SequenceComplete\0"
			       "1SetAlgorithmSet\0"
			       "1SetCommandCodeAuditStatus\0" /* 0x140 */
			       "0FieldUpgradeData\0"
			       "0IncrementalSelfTest\0"
			       "0SelfTest\0"
			       "0Startup\0"
			       "0Shutdown\0"
			       "0StirRandom\0"
			       "2ActivateCredential\0"
			       "2Certify\0"
			       "3PolicyNV\0"
			       "2CertifyCreation\0"
			       "2Duplicate\0"
			       "2GetTime\0"
			       "3GetSessionAuditDigest\0"
			       "2NV_Read\0"
			       "2NV_ReadLock\0"
			       "2ObjectChangeAuth\0" /* 0x150 */
			       "2PolicySecret\0"
			       "2Rewrap\0"
			       "1Create\0"
			       "1ECDH_ZGen\0"
			       "1HMAC\0"
			       "1Import\0"
			       "5Load\0"
			       "1Quote\0"
			       "1RSA_Decrypt\0"
			       "\0"
			       "5HMAC_Start\0"
			       "1SequenceUpdate\0"
			       "1Sign\0"
			       "1Unseal\0"
			       "\0"
			       "2PolicySigned\0" /* 0x160 */
			       "4ContextLoad\0"
			       "1ContextSave\0"
			       "1ECDH_KeyGen\0"
			       "1EncryptDecrypt\0"
			       "0FlushContext\0"
			       "\0"
			       "4LoadExternal\0"
			       "1MakeCredential\0"
			       "1NV_ReadPublic\0"
			       "1PolicyAuthorize\0"
			       "1PolicyAuthValue\0"
			       "1PolicyCommandCode\0"
			       "1PolicyCounterTimer\0"
			       "1PolicyCpHash\0"
			       "1PolicyLocality\0"
			       "1PolicyNameHash\0" /* 0x170 */
			       "1PolicyOR\0"
			       "1PolicyTicket\0"
			       "1ReadPublic\0"
			       "1RSA_Encrypt\0"
			       "\0"
			       "6StartAuthSession\0"
			       "1VerifySignature\0"
			       "0ECC_Parameters\0"
			       "0FirmwareRead\0"
			       "0GetCapability\0"
			       "0GetRandom\0"
			       "0GetTestResult\0"
			       "0Hash\0"
			       "0PCR_Read\0"
			       "1PolicyPCR\0"
			       "1PolicyRestart\0" /* 0x180 */
			       "0ReadClock\0"
			       "1PCR_Extend\0"
			       "1PCR_SetAuthValue\0"
			       "3NV_Certify\0"
			       "2EventSequenceComplete\0"
			       "4HashSequenceStart\0"
			       "1PolicyPhysicalPresence\0"
			       "1PolicyDuplicationSelect\0"
			       "1PolicyGetDigest\0"
			       "0TestParms\0"
			       "1Commit\0"
			       "1PolicyPassword\0"
			       "1ZGen_2Phase\0"
			       "0EC_Ephemeral\0"
			       "1PolicyNvWritten\0"
			       "1PolicyTemplate\0" /* 0x190 */
			       "5CreateLoaded\0"
			       "3PolicyAuthorizeNV\0"
			       "1EncryptDecrypt2\0"
			       "1AC_GetCapability\0"
			       "3AC_Send\0"
			       "1Policy_AC_SendSelect\0"
			       "2CertifyX509\0"
			       "1ACT_SetTimeout\0";

/* The code's string with its digit, or NULL. */
static const char *command(uint32_t cc)
{
	size_t at = 0;

	if (cc < CC_FIRST)
		return NULL;
	for (cc -= CC_FIRST; cc > 0 && at < sizeof(commands) - 1; cc--)
		at += strlen(&commands[at]) + 1;
	return commands[at] == '\0' ? NULL : &commands[at];
}

const char *bq_tpm_cc_name(uint32_t cc)
{
	const char *c = command(cc);

	return c == NULL ? NULL : &c[1];
}

int bq_tpm_cc_handles(uint32_t cc)
{
	const char *c = command(cc);

	return c == NULL ? -1 : (*c - '0') % RSP;
}

int bq_tpm_cc_rsp_handles(uint32_t cc)
{
	const char *c = command(cc);

	return c == NULL ? -1 : (*c - '0') / RSP;
}

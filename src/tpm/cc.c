/* Command codes: part 2, 6.5.2. */
#include <barequote/tpm.h>

#include <string.h>

#define CC_FIRST 0x0000011Fu

/* From CC_FIRST on, one string a code, empty where there is no such command.
 * The digit before the name is the number of handles, plus RSP where the
 * response has a handle too. */
#define RSP                    4
#define COMMAND(handles, name) handles name "\0"
#define COMMANDS(T)                                                                                \
	T("2", "NV_UndefineSpaceSpecial") /* 0x11F */                                              \
	T("2", "EvictControl")                                                                     \
	T("1", "HierarchyControl")                                                                 \
	T("2", "NV_UndefineSpace")                                                                 \
	T("", "")                                                                                  \
	T("1", "ChangeEPS")                                                                        \
	T("1", "ChangePPS")                                                                        \
	T("1", "Clear")                                                                            \
	T("1", "ClearControl")                                                                     \
	T("1", "ClockSet")                                                                         \
	T("1", "HierarchyChangeAuth")                                                              \
	T("1", "NV_DefineSpace")                                                                   \
	T("1", "PCR_Allocate")                                                                     \
	T("1", "PCR_SetAuthPolicy")                                                                \
	T("1", "PP_Commands")                                                                      \
	T("1", "SetPrimaryPolicy")                                                                 \
	T("2", "FieldUpgradeStart")                                                                \
	T("1", "ClockRateAdjust") /* 0x130 */                                                      \
	T("5", "CreatePrimary")                                                                    \
	T("1", "NV_GlobalWriteLock")                                                               \
	T("2", "GetCommandAuditDigest")                                                            \
	T("2", "NV_Increment")                                                                     \
	T("2", "NV_SetBits")                                                                       \
	T("2", "NV_Extend")                                                                        \
	T("2", "NV_Write")                                                                         \
	T("2", "NV_WriteLock")                                                                     \
	T("1", "DictionaryAttackLockReset")                                                        \
	T("1", "DictionaryAttackParameters")                                                       \
	T("1", "NV_ChangeAuth")                                                                    \
	T("1", "PCR_Event")                                                                        \
	T("1", "PCR_Reset")                                                                        \
	T("1", "SequenceComplete")                                                                 \
	T("1", "SetAlgorithmSet")                                                                  \
	T("1", "SetCommandCodeAuditStatus") /* 0x140 */                                            \
	T("0", "FieldUpgradeData")                                                                 \
	T("0", "IncrementalSelfTest")                                                              \
	T("0", "SelfTest")                                                                         \
	T("0", "Startup")                                                                          \
	T("0", "Shutdown")                                                                         \
	T("0", "StirRandom")                                                                       \
	T("2", "ActivateCredential")                                                               \
	T("2", "Certify")                                                                          \
	T("3", "PolicyNV")                                                                         \
	T("2", "CertifyCreation")                                                                  \
	T("2", "Duplicate")                                                                        \
	T("2", "GetTime")                                                                          \
	T("3", "GetSessionAuditDigest")                                                            \
	T("2", "NV_Read")                                                                          \
	T("2", "NV_ReadLock")                                                                      \
	T("2", "ObjectChangeAuth") /* 0x150 */                                                     \
	T("2", "PolicySecret")                                                                     \
	T("2", "Rewrap")                                                                           \
	T("1", "Create")                                                                           \
	T("1", "ECDH_ZGen")                                                                        \
	T("1", "HMAC")                                                                             \
	T("1", "Import")                                                                           \
	T("5", "Load")                                                                             \
	T("1", "Quote")                                                                            \
	T("1", "RSA_Decrypt")                                                                      \
	T("", "")                                                                                  \
	T("5", "HMAC_Start")                                                                       \
	T("1", "SequenceUpdate")                                                                   \
	T("1", "Sign")                                                                             \
	T("1", "Unseal")                                                                           \
	T("", "")                                                                                  \
	T("2", "PolicySigned") /* 0x160 */                                                         \
	T("4", "ContextLoad")                                                                      \
	T("1", "ContextSave")                                                                      \
	T("1", "ECDH_KeyGen")                                                                      \
	T("1", "EncryptDecrypt")                                                                   \
	T("0", "FlushContext")                                                                     \
	T("", "")                                                                                  \
	T("4", "LoadExternal")                                                                     \
	T("1", "MakeCredential")                                                                   \
	T("1", "NV_ReadPublic")                                                                    \
	T("1", "PolicyAuthorize")                                                                  \
	T("1", "PolicyAuthValue")                                                                  \
	T("1", "PolicyCommandCode")                                                                \
	T("1", "PolicyCounterTimer")                                                               \
	T("1", "PolicyCpHash")                                                                     \
	T("1", "PolicyLocality")                                                                   \
	T("1", "PolicyNameHash") /* 0x170 */                                                       \
	T("1", "PolicyOR")                                                                         \
	T("1", "PolicyTicket")                                                                     \
	T("1", "ReadPublic")                                                                       \
	T("1", "RSA_Encrypt")                                                                      \
	T("", "")                                                                                  \
	T("6", "StartAuthSession")                                                                 \
	T("1", "VerifySignature")                                                                  \
	T("0", "ECC_Parameters")                                                                   \
	T("0", "FirmwareRead")                                                                     \
	T("0", "GetCapability")                                                                    \
	T("0", "GetRandom")                                                                        \
	T("0", "GetTestResult")                                                                    \
	T("0", "Hash")                                                                             \
	T("0", "PCR_Read")                                                                         \
	T("1", "PolicyPCR")                                                                        \
	T("1", "PolicyRestart") /* 0x180 */                                                        \
	T("0", "ReadClock")                                                                        \
	T("1", "PCR_Extend")                                                                       \
	T("1", "PCR_SetAuthValue")                                                                 \
	T("3", "NV_Certify")                                                                       \
	T("2", "EventSequenceComplete")                                                            \
	T("4", "HashSequenceStart")                                                                \
	T("1", "PolicyPhysicalPresence")                                                           \
	T("1", "PolicyDuplicationSelect")                                                          \
	T("1", "PolicyGetDigest")                                                                  \
	T("0", "TestParms")                                                                        \
	T("1", "Commit")                                                                           \
	T("1", "PolicyPassword")                                                                   \
	T("1", "ZGen_2Phase")                                                                      \
	T("0", "EC_Ephemeral")                                                                     \
	T("1", "PolicyNvWritten")                                                                  \
	T("1", "PolicyTemplate") /* 0x190 */                                                       \
	T("5", "CreateLoaded")                                                                     \
	T("3", "PolicyAuthorizeNV")                                                                \
	T("1", "EncryptDecrypt2")                                                                  \
	T("1", "AC_GetCapability")                                                                 \
	T("3", "AC_Send")                                                                          \
	T("1", "Policy_AC_SendSelect")                                                             \
	T("2", "CertifyX509")                                                                      \
	T("1", "ACT_SetTimeout")
static const char commands[] = COMMANDS(COMMAND);

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

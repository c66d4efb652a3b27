/* Constants of the TPM 2.0 Library Specification, part 2, under their own names. */
#ifndef BAREQUOTE_TPM2_H
#define BAREQUOTE_TPM2_H

/* Structure tags, 6.9 */
#define TPM_ST_NO_SESSIONS  0x8001
#define TPM_ST_SESSIONS     0x8002
#define TPM_ST_ATTEST_QUOTE 0x8018
#define TPM_GENERATED_VALUE 0xFF544347u /* 6.2 */

/* Command codes, 6.5.2 */
#define TPM_CC_NV_UndefineSpace      0x00000122u
#define TPM_CC_NV_DefineSpace        0x0000012Au
#define TPM_CC_NV_Write              0x00000137u
#define TPM_CC_PCR_Event             0x0000013Cu
#define TPM_CC_SequenceComplete      0x0000013Eu
#define TPM_CC_NV_Read               0x0000014Eu
#define TPM_CC_Quote                 0x00000158u
#define TPM_CC_SequenceUpdate        0x0000015Cu
#define TPM_CC_FlushContext          0x00000165u
#define TPM_CC_NV_ReadPublic         0x00000169u
#define TPM_CC_ReadPublic            0x00000173u
#define TPM_CC_GetCapability         0x0000017Au
#define TPM_CC_GetRandom             0x0000017Bu
#define TPM_CC_Hash                  0x0000017Du
#define TPM_CC_PCR_Read              0x0000017Eu
#define TPM_CC_PCR_Extend            0x00000182u
#define TPM_CC_EventSequenceComplete 0x00000185u
#define TPM_CC_HashSequenceStart     0x00000186u

/* Algorithms, 6.3 */
#define TPM_ALG_RSA       0x0001
#define TPM_ALG_TDES      0x0003
#define TPM_ALG_SHA1      0x0004
#define TPM_ALG_AES       0x0006
#define TPM_ALG_MGF1      0x0007
#define TPM_ALG_SHA256    0x000B
#define TPM_ALG_SHA384    0x000C
#define TPM_ALG_SHA512    0x000D
#define TPM_ALG_NULL      0x0010
#define TPM_ALG_SM3_256   0x0012
#define TPM_ALG_SM4       0x0013
#define TPM_ALG_RSASSA    0x0014
#define TPM_ALG_RSAES     0x0015
#define TPM_ALG_RSAPSS    0x0016
#define TPM_ALG_OAEP      0x0017
#define TPM_ALG_ECDSA     0x0018
#define TPM_ALG_ECDH      0x0019
#define TPM_ALG_ECDAA     0x001A
#define TPM_ALG_SM2       0x001B
#define TPM_ALG_ECSCHNORR 0x001C
#define TPM_ALG_ECMQV     0x001D
#define TPM_ALG_KDF1_56A  0x0020
#define TPM_ALG_KDF2      0x0021
#define TPM_ALG_KDF1_108  0x0022
#define TPM_ALG_ECC       0x0023
#define TPM_ALG_CAMELLIA  0x0026
#define TPM_ALG_CFB       0x0043

/* Curves, 6.4 */
#define TPM_ECC_NIST_P256 0x0003
#define TPM_ECC_NIST_P384 0x0004

/* Permanent handles, 7.4 */
#define TPM_RH_OWNER       0x40000001u
#define TPM_RH_NULL        0x40000007u
#define TPM_RS_PW          0x40000009u
#define TPM_RH_ENDORSEMENT 0x4000000Bu
#define TPM_RH_PLATFORM    0x4000000Cu

/* Capabilities and properties, 6.12 and 6.13 */
#define TPM_CAP_ALGS            0u
#define TPM_CAP_HANDLES         1u
#define TPM_CAP_COMMANDS        2u
#define TPM_CAP_PCRS            5u
#define TPM_CAP_TPM_PROPERTIES  6u
#define TPM_CAP_ECC_CURVES      8u
#define TPM_PT_FAMILY_INDICATOR 0x100u
#define TPM_PT_REVISION         0x102u
#define TPM_PT_MANUFACTURER     0x105u
#define TPM_PT_NV_INDEX_MAX     0x117u
#define TPM_PT_MAX_DIGEST       0x120u
#define TPM_PT_NV_BUFFER_MAX    0x12Cu
#define TPM_PT_PERMANENT        0x200u /* TPMA_PERMANENT, bit 0 ownerAuthSet */

/* Index attributes, TPMA_NV, 13.4 */
#define TPMA_NV_PPWRITE        0x00000001u
#define TPMA_NV_OWNERWRITE     0x00000002u
#define TPMA_NV_AUTHWRITE      0x00000004u
#define TPMA_NV_OWNERREAD      0x00020000u
#define TPMA_NV_AUTHREAD       0x00040000u
#define TPMA_NV_NO_DA          0x02000000u
#define TPMA_NV_READLOCKED     0x10000000u
#define TPMA_NV_WRITTEN        0x20000000u
#define TPMA_NV_PLATFORMCREATE 0x40000000u

/* Response codes met in practice, 6.6.3; see bq_tpm_rc_name() for words */
#define TPM_RC_SUCCESS        0x000u
#define TPM_RC_HANDLE         0x08Bu /* format one: and which handle or session, here none */
#define TPM_RC_AUTH_FAIL      0x88Eu
#define TPM_RC_BAD_AUTH       0x8A2u
#define TPM_RC_NV_RANGE       0x146u
#define TPM_RC_NV_AUTH        0x149u
#define TPM_RC_NV_UNINIT      0x14Au
#define TPM_RC_NV_DEFINED     0x14Cu
#define TPM_RC_COMMAND_CODE   0x143u
#define TPM_RC_YIELDED        0x908u
#define TPM_RC_TESTING        0x90Au
#define TPM_RC_NV_RATE        0x920u
#define TPM_RC_LOCKOUT        0x921u
#define TPM_RC_RETRY          0x922u
#define TPM_RC_NV_UNAVAILABLE 0x923u

/* Limits */
#define BQ_TPM_PACKET   4096 /* bytes in a command or response */
#define BQ_TPM_NV_CHUNK 1024 /* bytes in an NV transfer until the TPM says less */
#define BQ_PCRS         24   /* PC Client Platform TPM Profile, 4.6 */
#define BQ_DIGEST_MAX   64

#endif

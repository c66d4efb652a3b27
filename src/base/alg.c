/* Algorithms: names as tpm2-tools spells them, sizes of digests. */
#include <barequote/pcr.h>

#include <string.h>

/* TPM_ALG_ID, part 2, 6.3: the number's one byte, then the name. */
static const char names[] = "\x01"
			    "rsa\0"
			    "\x03"
			    "tdes\0"
			    "\x04"
			    "sha1\0"
			    "\x05"
			    "hmac\0"
			    "\x06"
			    "aes\0"
			    "\x07"
			    "mgf1\0"
			    "\x08"
			    "keyedhash\0"
			    "\x0A"
			    "xor\0"
			    "\x0B"
			    "sha256\0"
			    "\x0C"
			    "sha384\0"
			    "\x0D"
			    "sha512\0"
			    "\x10"
			    "null\0"
			    "\x12"
			    "sm3_256\0"
			    "\x13"
			    "sm4\0"
			    "\x14"
			    "rsassa\0"
			    "\x15"
			    "rsaes\0"
			    "\x16"
			    "rsapss\0"
			    "\x17"
			    "oaep\0"
			    "\x18"
			    "ecdsa\0"
			    "\x19"
			    "ecdh\0"
			    "\x1A"
			    "ecdaa\0"
			    "\x1B"
			    "sm2\0"
			    "\x1C"
			    "ecschnorr\0"
			    "\x1D"
			    "ecmqv\0"
			    "\x20"
			    "kdf1_sp800_56a\0"
			    "\x21"
			    "kdf2\0"
			    "\x22"
			    "kdf1_sp800_108\0"
			    "\x23"
			    "ecc\0"
			    "\x25"
			    "symcipher\0"
			    "\x26"
			    "camellia\0"
			    "\x27"
			    "sha3_256\0"
			    "\x28"
			    "sha3_384\0"
			    "\x29"
			    "sha3_512\0"
			    "\x3F"
			    "cmac\0"
			    "\x40"
			    "ctr\0"
			    "\x41"
			    "ofb\0"
			    "\x42"
			    "cbc\0"
			    "\x43"
			    "cfb\0"
			    "\x44"
			    "ecb\0";

const char *bq_alg_name(uint16_t alg)
{
	for (const char *n = names; *n != '\0'; n += strlen(n) + 1)
		if ((uint8_t)n[0] == alg)
			return n + 1;
	return NULL;
}

size_t bq_alg_size(uint16_t alg)
{
	switch (alg) {
	case TPM_ALG_SHA1:
		return 20;
	case TPM_ALG_SHA256:
	case TPM_ALG_SM3_256:
		return 32;
	case TPM_ALG_SHA384:
		return 48;
	case TPM_ALG_SHA512:
		return 64;
	default:
		return 0;
	}
}

uint16_t bq_alg_hash(struct bq_view name)
{
	uint64_t id = 0;

	if (bq_num_decode(name, UINT16_MAX, &id) != 0)
		for (const char *n = names; *n != '\0'; n += strlen(n) + 1)
			if (bq_view_eq_str(name, n + 1))
				id = (uint8_t)n[0];
	return bq_alg_size((uint16_t)id) != 0 ? (uint16_t)id : 0;
}

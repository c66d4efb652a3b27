/* Algorithms: names as tpm2-tools spells them, sizes of digests. */
#include <barequote/pcr.h>

static const struct {
	uint16_t id;
	uint8_t size; /* of a digest; 0: no hash */
	char name[9];
} algs[] = {
	{TPM_ALG_RSA, 0, "rsa"},        {TPM_ALG_SHA1, 20, "sha1"},
	{TPM_ALG_AES, 0, "aes"},        {TPM_ALG_SHA256, 32, "sha256"},
	{TPM_ALG_SHA384, 48, "sha384"}, {TPM_ALG_SHA512, 64, "sha512"},
	{TPM_ALG_NULL, 0, "null"},      {TPM_ALG_SM3_256, 32, "sm3_256"},
	{TPM_ALG_RSASSA, 0, "rsassa"},  {TPM_ALG_RSAES, 0, "rsaes"},
	{TPM_ALG_RSAPSS, 0, "rsapss"},  {TPM_ALG_OAEP, 0, "oaep"},
	{TPM_ALG_ECDSA, 0, "ecdsa"},    {TPM_ALG_ECC, 0, "ecc"},
	{TPM_ALG_CFB, 0, "cfb"},
};

#define ALGS (sizeof(algs) / sizeof(algs[0]))

const char *bq_alg_name(uint16_t alg)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].id == alg)
			return algs[i].name;
	return NULL;
}

size_t bq_alg_size(uint16_t alg)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].id == alg)
			return algs[i].size;
	return 0;
}

uint16_t bq_alg_hash(struct bq_view name)
{
	uint64_t id;

	if (bq_num_decode(name, UINT16_MAX, &id) == 0)
		return bq_alg_size((uint16_t)id) != 0 ? (uint16_t)id : 0;
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].size != 0 && bq_view_eq_str(name, algs[i].name))
			return algs[i].id;
	return 0;
}

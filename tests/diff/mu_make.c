#include "mu_make.h"

static const UINT16 hashes[] = {TPM2_ALG_SHA1, TPM2_ALG_SHA256, TPM2_ALG_SHA384, TPM2_ALG_SHA512};

static UINT16 any_hash(void)
{
	return hashes[below(4)];
}

static UINT16 any_size(UINT16 max)
{
	return (UINT16)(below(3) == 0 ? max : below(max + 1u));
}

TPML_PCR_SELECTION make_selection(void)
{
	TPML_PCR_SELECTION l = {.count = below(BQ_PCR_BANKS + 1)};

	for (UINT32 i = 0; i < l.count; i++) {
		TPMS_PCR_SELECTION *s = &l.pcrSelections[i];

		s->hash = any_hash();
		s->sizeofSelect = (UINT8)(1 + below(3));
		fill(s->pcrSelect, s->sizeofSelect);
	}
	return l;
}

TPMS_ATTEST make_attest(void)
{
	TPMS_ATTEST a = {.magic = TPM2_GENERATED_VALUE, .type = TPM2_ST_ATTEST_QUOTE};

	a.qualifiedSigner.size = any_size(sizeof(a.qualifiedSigner.name));
	fill(a.qualifiedSigner.name, a.qualifiedSigner.size);
	a.extraData.size = any_size(sizeof(a.extraData.buffer));
	fill(a.extraData.buffer, a.extraData.size);
	fill(&a.clockInfo.clock, 8);
	fill(&a.clockInfo.resetCount, 4);
	fill(&a.clockInfo.restartCount, 4);
	a.clockInfo.safe = (TPMI_YES_NO)below(2);
	fill(&a.firmwareVersion, 8);
	a.attested.quote.pcrSelect = make_selection();
	a.attested.quote.pcrDigest.size = any_size(sizeof(a.attested.quote.pcrDigest.buffer));
	fill(a.attested.quote.pcrDigest.buffer, a.attested.quote.pcrDigest.size);
	return a;
}

TPMT_SIGNATURE make_signature(void)
{
	static const UINT16 algs[] = {TPM2_ALG_RSASSA, TPM2_ALG_RSAPSS, TPM2_ALG_ECDSA};
	TPMT_SIGNATURE s = {.sigAlg = algs[below(3)]};
	TPMS_SIGNATURE_ECDSA *e = &s.signature.ecdsa;

	if (s.sigAlg != TPM2_ALG_ECDSA) {
		s.signature.rsassa.hash = any_hash();
		s.signature.rsassa.sig.size = any_size(512);
		fill(s.signature.rsassa.sig.buffer, s.signature.rsassa.sig.size);
		return s;
	}
	e->hash = any_hash();
	e->signatureR.size = any_size(66);
	fill(e->signatureR.buffer, e->signatureR.size);
	e->signatureS.size = any_size(66);
	fill(e->signatureS.buffer, e->signatureS.size);
	return s;
}

static void make_rsa(TPMT_PUBLIC *p)
{
	static const UINT16 schemes[] = {TPM2_ALG_NULL, TPM2_ALG_RSASSA, TPM2_ALG_RSAPSS};

	p->type = TPM2_ALG_RSA;
	p->parameters.rsaDetail.scheme.scheme = schemes[below(3)];
	p->parameters.rsaDetail.scheme.details.anySig.hashAlg = any_hash();
	p->parameters.rsaDetail.keyBits = (UINT16)(1024 << below(3));
	p->parameters.rsaDetail.exponent = below(2) == 0 ? 0 : 3 + 2 * below(1000);
	p->unique.rsa.size = p->parameters.rsaDetail.keyBits / 8;
	fill(p->unique.rsa.buffer, p->unique.rsa.size);
}

static void make_ecc(TPMT_PUBLIC *p)
{
	p->type = TPM2_ALG_ECC;
	p->parameters.eccDetail.scheme.scheme = below(2) == 0 ? TPM2_ALG_NULL : TPM2_ALG_ECDSA;
	p->parameters.eccDetail.scheme.details.anySig.hashAlg = any_hash();
	p->parameters.eccDetail.curveID = (UINT16)(TPM2_ECC_NIST_P256 + below(2));
	p->parameters.eccDetail.kdf.scheme = TPM2_ALG_NULL;
	p->unique.ecc.x.size = any_size(48);
	fill(p->unique.ecc.x.buffer, p->unique.ecc.x.size);
	p->unique.ecc.y.size = any_size(48);
	fill(p->unique.ecc.y.buffer, p->unique.ecc.y.size);
}

TPM2B_PUBLIC make_public(void)
{
	TPM2B_PUBLIC b = {.size = 0};
	TPMT_PUBLIC *p = &b.publicArea;

	if (below(2) == 0)
		make_rsa(p);
	else
		make_ecc(p);
	p->nameAlg = any_hash();
	fill(&p->objectAttributes, 4);
	p->authPolicy.size = any_size(64);
	fill(p->authPolicy.buffer, p->authPolicy.size);
	/* The same place for both types: a storage key has a cipher, a signing key none. */
	p->parameters.asymDetail.symmetric.algorithm = below(2) == 0 ? TPM2_ALG_NULL : TPM2_ALG_AES;
	p->parameters.asymDetail.symmetric.keyBits.aes = 128;
	p->parameters.asymDetail.symmetric.mode.aes = TPM2_ALG_CFB;
	return b;
}

TPMS_NV_PUBLIC make_nv_public(void)
{
	TPMS_NV_PUBLIC p = {.nvIndex = 0x01000000 + below(0x1000000), .nameAlg = any_hash()};

	fill(&p.attributes, 4);
	/* Theirs knows no reserved bits. */
	p.attributes &= ~(TPMA_NV)TPMA_NV_RESERVED1_MASK & ~(TPMA_NV)TPMA_NV_RESERVED2_MASK;
	p.authPolicy.size = any_size(64);
	fill(p.authPolicy.buffer, p.authPolicy.size);
	p.dataSize = (UINT16)below(4096);
	return p;
}

void same_bytes(struct bq_view ours, const BYTE *theirs, size_t n)
{
	ck_assert_view_eq(ours, bq_view_of(theirs, n));
}

static uint32_t mask_of(const TPMS_PCR_SELECTION *s)
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < s->sizeofSelect && i < 4; i++)
		mask |= (uint32_t)s->pcrSelect[i] << 8 * i;
	return mask;
}

void same_selection(const struct bq_pcr_list *ours, const TPML_PCR_SELECTION *theirs)
{
	ck_assert_uint_eq(ours->n, theirs->count);
	for (unsigned i = 0; i < ours->n; i++) {
		ck_assert_uint_eq(ours->bank[i].alg, theirs->pcrSelections[i].hash);
		ck_assert_uint_eq(ours->bank[i].mask, mask_of(&theirs->pcrSelections[i]));
	}
}

const char *why_not_selection(const TPML_PCR_SELECTION *theirs)
{
	if (theirs->count > BQ_PCR_BANKS)
		return "ours has room for 8 banks";
	for (UINT32 i = 0; i < theirs->count; i++) {
		const TPMS_PCR_SELECTION *s = &theirs->pcrSelections[i];

		if (s->sizeofSelect == 0)
			return "a selection of no bytes: no TPM sends one";
		if (s->sizeofSelect > 4)
			return "more than 32 PCRs";
		if (mask_of(s) >> BQ_PCRS != 0)
			return "a PCR over 23";
	}
	return NULL;
}

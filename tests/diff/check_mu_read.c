/* What tpm2-tss marshals we read alike; and over damaged bytes the two agree, or
 * the difference has a reason that is named here. */
#include "mu_make.h"

#include <string.h>

#define CAP 2048

struct wire {
	uint8_t p[CAP];
	size_t n;
};

static struct bq_view bytes(const struct wire *w)
{
	return tight_copy(bq_view_of(w->p, w->n));
}

/* How one message ended; true where both read it. One that is not damaged both must
 * read, and where one alone does there is a reason why. */
static bool both_read(struct tally *t, bool damaged, bool ours, bool theirs, const char *why)
{
	ck_assert(damaged || (ours && theirs));
	if (ours && theirs) {
		t->both++;
	} else if (!ours && !theirs) {
		t->neither++;
	} else {
		ck_assert_msg(why != NULL, "only %s reads it", ours ? "ours" : "theirs");
		tally_only(t, why);
	}
	return ours && theirs;
}

static void hurt(struct wire *w)
{
	for (uint32_t times = 1 + below(2); times > 0; times--)
		w->n = damage(w->p, w->n, CAP);
}

/* Theirs, all of it and nothing after it. */
#define THEIRS(type, w, out, rest)                                                                 \
	(memset((out), 0, sizeof(*(out))), (rest) = 0,                                             \
	 Tss2_MU_##type##_Unmarshal((w)->p, (w)->n, &(rest), (out)) == TSS2_RC_SUCCESS)

/* Ours takes any size that the input has; theirs has arrays. */
static const char *const longer = "only ours: a TPM2B longer than the specification's";

/* --- TPML_PCR_SELECTION ---------------------------------------------------- */

START_TEST(selections)
{
	struct tally t = {.name = "TPML_PCR_SELECTION"};

	for (unsigned i = 0; i < ROUNDS; i++) {
		TPML_PCR_SELECTION in = make_selection(), theirs;
		struct bq_pcr_list ours;
		struct bq_view r;
		struct wire w = {.n = 0};
		size_t used;
		bool mine, read;
		const char *why;

		ck_assert_uint_eq(Tss2_MU_TPML_PCR_SELECTION_Marshal(&in, w.p, CAP, &w.n), 0);
		if (i % 2 != 0)
			hurt(&w);
		r = bytes(&w);
		mine = bq_pcr_list_read(&r, &ours) == 0;
		read = THEIRS(TPML_PCR_SELECTION, &w, &theirs, used);
		why = read && !mine ? why_not_selection(&theirs) : NULL;
		if (both_read(&t, i % 2 != 0, mine, read, why)) {
			ck_assert_uint_eq(w.n - r.n, used);
			same_selection(&ours, &theirs);
		}
	}
	tally_print(&t);
}
END_TEST

/* --- TPMS_ATTEST ----------------------------------------------------------- */

static void same_attest(const struct bq_attest *ours, const TPMS_ATTEST *theirs)
{
	ck_assert_uint_eq(ours->magic, theirs->magic);
	ck_assert_uint_eq(ours->type, theirs->type);
	same_bytes(ours->qualified_signer, theirs->qualifiedSigner.name,
		   theirs->qualifiedSigner.size);
	same_bytes(ours->extra_data, theirs->extraData.buffer, theirs->extraData.size);
	ck_assert_uint_eq(ours->clock, theirs->clockInfo.clock);
	ck_assert_uint_eq(ours->reset_count, theirs->clockInfo.resetCount);
	ck_assert_uint_eq(ours->restart_count, theirs->clockInfo.restartCount);
	ck_assert_uint_eq(ours->safe, theirs->clockInfo.safe);
	ck_assert_uint_eq(ours->firmware_version, theirs->firmwareVersion);
	same_selection(&ours->pcrs, &theirs->attested.quote.pcrSelect);
	same_bytes(ours->pcr_digest, theirs->attested.quote.pcrDigest.buffer,
		   theirs->attested.quote.pcrDigest.size);
}

static const char *why_not_attest(const TPMS_ATTEST *theirs, size_t used, size_t n)
{
	if (theirs->magic != TPM2_GENERATED_VALUE)
		return "magic is no TPM's";
	if (theirs->type != TPM2_ST_ATTEST_QUOTE)
		return "no quote";
	if (used < n)
		return "bytes are left over";
	return why_not_selection(&theirs->attested.quote.pcrSelect);
}

static const char *why_only_our_attest(const struct bq_attest *a)
{
	return a->qualified_signer.n > sizeof(TPMU_NAME) || a->extra_data.n > sizeof(TPMU_HA) ||
			       a->pcr_digest.n > sizeof(TPMU_HA)
		       ? longer
		       : NULL;
}

START_TEST(attestations)
{
	struct tally t = {.name = "TPMS_ATTEST"};

	for (unsigned i = 0; i < ROUNDS; i++) {
		TPMS_ATTEST in = make_attest(), theirs;
		struct bq_attest ours;
		struct wire w = {.n = 0};
		size_t used;
		bool read, mine;
		const char *why;

		ck_assert_uint_eq(Tss2_MU_TPMS_ATTEST_Marshal(&in, w.p, CAP, &w.n), 0);
		if (i % 2 != 0)
			hurt(&w);
		mine = bq_attest_parse(bytes(&w), &ours) == 0;
		read = THEIRS(TPMS_ATTEST, &w, &theirs, used);
		why = mine   ? why_only_our_attest(&ours)
		      : read ? why_not_attest(&theirs, used, w.n)
			     : NULL;
		if (both_read(&t, i % 2 != 0, mine, read, why)) {
			ck_assert_uint_eq(used, w.n);
			same_attest(&ours, &theirs);
		}
	}
	tally_print(&t);
}
END_TEST

/* --- TPMT_SIGNATURE -------------------------------------------------------- */

static void same_signature(const struct bq_signature *ours, const TPMT_SIGNATURE *theirs)
{
	const TPMS_SIGNATURE_ECDSA *e = &theirs->signature.ecdsa;
	const TPMS_SIGNATURE_RSA *r = &theirs->signature.rsassa;

	ck_assert_uint_eq(ours->alg, theirs->sigAlg);
	ck_assert_uint_eq(ours->hash, theirs->signature.any.hashAlg);
	if (ours->alg == TPM_ALG_ECDSA) {
		same_bytes(ours->r, e->signatureR.buffer, e->signatureR.size);
		same_bytes(ours->s, e->signatureS.buffer, e->signatureS.size);
	} else {
		same_bytes(ours->rsa, r->sig.buffer, r->sig.size);
	}
}

static const char *why_not_signature(const TPMT_SIGNATURE *theirs, size_t used, size_t n)
{
	if (theirs->sigAlg != TPM2_ALG_RSASSA && theirs->sigAlg != TPM2_ALG_RSAPSS &&
	    theirs->sigAlg != TPM2_ALG_ECDSA)
		return "no signature that is verified here";
	if (bq_alg_size(theirs->signature.any.hashAlg) == 0)
		return "no hash that is known here";
	return used < n ? "bytes are left over" : NULL;
}

static const char *why_only_our_signature(const struct bq_signature *s)
{
	return s->rsa.n > TPM2_MAX_RSA_KEY_BYTES || s->r.n > TPM2_MAX_ECC_KEY_BYTES ||
			       s->s.n > TPM2_MAX_ECC_KEY_BYTES
		       ? longer
		       : NULL;
}

START_TEST(signatures)
{
	struct tally t = {.name = "TPMT_SIGNATURE"};

	for (unsigned i = 0; i < ROUNDS; i++) {
		TPMT_SIGNATURE in = make_signature(), theirs;
		struct bq_signature ours;
		struct wire w = {.n = 0};
		size_t used;
		bool read, mine;
		const char *why;

		ck_assert_uint_eq(Tss2_MU_TPMT_SIGNATURE_Marshal(&in, w.p, CAP, &w.n), 0);
		if (i % 2 != 0)
			hurt(&w);
		mine = bq_signature_parse(bytes(&w), &ours) == 0;
		read = THEIRS(TPMT_SIGNATURE, &w, &theirs, used);
		why = mine   ? why_only_our_signature(&ours)
		      : read ? why_not_signature(&theirs, used, w.n)
			     : NULL;
		if (both_read(&t, i % 2 != 0, mine, read, why)) {
			ck_assert_uint_eq(used, w.n);
			same_signature(&ours, &theirs);
		}
	}
	tally_print(&t);
}
END_TEST

/* --- TPM2B_PUBLIC ---------------------------------------------------------- */

static void same_rsa(const struct bq_public *ours, const TPMT_PUBLIC *theirs)
{
	const TPMS_RSA_PARMS *p = &theirs->parameters.rsaDetail;

	ck_assert_uint_eq(ours->scheme, p->scheme.scheme);
	ck_assert_uint_eq(ours->bits, p->keyBits);
	ck_assert_uint_eq(ours->exponent, p->exponent == 0 ? 65537 : p->exponent);
	same_bytes(ours->n, theirs->unique.rsa.buffer, theirs->unique.rsa.size);
}

static void same_ecc(const struct bq_public *ours, const TPMT_PUBLIC *theirs)
{
	const TPMS_ECC_PARMS *p = &theirs->parameters.eccDetail;

	ck_assert_uint_eq(ours->scheme, p->scheme.scheme);
	ck_assert_uint_eq(ours->curve, p->curveID);
	ck_assert_uint_eq(ours->kdf, p->kdf.scheme);
	same_bytes(ours->x, theirs->unique.ecc.x.buffer, theirs->unique.ecc.x.size);
	same_bytes(ours->y, theirs->unique.ecc.y.buffer, theirs->unique.ecc.y.size);
}

static void same_public(const struct bq_public *ours, const TPMT_PUBLIC *theirs)
{
	const TPMT_SYM_DEF_OBJECT *sym = &theirs->parameters.asymDetail.symmetric;

	ck_assert_uint_eq(ours->type, theirs->type);
	ck_assert_uint_eq(ours->name_alg, theirs->nameAlg);
	ck_assert_uint_eq(ours->attributes, theirs->objectAttributes);
	same_bytes(ours->policy, theirs->authPolicy.buffer, theirs->authPolicy.size);
	ck_assert_uint_eq(ours->sym_alg, sym->algorithm);
	if (ours->sym_alg != TPM_ALG_NULL) {
		ck_assert_uint_eq(ours->sym_bits, sym->keyBits.sym);
		ck_assert_uint_eq(ours->sym_mode, sym->mode.sym);
	}
	if (ours->type == TPM_ALG_RSA)
		same_rsa(ours, theirs);
	else
		same_ecc(ours, theirs);
}

/* Theirs takes one list of schemes for all types, and of ciphers for all uses. */
static bool has_scheme(UINT16 type, UINT16 scheme)
{
	if (scheme == TPM2_ALG_NULL)
		return true;
	if (type == TPM2_ALG_RSA)
		return scheme == TPM2_ALG_RSASSA || scheme == TPM2_ALG_RSAES ||
		       scheme == TPM2_ALG_RSAPSS || scheme == TPM2_ALG_OAEP;
	return (scheme >= TPM2_ALG_ECDSA && scheme <= TPM2_ALG_ECSCHNORR) ||
	       scheme == TPM2_ALG_ECMQV;
}

static bool has_block_cipher(UINT16 alg)
{
	return alg == TPM2_ALG_NULL || alg == TPM2_ALG_AES || alg == TPM2_ALG_SM4 ||
	       alg == TPM2_ALG_CAMELLIA || alg == TPM2_ALG_TDES;
}

static const char *why_not_public(const TPM2B_PUBLIC *theirs, size_t used, size_t n)
{
	const TPMT_PUBLIC *p = &theirs->publicArea;
	const TPMT_SYM_DEF_OBJECT *sym = &p->parameters.asymDetail.symmetric;

	if (used < n)
		return "bytes are left over";
	if (used != 2u + theirs->size)
		return "its size is not that of what it holds";
	if (p->type != TPM2_ALG_RSA && p->type != TPM2_ALG_ECC)
		return "no RSA and no ECC key";
	if (p->type == TPM2_ALG_RSA && p->unique.rsa.size * 8 != p->parameters.rsaDetail.keyBits)
		return "a modulus of another size than keyBits";
	if (!has_block_cipher(sym->algorithm))
		return "XOR, which is no block cipher";
	if (!has_scheme(p->type, p->parameters.asymDetail.scheme.scheme))
		return "a scheme for another type of key";
	return NULL;
}

static const char *why_only_our_public(const struct bq_public *ours)
{
	if (ours->policy.n > sizeof(TPMU_HA) || ours->n.n > TPM2_MAX_RSA_KEY_BYTES ||
	    ours->x.n > TPM2_MAX_ECC_KEY_BYTES || ours->y.n > TPM2_MAX_ECC_KEY_BYTES)
		return longer;
	if (ours->sym_alg == TPM_ALG_TDES)
		return "only ours: Triple DES";
	if (ours->kdf == TPM_ALG_KDF2)
		return "only ours: KDF2";
	return NULL;
}

START_TEST(publics)
{
	struct tally t = {.name = "TPM2B_PUBLIC"};

	for (unsigned i = 0; i < ROUNDS; i++) {
		TPM2B_PUBLIC in = make_public(), theirs;
		struct bq_public ours;
		struct wire w = {.n = 0};
		size_t used;
		bool read, mine;
		const char *why;

		ck_assert_uint_eq(Tss2_MU_TPM2B_PUBLIC_Marshal(&in, w.p, CAP, &w.n), 0);
		if (i % 2 != 0)
			hurt(&w);
		mine = bq_public_parse_2b(bytes(&w), &ours) == 0;
		/* Of an algorithm that it lacks it reports success, having read the size. */
		read = THEIRS(TPM2B_PUBLIC, &w, &theirs, used) && used > 2;
		why = mine   ? why_only_our_public(&ours)
		      : read ? why_not_public(&theirs, used, w.n)
			     : NULL;
		if (both_read(&t, i % 2 != 0, mine, read, why)) {
			ck_assert_uint_eq(used, w.n);
			same_public(&ours, &theirs.publicArea);
		}
	}
	tally_print(&t);
}
END_TEST

Suite *suite_mu_read(void)
{
	Suite *s = suite_create("mu_read");
	TCase *tc = tcase_create("mu_read");

	tcase_add_test(tc, selections);
	tcase_add_test(tc, attestations);
	tcase_add_test(tc, signatures);
	tcase_add_test(tc, publics);
	suite_add_tcase(s, tc);
	return s;
}

/* runtime.*: the claims are those that the report vouches for, and their key
 * can be what signs quotes. */
#include <string.h>

#include "crypto.h"
#include "detail.h"
#include "verifier.h"

#define AK_BYTES    256 /* RSA-2048 */
#define AK_EXPONENT 65537

static void check_binding(struct bq_run *r)
{
	uint8_t hash[BQ_SHA256_BYTES];
	struct bq_view half;
	struct bq_str a, b;

	if (r->hcl.hash_type != BQ_HCL_SHA256) {
		bq_verdict_add(r->out, "runtime.binding", BQ_FAIL,
			       "hash type %u: expected 1, SHA-256", r->hcl.hash_type);
		return;
	}
	if (!bq_sha256_of(r->hcl.claims, hash) ||
	    bq_view_sub(r->snp.report_data, 0, sizeof(hash), &half) != 0) {
		bq_verdict_add(r->out, "runtime.binding", BQ_FAIL,
			       "the hash could not be computed");
		return;
	}
	if (bq_view_eq(half, bq_view_of(hash, sizeof(hash))))
		bq_verdict_add(r->out, "runtime.binding", BQ_PASS,
			       "SHA-256 of the %zu bytes of claims is in REPORT_DATA: %s",
			       r->hcl.claims.n, bq_str_hex(&a, half));
	else
		bq_verdict_add(r->out, "runtime.binding", BQ_FAIL,
			       "SHA-256 of the claims is %s; REPORT_DATA: %s",
			       bq_str_hex(&a, bq_view_of(hash, sizeof(hash))),
			       bq_str_hex(&b, half));
}

static void check_ak(struct bq_run *r)
{
	uint8_t n[BQ_RSA_MAX];
	const char *problem = NULL;
	size_t len = 0;
	uint32_t e = 0;
	int err = r->claims_err;

	if (err == BQ_E_CLAIMS_USER_DATA) {
		bq_skip(r, "runtime.ak", bq_strerror(err));
		return;
	}
	if (err == 0)
		err = bq_jwk_rsa(&r->claims.ak, n, sizeof(n), &len, &e);
	if (err != 0)
		problem = bq_strerror(err);
	else if (len != AK_BYTES || (n[0] & 0x80) == 0)
		problem = "HCLAkPub is not RSA-2048";
	else if ((n[len - 1] & 1) == 0)
		problem = "HCLAkPub has an even modulus";
	else if (e != AK_EXPONENT)
		problem = "HCLAkPub has another exponent than 65537";
	else if ((r->ak = bq_rsa_key(bq_view_of(n, len), e)) == NULL)
		problem = "HCLAkPub is not usable as a key";
	bq_verdict_add(r->out, "runtime.ak", problem == NULL ? BQ_PASS : BQ_FAIL, "%s",
		       problem == NULL ? "HCLAkPub, RSA-2048" : problem);
}

/* The nonce and zeros up to 64 bytes. Zeros alone are there without anybody
 * having asked, so they prove nothing. */
static bool carries_nonce(const uint8_t data[BQ_HCL_USER_DATA_SIZE], struct bq_view nonce)
{
	uint8_t want[BQ_HCL_USER_DATA_SIZE] = {0};

	if (nonce.n > sizeof(want) || bq_view_is_zero(nonce))
		return false;
	memcpy(want, nonce.p, nonce.n);
	return bq_view_eq_ct(bq_view_of(data, sizeof(want)), bq_view_of(want, sizeof(want)));
}

static void check_fresh(struct bq_run *r, bool required)
{
	uint8_t data[BQ_HCL_USER_DATA_SIZE];
	int e = r->claims_err != 0 ? r->claims_err : bq_claims_user_data(&r->claims, data);
	struct bq_str a, b;

	if (e == 0 && carries_nonce(data, r->expect->nonce))
		bq_verdict_add(r->out, "runtime.user_data", BQ_PASS, "the nonce, %s",
			       bq_str_hex(&a, r->expect->nonce));
	else if (!required)
		bq_skip(r, "runtime.user_data", "not the nonce, which the quote carries");
	else if (bq_view_is_zero(r->expect->nonce))
		bq_verdict_add(r->out, "runtime.user_data", BQ_FAIL,
			       "the nonce given is empty or zero, as user-data is by default");
	else if (e == BQ_E_JSON_MISSING)
		bq_verdict_add(r->out, "runtime.user_data", BQ_FAIL,
			       "the claims have no user-data: this report cannot be fresh");
	else if (e != 0)
		bq_verdict_add(r->out, "runtime.user_data", BQ_FAIL, "%s", bq_strerror(e));
	else
		bq_verdict_add(r->out, "runtime.user_data", BQ_FAIL, "%s: expected the nonce, %s",
			       bq_str_hex(&a, bq_view_of(data, sizeof(data))),
			       bq_str_hex(&b, r->expect->nonce));
}

/* Where there is no quote, only user-data can carry the nonce. */
static void check_user_data(struct bq_run *r)
{
	enum bq_evidence_format f = r->ev->format;
	bool required = !r->has_quote || f == BQ_EVIDENCE_COCO2 || f == BQ_EVIDENCE_DIR;

	if (r->claims_err == BQ_E_CLAIMS_USER_DATA)
		bq_verdict_add(r->out, "runtime.user_data", BQ_FAIL, "%s",
			       bq_strerror(r->claims_err));
	else if (!required && f != BQ_EVIDENCE_HCL)
		bq_skip(r, "runtime.user_data", "this format's report does not carry the nonce");
	else if (r->expect->has_nonce)
		check_fresh(r, required);
	else if (r->expect->no_nonce || !required)
		bq_skip(r, "runtime.user_data", "no nonce given: freshness is not checked");
	else
		bq_verdict_add(r->out, "runtime.user_data", BQ_FAIL,
			       "no nonce given: give -n, or --no-nonce");
}

void bq_check_runtime(struct bq_run *r)
{
	static const char *const names[] = {"runtime.binding", "runtime.ak", "runtime.user_data"};

	if (r->ev->format == BQ_EVIDENCE_SNP) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			bq_skip(r, names[i], "a bare SNP report has no claims");
		return;
	}
	check_binding(r);
	check_ak(r);
	check_user_data(r);
}

/* doctor: the report, the key it vouches for, and the certificates for it. */
#include <barequote/attest.h>

#include <string.h>

#include "doctor.h"
#include "imds.h"

/* TPMA_OBJECT, part 2, 8.3 */
#define RESTRICTED 0x00010000u
#define SIGN       0x00040000u

#define AK_BITS    2048

#define PERIOD_MS  2100 /* the paravisor makes one report in 2 s */

/* A read at offset 0 may make the paravisor put a new report there: nothing that
 * anybody keeps changes. */
static int read_report(struct doctor *d, struct bq_hcl *h)
{
	static uint8_t buf[BQ_HCL_MAX];
	struct bq_view blob;

	return bq_azure_report(&d->azure, buf, sizeof(buf), &blob, h);
}

/* When the claims were made: the oldest generation says it. The machine's clock may be
 * behind it, where early boot has not set it yet. */
static void put_time(struct doctor *d)
{
	uint64_t then, now = bq_clock_unix();
	struct bq_json member;

	if (!d->claims.has_config ||
	    bq_json_member(d->claims.config, "current-time", &member) != 0 ||
	    bq_json_u64(member, UINT64_MAX, &then) != 0)
		return;
	doctor_number(d, ", current-time ", then);
	if (now >= then) {
		doctor_number(d, ", ", now - then);
		bq_put_str(&d->fact.s, " s ago");
	}
}

enum doctor_state doctor_report(struct doctor *d)
{
	struct bq_hcl h;
	int e;

	if ((e = read_report(d, &h)) != 0)
		return doctor_error(d, e);
	doctor_number(d, "header version ", h.header_version);
	bq_putf(&d->fact.s, ", %s", bq_hcl_type_name(h.report_type));
	if ((e = bq_claims_parse(h.claims, &d->claims)) == 0)
		d->have |= DOCTOR_CLAIMS;
	if (e != 0 || (e = bq_hcl_require_snp(&h)) != 0 ||
	    (e = bq_snp_parse(h.hardware_report, &d->snp)) != 0) {
		bq_put_str(&d->fact.s, ": ");
		return doctor_error(d, e);
	}
	d->have |= DOCTOR_SNP;
	doctor_number(d, " report version ", d->snp.version);
	put_time(d);
	return doctor_says(d, DOCTOR_OK, ", binds its claims", NULL);
}

/* BQ_E_STALE where the claims carry something else than the index holds; an index
 * that is not there, or not written, counts as zero. */
static int compare_user_data(struct doctor *d)
{
	struct bq_tpm *t = d->azure.tpm;
	uint8_t held[BQ_HCL_USER_DATA_SIZE], carried[BQ_HCL_USER_DATA_SIZE];
	int e = bq_tpm_nv_read(t, TPM_RH_OWNER, d->azure.owner, BQ_HCL_USER_DATA_NV, 0, held,
			       sizeof(held));

	if (doctor_absent(d, e) || (e == BQ_E_TPM_RC && t->rc == TPM_RC_NV_UNINIT)) {
		memset(held, 0, sizeof(held));
		e = 0;
	}
	if (e == 0)
		e = bq_claims_user_data(&d->claims, carried);
	if (e == 0 && memcmp(held, carried, sizeof(held)) != 0)
		e = BQ_E_STALE;
	return e;
}

/* Claims need not say how old they are, but they show whether they follow what is written. */
enum doctor_state doctor_user_data(struct doctor *d)
{
	struct bq_hcl h;
	int e;

	if (!d->claims.has_user_data)
		return doctor_error(d, BQ_E_UNBOUND);
	if ((d->have & DOCTOR_USER_DATA) == 0)
		return doctor_says(d, DOCTOR_OK, "the claims carry it", NULL);
	if ((e = compare_user_data(d)) == BQ_E_STALE) {
		bq_tpm_sleep_ms(d->azure.tpm, PERIOD_MS);
		if ((e = read_report(d, &h)) == 0 &&
		    (e = bq_claims_parse(h.claims, &d->claims)) == 0)
			e = compare_user_data(d);
	}
	if (e != 0)
		return doctor_error(d, e);
	return doctor_says(d, DOCTOR_OK, "the claims carry it, as it is now", NULL);
}

/* --- the attestation key ------------------------------------------------------ */

/* out lives until the next command. */
static int read_ak(struct doctor *d, struct bq_public *out)
{
	struct bq_view pub;
	int e = bq_tpm_read_public(d->azure.tpm, BQ_HCL_AK_HANDLE, &pub, NULL, NULL);

	return e != 0 ? e : bq_public_parse(pub, out);
}

enum doctor_state doctor_ak(struct doctor *d)
{
	static const char again[] = "start the VM again: the paravisor makes the key at boot";
	struct bq_public k;
	int e = read_ak(d, &k);

	if (doctor_absent(d, e))
		return doctor_says(d, DOCTOR_FAIL, "no key at 0x81000003", again);
	if (e != 0)
		return doctor_error(d, e);
	d->have |= DOCTOR_AK;
	if (k.type != TPM_ALG_RSA || k.bits != AK_BITS || k.scheme != TPM_ALG_RSASSA ||
	    k.hash != TPM_ALG_SHA256 || (~k.attributes & (RESTRICTED | SIGN)) != 0)
		return doctor_says(d, DOCTOR_FAIL,
				   "0x81000003 is no restricted RSA-2048 signing key with "
				   "RSASSA and SHA-256",
				   again);
	return doctor_says(d, DOCTOR_OK, "restricted RSA-2048, RSASSA, SHA-256", NULL);
}

enum doctor_state doctor_ak_match(struct doctor *d)
{
	static const char replaced[] =
		"somebody replaced it, or the paravisor failed: start the VM again";
	uint8_t n[BQ_RSA_MAX];
	struct bq_public k;
	size_t size;
	uint32_t exponent;
	int e;

	if ((e = read_ak(d, &k)) != 0)
		return doctor_error(d, e);
	if (bq_jwk_rsa(&d->claims.ak, n, sizeof(n), &size, &exponent) != 0)
		return doctor_says(d, DOCTOR_FAIL, "HCLAkPub in the claims is no key, or zero",
				   replaced);
	if (k.exponent != exponent || !bq_view_eq(k.n, bq_view_of(n, size)))
		return doctor_says(d, DOCTOR_FAIL, "0x81000003 is not HCLAkPub in the claims",
				   replaced);
	return doctor_says(d, DOCTOR_OK, "it is HCLAkPub in the claims", NULL);
}

/* --- certificates ------------------------------------------------------------- */

/* As THIM spells it. */
static void put_tcb(struct doctor *d, const char *words, struct bq_view tcb)
{
	uint64_t x = 0;

	(void)bq_rd_le64(&tcb, &x);
	bq_put_str(&d->fact.s, words);
	bq_put_x64(&d->fact.s, x, 16);
}

enum doctor_state doctor_imds(struct doctor *d)
{
	struct bq_imds i = {.url = d->imds, .timeout_ms = d->azure.timeout_ms};
	bool compare = (d->have & DOCTOR_SNP) != 0, match = false;
	struct bq_imds_certs c;
	int e;

	if (d->no_imds)
		return doctor_says(d, DOCTOR_SKIP, "--no-imds", NULL);
	/* Twice, like attest: the service may be behind for a moment. */
	for (unsigned tries = 0; tries < 2 && !match; tries++) {
		if ((e = imds_try(&i, &c)) != 0) {
			imds_put_error(&d->fact.s, &i, e);
			return doctor_says(d, DOCTOR_FAIL, "",
					   e == BQ_E_URL ? hint_of(e)
							 : "attest --certs FILE or none does "
							   "without; so does --no-imds here");
		}
		match = !compare || bq_imds_match(&c, &d->snp) == 0;
	}
	put_tcb(d, "certificates for TCB ", bq_view_of(c.tcbm, sizeof(c.tcbm)));
	if (match)
		return doctor_says(d, DOCTOR_OK, compare ? ", the report's" : "", NULL);
	put_tcb(d, ", the report has ", d->snp.reported_tcb);
	return doctor_says(d, DOCTOR_FAIL, "", hint_of(BQ_E_TCBM));
}

/* The report as it stands, read so that its parts belong together. */
#include "internal.h"

#define TORN_FIRST_MS 25u
#define TORN_DOUBLED  4u /* times: up to 400 ms */

bool bq_azure_wait(const struct bq_clock *c, uint64_t deadline, unsigned ms)
{
	uint64_t now = bq_clock_now_ms(c);

	if (now >= deadline)
		return false;
	bq_clock_sleep_ms(c, deadline - now < ms ? (unsigned)(deadline - now) : ms);
	return true;
}

uint64_t bq_azure_begin(const struct bq_azure *a, uint64_t *callers)
{
	uint64_t deadline =
		bq_tpm_now_ms(a->tpm) + (a->timeout_ms != 0 ? a->timeout_ms : BQ_AZURE_TIMEOUT_MS);

	*callers = a->tpm->deadline_ms;
	if (*callers == 0 || *callers > deadline + BQ_AZURE_LAST_TRY_MS)
		a->tpm->deadline_ms = deadline + BQ_AZURE_LAST_TRY_MS;
	return deadline;
}

int bq_azure_done(const struct bq_azure *a, uint64_t callers, int e, int before)
{
	a->tpm->deadline_ms = callers;
	return e == BQ_E_TIMEOUT && a->tpm->sys_errno == 0 && before != 0 ? before : e;
}

bool bq_azure_refused(const struct bq_tpm *t, int e, uint32_t code)
{
	return e == BQ_E_TPM_RC && (t->rc & ~0x700u) == code;
}

int bq_azure_owner_error(const struct bq_tpm *t, int e)
{
	if (bq_azure_refused(t, e, TPM_RC_BAD_AUTH) || bq_azure_refused(t, e, TPM_RC_AUTH_FAIL))
		return BQ_E_OWNER_AUTH;
	return e;
}

int bq_azure_read_error(const struct bq_tpm *t, int e)
{
	if (bq_azure_refused(t, e, TPM_RC_HANDLE))
		return BQ_E_NOT_CVM;
	if (e == BQ_E_TPM_RC && t->rc == TPM_RC_NV_UNINIT)
		return BQ_E_UNWRITTEN;
	return bq_azure_owner_error(t, e);
}

static int read_at(const struct bq_azure *a, uint16_t off, uint8_t *to, size_t n)
{
	int e = bq_tpm_nv_read(a->tpm, TPM_RH_OWNER, a->owner, BQ_HCL_NV_INDEX, off, to, n);

	return bq_azure_read_error(a->tpm, e);
}

/* The first chunk, without asking first how large the index is: Azure's are all
 * larger than a chunk. *n is the bytes read. */
static int read_head(const struct bq_azure *a, uint8_t *buf, size_t cap, size_t *n)
{
	struct bq_nv_public pub;
	size_t want = BQ_TPM_NV_CHUNK;
	int e = cap < want ? BQ_E_SPACE : read_at(a, 0, buf, want);

	if (e == BQ_E_TPM_RC && a->tpm->rc == TPM_RC_NV_RANGE) {
		if ((e = bq_tpm_nv_read_public(a->tpm, BQ_HCL_NV_INDEX, &pub, NULL)) != 0)
			return bq_azure_read_error(a->tpm, e);
		want = pub.size < want ? pub.size : want;
		e = read_at(a, 0, buf, want);
	}
	if (e == 0)
		*n = want;
	return e;
}

/* As many bytes as the blob says it has. Nothing is read twice: a second read at
 * offset 0 could change what the later chunks belong to. */
static int read_blob(const struct bq_azure *a, uint8_t *buf, size_t cap, struct bq_view *blob)
{
	size_t head = 0, size = 0;
	int e;

	if ((e = read_head(a, buf, cap, &head)) != 0 ||
	    (e = bq_hcl_peek_size(bq_view_of(buf, head), &size)) != 0)
		return e;
	if (size > cap)
		return BQ_E_SPACE;
	if (size > head && (e = read_at(a, (uint16_t)head, buf + head, size - head)) != 0)
		return e;
	*blob = bq_view_of(buf, size);
	return 0;
}

/* REPORT_DATA starts with the SHA-256 of the claims. Only SNP reports are
 * understood well enough to check it. */
static int check_binding(const struct bq_hcl *h)
{
	struct bq_hash c;
	struct bq_snp snp;
	struct bq_view bound;
	uint8_t digest[BQ_SHA256_SIZE];
	int e;

	if (h->report_type != BQ_HCL_SNP)
		return 0;
	if (h->hash_type != BQ_HCL_SHA256)
		return BQ_E_HCL_HASH;
	if ((e = bq_snp_parse(h->hardware_report, &snp)) != 0 ||
	    (e = bq_view_sub(snp.report_data, 0, sizeof(digest), &bound)) != 0)
		return e;
	bq_sha256_init(&c);
	bq_hash_add(&c, h->claims);
	bq_hash_end(&c, digest);
	return bq_view_eq(bound, bq_view_of(digest, sizeof(digest))) ? 0 : BQ_E_TORN;
}

int bq_azure_read_once(const struct bq_azure *a, uint8_t *buf, size_t cap, struct bq_view *blob,
		       struct bq_hcl *out)
{
	struct bq_view v;
	struct bq_hcl h;
	int e;

	if ((e = read_blob(a, buf, cap, &v)) != 0 || (e = bq_hcl_parse(v, &h)) != 0 ||
	    (e = check_binding(&h)) != 0)
		return e;
	*blob = v;
	*out = h;
	return 0;
}

bool bq_azure_torn(int e)
{
	return e == BQ_E_TORN || e == BQ_E_HCL_SIZE;
}

unsigned bq_azure_torn_ms(unsigned tries)
{
	return TORN_FIRST_MS << (tries < TORN_DOUBLED ? tries : TORN_DOUBLED);
}

int bq_azure_report(const struct bq_azure *a, uint8_t *buf, size_t cap, struct bq_view *blob,
		    struct bq_hcl *out)
{
	uint64_t callers, deadline = bq_azure_begin(a, &callers);
	int e, before = 0;

	for (unsigned tries = 0;; tries++, before = e) {
		e = bq_azure_read_once(a, buf, cap, blob, out);
		if (!bq_azure_torn(e) ||
		    !bq_azure_wait(a->tpm->clock, deadline, bq_azure_torn_ms(tries)))
			return bq_azure_done(a, callers, e, before);
	}
}

/* A report that carries our user data.
 *
 * The paravisor makes a new report when offset 0 is read, if its last one is
 * over 2 s old; other hosts make one when the user data is written. So: write,
 * read, compare, and again until they agree. Each try writes anew, since
 * another program may have written its own user data meanwhile, and since a
 * write that came too early may not have counted. Normally the first try
 * succeeds and nothing sleeps.
 *
 * A stale report's age is unknown. During the 2 s in which it must become old
 * enough, looking several times finds the moment sooner; afterwards each wait is
 * the whole period, in case some host counts from the last try. */
#include <barequote/claims.h>

#include <string.h>

#include "internal.h"

#define LOOKS         4u
#define LOOK_MS       525u
#define PERIOD_MS     (LOOKS * LOOK_MS) /* just over 2 s */
#define RC_KIND       0x980u            /* bits 11, 8 and 7 of a response code (part 2, 6.6.2) */
#define RC_IS_WARNING 0x900u

/* TPMA_NV, part 2, 13.4: bits that stop the guest's write or the paravisor's
 * read, TPM_NT among them, which is 0 for an ordinary index; and TPMA_NV_WRITEALL,
 * under which only a write of the whole index counts. */
#define UNFIT    (TPMA_NV_READLOCKED | 0x00000800u | 0x000000F0u)
#define WRITEALL 0x00001000u

static const struct bq_nv_public user_data_index = {
	.index = BQ_HCL_USER_DATA_NV,
	.attributes = TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE,
	.name_alg = TPM_ALG_SHA256,
	.size = BQ_HCL_USER_DATA_SIZE,
};

bool bq_azure_user_data_fits(const struct bq_nv_public *pub)
{
	uint32_t needed = user_data_index.attributes;

	if ((pub->attributes & (needed | UNFIT)) != needed)
		return false;
	return pub->size == BQ_HCL_USER_DATA_SIZE ||
	       (pub->size > BQ_HCL_USER_DATA_SIZE && (pub->attributes & WRITEALL) == 0);
}

/* Somebody else may define or undefine the index at the same time: what matters
 * is that it is there, or gone, in the end. */
static int define(const struct bq_azure *a)
{
	int e = bq_tpm_nv_define(a->tpm, TPM_RH_OWNER, a->owner, &user_data_index,
				 bq_view_of(NULL, 0));

	return e == BQ_E_TPM_RC && a->tpm->rc == TPM_RC_NV_DEFINED ? 0 : e;
}

/* Looks at the index, and replaces it where it does not fit. */
static int repair(const struct bq_azure *a, bool *repaired)
{
	struct bq_nv_public pub;
	int e = bq_tpm_nv_read_public(a->tpm, BQ_HCL_USER_DATA_NV, &pub, NULL);

	if (e == 0 && bq_azure_user_data_fits(&pub))
		return 0;
	if (e == 0)
		e = bq_tpm_nv_undefine(a->tpm, TPM_RH_OWNER, a->owner, BQ_HCL_USER_DATA_NV);
	if (e != 0 && !bq_azure_refused(a->tpm, e, TPM_RC_HANDLE))
		return e;
	*repaired = true;
	return define(a);
}

static int write_once(const struct bq_azure *a, struct bq_view data)
{
	return bq_tpm_nv_write(a->tpm, TPM_RH_OWNER, a->owner, BQ_HCL_USER_DATA_NV, 0, data);
}

/* An index that is missing or refuses the write is made anew, once, but not on
 * a machine without a report: there it is somebody else's. */
static int write_user_data(const struct bq_azure *a, struct bq_view data)
{
	struct bq_tpm *t = a->tpm;
	struct bq_nv_public report;
	bool missing, repaired = false;
	int e = write_once(a, data);

	if (e != BQ_E_TPM_RC || bq_azure_owner_error(t, e) != e ||
	    (t->rc & RC_KIND) == RC_IS_WARNING)
		return e;
	missing = bq_azure_refused(t, e, TPM_RC_HANDLE);
	if ((e = bq_tpm_nv_read_public(t, BQ_HCL_NV_INDEX, &report, NULL)) != 0)
		return bq_azure_read_error(t, e);
	if ((e = missing ? define(a) : repair(a, &repaired)) != 0)
		return e;
	return write_once(a, data);
}

static int carries(const struct bq_hcl *h, struct bq_view data)
{
	struct bq_claims c;
	uint8_t found[BQ_HCL_USER_DATA_SIZE];
	int e;

	if ((e = bq_claims_parse(h->claims, &c)) != 0)
		return e;
	if (!c.has_user_data)
		return BQ_E_UNBOUND;
	if ((e = bq_claims_user_data(&c, found)) != 0)
		return e;
	return bq_view_eq(data, bq_view_of(found, sizeof(found))) ? 0 : BQ_E_STALE;
}

static int try_once(const struct bq_azure *a, struct bq_view data, uint8_t *buf, size_t cap,
		    struct bq_view *blob, struct bq_hcl *h)
{
	int e;

	if ((e = write_user_data(a, data)) != 0 ||
	    (e = bq_azure_read_once(a, buf, cap, blob, h)) != 0)
		return bq_azure_owner_error(a->tpm, e);
	return carries(h, data);
}

/* How long to wait after that error before the next try, in ms; 0: it is final. */
static unsigned pause_ms(int e, unsigned *stale, unsigned *torn)
{
	if (e == BQ_E_STALE)
		return (*stale)++ < LOOKS ? LOOK_MS : PERIOD_MS;
	return bq_azure_torn(e) ? bq_azure_torn_ms((*torn)++) : 0;
}

/* *before: why the try before the last one failed. */
static int try_until(const struct bq_azure *a, uint64_t deadline, struct bq_view data, uint8_t *buf,
		     size_t cap, struct bq_view *blob, struct bq_hcl *out, int *before)
{
	struct bq_view v;
	struct bq_hcl h;
	unsigned stale = 0, torn = 0, ms;
	bool looked = false, repaired = false;
	int e, fixed;

	while ((e = try_once(a, data, buf, cap, &v, &h)) != 0) {
		if (e == BQ_E_STALE && !looked) {
			looked = true;
			if ((fixed = repair(a, &repaired)) != 0)
				return bq_azure_owner_error(a->tpm, fixed);
			if (repaired)
				continue;
		}
		ms = pause_ms(e, &stale, &torn);
		if (ms == 0 || !bq_azure_wait(a->tpm->clock, deadline, ms))
			return e;
		*before = e;
	}
	*blob = v;
	*out = h;
	return 0;
}

int bq_azure_fresh_report(const struct bq_azure *a, struct bq_view user_data, uint8_t *buf,
			  size_t cap, struct bq_view *blob, struct bq_hcl *out)
{
	uint8_t padded[BQ_HCL_USER_DATA_SIZE] = {0};
	struct bq_view data = bq_view_of(padded, sizeof(padded));
	uint64_t deadline, callers;
	int e, before = 0;

	if (user_data.n > sizeof(padded))
		return BQ_E_NONCE_SIZE;
	(void)bq_rd_copy(&user_data, padded, user_data.n);
	deadline = bq_azure_begin(a, &callers);
	e = try_until(a, deadline, data, buf, cap, blob, out, &before);
	return bq_azure_done(a, callers, e, before);
}

/* When the report is made anew, and from what (the paravisor's part). */
#include "hcl_build.h"
#include "machine.h"

#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#define RC_NO_INDEX 0x18Bu /* NV_ReadPublic of an index that is not there */

/* The first 64 bytes of the guest's index. False where it cannot be read: then
 * there is no new report. */
static bool read_user_data(struct sim_machine *m, uint8_t out[BQ_HCL_USER_DATA_SIZE])
{
	const struct bq_auth owner = {0};
	struct bq_nv_public pub;
	struct bq_view data;
	uint16_t n;
	int e;

	memset(out, 0, BQ_HCL_USER_DATA_SIZE);
	if (m->faults.stale)
		return true;
	e = bq_tpm_nv_read_public(&m->tpm, BQ_HCL_USER_DATA_NV, &pub, NULL);
	if (e != 0)
		return e == BQ_E_TPM_RC && m->tpm.rc == RC_NO_INDEX;
	n = pub.size < BQ_HCL_USER_DATA_SIZE ? pub.size : BQ_HCL_USER_DATA_SIZE;
	if (n == 0)
		return true;
	e = bq_tpm_nv_read_chunk(&m->tpm, TPM_RH_OWNER, owner, BQ_HCL_USER_DATA_NV, n, 0, &data);
	if (e != 0)
		return e == BQ_E_TPM_RC && m->tpm.rc == TPM_RC_NV_UNINIT;
	memcpy(out, data.p, data.n);
	return true;
}

static bool write_claims(struct sim_machine *m, const uint8_t *user_data, struct bq_sink *s)
{
	static const uint8_t no_key[256];
	const struct sim_options *o = m->options;
	struct sim_claims c = {
		.ak = m->faults.zero_ak ? bq_view_of(no_key, sizeof(no_key))
					: bq_view_of(m->ak.n, m->ak.size),
		.sorted = o->sorted,
		.upper = !o->lower,
		.oldest = o->nv_size == 2048,
		.newest = o->nv_size == 2900,
		.has_user_data = !o->no_user_data,
		.time = (uint64_t)time(NULL) + (m->faults.clock_ahead ? 3600 : 0),
	};

	/* The oldest index has no room for it. */
	if (!c.oldest)
		c.ek = bq_view_of(m->ek.n, m->ek.size);
	memcpy(c.user_data, user_data, sizeof(c.user_data));
	memcpy(c.vm_id, m->ek.n, sizeof(c.vm_id)); /* as unique as the TPM */
	sim_claims_put(s, &c);
	return s->err == 0;
}

static bool write_hardware_report(struct sim_machine *m, uint32_t type, struct bq_view claims,
				  uint8_t out[BQ_HCL_REPORT_SIZE])
{
	struct sim_report r =
		sim_report_like_azure(m->options->product, m->options->report_version);

	if (EVP_Q_digest(NULL, "SHA256", NULL, claims.p, claims.n, r.report_data, NULL) != 1)
		return false;
	if (type != BQ_HCL_SNP) {
		sim_other_report(type, r.report_data, out);
		return true;
	}
	(void)sim_chip_id(m->options->product, m->keys.vcek, r.chip_id);
	sim_report_write(&r, out);
	return sim_report_sign(out, m->keys.vcek);
}

/* False where it fails or outgrows the index: the old report stays. */
static bool regenerate(struct sim_machine *m, const uint8_t *user_data)
{
	uint8_t report[BQ_HCL_REPORT_SIZE], claims[BQ_HCL_MAX], blob[BQ_HCL_MAX];
	struct sim_hcl h = {
		.header_version = m->options->hcl_version,
		.data_version = 1,
		.report_type = m->faults.type != 0 ? m->faults.type : BQ_HCL_SNP,
		.hash_type = BQ_HCL_SHA256,
	};
	struct bq_sink_buf s;
	struct bq_wr w;

	bq_sink_buf_init(&s, claims, sizeof(claims));
	if (!write_claims(m, user_data, &s.s))
		return false;
	h.claims = bq_view_of(claims, s.n);
	if (!write_hardware_report(m, h.report_type, h.claims, report))
		return false;
	h.report = bq_view_of(report, sizeof(report));
	bq_wr_init(&w, blob, m->options->nv_size);
	sim_hcl_write(&w, &h);
	if (w.err != 0)
		return false;
	memset(m->blob, 0, sizeof(m->blob));
	memcpy(m->blob, blob, w.n);
	m->last_ms = bq_clock_now_ms(NULL);
	return true;
}

static bool refresh(struct sim_machine *m)
{
	uint8_t user_data[BQ_HCL_USER_DATA_SIZE];

	return read_user_data(m, user_data) && regenerate(m, user_data);
}

static bool throttled(const struct sim_machine *m)
{
	uint32_t window = m->options->throttle_ms;

	return window != 0 && bq_clock_now_ms(NULL) - m->last_ms <= window;
}

void sim_report_boot(struct sim_machine *m)
{
	static const uint8_t none[BQ_HCL_USER_DATA_SIZE];

	m->due_ms = SIM_NEVER;
	m->tear = false;
	m->last_ms = bq_clock_now_ms(NULL);
	m->written = !m->faults.unwritten && (refresh(m) || regenerate(m, none));
}

/* As if somebody else had put other user data in its place, had the report made,
 * and restored it. */
static void tear(struct sim_machine *m)
{
	uint8_t other[BQ_HCL_USER_DATA_SIZE];

	m->tear = false;
	if (!read_user_data(m, other))
		return;
	for (size_t i = 0; i < sizeof(other); i++)
		other[i] ^= 0xFF;
	(void)regenerate(m, other);
}

void sim_report_before_read(struct sim_machine *m, uint16_t offset)
{
	if (!m->written)
		return;
	if (offset != 0) {
		if (m->tear)
			tear(m);
		return;
	}
	m->reads++;
	m->tear = m->faults.torn == m->reads || m->faults.torn == SIM_ALWAYS;
	if (!m->options->refresh_on_write && !throttled(m))
		(void)refresh(m);
}

void sim_report_after_write(struct sim_machine *m)
{
	if (m->options->refresh_on_write && m->written)
		m->due_ms = throttled(m) ? m->last_ms + m->options->throttle_ms + 1 : 0;
	(void)sim_report_tick(m);
}

int sim_report_tick(struct sim_machine *m)
{
	uint64_t now = bq_clock_now_ms(NULL);

	if (m->due_ms <= now) {
		m->due_ms = SIM_NEVER;
		(void)refresh(m);
	}
	return m->due_ms == SIM_NEVER ? -1 : (int)(m->due_ms - now);
}

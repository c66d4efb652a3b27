/* doctor: the way to the TPM, and what is in it beside the report. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "attest.h"
#include "doctor.h"
#include "session.h"

#define OWNER_AUTH_SET 0x1u  /* TPMA_PERMANENT, part 2, 8.6 */
#define MEASURED       0xFFu /* PCRs that firmware extends: 0 to 7 */
#define ALL_PCRS       ((1u << BQ_PCRS) - 1)

/* Which driver is behind a /dev/tpm0 or /dev/tpmrm0, where sysfs tells. */
static void put_driver(struct doctor *d)
{
	char link[] = "/sys/class/tpm/tpm0/device/driver";
	char to[256];
	size_t n = strlen(d->address);
	struct bq_view name;
	ssize_t size;

	if (bq_str_after(d->address, "/dev/tpm") == NULL || n > sizeof("/dev/tpmrm0") - 1)
		return;
	link[sizeof("/sys/class/tpm/tpm") - 1] = d->address[n - 1];
	if ((size = readlink(link, to, sizeof(to))) <= 0)
		return;
	name = bq_view_of(to, (size_t)size);
	while (bq_view_find(name, '/') < name.n)
		(void)bq_rd_skip(&name, bq_view_find(name, '/') + 1);
	bq_put_str(&d->fact.s, ", driver ");
	bq_put_safe(&d->fact.s, name);
}

enum doctor_state doctor_device(struct doctor *d)
{
	const char *note = session_note();

	bq_put_str(&d->fact.s, d->address);
	if (d->open_error != 0) {
		bq_put_str(&d->fact.s, ": ");
		return doctor_error(d, d->open_error);
	}
	d->have |= DOCTOR_TPM;
	put_driver(d);
	return doctor_says(d, note != NULL ? DOCTOR_WARN : DOCTOR_OK, "", note);
}

enum doctor_state doctor_identity(struct doctor *d)
{
	struct bq_tpm *t = d->azure.tpm;
	uint32_t maker, revision, buffer;
	uint8_t name[sizeof(maker)];
	size_t n = sizeof(name);
	struct bq_wr w;
	int e;

	if ((e = bq_tpm_property(t, TPM_PT_MANUFACTURER, &maker)) != 0 ||
	    (e = bq_tpm_property(t, TPM_PT_REVISION, &revision)) != 0 ||
	    (e = bq_tpm_property(t, TPM_PT_NV_BUFFER_MAX, &buffer)) != 0)
		return doctor_error(d, e);
	bq_wr_init(&w, name, sizeof(name));
	bq_wr_be32(&w, maker);
	while (n > 0 && name[n - 1] == '\0')
		n--;
	bq_put_safe(&d->fact.s, bq_view_of(name, n));
	doctor_number(d, ", library revision ", revision / 100);
	doctor_number(d, revision % 100 < 10 ? ".0" : ".", revision % 100);
	doctor_number(d, ", NV buffer ", buffer);
	return DOCTOR_OK;
}

/* --- indices ------------------------------------------------------------------ */

/* 0 also where there is none; then its size is 0. */
static int read_public(struct doctor *d, uint32_t index, struct bq_nv_public *pub)
{
	int e = bq_tpm_nv_read_public(d->azure.tpm, index, pub, NULL);

	if (doctor_absent(d, e)) {
		*pub = (struct bq_nv_public){.index = index};
		return 0;
	}
	if (e == 0) {
		doctor_number(d, "size ", pub->size);
		bq_put_str(&d->fact.s, ", attributes 0x");
		bq_put_x64(&d->fact.s, pub->attributes, 8);
	}
	return e;
}

enum doctor_state doctor_report_index(struct doctor *d)
{
	struct bq_nv_public pub;
	int e = read_public(d, BQ_HCL_NV_INDEX, &pub);

	if (e != 0)
		return doctor_error(d, e);
	if (pub.size == 0)
		return doctor_error(d, BQ_E_NOT_CVM);
	if ((pub.attributes & TPMA_NV_WRITTEN) == 0) {
		bq_put_str(&d->fact.s, ": ");
		return doctor_error(d, BQ_E_UNWRITTEN);
	}
	d->have |= DOCTOR_INDEX;
	return DOCTOR_OK;
}

/* attest can redefine it, but for an index that only the platform may remove. */
enum doctor_state doctor_user_data_index(struct doctor *d)
{
	struct bq_nv_public pub;
	int e = read_public(d, BQ_HCL_USER_DATA_NV, &pub);

	if (e != 0)
		return doctor_error(d, e);
	if (pub.size == 0 || bq_azure_user_data_fits(&pub)) {
		d->have |= DOCTOR_USER_DATA;
		if (pub.size == 0)
			bq_put_str(&d->fact.s,
				   "not there yet: attest defines it, if the TPM has room");
		return DOCTOR_OK;
	}
	if ((pub.attributes & TPMA_NV_OWNERREAD) == 0)
		bq_put_str(&d->fact.s, " without OWNERREAD");
	if ((pub.attributes & TPMA_NV_PLATFORMCREATE) != 0)
		return doctor_says(d, DOCTOR_FAIL, ": does not fit, and is the platform's",
				   "redeploy the VM");
	return doctor_says(d, DOCTOR_WARN, ": does not fit",
			   "attest makes it anew: 64 bytes, attributes 0x00020002");
}

enum doctor_state doctor_ak_cert(struct doctor *d)
{
	struct bq_nv_public pub;
	int e = read_public(d, BQ_HCL_AK_CERT_NV, &pub);

	if (e != 0)
		return doctor_error(d, e);
	if (pub.size != 0 && (pub.attributes & TPMA_NV_WRITTEN) != 0)
		return DOCTOR_OK;
	return doctor_says(d, DOCTOR_WARN, pub.size == 0 ? "none" : ": not written",
			   "attest does without it");
}

/* --- owner and PCRs ----------------------------------------------------------- */

/* -P does not help: it is the paravisor that reads user data, and has no password. */
enum doctor_state doctor_owner(struct doctor *d)
{
	uint32_t permanent;
	int e = bq_tpm_property(d->azure.tpm, TPM_PT_PERMANENT, &permanent);

	if (e != 0)
		return doctor_error(d, e);
	if ((permanent & OWNER_AUTH_SET) == 0)
		return doctor_says(d, DOCTOR_OK, "no password", NULL);
	return doctor_says(d, DOCTOR_FAIL, "the owner hierarchy has a password",
			   "clear it: the paravisor reads user data without one");
}

/* Puts the banks' names; the PCRs that SHA-256 has. */
static uint32_t sha256_bank(struct doctor *d, const struct bq_pcr_list *banks)
{
	uint32_t mask = 0;

	bq_put_str(&d->fact.s, "banks");
	for (unsigned i = 0; i < banks->n; i++) {
		const char *name = bq_alg_name(banks->bank[i].alg);

		if (banks->bank[i].mask == 0)
			continue;
		if (banks->bank[i].alg == TPM_ALG_SHA256)
			mask |= banks->bank[i].mask;
		bq_putf(&d->fact.s, " %s", name != NULL ? name : "unknown");
	}
	return mask;
}

static bool is_measured(const struct bq_pcr_values *v)
{
	struct bq_view value;

	for (unsigned i = 0; MEASURED >> i != 0; i++)
		if (bq_pcr_value(v, TPM_ALG_SHA256, i, &value) == 0 && !bq_view_is_zero(value))
			return true;
	return false;
}

enum doctor_state doctor_pcrs(struct doctor *d)
{
	static const struct bq_pcr_list firmware = {
		.n = 1, .bank = {{.alg = TPM_ALG_SHA256, .mask = MEASURED}}};
	static struct bq_pcr_values values;
	struct bq_pcr_list banks;
	struct bq_view r;
	bool more;
	int e;

	if ((e = bq_tpm_get_capability(d->azure.tpm, TPM_CAP_PCRS, 0, 1, &more, &r)) != 0 ||
	    (e = bq_pcr_list_read(&r, &banks)) != 0 || (e = bq_rd_end(&r)) != 0)
		return doctor_error(d, e);
	if (sha256_bank(d, &banks) != ALL_PCRS)
		return doctor_says(d, DOCTOR_FAIL, ": sha256 is not complete",
				   "allocate it (tpm2_pcrallocate) and reboot: attest quotes it");
	if ((e = bq_tpm_pcr_read(d->azure.tpm, &firmware, &values)) != 0)
		return doctor_error(d, e);
	if (is_measured(&values))
		return DOCTOR_OK;
	return doctor_says(d, DOCTOR_WARN, ", PCRs 0 to 7 are zero",
			   "the firmware measured nothing: a quote says nothing about it");
}

/* --- the event log ------------------------------------------------------------ */

enum doctor_state doctor_eventlog(struct doctor *d)
{
	uint8_t buf[1024];
	uint64_t size = 0;
	int fd = open(EVENTLOG, O_RDONLY | O_CLOEXEC);
	long n = -1;

	bq_put_str(&d->fact.s, EVENTLOG ": ");
	while (fd >= 0 && (n = fd_read(fd, buf, sizeof(buf))) > 0)
		size += (uint64_t)n;
	if (n < 0)
		put_errno(&d->fact.s, errno);
	else
		doctor_number(d, "size ", size);
	if (fd >= 0)
		close(fd);
	if (n == 0 && size != 0)
		return DOCTOR_OK;
	return doctor_says(d, DOCTOR_WARN, "",
			   "mount securityfs, and be root; attest does without it");
}

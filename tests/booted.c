#include "booted.h"

#include <string.h>

static void sha256(struct bq_view v, uint8_t out[32])
{
	struct bq_hash h;

	ck_assert_int_eq(bq_hash_init(&h, TPM_ALG_SHA256), 0);
	bq_hash_add(&h, v);
	bq_hash_end(&h, out);
}

static void put_header(struct bq_wr *w)
{
	bq_wr_le32(w, 0);
	bq_wr_le32(w, EV_NO_ACTION);
	bq_wr_zeros(w, 20);
	bq_wr_le32(w, 33);
	bq_wr_view(w, bq_view_of("Spec ID Event03", 16));
	bq_wr_le32(w, 0);
	bq_wr_view(w, VIEW("\x00\x02\x00\x02"));
	bq_wr_le32(w, 1);
	bq_wr_le16(w, TPM_ALG_SHA256);
	bq_wr_le16(w, 32);
	bq_wr_u8(w, 0);
}

void booted_put_event(struct bq_wr *w, uint32_t pcr, uint32_t type, struct bq_view data)
{
	uint8_t digest[32];

	sha256(data, digest);
	bq_wr_le32(w, pcr);
	bq_wr_le32(w, type);
	bq_wr_le32(w, 1);
	bq_wr_le16(w, TPM_ALG_SHA256);
	bq_wr_view(w, bq_view_of(digest, sizeof(digest)));
	bq_wr_le32(w, (uint32_t)data.n);
	bq_wr_view(w, data);
}

struct event {
	uint32_t pcr, type;
	const char *data;
};

static const struct event boot[] = {
	{0, EV_S_CRTM_VERSION, "firmware 1"},
	{7, EV_EFI_VARIABLE_DRIVER_CONFIG, "SecureBoot on"},
	{0, EV_SEPARATOR, "zero"},
	{7, EV_SEPARATOR, "zero"},
	{4, EV_EFI_BOOT_SERVICES_APPLICATION, "shim"},
	{11, EV_IPL, "kernel"},
};

#define EVENTS (sizeof(boot) / sizeof(boot[0]))

struct bq_view booted_log(uint32_t without)
{
	uint8_t buf[2048];
	struct bq_view v = {0};
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	put_header(&w);
	for (size_t i = 0; i < EVENTS; i++)
		if (boot[i].pcr != without)
			booted_put_event(&w, boot[i].pcr, boot[i].type, bq_view_str(boot[i].data));
	ck_assert_int_eq(bq_wr_end(&w, &v), 0);
	return tight_copy(v);
}

void booted_begin(struct forge *f)
{
	struct bq_pcr_bank *bank;
	struct bq_pcr_values replayed;

	forge_begin(f, BQ_PRODUCT_MILAN, false);
	f->ev.eventlog = booted_log(BOOTED_ALL);
	bank = bq_pcr_bank_of(&f->ev.pcrs, TPM_ALG_SHA256);
	ck_assert_int_eq(bq_eventlog_replay(f->ev.eventlog, bq_hash_of, &replayed), 0);
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		struct bq_view v;

		memset(bank->value[i], i >= 17 && i <= 22 ? 0xFF : 0, 32);
		if (bq_pcr_value(&replayed, TPM_ALG_SHA256, i, &v) == 0)
			memcpy(bank->value[i], v.p, 32);
	}
}

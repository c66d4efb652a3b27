/* TCG PC Client Platform Firmware Profile, 10: a log with SHA-256 alone, one event for
 * each of firmware's PCRs. */
#include "genuine.h"

#include <string.h>

static void sha256(const uint8_t *p, size_t n, uint8_t out[32])
{
	must(EVP_Q_digest(NULL, "SHA256", NULL, p, n, out, NULL) == 1);
}

static void put_head(struct bq_wr *w)
{
	bq_wr_le32(w, 0);
	bq_wr_le32(w, 3); /* EV_NO_ACTION */
	bq_wr_zeros(w, 20);
	bq_wr_le32(w, LOG_HEAD_SIZE - 32);
	bq_wr_view(w, bq_view_of("Spec ID Event03", 16));
	bq_wr_le32(w, 0);
	bq_wr_le32(w, 0x02000200);
	bq_wr_le32(w, 1);
	bq_wr_le16(w, TPM_ALG_SHA256);
	bq_wr_le16(w, 32);
	bq_wr_u8(w, 0);
}

static void put_event(struct bq_wr *w, uint32_t pcr, uint8_t value[32])
{
	uint8_t data[4], both[64] = {0};

	memset(data, (int)(0xE0 + pcr), sizeof(data));
	sha256(data, sizeof(data), both + 32);
	bq_wr_le32(w, pcr);
	bq_wr_le32(w, 0x0D); /* EV_IPL */
	bq_wr_le32(w, 1);
	bq_wr_le16(w, TPM_ALG_SHA256);
	bq_wr_view(w, bq_view_of(both + 32, 32));
	bq_wr_le32(w, sizeof(data));
	bq_wr_view(w, bq_view_of(data, sizeof(data)));
	sha256(both, sizeof(both), value);
}

void genuine_log(struct bytes *log, struct bq_pcr_bank *bank)
{
	struct bq_view v;
	struct bq_wr w;

	bq_wr_init(&w, log->p, sizeof(log->p));
	put_head(&w);
	for (uint32_t i = 0; i < LOG_PCRS; i++)
		put_event(&w, i, bank->value[i]);
	must(bq_wr_end(&w, &v) == 0 && v.n == LOG_HEAD_SIZE + LOG_PCRS * LOG_EVENT_SIZE);
	log->n = v.n;
}

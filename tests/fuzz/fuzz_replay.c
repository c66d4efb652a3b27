/* Recorded exchanges: the file decides what the TPM says, and how it is spelt. What is
 * recorded of that, replayed, says the same. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS 4

struct answers {
	unsigned n; /* before the one that failed */
	int e;
	uint32_t rc, x[ROUNDS];
	uint8_t random[ROUNDS][2];
};

static uint64_t now_ms(void *ctx)
{
	(void)ctx;
	return 0;
}

static void sleep_ms(void *ctx, unsigned ms)
{
	(void)ctx, (void)ms;
}

static void ask(struct bq_view file, struct bq_sink *record, struct answers *out)
{
	static const struct bq_clock clock = {.now_ms = now_ms, .sleep_ms = sleep_ms};
	static struct bq_tpm t;
	char path[64];
	int fd = memfd_create("replay", 0);

	memset(out, 0, sizeof(*out));
	must(fd >= 0 && write(fd, file.p, file.n) == (ssize_t)file.n);
	snprintf(path, sizeof(path), "replay:/proc/self/fd/%d", fd);
	must(bq_tpm_open(&t, path) == 0);
	t.clock = &clock;
	t.deadline_ms = UINT64_MAX;
	t.record = record;
	for (; out->n < ROUNDS; out->n++) {
		if ((out->e = bq_tpm_get_random(&t, out->random[out->n], 2)) != 0 ||
		    (out->e = bq_tpm_property(&t, 0x100, &out->x[out->n])) != 0)
			break;
	}
	out->rc = t.rc;
	bq_tpm_close(&t);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static uint8_t text[1 << 20];
	struct answers first, again;
	struct bq_sink_buf record;

	bq_sink_buf_init(&record, text, sizeof(text));
	ask(bq_view_of(p, n), &record.s, &first);
	must(record.s.err == 0);
	ask(bq_view_of(text, record.n), NULL, &again);
	must(first.n == again.n && memcmp(first.x, again.x, sizeof(first.x)) == 0);
	must(memcmp(first.random, again.random, sizeof(first.random)) == 0);
	if (first.e == BQ_E_TPM_RC || first.e == BQ_E_TPM_RESPONSE)
		must(again.e == first.e && again.rc == first.rc);
	return 0;
}

/* PCR files, all three formats: what is read is written, and that is read again. */
#include "fuzz.h"

#include <string.h>

static struct bq_pcr_values values, again;

static void same(const struct bq_pcr_list *sel)
{
	struct bq_view a, b;

	for (unsigned i = 0; i < sel->n; i++)
		for (unsigned pcr = 0; pcr < BQ_PCRS; pcr++) {
			if ((sel->bank[i].mask >> pcr & 1) == 0)
				continue;
			must(bq_pcr_value(&values, sel->bank[i].alg, pcr, &a) == 0);
			must(bq_pcr_value(&again, sel->bank[i].alg, pcr, &b) == 0);
			must(bq_view_eq(a, b));
		}
}

static void write_again(const struct bq_pcr_list *sel)
{
	static uint8_t file[1 << 16];
	uint8_t digest[2][BQ_SHA256_SIZE];
	struct bq_pcr_list read;
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, file, sizeof(file));
	bq_pcr_file_write(&b.s, sel, &values);
	must(b.s.err == 0);
	must(bq_pcr_file_read(bq_view_of(file, b.n), &read, &again) == 0);
	must(bq_pcr_list_count(&read) == bq_pcr_list_count(sel));
	must(bq_pcr_digest_sha256(sel, &values, digest[0]) == 0);
	must(bq_pcr_digest_sha256(sel, &again, digest[1]) == 0);
	must(memcmp(digest[0], digest[1], BQ_SHA256_SIZE) == 0);
	same(sel);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = bq_view_of(p, n);
	struct bq_pcr_list sel;

	if (bq_pcr_file_read(in, &sel, &values) == 0)
		write_again(&sel);
	(void)bq_pcr_file_read_marshaled(in, &sel, &values);
	if (bq_pcr_list_read(&in, &sel) == 0)
		(void)bq_pcr_file_read_values(in, &sel, &values);
	return 0;
}

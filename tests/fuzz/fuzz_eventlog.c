/* Event logs: the iterator ends, stays inside the log, and agrees with the replay. What
 * firmware put into an event is read as each of the structures it could be. */
#include "fuzz.h"

#include <string.h>

static void variable(struct bq_view data)
{
	struct bq_view owner, value, before;
	struct bq_uefi_siglist list;
	struct bq_uefi_variable v;

	if (bq_uefi_variable_parse(data, &v) != 0)
		return;
	fuzz_within(v.guid, data);
	fuzz_within(v.name, data);
	fuzz_within(v.data, data);
	(void)bq_utf16_is(v.name, "db");
	for (before = v.data; bq_uefi_siglist_next(&v.data, &list) == 0; before = v.data) {
		must(v.data.n < before.n);
		fuzz_within(list.signatures, before);
		while (bq_uefi_signature_next(&list, &owner, &value) == 0) {
			must(owner.n == BQ_GUID_SIZE && owner.n + value.n == list.signature_size);
			fuzz_within(value, data);
		}
		must(list.signatures.n == 0);
	}
}

static void gpt(struct bq_view data)
{
	struct bq_uefi_partition p;
	struct bq_uefi_gpt g;
	uint64_t n = 0;

	if (bq_uefi_gpt_parse(data, &g) != 0)
		return;
	fuzz_within(g.partitions, data);
	for (; bq_uefi_partition_next(&g, &p) == 0; n++)
		fuzz_within(p.name, data);
	must(n == g.count);
}

/* Whatever it is, its text is printable. */
static void path(struct bq_view data)
{
	static uint8_t text[1 << 19];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_device_path(&b.s, data);
	bq_put_utf16(&b.s, data);
	bq_put_guid(&b.s, data);
	must(b.s.err == 0);
	for (size_t i = 0; i < b.n; i++)
		must(text[i] >= 0x20 && text[i] < 0x7F);
}

/* Nothing in it ends the quotes it is between. */
static void quoted(struct bq_view data)
{
	static uint8_t text[1 << 17];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_utf16_quoted(&b.s, data);
	must(b.s.err == 0 && bq_view_find(bq_view_of(text, b.n), '"') == b.n);
	for (size_t i = 0; i + 1 < b.n; i++)
		must(text[i] != '\\' || text[i + 1] == 'u');
}

static void contents(struct bq_view data)
{
	struct bq_uefi_load_option option;
	struct bq_uefi_image image;

	variable(data);
	gpt(data);
	path(data);
	quoted(data);
	if (bq_uefi_load_option_parse(data, &option) == 0) {
		fuzz_within(option.description, data);
		path(option.rest);
	}
	if (bq_uefi_image_parse(data, &image) == 0) {
		must(image.path.n == data.n - 32);
		path(image.path);
	}
}

/* Fast, and any value can be reached. */
static int no_hash(uint16_t alg, struct bq_view head, struct bq_view tail, uint8_t *out)
{
	size_t n = bq_alg_size(alg), from = head.n < n ? head.n : n;

	must(n != 0);
	if (from != 0)
		memmove(out, head.p, from);
	memset(out + from, 0, n - from);
	out[0] ^= tail.n != 0 ? tail.p[0] : 1;
	return 0;
}

/* A value that a PCR has at the end, it has after some event, unless none extends it. */
static void found(struct bq_view in, const struct bq_pcr_values *values)
{
	struct bq_view value;
	unsigned after = 0;
	int e;

	for (unsigned pcr = 0; pcr < BQ_PCRS; pcr++) {
		if (bq_pcr_value(values, TPM_ALG_SHA256, pcr, &value) != 0)
			continue;
		e = bq_eventlog_find(in, no_hash, TPM_ALG_SHA256, pcr, value, &after);
		must(e == 0 || e == BQ_E_EVENTLOG);
	}
	must(bq_eventlog_find(in, no_hash, TPM_ALG_RSA, 0, in, &after) == BQ_E_EVENTLOG);
}

/* A quote of what the log leads to fits; with one PCR changed, that one does not, and
 * the words for it are a line of text. */
static void fits(struct bq_view in, const struct bq_pcr_values *values)
{
	static struct bq_pcr_values quoted;
	struct bq_pcr_select sel = {TPM_ALG_SHA256, 0};
	struct bq_eventlog_fit fit;
	struct bq_sink_buf b;
	struct bq_view value;
	char text[280];

	for (unsigned pcr = 0; pcr < BQ_PCRS; pcr++)
		if (bq_pcr_value(values, sel.alg, pcr, &value) == 0)
			sel.mask |= 1u << pcr;
	fit = bq_eventlog_fit(values, values, &sel);
	must(fit.logged == sel.mask && fit.same == sel.mask && fit.differ == 0);
	for (unsigned pcr = 0; pcr < BQ_PCRS; pcr++) {
		if ((sel.mask >> pcr & 1) == 0)
			continue;
		quoted = *values;
		bq_pcr_bank_of(&quoted, sel.alg)->value[pcr][31] ^= 1;
		fit = bq_eventlog_fit(values, &quoted, &sel);
		must(fit.differ == 1u << pcr && fit.same == (sel.mask & ~fit.differ));
		bq_sink_buf_init(&b, text, sizeof(text));
		bq_put_eventlog_misfit(&b.s, in, no_hash, values, &quoted, sel.alg, pcr);
		must(b.s.err == 0);
		for (size_t i = 0; i < b.n; i++)
			must(text[i] >= 0x20 && text[i] < 0x7F);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct bq_pcr_values values;
	struct bq_view in = bq_view_of(p, n);
	struct bq_eventlog log;
	struct bq_event ev;
	unsigned after = 0;
	bool more = true;
	int e;

	if (bq_eventlog_open(in, &log) != 0) {
		must(bq_eventlog_replay(in, no_hash, &values) != 0);
		must(bq_eventlog_find(in, no_hash, TPM_ALG_SHA1, 0, in, &after) != 0);
		return 0;
	}
	while ((e = bq_eventlog_next(&log, &ev, &more)) == 0 && more) {
		must(ev.offset < n && ev.n <= BQ_EVENT_ALGS);
		fuzz_within(ev.data, in);
		contents(ev.data);
		(void)bq_event_type_name(ev.type);
		for (unsigned i = 0; i < ev.n; i++)
			fuzz_within(ev.digest[i].value, in);
	}
	if (bq_eventlog_replay(in, no_hash, &values) == 0) {
		must(e == 0);
		found(in, &values);
		fits(in, &values);
	}
	return 0;
}

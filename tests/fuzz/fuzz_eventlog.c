/* Event logs: the iterator ends, stays inside the log, and agrees with the replay. */
#include "fuzz.h"

static int no_extend(uint16_t alg, uint8_t *pcr, struct bq_view value)
{
	must(bq_alg_size(alg) != 0);
	pcr[0] ^= value.n != 0 ? value.p[0] : 1;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct bq_pcr_values values;
	struct bq_view in = bq_view_of(p, n);
	struct bq_eventlog log;
	struct bq_event ev;
	bool more = true;
	int e;

	if (bq_eventlog_open(in, &log) != 0) {
		must(bq_eventlog_replay(in, no_extend, &values) != 0);
		return 0;
	}
	while ((e = bq_eventlog_next(&log, &ev, &more)) == 0 && more) {
		must(ev.offset < n && ev.n <= BQ_EVENT_ALGS);
		fuzz_within(ev.data, in);
		for (unsigned i = 0; i < ev.n; i++)
			fuzz_within(ev.digest[i].value, in);
	}
	if (bq_eventlog_replay(in, no_extend, &values) == 0)
		must(e == 0);
	return 0;
}

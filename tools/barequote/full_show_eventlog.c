/* A TCG event log: its events, and the PCR values they lead to. */
#include "full_shown.h"

static void show_event(struct shown *o, const struct bq_event *e)
{
	const char *alg;

	shown_group(o, NULL);
	shown_u64(o, "number", e->number);
	shown_u64(o, "pcr", e->pcr);
	shown_named(o, "type", e->type, bq_event_type_name(e->type));
	for (unsigned i = 0; i < e->n; i++)
		if ((alg = bq_alg_name(e->digest[i].alg)) != NULL)
			shown_hex(o, alg, e->digest[i].value);
	shown_u64(o, "data_bytes", e->data.n);
	show_event_data(o, e);
	shown_end_group(o);
}

void show_eventlog(struct shown *o, struct bq_view log)
{
	static struct bq_pcr_values values;
	struct bq_eventlog l;
	struct bq_event event;
	bool more = true;
	int e = bq_eventlog_open(log, &l);

	shown_bool(o, "crypto_agile", e == 0 && l.agile);
	shown_list(o, "events");
	while (e == 0 && (e = bq_eventlog_next(&l, &event, &more)) == 0 && more)
		show_event(o, &event);
	shown_end_list(o);
	if (e != 0) {
		shown_str(o, "problem", bq_strerror(e));
		return;
	}
	if ((e = bq_eventlog_replay(log, bq_hash_of, &values)) != 0) {
		shown_str(o, "replay_problem", bq_strerror(e));
		return;
	}
	shown_group(o, "replayed_pcrs");
	show_pcrs(o, &values);
	shown_end_group(o);
}

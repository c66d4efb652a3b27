/* A log beside a quote: which PCRs it leads to, and where it goes astray. */
#include <barequote/eventlog.h>

#define DRTM_FIRST 17
#define DRTM_LAST  22

struct bq_view bq_pcr_untouched(uint16_t alg, unsigned index)
{
	static const uint8_t zeros[BQ_DIGEST_MAX];
	static const uint8_t ones[BQ_DIGEST_MAX] = {
#define X8 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
		X8, X8, X8, X8, X8, X8, X8, X8,
#undef X8
	};

	return bq_view_of(index >= DRTM_FIRST && index <= DRTM_LAST ? ones : zeros,
			  bq_alg_size(alg));
}

/* True: the log extends it. */
static bool led_to(const struct bq_pcr_values *replayed, uint16_t alg, unsigned index,
		   struct bq_view *out)
{
	if (bq_pcr_value(replayed, alg, index, out) == 0)
		return true;
	*out = bq_pcr_untouched(alg, index);
	return false;
}

struct bq_eventlog_fit bq_eventlog_fit(const struct bq_pcr_values *replayed,
				       const struct bq_pcr_values *quoted,
				       const struct bq_pcr_select *sel)
{
	struct bq_eventlog_fit fit = {0};

	for (unsigned i = 0; i < BQ_PCRS; i++) {
		struct bq_view ours, theirs;

		if (led_to(replayed, sel->alg, i, &ours))
			fit.logged |= 1u << i;
		if ((sel->mask >> i & 1) == 0 || bq_pcr_value(quoted, sel->alg, i, &theirs) != 0)
			continue;
		if (!bq_view_eq(theirs, ours))
			fit.differ |= 1u << i;
		else if ((fit.logged >> i & 1) != 0)
			fit.same |= 1u << i;
	}
	return fit;
}

/* Events whose digest is that of their data, so that a changed one shows. */
static bool hashes_its_data(uint32_t type)
{
	return type == EV_SEPARATOR || type == EV_ACTION || type == EV_S_CRTM_VERSION ||
	       type == EV_EFI_ACTION || type == EV_EFI_VARIABLE_DRIVER_CONFIG ||
	       type == EV_EFI_GPT_EVENT;
}

static bool is_suspect(const struct bq_event *e, bq_hash_fn *hash, uint16_t alg)
{
	uint8_t out[BQ_DIGEST_MAX];

	for (unsigned i = 0; i < e->n; i++)
		if (e->digest[i].alg == alg)
			return hash(alg, e->data, bq_view_of(NULL, 0), out) != 0 ||
			       !bq_view_eq(e->digest[i].value, bq_view_of(out, bq_alg_size(alg)));
	return true; /* no digest for this bank at all */
}

/* A PCR of one bank in a log. */
struct at {
	struct bq_view log;
	bq_hash_fn *hash;
	uint16_t alg;
	unsigned pcr;
};

/* Its first event after number `after` (-1: of all) that is there, or, with suspect,
 * whose digest there is not its data's. */
static bool next_event(const struct at *a, long after, bool suspect, struct bq_event *out)
{
	struct bq_eventlog l;
	bool more;

	if (bq_eventlog_open(a->log, &l) != 0)
		return false;
	while (bq_eventlog_next(&l, out, &more) == 0 && more)
		if (out->pcr == a->pcr && out->type != EV_NO_ACTION && (long)out->number > after &&
		    (!suspect || (hashes_its_data(out->type) && is_suspect(out, a->hash, a->alg))))
			return true;
	return false;
}

/* True where the PCR had that value before or between the log's events; *next is
 * the event that came after. */
static bool passes_through(const struct at *a, struct bq_view quoted, struct bq_event *next)
{
	unsigned at;
	long after = -1;

	if (bq_eventlog_find(a->log, a->hash, a->alg, a->pcr, quoted, &at) == 0)
		after = (long)at;
	else if (!bq_view_eq(quoted, bq_pcr_untouched(a->alg, a->pcr)))
		return false;
	return next_event(a, after, false, next);
}

static void put_why(struct bq_sink *s, const struct at *a, struct bq_view quoted)
{
	struct bq_event e;

	if (passes_through(a, quoted, &e)) {
		bq_putf(s, "the quote was made before event %u", e.number);
	} else if (next_event(a, -1, true, &e)) {
		bq_putf(s, "event %u, at offset ", e.number);
		bq_put_u64(s, e.offset);
		bq_put_str(s, ", has a digest that is not its data's");
	} else if (next_event(a, -1, false, &e)) {
		bq_putf(s, "none of its events, from number %u on, leads there", e.number);
	} else {
		bq_put_str(s, "it has no event");
	}
}

void bq_put_eventlog_misfit(struct bq_sink *s, struct bq_view log, bq_hash_fn *hash,
			    const struct bq_pcr_values *replayed,
			    const struct bq_pcr_values *quoted, uint16_t alg, unsigned index)
{
	const struct at a = {log, hash, alg, index};
	struct bq_view ours, theirs = {0};

	(void)led_to(replayed, alg, index, &ours);
	(void)bq_pcr_value(quoted, alg, index, &theirs);
	bq_putf(s, "PCR %u: the log leads to ", index);
	bq_put_hex_short(s, ours);
	bq_put_str(s, ", the quote has ");
	bq_put_hex_short(s, theirs);
	bq_put_str(s, "; ");
	put_why(s, &a, theirs);
}

/* From events to PCR values (PC Client Platform Firmware Profile, 10.4.5 on
 * StartupLocality; TPM 2.0 Library part 1 on PCR extension). */
#include <barequote/eventlog.h>

#include <string.h>

static const char LOCALITY[16] = "StartupLocality";

/* Where firmware is measured before TPM2_Startup, PCR 0 starts with 4 (TPM 2.0
 * part 1, 34.3). */
#define HCRTM_LOCALITY 4

static void start_bank(struct bq_pcr_bank *b)
{
	for (unsigned i = 0; i < BQ_PCRS; i++)
		memcpy(b->value[i], bq_pcr_untouched(b->alg, i).p, bq_alg_size(b->alg));
}

/* TCG_EfiStartupLocalityEvent: signature[16], StartupLocality u8. */
static bool startup_locality(const struct bq_event *e, uint8_t *locality)
{
	struct bq_view r = e->data, sig;

	return e->type == EV_NO_ACTION && bq_rd_take(&r, sizeof(LOCALITY), &sig) == 0 &&
	       bq_view_eq(sig, bq_view_of(LOCALITY, sizeof(LOCALITY))) &&
	       bq_rd_u8(&r, locality) == 0 && r.n == 0;
}

/* What PCR 0 starts with, in the banks where it has not been extended yet; false
 * where in one it has: a start that comes later would rewrite history. */
static bool set_locality(struct bq_pcr_values *v, uint8_t locality)
{
	for (unsigned k = 0; k < v->n; k++) {
		if (v->bank[k].mask & 1)
			return false;
		v->bank[k].value[0][bq_alg_size(v->bank[k].alg) - 1] = locality;
	}
	return true;
}

static int extend_event(struct bq_pcr_values *v, const struct bq_event *e, bq_hash_fn *hash)
{
	int err;

	if (e->pcr >= BQ_PCRS)
		return BQ_E_EVENTLOG;
	if (e->type == EV_EFI_HCRTM_EVENT && e->pcr == 0)
		set_locality(v, HCRTM_LOCALITY);
	for (unsigned i = 0; i < e->n; i++) {
		struct bq_pcr_bank *b = NULL;
		uint8_t *pcr;

		for (unsigned k = 0; k < v->n; k++)
			if (v->bank[k].alg == e->digest[i].alg)
				b = &v->bank[k];
		if (b == NULL)
			continue;
		pcr = b->value[e->pcr];
		if ((err = hash(b->alg, bq_view_of(pcr, bq_alg_size(b->alg)), e->digest[i].value,
				pcr)) != 0)
			return err;
		b->mask |= 1u << e->pcr;
	}
	return 0;
}

/* One event's effect on all banks. */
static int apply_event(struct bq_pcr_values *v, const struct bq_event *e, bq_hash_fn *hash)
{
	uint8_t locality;

	if (e->type != EV_NO_ACTION)
		return extend_event(v, e, hash);
	if (startup_locality(e, &locality) && !set_locality(v, locality))
		return BQ_E_EVENTLOG;
	return 0;
}

/* A bank may be of a hash that whoever replays does not have: it is left out, as
 * those are that we have no name for. */
static bool can_extend(bq_hash_fn *hash, uint16_t alg)
{
	const struct bq_view nothing = {0};
	uint8_t out[BQ_DIGEST_MAX];

	return bq_alg_size(alg) != 0 && hash(alg, nothing, nothing, out) != BQ_E_ARG;
}

static void start_values(const struct bq_eventlog *l, bq_hash_fn *hash, struct bq_pcr_values *v)
{
	v->n = 0;
	for (unsigned i = 0; i < l->n; i++) {
		struct bq_pcr_bank *b;

		if (can_extend(hash, l->algs[i].alg) &&
		    (b = bq_pcr_bank_of(v, l->algs[i].alg)) != NULL)
			start_bank(b);
	}
}

int bq_eventlog_replay(struct bq_view log, bq_hash_fn *hash, struct bq_pcr_values *out)
{
	struct bq_eventlog l;
	struct bq_event e;
	bool more;
	int err;

	if ((err = bq_eventlog_open(log, &l)) != 0)
		return err;
	start_values(&l, hash, out);
	while ((err = bq_eventlog_next(&l, &e, &more)) == 0 && more)
		if ((err = apply_event(out, &e, hash)) != 0)
			return err;
	return err;
}

int bq_eventlog_find(struct bq_view log, bq_hash_fn *hash, uint16_t alg, unsigned index,
		     struct bq_view value, unsigned *after)
{
	struct bq_pcr_values v;
	struct bq_eventlog l;
	struct bq_event e;
	bool more;
	int err;

	if ((err = bq_eventlog_open(log, &l)) != 0)
		return err;
	start_values(&l, hash, &v);
	while ((err = bq_eventlog_next(&l, &e, &more)) == 0 && more) {
		struct bq_view now;

		if ((err = apply_event(&v, &e, hash)) != 0)
			return err;
		if (bq_pcr_value(&v, alg, index, &now) == 0 && bq_view_eq(now, value)) {
			*after = e.number;
			return 0;
		}
	}
	return err != 0 ? err : BQ_E_EVENTLOG;
}

/* The event log's two formats.
 *
 *   SHA-1 format: pcrIndex u32, eventType u32, digest[20], eventSize u32, event
 *   crypto-agile: pcrIndex u32, eventType u32, count u32,
 *                 count x { hashAlg u16, digest }, eventSize u32, event
 *
 * A crypto-agile log starts with an event in the SHA-1 format, EV_NO_ACTION,
 * whose data says which algorithms follow. */
#include <barequote/eventlog.h>

#define SHA1_SIZE  20
#define FILLER_MIN 8

static const char SPEC_ID[16] = "Spec ID Event03";

/*@ requires reader(r) && \valid(e) && \separated(r, e);
  @ assigns *r, e->n, e->digest[0], e->pcr, e->type, e->data;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && event_of(e, \old(*r)); */
static int read_sha1_event(struct bq_view *r, struct bq_event *e)
{
	uint32_t size;
	int err;

	e->n = 1;
	e->digest[0].alg = TPM_ALG_SHA1;
	if ((err = bq_rd_le32(r, &e->pcr)) != 0 || (err = bq_rd_le32(r, &e->type)) != 0 ||
	    (err = bq_rd_take(r, SHA1_SIZE, &e->digest[0].value)) != 0 ||
	    (err = bq_rd_le32(r, &size)) != 0)
		return err;
	return bq_rd_take(r, size, &e->data);
}

/* The digest size that the header declares for alg; 0 where it does not. */
/*@ requires \valid_read(l) && l->n <= BQ_EVENT_ALGS;
  @ assigns \nothing; */
static uint16_t declared_size(const struct bq_eventlog *l, uint16_t alg)
{
	/*@ loop invariant 0 <= i <= l->n;
	  @ loop assigns i;
	  @ loop variant l->n - i; */
	for (unsigned i = 0; i < l->n; i++)
		if (l->algs[i].alg == alg)
			return l->algs[i].size;
	return 0;
}

/*@ requires \valid_read(l) && l->n <= BQ_EVENT_ALGS;
  @ requires reader(r) && \valid(e) && \separated(l, r, e);
  @ assigns *r, e->n, e->digest[0 .. BQ_EVENT_ALGS - 1];
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && digests_of(e, \old(*r)); */
static int read_digests(const struct bq_eventlog *l, struct bq_view *r, struct bq_event *e)
{
	uint32_t count;
	int err;

	if ((err = bq_rd_le32(r, &count)) != 0)
		return err;
	if (count > l->n)
		return BQ_E_EVENTLOG;
	/*@ loop invariant 0 <= e->n <= count && reader(r) && advanced{Pre, Here}(r);
	  @ loop invariant digests_of(e, \at(*r, Pre));
	  @ loop assigns *r, err, e->n, e->digest[0 .. BQ_EVENT_ALGS - 1];
	  @ loop variant count - e->n; */
	for (e->n = 0; e->n < count; e->n++) {
		struct bq_event_digest *d = &e->digest[e->n];
		uint16_t size;

		if ((err = bq_rd_le16(r, &d->alg)) != 0)
			return err;
		if ((size = declared_size(l, d->alg)) == 0)
			return BQ_E_EVENTLOG;
		if ((err = bq_rd_take(r, size, &d->value)) != 0)
			return err;
	}
	return 0;
}

/*@ requires \valid_read(l) && l->n <= BQ_EVENT_ALGS;
  @ requires reader(r) && \valid(e) && \separated(l, r, e);
  @ assigns *r, e->n, e->digest[0 .. BQ_EVENT_ALGS - 1], e->pcr, e->type, e->data;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r) && event_of(e, \old(*r)); */
static int read_agile_event(const struct bq_eventlog *l, struct bq_view *r, struct bq_event *e)
{
	uint32_t size;
	int err;

	if ((err = bq_rd_le32(r, &e->pcr)) != 0 || (err = bq_rd_le32(r, &e->type)) != 0 ||
	    (err = read_digests(l, r, e)) != 0 || (err = bq_rd_le32(r, &size)) != 0)
		return err;
	return bq_rd_take(r, size, &e->data);
}

/* TCG_EfiSpecIDEvent: signature[16], platformClass u32, specVersionMinor,
 * specVersionMajor, specErrata, uintnSize u8, numberOfAlgorithms u32, as many
 * { algorithmId u16, digestSize u16 }, vendorInfoSize u8, vendorInfo. */
/*@ requires readable(r) && \valid(l);
  @ assigns l->n, l->algs[0 .. BQ_EVENT_ALGS - 1];
  @ ensures \result == 0 ==> 1 <= l->n <= BQ_EVENT_ALGS; */
static int read_spec_id(struct bq_view r, struct bq_eventlog *l)
{
	uint32_t count;
	uint8_t vendor;
	int err;

	if ((err = bq_rd_skip(&r, sizeof(SPEC_ID) + 8)) != 0 || (err = bq_rd_le32(&r, &count)) != 0)
		return err;
	if (count == 0 || count > BQ_EVENT_ALGS)
		return BQ_E_EVENTLOG;
	/*@ loop invariant 0 <= l->n <= count && reader(&r);
	  @ loop assigns r, err, l->n, l->algs[0 .. BQ_EVENT_ALGS - 1];
	  @ loop variant count - l->n; */
	for (l->n = 0; l->n < count; l->n++) {
		uint16_t alg, size;

		if ((err = bq_rd_le16(&r, &alg)) != 0 || (err = bq_rd_le16(&r, &size)) != 0)
			return err;
		if (size == 0 || size > BQ_DIGEST_MAX || declared_size(l, alg) != 0 ||
		    (bq_alg_size(alg) != 0 && bq_alg_size(alg) != size))
			return BQ_E_EVENTLOG;
		l->algs[l->n].alg = alg;
		l->algs[l->n].size = size;
	}
	if ((err = bq_rd_u8(&r, &vendor)) != 0 || (err = bq_rd_skip(&r, vendor)) != 0)
		return err;
	return bq_rd_end(&r);
}

/*@ requires \valid_read(e) && readable(e->data);
  @ assigns \nothing; */
static bool is_spec_id(const struct bq_event *e)
{
	struct bq_view head;

	return e->type == EV_NO_ACTION && bq_view_sub(e->data, 0, sizeof(SPEC_ID), &head) == 0 &&
	       bq_view_eq(head, bq_view_of(SPEC_ID, sizeof(SPEC_ID)));
}

int bq_eventlog_open(struct bq_view log, struct bq_eventlog *out)
{
	struct bq_eventlog l = {.log = log, .rest = log, .n = 1};
	struct bq_view r = log;
	struct bq_event first;
	int err;

	l.algs[0].alg = TPM_ALG_SHA1;
	l.algs[0].size = SHA1_SIZE;
	if ((err = read_sha1_event(&r, &first)) != 0)
		return err;
	if (is_spec_id(&first)) {
		l.agile = true;
		if ((err = read_spec_id(first.data, &l)) != 0)
			return err == BQ_E_SHORT ? BQ_E_EVENTLOG : err;
	}
	*out = l;
	return 0;
}

/* True where all that is left is zeros, or all 0xFF: at least an event's first
 * two words of it, since a log cut just after its PCR index looks like that too.
 * What a scan learns is kept in l->solid, so that a hostile log cannot make each
 * event scan the rest. */
/*@ requires \valid(l) && at_event(*l);
  @ assigns l->solid; */
static bool only_filler(struct bq_eventlog *l)
{
	size_t at = l->log.n - l->rest.n;

	if (l->rest.n == 0)
		return true;
	if (l->rest.n < FILLER_MIN || at < l->solid || (l->rest.p[0] != 0 && l->rest.p[0] != 0xFF))
		return false;
	/*@ loop invariant 1 <= i <= l->rest.n;
	  @ loop assigns i;
	  @ loop variant l->rest.n - i; */
	for (size_t i = 1; i < l->rest.n; i++) {
		if (l->rest.p[i] != l->rest.p[0]) {
			l->solid = at + i;
			return false;
		}
	}
	return true;
}

int bq_eventlog_next(struct bq_eventlog *l, struct bq_event *out, bool *more)
{
	struct bq_event e = {.offset = l->log.n - l->rest.n, .number = l->count};
	struct bq_view r = l->rest;
	int err;

	if (only_filler(l)) {
		*more = false;
		return 0;
	}
	err = l->agile && l->count > 0 ? read_agile_event(l, &r, &e) : read_sha1_event(&r, &e);
	if (err != 0)
		return err;
	l->rest = r;
	l->count++;
	*out = e;
	*more = true;
	return 0;
}

/* The TCG event log: TCG PC Client Platform Firmware Profile, section 10.
 * Both formats: SHA-1 only (TCG_PCClientPCREvent) and crypto-agile
 * (TCG_PCR_EVENT2 after a Spec ID Event03). Little-endian.
 *
 * No allocation, any size: an iterator over views into the log. */
#ifndef BAREQUOTE_EVENTLOG_H
#define BAREQUOTE_EVENTLOG_H

#include <barequote/pcr.h>

/* Event types that something here looks at; bq_event_type_name()
 * knows all of them. */
#define EV_POST_CODE                     0x00000001u
#define EV_NO_ACTION                     0x00000003u
#define EV_SEPARATOR                     0x00000004u
#define EV_ACTION                        0x00000005u
#define EV_S_CRTM_CONTENTS               0x00000007u
#define EV_S_CRTM_VERSION                0x00000008u
#define EV_IPL                           0x0000000Du
#define EV_EFI_VARIABLE_DRIVER_CONFIG    0x80000001u
#define EV_EFI_VARIABLE_BOOT             0x80000002u
#define EV_EFI_BOOT_SERVICES_APPLICATION 0x80000003u
#define EV_EFI_BOOT_SERVICES_DRIVER      0x80000004u
#define EV_EFI_RUNTIME_SERVICES_DRIVER   0x80000005u
#define EV_EFI_GPT_EVENT                 0x80000006u
#define EV_EFI_ACTION                    0x80000007u
#define EV_EFI_PLATFORM_FIRMWARE_BLOB    0x80000008u
#define EV_EFI_PLATFORM_FIRMWARE_BLOB2   0x8000000Au
#define EV_EFI_VARIABLE_BOOT2            0x8000000Cu
#define EV_EFI_HCRTM_EVENT               0x80000010u
#define EV_EFI_VARIABLE_AUTHORITY        0x800000E0u

#define BQ_EVENT_ALGS                    8 /* digest algorithms in a log, at most */

struct bq_event_digest {
	uint16_t alg;
	struct bq_view value;
};

struct bq_event {
	size_t offset;   /* of the event in the log */
	unsigned number; /* from 0, the header of a crypto-agile log included */
	uint32_t pcr, type;
	unsigned n; /* digests; 1 (SHA-1) in the old format */
	struct bq_event_digest digest[BQ_EVENT_ALGS];
	struct bq_view data;
};

struct bq_eventlog {
	struct bq_view log, rest;
	bool agile;
	unsigned n; /* algorithms: of the header, or SHA-1 alone */
	struct {
		uint16_t alg, size;
	} algs[BQ_EVENT_ALGS];
	unsigned count; /* events read so far */
	size_t solid;   /* offset of a byte that is known to be no filler */
};

/*@ predicate at_event(struct bq_eventlog l) = // between two events of its log
  @     readable(l.log) && readable(l.rest) && l.rest.n <= l.log.n &&
  @     ahead(l.rest.p, l.log.p, l.log.n - l.rest.n) && l.n <= BQ_EVENT_ALGS;
  @ predicate digests_of(struct bq_event *e, struct bq_view log) = e->n <= BQ_EVENT_ALGS &&
  @     \forall integer i; 0 <= i < e->n ==> within(e->digest[i].value, log);
  @ predicate event_of(struct bq_event *e, struct bq_view log) =
  @     digests_of(e, log) && within(e->data, log);
  @*/

/* Looks at the first event. BQ_E_SHORT, BQ_E_EVENTLOG. */
/*@ requires readable(log) && \valid(out);
  @ assigns *out;
  @ ensures \result == 0 ==> at_event(*out) && out->log == log && out->rest == log;
  @ ensures \result != 0 ==> *out == \old(*out); */
int bq_eventlog_open(struct bq_view log, struct bq_eventlog *out);
/* The next event. *more is false at the end: nothing left, or at least 8 bytes
 * of only zeros or only 0xFF (firmware hands over its whole buffer). BQ_E_SHORT where the log
 * stops inside an event, BQ_E_EVENTLOG where it cannot be one. */
int bq_eventlog_next(struct bq_eventlog *l, struct bq_event *out, bool *more);

/* What PCRs the log leads to, in every bank of the log that hash has. Masks: the
 * PCRs that the log extends. EV_NO_ACTION is not extended; a StartupLocality event
 * sets PCR 0's start, as does an H-CRTM event. out is undefined on failure. */
int bq_eventlog_replay(struct bq_view log, bq_hash_fn *hash, struct bq_pcr_values *out);
/* The same for one bank, stopping where PCR index has taken value: *after is
 * the number of the event that led there. BQ_E_EVENTLOG where it never does. */
int bq_eventlog_find(struct bq_view log, bq_hash_fn *hash, uint16_t alg, unsigned index,
		     struct bq_view value, unsigned *after);

/* What a PCR has before anything is measured (PC Client Platform TPM Profile,
 * 4.6.2): zeros, but ones where a dynamic launch has yet to happen. */
struct bq_view bq_pcr_untouched(uint16_t alg, unsigned index);

/* Firmware owns PCRs 0 to 7 (PC Client Platform Firmware Profile, 3.3.4) and stops
 * extending them when it hands over. An operating system goes on with the others,
 * which this log does not see. */
#define BQ_FIRMWARE_PCRS 0x00FFu
/* The PCRs of a static boot, but 10: there Linux's IMA keeps a log of its own. */
#define BQ_BOOT_PCRS 0xFBFFu

/* Masks of PCRs in one bank. What the log does not extend it leaves untouched, so
 * that nobody gains by leaving events out. */
struct bq_eventlog_fit {
	uint32_t logged; /* extended by the log */
	uint32_t same;   /* quoted, extended by the log, and what it leads to */
	uint32_t differ; /* quoted, and another value */
};

/* What bq_eventlog_replay() gave beside quoted values, of the PCRs in sel. */
struct bq_eventlog_fit bq_eventlog_fit(const struct bq_pcr_values *replayed,
				       const struct bq_pcr_values *quoted,
				       const struct bq_pcr_select *sel);
/* Of a PCR that differs: `PCR 7: the log leads to .., the quote has ..;` and which
 * event keeps it from fitting, as far as that can be told from the values. */
void bq_put_eventlog_misfit(struct bq_sink *s, struct bq_view log, bq_hash_fn *hash,
			    const struct bq_pcr_values *replayed,
			    const struct bq_pcr_values *quoted, uint16_t alg, unsigned index);

/* `EV_SEPARATOR`; NULL where unknown. */
const char *bq_event_type_name(uint32_t type);

#endif

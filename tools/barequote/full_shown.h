/* One description, two forms: lines for people, JSON for programs. */
#ifndef TOOL_SHOWN_H
#define TOOL_SHOWN_H

#include <barequote/barequote.h>

#include "tool.h"

struct shown {
	struct bq_sink *s;
	bool json;
	struct bq_jw jw;
	unsigned depth;
};

/* A whole description; what it is of, in a few words, comes first. */
void shown_begin(struct shown *o, struct bq_sink *s, bool json, const char *what);
void shown_end(struct shown *o);

/* key NULL inside lists. */
void shown_group(struct shown *o, const char *key);
void shown_end_group(struct shown *o);
void shown_list(struct shown *o, const char *key);
void shown_end_list(struct shown *o);

void shown_str(struct shown *o, const char *key, const char *value);  /* our own words */
void shown_chars(struct shown *o, const char *key, struct bq_view v); /* from outside */
/* Made here of printable characters, backslashes among them. */
void shown_printable(struct shown *o, const char *key, struct bq_view v);
void shown_hex(struct shown *o, const char *key, struct bq_view v);
void shown_u64(struct shown *o, const char *key, uint64_t x);
void shown_x64(struct shown *o, const char *key, uint64_t x); /* 0x... */
void shown_bool(struct shown *o, const char *key, bool b);
/* A number and, where it has one, its name. */
void shown_named(struct shown *o, const char *key, uint64_t x, const char *name);

/* --- what is described, each in the file that is named after it --------------- */

/* product: of the keys that verified it; BQ_PRODUCT_UNKNOWN: what the report says. */
void show_snp(struct shown *o, const struct bq_snp *snp, enum bq_product product);
void show_tcb(struct shown *o, const char *key, struct bq_view tcb, enum bq_product product);
/* report_data: of the report that must vouch for the claims; n 0: none. */
void show_claims(struct shown *o, struct bq_view text, struct bq_view report_data);
/* Any JSON value, as a tree. */
void show_json(struct shown *o, const char *key, struct bq_json j);
void show_hcl(struct shown *o, const struct bq_hcl *hcl, enum bq_product product);
void show_quote(struct shown *o, const struct bq_attest *a);
void show_signature(struct shown *o, const struct bq_signature *sig);
void show_public(struct shown *o, const struct bq_public *pub);
void show_pcrs(struct shown *o, const struct bq_pcr_values *v);
void show_evidence(struct shown *o, const struct bq_evidence *ev, enum bq_product product);
/* Of evidence, where it has them. */
void show_quote_and_pcrs(struct shown *o, const struct bq_evidence *ev);
/* PEM, any number, or DER. False where it is none. */
bool shown_is_cert(struct bq_view v);
bool show_certs(struct shown *o, const char *key, struct bq_view v);
/* SubjectPublicKeyInfo, PEM or DER. */
bool shown_is_key(struct bq_view v);
void show_key(struct shown *o, struct bq_view v);
/* A whole command or response. */
bool shown_is_packet(struct bq_view v);
void show_packet(struct shown *o, struct bq_view v);
void show_eventlog(struct shown *o, struct bq_view log);
void show_event_data(struct shown *o, const struct bq_event *e);

#endif

/* What the readers of JSON containers share. */
#ifndef EVIDENCE_READ_H
#define EVIDENCE_READ_H

#include <barequote/evidence.h>

/* Where decoded bytes go, and the path of the member being read. */
struct bq_ev_reader {
	uint8_t *work;
	size_t cap, used;
	const char *outer, *name; /* `tpm_quote`, `signature`; NULL where there is none */
	bool has_index;
	size_t index; /* in the array that name is */
};

/* How a member spells its bytes. */
enum bq_ev_form {
	BQ_EV_HEX,
	BQ_EV_BASE64, /* either alphabet */
	BQ_EV_INTS,   /* array of 0..255 */
	BQ_EV_TEXT,   /* the string itself */
};

/* Decodes into at most cap bytes at dst. */
int bq_ev_decode(struct bq_ev_reader *r, struct bq_json j, enum bq_ev_form form, uint8_t *dst,
		 size_t cap, size_t *n);
/* A member that must be there and not be empty, decoded into the workspace. */
int bq_ev_member(struct bq_ev_reader *r, struct bq_json object, const char *name,
		 enum bq_ev_form form, struct bq_view *out);
/* A member that may be missing: *out is then empty. */
int bq_ev_optional(struct bq_ev_reader *r, struct bq_json object, const char *name,
		   enum bq_ev_form form, struct bq_view *out);
/* {signature, message, pcrs[24]}, all three in one form. */
int bq_ev_quote(struct bq_ev_reader *r, struct bq_json quote, enum bq_ev_form form,
		struct bq_evidence *out);
/* The current path into where, NUL-terminated and cut to the room there is. */
void bq_ev_put_path(const struct bq_ev_reader *r, char *where, size_t cap);

#endif

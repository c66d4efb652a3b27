/* The corpus of forgeries: makers here, what must become of each in
 * tests/vectors/forgeries.txt. */
#ifndef FORGERY_H
#define FORGERY_H

#include "forge.h"

#include <string.h>

/* How one forgery is made. Its genuine twin is made by the same path, without
 * change, spoil and replacement. */
struct maker {
	const char *name;
	void (*begin)(struct forge *f);  /* genuine evidence */
	void (*change)(struct forge *f); /* before all is signed, as an attacker could */
	void (*spoil)(struct forge *f);  /* after */
	int arg;                         /* for these two: f->arg, */
	const char *text;                /* and f->text */
	unsigned variants;               /* 0: one; spoil gets 0 to variants - 1 in f->variant */
	/* In a JSON container, the first of these... */
	const char *find;
	const char *put; /* ...becomes this. */
};

/* Each ends with a maker that has no name. */
extern const struct maker chain_makers[], leaf_makers[], report_makers[], runtime_makers[],
	quote_makers[], container_makers[];

/* The nth of all makers, NULL after the last. */
const struct maker *maker_at(int n);
/* What m makes, or its twin; not spoiled yet. */
void maker_make(const struct maker *m, bool forged, struct forge *f);

void milan(struct forge *f);
void milan_vlek(struct forge *f);
void turin(struct forge *f);

/* The report in f->ev.hcl, which becomes a copy that may be written to. */
uint8_t *writable_report(struct forge *f);
/* text with the first find, which must be there, replaced. */
const char *replaced(const char *text, const char *find, const char *put);
/* A second RSA key of 2048 bits. */
EVP_PKEY *attackers_ak(void);
/* user-data of the nonce, as version 2 of the evidence wants it. */
void milan_user_data(struct forge *f);

#endif

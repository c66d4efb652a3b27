/* Evidence of a machine that has just booted, with the event log of that. */
#ifndef BOOTED_H
#define BOOTED_H

#include "forge.h"

void booted_begin(struct forge *f);
/* Its log, but for the events of PCR `without`. */
struct bq_view booted_log(uint32_t without);
#define BOOTED_ALL 99 /* no PCR has this number */
/* One more event, its digest that of its data. */
void booted_put_event(struct bq_wr *w, uint32_t pcr, uint32_t type, struct bq_view data);

#endif

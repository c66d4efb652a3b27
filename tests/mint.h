/* The simulator's keys for suites that mint certificates and reports. */
#ifndef MINT_H
#define MINT_H

#include "ca.h"
#include "snp_sign.h"

/* Made once and kept beside the test program, since RSA-4096 keys take seconds.
 * For unchecked fixtures or single tests; never freed. */
const struct sim_keys *mint_keys(void);
/* Where they are: in keys, beside the program (argv[0]). */
void mint_beside(const char *program);
/* From now on in keys-SLOT: what runs at the same time does not share a simulator's
 * state. */
void mint_in_slot(unsigned slot);
const char *mint_dir(void);

#endif

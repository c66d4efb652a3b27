/* Evidence that real machines gave, from ../shared/vectors. */
#ifndef CAPTURES_H
#define CAPTURES_H

#include "support.h"

#define AT_2025 1761955200 /* 2025-11-01: all captures but snp-milan-v3 are valid */

/* Both verify at that time, with this nonce. */
#define CAPTURE_NONCE VIEW("challenge")
struct bq_evidence evidence_2023(void);
struct bq_evidence evidence_2025(void);

#endif

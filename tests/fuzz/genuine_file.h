/* Whole files that are genuine, for targets whose input is a file: one that begins with
 * GENUINE_FILES + one of these is that file, with what follows done to it, each
 *
 *   bytes to take away, bytes to put in their place (1 byte each), where (2, big-endian),
 *   the bytes put there
 *
 * No file of those kinds begins so by itself. */
#ifndef GENUINE_FILE_H
#define GENUINE_FILE_H

#include "genuine.h"

#define GENUINE_FILES 0xF0

enum genuine_file {
	FILE_COCO0,
	FILE_COCO1,
	FILE_COCO2,
	FILE_LINE, /* of verify --stream, with GENUINE_NONCE */
	FILE_SNP,
	FILE_PEM, /* leaf, CA and root */
	FILE_DER, /* the leaf */
	FILES
};

/* The input where it is no such. Lives until the next call. */
struct bq_view genuine_file(struct bq_view in);
/* What they are made of. */
const struct genuine *genuine_file_parts(void);

#endif

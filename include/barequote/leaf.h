/* AMD's extensions of a VCEK or VLEK certificate: AMD publication 57230
 * (Versioned Chip Endorsement Key Certificate and KDS Interface), section on
 * certificate extensions. All under 1.3.6.1.4.1.3704.1.
 *
 * The one header that needs OpenSSL's, so that barequote.h leaves it out. */
#ifndef BAREQUOTE_LEAF_H
#define BAREQUOTE_LEAF_H

#include <barequote/bytes.h>

#include <openssl/x509.h>

enum bq_leaf_field {
	BQ_LEAF_STRUCT_VERSION,
	BQ_LEAF_PRODUCT_NAME,
	BQ_LEAF_BOOTLOADER,
	BQ_LEAF_TEE,
	BQ_LEAF_SNP,
	BQ_LEAF_SPL4,
	BQ_LEAF_SPL5,
	BQ_LEAF_SPL6,
	BQ_LEAF_SPL7,
	BQ_LEAF_MICROCODE,
	BQ_LEAF_FMC,
	BQ_LEAF_HWID,
	BQ_LEAF_CSP_ID,
	BQ_LEAF_FIELDS
};

struct bq_leaf_value {
	bool present;
	const char *problem; /* NULL: present, once, and well-formed */
	uint8_t number;
	struct bq_view bytes; /* in the certificate: text or hwID */
	struct bq_view raw;   /* all that the extension has, well-formed or not */
};

struct bq_leaf {
	struct bq_leaf_value field[BQ_LEAF_FIELDS];
};

/* Never fails: each field has its own problem. */
void bq_leaf_read(const X509 *x, struct bq_leaf *out);
/* One extension as bq_leaf_read() reads it; false where it is none of AMD's. The views lie
 * in it. */
bool bq_leaf_read_extension(X509_EXTENSION *ext, enum bq_leaf_field *field,
			    struct bq_leaf_value *out);
/* `TEE SPL` */
const char *bq_leaf_field_name(enum bq_leaf_field f);

#endif

/* AMD's certificate extensions. */
#include <barequote/leaf.h>

#include <openssl/objects.h>

#define DER_INTEGER      0x02
#define DER_OCTET_STRING 0x04
#define DER_IA5_STRING   0x16
#define DER_SHORT_MAX    0x7F /* longest length in one byte */
#define HWID_SIZE        64
#define HWID_TURIN_SIZE  8

enum kind {
	NUMBER,
	TEXT,
	HWID,
};

/* 1.3.6.1.4.1.3704.1, as DER has it. */
#define AMD "\x2B\x06\x01\x04\x01\x9C\x78\x01"

static const struct {
	const char *oid, *name;
	enum kind kind;
} fields[BQ_LEAF_FIELDS] = {
	[BQ_LEAF_STRUCT_VERSION] = {AMD "\x01", "structVersion", NUMBER},
	[BQ_LEAF_PRODUCT_NAME] = {AMD "\x02", "productName", TEXT},
	[BQ_LEAF_BOOTLOADER] = {AMD "\x03\x01", "bootloader SPL", NUMBER},
	[BQ_LEAF_TEE] = {AMD "\x03\x02", "TEE SPL", NUMBER},
	[BQ_LEAF_SNP] = {AMD "\x03\x03", "SNP SPL", NUMBER},
	[BQ_LEAF_SPL4] = {AMD "\x03\x04", "SPL 4", NUMBER},
	[BQ_LEAF_SPL5] = {AMD "\x03\x05", "SPL 5", NUMBER},
	[BQ_LEAF_SPL6] = {AMD "\x03\x06", "SPL 6", NUMBER},
	[BQ_LEAF_SPL7] = {AMD "\x03\x07", "SPL 7", NUMBER},
	[BQ_LEAF_MICROCODE] = {AMD "\x03\x08", "microcode SPL", NUMBER},
	[BQ_LEAF_FMC] = {AMD "\x03\x09", "FMC SPL", NUMBER},
	[BQ_LEAF_HWID] = {AMD "\x04", "hwID", HWID},
	[BQ_LEAF_CSP_ID] = {AMD "\x05", "CSP_ID", TEXT},
};

const char *bq_leaf_field_name(enum bq_leaf_field f)
{
	return fields[f].name;
}

/* The contents of one DER element that is all of v, with a length in one byte. */
static bool der_contents(struct bq_view v, uint8_t tag, struct bq_view *out)
{
	uint8_t t, n;

	if (bq_rd_u8(&v, &t) != 0 || bq_rd_u8(&v, &n) != 0 || t != tag || n > DER_SHORT_MAX ||
	    v.n != n)
		return false;
	*out = v;
	return true;
}

/* INTEGER from 0 to 255: one byte below 0x80, else a zero and one byte (X.690, 8.3). */
static const char *read_number(struct bq_view v, struct bq_leaf_value *out)
{
	struct bq_view c;
	uint8_t pad, x;

	if (!der_contents(v, DER_INTEGER, &c))
		return "is no INTEGER";
	if (c.n == 2) {
		if (bq_rd_u8(&c, &pad) != 0 || bq_rd_u8(&c, &x) != 0 || pad != 0 || x < 0x80)
			return "is out of range or not DER";
	} else if (c.n != 1 || bq_rd_u8(&c, &x) != 0 || x >= 0x80) {
		return "is out of range or not DER";
	}
	out->number = x;
	return NULL;
}

static const char *read_text(struct bq_view v, struct bq_leaf_value *out)
{
	struct bq_view c;

	if (!der_contents(v, DER_IA5_STRING, &c) || c.n == 0)
		return "is no IA5String";
	for (size_t i = 0; i < c.n; i++)
		if (c.p[i] < 0x20 || c.p[i] > 0x7E)
			return "has characters that do not print";
	out->bytes = c;
	return NULL;
}

/* AMD puts the bytes there without a tag; some issuers wrap them. The lengths
 * tell the two apart. */
static const char *read_hwid(struct bq_view v, struct bq_leaf_value *out)
{
	struct bq_view c = v;

	if (v.n != HWID_SIZE && v.n != HWID_TURIN_SIZE && !der_contents(v, DER_OCTET_STRING, &c))
		return "is neither bare bytes nor an OCTET STRING";
	if (c.n != HWID_SIZE && c.n != HWID_TURIN_SIZE)
		return "is not 64 or 8 bytes long";
	out->bytes = c;
	return NULL;
}

static void read_value(enum kind kind, struct bq_view v, struct bq_leaf_value *out)
{
	switch (kind) {
	case NUMBER:
		out->problem = read_number(v, out);
		break;
	case TEXT:
		out->problem = read_text(v, out);
		break;
	case HWID:
		out->problem = read_hwid(v, out);
		break;
	}
}

/* By the bytes: OBJ_obj2txt() can fail, and one of these would pass for unknown. */
static bool find_field(const ASN1_OBJECT *o, enum bq_leaf_field *field)
{
	struct bq_view oid = bq_view_of(OBJ_get0_data(o), OBJ_length(o));

	for (unsigned f = 0; f < BQ_LEAF_FIELDS; f++)
		if (bq_view_eq_str(oid, fields[f].oid)) {
			*field = (enum bq_leaf_field)f;
			return true;
		}
	return false;
}

bool bq_leaf_read_extension(X509_EXTENSION *ext, enum bq_leaf_field *field,
			    struct bq_leaf_value *out)
{
	const ASN1_OCTET_STRING *s = X509_EXTENSION_get_data(ext);

	if (!find_field(X509_EXTENSION_get_object(ext), field))
		return false;
	*out = (struct bq_leaf_value){
		.present = true,
		.raw = bq_view_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s)),
	};
	read_value(fields[*field].kind, out->raw, out);
	return true;
}

void bq_leaf_read(const X509 *x, struct bq_leaf *out)
{
	*out = (struct bq_leaf){0};
	for (unsigned f = 0; f < BQ_LEAF_FIELDS; f++)
		out->field[f].problem = "is missing";
	for (int i = 0; i < X509_get_ext_count(x); i++) {
		struct bq_leaf_value v;
		enum bq_leaf_field f;

		if (!bq_leaf_read_extension(X509_get_ext(x, i), &f, &v))
			continue;
		if (!out->field[f].present)
			out->field[f] = v;
		else
			out->field[f].problem = "is there twice";
	}
}

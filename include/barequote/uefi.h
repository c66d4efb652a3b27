/* What firmware writes into the events of a log: UEFI's structures (UEFI
 * Specification 2.10; PC Client Platform Firmware Profile, 10.2). Little-endian.
 *
 * Views into the event's data. Lengths are checked, contents are not: data of an
 * event whose digest is not that of its data may be anything. */
#ifndef BAREQUOTE_UEFI_H
#define BAREQUOTE_UEFI_H

#include <barequote/bytes.h>
#include <barequote/text.h>

#define BQ_GUID_SIZE 16

/* `8be4df61-93ca-11d2-aa0d-00e098032b8c`, of 16 bytes. */
void bq_put_guid(struct bq_sink *s, struct bq_view guid);
/* UTF-16 up to its end or its NUL: printable ASCII as it is, other units as \uNNNN. */
void bq_put_utf16(struct bq_sink *s, struct bq_view v);
/* The same for between double quotes in YAML or JSON: `"` and `\` become \uNNNN too. */
void bq_put_utf16_quoted(struct bq_sink *s, struct bq_view v);
/* True where the UTF-16 is exactly this text. */
bool bq_utf16_is(struct bq_view v, const char *ascii);

/* UEFI_VARIABLE_DATA, PFP 10.2.6. Bytes after it are left alone. */
struct bq_uefi_variable {
	struct bq_view guid;
	struct bq_view name; /* UTF-16, two bytes a unit, no NUL */
	struct bq_view data;
};

int bq_uefi_variable_parse(struct bq_view v, struct bq_uefi_variable *out); /* BQ_E_SHORT */

/* EFI_SIGNATURE_LIST, UEFI 32.4.1, one after another in PK, KEK, db and dbx. */
struct bq_uefi_siglist {
	struct bq_view type; /* GUID */
	uint32_t list_size, header_size, signature_size;
	struct bq_view signatures; /* a multiple of signature_size */
};

/* BQ_E_SHORT, BQ_E_EVENTLOG (sizes that contradict each other). */
int bq_uefi_siglist_next(struct bq_view *r, struct bq_uefi_siglist *out);
/* The next of list.signatures: whose it is, and a certificate or a hash. */
int bq_uefi_signature_next(struct bq_uefi_siglist *list, struct bq_view *owner,
			   struct bq_view *data);

/* EFI_LOAD_OPTION, UEFI 3.1.3: what Boot#### holds. */
struct bq_uefi_load_option {
	uint32_t attributes;        /* bit 0: active */
	uint16_t path_size;         /* as it says */
	struct bq_view description; /* UTF-16 without its NUL */
	struct bq_view rest;        /* device paths of that size, and optional data */
};

int bq_uefi_load_option_parse(struct bq_view v, struct bq_uefi_load_option *out); /* BQ_E_SHORT */

/* UEFI_IMAGE_LOAD_EVENT, PFP 10.2.3. */
struct bq_uefi_image {
	uint64_t location, length, link_address;
	uint64_t path_size;  /* as it says */
	struct bq_view path; /* all that follows */
};

int bq_uefi_image_parse(struct bq_view v, struct bq_uefi_image *out); /* BQ_E_SHORT */

/* UEFI_GPT_DATA, PFP 10.2.5: the header of UEFI 5.3.2, and the partitions in use. */
struct bq_uefi_gpt {
	struct bq_view signature; /* `EFI PART` */
	uint32_t revision, header_size, header_crc;
	uint64_t my_lba, alternate_lba, first_lba, last_lba;
	struct bq_view disk; /* GUID */
	uint64_t entry_lba;
	uint32_t entries, entry_size, entries_crc;
	uint64_t count;            /* partitions that follow */
	struct bq_view partitions; /* of 128 bytes each, as many */
};

struct bq_uefi_partition {
	struct bq_view type, unique; /* GUIDs */
	uint64_t first_lba, last_lba, attributes;
	struct bq_view name; /* UTF-16, NULs at its end */
};

/* BQ_E_SHORT; BQ_E_TRAILING where it is longer than its partitions. */
int bq_uefi_gpt_parse(struct bq_view v, struct bq_uefi_gpt *out);
int bq_uefi_partition_next(struct bq_uefi_gpt *gpt, struct bq_uefi_partition *out);

/* A device path as UEFI writes it (10.6): `PciRoot(0x0)/Pci(0x3,0x0)/...`. Nodes
 * it has no words for as Path(TYPE,SUBTYPE,HEX); what does not parse as hex. */
void bq_put_device_path(struct bq_sink *s, struct bq_view path);

#endif

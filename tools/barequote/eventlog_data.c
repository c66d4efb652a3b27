/* The data of an event, by its type. Data that is not what its type says it should
 * be is shown in hex, as is that of types without a form. */
#include "eventlog_data.h"

#include <barequote/uefi.h>

#define HEX_MAX 1024 /* bytes: as tpm2_eventlog */

static void put_line(struct bq_sink *s, const char *key, uint64_t x)
{
	bq_put_str(s, key);
	bq_put_u64(s, x);
	bq_put_chr(s, '\n');
}

static void put_line_x(struct bq_sink *s, const char *key, uint64_t x)
{
	unsigned digits = 1;

	while (digits < 16 && x >> (4 * digits) != 0)
		digits++;
	bq_put_str(s, key);
	bq_put_str(s, "0x");
	bq_put_x64(s, x, digits);
	bq_put_chr(s, '\n');
}

static void put_line_guid(struct bq_sink *s, const char *key, struct bq_view guid)
{
	bq_put_str(s, key);
	bq_put_guid(s, guid);
	bq_put_chr(s, '\n');
}

/* Hex in the given quotes. */
static void put_line_hex(struct bq_sink *s, const char *key, const char *quote, struct bq_view v)
{
	bq_put_str(s, key);
	bq_put_str(s, quote);
	bq_put_hex(s, v);
	bq_put_str(s, quote);
	bq_put_chr(s, '\n');
}

static bool is_word(struct bq_view name)
{
	uint16_t unit;

	while (bq_rd_le16(&name, &unit) == 0)
		if (!(unit >= '0' && unit <= '9') && !(unit >= 'A' && unit <= 'Z') &&
		    !(unit >= 'a' && unit <= 'z') && unit != '_')
			return false;
	return true;
}

/* A name that is no word would be something else in YAML if it were not in quotes,
 * as in tpm2_eventlog it is not: a map, a comment, another key. */
static void put_line_name(struct bq_sink *s, const char *key, struct bq_view name, bool bare)
{
	const char *quote = bare && is_word(name) ? "" : "\"";

	bq_put_str(s, key);
	bq_put_str(s, quote);
	bq_put_utf16_quoted(s, name);
	bq_put_str(s, quote);
	bq_put_chr(s, '\n');
}

static void put_yes(struct bq_sink *s, const char *key, bool yes)
{
	bq_put_str(s, key);
	bq_put_str(s, yes ? "'Yes'\n" : "'No'\n");
}

static void put_raw(struct bq_sink *s, struct bq_view v)
{
	struct bq_view head = v;

	if (v.n > HEX_MAX)
		(void)bq_view_sub(v, 0, HEX_MAX, &head);
	put_line_hex(s, "  Event: ", "\"", head);
}

/* A character in the way of tpm2_eventlog; other than printable ASCII as \xNN, where
 * 5.4 prints the bytes as they are: they could be anything. */
static void put_escaped(struct bq_sink *s, uint8_t c)
{
	static const char from[] = "\a\b\t\v\f\r\033'\\", to[] = "abtvfre'\\";

	if (c == 0) {
		bq_put_str(s, "\\0");
		return;
	}
	for (size_t i = 0; i < sizeof(from) - 1; i++) {
		if (c == (uint8_t)from[i]) {
			bq_put_chr(s, '\\');
			bq_put_chr(s, to[i]);
			return;
		}
	}
	if (c >= 0x20 && c < 0x7F) {
		bq_put_chr(s, (char)c);
		return;
	}
	bq_put_str(s, "\\x");
	bq_put_x64(s, c, 2);
}

/* Each line in quotes of its own; a newline at the end begins no other. */
static void put_lines(struct bq_sink *s, const char *indent, struct bq_view v)
{
	uint8_t c;

	do {
		bq_put_str(s, indent);
		bq_put_chr(s, '"');
		while (bq_rd_u8(&v, &c) == 0 && c != '\n')
			put_escaped(s, c);
		bq_put_str(s, "\"\n");
	} while (v.n != 0);
}

static bool put_text(struct bq_sink *s, struct bq_view v)
{
	bq_put_str(s, "  Event: |-\n    ");
	bq_put_safe(s, v);
	bq_put_chr(s, '\n');
	return true;
}

static bool put_ipl(struct bq_sink *s, struct bq_view v)
{
	bq_put_str(s, "  Event:\n    String: |-\n");
	put_lines(s, "      ", v);
	return true;
}

/* --- variables -------------------------------------------------------------- */

static bool named_one_of(struct bq_view name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (bq_utf16_is(name, *names))
			return true;
	return false;
}

static void put_siglists(struct bq_sink *s, struct bq_view v)
{
	struct bq_uefi_siglist list;
	struct bq_view owner, data;

	while (v.n != 0 && bq_uefi_siglist_next(&v, &list) == 0) {
		put_line_guid(s, "    - SignatureType: ", list.type);
		put_line(s, "      SignatureListSize: ", list.list_size);
		put_line(s, "      SignatureHeaderSize: ", list.header_size);
		put_line(s, "      SignatureSize: ", list.signature_size);
		bq_put_str(s, "      Keys:\n");
		while (bq_uefi_signature_next(&list, &owner, &data) == 0) {
			put_line_guid(s, "      - SignatureOwner: ", owner);
			put_line_hex(s, "        SignatureData: ", "", data);
		}
	}
}

static bool put_driver_config(struct bq_sink *s, const struct bq_uefi_variable *v)
{
	static const char *const lists[] = {"PK", "KEK", "db", "dbx", NULL};

	if (named_one_of(v->name, lists)) {
		bq_put_str(s, "    VariableData:\n");
		put_siglists(s, v->data);
		return true;
	}
	if (!bq_utf16_is(v->name, "SecureBoot") || v->data.n > 1)
		return false;
	bq_put_str(s, "    VariableData:\n");
	put_yes(s, "      Enabled: ", v->data.n == 1 && v->data.p[0] != 0);
	return true;
}

static bool put_authority(struct bq_sink *s, const struct bq_uefi_variable *v)
{
	static const char *const signatures[] = {"db", "Shim", NULL};
	struct bq_view data = v->data, owner;

	if (bq_utf16_is(v->name, "MokListTrusted") && data.n <= 1) {
		bq_put_str(s, "    VariableData:\n");
		put_yes(s, "      Enabled: ", data.n == 1 && data.p[0] != 0);
		return true;
	}
	if (bq_utf16_is(v->name, "SbatLevel") && data.n != 0) {
		bq_put_str(s, "    VariableData:\n      String: |-\n");
		put_lines(s, "        ", data);
		return true;
	}
	if (!named_one_of(v->name, signatures) || bq_rd_take(&data, BQ_GUID_SIZE, &owner) != 0)
		return false;
	bq_put_str(s, "    VariableData:\n");
	put_line_guid(s, "    - SignatureOwner: ", owner);
	put_line_hex(s, "      SignatureData: ", "", data);
	return true;
}

/* `Boot0001` */
static bool is_boot_option(struct bq_view name)
{
	char ascii[8];
	uint8_t number[2];
	uint16_t unit;
	size_t n;

	if (name.n != 2 * sizeof(ascii))
		return false;
	for (size_t i = 0; i < sizeof(ascii); i++) {
		if (bq_rd_le16(&name, &unit) != 0 || unit > 0x7F)
			return false;
		ascii[i] = (char)unit;
	}
	return bq_view_eq_str(bq_view_of(ascii, 4), "Boot") &&
	       bq_hex_decode(bq_view_of(&ascii[4], 4), number, sizeof(number), &n) == 0;
}

static bool put_boot_option(struct bq_sink *s, struct bq_view data)
{
	struct bq_uefi_load_option o;

	if (bq_uefi_load_option_parse(data, &o) != 0)
		return false;
	bq_put_str(s, "    VariableData:\n");
	put_yes(s, "      Enabled: ", (o.attributes & 1) != 0);
	put_line(s, "      FilePathListLength: ", o.path_size);
	put_line_name(s, "      Description: ", o.description, false);
	put_line_hex(s, "      DevicePath: ", "'", o.rest);
	return true;
}

static bool put_boot(struct bq_sink *s, const struct bq_uefi_variable *v)
{
	struct bq_view data = v->data;
	uint16_t number;

	if (is_boot_option(v->name))
		return put_boot_option(s, data);
	if (!bq_utf16_is(v->name, "BootOrder") || data.n % 2 != 0)
		return false;
	bq_put_str(s, "    VariableData:\n");
	while (bq_rd_le16(&data, &number) == 0) {
		bq_put_str(s, "    - Boot");
		bq_put_x64(s, number, 4);
		bq_put_chr(s, '\n');
	}
	return true;
}

static bool put_decoded(struct bq_sink *s, uint32_t type, const struct bq_uefi_variable *v)
{
	if (type == EV_EFI_VARIABLE_DRIVER_CONFIG)
		return put_driver_config(s, v);
	if (type == EV_EFI_VARIABLE_AUTHORITY)
		return put_authority(s, v);
	return put_boot(s, v);
}

static bool put_variable(struct bq_sink *s, uint32_t type, struct bq_view data, unsigned version)
{
	struct bq_uefi_variable v;

	if (bq_uefi_variable_parse(data, &v) != 0)
		return false;
	put_line_guid(s, "  Event:\n    VariableName: ", v.guid);
	put_line(s, "    UnicodeNameLength: ", v.name.n / 2);
	put_line(s, "    VariableDataLength: ", v.data.n);
	put_line_name(s, "    UnicodeName: ", v.name, true);
	if ((version < 2 || !put_decoded(s, type, &v)) && v.data.n != 0)
		put_line_hex(s, "    VariableData: ", "\"", v.data);
	return true;
}

/* --- images, blobs, partitions ------------------------------------------------ */

/* UEFI_PLATFORM_FIRMWARE_BLOB, PFP 10.2.4 */
static bool put_blob(struct bq_sink *s, const char *head, struct bq_view v)
{
	uint64_t base, length;

	if (bq_rd_le64(&v, &base) != 0 || bq_rd_le64(&v, &length) != 0)
		return false;
	bq_put_str(s, head);
	put_line_x(s, "    BlobBase: ", base);
	put_line_x(s, "    BlobLength: ", length);
	return true;
}

/* UEFI_PLATFORM_FIRMWARE_BLOB2: u8 size, a description of that size, then the same */
static bool put_blob2(struct bq_sink *s, struct bq_view v)
{
	struct bq_view description;
	uint8_t size;

	if (bq_rd_u8(&v, &size) != 0 || bq_rd_take(&v, size, &description) != 0 || v.n < 16)
		return false;
	put_line(s, "  Event:\n    BlobDescriptionSize: ", size);
	put_line_hex(s, "    BlobDescription: ", "\"", description);
	return put_blob(s, "", v);
}

static bool put_image(struct bq_sink *s, struct bq_view v)
{
	struct bq_uefi_image i;

	if (bq_uefi_image_parse(v, &i) != 0)
		return false;
	put_line_x(s, "  Event:\n    ImageLocationInMemory: ", i.location);
	put_line(s, "    ImageLengthInMemory: ", i.length);
	put_line_x(s, "    ImageLinkTimeAddress: ", i.link_address);
	put_line(s, "    LengthOfDevicePath: ", i.path_size);
	put_line_hex(s, "    DevicePath: ", "'", i.path);
	return true;
}

static void put_gpt_header(struct bq_sink *s, const struct bq_uefi_gpt *g)
{
	bq_put_str(s, "  Event:\n    Header:\n      Signature: \"");
	bq_put_safe(s, g->signature);
	bq_put_str(s, "\"\n");
	put_line_x(s, "      Revision: ", g->revision);
	put_line(s, "      HeaderSize: ", g->header_size);
	put_line_x(s, "      HeaderCRC32: ", g->header_crc);
	put_line_x(s, "      MyLBA: ", g->my_lba);
	put_line_x(s, "      AlternateLBA: ", g->alternate_lba);
	put_line_x(s, "      FirstUsableLBA: ", g->first_lba);
	put_line_x(s, "      LastUsableLBA: ", g->last_lba);
	put_line_guid(s, "      DiskGUID: ", g->disk);
	put_line_x(s, "      PartitionEntryLBA: ", g->entry_lba);
	put_line(s, "      NumberOfPartitionEntry: ", g->entries);
	put_line(s, "      SizeOfPartitionEntry: ", g->entry_size);
	put_line_x(s, "      PartitionEntryArrayCRC32: ", g->entries_crc);
}

static bool put_gpt(struct bq_sink *s, struct bq_view v)
{
	struct bq_uefi_partition p;
	struct bq_uefi_gpt g;

	if (bq_uefi_gpt_parse(v, &g) != 0)
		return false;
	put_gpt_header(s, &g);
	put_line(s, "    NumberOfPartitions: ", g.count);
	bq_put_str(s, "    Partitions:\n");
	while (bq_uefi_partition_next(&g, &p) == 0) {
		put_line_guid(s, "    - PartitionTypeGUID: ", p.type);
		put_line_guid(s, "      UniquePartitionGUID: ", p.unique);
		put_line_x(s, "      StartingLBA: ", p.first_lba);
		put_line_x(s, "      EndingLBA: ", p.last_lba);
		put_line_x(s, "      Attributes: ", p.attributes);
		put_line_name(s, "      PartitionName: ", p.name, false);
	}
	return true;
}

static bool put_locality(struct bq_sink *s, struct bq_view v)
{
	static const char signature[16] = "StartupLocality";
	struct bq_view head;
	uint8_t locality;

	if (bq_rd_take(&v, sizeof(signature), &head) != 0 ||
	    !bq_view_eq(head, bq_view_of(signature, sizeof(signature))) ||
	    bq_rd_u8(&v, &locality) != 0)
		return false;
	put_line(s, "  Event:\n    StartupLocality: ", locality);
	return true;
}

static bool put_by_type(struct bq_sink *s, const struct bq_event *e, unsigned version)
{
	switch (e->type) {
	case EV_EFI_VARIABLE_DRIVER_CONFIG:
	case EV_EFI_VARIABLE_BOOT:
	case EV_EFI_VARIABLE_BOOT2:
	case EV_EFI_VARIABLE_AUTHORITY:
		return put_variable(s, e->type, e->data, version);
	case EV_POST_CODE:
		return e->data.n == 16 ? put_blob(s, "  Event:\n", e->data) : put_text(s, e->data);
	case EV_S_CRTM_CONTENTS:
	case EV_EFI_PLATFORM_FIRMWARE_BLOB:
		return put_blob(s, "  Event:\n", e->data);
	case EV_EFI_PLATFORM_FIRMWARE_BLOB2:
		return put_blob2(s, e->data);
	case EV_EFI_ACTION:
		return put_text(s, e->data);
	case EV_IPL:
		return put_ipl(s, e->data);
	case EV_EFI_BOOT_SERVICES_APPLICATION:
	case EV_EFI_BOOT_SERVICES_DRIVER:
	case EV_EFI_RUNTIME_SERVICES_DRIVER:
		return put_image(s, e->data);
	case EV_EFI_GPT_EVENT:
		return version >= 2 && put_gpt(s, e->data);
	case EV_NO_ACTION:
		return version >= 2 && put_locality(s, e->data);
	default:
		return false;
	}
}

void eventlog_put_data(struct bq_sink *s, const struct bq_event *e, unsigned version)
{
	put_line(s, "  EventSize: ", e->data.n);
	if (e->data.n != 0 && !put_by_type(s, e, version))
		put_raw(s, e->data);
}

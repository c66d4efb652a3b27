/* The data of an event, for people. */
#include <barequote/uefi.h>

#include "full_shown.h"

#define TEXT_MAX   600 /* characters of one value; what is longer is cut */
#define DATA_SHOWN 512 /* bytes of data without a form */

/* A value that is made by writing it. */
struct text {
	struct bq_sink_buf b;
	char s[TEXT_MAX];
};

static struct bq_sink *text_begin(struct text *t)
{
	bq_sink_buf_init(&t->b, t->s, sizeof(t->s));
	return &t->b.s;
}

static void text_show(struct shown *o, const char *key, const struct text *t)
{
	shown_printable(o, key, bq_view_of(t->s, t->b.n));
}

static void show_guid(struct shown *o, const char *key, struct bq_view guid)
{
	struct text t;

	bq_put_guid(text_begin(&t), guid);
	text_show(o, key, &t);
}

static void show_utf16(struct shown *o, const char *key, struct bq_view v)
{
	struct text t;

	bq_put_utf16(text_begin(&t), v);
	text_show(o, key, &t);
}

static void show_path(struct shown *o, struct bq_view path)
{
	struct text t;

	bq_put_device_path(text_begin(&t), path);
	text_show(o, "path", &t);
}

/* Firmware speaks UTF-16: as ASCII, where it is that. */
static void show_plain(struct shown *o, struct bq_view data)
{
	char text[DATA_SHOWN];
	size_t n = 0;
	struct bq_view head, rest;
	uint16_t unit;

	if (bq_view_sub(data, 0, data.n < DATA_SHOWN ? data.n : DATA_SHOWN, &head) != 0)
		return;
	rest = head;
	while (bq_rd_le16(&rest, &unit) == 0 && unit >= 0x20 && unit < 0x7F)
		text[n++] = (char)unit;
	if (n >= 4 && (2 * n == head.n || unit == 0))
		shown_chars(o, "data", bq_view_of(text, n));
	else
		shown_chars(o, "data", head);
}

/* --- variables ---------------------------------------------------------------- */

/* EFI_CERT_X509_GUID and EFI_CERT_SHA256_GUID, UEFI 32.4.1, as they lie in memory */
static const uint8_t CERT_X509[BQ_GUID_SIZE] = {0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
						0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72};
static const uint8_t CERT_SHA256[BQ_GUID_SIZE] = {0x26, 0x16, 0xc4, 0xc1, 0x4c, 0x50, 0x92, 0x40,
						  0xac, 0xa9, 0x41, 0xf9, 0x36, 0x93, 0x43, 0x28};

struct counts {
	uint64_t certs, hashes, others;
};

/* False where the lists do not fill the data. */
static bool count_signatures(struct bq_view data, struct counts *c)
{
	struct bq_uefi_siglist l;

	while (data.n != 0) {
		uint64_t *of = &c->others;

		if (bq_uefi_siglist_next(&data, &l) != 0)
			return false;
		if (bq_view_eq(l.type, bq_view_of(CERT_X509, sizeof(CERT_X509))))
			of = &c->certs;
		else if (bq_view_eq(l.type, bq_view_of(CERT_SHA256, sizeof(CERT_SHA256))))
			of = &c->hashes;
		*of += l.signatures.n / l.signature_size;
	}
	return true;
}

static bool is_key_store(struct bq_view name)
{
	return bq_utf16_is(name, "PK") || bq_utf16_is(name, "KEK") || bq_utf16_is(name, "db") ||
	       bq_utf16_is(name, "dbx");
}

static bool show_key_store(struct shown *o, struct bq_view data)
{
	struct counts c = {0};

	if (!count_signatures(data, &c))
		return false;
	shown_u64(o, "certificates", c.certs);
	shown_u64(o, "sha256_hashes", c.hashes);
	if (c.others != 0)
		shown_u64(o, "other_signatures", c.others);
	return true;
}

static bool show_boot_option(struct shown *o, struct bq_view data)
{
	struct bq_uefi_load_option option;
	struct bq_view path;

	if (bq_uefi_load_option_parse(data, &option) != 0 ||
	    bq_view_sub(option.rest, 0, option.path_size, &path) != 0)
		return false;
	shown_bool(o, "active", (option.attributes & 1) != 0);
	show_utf16(o, "description", option.description);
	show_path(o, path);
	return true;
}

static bool show_boot_order(struct shown *o, struct bq_view data)
{
	struct text t;
	struct bq_sink *s = text_begin(&t);
	const char *before = "";
	uint16_t number;

	for (; bq_rd_le16(&data, &number) == 0; before = ", ") {
		bq_put_str(s, before);
		bq_put_x64(s, number, 4);
	}
	text_show(o, "order", &t);
	return true;
}

static bool show_contents(struct shown *o, uint32_t type, const struct bq_uefi_variable *v)
{
	if (bq_utf16_is(v->name, "SecureBoot") && v->data.n <= 1) {
		shown_bool(o, "enabled", v->data.n == 1 && v->data.p[0] != 0);
		return true;
	}
	if (type == EV_EFI_VARIABLE_DRIVER_CONFIG && is_key_store(v->name))
		return show_key_store(o, v->data);
	if (bq_utf16_is(v->name, "BootOrder"))
		return show_boot_order(o, v->data);
	return (type == EV_EFI_VARIABLE_BOOT || type == EV_EFI_VARIABLE_BOOT2) &&
	       show_boot_option(o, v->data);
}

static bool show_variable(struct shown *o, const struct bq_event *e)
{
	struct bq_uefi_variable v;

	if (bq_uefi_variable_parse(e->data, &v) != 0)
		return false;
	show_utf16(o, "variable", v.name);
	show_guid(o, "vendor", v.guid);
	if (!show_contents(o, e->type, &v) && v.data.n != 0)
		show_plain(o, v.data);
	return true;
}

/* --- the others ----------------------------------------------------------------- */

static bool show_image(struct shown *o, struct bq_view data)
{
	struct bq_uefi_image i;
	struct bq_view path;

	if (bq_uefi_image_parse(data, &i) != 0)
		return false;
	path = i.path;
	if (i.path_size < path.n)
		(void)bq_view_sub(path, 0, (size_t)i.path_size, &path);
	shown_x64(o, "address", i.location);
	shown_u64(o, "image_bytes", i.length);
	show_path(o, path);
	return true;
}

static bool show_gpt(struct shown *o, struct bq_view data)
{
	struct bq_uefi_partition p;
	struct bq_uefi_gpt g;

	if (bq_uefi_gpt_parse(data, &g) != 0)
		return false;
	show_guid(o, "disk", g.disk);
	shown_list(o, "partitions");
	while (bq_uefi_partition_next(&g, &p) == 0) {
		shown_group(o, NULL);
		show_utf16(o, "name", p.name);
		show_guid(o, "type", p.type);
		show_guid(o, "partition", p.unique);
		shown_u64(o, "first_lba", p.first_lba);
		shown_u64(o, "last_lba", p.last_lba);
		shown_end_group(o);
	}
	shown_end_list(o);
	return true;
}

static bool show_by_type(struct shown *o, const struct bq_event *e)
{
	switch (e->type) {
	case EV_EFI_VARIABLE_DRIVER_CONFIG:
	case EV_EFI_VARIABLE_BOOT:
	case EV_EFI_VARIABLE_BOOT2:
	case EV_EFI_VARIABLE_AUTHORITY:
		return show_variable(o, e);
	case EV_EFI_BOOT_SERVICES_APPLICATION:
	case EV_EFI_BOOT_SERVICES_DRIVER:
	case EV_EFI_RUNTIME_SERVICES_DRIVER:
		return show_image(o, e->data);
	case EV_EFI_GPT_EVENT:
		return show_gpt(o, e->data);
	default:
		return false;
	}
}

void show_event_data(struct shown *o, const struct bq_event *e)
{
	if (!show_by_type(o, e))
		show_plain(o, e->data);
}

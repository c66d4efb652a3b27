/* UEFI's structures in events. */
#include <barequote/uefi.h>

#define NAME_SIZE      72 /* of a partition: 36 units */
#define PARTITION_SIZE 128

/* Data1 u32, Data2 u16, Data3 u16, then bytes as they are (UEFI, appendix A). */
void bq_put_guid(struct bq_sink *s, struct bq_view guid)
{
	uint32_t first;
	uint16_t second, third;
	struct bq_view fourth;

	if (bq_rd_le32(&guid, &first) != 0 || bq_rd_le16(&guid, &second) != 0 ||
	    bq_rd_le16(&guid, &third) != 0 || bq_rd_take(&guid, 2, &fourth) != 0)
		return;
	bq_put_x64(s, first, 8);
	bq_put_chr(s, '-');
	bq_put_x64(s, second, 4);
	bq_put_chr(s, '-');
	bq_put_x64(s, third, 4);
	bq_put_chr(s, '-');
	bq_put_hex(s, fourth);
	bq_put_chr(s, '-');
	bq_put_hex(s, guid);
}

static void put_utf16(struct bq_sink *s, struct bq_view v, bool quoted)
{
	uint16_t unit;

	while (bq_rd_le16(&v, &unit) == 0 && unit != 0) {
		if (unit >= 0x20 && unit < 0x7F && !(quoted && (unit == '"' || unit == '\\'))) {
			bq_put_chr(s, (char)unit);
			continue;
		}
		bq_put_str(s, "\\u");
		bq_put_x64(s, unit, 4);
	}
}

void bq_put_utf16(struct bq_sink *s, struct bq_view v)
{
	put_utf16(s, v, false);
}

void bq_put_utf16_quoted(struct bq_sink *s, struct bq_view v)
{
	put_utf16(s, v, true);
}

bool bq_utf16_is(struct bq_view v, const char *ascii)
{
	uint16_t unit;

	while (bq_rd_le16(&v, &unit) == 0) {
		if (*ascii == '\0' || unit != (uint8_t)*ascii)
			return false;
		ascii++;
	}
	return *ascii == '\0' && v.n == 0;
}

/* u64 lengths: of the name in units, of the data in bytes. */
int bq_uefi_variable_parse(struct bq_view v, struct bq_uefi_variable *out)
{
	struct bq_uefi_variable u;
	uint64_t units, bytes;
	int e;

	if ((e = bq_rd_take(&v, BQ_GUID_SIZE, &u.guid)) != 0 || (e = bq_rd_le64(&v, &units)) != 0 ||
	    (e = bq_rd_le64(&v, &bytes)) != 0)
		return e;
	if (units > v.n / 2 || bytes > v.n)
		return BQ_E_SHORT;
	if ((e = bq_rd_take(&v, 2 * (size_t)units, &u.name)) != 0 ||
	    (e = bq_rd_take(&v, (size_t)bytes, &u.data)) != 0)
		return e;
	*out = u;
	return 0;
}

/* GUID, u32 size of the list, u32 of its header, u32 of each signature. */
int bq_uefi_siglist_next(struct bq_view *r, struct bq_uefi_siglist *out)
{
	struct bq_uefi_siglist l;
	struct bq_view t = *r, body;
	size_t head;
	int e;

	if ((e = bq_rd_take(&t, BQ_GUID_SIZE, &l.type)) != 0 ||
	    (e = bq_rd_le32(&t, &l.list_size)) != 0 || (e = bq_rd_le32(&t, &l.header_size)) != 0 ||
	    (e = bq_rd_le32(&t, &l.signature_size)) != 0)
		return e;
	head = r->n - t.n;
	if (l.list_size < head || l.signature_size <= BQ_GUID_SIZE)
		return BQ_E_EVENTLOG;
	if ((e = bq_rd_take(&t, l.list_size - head, &body)) != 0)
		return e;
	if (bq_rd_skip(&body, l.header_size) != 0 || body.n % l.signature_size != 0)
		return BQ_E_EVENTLOG;
	l.signatures = body;
	*r = t;
	*out = l;
	return 0;
}

int bq_uefi_signature_next(struct bq_uefi_siglist *list, struct bq_view *owner,
			   struct bq_view *data)
{
	struct bq_view one;
	int e;

	if ((e = bq_rd_take(&list->signatures, list->signature_size, &one)) != 0 ||
	    (e = bq_rd_take(&one, BQ_GUID_SIZE, owner)) != 0)
		return e;
	*data = one;
	return 0;
}

/* u32 attributes, u16 size of the paths, description with NUL, paths, data. */
int bq_uefi_load_option_parse(struct bq_view v, struct bq_uefi_load_option *out)
{
	struct bq_uefi_load_option o;
	struct bq_view start;
	uint16_t unit;
	int e;

	if ((e = bq_rd_le32(&v, &o.attributes)) != 0 || (e = bq_rd_le16(&v, &o.path_size)) != 0)
		return e;
	start = v;
	do
		if ((e = bq_rd_le16(&v, &unit)) != 0)
			return e;
	while (unit != 0);
	if ((e = bq_view_sub(start, 0, start.n - v.n - 2, &o.description)) != 0)
		return e;
	o.rest = v;
	*out = o;
	return 0;
}

int bq_uefi_image_parse(struct bq_view v, struct bq_uefi_image *out)
{
	struct bq_uefi_image i;
	int e;

	if ((e = bq_rd_le64(&v, &i.location)) != 0 || (e = bq_rd_le64(&v, &i.length)) != 0 ||
	    (e = bq_rd_le64(&v, &i.link_address)) != 0 || (e = bq_rd_le64(&v, &i.path_size)) != 0)
		return e;
	i.path = v;
	*out = i;
	return 0;
}

static int read_gpt_header(struct bq_view *r, struct bq_uefi_gpt *g)
{
	int e;

	if ((e = bq_rd_take(r, 8, &g->signature)) != 0 || (e = bq_rd_le32(r, &g->revision)) != 0 ||
	    (e = bq_rd_le32(r, &g->header_size)) != 0 || (e = bq_rd_le32(r, &g->header_crc)) != 0 ||
	    (e = bq_rd_skip(r, 4)) != 0 || (e = bq_rd_le64(r, &g->my_lba)) != 0 ||
	    (e = bq_rd_le64(r, &g->alternate_lba)) != 0 ||
	    (e = bq_rd_le64(r, &g->first_lba)) != 0 || (e = bq_rd_le64(r, &g->last_lba)) != 0 ||
	    (e = bq_rd_take(r, BQ_GUID_SIZE, &g->disk)) != 0 ||
	    (e = bq_rd_le64(r, &g->entry_lba)) != 0 || (e = bq_rd_le32(r, &g->entries)) != 0 ||
	    (e = bq_rd_le32(r, &g->entry_size)) != 0)
		return e;
	return bq_rd_le32(r, &g->entries_crc);
}

int bq_uefi_gpt_parse(struct bq_view v, struct bq_uefi_gpt *out)
{
	struct bq_uefi_gpt g;
	int e;

	if ((e = read_gpt_header(&v, &g)) != 0 || (e = bq_rd_le64(&v, &g.count)) != 0)
		return e;
	if (g.count > v.n / PARTITION_SIZE)
		return BQ_E_SHORT;
	if ((e = bq_rd_take(&v, (size_t)g.count * PARTITION_SIZE, &g.partitions)) != 0 ||
	    (e = bq_rd_end(&v)) != 0)
		return e;
	*out = g;
	return 0;
}

int bq_uefi_partition_next(struct bq_uefi_gpt *gpt, struct bq_uefi_partition *out)
{
	struct bq_uefi_partition p;
	struct bq_view r = gpt->partitions;
	int e;

	if ((e = bq_rd_take(&r, BQ_GUID_SIZE, &p.type)) != 0 ||
	    (e = bq_rd_take(&r, BQ_GUID_SIZE, &p.unique)) != 0 ||
	    (e = bq_rd_le64(&r, &p.first_lba)) != 0 || (e = bq_rd_le64(&r, &p.last_lba)) != 0 ||
	    (e = bq_rd_le64(&r, &p.attributes)) != 0 ||
	    (e = bq_rd_take(&r, NAME_SIZE, &p.name)) != 0)
		return e;
	gpt->partitions = r;
	*out = p;
	return 0;
}

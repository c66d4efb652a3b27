/* Device paths: UEFI 10.3 for their nodes, 10.6.1.6 for their text. A node is
 * u8 type, u8 subtype, u16 length of all of it, and what it says. */
#include <barequote/uefi.h>

#define NODE(type, subtype) ((unsigned)(type) << 8 | (subtype))
#define END_TYPE            0x7F
#define END_ENTIRE          0xFF
#define ACPI_PCI_ROOT       0x0A0341D0u /* EISA id PNP0A03 */
#define ACPI_PCIE_ROOT      0x0A0841D0u /* PNP0A08 */
#define PARTITION_GPT       2

static void put_number(struct bq_sink *s, uint64_t x)
{
	unsigned digits = 1;

	while (digits < 16 && x >> (4 * digits) != 0)
		digits++;
	bq_put_str(s, "0x");
	bq_put_x64(s, x, digits);
}

/* `NAME(A,B,C)` of numbers that lie one after another, size bytes each; false, and
 * nothing said, where they are not all there. */
static bool put_numbers(struct bq_sink *s, const char *name, struct bq_view v, unsigned n,
			size_t size)
{
	const char *before = "(";

	if (v.n < n * size)
		return false;
	bq_put_str(s, name);
	for (; n > 0; n--) {
		uint64_t x = 0;
		uint8_t byte = 0;

		for (size_t i = 0; i < size; i++) {
			(void)bq_rd_u8(&v, &byte);
			x |= (uint64_t)byte << (8 * i);
		}
		bq_put_str(s, before);
		put_number(s, x);
		before = ",";
	}
	bq_put_chr(s, ')');
	return true;
}

static bool put_pci(struct bq_sink *s, struct bq_view v)
{
	uint8_t function, device;

	if (bq_rd_u8(&v, &function) != 0 || bq_rd_u8(&v, &device) != 0)
		return false;
	bq_put_str(s, "Pci(");
	put_number(s, device);
	bq_put_chr(s, ',');
	put_number(s, function);
	bq_put_chr(s, ')');
	return true;
}

static bool put_acpi(struct bq_sink *s, struct bq_view v)
{
	uint32_t hid, uid;

	if (bq_rd_le32(&v, &hid) != 0 || bq_rd_le32(&v, &uid) != 0)
		return false;
	bq_put_str(s, hid == ACPI_PCI_ROOT    ? "PciRoot("
		      : hid == ACPI_PCIE_ROOT ? "PcieRoot("
					      : "Acpi(");
	if (hid != ACPI_PCI_ROOT && hid != ACPI_PCIE_ROOT) {
		put_number(s, hid);
		bq_put_chr(s, ',');
	}
	put_number(s, uid);
	bq_put_chr(s, ')');
	return true;
}

/* u32 number, u64 start, u64 size, 16 bytes of signature, u8 format, u8 its type */
static bool put_hard_drive(struct bq_sink *s, struct bq_view v)
{
	uint32_t number;
	uint64_t start, size;
	struct bq_view id;
	uint8_t format, type;

	if (bq_rd_le32(&v, &number) != 0 || bq_rd_le64(&v, &start) != 0 ||
	    bq_rd_le64(&v, &size) != 0 || bq_rd_take(&v, BQ_GUID_SIZE, &id) != 0 ||
	    bq_rd_u8(&v, &format) != 0 || bq_rd_u8(&v, &type) != 0)
		return false;
	bq_put_str(s, "HD(");
	bq_put_u64(s, number);
	bq_put_str(s, type == PARTITION_GPT ? ",GPT," : ",MBR,");
	if (type == PARTITION_GPT)
		bq_put_guid(s, id);
	else
		bq_put_hex(s, id);
	bq_put_chr(s, ',');
	put_number(s, start);
	bq_put_chr(s, ',');
	put_number(s, size);
	bq_put_chr(s, ')');
	return true;
}

/* u32 namespace, u64 EUI */
static bool put_nvme(struct bq_sink *s, struct bq_view v)
{
	uint32_t ns;
	struct bq_view eui;

	if (bq_rd_le32(&v, &ns) != 0 || bq_rd_take(&v, 8, &eui) != 0)
		return false;
	bq_put_str(s, "NVMe(");
	put_number(s, ns);
	bq_put_chr(s, ',');
	bq_put_hex(s, eui);
	bq_put_chr(s, ')');
	return true;
}

static bool put_with_guid(struct bq_sink *s, const char *name, struct bq_view v)
{
	struct bq_view guid;

	if (bq_rd_take(&v, BQ_GUID_SIZE, &guid) != 0)
		return false;
	bq_put_str(s, name);
	bq_put_guid(s, guid);
	bq_put_chr(s, ')');
	return true;
}

static bool put_known(struct bq_sink *s, unsigned node, struct bq_view v)
{
	switch (node) {
	case NODE(1, 1):
		return put_pci(s, v);
	case NODE(1, 4):
		return put_with_guid(s, "VenHw(", v);
	case NODE(2, 1):
		return put_acpi(s, v);
	case NODE(3, 2):
		return put_numbers(s, "Scsi", v, 2, 2);
	case NODE(3, 5):
		return put_numbers(s, "USB", v, 2, 1);
	case NODE(3, 18):
		return put_numbers(s, "Sata", v, 3, 2);
	case NODE(3, 23):
		return put_nvme(s, v);
	case NODE(4, 1):
		return put_hard_drive(s, v);
	case NODE(4, 3):
		return put_with_guid(s, "VenMedia(", v);
	case NODE(4, 4):
		bq_put_utf16(s, v);
		return true;
	case NODE(4, 6):
		return put_with_guid(s, "FvFile(", v);
	case NODE(4, 7):
		return put_with_guid(s, "Fv(", v);
	default:
		return false;
	}
}

static void put_unknown(struct bq_sink *s, unsigned node, struct bq_view v)
{
	bq_put_str(s, "Path(");
	bq_put_u64(s, node >> 8);
	bq_put_chr(s, ',');
	bq_put_u64(s, node & 0xFF);
	bq_put_str(s, v.n != 0 ? "," : "");
	bq_put_hex(s, v);
	bq_put_chr(s, ')');
}

static bool read_node(struct bq_view *r, unsigned *node, struct bq_view *body)
{
	struct bq_view t = *r;
	uint8_t type, subtype;
	uint16_t length;

	if (bq_rd_u8(&t, &type) != 0 || bq_rd_u8(&t, &subtype) != 0 ||
	    bq_rd_le16(&t, &length) != 0 || length < 4 || bq_rd_take(&t, length - 4u, body) != 0)
		return false;
	*node = NODE(type, subtype);
	*r = t;
	return true;
}

void bq_put_device_path(struct bq_sink *s, struct bq_view path)
{
	bool first = true;
	struct bq_view body;
	unsigned node;

	while (path.n != 0) {
		if (!read_node(&path, &node, &body)) {
			bq_put_str(s, first ? "" : "/");
			bq_put_hex(s, path);
			return;
		}
		if (node == NODE(END_TYPE, END_ENTIRE))
			return;
		if (node >> 8 == END_TYPE) { /* another path follows */
			bq_put_chr(s, ',');
			first = true;
			continue;
		}
		bq_put_str(s, first ? "" : "/");
		first = false;
		if (!put_known(s, node, body))
			put_unknown(s, node, body);
	}
}

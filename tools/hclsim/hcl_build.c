#include "hcl_build.h"

#include <stdlib.h>
#include <string.h>

/* Members of an object, to be written in order or sorted. */
enum kind {
	STR,
	BOOL,
	U64,
	B64,
	LIST, /* of one string */
	KEYS,
	CONFIG,
	USER_DATA,
	VM_ID,
};

struct member {
	const char *name;
	enum kind kind;
	const char *str;
	uint64_t number;
	struct bq_view view;
};

#define MEMBERS_MAX 12

static int by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void put_object(struct bq_jw *w, const char *key, const struct sim_claims *c,
		       struct member *m, size_t n);

static void put_key(struct bq_jw *w, const struct sim_claims *c, const char *kid, const char *use,
		    struct bq_view n)
{
	struct member m[] = {
		{.name = "kid", .kind = STR, .str = kid},
		{.name = "key_ops", .kind = LIST, .str = use},
		{.name = "kty", .kind = STR, .str = "RSA"},
		{.name = "e", .kind = STR, .str = "AQAB"},
		{.name = "n", .kind = B64, .view = n},
	};

	put_object(w, NULL, c, m, sizeof(m) / sizeof(m[0]));
}

static void put_keys(struct bq_jw *w, const struct sim_claims *c)
{
	bq_jw_array(w, "keys");
	put_key(w, c, "HCLAkPub", c->oldest ? "encrypt" : "sign", c->ak);
	if (c->ek.n != 0)
		put_key(w, c, "HCLEkPub", "encrypt", c->ek);
	bq_jw_end_array(w);
}

static void put_config(struct bq_jw *w, const struct sim_claims *c)
{
	struct member m[MEMBERS_MAX];
	size_t n = 0;

	if (c->newest)
		m[n++] = (struct member){.name = "root-cert-thumbprint", .kind = STR, .str = ""};
	m[n++] = (struct member){.name = "console-enabled", .kind = BOOL, .number = 1};
	if (c->newest)
		m[n++] = (struct member){.name = "interactive-console-enabled", .kind = BOOL};
	if (c->oldest)
		m[n++] = (struct member){.name = "current-time", .kind = U64, .number = c->time};
	m[n++] = (struct member){.name = "secure-boot", .kind = BOOL, .number = 1};
	m[n++] = (struct member){.name = "tpm-enabled", .kind = BOOL, .number = 1};
	if (c->newest) {
		m[n++] = (struct member){.name = "tpm-persisted", .kind = BOOL, .number = 1};
		m[n++] = (struct member){
			.name = "filtered-vpci-devices-allowed", .kind = BOOL, .number = 1};
	}
	m[n++] = (struct member){.name = "vmUniqueId", .kind = VM_ID};
	put_object(w, "vm-configuration", c, m, n);
}

static void put_hex(struct bq_sink *s, struct bq_view v, bool upper)
{
	if (upper)
		bq_put_hex_upper(s, v);
	else
		bq_put_hex(s, v);
}

/* 8-4-4-4-12 digits */
static void put_vm_id(struct bq_jw *w, const char *key, const struct sim_claims *c)
{
	static const size_t group[] = {4, 2, 2, 2, 6};
	struct bq_view rest = bq_view_of(c->vm_id, sizeof(c->vm_id)), part;

	bq_jw_open_str(w, key);
	for (size_t i = 0; i < 5 && bq_rd_take(&rest, group[i], &part) == 0; i++) {
		if (i != 0)
			bq_put_chr(w->s, '-');
		put_hex(w->s, part, c->upper);
	}
	bq_jw_close_str(w);
}

static void put_member(struct bq_jw *w, const struct sim_claims *c, const struct member *m)
{
	switch (m->kind) {
	case STR:
		bq_jw_str(w, m->name, m->str);
		break;
	case BOOL:
		bq_jw_bool(w, m->name, m->number != 0);
		break;
	case U64:
		bq_jw_u64(w, m->name, m->number);
		break;
	case B64:
		bq_jw_b64(w, m->name, BQ_BASE64URL, m->view);
		break;
	case LIST:
		bq_jw_array(w, m->name);
		bq_jw_str(w, NULL, m->str);
		bq_jw_end_array(w);
		break;
	case KEYS:
		put_keys(w, c);
		break;
	case CONFIG:
		put_config(w, c);
		break;
	case USER_DATA:
		bq_jw_open_str(w, m->name);
		put_hex(w->s, bq_view_of(c->user_data, sizeof(c->user_data)), c->upper);
		bq_jw_close_str(w);
		break;
	case VM_ID:
		put_vm_id(w, m->name, c);
		break;
	}
}

static void put_object(struct bq_jw *w, const char *key, const struct sim_claims *c,
		       struct member *m, size_t n)
{
	if (c->sorted)
		qsort(m, n, sizeof(*m), by_name);
	bq_jw_object(w, key);
	for (size_t i = 0; i < n; i++)
		put_member(w, c, &m[i]);
	bq_jw_end_object(w);
}

void sim_claims_put(struct bq_sink *s, const struct sim_claims *c)
{
	struct member m[] = {
		{.name = "keys", .kind = KEYS},
		{.name = "vm-configuration", .kind = CONFIG},
		{.name = "user-data", .kind = USER_DATA},
	};
	struct bq_jw w;

	bq_jw_init(&w, s, 0);
	put_object(&w, NULL, c, m, c->has_user_data ? 3 : 2);
}

#define REQUEST_TYPE 2 /* in guest blobs */
#define DATA_HEADER  20

void sim_hcl_write(struct bq_wr *w, const struct sim_hcl *h)
{
	uint32_t capabilities = h->data_version == 2 ? 4 : 0;
	uint32_t data_size = DATA_HEADER + capabilities + (uint32_t)h->claims.n;

	bq_wr_view(w, bq_view_str("HCLA"));
	bq_wr_le32(w, h->header_version);
	bq_wr_le32(w, BQ_HCL_HEADER_SIZE + BQ_HCL_REPORT_SIZE + data_size);
	bq_wr_le32(w, REQUEST_TYPE);
	bq_wr_zeros(w, 4 + 12); /* status, reserved */
	bq_wr_view(w, h->report);
	bq_wr_zeros(w, BQ_HCL_REPORT_SIZE - h->report.n);
	bq_wr_le32(w, data_size);
	bq_wr_le32(w, h->data_version);
	bq_wr_le32(w, h->report_type);
	bq_wr_le32(w, h->hash_type);
	bq_wr_le32(w, (uint32_t)h->claims.n);
	bq_wr_zeros(w, capabilities);
	bq_wr_view(w, h->claims);
}

/* TDREPORT_STRUCT (Intel TDX module specification): a REPORTMACSTRUCT that
 * starts with its type and has REPORTDATA at 128. */
#define TDX_TYPE        0x81
#define TDX_REPORT_DATA 128

void sim_other_report(uint32_t report_type, const uint8_t report_data[64], uint8_t *out)
{
	memset(out, 0, BQ_HCL_REPORT_SIZE);
	if (report_type == BQ_HCL_TDX) {
		out[0] = TDX_TYPE;
		memcpy(out + TDX_REPORT_DATA, report_data, 64);
	}
}

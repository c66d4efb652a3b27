/* SNP reports, claims, and the HCL blobs that hold them. */
#include "gen.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define SNP_SIZE 1184
#define DATA_AT  0x4C0 /* runtime data in an HCL blob */

/* --- SNP reports ------------------------------------------------------------ */

struct report {
	const char *name;
	uint32_t version;
	uint8_t family, model, stepping;
	uint8_t tcb[8]; /* REPORTED_TCB; the others are a little newer or older */
	size_t chip_id; /* bytes */
};

static const struct report reports[] = {
	{"snp-v2.bin", 2, 0, 0, 0, {3, 0, 0, 0, 0, 0, 8, 115}, 64},
	{"snp-v3-milan.bin", 3, 0x19, 0x01, 1, {4, 0, 0, 0, 0, 0, 24, 219}, 64},
	{"snp-v4-genoa.bin", 4, 0x19, 0x11, 1, {10, 0, 0, 0, 0, 0, 23, 84}, 64},
	{"snp-v5-turin.bin", 5, 0x1A, 0x02, 1, {1, 2, 3, 4, 0, 0, 0, 77}, 8},
	{"snp-v255.bin", 255, 0x19, 0x01, 1, {4, 0, 0, 0, 0, 0, 24, 219}, 64},
};

static void pattern(uint8_t *b, size_t off, size_t n)
{
	for (size_t i = 0; i < n; i++)
		b[off + i] = (uint8_t)(off + i);
}

static void tcb(uint8_t *b, size_t off, const struct report *r, int newer)
{
	memcpy(b + off, r->tcb, 8);
	b[off + 7] = (uint8_t)(b[off + 7] + newer);
}

static void make_report(const struct report *r, uint8_t b[SNP_SIZE])
{
	memset(b, 0, SNP_SIZE);
	gen_le(b, 0x000, 4, r->version);
	gen_le(b, 0x004, 4, 7);       /* GUEST_SVN */
	gen_le(b, 0x008, 8, 0x3001F); /* POLICY: ABI 0.31, SMT, the bit that must be 1 */
	pattern(b, 0x010, 16);
	pattern(b, 0x020, 16);
	gen_le(b, 0x034, 4, 1); /* SIG_ALGO */
	tcb(b, 0x038, r, 2);
	gen_le(b, 0x040, 8, 0x25); /* PLATFORM_INFO: SMT, ECC, alias check */
	pattern(b, 0x050, 64);
	pattern(b, 0x090, 48);
	pattern(b, 0x0C0, 32);
	pattern(b, 0x0E0, 48);
	pattern(b, 0x110, 48);
	pattern(b, 0x140, 32);
	pattern(b, 0x160, 32);
	tcb(b, 0x180, r, 0);
	b[0x188] = r->family;
	b[0x189] = r->model;
	b[0x18A] = r->stepping;
	pattern(b, 0x1A0, r->chip_id);
	tcb(b, 0x1E0, r, 0);
	memcpy(b + 0x1E8, "\x1d\x37\x01", 3); /* CURRENT: 1.55.29 */
	memcpy(b + 0x1EC, "\x1c\x37\x01", 3); /* COMMITTED */
	tcb(b, 0x1F0, r, 1);
	if (r->version >= 5) {
		gen_le(b, 0x1F8, 8, 0x0F);
		gen_le(b, 0x200, 8, 0x1F);
	}
	if (r->version > 5)
		pattern(b, 0x220, 96); /* announced for version 6 */
	pattern(b, 0x2A0, 48);
	pattern(b, 0x2E8, 48);
}

/* --- claims ----------------------------------------------------------------- */

static void base64url(const uint8_t *p, int n, char *out)
{
	EVP_EncodeBlock((unsigned char *)out, p, n);
	for (; *out != '\0' && *out != '='; out++)
		if (*out == '+' || *out == '/')
			*out = *out == '+' ? '-' : '_';
	*out = '\0';
}

struct claims {
	const char *name;
	int sorted; /* members by name; else in the paravisor's order */
	int ek, user_data, upper;
};

static const struct claims claims[] = {
	{"claims-struct-upper.json", 0, 1, 1, 1},
	{"claims-sorted-lower.json", 1, 1, 1, 0},
	{"claims-no-user-data.json", 0, 0, 0, 1},
};

static void put_key(char *at, size_t room, int sorted, const char *kid, const char *op,
		    uint8_t first)
{
	uint8_t modulus[GEN_RSA_BYTES];
	char n[2 * GEN_RSA_BYTES];

	gen_modulus(modulus, first);
	base64url(modulus, GEN_RSA_BYTES, n);
	if (sorted)
		snprintf(at, room,
			 "{\"e\":\"AQAB\",\"key_ops\":[\"%s\"],\"kid\":\"%s\","
			 "\"kty\":\"RSA\",\"n\":\"%s\"}",
			 op, kid, n);
	else
		snprintf(at, room,
			 "{\"kid\":\"%s\",\"key_ops\":[\"%s\"],\"kty\":\"RSA\","
			 "\"e\":\"AQAB\",\"n\":\"%s\"}",
			 kid, op, n);
}

/* User data 00 01 .. 3f, as JSON member. */
static void put_user_data(char *at, size_t room, int upper)
{
	size_t n = (size_t)snprintf(at, room, "\"user-data\":\"");

	for (unsigned i = 0; i < 64; i++)
		n += (size_t)snprintf(at + n, room - n, upper ? "%02X" : "%02x", i);
	snprintf(at + n, room - n, "\"");
}

/* Compact JSON without a newline, as the hash covers every byte. */
static size_t make_claims(const struct claims *c, char *out, size_t room)
{
	char ak[600], ek[600] = "", data[160], config[200];

	snprintf(config, sizeof(config),
		 "\"vm-configuration\":{\"console-enabled\":true,\"secure-boot\":true,"
		 "\"tpm-enabled\":true,\"vmUniqueId\":\"00112233-4455-6677-8899-%s\"}",
		 c->upper ? "AABBCCDDEEFF" : "aabbccddeeff");
	put_key(ak, sizeof(ak), c->sorted, "HCLAkPub", c->user_data ? "sign" : "encrypt", 0xA5);
	if (c->ek) {
		ek[0] = ',';
		put_key(ek + 1, sizeof(ek) - 1, c->sorted, "HCLEkPub", "encrypt", 0xE5);
	}
	put_user_data(data, sizeof(data), c->upper);
	if (!c->user_data)
		return (size_t)snprintf(out, room, "{\"keys\":[%s%s],%s}", ak, ek, config);
	return (size_t)snprintf(out, room, "{\"keys\":[%s%s],%s,%s}", ak, ek,
				c->sorted ? data : config, c->sorted ? config : data);
}

/* --- HCL blobs -------------------------------------------------------------- */

struct blob {
	const char *name;
	size_t index; /* size of the NV index */
	uint32_t header_version, data_version, report_type;
	const struct report *report; /* NULL: a pattern of 1024 bytes */
	const struct claims *claims;
};

static const struct blob blobs[] = {
	{"hcl-v1.bin", 2048, 1, 1, 2, &reports[0], &claims[2]},
	{"hcl-v2.bin", 2600, 2, 1, 2, &reports[1], &claims[0]},
	{"hcl-v2-capabilities.bin", 2900, 2, 2, 2, &reports[3], &claims[1]},
	{"hcl-tdx.bin", 2600, 2, 1, 4, NULL, &claims[0]},
};

static void make_blob(const struct blob *d, uint8_t *b)
{
	size_t ext = d->data_version == 2 ? 4 : 0, n;
	char text[2048];

	memset(b, 0, d->index);
	n = make_claims(d->claims, text, sizeof(text));
	memcpy(b, "HCLA", 4);
	gen_le(b, 0x004, 4, d->header_version);
	gen_le(b, 0x008, 4, DATA_AT + 20 + ext + n);
	gen_le(b, 0x00C, 4, 2); /* request_type */
	if (d->report == NULL) {
		pattern(b, 0x20, 1024);
	} else {
		make_report(d->report, b + 0x20);
		memset(b + 0x20 + 0x50, 0, 64);
		gen_sha256(text, n, b + 0x20 + 0x50);
	}
	gen_le(b, DATA_AT, 4, 20 + ext + n);
	gen_le(b, DATA_AT + 4, 4, d->data_version);
	gen_le(b, DATA_AT + 8, 4, d->report_type);
	gen_le(b, DATA_AT + 12, 4, 1); /* SHA-256 */
	gen_le(b, DATA_AT + 16, 4, n);
	gen_le(b, DATA_AT + 20, ext, 0xCA9AB177);
	memcpy(b + DATA_AT + 20 + ext, text, n);
}

void gen_azure(void)
{
	uint8_t b[4096];

	for (size_t i = 0; i < GEN_COUNT(reports); i++) {
		make_report(&reports[i], b);
		gen_save(reports[i].name, b, SNP_SIZE);
	}
	for (size_t i = 0; i < GEN_COUNT(claims); i++)
		gen_save(claims[i].name, b, make_claims(&claims[i], (char *)b, sizeof(b)));
	for (size_t i = 0; i < GEN_COUNT(blobs); i++) {
		make_blob(&blobs[i], b);
		gen_save(blobs[i].name, b, blobs[i].index);
	}
}

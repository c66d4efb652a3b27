#include "tpm_golden.h"

#include <string.h>

#include "support.h"

#define X8  "1111111111111111"
#define X32 X8 X8 X8 X8
#define Y32 "2222222222222222222222222222222222222222222222222222222222222222"
#define X20 X8 X8 "11111111"

static const uint8_t untouched_byte = 0xAA;
static const struct bq_auth empty;

/* An output that nobody has written to. */
static struct bq_view untouched(void)
{
	return bq_view_of(&untouched_byte, 12345);
}

bool goldens_any_value;

/* After success v is these bytes, after failure it is still untouched(). */
static void check_view(int e, struct bq_view v, const char *hex)
{
	uint8_t want[128];

	if (e == 0 && goldens_any_value) {
		ck_assert_uint_le(v.n, BQ_TPM_PACKET);
	} else if (e == 0) {
		ck_assert_view_eq(v, bq_view_of(want, script_hex(hex, want, sizeof(want))));
	} else {
		ck_assert_ptr_eq(v.p, &untouched_byte);
		ck_assert_uint_eq(v.n, 12345);
	}
}

static int run_property(struct bq_tpm *t)
{
	uint32_t value = 7;
	int e = bq_tpm_property(t, TPM_PT_NV_BUFFER_MAX, &value);

	if (e != 0 || !goldens_any_value)
		ck_assert_uint_eq(value, e == 0 ? 1024 : 7);
	return e;
}

static int run_get_random(struct bq_tpm *t)
{
	uint8_t out[17] = {[16] = 0xAA};
	int e = bq_tpm_get_random(t, out, 16);

	if (e == 0 && !goldens_any_value)
		ck_assert_mem_eq(out,
				 "\x11\x11\x11\x11\x11\x11\x11\x11\x22\x22\x22\x22\x22\x22\x22\x22",
				 16);
	ck_assert_uint_eq(out[16], 0xAA);
	return e;
}

static int run_read_public(struct bq_tpm *t)
{
	struct bq_view pub = untouched(), name = untouched(), qualified = untouched();
	int e = bq_tpm_read_public(t, 0x81000003, &pub, &name, &qualified);

	check_view(e, pub, "aabbccdd");
	check_view(e, name, "010203");
	check_view(e, qualified, "0405");
	return e;
}

static int run_nv_read_public(struct bq_tpm *t)
{
	struct bq_nv_public pub = {.index = 1, .size = 2};
	struct bq_view name = untouched();
	int e = bq_tpm_nv_read_public(t, 0x01400001, &pub, &name);

	check_view(e, name, "000b" X32);
	if (e == 0 && !goldens_any_value) {
		ck_assert_uint_eq(pub.index, 0x01400001);
		ck_assert_uint_eq(pub.name_alg, TPM_ALG_SHA256);
		ck_assert_uint_eq(pub.attributes, 0x62060004);
		ck_assert_view_eq(pub.policy, VIEW("\xA1\xA2"));
		ck_assert_uint_eq(pub.size, 2600);
	} else if (e != 0) {
		ck_assert_uint_eq(pub.index, 1);
		ck_assert_uint_eq(pub.size, 2);
	}
	return e;
}

static int run_nv_read(struct bq_tpm *t)
{
	struct bq_view out = untouched();
	int e = bq_tpm_nv_read_chunk(t, TPM_RH_OWNER, empty, 0x01500001, 16, 0, &out);

	check_view(e, out, X8 "2222222222222222");
	return e;
}

static int run_nv_write(struct bq_tpm *t)
{
	struct bq_auth pw = {VIEW("pw")};

	return bq_tpm_nv_write(t, TPM_RH_OWNER, pw, 0x01400002, 32, VIEW("\xDE\xAD\xBE\xEF"));
}

static int run_nv_define(struct bq_tpm *t)
{
	struct bq_nv_public pub = {.index = 0x01400002,
				   .name_alg = TPM_ALG_SHA256,
				   .attributes = 0x00020002,
				   .policy = VIEW("\xA1\xA2"),
				   .size = 64};

	return bq_tpm_nv_define(t, TPM_RH_OWNER, empty, &pub, VIEW("ab"));
}

static int run_nv_undefine(struct bq_tpm *t)
{
	return bq_tpm_nv_undefine(t, TPM_RH_OWNER, empty, 0x01400002);
}

static int quote(struct bq_tpm *t, uint16_t scheme, uint16_t hash, const char *signature)
{
	struct bq_quote_request q = {
		.handle = 0x81000003,
		.qualifying_data = VIEW("\x01\x02\x03\x04"),
		.scheme = scheme,
		.hash = hash,
		.pcrs = {2, {{TPM_ALG_SHA256, 0x800081}, {TPM_ALG_SHA1, 0x100}}}};
	struct bq_view attest = untouched(), sig = untouched();
	int e = bq_tpm_quote(t, &q, &attest, &sig);

	check_view(e, attest, "ff5443478018");
	check_view(e, sig, signature);
	return e;
}

static int run_quote(struct bq_tpm *t)
{
	return quote(t, TPM_ALG_NULL, 0, "0014 000b 0004 a1a2a3a4");
}

static int run_quote_ecdsa(struct bq_tpm *t)
{
	return quote(t, TPM_ALG_ECDSA, TPM_ALG_SHA256, "0018 000b 0002 b1b2 0003 c1c2c3");
}

static int run_pcr_read(struct bq_tpm *t)
{
	struct bq_pcr_list sel = {1, {{TPM_ALG_SHA256, 0x010001}}};
	struct bq_pcr_values v;
	struct bq_view value;
	int e = bq_tpm_pcr_read(t, &sel, &v);

	if (e != 0 || goldens_any_value)
		return e;
	ck_assert_uint_eq(v.n, 1);
	ck_assert_uint_eq(v.bank[0].mask, 0x010001);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 0, &value), 0);
	check_view(e, value, X32);
	ck_assert_int_eq(bq_pcr_value(&v, TPM_ALG_SHA256, 16, &value), 0);
	check_view(e, value, Y32);
	return 0;
}

static int run_pcr_extend(struct bq_tpm *t)
{
	uint8_t a[20] = {0}, b[32] = {0};
	struct bq_digest d[2] = {{TPM_ALG_SHA1, bq_view_of(a, sizeof(a))},
				 {TPM_ALG_SHA256, bq_view_of(b, sizeof(b))}};

	memset(a, 0x11, sizeof(a));
	memset(b, 0x22, sizeof(b));
	return bq_tpm_pcr_extend(t, 16, empty, d, 2);
}

static int run_event_start(struct bq_tpm *t)
{
	uint32_t sequence = 7;
	int e = bq_tpm_event_start(t, &sequence);

	if (e != 0 || !goldens_any_value)
		ck_assert_uint_eq(sequence, e == 0 ? 0x80000001 : 7);
	return e;
}

static int run_event_update(struct bq_tpm *t)
{
	return bq_tpm_event_update(t, 0x80000001, VIEW("\xDE\xAD"));
}

static int run_event_complete(struct bq_tpm *t)
{
	struct bq_auth pw = {VIEW("pw")};
	struct bq_digest d[BQ_PCR_BANKS];
	unsigned n = 7;
	int e = bq_tpm_event_complete(t, 16, pw, 0x80000001, d, &n);

	if (e != 0) {
		ck_assert_uint_eq(n, 7);
	} else if (!goldens_any_value) {
		ck_assert_uint_eq(n, 2);
		ck_assert_uint_eq(d[0].alg, TPM_ALG_SHA1);
		check_view(e, d[0].value, X20);
		ck_assert_uint_eq(d[1].alg, TPM_ALG_SHA256);
		check_view(e, d[1].value, Y32);
	}
	return e;
}

static int run_flush(struct bq_tpm *t)
{
	return bq_tpm_flush(t, 0x80000001);
}

static int run_next_handle(struct bq_tpm *t)
{
	uint32_t handle = 7;
	int e = bq_tpm_next_handle(t, 0x01400000, &handle);

	if (e != 0 || !goldens_any_value)
		ck_assert_uint_eq(handle, e == 0 ? 0x01400001 : 7);
	return e;
}

#define OWNER_PW  "40000001"
#define EMPTY_PW  "00000009 40000009 0000 00 0000"
#define PW_ANSWER "0000 00 0000"
#define NOTHING   "8002 00000013 00000000 00000000" PW_ANSWER

/* Commands in the order of part 3; sizes counted by hand. */
const struct golden goldens[] = {
	{"ReadPublic", "8001 0000000e 00000173 81000003",
	 "8001 00000019 00000000 0004 aabbccdd 0003 010203 0002 0405", run_read_public},
	{"GetRandom", "8001 0000000c 0000017b 0010",
	 "8001 0000001c 00000000 0010" X8 "2222222222222222", run_get_random},
	{"Quote",
	 "8002 00000033 00000158 81000003" EMPTY_PW
	 "0004 01020304 0010 00000002 000b 03 810080 0004 03 000100",
	 "8002 00000025 00000000 00000012 0006 ff5443478018 0014 000b 0004 a1a2a3a4 0000 01 0000",
	 run_quote},
	{"Quote ECDSA",
	 "8002 00000035 00000158 81000003" EMPTY_PW
	 "0004 01020304 0018 000b 00000002 000b 03 810080 0004 03 000100",
	 "8002 00000028 00000000 00000015 0006 ff5443478018 0018 000b 0002 b1b2 0003 "
	 "c1c2c3" PW_ANSWER,
	 run_quote_ecdsa},
	{"HashSequenceStart", "8001 0000000e 00000186 0000 0010", "8001 0000000e 00000000 80000001",
	 run_event_start},
	{"SequenceUpdate", "8002 0000001f 0000015c 80000001" EMPTY_PW "0002 dead", NOTHING,
	 run_event_update},
	{"EventSequenceComplete",
	 "8002 0000002c 00000185 00000010 80000001 00000014 40000009 0000 00 0002 7077"
	 "40000009 0000 00 0000 0000",
	 "8002 00000054 00000000 0000003c 00000002 0004" X20 "000b" Y32 PW_ANSWER "0000 01 0000",
	 run_event_complete},
	{"PCR_Extend", "8002 00000057 00000182 00000010" EMPTY_PW "00000002 0004" X20 "000b" Y32,
	 NOTHING, run_pcr_extend},
	{"PCR_Read", "8001 00000014 0000017e 00000001 000b 03 010001",
	 "8001 00000060 00000000 00000042 00000001 000b 03 010001 00000002 0020" X32 "0020" Y32,
	 run_pcr_read},
	{"GetCapability", "8001 00000016 0000017a 00000006 0000012c 00000001",
	 "8001 0000001b 00000000 00 00000006 00000001 0000012c 00000400", run_property},
	{"GetCapability handles", "8001 00000016 0000017a 00000001 01400000 00000001",
	 "8001 00000017 00000000 01 00000001 00000001 01400001", run_next_handle},
	{"FlushContext", "8001 0000000e 00000165 80000001", "8001 0000000a 00000000", run_flush},
	{"NV_DefineSpace",
	 "8002 00000031 0000012a" OWNER_PW EMPTY_PW
	 "0002 6162 0010 01400002 000b 00020002 0002 a1a2 0040",
	 NOTHING, run_nv_define},
	{"NV_UndefineSpace", "8002 0000001f 00000122" OWNER_PW "01400002" EMPTY_PW, NOTHING,
	 run_nv_undefine},
	{"NV_ReadPublic", "8001 0000000e 00000169 01400001",
	 "8001 00000040 00000000 0010 01400001 000b 62060004 0002 a1a2 0a28 0022 000b" X32,
	 run_nv_read_public},
	{"NV_Write",
	 "8002 00000029 00000137" OWNER_PW "01400002 0000000b 40000009 0000 00 0002 7077"
	 "0004 deadbeef 0020",
	 NOTHING, run_nv_write},
	{"NV_Read", "8002 00000023 0000014e" OWNER_PW "01500001" EMPTY_PW "0010 0000",
	 "8002 00000025 00000000 00000012 0010" X8 "2222222222222222 0000 01 0000", run_nv_read},
};

const int goldens_n = sizeof(goldens) / sizeof(goldens[0]);

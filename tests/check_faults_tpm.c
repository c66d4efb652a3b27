/* Every fault at every step of the single commands, over a real TPM (swtpm). */
#include <string.h>

#include "faulty.h"
#include "scripted.h"
#include "simulated.h"

#define INDEX 0x01400055u
#define SIZE  1500u /* two chunks */

static struct faulty faulty;
static struct bq_transport real; /* vm_tpm's, without faults */
static struct script watch;      /* for its clock */
static uint8_t data[SIZE], got[SIZE];
static struct bq_pcr_values pcrs, pcrs_before;
static uint32_t maker, maker_before;
static struct bq_nv_public pub, pub_before;
static uint8_t attest_buf[BQ_QUOTE_MSG_MAX];
static struct bq_view attest;
static const struct bq_pcr_list all = {.n = 1, .bank = {{TPM_ALG_SHA256, 0xFFFFFF}}};
static const struct bq_nv_public space = {
	.index = INDEX, .attributes = VM_OWNER, .name_alg = TPM_ALG_SHA256, .size = SIZE};

static void attach(void)
{
	vm_tpm.transport = real;
	vm_tpm.clock = &watch.clock;
	vm_tpm.nv_chunk = BQ_TPM_NV_CHUNK;
	faulty_attach(&faulty, &vm_tpm);
	faulty.now_ms = &watch.now_ms;
	memset(got, 0, sizeof(got));
	memset(&pcrs, 0, sizeof(pcrs));
	maker = 0;
}

static void setup_undefined(void)
{
	struct bq_nv_public there;

	attach();
	if (bq_tpm_nv_read_public(&vm_tpm, INDEX, &there, NULL) == 0)
		ck_assert_int_eq(bq_tpm_nv_undefine(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, INDEX), 0);
}

static int write_data(void)
{
	return bq_tpm_nv_write(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, INDEX, 0,
			       bq_view_of(data, sizeof(data)));
}

static int read_data(void)
{
	return bq_tpm_nv_read(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, INDEX, 0, got, sizeof(got));
}

/* An index that is there already is as good as one just made. */
static int define(void)
{
	int e = bq_tpm_nv_define(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, &space, bq_view_of(NULL, 0));

	return e == BQ_E_TPM_RC && vm_tpm.rc == TPM_RC_NV_DEFINED ? 0 : e;
}

/* Straight from the TPM, whatever fault is armed. */
static bool is_defined(void)
{
	struct bq_tpm clean;
	struct bq_nv_public there;

	bq_tpm_init(&clean, real);
	return bq_tpm_nv_read_public(&clean, INDEX, &there, NULL) == 0 && there.size == SIZE &&
	       (there.attributes & VM_OWNER) == VM_OWNER;
}

static bool is_read(void)
{
	return memcmp(got, data, sizeof(data)) == 0;
}

static bool is_written(void)
{
	struct bq_tpm clean;

	bq_tpm_init(&clean, real);
	return bq_tpm_nv_read(&clean, TPM_RH_OWNER, VM_NO_AUTH, INDEX, 0, got, sizeof(got)) == 0 &&
	       is_read();
}

/* A NV_DEFINED that was not the TPM's own is believed: that is what the next
 * command finds out. */
static bool is_defined_or_said_so(void)
{
	return is_defined() || (faulty.fault != NULL && faulty.fault->kind == FAULT_CODE &&
				faulty.fault->value == TPM_RC_NV_DEFINED);
}

static int read_pcrs(void)
{
	return bq_tpm_pcr_read(&vm_tpm, &all, &pcrs);
}

static bool is_pcrs(void)
{
	return memcmp(&pcrs, &pcrs_before, sizeof(pcrs)) == 0;
}

static int quote(void)
{
	const struct bq_quote_request q = {.handle = BQ_HCL_AK_HANDLE,
					   .qualifying_data = VIEW("challenge"),
					   .scheme = TPM_ALG_NULL,
					   .pcrs = all};
	struct bq_view msg, sig;
	int e = bq_tpm_quote(&vm_tpm, &q, &msg, &sig);

	if (e != 0)
		return e;
	ck_assert_uint_le(msg.n, sizeof(attest_buf));
	memcpy(attest_buf, msg.p, msg.n);
	attest = bq_view_of(attest_buf, msg.n);
	return 0;
}

static bool is_quote(void)
{
	struct bq_attest at;
	uint8_t digest[BQ_SHA256_SIZE];

	return bq_attest_parse(attest, &at) == 0 && bq_view_eq(at.extra_data, VIEW("challenge")) &&
	       bq_pcr_digest_sha256(&all, &pcrs_before, digest) == 0 &&
	       bq_view_eq(at.pcr_digest, bq_view_of(digest, sizeof(digest)));
}

static int get_random(void)
{
	return bq_tpm_get_random(&vm_tpm, got, 100);
}

/* Random bytes are there to the last: 16 zeros in a row happen once in 2^128. */
static bool is_random(void)
{
	return !bq_view_is_zero(bq_view_of(got + 84, 16)) && !bq_view_is_zero(bq_view_of(got, 16));
}

/* What doctor looks at. */
static int probe(void)
{
	uint32_t revision, permanent;
	bool more;
	struct bq_view r;
	int e;

	if ((e = bq_tpm_property(&vm_tpm, TPM_PT_MANUFACTURER, &maker)) != 0 ||
	    (e = bq_tpm_property(&vm_tpm, TPM_PT_REVISION, &revision)) != 0 ||
	    (e = bq_tpm_property(&vm_tpm, TPM_PT_PERMANENT, &permanent)) != 0 ||
	    (e = bq_tpm_nv_read_public(&vm_tpm, BQ_HCL_NV_INDEX, &pub, NULL)) != 0)
		return e;
	return bq_tpm_get_capability(&vm_tpm, TPM_CAP_PCRS, 0, 1, &more, &r);
}

static bool is_probed(void)
{
	return maker == maker_before && pub.index == BQ_HCL_NV_INDEX &&
	       pub.size == pub_before.size && pub.attributes == pub_before.attributes;
}

static void setup_defined(void)
{
	setup_undefined();
	ck_assert_int_eq(define(), 0);
}

/* Chunks that have been read are read by everyone after. */
static void setup_for_reads(void)
{
	attach();
	if (!is_defined())
		ck_assert_int_eq(define(), 0);
	ck_assert_int_eq(write_data(), 0);
	faulty.commands = 0;
}

static void setup_once(void)
{
	static bool written;

	if (!written)
		setup_for_reads();
	written = true;
	attach();
}

#define BOUND 15000 /* what warnings may add to one command */

static const struct sequence sequences[] = {
	{"getrandom", attach, get_random, is_random, NULL, BOUND, 0},
	{"pcrread", attach, read_pcrs, is_pcrs, NULL, BOUND, 0},
	{"quote", attach, quote, is_quote, NULL, BOUND, 0},
	{"doctor", attach, probe, is_probed, NULL, BOUND, 0},
	{"nvread", setup_once, read_data, is_read, is_defined, BOUND, 0},
	{"nvdefine", setup_undefined, define, is_defined_or_said_so, NULL, BOUND, 0},
	{"nvwrite", setup_defined, write_data, is_written, is_defined, BOUND, 0},
};

static void prepare(void)
{
	vm_start(NULL);
	real = vm_tpm.transport;
	script_init(&watch, NULL, 0);
	for (unsigned i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(i * 7 + i / 256);
	attach();
	ck_assert_int_eq(read_pcrs(), 0);
	ck_assert_int_eq(probe(), 0);
	pcrs_before = pcrs;
	maker_before = maker;
	pub_before = pub;
}

START_TEST(every_fault_at_every_step)
{
	struct matrix m = {0, 0};

	prepare();
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		matrix_run(&m, &sequences[i], &faulty, &vm_tpm);
	matrix_end(&m, "single commands over swtpm");
}
END_TEST

Suite *suite_faults_tpm(void)
{
	const TTest *const tests[] = {every_fault_at_every_step};
	Suite *s = suite_create("faults_tpm");
	TCase *tc = vm_tcase("faults_tpm", tests, sizeof(tests) / sizeof(tests[0]));

	tcase_set_timeout(tc, 300);
	suite_add_tcase(s, tc);
	return s;
}

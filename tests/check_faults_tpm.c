/* Every fault at every step of the single commands, over a real TPM (swtpm). */
#include <string.h>

#include "faulty.h"
#include "scripted.h"
#include "simulated.h"

#define INDEX        0x01400055u
#define SIZE         1500u /* two chunks */
#define NO_INDEX     (TPM_RC_HANDLE | 0x200u)
#define DEBUG_PCR    16

#define BYTES(array) bq_view_of((array), sizeof(array))

static struct faulty faulty;
static struct bq_transport real; /* vm_tpm's, without faults */
static struct script watch;      /* for its clock */
static uint8_t data[SIZE], got[SIZE];
static struct bq_pcr_values pcrs, pcrs_before;
static uint32_t maker, maker_before;
static struct bq_nv_public pub, pub_before;
static uint8_t attest_buf[BQ_QUOTE_MSG_MAX];
static struct bq_view attest;
/* What was read, as its digest. */
static uint8_t answer[BQ_SHA256_SIZE], ak_before[BQ_SHA256_SIZE], indices_before[BQ_SHA256_SIZE],
	handles_before[BQ_SHA256_SIZE];
/* The PCR that is extended: before, and after having been extended once. */
static uint8_t pcr_before[BQ_SHA256_SIZE], pcr_after[BQ_SHA256_SIZE];
static uint8_t data_digest[BQ_SHA256_SIZE], event_digest[BQ_SHA256_SIZE];
static const struct bq_pcr_list all = {.n = 1, .bank = {{TPM_ALG_SHA256, 0xFFFFFF}}};
static const struct bq_nv_public space = {
	.index = INDEX, .attributes = VM_OWNER, .name_alg = TPM_ALG_SHA256, .size = SIZE};

/* Straight to the TPM, whatever fault is armed. */
static struct bq_tpm clean(void)
{
	struct bq_tpm t;

	bq_tpm_init(&t, real);
	return t;
}

static void sha256(struct bq_view a, struct bq_view b, uint8_t out[BQ_SHA256_SIZE])
{
	struct bq_hash h;

	ck_assert_int_eq(bq_hash_init(&h, TPM_ALG_SHA256), 0);
	bq_hash_add(&h, a);
	bq_hash_add(&h, b);
	bq_hash_end(&h, out);
}

/* Adds to what was read. */
static void answer_add(struct bq_view v)
{
	sha256(BYTES(answer), v, answer);
}

static bool answer_is(const uint8_t before[BQ_SHA256_SIZE])
{
	return memcmp(answer, before, sizeof(answer)) == 0;
}

static void read_pcr(uint8_t out[BQ_SHA256_SIZE])
{
	static const struct bq_pcr_list one = {.n = 1, .bank = {{TPM_ALG_SHA256, 1u << DEBUG_PCR}}};
	static struct bq_pcr_values values;
	struct bq_tpm t = clean();
	struct bq_view v;

	ck_assert_int_eq(bq_tpm_pcr_read(&t, &one, &values), 0);
	ck_assert_int_eq(bq_pcr_value(&values, TPM_ALG_SHA256, DEBUG_PCR, &v), 0);
	memcpy(out, v.p, BQ_SHA256_SIZE);
}

static void look_at_pcr(void)
{
	read_pcr(pcr_before);
	sha256(BYTES(pcr_before), BYTES(data_digest), pcr_after);
}

/* The power fails and is back: PCRs and sequences are gone, NV is not. */
static void power(void *ctx, uint32_t which)
{
	struct bq_tpm t = clean();

	(void)ctx;
	(void)which;
	ck_assert(sim_machine_power(&vm));
	ck_assert_int_eq(sim_tpm_startup(&t), 0);
	look_at_pcr();
}

static void attach(void)
{
	vm_tpm.transport = real;
	vm_tpm.clock = &watch.clock;
	vm_tpm.nv_chunk = BQ_TPM_NV_CHUNK;
	faulty_attach(&faulty, &vm_tpm);
	faulty.now_ms = &watch.now_ms;
	faulty.event = power;
	faulty.events = 1;
	memset(answer, 0, sizeof(answer));
	memset(event_digest, 0, sizeof(event_digest));
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
	return bq_tpm_nv_write(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, INDEX, 0, BYTES(data));
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

/* One that is not there is as good as one just removed. */
static int undefine(void)
{
	int e = bq_tpm_nv_undefine(&vm_tpm, TPM_RH_OWNER, VM_NO_AUTH, INDEX);

	return e == BQ_E_TPM_RC && vm_tpm.rc == NO_INDEX ? 0 : e;
}

static bool is_defined(void)
{
	struct bq_tpm t = clean();
	struct bq_nv_public there;

	return bq_tpm_nv_read_public(&t, INDEX, &there, NULL) == 0 && there.size == SIZE &&
	       (there.attributes & VM_OWNER) == VM_OWNER;
}

static bool is_gone(void)
{
	struct bq_tpm t = clean();
	struct bq_nv_public there;

	return bq_tpm_nv_read_public(&t, INDEX, &there, NULL) == BQ_E_TPM_RC &&
	       (t.rc & ~0x700u) == TPM_RC_HANDLE;
}

static bool is_defined_or_gone(void)
{
	return is_defined() || is_gone();
}

static bool is_read(void)
{
	return memcmp(got, data, sizeof(data)) == 0;
}

static bool is_written(void)
{
	struct bq_tpm t = clean();

	return bq_tpm_nv_read(&t, TPM_RH_OWNER, VM_NO_AUTH, INDEX, 0, got, sizeof(got)) == 0 &&
	       is_read();
}

/* A code that was not the TPM's own is believed: that is what the next command
 * finds out. */
static bool was_told(uint32_t rc)
{
	return faulty.fault != NULL && faulty.fault->kind == FAULT_CODE &&
	       faulty.fault->value == rc;
}

static bool is_defined_or_said_so(void)
{
	return is_defined() || was_told(TPM_RC_NV_DEFINED);
}

static bool is_gone_or_said_so(void)
{
	return is_gone() || was_told(NO_INDEX);
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

static int read_ak(void)
{
	struct bq_view its_pub, name, qualified;
	struct bq_public parsed;
	int e = bq_tpm_read_public(&vm_tpm, BQ_HCL_AK_HANDLE, &its_pub, &name, &qualified);

	if (e != 0 || (e = bq_public_parse(its_pub, &parsed)) != 0)
		return e;
	memset(answer, 0, sizeof(answer));
	answer_add(its_pub);
	answer_add(name);
	answer_add(qualified);
	return 0;
}

static bool is_ak(void)
{
	return answer_is(ak_before);
}

/* Of all indices; the name is a digest of the rest. */
static int read_indices(void)
{
	struct bq_nv_public there;
	struct bq_view name;
	uint32_t index = 0x01000000 - 1;
	int e;

	memset(answer, 0, sizeof(answer));
	while ((e = bq_tpm_next_handle(&vm_tpm, index + 1, &index)) == 0) {
		if ((e = bq_tpm_nv_read_public(&vm_tpm, index, &there, &name)) != 0)
			return e;
		answer_add(name);
	}
	return e == BQ_E_TPM_PROPERTY ? 0 : e;
}

static bool is_indices(void)
{
	return answer_is(indices_before);
}

/* One by one, as a TPM that has more than it says at once. */
static int read_handles(void)
{
	bool more = true;
	struct bq_view r;
	int e;

	memset(answer, 0, sizeof(answer));
	for (uint32_t from = 0x81000000, count; more; from++) {
		if ((e = bq_tpm_get_capability(&vm_tpm, TPM_CAP_HANDLES, from, 1, &more, &r)) != 0)
			return e;
		answer_add(r);
		if (bq_rd_be32(&r, &count) != 0 || bq_rd_be32(&r, &from) != 0)
			return BQ_E_TPM_RESPONSE;
	}
	return 0;
}

static bool is_handles(void)
{
	return answer_is(handles_before);
}

static int extend(void)
{
	const struct bq_digest digest = {TPM_ALG_SHA256, BYTES(data_digest)};

	look_at_pcr();
	return bq_tpm_pcr_extend(&vm_tpm, DEBUG_PCR, VM_NO_AUTH, &digest, 1);
}

static bool is_extended(void)
{
	uint8_t now[BQ_SHA256_SIZE];

	read_pcr(now);
	return memcmp(now, pcr_after, sizeof(now)) == 0;
}

/* Never twice. */
static bool is_extended_or_not(void)
{
	uint8_t now[BQ_SHA256_SIZE];

	read_pcr(now);
	return memcmp(now, pcr_before, sizeof(now)) == 0 || is_extended();
}

static void keep_digest(const struct bq_digest *d, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (d[i].alg == TPM_ALG_SHA256)
			memcpy(event_digest, d[i].value.p, sizeof(event_digest));
}

static int feed_and_complete(uint32_t sequence)
{
	struct bq_view rest = BYTES(data), chunk;
	struct bq_digest digests[BQ_PCR_BANKS];
	unsigned n;
	int e = 0;

	while (e == 0 && rest.n != 0) {
		(void)bq_rd_take(&rest, rest.n < BQ_TPM_EVENT_CHUNK ? rest.n : BQ_TPM_EVENT_CHUNK,
				 &chunk);
		e = bq_tpm_event_update(&vm_tpm, sequence, chunk);
	}
	if (e == 0 &&
	    (e = bq_tpm_event_complete(&vm_tpm, DEBUG_PCR, VM_NO_AUTH, sequence, digests, &n)) == 0)
		keep_digest(digests, n);
	return e;
}

static int measure(void)
{
	uint32_t sequence, rc;
	int e, sys_errno;

	look_at_pcr();
	if ((e = bq_tpm_event_start(&vm_tpm, &sequence)) != 0)
		return e;
	if ((e = feed_and_complete(sequence)) == 0)
		return 0;
	rc = vm_tpm.rc;
	sys_errno = vm_tpm.sys_errno;
	(void)bq_tpm_flush(&vm_tpm, sequence);
	vm_tpm.rc = rc;
	vm_tpm.sys_errno = sys_errno;
	return e;
}

static bool is_measured(void)
{
	return is_extended() && memcmp(event_digest, data_digest, sizeof(data_digest)) == 0;
}

static bool is_sequence_left(uint32_t *handle)
{
	struct bq_tpm t = clean();
	int e = bq_tpm_next_handle(&t, 0x80000000, handle);

	ck_assert(e == 0 || e == BQ_E_TPM_PROPERTY);
	return e == 0;
}

/* No sequence is left in the TPM, unless its handle never arrived, or the TPM is not
 * to be reached any more. */
static bool is_extended_or_not_and_flushed(void)
{
	uint32_t handle;

	return is_extended_or_not() &&
	       (faulty.at == 1 || faulty.for_ever || !is_sequence_left(&handle));
}

static void setup_flushed(void)
{
	struct bq_tpm t = clean();
	uint32_t handle;

	while (is_sequence_left(&handle))
		ck_assert_int_eq(bq_tpm_flush(&t, handle), 0);
	attach();
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
	{"nvundefine", setup_defined, undefine, is_gone_or_said_so, is_defined_or_gone, BOUND, 0},
	{"nvreadpublic", setup_undefined, read_indices, is_indices, is_gone, BOUND, 0},
	{"readpublic", attach, read_ak, is_ak, NULL, BOUND, 0},
	{"getcap handles", attach, read_handles, is_handles, NULL, BOUND, 0},
	{"pcrextend", attach, extend, is_extended, is_extended_or_not, BOUND, 0},
	/* What fails is flushed, which may be refused as long. */
	{"pcrevent", setup_flushed, measure, is_measured, is_extended_or_not_and_flushed, 2 * BOUND,
	 0},
};

static void prepare(void)
{
	vm_start(NULL);
	real = vm_tpm.transport;
	script_init(&watch, NULL, 0);
	for (unsigned i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(i * 7 + i / 256);
	sha256(BYTES(data), bq_view_of(NULL, 0), data_digest);
	attach();
	ck_assert_int_eq(read_pcrs(), 0);
	ck_assert_int_eq(probe(), 0);
	ck_assert_int_eq(read_ak(), 0);
	memcpy(ak_before, answer, sizeof(answer));
	ck_assert_int_eq(read_indices(), 0);
	memcpy(indices_before, answer, sizeof(answer));
	ck_assert_int_eq(read_handles(), 0);
	memcpy(handles_before, answer, sizeof(answer));
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

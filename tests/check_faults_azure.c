/* Every fault at every step of a report, a fresh report and a quote, on a model of
 * the paravisor and a clock that waits for nobody. */
#include <string.h>

#include "faulty.h"
#include "paravisor.h"

#define USABLE (TPMA_NV_OWNERREAD | TPMA_NV_OWNERWRITE)

static struct paravisor p;
static struct faulty faulty;
static struct bq_azure a;
static uint8_t buf[BQ_HCL_MAX], ours[64];
static struct bq_view blob;
static struct bq_hcl hcl;
static struct bq_azure_quote quote;
static bool index_fits; /* 0x01400002, before the cell */

/* What others do meanwhile. */
static void event(void *ctx, uint32_t which)
{
	struct paravisor *m = ctx;

	switch (which) {
	case 0: /* another client overwrites the user data */
		memset(m->data, 0xEE, sizeof(m->data));
		break;
	case 1: /* a PCR is extended */
		m->pcr[10][0]++;
		break;
	case 2: /* another client makes the paravisor write a report of another length */
		m->sizes_change = true;
		paravisor_boot(m);
		break;
	default: /* the same, and with other user data */
		memset(m->data, 0xDD, sizeof(m->data));
		paravisor_boot(m);
	}
}

static void setup(void)
{
	paravisor_init(&p);
	faulty_attach(&faulty, &p.s.tpm);
	faulty.now_ms = &p.s.now_ms;
	faulty.event = event;
	faulty.events = 4;
	faulty.ctx = &p;
	a = (struct bq_azure){.tpm = &p.s.tpm};
	for (unsigned i = 0; i < sizeof(ours); i++)
		ours[i] = (uint8_t)(i + 1);
	memset(&hcl, 0, sizeof(hcl));
	memset(&quote, 0, sizeof(quote));
	blob = bq_view_of(NULL, 0);
	index_fits = true;
}

static void setup_undefined(void)
{
	setup();
	p.defined = p.written = false;
	index_fits = false;
}

static void setup_small(void)
{
	setup();
	p.size = 32;
	index_fits = false;
}

static void setup_unreadable(void)
{
	setup();
	p.attributes = TPMA_NV_OWNERWRITE | TPMA_NV_AUTHREAD;
	index_fits = false;
}

static void setup_on_write(void)
{
	setup();
	p.refresh_on_write = true;
}

/* An index that was fit to be used still is, and nothing was returned. */
static bool is_intact(void)
{
	return blob.p == NULL &&
	       (!index_fits || (p.defined && p.attributes == USABLE && p.size == 64));
}

static void sha256(struct bq_view v, uint8_t out[BQ_SHA256_SIZE])
{
	struct bq_hash c;

	bq_hash_init(&c, TPM_ALG_SHA256);
	bq_hash_add(&c, v);
	bq_hash_end(&c, out);
}

/* A whole report: its parts belong together, whoever's data it carries. */
static bool is_whole(void)
{
	uint8_t digest[BQ_SHA256_SIZE];
	struct bq_snp snp;

	if (blob.p != buf || bq_hcl_parse(blob, &hcl) != 0 ||
	    bq_snp_parse(hcl.hardware_report, &snp) != 0)
		return false;
	sha256(hcl.claims, digest);
	return memcmp(snp.report_data.p, digest, sizeof(digest)) == 0;
}

static bool is_fresh(void)
{
	struct bq_claims c;
	uint8_t found[64];

	return is_whole() && bq_claims_parse(hcl.claims, &c) == 0 &&
	       bq_claims_user_data(&c, found) == 0 && memcmp(found, ours, sizeof(ours)) == 0;
}

static bool is_quote(void)
{
	uint8_t digest[BQ_SHA256_SIZE], values[BQ_PCRS][32];
	struct bq_attest at;

	for (unsigned i = 0; i < BQ_PCRS; i++)
		memcpy(values[i], quote.pcrs.bank[0].value[i], 32);
	sha256(bq_view_of(values, sizeof(values)), digest);
	return bq_attest_parse(bq_view_of(quote.msg, quote.msg_n), &at) == 0 &&
	       bq_view_eq(at.extra_data, bq_view_of(ours, 32)) && quote.pcrs.n == 1 &&
	       quote.pcrs.bank[0].mask == 0xFFFFFF &&
	       bq_view_eq(at.pcr_digest, bq_view_of(digest, sizeof(digest)));
}

static bool is_evidence(void)
{
	return is_fresh() && is_quote();
}

static int run_report(void)
{
	return bq_azure_report(&a, buf, sizeof(buf), &blob, &hcl);
}

static int run_fresh(void)
{
	return bq_azure_fresh_report(&a, bq_view_of(ours, sizeof(ours)), buf, sizeof(buf), &blob,
				     &hcl);
}

static int run_quote(void)
{
	static const struct bq_pcr_list all = {.n = 1, .bank = {{TPM_ALG_SHA256, 0xFFFFFF}}};

	return bq_azure_quote(&a, BQ_HCL_AK_HANDLE, bq_view_of(ours, 32), &all, &quote);
}

static int run_attest(void)
{
	int e = run_fresh();

	if (e == 0 && (e = run_quote()) != 0)
		blob = bq_view_of(NULL, 0);
	return e;
}

#define BOUND (BQ_AZURE_TIMEOUT_MS + BQ_AZURE_LAST_TRY_MS)

static const struct sequence sequences[] = {
	{"report", setup, run_report, is_whole, is_intact, BOUND, 1},
	{"report -u", setup, run_fresh, is_fresh, is_intact, BOUND, 1},
	{"report -u, refreshed on writes", setup_on_write, run_fresh, is_fresh, is_intact, BOUND,
	 1},
	{"report -u, nothing defined", setup_undefined, run_fresh, is_fresh, is_intact, BOUND, 1},
	{"report -u, index of 32 bytes", setup_small, run_fresh, is_fresh, is_intact, BOUND, 1},
	{"report -u, index nobody reads", setup_unreadable, run_fresh, is_fresh, is_intact, BOUND,
	 1},
	{"quote", setup, run_quote, is_quote, is_intact, BOUND, 1},
	{"attest", setup, run_attest, is_evidence, is_intact, BOUND, 2},
};

START_TEST(every_fault_at_every_step)
{
	struct matrix m = {0, 0};

	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		matrix_run(&m, &sequences[i], &faulty, &p.s.tpm);
	matrix_end(&m, "reports and quotes");
}
END_TEST

Suite *suite_faults_azure(void)
{
	Suite *s = suite_create("faults_azure");
	TCase *tc = tcase_create("faults_azure");

	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, every_fault_at_every_step);
	suite_add_tcase(s, tc);
	return s;
}

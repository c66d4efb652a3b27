/* Policies applied: every member alone, both ways. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "../src/verify/internal.h"
#include "policy_text.h"

#define CLAIMS                                                                                     \
	"{'keys':[{'kid':'HCLAkPub','kty':'RSA','e':'AQAB','n':'AAAA'}],"                          \
	"'vm-configuration':{'secure-boot':true,'console-enabled':false,"                          \
	"'current-time':1700000000,'root-cert-thumbprint':'aB\\u0063','vmUniqueId':'0B44F0D4-a','" \
	"odd':[true],"                                                                             \
	"'twice':true,'twice':true,'long':'" R64("xxxxx") "'}}"

/* --- facts: a version 5 report from a Milan, with everything there ---------- */

struct world {
	uint8_t report[BQ_SNP_REPORT_SIZE];
	struct bq_snp snp;
	struct bq_claims claims;
	struct bq_attest quote;
	struct bq_pcr_values pcrs;
	struct bq_facts facts;
};

static void put_le(struct world *w, size_t at, unsigned n, uint64_t x)
{
	for (unsigned i = 0; i < n; i++)
		w->report[at + i] = (uint8_t)(x >> (8 * i));
}

static void parse_report(struct world *w)
{
	ck_assert_int_eq(bq_snp_parse(bq_view_of(w->report, sizeof(w->report)), &w->snp), 0);
}

/* Offsets: AMD 56860, ATTESTATION_REPORT */
static void fill_report(struct world *w)
{
	put_le(w, 0x000, 4, 5);
	put_le(w, 0x004, 4, 7);                  /* GUEST_SVN */
	put_le(w, 0x008, 8, 0x3011F);            /* POLICY: SMT, bit 17, ABI 1.31 */
	memset(&w->report[0x010], 0x55, 16);     /* FAMILY_ID */
	memset(&w->report[0x020], 0x66, 16);     /* IMAGE_ID */
	put_le(w, 0x030, 4, 2);                  /* VMPL */
	put_le(w, 0x038, 8, 0xD31C000000000204); /* CURRENT_TCB: 4, 2, 28, 211 */
	put_le(w, 0x040, 8, 0x25);               /* PLATFORM_INFO: SMT, ECC, alias check */
	put_le(w, 0x048, 4, 1);                  /* KEY_INFO: author key, VCEK */
	memset(&w->report[0x090], 0x11, 48);     /* MEASUREMENT */
	memset(&w->report[0x0C0], 0x22, 32);     /* HOST_DATA */
	memset(&w->report[0x0E0], 0x33, 48);     /* ID_KEY_DIGEST */
	memset(&w->report[0x110], 0x44, 48);     /* AUTHOR_KEY_DIGEST */
	memset(&w->report[0x140], 0x77, 32);     /* REPORT_ID */
	put_le(w, 0x180, 8, 0x7308000000000103); /* REPORTED_TCB: 3, 1, 8, 115 */
	put_le(w, 0x188, 3, 0x010119);           /* CPUID: Milan */
	memset(&w->report[0x1A0], 0x88, 64);     /* CHIP_ID */
	put_le(w, 0x1E0, 8, 0xD31C000000000204); /* COMMITTED_TCB, as current */
	put_le(w, 0x1E8, 3, 0x013715);           /* CURRENT 1.55.21 */
	put_le(w, 0x1EC, 3, 0x013715);           /* COMMITTED */
	put_le(w, 0x1F0, 8, 0x6007000000000002); /* LAUNCH_TCB: 2, 0, 7, 96 */
	put_le(w, 0x200, 8, 0x8000000000000005); /* CURRENT_MIT_VECTOR */
}

static struct world *new_world(void)
{
	struct world *w = must_alloc(sizeof(*w));

	memset(w, 0, sizeof(*w));
	fill_report(w);
	parse_report(w);
	ck_assert_int_eq(bq_claims_parse(bq_view_str(json_text(CLAIMS)), &w->claims), 0);
	w->quote.pcrs = (struct bq_pcr_list){
		.n = 3,
		.bank = {{TPM_ALG_SHA1, 1u << 7}, {TPM_ALG_SHA256, 1}, {TPM_ALG_SHA256, 1u << 23}},
	};
	w->pcrs.n = 2;
	w->pcrs.bank[0] = (struct bq_pcr_bank){.alg = TPM_ALG_SHA256, .mask = 0xFFFFFF};
	w->pcrs.bank[1] = (struct bq_pcr_bank){.alg = TPM_ALG_SHA1, .mask = 1u << 7};
	for (unsigned i = 0; i < BQ_PCRS; i++)
		memset(w->pcrs.bank[0].value[i], (int)i + 1, 32);
	memset(w->pcrs.bank[1].value[7], 0xA7, 20);
	w->facts = (struct bq_facts){
		.snp = &w->snp,
		.product = BQ_PRODUCT_MILAN,
		.claims = &w->claims,
		.quote = &w->quote,
		.quote_verified = true,
		.pcrs = &w->pcrs,
		.has_eventlog = true,
		.eventlog_verified = true,
	};
	return w;
}

/* --- judging ---------------------------------------------------------------- */

static struct bq_verdict verdict;

static struct bq_policy *policy_of(const char *json)
{
	struct bq_view text = tight_copy(bq_view_str(json_text(json)));
	struct bq_policy *p = NULL;
	char where[256] = "";
	int e = bq_policy_new(text, &p, where, sizeof(where));

	ck_assert_msg(e == 0, "%s: %s", json, where);
	memset((void *)(uintptr_t)text.p, 'x', text.n); /* a policy keeps none of it */
	return p;
}

static void apply(const char *json, const struct bq_facts *f)
{
	struct bq_policy *p = policy_of(json);

	verdict.accepted = true;
	verdict.n = 0;
	bq_policy_apply(p, f, &verdict);
	bq_policy_free(p);
}

/* The policy makes one check, of that name, with that result. */
static void judged(const struct world *w, const char *json, const char *name, enum bq_result want)
{
	apply(json, &w->facts);
	ck_assert_uint_eq(verdict.n, 1);
	ck_assert_str_eq(verdict.checks[0].name, name);
	ck_assert_msg(verdict.checks[0].result == want, "%s: %d, %s", json,
		      verdict.checks[0].result, verdict.checks[0].detail);
	ck_assert(verdict.accepted == (want != BQ_FAIL));
	ck_assert_uint_gt(strlen(verdict.checks[0].detail), 0);
}

static bool says(const char *words)
{
	return strstr(verdict.checks[0].detail, words) != NULL;
}

struct pair {
	const char *name, *passes, *fails; /* a check, and policies that decide it */
};

static const struct pair pairs[] = {
	{"policy.snp.measurement", "{'snp':{'measurement':['" R48("11") "']}}",
	 "{'snp':{'measurement':['" R48("12") "']}}"},
	{"policy.snp.measurement", "{'snp':{'measurement':['" R48("fF") "','" R48("11") "']}}",
	 "{'snp':{'measurement':['" R48("fF") "','" R48("10") "']}}"},
	{"policy.snp.host_data", "{'snp':{'host_data':['" R32("22") "']}}",
	 "{'snp':{'host_data':['" R32("00") "']}}"},
	{"policy.snp.family_id", "{'snp':{'family_id':['" R16("55") "']}}",
	 "{'snp':{'family_id':['" R16("66") "']}}"},
	{"policy.snp.image_id", "{'snp':{'image_id':['" R16("66") "']}}",
	 "{'snp':{'image_id':['" R16("55") "']}}"},
	{"policy.snp.report_id", "{'snp':{'report_id':['" R32("77") "']}}",
	 "{'snp':{'report_id':['" R32("00") "']}}"},
	{"policy.snp.chip_id", "{'snp':{'chip_id':['" R64("88") "']}}",
	 "{'snp':{'chip_id':['" R64("89") "']}}"},
	{"policy.snp.chip_id", "{'snp':{'chip_id':['" R8("88") "','" R64("88") "']}}",
	 "{'snp':{'chip_id':['" R8("88") "']}}"},
	{"policy.snp.id_key_digest", "{'snp':{'id_key_digest':['" R48("33") "']}}",
	 "{'snp':{'id_key_digest':['" R48("44") "']}}"},
	{"policy.snp.author_key_digest", "{'snp':{'author_key_digest':['" R48("44") "']}}",
	 "{'snp':{'author_key_digest':['" R48("33") "']}}"},
	{"policy.snp.vmpl", "{'snp':{'vmpl':[0,2]}}", "{'snp':{'vmpl':[0,1,3]}}"},
	{"policy.snp.product", "{'snp':{'product':['Genoa','Milan']}}",
	 "{'snp':{'product':['Genoa','Turin','Venice']}}"},
	{"policy.snp.min_tcb.bootloader", "{'snp':{'min_tcb':{'bootloader':3}}}",
	 "{'snp':{'min_tcb':{'bootloader':4}}}"},
	{"policy.snp.min_tcb.tee", "{'snp':{'min_tcb':{'tee':1}}}",
	 "{'snp':{'min_tcb':{'tee':2}}}"},
	{"policy.snp.min_tcb.snp", "{'snp':{'min_tcb':{'snp':8}}}",
	 "{'snp':{'min_tcb':{'snp':9}}}"},
	{"policy.snp.min_tcb.microcode", "{'snp':{'min_tcb':{'microcode':115}}}",
	 "{'snp':{'min_tcb':{'microcode':116}}}"},
	{"policy.snp.min_tcb.fmc", "{'snp':{'min_tcb':{'fmc':0}}}",
	 "{'snp':{'min_tcb':{'fmc':1}}}"},
	{"policy.snp.min_launch_tcb.bootloader", "{'snp':{'min_launch_tcb':{'bootloader':2}}}",
	 "{'snp':{'min_launch_tcb':{'bootloader':3}}}"},
	{"policy.snp.min_launch_tcb.microcode", "{'snp':{'min_launch_tcb':{'microcode':96}}}",
	 "{'snp':{'min_launch_tcb':{'microcode':97}}}"},
	{"policy.snp.min_committed_tcb.snp", "{'snp':{'min_committed_tcb':{'snp':28}}}",
	 "{'snp':{'min_committed_tcb':{'snp':29}}}"},
	{"policy.snp.min_guest_svn", "{'snp':{'min_guest_svn':7}}", "{'snp':{'min_guest_svn':8}}"},
	{"policy.snp.min_abi", "{'snp':{'min_abi':'1.31'}}", "{'snp':{'min_abi':'1.32'}}"},
	{"policy.snp.min_abi", "{'snp':{'min_abi':'0.255'}}", "{'snp':{'min_abi':'2.0'}}"},
	{"policy.snp.min_firmware", "{'snp':{'min_firmware':'1.55.21'}}",
	 "{'snp':{'min_firmware':'1.55.22'}}"},
	{"policy.snp.min_firmware", "{'snp':{'min_firmware':'1.54.255'}}",
	 "{'snp':{'min_firmware':'1.56.0'}}"},
	{"policy.snp.policy.smt", "{'snp':{'policy':{'smt':true}}}",
	 "{'snp':{'policy':{'smt':false}}}"},
	{"policy.snp.policy.debug", "{'snp':{'policy':{'debug':false}}}",
	 "{'snp':{'policy':{'debug':true}}}"},
	{"policy.snp.policy.migrate_ma", "{'snp':{'policy':{'migrate_ma':false}}}",
	 "{'snp':{'policy':{'migrate_ma':true}}}"},
	{"policy.snp.policy.single_socket", "{'snp':{'policy':{'single_socket':false}}}",
	 "{'snp':{'policy':{'single_socket':true}}}"},
	{"policy.snp.platform_info.smt_en", "{'snp':{'platform_info':{'smt_en':true}}}",
	 "{'snp':{'platform_info':{'smt_en':false}}}"},
	{"policy.snp.platform_info.tsme_en", "{'snp':{'platform_info':{'tsme_en':false}}}",
	 "{'snp':{'platform_info':{'tsme_en':true}}}"},
	{"policy.snp.platform_info.alias_check_complete",
	 "{'snp':{'platform_info':{'alias_check_complete':true}}}",
	 "{'snp':{'platform_info':{'alias_check_complete':false}}}"},
	{"policy.snp.min_mitigation_vector",
	 "{'snp':{'min_mitigation_vector':'0x8000000000000001'}}",
	 "{'snp':{'min_mitigation_vector':'0x2'}}"},
	{"policy.claims.secure-boot", "{'claims':{'secure-boot':true}}",
	 "{'claims':{'secure-boot':false}}"},
	{"policy.claims.secure-boot", "{'claims':{'secure-boot':['x',1,true]}}",
	 "{'claims':{'secure-boot':['true',1,false]}}"},
	{"policy.claims.current-time", "{'claims':{'current-time':1700000000}}",
	 "{'claims':{'current-time':1700000001}}"},
	{"policy.claims.current-time", "{'claims':{'current-time':[1,1700000000]}}",
	 "{'claims':{'current-time':'1700000000'}}"},
	{"policy.claims.root-cert-thumbprint", "{'claims':{'root-cert-thumbprint':'\\u0061Bc'}}",
	 "{'claims':{'root-cert-thumbprint':'abc'}}"},
	{"policy.claims.vmUniqueId", "{'claims':{'vmUniqueId':['x','0b44f0d4-A']}}",
	 "{'claims':{'vmUniqueId':['0b44f0d4-B','0b44f0d4-']}}"},
	{"policy.pcrs.sha256.0", "{'pcrs':{'sha256':{'0':['" R32("01") "']}}}",
	 "{'pcrs':{'sha256':{'0':['" R32("02") "']}}}"},
	{"policy.pcrs.sha256.23", "{'pcrs':{'sha256':{'23':['" R32("00") "','" R32("18") "']}}}",
	 "{'pcrs':{'sha256':{'23':['" R32("00") "','" R32("17") "']}}}"},
	{"policy.pcrs.sha1.7", "{'pcrs':{'sha1':{'7':['" R16("a7") "a7a7a7a7']}}}",
	 "{'pcrs':{'sha1':{'7':['" R16("a7") "a7a7a7a8']}}}"},
};

START_TEST(each_member_decides_both_ways)
{
	const struct pair *p = &pairs[_i];
	struct world *w = new_world();

	judged(w, p->passes, p->name, BQ_PASS);
	judged(w, p->fails, p->name, BQ_FAIL);
}
END_TEST

/* Every bit that has a name, in every state. */
static void bits_decide(const char *member, const struct bq_bit *b, size_t offset)
{
	for (; b->name != NULL; b++) {
		struct world *w = new_world();
		char json[128], name[72];

		snprintf(name, sizeof(name), "policy.snp.%s.%s", member, b->name);
		for (unsigned i = 0; i < 4; i++) {
			bool set = i / 2 != 0, want = i % 2 != 0;

			put_le(w, offset, 8, set ? b->bit : ~b->bit);
			parse_report(w);
			snprintf(json, sizeof(json), "{'snp':{'%s':{'%s':%s}}}", member, b->name,
				 want ? "true" : "false");
			judged(w, json, name, set == want ? BQ_PASS : BQ_FAIL);
		}
	}
}

START_TEST(all_named_bits)
{
	bits_decide("policy", bq_snp_policy_bits, 0x008);
	bits_decide("platform_info", bq_snp_platform_bits, 0x040);
}
END_TEST

START_TEST(tcb_components_are_the_products)
{
	struct world *w = new_world();

	put_le(w, 0x180, 8, 0x4D00000004030201); /* Turin: FMC 1, 2, 3, 4, 77 */
	parse_report(w);
	w->facts.product = BQ_PRODUCT_TURIN;
	judged(w, "{'snp':{'min_tcb':{'fmc':1}}}", "policy.snp.min_tcb.fmc", BQ_PASS);
	judged(w, "{'snp':{'min_tcb':{'fmc':2}}}", "policy.snp.min_tcb.fmc", BQ_FAIL);
	judged(w, "{'snp':{'min_tcb':{'bootloader':3}}}", "policy.snp.min_tcb.bootloader", BQ_FAIL);
	judged(w, "{'snp':{'min_tcb':{'tee':3}}}", "policy.snp.min_tcb.tee", BQ_PASS);
	judged(w, "{'snp':{'min_tcb':{'snp':4}}}", "policy.snp.min_tcb.snp", BQ_PASS);
	judged(w, "{'snp':{'min_tcb':{'snp':5}}}", "policy.snp.min_tcb.snp", BQ_FAIL);
	judged(w, "{'snp':{'min_tcb':{'microcode':77}}}", "policy.snp.min_tcb.microcode", BQ_PASS);
	/* As one number, this TCB is over the one demanded. */
	apply("{'snp':{'min_tcb':{'bootloader':9,'microcode':1}}}", &w->facts);
	ck_assert_uint_eq(verdict.n, 2);
	ck_assert_int_eq(verdict.checks[0].result, BQ_FAIL);
	ck_assert_int_eq(verdict.checks[1].result, BQ_PASS);
	ck_assert(!verdict.accepted);
}
END_TEST

START_TEST(chip_ids)
{
	struct world *w = new_world();

	memset(&w->report[0x1A8], 0, 56); /* Turin: 8 bytes, then zeros */
	judged(w, "{'snp':{'chip_id':['" R8("88") "']}}", "policy.snp.chip_id", BQ_PASS);
	judged(w, "{'snp':{'chip_id':['" R8("88") R48("00") R8("00") "']}}", "policy.snp.chip_id",
	       BQ_PASS);
	judged(w, "{'snp':{'chip_id':['" R8("89") "']}}", "policy.snp.chip_id", BQ_FAIL);
	memset(&w->report[0x1A0], 0, 64);
	judged(w, "{'snp':{'chip_id':['" R64("00") "']}}", "policy.snp.chip_id", BQ_FAIL);
	ck_assert(says("masked"));
}
END_TEST

START_TEST(an_author_digest_needs_an_author_key)
{
	struct world *w = new_world();

	w->snp.key_info = 0;
	judged(w, "{'snp':{'author_key_digest':['" R48("44") "']}}", "policy.snp.author_key_digest",
	       BQ_FAIL);
}
END_TEST

START_TEST(mitigations_need_version_5)
{
	struct world *w = new_world();

	put_le(w, 0x000, 4, 3);
	parse_report(w);
	judged(w, "{'snp':{'min_mitigation_vector':'0x1'}}", "policy.snp.min_mitigation_vector",
	       BQ_FAIL);
	ck_assert(says("version 3"));
	judged(w, "{'snp':{'min_mitigation_vector':'0x0'}}", "policy.snp.min_mitigation_vector",
	       BQ_PASS);
}
END_TEST

START_TEST(provisional_firmware)
{
	const char *no = "{'snp':{'allow_provisional_firmware':false}}";
	const char *yes = "{'snp':{'allow_provisional_firmware':true}}";
	const char *name = "policy.snp.allow_provisional_firmware";
	static const size_t offsets[] = {0x1E0, 0x1E7, 0x1EC, 0x1ED, 0x1EE};
	struct world *w = new_world();

	judged(w, no, name, BQ_PASS);
	judged(w, yes, name, BQ_SKIP);
	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		w = new_world();
		w->report[offsets[i]]--;
		parse_report(w);
		judged(w, no, name, BQ_FAIL);
		judged(w, yes, name, BQ_SKIP);
	}
}
END_TEST

START_TEST(vleks)
{
	struct world *w = new_world();

	judged(w, "{'snp':{'allow_vlek':false}}", "policy.snp.allow_vlek", BQ_PASS);
	w->snp.key_info = BQ_SNP_SIGNING_KEY_VLEK << 2;
	judged(w, "{'snp':{'allow_vlek':false}}", "policy.snp.allow_vlek", BQ_FAIL);
	judged(w, "{'snp':{'allow_vlek':true}}", "policy.snp.allow_vlek", BQ_SKIP);
}
END_TEST

/* What came of the CRL is in the verdict already. */
START_TEST(crls)
{
	static const enum bq_result results[] = {BQ_SKIP, BQ_PASS, BQ_FAIL};
	struct bq_policy *p = policy_of("{'snp':{'require_crl':true}}");
	struct world *w = new_world();

	judged(w, "{'snp':{'require_crl':false}}", "policy.snp.require_crl", BQ_SKIP);
	judged(w, "{'snp':{'require_crl':true}}", "policy.snp.require_crl", BQ_FAIL);
	for (size_t i = 0; i < 3; i++) {
		verdict.n = 0;
		bq_verdict_add(&verdict, "chain.crl", results[i], "as it may be");
		bq_policy_apply(p, &w->facts, &verdict);
		ck_assert_uint_eq(verdict.n, 2);
		ck_assert_int_eq(verdict.checks[1].result,
				 results[i] == BQ_PASS ? BQ_PASS : BQ_FAIL);
	}
	bq_policy_free(p);
}
END_TEST

START_TEST(claims_that_cannot_be_compared)
{
	struct world *w = new_world();

	judged(w, "{'claims':{'tpm-enabled':true}}", "policy.claims.tpm-enabled", BQ_FAIL);
	judged(w, "{'claims':{'odd':true}}", "policy.claims.odd", BQ_FAIL);
	judged(w, "{'claims':{'twice':true}}", "policy.claims.twice", BQ_FAIL);
	judged(w, "{'claims':{'long':'x'}}", "policy.claims.long", BQ_FAIL);
	w->claims.has_config = false;
	judged(w, "{'claims':{'secure-boot':true}}", "policy.claims.secure-boot", BQ_FAIL);
	w->facts.claims = NULL;
	judged(w, "{'claims':{'secure-boot':true}}", "policy.claims.secure-boot", BQ_FAIL);
}
END_TEST

START_TEST(pcrs_count_only_where_they_are_signed)
{
	const char *pcr0 = "{'pcrs':{'sha256':{'0':['" R32("01") "']}}}";
	const char *pcr1 = "{'pcrs':{'sha256':{'1':['" R32("02") "']}}}";
	const char *sha1 = "{'pcrs':{'sha1':{'0':['" R16("01") "01010101']}}}";
	struct world *w = new_world();

	judged(w, pcr0, "policy.pcrs.sha256.0", BQ_PASS);
	judged(w, pcr1, "policy.pcrs.sha256.1", BQ_FAIL); /* there, but not quoted */
	ck_assert(says("not among"));
	judged(w, sha1, "policy.pcrs.sha1.0", BQ_FAIL); /* quoted in another bank */
	w->pcrs.bank[0].mask = 0;
	judged(w, pcr0, "policy.pcrs.sha256.0", BQ_FAIL); /* quoted, but not there */
	w = new_world();
	w->facts.quote_verified = false;
	judged(w, pcr0, "policy.pcrs.sha256.0", BQ_FAIL);
	ck_assert(says("did not verify"));
	w->facts.quote = NULL;
	judged(w, pcr0, "policy.pcrs.sha256.0", BQ_FAIL);
	ck_assert(says("no quote"));
}
END_TEST

START_TEST(event_logs)
{
	const char *json = "{'eventlog':{'require':true}}";
	struct world *w = new_world();

	judged(w, json, "policy.eventlog.require", BQ_PASS);
	w->facts.eventlog_verified = false;
	judged(w, json, "policy.eventlog.require", BQ_FAIL);
	w->facts.has_eventlog = false;
	judged(w, json, "policy.eventlog.require", BQ_FAIL);
	judged(w, "{'eventlog':{'require':false}}", "policy.eventlog.require", BQ_SKIP);
}
END_TEST

START_TEST(details_name_the_values)
{
	struct world *w = new_world();

	apply("{'snp':{'family_id':['" R16("0a") "']}}", &w->facts);
	ck_assert_str_eq(verdict.checks[0].detail, R16("55") ", expected " R16("0a"));
	apply("{'snp':{'min_tcb':{'microcode':200}}}", &w->facts);
	ck_assert_str_eq(verdict.checks[0].detail, "115, expected at least 200");
	apply("{'snp':{'min_abi':'1.51'}}", &w->facts);
	ck_assert_str_eq(verdict.checks[0].detail, "1.31, expected at least 1.51");
	apply("{'snp':{'min_firmware':'1.51.3'}}", &w->facts);
	ck_assert_str_eq(verdict.checks[0].detail, "1.55.21, at least 1.51.3");
	apply("{'snp':{'policy':{'debug':true}}}", &w->facts);
	ck_assert_str_eq(verdict.checks[0].detail, "clear in 0x3011f, expected set");
	apply("{'claims':{'vmUniqueId':['a','b']}}", &w->facts);
	ck_assert_str_eq(verdict.checks[0].detail, "\"0B44F0D4-a\", expected [\"a\",\"b\"]");
	apply("{'snp':{'product':['Genoa']}}", &w->facts);
	ck_assert_str_eq(verdict.checks[0].detail, "Milan is not in the list");
}
END_TEST

/* --- the core ----------------------------------------------------------------- */

static struct bq_policy_core core_of(const char *json)
{
	struct bq_policy *p = policy_of(json);
	struct bq_policy_core c = bq_policy_core(p);

	bq_policy_free(p);
	return c;
}

static bool is_default(struct bq_policy_core c)
{
	return !c.allow_vlek && !c.require_crl && c.vmpl_allowed == 1 && !c.allow_debug &&
	       !c.allow_migrate_ma && !c.require_eventlog;
}

START_TEST(core_of_a_policy)
{
	ck_assert(is_default(bq_policy_core(NULL)));
	ck_assert(is_default(core_of("{}")));
	ck_assert(is_default(core_of("{'snp':{'policy':{'debug':false,'migrate_ma':false}}}")));
	ck_assert(is_default(core_of("{'snp':{'allow_vlek':false,'require_crl':false}}")));
	ck_assert(is_default(core_of("{'snp':{'policy':{'smt':true,'single_socket':true}}}")));
	ck_assert(is_default(core_of("{'snp':{'platform_info':{'smt_en':true}}}")));
	ck_assert(is_default(core_of("{'eventlog':{'require':false}}")));
	ck_assert(core_of("{'snp':{'allow_vlek':true}}").allow_vlek);
	ck_assert(core_of("{'snp':{'require_crl':true}}").require_crl);
	ck_assert(core_of("{'snp':{'policy':{'debug':true}}}").allow_debug);
	ck_assert(!core_of("{'snp':{'policy':{'debug':true}}}").allow_migrate_ma);
	ck_assert(core_of("{'snp':{'policy':{'migrate_ma':true}}}").allow_migrate_ma);
	ck_assert(core_of("{'eventlog':{'require':true}}").require_eventlog);
	ck_assert_uint_eq(core_of("{'snp':{'vmpl':[1,3,1]}}").vmpl_allowed, 0xA);
}
END_TEST

/* The shortest spelling of the longest value, many times over. */
START_TEST(many_values)
{
	char *json = must_alloc(65536);
	int at = sprintf(json, "{'snp':{'chip_id':[");
	struct world *w = new_world();

	memset(&w->report[0x1A8], 0, 56);
	for (unsigned i = 0; i < 2000; i++)
		at += sprintf(&json[at], "'%016x',", i);
	sprintf(&json[at], "'" R8("88") "']}}");
	judged(w, json, "policy.snp.chip_id", BQ_PASS);
	w->report[0x1A0] = 0x87;
	judged(w, json, "policy.snp.chip_id", BQ_FAIL);
	ck_assert(says("one of 2001"));
}
END_TEST

Suite *suite_policy(void)
{
	Suite *s = suite_create("policy");
	TCase *tc = tcase_create("apply");

	tcase_add_loop_test(tc, each_member_decides_both_ways, 0,
			    (int)(sizeof(pairs) / sizeof(pairs[0])));
	tcase_add_test(tc, all_named_bits);
	tcase_add_test(tc, tcb_components_are_the_products);
	tcase_add_test(tc, chip_ids);
	tcase_add_test(tc, an_author_digest_needs_an_author_key);
	tcase_add_test(tc, mitigations_need_version_5);
	tcase_add_test(tc, provisional_firmware);
	tcase_add_test(tc, vleks);
	tcase_add_test(tc, crls);
	tcase_add_test(tc, claims_that_cannot_be_compared);
	tcase_add_test(tc, pcrs_count_only_where_they_are_signed);
	tcase_add_test(tc, event_logs);
	tcase_add_test(tc, details_name_the_values);
	tcase_add_test(tc, core_of_a_policy);
	tcase_add_test(tc, many_values);
	suite_add_tcase(s, tc);
	return s;
}

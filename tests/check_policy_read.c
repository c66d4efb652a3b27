/* Policy files: every way to get one wrong. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "../src/verify/internal.h"
#include "policy_text.h"

static void refused(const char *json, const char *want)
{
	struct bq_view text = tight_copy(bq_view_str(json_text(json)));
	struct bq_policy *p = NULL;
	char where[256] = "";

	ck_assert_msg(bq_policy_new(text, &p, where, sizeof(where)) == BQ_E_POLICY, "%s", json);
	ck_assert_ptr_null(p);
	ck_assert_str_eq(where, want);
}

static void accepted(const char *json)
{
	struct bq_policy *p = NULL;
	char where[256] = "";

	ck_assert_msg(bq_policy_new(tight_copy(bq_view_str(json_text(json))), &p, where,
				    sizeof(where)) == 0,
		      "%s: %s", json, where);
	bq_policy_free(p);
}

static const struct {
	const char *json, *where;
} bad[] = {
	{"", "not JSON"},
	{"{", "not JSON"},
	{"[]", "expected an object"},
	{"null", "expected an object"},
	{"{'snip':{}}", "snip: unknown member"},
	{"{'':{}}", ": unknown member"},
	{"{'sn\\u0070':{}}", "\"sn\\x5cu0070\": unknown member"},
	{"{'snp':[]}", "snp: expected an object"},
	{"{'snp':{'measurment':[]}}", "snp.measurment: unknown member"},
	{"{'snp':{},'snp':{}}", "snp: is there twice"},
	{"{'snp':{'vmpl':[0],'vmp\\u006c':[1]}}", "snp.vmpl: is there twice"},
	{"{'snp':{'min_tcb':{'tee':0,'snp':1,'snp':1}}}", "snp.min_tcb.snp: is there twice"},
	{"{'claims':{'a':1,'a':2}}", "claims.a: is there twice"},
	{"{'claims':{'a\\u0000b':1,'a\\u0000b':2}}", "claims: a JSON member is there twice"},
	{"{'pcrs':{'sha1':{},'sha1':{}}}", "pcrs.sha1: is there twice"},
	{"{'snp':{'measurement':'" R48("11") "'}}", "snp.measurement: expected a list"},
	{"{'snp':{'measurement':[]}}", "snp.measurement: an empty list: nothing would pass"},
	{"{'snp':{'measurement':[1]}}", "snp.measurement[0]: expected a string of 96 hex digits"},
	{"{'snp':{'measurement':['" R48("11") "','" R32("11") "']}}",
	 "snp.measurement[1]: expected a string of 96 hex digits"},
	{"{'snp':{'measurement':['" R48("11") "1']}}",
	 "snp.measurement[0]: expected a string of 96 hex digits"},
	{"{'snp':{'measurement':['" R32("11") R16("1g") "']}}",
	 "snp.measurement[0]: expected a string of 96 hex digits"},
	{"{'snp':{'measurement':['" R64("111") "']}}",
	 "snp.measurement[0]: expected a string of 96 hex digits"},
	{"{'snp':{'host_data':['']}}", "snp.host_data[0]: expected a string of 64 hex digits"},
	{"{'snp':{'family_id':['1']}}", "snp.family_id[0]: expected a string of 32 hex digits"},
	{"{'snp':{'image_id':[null]}}", "snp.image_id[0]: expected a string of 32 hex digits"},
	{"{'snp':{'report_id':['00']}}", "snp.report_id[0]: expected a string of 64 hex digits"},
	{"{'snp':{'id_key_digest':['00']}}",
	 "snp.id_key_digest[0]: expected a string of 96 hex digits"},
	{"{'snp':{'author_key_digest':['00']}}",
	 "snp.author_key_digest[0]: expected a string of 96 hex digits"},
	{"{'snp':{'chip_id':['" R32("00") "']}}",
	 "snp.chip_id[0]: expected a string of 128 hex digits, or 16 (Turin)"},
	{"{'snp':{'chip_id':['" R8("0g") "']}}",
	 "snp.chip_id[0]: expected a string of 16 hex digits"},
	{"{'snp':{'vmpl':0}}", "snp.vmpl: expected a list"},
	{"{'snp':{'vmpl':[]}}", "snp.vmpl: an empty list: nothing would pass"},
	{"{'snp':{'vmpl':[4]}}", "snp.vmpl[0]: expected 0..3"},
	{"{'snp':{'vmpl':[0,1,'2']}}", "snp.vmpl[2]: expected 0..3"},
	{"{'snp':{'product':['milan']}}",
	 "snp.product[0]: expected \"Milan\", \"Genoa\" or \"Turin\""},
	{"{'snp':{'product':['unknown']}}",
	 "snp.product[0]: expected \"Milan\", \"Genoa\" or \"Turin\""},
	{"{'snp':{'product':[]}}", "snp.product: an empty list: nothing would pass"},
	{"{'snp':{'min_tcb':5}}", "snp.min_tcb: expected an object"},
	{"{'snp':{'min_tcb':{'microcode':256}}}", "snp.min_tcb.microcode: expected 0..255"},
	{"{'snp':{'min_tcb':{'fmc':-1}}}", "snp.min_tcb.fmc: expected 0..255"},
	{"{'snp':{'min_tcb':{'snp':1.0}}}", "snp.min_tcb.snp: expected 0..255"},
	{"{'snp':{'min_launch_tcb':{'tee':'1'}}}", "snp.min_launch_tcb.tee: expected 0..255"},
	{"{'snp':{'min_committed_tcb':{'ucode':1}}}",
	 "snp.min_committed_tcb.ucode: unknown member"},
	{"{'snp':{'min_guest_svn':4294967296}}", "snp.min_guest_svn: expected 0..4294967295"},
	{"{'snp':{'min_abi':1.51}}",
	 "snp.min_abi: expected major.minor, each 0..255, such as \"1.51\""},
	{"{'snp':{'min_abi':'1'}}",
	 "snp.min_abi: expected major.minor, each 0..255, such as \"1.51\""},
	{"{'snp':{'min_abi':'1.256'}}",
	 "snp.min_abi: expected major.minor, each 0..255, such as \"1.51\""},
	{"{'snp':{'min_abi':'1.2.3'}}",
	 "snp.min_abi: expected major.minor, each 0..255, such as \"1.51\""},
	{"{'snp':{'min_abi':'1.'}}",
	 "snp.min_abi: expected major.minor, each 0..255, such as \"1.51\""},
	{"{'snp':{'min_abi':'.1'}}",
	 "snp.min_abi: expected major.minor, each 0..255, such as \"1.51\""},
	{"{'snp':{'min_abi':'0001.1'}}",
	 "snp.min_abi: expected major.minor, each 0..255, such as \"1.51\""},
	{"{'snp':{'min_abi':'0x1.1'}}",
	 "snp.min_abi: expected major.minor, each 0..255, such as \"1.51\""},
	{"{'snp':{'min_firmware':'1.55'}}",
	 "snp.min_firmware: expected major.minor.build, each 0..255, such as \"1.55.21\""},
	{"{'snp':{'min_firmware':'1..55'}}",
	 "snp.min_firmware: expected major.minor.build, each 0..255, such as \"1.55.21\""},
	{"{'snp':{'min_firmware':'1.2.3.4'}}",
	 "snp.min_firmware: expected major.minor.build, each 0..255, such as \"1.55.21\""},
	{"{'snp':{'min_firmware':''}}",
	 "snp.min_firmware: expected major.minor.build, each 0..255, such as \"1.55.21\""},
	{"{'snp':{'allow_provisional_firmware':0}}",
	 "snp.allow_provisional_firmware: expected true or false"},
	{"{'snp':{'policy':{'debug':'false'}}}", "snp.policy.debug: expected true or false"},
	{"{'snp':{'policy':{'dbg':false}}}", "snp.policy.dbg: unknown member"},
	{"{'snp':{'policy':0}}", "snp.policy: expected an object"},
	{"{'snp':{'platform_info':{'smt':true}}}", "snp.platform_info.smt: unknown member"},
	{"{'snp':{'min_mitigation_vector':0}}",
	 "snp.min_mitigation_vector: expected 64 bits in hex, such as \"0x1f\""},
	{"{'snp':{'min_mitigation_vector':'1'}}",
	 "snp.min_mitigation_vector: expected 64 bits in hex, such as \"0x1f\""},
	{"{'snp':{'min_mitigation_vector':'0x'}}",
	 "snp.min_mitigation_vector: expected 64 bits in hex, such as \"0x1f\""},
	{"{'snp':{'min_mitigation_vector':'0x10000000000000000'}}",
	 "snp.min_mitigation_vector: expected 64 bits in hex, such as \"0x1f\""},
	{"{'snp':{'allow_vlek':null}}", "snp.allow_vlek: expected true or false"},
	{"{'snp':{'require_crl':[]}}", "snp.require_crl: expected true or false"},
	{"{'claims':[]}", "claims: expected an object"},
	{"{'claims':{'a':null}}",
	 "claims.a: expected true, false, a whole number, or a string of at most 256 bytes"},
	{"{'claims':{'a':{}}}",
	 "claims.a: expected true, false, a whole number, or a string of at most 256 bytes"},
	{"{'claims':{'a':[true,[true]]}}",
	 "claims.a[1]: expected true, false, a whole number, or a string of at most 256 bytes"},
	{"{'claims':{'a':[]}}", "claims.a: an empty list: nothing would pass"},
	{"{'claims':{'a':-1}}",
	 "claims.a: expected true, false, a whole number, or a string of at most 256 bytes"},
	{"{'claims':{'a':1.5}}",
	 "claims.a: expected true, false, a whole number, or a string of at most 256 bytes"},
	{"{'claims':{'a':'\\ud800'}}",
	 "claims.a: expected true, false, a whole number, or a string of at most 256 bytes"},
	{"{'claims':{'a':'" R64("12345") "'}}",
	 "claims.a: expected true, false, a whole number, or a string of at most 256 bytes"},
	{"{'claims':{'a.b':1}}",
	 "claims.a.b: expected a name of letters, digits, - and _, at most 57 bytes"},
	{"{'claims':{'':1}}",
	 "claims.: expected a name of letters, digits, - and _, at most 57 bytes"},
	{"{'claims':{'" R48("a") R8("a") "aa':1}}",
	 "claims." R48("a")
		 R8("a") "aa"
			 ": expected a name of letters, digits, - and _, at most 57 bytes"},
	{"{'pcrs':{'sha257':{}}}", "pcrs.sha257: expected a bank such as sha256"},
	{"{'pcrs':{'0x000b':{}}}", "pcrs.0x000b: expected a bank such as sha256"},
	{"{'pcrs':{'11':{}}}", "pcrs.11: expected a bank such as sha256"},
	{"{'pcrs':{'sha256':[]}}", "pcrs.sha256: expected an object"},
	{"{'pcrs':{'sha256':{'24':['" R32("00") "']}}}", "pcrs.sha256.24: expected a PCR, 0..23"},
	{"{'pcrs':{'sha256':{'07':['" R32("00") "']}}}", "pcrs.sha256.07: expected a PCR, 0..23"},
	{"{'pcrs':{'sha256':{'0x7':['" R32("00") "']}}}", "pcrs.sha256.0x7: expected a PCR, 0..23"},
	{"{'pcrs':{'sha256':{'':['" R32("00") "']}}}", "pcrs.sha256.: expected a PCR, 0..23"},
	{"{'pcrs':{'sha256':{'7':'" R32("00") "'}}}", "pcrs.sha256.7: expected a list"},
	{"{'pcrs':{'sha256':{'7':[]}}}", "pcrs.sha256.7: an empty list: nothing would pass"},
	{"{'pcrs':{'sha384':{'7':['" R32("00") "']}}}",
	 "pcrs.sha384.7[0]: expected a string of 96 hex digits"},
	{"{'eventlog':true}", "eventlog: expected an object"},
	{"{'eventlog':{'require':1}}", "eventlog.require: expected true or false"},
	{"{'eventlog':{'required':true}}", "eventlog.required: unknown member"},
};

START_TEST(what_is_wrong_is_refused_with_its_path)
{
	refused(bad[_i].json, bad[_i].where);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
	const char *text =
		json_text("{'snp':{'vmpl':[0],'min_tcb':{'snp':1}},'claims':{'a':[true]},"
			  "'pcrs':{'sha1':{'7':['" R16("00") "00000000']}}}");

	accepted(text);
	for (size_t n = 0; n < strlen(text); n++) {
		struct bq_policy *p;
		char where[64];

		ck_assert_int_eq(
			bq_policy_new(tight_copy(bq_view_of(text, n)), &p, where, sizeof(where)),
			BQ_E_POLICY);
		ck_assert_str_eq(where, "not JSON");
	}
}
END_TEST

START_TEST(a_short_where_is_cut)
{
	struct bq_policy *p;
	char where[8];

	memset(where, 'x', sizeof(where));
	ck_assert_int_eq(bq_policy_new(VIEW("{\"eventlog\":1}"), &p, where, 5), BQ_E_POLICY);
	ck_assert_str_eq(where, "even");
	ck_assert_int_eq(where[5], 'x');
	ck_assert_int_eq(bq_policy_new(VIEW("{\"eventlog\":1}"), &p, NULL, 0), BQ_E_POLICY);
}
END_TEST

/* A list of n claims. */
static const char *many_claims(unsigned n)
{
	char *json = must_alloc(32 * (size_t)n + 32);
	int at = sprintf(json, "{'claims':{");

	for (unsigned i = 0; i < n; i++)
		at += sprintf(&json[at], "%s'claim-%u':true", i == 0 ? "" : ",", i);
	sprintf(&json[at], "}}");
	return json;
}

START_TEST(no_more_members_than_a_verdict_holds)
{
	accepted(many_claims(128));
	refused(many_claims(129), "claims.claim-128: too many members in this policy");
	refused(many_claims(257), "claims: too many members");
}
END_TEST

START_TEST(files_have_a_limit)
{
	size_t n = 1u << 20;
	uint8_t *text = must_alloc(n + 1);
	struct bq_policy *p;
	char where[64];

	memset(text, ' ', n + 1);
	memcpy(text, "{}", 2);
	ck_assert_int_eq(bq_policy_new(bq_view_of(text, n), &p, where, sizeof(where)), 0);
	bq_policy_free(p);
	ck_assert_int_eq(bq_policy_new(bq_view_of(text, n + 1), &p, where, sizeof(where)),
			 BQ_E_POLICY);
	ck_assert_str_eq(where, "expected at most 1 MiB");
}
END_TEST

Suite *suite_policy_read(void)
{
	Suite *s = suite_create("policy_read");
	TCase *tc = tcase_create("read");

	tcase_add_loop_test(tc, what_is_wrong_is_refused_with_its_path, 0,
			    (int)(sizeof(bad) / sizeof(bad[0])));
	tcase_add_test(tc, every_truncation_is_refused);
	tcase_add_test(tc, a_short_where_is_cut);
	tcase_add_test(tc, no_more_members_than_a_verdict_holds);
	tcase_add_test(tc, files_have_a_limit);
	suite_add_tcase(s, tc);
	return s;
}

/* Policies written from evidence: they accept what they were made from and
 * refuse what is different. */
#include "captures.h"
#include "forge.h"

#include <stdio.h>
#include <string.h>

#include "policy_text.h"

#define TEXT_MAX 65536
#define MANY     100000 /* members */

/* NUL-terminated. */
static const char *written(const struct bq_evidence *ev)
{
	char *text = must_alloc(TEXT_MAX);
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, TEXT_MAX - 1);
	ck_assert_int_eq(bq_policy_write(&b.s, ev), 0);
	text[b.n] = '\0';
	return text;
}

static bool has(const char *text, const char *part)
{
	return strstr(text, json_text(part)) != NULL;
}

/* The forge's claims, with that vm-configuration. */
static void set_config(struct forge *f, const char *config)
{
	size_t cap = TEXT_MAX + strlen(config);
	char *text = must_alloc(cap);
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, cap - 1);
	bq_put_str(&b.s, json_text("{'keys':[{'kid':'HCLAkPub','kty':'RSA','e':'AQAB','n':'"));
	bq_put_b64(&b.s, BQ_BASE64URL, bq_view_of(f->n, f->n_len));
	bq_put_str(&b.s, json_text("'}],'vm-configuration':"));
	bq_put_str(&b.s, json_text(config));
	bq_put_str(&b.s, "}");
	text[b.n] = '\0';
	f->claims = text;
}

/* Everything distinct, so that no pin passes by chance. */
static void begin(struct forge *f, enum bq_product p, bool vlek)
{
	struct sim_report *r = &f->report;

	forge_begin(f, p, vlek);
	memset(r->measurement, 0x11, sizeof(r->measurement));
	memset(r->host_data, 0x22, sizeof(r->host_data));
	memset(r->id_key_digest, 0x33, sizeof(r->id_key_digest));
	memset(r->author_digest, 0x44, sizeof(r->author_digest));
	memset(r->family_id, 0x55, sizeof(r->family_id));
	memset(r->image_id, 0x66, sizeof(r->image_id));
	r->guest_svn = 7;
	r->key_info |= BQ_SNP_KEY_AUTHOR_KEY_EN;
	set_config(f, "{'secure-boot':true,'vmUniqueId':'AB-cd','current-time':5}");
	f->policy = NULL;
}

static void begin_v5(struct forge *f)
{
	begin(f, BQ_PRODUCT_MILAN, false);
	f->report.version = 5;
	f->report.current_mit_vector = 0xF0;
}

static unsigned policy_checks(const struct bq_verdict *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n; i++) {
		bool ours = strncmp(v->checks[i].name, "policy.", 7) == 0;

		n += ours;
		ck_assert_msg(!ours || v->checks[i].result == BQ_PASS ||
				      strcmp(v->checks[i].name, "policy.snp.allow_vlek") == 0,
			      "%s: %s", v->checks[i].name, v->checks[i].detail);
	}
	return n;
}

START_TEST(accepts_what_it_was_made_from)
{
	static const enum bq_product products[] = {BQ_PRODUCT_MILAN, BQ_PRODUCT_GENOA,
						   BQ_PRODUCT_TURIN};
	bool turin = products[_i / 2] == BQ_PRODUCT_TURIN, vlek = _i % 2 != 0;
	struct bq_verdict v;
	struct forge f;

	begin(&f, products[_i / 2], vlek);
	forge_make(&f);
	f.policy = written(&f.ev);
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");
	/* 8 lists, TCBs, SVN, ABI, firmware, bits, claims, PCRs, perhaps allow_vlek */
	ck_assert_uint_eq(policy_checks(&v),
			  8u + (turin ? 15 : 12) + 3 + 9 + 7 + 2 + BQ_PCRS + vlek);
}
END_TEST

START_TEST(leaves_out_what_changes_on_redeployment)
{
	struct forge f;
	const char *text;

	begin(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	text = written(&f.ev);
	ck_assert(!has(text, "chip_id"));
	ck_assert(!has(text, "report_id"));
	ck_assert(!has(text, "current-time"));
	ck_assert(!has(text, "allow_vlek"));
	ck_assert(has(text, "'vmpl': [\n      0\n    ]"));
	ck_assert(has(text, "'vmUniqueId': [\n      'AB-cd'\n    ]"));
	ck_assert(has(text, "'min_abi': '0.31'"));
	ck_assert_str_eq(&text[strlen(text) - 3], "\n}\n");
}
END_TEST

/* --- one thing is different -------------------------------------------------- */

static void other_measurement(struct forge *f)
{
	f->report.measurement[47] ^= 1;
}

static void other_host_data(struct forge *f)
{
	f->report.host_data[0] ^= 1;
}

static void other_family(struct forge *f)
{
	f->report.family_id[15] ^= 1;
}

static void other_image(struct forge *f)
{
	f->report.image_id[0] ^= 1;
}

static void other_id_key(struct forge *f)
{
	f->report.id_key_digest[0] ^= 1;
}

static void other_author(struct forge *f)
{
	f->report.author_digest[0] ^= 1;
}

static void no_author(struct forge *f)
{
	f->report.key_info &= ~BQ_SNP_KEY_AUTHOR_KEY_EN;
}

static void other_vmpl(struct forge *f)
{
	f->report.vmpl = 1;
}

static void lower_svn(struct forge *f)
{
	f->report.guest_svn--;
}

static void lower_abi(struct forge *f)
{
	f->report.policy--;
}

static void lower_firmware(struct forge *f)
{
	if (f->report.current_build-- == 0)
		f->report.current_minor--;
}

static void lower_launch_tcb(struct forge *f)
{
	f->report.launch_tcb.microcode--;
}

static void lower_committed_tcb(struct forge *f)
{
	f->report.committed_tcb.snp--;
}

/* The certificate goes with it: only the policy still knows. */
static void lower_reported_tcb(struct forge *f)
{
	f->report.reported_tcb.bootloader--;
	f->leaf.tcb.bootloader--;
}

static void other_smt(struct forge *f)
{
	f->report.policy ^= BQ_SNP_POLICY_SMT;
}

static void other_platform(struct forge *f)
{
	f->report.platform_info ^= 1u << 1;
}

static void fewer_mitigations(struct forge *f)
{
	f->report.current_mit_vector = 0xE1;
}

static void no_secure_boot(struct forge *f)
{
	set_config(f, "{'secure-boot':false,'vmUniqueId':'ab-CD'}");
}

static void other_vm(struct forge *f)
{
	set_config(f, "{'secure-boot':true,'vmUniqueId':'ab-ce'}");
}

static void other_pcr(struct forge *f)
{
	f->ev.pcrs.bank[0].value[11][31] ^= 1;
}

static void fewer_pcrs(struct forge *f)
{
	f->pcrs.bank[0].mask &= ~(1u << 7);
}

static const struct {
	void (*change)(struct forge *f);
	const char *fails;
} changes[] = {
	{other_measurement, "policy.snp.measurement"},
	{other_host_data, "policy.snp.host_data"},
	{other_family, "policy.snp.family_id"},
	{other_image, "policy.snp.image_id"},
	{other_id_key, "policy.snp.id_key_digest"},
	{other_author, "policy.snp.author_key_digest"},
	{no_author, "policy.snp.author_key_digest"},
	{other_vmpl, "report.vmpl policy.snp.vmpl"},
	{lower_svn, "policy.snp.min_guest_svn"},
	{lower_abi, "policy.snp.min_abi"},
	{lower_firmware, "policy.snp.min_firmware"},
	{lower_launch_tcb, "policy.snp.min_launch_tcb.microcode"},
	{lower_committed_tcb, "policy.snp.min_committed_tcb.snp"},
	{lower_reported_tcb, "policy.snp.min_tcb.bootloader"},
	{other_smt, "policy.snp.policy.smt"},
	{other_platform, "policy.snp.platform_info.tsme_en"},
	{fewer_mitigations, "policy.snp.min_mitigation_vector"},
	{no_secure_boot, "policy.claims.secure-boot"},
	{other_vm, "policy.claims.vmUniqueId"},
	{other_pcr, "policy.pcrs.sha256.11"},
	{fewer_pcrs, "policy.pcrs.sha256.7"},
};

START_TEST(refuses_what_is_different)
{
	const char *policy;
	struct forge f;

	begin_v5(&f);
	forge_make(&f);
	policy = written(&f.ev);
	begin_v5(&f);
	f.policy = policy;
	changes[_i].change(&f);
	forge_fails(&f, changes[_i].fails);
}
END_TEST

START_TEST(evidence_with_little_in_it)
{
	struct bq_verdict v;
	struct forge f;

	forge_begin_bare(&f, BQ_PRODUCT_GENOA, false);
	forge_make(&f);
	f.policy = written(&f.ev);
	ck_assert(!has(f.policy, "'claims'"));
	ck_assert(!has(f.policy, "'pcrs'"));
	ck_assert(!has(f.policy, "author_key_digest"));
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");

	forge_begin(&f, BQ_PRODUCT_MILAN, false); /* no vm-configuration */
	forge_make(&f);
	f.ev.quote_msg = f.ev.quote_sig = bq_view_of(NULL, 0);
	f.expect = (struct bq_expect){.no_nonce = true, .no_quote = true};
	f.policy = written(&f.ev);
	ck_assert(!has(f.policy, "'claims'"));
	ck_assert(!has(f.policy, "'pcrs'"));
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");
}
END_TEST

/* A version 2 report does not say what it runs on, its certificate does. */
START_TEST(the_product_of_a_version_2_report)
{
	struct bq_verdict v;
	struct forge f;

	begin(&f, BQ_PRODUCT_GENOA, _i != 0);
	f.report.version = 2;
	forge_make(&f);
	f.policy = written(&f.ev);
	ck_assert(has(f.policy, "'product': [\n      'Genoa'\n    ]"));
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");
	f.ev.certs[0] = VIEW("no certificate");
	ck_assert(!has(written(&f.ev), "product"));
}
END_TEST

/* What no policy can spell is left out, and there is an end to what is pinned. */
START_TEST(odd_configurations)
{
	char *config = must_alloc(TEXT_MAX);
	struct bq_verdict v;
	struct forge f;
	int at = sprintf(config, "{'vmUniqueId':'\\ud800','a.b':true,'':true,'c\\u002fd':true,"
				 "'twice':true,'twice':true,'" R48("n") R8("n") "n':true,'" R48("n")
					 R8("n") "nn':true,'e\\u0066':true,'nested':{'a':true}");

	for (unsigned i = 0; i < 60; i++)
		at += sprintf(&config[at], ",'b%u':true", i);
	sprintf(&config[at], "}");
	begin(&f, BQ_PRODUCT_MILAN, false);
	set_config(&f, config);
	forge_make(&f);
	f.policy = written(&f.ev);
	ck_assert(!has(f.policy, "vmUniqueId"));
	ck_assert(!has(f.policy, "twice"));
	ck_assert(!has(f.policy, "'a.b'"));
	ck_assert(!has(f.policy, R48("n") R8("n") "nn"));
	ck_assert(has(f.policy, "'" R48("n") R8("n") "n': true"));
	ck_assert(has(f.policy, "'ef': true"));
	ck_assert(has(f.policy, "'b19': true"));
	ck_assert(!has(f.policy, "'b20': true"));
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");
}
END_TEST

/* The VM's id goes to a terminal; the policy accepts what it was made from all the same. */
START_TEST(an_id_that_a_terminal_would_obey)
{
	struct bq_verdict v;
	struct forge f;

	begin(&f, BQ_PRODUCT_MILAN, false);
	set_config(&f, "{'vmUniqueId':'\xc2\x9b\x33J\u202e\x7f'}");
	forge_make(&f);
	f.policy = written(&f.ev);
	ck_assert(has(f.policy, "'\\u009b3J\\u202e\\u007f'"));
	ck_assert_int_eq(forge_verify(&f, &v), 0);
	assert_failures(&v, "");
}
END_TEST

/* Each looked for among all the others, these would take minutes. */
START_TEST(very_many_members)
{
	static const char *const value[] = {"0", "true"};
	char *config = must_alloc(MANY * sizeof(",'a99999':true"));
	struct forge f;
	int at = sprintf(config, "{'first':true");

	for (unsigned i = 0; i < MANY; i++) /* each name twice */
		at += sprintf(&config[at], ",'a%u':%s", i % (MANY / 2), value[_i]);
	sprintf(&config[at], "}");
	begin(&f, BQ_PRODUCT_MILAN, false);
	set_config(&f, config);
	forge_make(&f);
	f.policy = written(&f.ev);
	ck_assert(has(f.policy, "'claims': {\n    'first': true\n  }"));
}
END_TEST

START_TEST(nothing_is_written_of_what_cannot_be_read)
{
	static const int want[] = {BQ_E_HCL_MAGIC, BQ_E_CLAIMS_AK, BQ_E_ATTEST_MAGIC,
				   BQ_E_SNP_SIZE};
	struct bq_sink_buf b;
	uint8_t text[16];
	struct forge f;

	begin(&f, BQ_PRODUCT_MILAN, false);
	f.aks = 0;
	if (_i == 1)
		f.claims = NULL;
	forge_make(&f);
	if (_i == 0)
		f.ev.hcl = f.ev.quote_msg;
	else if (_i == 2)
		f.ev.quote_msg = f.ev.hcl;
	else if (_i == 3)
		f.ev = (struct bq_evidence){.format = BQ_EVIDENCE_SNP, .report = f.ev.hcl};
	bq_sink_buf_init(&b, text, sizeof(text));
	ck_assert_int_eq(bq_policy_write(&b.s, &f.ev), want[_i]);
	ck_assert_uint_eq(b.n, 0);
}
END_TEST

START_TEST(a_full_sink_is_told)
{
	struct forge f;
	size_t whole;

	begin(&f, BQ_PRODUCT_MILAN, false);
	forge_make(&f);
	whole = strlen(written(&f.ev));
	for (size_t cap = 0; cap < whole; cap += 53) {
		struct bq_sink_buf b;

		bq_sink_buf_init(&b, must_alloc(cap), cap);
		ck_assert_int_eq(bq_policy_write(&b.s, &f.ev), BQ_E_SPACE);
	}
}
END_TEST

/* --- real evidence ------------------------------------------------------------ */

static void accepts_capture(const struct bq_evidence *ev, const struct bq_expect *expect)
{
	struct bq_verifier *verifier = bq_verifier_new();
	const char *policy = written(ev);
	struct bq_verdict v;
	char where[128] = "";

	ck_assert_ptr_nonnull(verifier);
	bq_verifier_set_time(verifier, AT_2025);
	ck_assert_msg(bq_verifier_set_policy(verifier, bq_view_str(policy), where, sizeof(where)) ==
			      0,
		      "%s", where);
	ck_assert_int_eq(bq_verify(verifier, ev, expect, &v), 0);
	assert_failures(&v, "");
	ck_assert_uint_gt(policy_checks(&v), 30);
	bq_verifier_free(verifier);
}

static const struct bq_expect challenge = {
	.has_nonce = true,
	.nonce = {(const uint8_t *)"challenge", 9},
};

START_TEST(azure)
{
	struct bq_evidence ev = _i == 0 ? evidence_2023() : evidence_2025();

	accepts_capture(&ev, &challenge);
	ck_assert(has(written(&ev), "'Milan'"));
}
END_TEST

/* Refused by default for its VLEK and VMPL 1; accepted by a policy that pins them. */
START_TEST(vlek_and_vmpl_1)
{
	struct bq_evidence ev = {.format = BQ_EVIDENCE_SNP,
				 .report = read_capture("snp-vlek-v3/report.bin"),
				 .certs = {read_capture("snp-vlek-v3/vlek.der")}};
	struct bq_expect expect = {.no_nonce = true};

	accepts_capture(&ev, &expect);
	ck_assert(has(written(&ev), "'allow_vlek': true"));
	ck_assert(has(written(&ev), "'vmpl': [\n      1\n    ]"));
}
END_TEST

Suite *suite_policy_write(void)
{
	Suite *s = suite_create("policy_write");
	TCase *tc = tcase_create("write");

	tcase_set_timeout(tc, 60);
	tcase_add_unchecked_fixture(tc, forge_keys, NULL);
	tcase_add_loop_test(tc, accepts_what_it_was_made_from, 0, 6);
	tcase_add_test(tc, leaves_out_what_changes_on_redeployment);
	tcase_add_loop_test(tc, refuses_what_is_different, 0,
			    (int)(sizeof(changes) / sizeof(changes[0])));
	tcase_add_test(tc, evidence_with_little_in_it);
	tcase_add_loop_test(tc, the_product_of_a_version_2_report, 0, 2);
	tcase_add_test(tc, odd_configurations);
	tcase_add_test(tc, an_id_that_a_terminal_would_obey);
	tcase_add_loop_test(tc, very_many_members, 0, 2);
	tcase_add_loop_test(tc, nothing_is_written_of_what_cannot_be_read, 0, 4);
	tcase_add_test(tc, a_full_sink_is_told);
	tcase_add_capture_loop_test(tc, azure, 0, 2);
	tcase_add_capture_test(tc, vlek_and_vmpl_1);
	suite_add_tcase(s, tc);
	return s;
}

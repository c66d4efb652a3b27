/* Every call of libcrypto, and for memory, that the verifier makes, failing in turn and in
 * each way it can. What is forged is never accepted, whatever fails; what is genuine is
 * accepted or refused with a check or an error that says so; nothing crashes or leaks.
 * FAULTS_ALL=1 takes the whole corpus of forgeries, for minutes. */
#include "booted.h"
#include "forgery.h"
#include "quote_maker.h"
#include "wrapped.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

/* --- the matrix ----------------------------------------------------------------- */

/* What is judged, and how. */
struct subject {
	const char *name;
	bool forged;
	int (*judge)(const void *subject, struct bq_verdict *out);
	const void *of;
};

static long blocks_now(void)
{
	OPENSSL_thread_stop(); /* what this thread keeps for its errors */
	return wrapped_blocks();
}

/* False where there was no call left to fail. */
static bool run_cell(const struct subject *s, unsigned way, size_t at, unsigned *accepted)
{
	static struct bq_verdict v;
	long before = blocks_now();
	const char *failed;
	int e;

	v.accepted = false;
	wrapped_arm(way, at);
	e = s->judge(s->of, &v);
	failed = wrapped_disarm();
	ck_assert_msg(!v.accepted || (e == 0 && !s->forged), "%s, %s (call %zu) failing: ACCEPTED",
		      s->name, failed, at);
	ck_assert_msg(failed != NULL || e != 0 || v.accepted == !s->forged, "%s: %s", s->name,
		      v.accepted ? "accepted" : "refused");
	ck_assert_msg(e != 0 || v.accepted == (bq_verdict_first_failure(&v) == NULL),
		      "%s, %s (call %zu) failing: no verdict", s->name, failed, at);
	ck_assert_msg(blocks_now() == before, "%s, %s (call %zu) failing: leaks", s->name, failed,
		      at);
	*accepted += v.accepted;
	return failed != NULL;
}

static void run_matrix(const struct subject *s)
{
	unsigned cells = 0, accepted = 0;

	wrapped_arm(WRAPPED_WAYS, 0);
	(void)s->judge(s->of, &(struct bq_verdict){0}); /* libcrypto has loaded all it needs */
	(void)wrapped_disarm();
	for (unsigned way = 0; way < WRAPPED_WAYS; way++)
		for (size_t at = 0; run_cell(s, way, at, &accepted); at++)
			cells++;
	printf("calls failing, %s%s: %u cells, accepted %u times, 0 wrong answers\n", s->name,
	       s->forged ? "" : " (genuine)", cells, accepted);
}

/* --- evidence ------------------------------------------------------------------- */

static int configure(struct bq_verifier *v, const struct forge *f)
{
	char where[128];
	int e = bq_verifier_set_roots(v, f->roots);

	if (e == 0 && f->crl.n != 0)
		e = bq_verifier_set_crl(v, f->crl);
	if (e == 0 && f->policy != NULL)
		e = bq_verifier_set_policy(v, bq_view_str(f->policy), where, sizeof(where));
	if (f->at != 0)
		bq_verifier_set_time(v, f->at);
	return e;
}

static int verify(const void *forge, struct bq_verdict *out)
{
	const struct forge *f = forge;
	struct bq_verifier *v = bq_verifier_new();
	int e = v == NULL ? BQ_E_NO_MEMORY : configure(v, f);

	if (e == 0)
		e = bq_verify(v, &f->ev, &f->expect, out);
	bq_verifier_free(v);
	return e;
}

static void log_lacks_events(struct forge *f)
{
	f->ev.eventlog = booted_log(7);
}

static void with_policy(struct forge *f)
{
	booted_begin(f);
	f->policy = "{\"snp\":{\"min_tcb\":{\"bootloader\":0}},\"eventlog\":{\"require\":true}}";
}

static void policy_wants_more(struct forge *f)
{
	f->policy = "{\"snp\":{\"min_tcb\":{\"bootloader\":255}}}";
}

static void with_root(struct forge *f)
{
	milan(f);
	f->roots = pem_of(forge_ca(f->product, SIM_ARK));
}

/* Its name, its key, and somebody else's signature. */
static void root_not_self_signed(struct forge *f)
{
	X509 *ark = sim_ca_cert(&f->ark, f->ark_key, NULL, f->ark_key);

	f->roots = pem_of(sim_cert_end(ark, true, f->ca_key, &f->ark.signing));
}

/* Beside the corpus: logs, policies and roots. */
static const struct maker more[] = {
	{"eventlog/events-dropped", booted_begin, .change = log_lacks_events},
	{"policy/unmet", with_policy, .change = policy_wants_more},
	{"roots/not-self-signed", with_root, .change = root_not_self_signed},
	{0},
};

static const struct maker *find_maker(const char *name)
{
	const struct maker *m;

	for (m = more; m->name != NULL; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	for (int i = 0; (m = maker_at(i)) != NULL; i++)
		if (strcmp(m->name, name) == 0)
			return m;
	ck_abort_msg("no maker %s", name);
}

static void run_maker(const struct maker *m, bool forged)
{
	struct forge f;
	const struct subject s = {m->name, forged, verify, &f};

	maker_make(m, forged, &f);
	if (forged && m->spoil != NULL)
		m->spoil(&f);
	run_matrix(&s);
	EVP_PKEY_free(f.own_key);
}

/* One of every check that rests on libcrypto, and of some that do not. */
static const char *const forgeries[] = {
	"chain/attacker-ark",   "chain/attacker-ark-beside", "chain/ark-no-ca",
	"chain/foreign-ask",    "chain/ask-pkcs1",           "chain/ask-salt-32",
	"chain/ask-exponent-3", "chain/leaf-other-signer",   "chain/leaf-p256",
	"chain/leaf-ca-true",   "chain/leaf-expired",        "chain/ask-revoked",
	"chain/crl-expired",    "chain/crl-forged",          "leaf/tee-twice",
	"leaf/hwid-other-chip", "report/flip-signature",     "report/other-signer",
	"report/debug",         "runtime/attacker-ak",       "quote/other-ak",
	"quote/nonce-other",    "quote/value-changed",       "eventlog/events-dropped",
	"policy/unmet",         "roots/not-self-signed",
};

/* Of these, the twins. */
static const char *const twins[] = {
	"chain/attacker-ark",
	"chain/ask-revoked",
	"policy/unmet",
	"roots/not-self-signed",
};

START_TEST(forgery)
{
	run_maker(find_maker(forgeries[_i]), true);
}
END_TEST

START_TEST(twin)
{
	run_maker(find_maker(twins[_i]), false);
}
END_TEST

/* Those in a JSON container do not get as far as libcrypto. */
START_TEST(corpus)
{
	const struct maker *m = maker_at(_i);

	if (m->find == NULL)
		run_maker(m, true);
}
END_TEST

/* --- quotes on their own -------------------------------------------------------- */

static int checkquote(const void *quote, struct bq_verdict *out)
{
	return bq_checkquote(quote, out);
}

static void other_signer(struct quote_maker *m)
{
	static EVP_PKEY *const *const others[QUOTE_KINDS] = {
		&quote_other_rsa, &quote_other_rsa, &quote_key[QUOTE_P384], &quote_key[QUOTE_P256]};

	for (unsigned i = 0; i < QUOTE_KINDS; i++)
		if (m->key == quote_key[i])
			m->signer = *others[i];
}

static void other_nonce(struct quote_maker *m)
{
	m->q.nonce = VIEW("twice");
}

static void other_value(struct quote_maker *m)
{
	m->pcrs.bank[0].value[0][0] ^= 1;
}

static const struct {
	const char *name;
	void (*change)(struct quote_maker *m); /* before it is signed */
	void (*spoil)(struct quote_maker *m);  /* after */
} quotes[] = {
	{.name = "checkquote/genuine"},
	{"checkquote/other-signer", .change = other_signer},
	{"checkquote/other-nonce", .spoil = other_nonce},
	{"checkquote/other-value", .spoil = other_value},
};

#define QUOTES (int)(sizeof(quotes) / sizeof(quotes[0]))

START_TEST(quote)
{
	const int q = _i % QUOTES;
	struct quote_maker m;
	const struct subject s = {quotes[q].name, q != 0, checkquote, &m.q};

	quote_begin(&m, (enum quote_kind)(_i / QUOTES));
	if (quotes[q].change != NULL)
		quotes[q].change(&m);
	quote_make(&m);
	if (quotes[q].spoil != NULL)
		quotes[q].spoil(&m);
	run_matrix(&s);
}
END_TEST

/* --- the suite ------------------------------------------------------------------ */

static void setup(void)
{
	ck_assert(wrapped_count_blocks());
	forge_keys();
	(void)attackers_ak();
	quote_keys();
}

static int corpus_size(void)
{
	int n = 0;

	while (maker_at(n) != NULL)
		n++;
	return n;
}

Suite *suite_faults_calls(void)
{
	Suite *s = suite_create("faults_calls");
	TCase *tc = tcase_create("faults_calls");

	tcase_set_timeout(tc, 120);
	tcase_add_unchecked_fixture(tc, setup, quote_keys_free);
	tcase_add_loop_test(tc, forgery, 0, (int)(sizeof(forgeries) / sizeof(forgeries[0])));
	tcase_add_loop_test(tc, twin, 0, (int)(sizeof(twins) / sizeof(twins[0])));
	tcase_add_loop_test(tc, quote, 0, QUOTES * QUOTE_KINDS);
	if (getenv("FAULTS_ALL") != NULL)
		tcase_add_loop_test(tc, corpus, 0, corpus_size());
	suite_add_tcase(s, tc);
	return s;
}

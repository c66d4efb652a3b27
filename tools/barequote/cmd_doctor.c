/* doctor: why attestation works here, or what is in its way. It only reads. */
#include "cmd.h"
#include "doctor.h"
#include "session.h"

#include <barequote/json.h>

#define TIMEOUT_MS 3000
#define FACT_MAX   256

static struct {
	const char *json, *imds, *no_imds, *auth, *timeout;
} given;

static const struct opt options[] = {
	OPT("", "json", "", "the findings as JSON", &given.json),
	OPT("", "imds", "URL", "default: " BQ_IMDS_URL, &given.imds),
	OPT("", "no-imds", "", "leave the certificates out", &given.no_imds),
	OPT("P", "auth", "AUTH", "the owner hierarchy's password, if it has one", &given.auth),
	OPT("", "timeout", "SEC", "wait so long for an answer; default: 3", &given.timeout),
	{0},
};

static const struct {
	const char *name;
	doctor_look *look;
	unsigned needs;
} looks[] = {
	{"tpm.device", doctor_device, 0},
	{"tpm.identity", doctor_identity, DOCTOR_TPM},
	{"report.index", doctor_report_index, DOCTOR_TPM},
	{"report", doctor_report, DOCTOR_TPM | DOCTOR_INDEX},
	{"user_data.index", doctor_user_data_index, DOCTOR_TPM},
	{"owner", doctor_owner, DOCTOR_TPM},
	{"ak", doctor_ak, DOCTOR_TPM},
	{"ak.match", doctor_ak_match, DOCTOR_TPM | DOCTOR_AK | DOCTOR_CLAIMS},
	{"ak.cert", doctor_ak_cert, DOCTOR_TPM},
	{"pcrs", doctor_pcrs, DOCTOR_TPM},
	{"eventlog", doctor_eventlog, 0},
	{"user_data", doctor_user_data, DOCTOR_TPM | DOCTOR_CLAIMS},
	{"imds", doctor_imds, 0},
};

#define LOOKS (sizeof(looks) / sizeof(looks[0]))

static struct finding {
	enum doctor_state state;
	const char *advice;
	struct bq_view fact;
	uint8_t text[FACT_MAX];
} findings[LOOKS];

enum doctor_state doctor_error(struct doctor *d, int err)
{
	if (session_lost(err))
		d->have &= ~DOCTOR_TPM;
	session_put_error(&d->fact.s, err);
	d->advice = session_hint(err);
	return DOCTOR_FAIL;
}

enum doctor_state doctor_says(struct doctor *d, enum doctor_state state, const char *fact,
			      const char *advice)
{
	bq_put_str(&d->fact.s, fact);
	d->advice = advice;
	return state;
}

void doctor_number(struct doctor *d, const char *words, uint64_t x)
{
	bq_put_str(&d->fact.s, words);
	bq_put_u64(&d->fact.s, x);
}

bool doctor_absent(const struct doctor *d, int err)
{
	return err == BQ_E_TPM_RC && (d->azure.tpm->rc & ~0x700u) == TPM_RC_HANDLE;
}

/* Whether none failed. A fact that is too long is cut. */
static bool examine(struct doctor *d)
{
	bool well = true;

	for (size_t i = 0; i < LOOKS; i++) {
		struct finding *f = &findings[i];

		bq_sink_buf_init(&d->fact, f->text, sizeof(f->text));
		d->advice = NULL;
		if ((looks[i].needs & ~d->have) == 0)
			f->state = looks[i].look(d);
		else
			f->state = doctor_says(d, DOCTOR_SKIP, "needs what failed above", NULL);
		f->advice = d->advice;
		f->fact = bq_view_of(f->text, d->fact.n);
		well = well && f->state != DOCTOR_FAIL;
	}
	return well;
}

static void put_text(struct bq_sink *s)
{
	static const char states[][7] = {"ok    ", "warn  ", "FAIL  ", "skip  "};

	for (size_t i = 0; i < LOOKS; i++) {
		bq_putf(s, "%s%s: ", states[findings[i].state], looks[i].name);
		bq_put_view(s, findings[i].fact);
		put_hint(s, findings[i].advice);
		bq_put_chr(s, '\n');
	}
}

/* By way of a sink, since the words may be packed. */
static void put_advice(struct bq_jw *w, const char *advice)
{
	char text[FACT_MAX];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_str(&b.s, advice);
	bq_jw_chars(w, "advice", bq_view_of(text, b.n));
}

static void put_json(struct bq_sink *s, bool well)
{
	static const char states[][5] = {"ok", "warn", "fail", "skip"};
	struct bq_jw w;

	bq_jw_init(&w, s, 0);
	bq_jw_object(&w, NULL);
	bq_jw_bool(&w, "ok", well);
	bq_jw_array(&w, "findings");
	for (size_t i = 0; i < LOOKS; i++) {
		bq_jw_object(&w, NULL);
		bq_jw_str(&w, "name", looks[i].name);
		bq_jw_str(&w, "state", states[findings[i].state]);
		bq_jw_chars(&w, "fact", findings[i].fact);
		if (findings[i].advice != NULL)
			put_advice(&w, findings[i].advice);
		bq_jw_end_object(&w);
	}
	bq_jw_end_array(&w);
	bq_jw_end_object(&w);
	bq_put_chr(s, '\n');
}

static enum outcome run(char **args, unsigned n)
{
	static struct doctor d;
	struct bq_sink *s;
	enum outcome o;
	bool well;

	(void)args, (void)n;
	if ((o = session_timeout(given.timeout, &d.azure.timeout_ms)) != TOOL_OK ||
	    (o = session_auth("--auth", given.auth, &d.azure.owner)) != TOOL_OK ||
	    (o = session_try(&d.azure.tpm, &d.address, &d.open_error)) != TOOL_OK ||
	    (o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	if (d.azure.timeout_ms == 0)
		d.azure.timeout_ms = TIMEOUT_MS;
	d.imds = given.imds;
	d.no_imds = given.no_imds != NULL;
	well = examine(&d);
	if (given.json != NULL)
		put_json(s, well);
	else
		put_text(s);
	o = out_end();
	return o == TOOL_OK && !well ? TOOL_FAILED : o;
}

const struct command cmd_doctor = {
	.words = COMMAND(
		"doctor", "", "say what stands in the way of attestation here",
		"\nA line for each finding: ok; warn: attest does without, or sets it right; "
		"FAIL;\n"
		"skip. Changes nothing. Exit 0: attest would work; 3: something failed.\n"),
	.opts = options,
	.run = run,
};

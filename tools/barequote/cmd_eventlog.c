/* eventlog: a TCG event log as tpm2_eventlog prints it. */
#include "eventlog_data.h"

#include <barequote/hash.h>

#include "cmd.h"
#include "io.h"
#include "session.h"

#define LOG_MAX ((size_t)16 << 20)

static uint8_t buf[LOG_MAX]; /* takes memory only where a log fills it */
static const char *wanted_version;

static const struct opt options[] = {
	OPT("", "eventlog-version", "N",
	    "1 (default) as tpm2_eventlog; 2: also variables and partitions decoded",
	    &wanted_version),
	{0},
};

static void put_alg(struct bq_sink *s, const char *key, uint16_t alg)
{
	const char *name = bq_alg_name(alg);

	bq_put_str(s, key);
	if (name != NULL) {
		bq_put_str(s, name);
	} else {
		bq_put_str(s, "0x");
		bq_put_x64(s, alg, 4);
	}
	bq_put_chr(s, '\n');
}

static void put_u64(struct bq_sink *s, const char *key, uint64_t x)
{
	bq_put_str(s, key);
	bq_put_u64(s, x);
	bq_put_chr(s, '\n');
}

static void put_hex(struct bq_sink *s, const char *key, struct bq_view v)
{
	bq_put_str(s, key);
	bq_put_chr(s, '"');
	bq_put_hex(s, v);
	bq_put_str(s, "\"\n");
}

static void put_head(struct bq_sink *s, const struct bq_event *e)
{
	const char *type = bq_event_type_name(e->type);

	put_u64(s, "- EventNum: ", e->number);
	put_u64(s, "  PCRIndex: ", e->pcr);
	bq_put_str(s, "  EventType: ");
	bq_put_str(s, type != NULL ? type : "Unknown event type");
	bq_put_chr(s, '\n');
}

static void put_event(struct bq_sink *s, const struct bq_event *e, unsigned version)
{
	put_head(s, e);
	put_u64(s, "  DigestCount: ", e->n);
	bq_put_str(s, "  Digests:\n");
	for (unsigned i = 0; i < e->n; i++) {
		put_alg(s, "  - AlgorithmId: ", e->digest[i].alg);
		put_hex(s, "    Digest: ", e->digest[i].value);
	}
	eventlog_put_data(s, e, version);
}

/* A byte of the header as a line; zero where it ends before. */
static uint8_t put_u8(struct bq_sink *s, const char *key, struct bq_view *r)
{
	uint8_t x = 0;

	(void)bq_rd_u8(r, &x);
	put_u64(s, key, x);
	return x;
}

static void put_algs(struct bq_sink *s, const struct bq_eventlog *l)
{
	put_u64(s, "    numberOfAlgorithms: ", l->n);
	bq_put_str(s, "    Algorithms:\n");
	for (unsigned i = 0; i < l->n; i++) {
		bq_put_str(s, "    - Algorithm[");
		bq_put_u64(s, i);
		bq_put_str(s, "]:\n");
		put_alg(s, "      algorithmId: ", l->algs[i].alg);
		put_u64(s, "      digestSize: ", l->algs[i].size);
	}
}

/* The first event of a crypto-agile log; bq_eventlog_open() has read it before. */
static void put_spec_id(struct bq_sink *s, const struct bq_eventlog *l, const struct bq_event *e)
{
	struct bq_view r = e->data;
	uint32_t class = 0;

	put_head(s, e);
	put_hex(s, "  Digest: ", e->digest[0].value);
	put_u64(s, "  EventSize: ", e->data.n);
	(void)bq_rd_skip(&r, 16);
	(void)bq_rd_le32(&r, &class);
	bq_put_str(s, "  SpecID:\n  - Signature: Spec ID Event03\n");
	put_u64(s, "    platformClass: ", class);
	put_u8(s, "    specVersionMinor: ", &r);
	put_u8(s, "    specVersionMajor: ", &r);
	put_u8(s, "    specErrata: ", &r);
	put_u8(s, "    uintnSize: ", &r);
	put_algs(s, l);
	(void)bq_rd_skip(&r, 4 + 4 * (size_t)l->n);
	if (put_u8(s, "    vendorInfoSize: ", &r) != 0)
		put_hex(s, "    vendorInfo: ", r);
}

static void put_bank(struct bq_sink *s, const struct bq_pcr_bank *b)
{
	bq_put_str(s, "  ");
	bq_put_str(s, bq_alg_name(b->alg));
	bq_put_str(s, ":\n");
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		if ((b->mask >> i & 1) == 0)
			continue;
		bq_put_str(s, "    ");
		bq_put_u64(s, i);
		bq_put_str(s, i < 10 ? "  : 0x" : " : 0x");
		bq_put_hex(s, bq_view_of(b->value[i], bq_alg_size(b->alg)));
		bq_put_chr(s, '\n');
	}
}

static int put_pcrs(struct bq_sink *s, struct bq_view log)
{
	static const uint16_t order[] = {TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA384,
					 TPM_ALG_SHA512};
	static struct bq_pcr_values v;
	int e = bq_eventlog_replay(log, bq_hash_of, &v);

	if (e != 0)
		return e;
	bq_put_str(s, "pcrs:\n");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (unsigned k = 0; k < v.n; k++)
			if (v.bank[k].alg == order[i] && v.bank[k].mask != 0)
				put_bank(s, &v.bank[k]);
	return 0;
}

static int put_log(struct bq_sink *s, struct bq_view log, unsigned version)
{
	struct bq_eventlog l;
	struct bq_event event;
	bool more = true;
	int e;

	if ((e = bq_eventlog_open(log, &l)) != 0)
		return e;
	put_u64(s, "---\nversion: ", version);
	bq_put_str(s, "events:\n");
	while ((e = bq_eventlog_next(&l, &event, &more)) == 0 && more) {
		if (l.agile && event.number == 0)
			put_spec_id(s, &l, &event);
		else
			put_event(s, &event, version);
	}
	return e != 0 ? e : put_pcrs(s, log);
}

static int drop(struct bq_sink *s, const void *p, size_t n)
{
	(void)s, (void)p, (void)n;
	return 0;
}

/* What was read before an error is printed all the same. */
static enum outcome put(struct bq_view log, unsigned version, int *err)
{
	struct bq_sink nowhere = {.put = drop}, *s;
	enum outcome o;

	if (session_quiet()) {
		*err = put_log(&nowhere, log, version);
		return TOOL_OK;
	}
	if ((o = out_begin(NULL, false, &s)) != TOOL_OK)
		return o;
	*err = put_log(s, log, version);
	return out_end();
}

static enum outcome run(char **args, unsigned n)
{
	uint64_t version = 1;
	struct bq_view log;
	enum outcome o;
	int e;

	if (n == 0)
		return msg_option("missing: FILE");
	if ((o = input_number("--eventlog-version", wanted_version, EVENTLOG_VERSIONS, &version)) !=
	    TOOL_OK)
		return o;
	if (version == 0)
		return msg_usage("--eventlog-version: expected 1 or 2", NULL);
	if ((o = input_file("the event log", args[0], buf, sizeof(buf), &log)) != TOOL_OK ||
	    (o = put(log, (unsigned)version, &e)) != TOOL_OK)
		return o;
	return e == 0 ? TOOL_OK : msg_error(args[0], e, 0);
}

const struct command cmd_eventlog = {
	.words = COMMAND(
		"eventlog", "FILE", "a TCG event log as YAML",
		"\nThe kernel's is /sys/kernel/security/tpm0/binary_bios_measurements. `show` "
		"says more\n"
		"of what is in it.\n"),
	.opts = options,
	.args_max = 1,
	.no_tpm = true,
	.tpm2 = true,
	.run = run,
};

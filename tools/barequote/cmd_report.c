/* report: the HCL blob, as it stands or with user data of the caller's. */
#include <errno.h>
#include <sys/random.h>

#include "cmd.h"
#include "session.h"

static struct {
	const char *user_data, *random, *out, *snp, *claims, *timeout, *auth;
} given;

static const struct opt options[] = {
	OPT("u", "user-data", "HEX|@FILE", "get a report that carries these bytes, at most 64",
	    &given.user_data),
	OPT("r", "random", "FILE", "get one that carries 64 random bytes; write them to FILE",
	    &given.random),
	OPT("o", "output", "FILE", "the blob; default: standard output", &given.out),
	OPT("", "snp", "FILE", "the SNP report in it, 1184 bytes", &given.snp),
	OPT("", "claims", "FILE", "the runtime claims in it, JSON", &given.claims),
	OPT("", "timeout", "SEC", "give up after so long; default: 10", &given.timeout),
	OPT("P", "auth", "AUTH", "the owner hierarchy's password, if it has one", &given.auth),
	{0},
};

static uint8_t user_data[BQ_HCL_USER_DATA_SIZE];
static uint8_t blob_buf[BQ_HCL_MAX];

static enum outcome get_user_data(struct bq_view *out)
{
	*out = bq_view_of(user_data, sizeof(user_data));
	if (given.user_data != NULL && given.random != NULL)
		return msg_usage("--user-data and --random exclude each other", NULL);
	if (given.user_data != NULL)
		return input_value("--user-data", given.user_data, user_data, sizeof(user_data),
				   out);
	if (given.random != NULL &&
	    getrandom(user_data, sizeof(user_data), 0) != (ssize_t)sizeof(user_data))
		return msg_errno("cannot read", "random bytes", errno);
	return TOOL_OK;
}

static enum outcome get_report(struct bq_view *blob, struct bq_hcl *hcl)
{
	struct bq_azure a = {.tpm = NULL};
	struct bq_view data;
	enum outcome o;
	int e;

	if ((o = get_user_data(&data)) != TOOL_OK ||
	    (o = session_azure(given.auth, given.timeout, &a)) != TOOL_OK)
		return o;
	if (given.user_data != NULL || given.random != NULL)
		e = bq_azure_fresh_report(&a, data, blob_buf, sizeof(blob_buf), blob, hcl);
	else
		e = bq_azure_report(&a, blob_buf, sizeof(blob_buf), blob, hcl);
	return e == 0 ? TOOL_OK : session_error("reading the report", e);
}

/* The blob, and each part that has a place of its own. */
static enum outcome put_report(struct bq_view blob, const struct bq_hcl *hcl)
{
	enum outcome o;

	if ((o = out_file(given.snp, true, hcl->hardware_report)) != TOOL_OK ||
	    (o = out_file(given.claims, false, hcl->claims)) != TOOL_OK ||
	    (o = out_file(given.random, true, bq_view_of(user_data, sizeof(user_data)))) != TOOL_OK)
		return o;
	if (given.out != NULL || (given.snp == NULL && given.claims == NULL))
		o = out_view(given.out, true, blob);
	return o;
}

static enum outcome run(char **args, unsigned n)
{
	struct bq_view blob;
	struct bq_hcl hcl;
	enum outcome o;
	int e;

	(void)args, (void)n;
	if (given.snp == NULL && given.claims == NULL &&
	    (o = out_check(given.out, true)) != TOOL_OK)
		return o;
	if ((o = get_report(&blob, &hcl)) != TOOL_OK)
		return o;
	if (given.snp != NULL && (e = bq_hcl_require_snp(&hcl)) != 0)
		return msg_error("--snp", e, 0);
	return put_report(blob, &hcl);
}

const struct command cmd_report = {
	.words = COMMAND(
		"report", "", "read the paravisor's report (HCL blob)",
		"\nWith user data it succeeds only with a report that carries it. Nothing is\n"
		"written unless everything succeeded. With --snp or --claims the blob itself\n"
		"is written only where -o says so.\n"),
	.opts = options,
	.run = run,
};

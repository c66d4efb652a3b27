#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <barequote/text.h>

const char sim_help[] =
	"Usage: hclsim --dir DIR [OPTION...]\n"
	"\n"
	"A simulated Azure confidential VM: swtpm as its vTPM, and in front of it what\n"
	"the paravisor adds. For development and tests only: its keys lie in DIR for\n"
	"anyone to use, and nothing it signs verifies but with --roots DIR/ark.pem.\n"
	"\n"
	"      --dir DIR             keys, certificates and the TPM's state; kept\n"
	"      --listen PATH         TPM on a Unix socket, any number of clients\n"
	"      --tcp PORT            TPM on 127.0.0.1, swtpm's control channel on PORT+1\n"
	"      --ctrl PATH           swtpm's control channel for QEMU (-tpmdev emulator)\n"
	"      --imds PORT           instance metadata service on 127.0.0.1\n"
	"      --product NAME        milan (default), genoa, turin\n"
	"      --report-version N    2, 3 (default), 5\n"
	"      --hcl-version N       header version: 1 (default), 2\n"
	"      --nv-size N           report index: 2048 (oldest claims: no EK, key_ops\n"
	"                            `encrypt', current-time), 2600 (default), 2900\n"
	"                            (newest claims: full vm-configuration)\n"
	"      --refresh read|write  what makes a new report: a read of the report index\n"
	"                            from its start (default), or a write of user data\n"
	"      --throttle SEC        least time between reports, boot included (2)\n"
	"      --key-order ORDER     of the claims: struct (default), sorted\n"
	"      --hex-case CASE       of user-data and vmUniqueId: upper (default), lower\n"
	"      --no-user-data        claims without user-data\n"
	"      --fault SPEC          see below\n"
	"      --log FILE            append a line per TPM command: time, name, handles,\n"
	"                            response code (`dropped' where there was none)\n"
	"  -h, --help\n"
	"\n"
	"Prints `ready' when it can be used; ends on SIGTERM or SIGINT.\n"
	"\n";

enum {
	DIR = 'd',
	HELP = 'h',
	LISTEN = 256,
	TCP,
	CTRL,
	IMDS,
	PRODUCT,
	REPORT_VERSION,
	HCL_VERSION,
	NV_SIZE,
	REFRESH,
	THROTTLE,
	KEY_ORDER,
	HEX_CASE,
	NO_USER_DATA,
	FAULT,
	LOG,
};

static const struct option longs[] = {
	{"dir", required_argument, NULL, DIR},
	{"listen", required_argument, NULL, LISTEN},
	{"tcp", required_argument, NULL, TCP},
	{"ctrl", required_argument, NULL, CTRL},
	{"imds", required_argument, NULL, IMDS},
	{"product", required_argument, NULL, PRODUCT},
	{"report-version", required_argument, NULL, REPORT_VERSION},
	{"hcl-version", required_argument, NULL, HCL_VERSION},
	{"nv-size", required_argument, NULL, NV_SIZE},
	{"refresh", required_argument, NULL, REFRESH},
	{"throttle", required_argument, NULL, THROTTLE},
	{"key-order", required_argument, NULL, KEY_ORDER},
	{"hex-case", required_argument, NULL, HEX_CASE},
	{"no-user-data", no_argument, NULL, NO_USER_DATA},
	{"fault", required_argument, NULL, FAULT},
	{"log", required_argument, NULL, LOG},
	{"help", no_argument, NULL, HELP},
	{NULL, 0, NULL, 0},
};

struct choice {
	const char *name;
	uint32_t value;
};

static const struct choice products[] = {{"milan", BQ_PRODUCT_MILAN},
					 {"genoa", BQ_PRODUCT_GENOA},
					 {"turin", BQ_PRODUCT_TURIN},
					 {NULL, 0}};
static const struct choice report_versions[] = {{"2", 2}, {"3", 3}, {"5", 5}, {NULL, 0}};
static const struct choice hcl_versions[] = {{"1", 1}, {"2", 2}, {NULL, 0}};
static const struct choice nv_sizes[] = {{"2048", 2048}, {"2600", 2600}, {"2900", 2900}, {NULL, 0}};
static const struct choice refreshes[] = {{"read", 0}, {"write", 1}, {NULL, 0}};
static const struct choice key_orders[] = {{"struct", 0}, {"sorted", 1}, {NULL, 0}};
static const struct choice hex_cases[] = {{"upper", 0}, {"lower", 1}, {NULL, 0}};

static bool choose(const struct choice *c, const char *arg, uint32_t *out)
{
	for (; c->name != NULL; c++)
		if (strcmp(c->name, arg) == 0) {
			*out = c->value;
			return true;
		}
	return false;
}

static bool flag(const struct choice *c, const char *arg, bool *out)
{
	uint32_t x;

	if (!choose(c, arg, &x))
		return false;
	*out = x != 0;
	return true;
}

/* max leaves room for the control port. */
static bool port(const char *arg, uint16_t max, uint16_t *out)
{
	uint64_t x;

	if (bq_num_decode(bq_view_str(arg), max, &x) != 0 || x == 0)
		return false;
	*out = (uint16_t)x;
	return true;
}

/* Seconds with up to three decimals. */
static bool seconds(const char *arg, uint32_t *ms)
{
	const char *dot = strchr(arg, '.');
	size_t whole = dot != NULL ? (size_t)(dot - arg) : strlen(arg);
	size_t decimals = dot != NULL ? strlen(dot + 1) : 0;
	uint64_t s, fraction = 0;

	if (bq_num_decode(bq_view_of(arg, whole), 3600, &s) != 0 || decimals > 3)
		return false;
	if (dot != NULL && bq_num_decode(bq_view_str(dot + 1), 999, &fraction) != 0)
		return false;
	for (; decimals < 3; decimals++)
		fraction *= 10;
	*ms = (uint32_t)(s * 1000 + fraction);
	return true;
}

static bool set(struct sim_options *o, int option, const char *arg)
{
	uint32_t x;

	switch (option) {
	case TCP:
		return port(arg, 65534, &o->tcp);
	case IMDS:
		return port(arg, 65535, &o->imds);
	case PRODUCT:
		if (!choose(products, arg, &x))
			return false;
		o->product = (enum bq_product)x;
		return true;
	case REPORT_VERSION:
		return choose(report_versions, arg, &o->report_version);
	case HCL_VERSION:
		return choose(hcl_versions, arg, &o->hcl_version);
	case NV_SIZE:
		if (!choose(nv_sizes, arg, &x))
			return false;
		o->nv_size = (uint16_t)x;
		return true;
	case REFRESH:
		return flag(refreshes, arg, &o->refresh_on_write);
	case THROTTLE:
		return seconds(arg, &o->throttle_ms);
	case KEY_ORDER:
		return flag(key_orders, arg, &o->sorted);
	case HEX_CASE:
		return flag(hex_cases, arg, &o->lower);
	default:
		return false;
	}
}

/* Options whose argument is kept as it is. */
static bool set_text(struct sim_options *o, int option, const char *arg)
{
	switch (option) {
	case DIR:
		o->dir = arg;
		return true;
	case LISTEN:
		o->listen = arg;
		return true;
	case CTRL:
		o->ctrl = arg;
		return true;
	case LOG:
		o->log = arg;
		return true;
	case NO_USER_DATA:
		o->no_user_data = true;
		return true;
	default:
		return false;
	}
}

static enum sim_options_result complete(const struct sim_options *o, const char *extra, char *why,
					size_t cap)
{
	if (extra != NULL)
		snprintf(why, cap, "%s: no argument is expected", extra);
	else if (o->dir == NULL)
		snprintf(why, cap, "--dir is missing: where keys and the TPM's state are kept");
	else if (o->listen == NULL && o->tcp == 0 && o->ctrl == NULL)
		snprintf(why, cap,
			 "none of --listen, --tcp and --ctrl: nobody could reach the TPM");
	else
		return SIM_OPTIONS_OK;
	return SIM_OPTIONS_WRONG;
}

enum sim_options_result sim_options_parse(struct sim_options *o, int argc, char **argv, char *why,
					  size_t cap)
{
	int c, at = 0;

	*o = (struct sim_options){
		.product = BQ_PRODUCT_MILAN,
		.report_version = 3,
		.hcl_version = 1,
		.nv_size = 2600,
		.throttle_ms = 2000,
	};
	optind = 1;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", longs, &at)) != -1) {
		if (c == HELP)
			return SIM_OPTIONS_HELP;
		if (c == '?' || c == ':') {
			snprintf(why, cap, "%s: %s", argv[optind - 1],
				 c == '?' ? "unknown option" : "an argument is missing");
			return SIM_OPTIONS_WRONG;
		}
		if (c == FAULT && !sim_fault_parse(&o->faults, optarg, why, cap))
			return SIM_OPTIONS_WRONG;
		if (c != FAULT && !set_text(o, c, optarg) && !set(o, c, optarg)) {
			snprintf(why, cap, "--%s %s: not one of the values that --help lists",
				 longs[at].name, optarg);
			return SIM_OPTIONS_WRONG;
		}
	}
	return complete(o, argv[optind], why, cap);
}

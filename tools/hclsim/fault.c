#include "fault.h"

#include <stdio.h>
#include <string.h>

#include <barequote/hcl.h>
#include <barequote/text.h>
#include <barequote/tpm.h>

#define CC_MAX 0x1FFu /* beyond the command codes of the library specification */

const char sim_fault_help[] =
	"Faults (--fault, as often as wanted). CMD is a command's name (NV_Read), its\n"
	"code (0x14e) or * for any; N is the occurrence from 1, or * for each.\n"
	"  rc:CMD:N:CODE       answer with this response code, do not execute\n"
	"  delay:CMD:N:MS      execute late\n"
	"  drop:CMD:N          close the connection, do not execute\n"
	"  torn:N              another report comes to be between the chunks of the N-th read\n"
	"  stale               reports never take up user data\n"
	"  unwritten, absent   the report index holds nothing (0x14A), does not exist\n"
	"  owner-auth          the owner hierarchy has the password `hclsim'\n"
	"  type:tdx, type:vbs  the blob holds another kind of report\n"
	"  zero-ak             the AK in the claims is all zero\n"
	"  no-ak, other-ak     0x81000003 is empty, or another key than in the claims\n"
	"  no-ak-cert, unwritten-ak-cert\n"
	"                      no AK certificate\n"
	"  clock-ahead         the current-time of claims is an hour ahead\n"
	"  platform-user-data  0x01400002 is the platform's, and too small\n"
	"  no-sha256           the TPM has no PCRs with SHA-256\n"
	"  tcbm[:N]            IMDS has certificates of an older TCB (the first N times)\n"
	"  imds-pem            the last of IMDS's certificates is damaged\n"
	"  imds-status:CODE[:N] IMDS answers with this HTTP status (the first N times)\n";

#define FIELDS 4

/* spec at its colons; returns how many fields, 0 where there are too many. */
static size_t split(const char *spec, struct bq_view out[FIELDS])
{
	size_t n = 0;

	for (;;) {
		const char *colon = strchr(spec, ':');

		if (n == FIELDS)
			return 0;
		out[n++] = bq_view_of(spec, colon != NULL ? (size_t)(colon - spec) : strlen(spec));
		if (colon == NULL)
			return n;
		spec = colon + 1;
	}
}

static bool number(struct bq_view text, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t x;

	if (bq_num_decode(text, max, &x) != 0 || x < min)
		return false;
	*out = (uint32_t)x;
	return true;
}

static bool occurrence(struct bq_view text, uint32_t *out)
{
	if (bq_view_eq_str(text, "*")) {
		*out = SIM_ALWAYS;
		return true;
	}
	return number(text, 1, SIM_ALWAYS - 1, out);
}

static bool command(struct bq_view text, uint32_t *cc)
{
	if (bq_view_eq_str(text, "*")) {
		*cc = 0;
		return true;
	}
	for (uint32_t c = 1; c <= CC_MAX; c++) {
		const char *name = bq_tpm_cc_name(c);

		if (name != NULL && bq_view_eq_str(text, name)) {
			*cc = c;
			return true;
		}
	}
	return number(text, 1, UINT32_MAX, cc);
}

static bool add_rule(struct sim_faults *f, enum sim_fault_kind kind, const struct bq_view *field,
		     size_t fields)
{
	struct sim_fault_rule r = {.kind = kind};
	bool valued = kind != SIM_FAULT_DROP;

	if (f->n == SIM_FAULT_RULES || fields != (valued ? 4 : 3) || !command(field[1], &r.cc) ||
	    !occurrence(field[2], &r.nth))
		return false;
	if (valued && !number(field[3], 1, kind == SIM_FAULT_RC ? UINT32_MAX : 600000, &r.value))
		return false;
	f->rules[f->n++] = r;
	return true;
}

/* NAME[:N], where without N it is always. */
static bool counted(const struct bq_view *field, size_t fields, uint32_t *out)
{
	if (fields == 1)
		*out = SIM_ALWAYS;
	return fields == 1 || (fields == 2 && occurrence(field[1], out));
}

static bool imds_status(struct sim_faults *f, const struct bq_view *field, size_t fields)
{
	uint32_t status, many;

	if (fields < 2 || !number(field[1], 100, 599, &status) ||
	    !counted(&field[1], fields - 1, &many))
		return false;
	f->imds_status = (int)status;
	f->imds_many = many;
	return true;
}

static bool report_type(struct sim_faults *f, const struct bq_view *field, size_t fields)
{
	if (fields == 2 && bq_view_eq_str(field[1], "tdx"))
		f->type = BQ_HCL_TDX;
	else if (fields == 2 && bq_view_eq_str(field[1], "vbs"))
		f->type = BQ_HCL_VBS;
	else
		return false;
	return true;
}

static bool flag(struct sim_faults *f, struct bq_view name)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{"stale", &f->stale},
		{"unwritten", &f->unwritten},
		{"absent", &f->absent},
		{"owner-auth", &f->owner_auth},
		{"zero-ak", &f->zero_ak},
		{"no-ak", &f->no_ak},
		{"other-ak", &f->other_ak},
		{"no-ak-cert", &f->no_ak_cert},
		{"unwritten-ak-cert", &f->unwritten_ak_cert},
		{"clock-ahead", &f->clock_ahead},
		{"platform-user-data", &f->platform_user_data},
		{"no-sha256", &f->no_sha256},
		{"imds-pem", &f->imds_pem},
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (bq_view_eq_str(name, flags[i].name))
			return *flags[i].flag = true;
	return false;
}

static bool parse(struct sim_faults *f, const struct bq_view *field, size_t fields)
{
	if (bq_view_eq_str(field[0], "rc"))
		return add_rule(f, SIM_FAULT_RC, field, fields);
	if (bq_view_eq_str(field[0], "delay"))
		return add_rule(f, SIM_FAULT_DELAY, field, fields);
	if (bq_view_eq_str(field[0], "drop"))
		return add_rule(f, SIM_FAULT_DROP, field, fields);
	if (bq_view_eq_str(field[0], "torn"))
		return fields == 2 && occurrence(field[1], &f->torn);
	if (bq_view_eq_str(field[0], "tcbm"))
		return counted(field, fields, &f->tcbm);
	if (bq_view_eq_str(field[0], "imds-status"))
		return imds_status(f, field, fields);
	if (bq_view_eq_str(field[0], "type"))
		return report_type(f, field, fields);
	return fields == 1 && flag(f, field[0]);
}

bool sim_fault_parse(struct sim_faults *f, const char *spec, char *why, size_t cap)
{
	struct bq_view field[FIELDS];
	size_t n = split(spec, field);

	if (n != 0 && parse(f, field, n))
		return true;
	snprintf(why, cap, "--fault %s is not one of those that --help lists", spec);
	return false;
}

struct sim_fault_action sim_fault_on(struct sim_faults *f, uint32_t cc)
{
	struct sim_fault_action a = {0};

	for (size_t i = 0; i < f->n; i++) {
		struct sim_fault_rule *r = &f->rules[i];

		if (r->cc != 0 && r->cc != cc)
			continue;
		r->seen++;
		if (r->nth != SIM_ALWAYS && r->nth != r->seen)
			continue;
		switch (r->kind) {
		case SIM_FAULT_RC:
			a.rc = r->value;
			break;
		case SIM_FAULT_DELAY:
			a.delay_ms += r->value;
			break;
		case SIM_FAULT_DROP:
			a.drop = true;
			break;
		}
	}
	return a;
}

/* The command line of hclsim. */
#ifndef HCLSIM_OPTIONS_H
#define HCLSIM_OPTIONS_H

#include <barequote/snp.h>

#include "fault.h"

struct sim_options {
	const char *dir, *listen, *ctrl, *log; /* NULL: none */
	uint16_t tcp, imds;                    /* ports; 0: none */
	enum bq_product product;
	uint32_t report_version, hcl_version;
	uint16_t nv_size;
	bool refresh_on_write;
	uint32_t throttle_ms;
	bool sorted, lower, no_user_data;
	struct sim_faults faults;
};

enum sim_options_result {
	SIM_OPTIONS_OK,
	SIM_OPTIONS_HELP, /* --help: show it and end */
	SIM_OPTIONS_WRONG,
};

/* Strings stay argv's. why receives one line where something is wrong. */
enum sim_options_result sim_options_parse(struct sim_options *o, int argc, char **argv, char *why,
					  size_t cap);

extern const char sim_help[];

#endif

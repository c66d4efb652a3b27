/* What barequote can do. */
#include "cmd.h"

const struct command *const commands[] = {
	&cmd_report,   &cmd_attest, &cmd_certs,      &cmd_doctor, &cmd_verify,  &cmd_policy,
	&cmd_show,     &cmd_nvread, &cmd_readpublic, &cmd_quote,  &cmd_pcrread, &cmd_checkquote,
	&cmd_eventlog, NULL,
};

/* What barequote-guest can do. */
#include "cmd.h"

const struct command *const commands[] = {
	&cmd_report,     &cmd_attest,    &cmd_certs,     &cmd_doctor,     &cmd_ak_cert,
	&cmd_nvread,     &cmd_nvwrite,   &cmd_nvdefine,  &cmd_nvundefine, &cmd_nvreadpublic,
	&cmd_readpublic, &cmd_quote,     &cmd_pcrread,   &cmd_pcrextend,  &cmd_pcrevent,
	&cmd_getcap,     &cmd_getrandom, &cmd_rc_decode, &cmd_eventlog,   NULL,
};

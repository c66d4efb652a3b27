/* Every command there is; each program lists its own. */
#ifndef TOOL_CMD_H
#define TOOL_CMD_H

#include "tool.h"

extern const struct command cmd_report, cmd_attest, cmd_certs, cmd_doctor;
extern const struct command cmd_ak_cert;
extern const struct command cmd_nvread, cmd_nvwrite, cmd_nvdefine, cmd_nvundefine, cmd_nvreadpublic;
extern const struct command cmd_readpublic, cmd_quote, cmd_pcrread, cmd_pcrextend, cmd_pcrevent;
extern const struct command cmd_getcap, cmd_getrandom, cmd_rc_decode;
extern const struct command cmd_verify, cmd_policy, cmd_show, cmd_checkquote, cmd_eventlog;

#endif

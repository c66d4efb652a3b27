/* Policies, and what each means: in tables of their own, so that nothing of the
 * verifier has to be asked. */
#include "genuine.h"

#define X4(s)  s s s s
#define X32(s) X4(s) X4(s) X4(s) X4(s) X4(s) X4(s) X4(s) X4(s)

#define MEASUREMENT                                                                                \
	"a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7"                                         \
	"b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"

const struct genuine_policy genuine_policies[POLICIES] = {
	{.json = NULL, .vmpls = 1},
	{.json = "{\"snp\":{\"allow_vlek\":true}}", .allow_vlek = true, .vmpls = 1},
	{.json = "{\"snp\":{\"allow_vlek\":false}}", .vmpls = 1},
	{.json = "{\"snp\":{\"policy\":{\"debug\":true}}}", .debug = true, .vmpls = 1},
	{.json = "{\"snp\":{\"policy\":{\"debug\":false}}}", .vmpls = 1},
	{.json = "{\"snp\":{\"vmpl\":[0,2]}}", .vmpls = 5},
	{.json = "{\"snp\":{\"require_crl\":true}}", .require_crl = true, .vmpls = 1},
	{.json = "{\"snp\":{\"measurement\":[\"" MEASUREMENT "\"]}}",
	 .pins_measurement = true,
	 .vmpls = 1},
	{.json = "{\"snp\":{\"min_tcb\":{\"snp\":24}},"
		 "\"pcrs\":{\"sha256\":{\"11\":[\"" X32("0c") "\"]}}}",
	 .pins_pcr = true,
	 .snp_min = 24,
	 .vmpls = 1},
	{.json = "{\"eventlog\":{\"require\":true}}", .needs_log = true, .vmpls = 1},
};

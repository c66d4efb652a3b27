/* Policies, and what each means: in tables of their own, so that nothing of the
 * verifier has to be asked. */
#include "genuine.h"

#define X8(s)  s s s s s s s s
#define PCR_11 X8("0c0c0c0c")

#define MEASUREMENT                                                                                \
	"a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7"                                         \
	"b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"

#define CHIP_ID                                                                                    \
	"01080f161d242b323940474e555c636a"                                                         \
	"71787f868d949ba2a9b0b7bec5ccd3da"                                                         \
	"e1e8eff6fd040b121920272e353c434a"                                                         \
	"51585f666d747b828990979ea5acb3ba"

#define REPORT_ID "112233445566778899aabbccddeeff112233445566778899aabbccddeeff1122"
#define IMAGE_ID  "02000000000000000000000000000000"
#define ZEROS_16  "00000000000000000000000000000000"
#define ZEROS_32  ZEROS_16 ZEROS_16
#define ZEROS_48  ZEROS_16 ZEROS_32

static const char pin_all[] = "{\"snp\":{\"measurement\":[\"" MEASUREMENT "\"],"
			      "\"host_data\":[\"" ZEROS_32 "\"],"
			      "\"family_id\":[\"" ZEROS_16 "\"],"
			      "\"image_id\":[\"" IMAGE_ID "\"],"
			      "\"report_id\":[\"" REPORT_ID "\"],"
			      "\"chip_id\":[\"" CHIP_ID "\"],"
			      "\"id_key_digest\":[\"" ZEROS_48 "\"],"
			      "\"product\":[\"Milan\"],"
			      "\"min_tcb\":{\"bootloader\":4,\"snp\":24,\"microcode\":219},"
			      "\"min_launch_tcb\":{\"snp\":24},"
			      "\"min_committed_tcb\":{\"microcode\":115},"
			      "\"policy\":{\"smt\":true,\"single_socket\":false},"
			      "\"platform_info\":{\"smt_en\":true,\"tsme_en\":false}},"
			      "\"claims\":{\"secure-boot\":true}}";

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
		 "\"pcrs\":{\"sha256\":{\"11\":[\"" PCR_11 "\"]}}}",
	 .pins_pcr = true,
	 .snp_min = 24,
	 .vmpls = 1},
	{.json = "{\"eventlog\":{\"require\":true}}", .needs_log = true, .vmpls = 1},
	{.json = pin_all, .pins_all = true, .pins_measurement = true, .vmpls = 1},
};

const struct genuine_pin genuine_pins[] = {
	{"policy.snp.host_data", PIN_SAME, 0x0C0, 32},
	{"policy.snp.family_id", PIN_SAME, 0x010, 16},
	{"policy.snp.image_id", PIN_SAME, 0x020, 16},
	{"policy.snp.report_id", PIN_SAME, 0x140, 32},
	{"policy.snp.chip_id", PIN_SAME, 0x1A0, 64},
	{"policy.snp.id_key_digest", PIN_SAME, 0x0E0, 48},
	{"policy.snp.min_tcb.bootloader", PIN_LEAST, 0x180, 4},
	{"policy.snp.min_tcb.snp", PIN_LEAST, 0x186, 24},
	{"policy.snp.min_tcb.microcode", PIN_LEAST, 0x187, 219},
	{"policy.snp.min_launch_tcb.snp", PIN_LEAST, 0x1F6, 24},
	{"policy.snp.min_committed_tcb.microcode", PIN_LEAST, 0x1E7, 115},
	{"policy.snp.policy.smt", PIN_SET, 0x00A, 1},
	{"policy.snp.policy.single_socket", PIN_CLEAR, 0x00A, 0x10},
	{"policy.snp.platform_info.smt_en", PIN_SET, 0x040, 1},
	{"policy.snp.platform_info.tsme_en", PIN_CLEAR, 0x040, 2},
	{NULL, PIN_SAME, 0, 0},
};

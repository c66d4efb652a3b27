/* Event types: PC Client Platform Firmware Profile, table "Events". */
#include <barequote/eventlog.h>

#include <stddef.h>

static const char *const low[] = {
	"EV_PREBOOT_CERT",
	"EV_POST_CODE",
	"EV_UNUSED",
	"EV_NO_ACTION",
	"EV_SEPARATOR",
	"EV_ACTION",
	"EV_EVENT_TAG",
	"EV_S_CRTM_CONTENTS",
	"EV_S_CRTM_VERSION",
	"EV_CPU_MICROCODE",
	"EV_PLATFORM_CONFIG_FLAGS",
	"EV_TABLE_OF_DEVICES",
	"EV_COMPACT_HASH",
	"EV_IPL",
	"EV_IPL_PARTITION_DATA",
	"EV_NONHOST_CODE",
	"EV_NONHOST_CONFIG",
	"EV_NONHOST_INFO",
	"EV_OMIT_BOOT_DEVICE_EVENTS",
};

#define EFI_FIRST 0x80000001u

static const char *const efi[] = {
	"EV_EFI_VARIABLE_DRIVER_CONFIG",
	"EV_EFI_VARIABLE_BOOT",
	"EV_EFI_BOOT_SERVICES_APPLICATION",
	"EV_EFI_BOOT_SERVICES_DRIVER",
	"EV_EFI_RUNTIME_SERVICES_DRIVER",
	"EV_EFI_GPT_EVENT",
	"EV_EFI_ACTION",
	"EV_EFI_PLATFORM_FIRMWARE_BLOB",
	"EV_EFI_HANDOFF_TABLES",
	"EV_EFI_PLATFORM_FIRMWARE_BLOB2",
	"EV_EFI_HANDOFF_TABLES2",
	"EV_EFI_VARIABLE_BOOT2",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *bq_event_type_name(uint32_t type)
{
	if (type < COUNT(low))
		return low[type];
	if (type >= EFI_FIRST && type - EFI_FIRST < COUNT(efi))
		return efi[type - EFI_FIRST];
	if (type == 0x80000010u)
		return "EV_EFI_HCRTM_EVENT";
	if (type == EV_EFI_VARIABLE_AUTHORITY)
		return "EV_EFI_VARIABLE_AUTHORITY";
	return NULL;
}

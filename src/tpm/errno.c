/* What a system error means for a transport. */
#include "internal.h"

#include <errno.h>

int bq_tpm_errno(int *sys_errno)
{
	switch (*sys_errno = errno) {
	case ENOENT:
	case ENOTDIR:
	case ENODEV:
	case ENXIO:
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case ENETUNREACH:
		return BQ_E_NO_DEVICE;
	case EACCES:
	case EPERM:
		return BQ_E_PERMISSION;
	case EBUSY:
		return BQ_E_BUSY;
	case EPIPE:
	case EIO:
	case ECONNRESET:
		return BQ_E_GONE;
	case ETIME:
	case ETIMEDOUT:
	case EAGAIN:
		return BQ_E_TIMEOUT;
	default:
		return BQ_E_IO;
	}
}

/* Recorded exchanges: the file decides what the TPM says, and how it is spelt. */
#include "fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct bq_tpm t;
	uint8_t random[2];
	char path[64];
	uint32_t x;
	int fd = memfd_create("replay", 0);

	must(fd >= 0 && write(fd, p, n) == (ssize_t)n);
	snprintf(path, sizeof(path), "replay:/proc/self/fd/%d", fd);
	must(bq_tpm_open(&t, path) == 0);
	for (unsigned i = 0; i < 4; i++) {
		if (bq_tpm_get_random(&t, random, sizeof(random)) != 0)
			break;
		if (bq_tpm_property(&t, 0x100, &x) != 0)
			break;
	}
	bq_tpm_close(&t);
	close(fd);
	return 0;
}

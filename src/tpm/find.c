/* Finding the TPM: the chip need not be number 0, and in early boot its nodes
 * appear one after the other. */
#include "internal.h"

#include <string.h>
#include <sys/stat.h>

#define DEVICES 16 /* nodes looked for, /dev/tpmrm0 and on */
#define STEP_MS 50u

/* dir/name, and the number where it is not negative; NUL-terminated. */
static int make_path(const char *dir, const char *name, int number, char *path, size_t cap)
{
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, path, cap);
	bq_put_str(&b.s, dir);
	bq_put_str(&b.s, name);
	bq_put_u64(&b.s, (uint64_t)number);
	bq_put_chr(&b.s, '\0');
	return b.s.err;
}

static bool is_device(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISCHR(st.st_mode);
}

/* The first of dir/nameN, N below n, that exists. */
static int find_node(const char *dir, const char *name, int n, char *path, size_t cap)
{
	char at[64];
	int e;

	for (int i = 0; i < n; i++) {
		if ((e = make_path(dir, name, i, at, sizeof(at))) != 0)
			return e;
		if (!is_device(at))
			continue;
		if (strlen(at) >= cap)
			return BQ_E_SPACE;
		memcpy(path, at, strlen(at) + 1);
		return 0;
	}
	return BQ_E_NO_DEVICE;
}

int bq_tpm_find_in(const char *dir, char *path, size_t cap, unsigned wait_ms)
{
	uint64_t end = bq_clock_now_ms(NULL) + wait_ms;
	int e;

	while ((e = find_node(dir, "/tpmrm", DEVICES, path, cap)) == BQ_E_NO_DEVICE &&
	       bq_clock_now_ms(NULL) < end)
		bq_clock_sleep_ms(NULL, STEP_MS);
	return e == BQ_E_NO_DEVICE ? find_node(dir, "/tpm", 1, path, cap) : e;
}

int bq_tpm_find(char *path, size_t cap, unsigned wait_ms)
{
	return bq_tpm_find_in("/dev", path, cap, wait_ms);
}

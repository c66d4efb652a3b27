#include "mint.h"

#include <check.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* build/tests/check_all -> build/tests/keys */
static void keys_dir(char *path, size_t cap)
{
	ssize_t n = readlink("/proc/self/exe", path, cap - sizeof("keys"));
	char *slash;

	ck_assert_int_gt(n, 0);
	path[n] = '\0';
	slash = strrchr(path, '/');
	ck_assert_ptr_nonnull(slash);
	memcpy(slash + 1, "keys", sizeof("keys"));
}

const struct sim_keys *mint_keys(void)
{
	static struct sim_keys keys;
	char path[4096];

	if (keys.ark == NULL) {
		keys_dir(path, sizeof(path));
		(void)mkdir(path, 0700);
		ck_assert(sim_keys_open(&keys, path));
	}
	return &keys;
}

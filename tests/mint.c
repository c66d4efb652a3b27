#include "mint.h"

#include <check.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* build/tests/check_all -> build/tests/keys */
const char *mint_dir(void)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - sizeof("keys"));
	char *slash;

	ck_assert_int_gt(n, 0);
	path[n] = '\0';
	slash = strrchr(path, '/');
	ck_assert_ptr_nonnull(slash);
	memcpy(slash + 1, "keys", sizeof("keys"));
	(void)mkdir(path, 0700);
	return path;
}

const struct sim_keys *mint_keys(void)
{
	static struct sim_keys keys;

	if (keys.ark == NULL)
		ck_assert(sim_keys_open(&keys, mint_dir()));
	return &keys;
}

#include "mint.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char dir[4096] = "keys";

void mint_beside(const char *program)
{
	const char *slash = strrchr(program, '/');

	if (slash != NULL)
		snprintf(dir, sizeof(dir), "%.*s/keys", (int)(slash - program), program);
}

void mint_in_slot(unsigned slot)
{
	size_t n = strlen(dir);

	snprintf(dir + n, sizeof(dir) - n, "-%u", slot);
}

const char *mint_dir(void)
{
	(void)mkdir(dir, 0700);
	return dir;
}

const struct sim_keys *mint_keys(void)
{
	static struct sim_keys keys;

	if (keys.ark == NULL)
		ck_assert(sim_keys_open(&keys, mint_dir()));
	return &keys;
}

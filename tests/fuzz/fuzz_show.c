/* The whole of `show`. This file stands in for full_load.c: the file to be shown is
 * the input, or a genuine one with edits (genuine_file.h), and what would be kept until
 * the process ends goes with the input. */
#include "genuine_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd.h"
#include "full_load.h"

struct kept {
	struct kept *next;
	uint8_t bytes[];
};

static struct kept *kept;
static struct bq_view input;

enum outcome load_file(const char *what, const char *path, struct bq_view *out)
{
	(void)what, (void)path;
	*out = input;
	return TOOL_OK;
}

/* For the other commands, which are linked too. */
enum outcome load_given(const char *what, const char *path, struct bq_view *out)
	__attribute__((alias("load_file")));

void *load_keep(size_t n)
{
	struct kept *k = malloc(sizeof(*k) + n);

	must(k != NULL);
	k->next = kept;
	kept = k;
	return k->bytes;
}

/* What is printed is not looked at: but all of it is made. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int fd = open("/dev/null", O_WRONLY);

	(void)argc, (void)argv;
	must(fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
	close(fd);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char name[] = "input", *args[] = {name, NULL};
	struct kept *next;

	input = genuine_file(bq_view_of(p, n));
	for (unsigned json = 0; json < 2; json++) {
		*cmd_show.opts[0].to = json != 0 ? "" : NULL;
		(void)cmd_show.run(args, 1);
	}
	for (; kept != NULL; kept = next) {
		next = kept->next;
		free(kept);
	}
	return 0;
}

/* The whole of `show`. This file stands in for full_load.c: the file to be shown is
 * the input, or a genuine one with edits (genuine_file.h), and what would be kept until
 * the process ends goes with the input. */
#include "genuine_file.h"

#include <stdlib.h>
#include <sys/mman.h>
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

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int fd = memfd_create("shown", 0);

	(void)argc, (void)argv;
	must(fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
	close(fd);
	return 0;
}

/* What was printed: printable, and JSON where that was asked for. */
static void is_printable(bool json)
{
	off_t n = lseek(STDOUT_FILENO, 0, SEEK_END);
	uint8_t *text = malloc((size_t)n + 1);
	struct bq_json root;

	must(n >= 0 && text != NULL && pread(STDOUT_FILENO, text, (size_t)n, 0) == n);
	for (off_t i = 0; i < n; i++)
		must((text[i] >= 0x20 && text[i] != 0x7F) || text[i] == '\n');
	must(!json || bq_json_parse(bq_view_of(text, (size_t)n), &root) == 0);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char name[] = "input", *args[] = {name, NULL};
	struct kept *next;

	input = genuine_file(bq_view_of(p, n));
	for (unsigned json = 0; json < 2; json++) {
		*cmd_show.opts[0].to = json != 0 ? "" : NULL;
		must(ftruncate(STDOUT_FILENO, 0) == 0 && lseek(STDOUT_FILENO, 0, SEEK_SET) == 0);
		if (cmd_show.run(args, 1) == TOOL_OK)
			is_printable(json != 0);
	}
	for (; kept != NULL; kept = next) {
		next = kept->next;
		free(kept);
	}
	return 0;
}

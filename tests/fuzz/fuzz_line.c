/* A line of verify --stream, cut where the reader cuts it: whatever it is, the answer
 * is one line of JSON, and nothing that AMD's keys did not sign is accepted. A genuine
 * line (genuine_file.h) is where its own root is trusted. */
#include "genuine_file.h"

#include <stdlib.h>
#include <string.h>

#include "full_stream.h"

static struct stream_line line;
static struct bq_verifier *amd;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	amd = bq_verifier_new();
	must(amd != NULL);
	bq_verifier_set_time(amd, GENUINE_NOW);
	return 0;
}

/* Made when a line asks for it, since it takes long. */
static const struct bq_verifier *ours(void)
{
	static struct bq_verifier *made;

	if (made == NULL)
		made = genuine_verifier(genuine_file_parts());
	return made;
}

static bool accepted(const struct bq_verifier *v)
{
	struct bq_json root, member;
	bool yes;

	stream_answer(v, false, &line);
	must(line.answer_n != 0 && line.answer[line.answer_n - 1] == '\n');
	must(bq_json_parse(bq_view_of(line.answer, line.answer_n), &root) == 0);
	must(bq_view_find(root.raw, '\n') == root.raw.n);
	must(bq_json_member(root, "accepted", &member) == 0);
	must(bq_json_bool(member, &yes) == 0);
	return yes;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_view in = genuine_file(bq_view_of(p, n));

	line.n = bq_view_find(in, '\n');
	line.cap = line.n + 1;
	line.text = realloc(line.text, line.cap);
	line.work = realloc(line.work, line.cap);
	must(line.text != NULL && line.work != NULL);
	memcpy(line.text, in.p, line.n);
	must(!accepted(amd));
	if (in.p != p)
		must(accepted(ours()) || n != 1 || p[0] != GENUINE_FILES + FILE_LINE);
	return 0;
}

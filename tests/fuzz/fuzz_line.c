/* A line of verify --stream, cut where the reader cuts it: whatever it is, the answer
 * is one line of JSON, and nothing that AMD's keys did not sign is accepted. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "full_stream.h"

static struct stream_line line;
static struct bq_verifier *verifier;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	verifier = bq_verifier_new();
	must(verifier != NULL);
	bq_verifier_set_time(verifier, 1700000000);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bq_json root, accepted;
	bool yes;

	n = bq_view_find(bq_view_of(p, n), '\n');
	line.text = realloc(line.text, n + 1);
	line.work = realloc(line.work, n + 1);
	must(line.text != NULL && line.work != NULL);
	memcpy(line.text, p, n);
	line.n = n;
	line.cap = n + 1;
	stream_answer(verifier, false, &line);
	must(line.answer_n != 0 && line.answer[line.answer_n - 1] == '\n');
	must(bq_json_parse(bq_view_of(line.answer, line.answer_n), &root) == 0);
	must(bq_view_find(root.raw, '\n') == root.raw.n);
	must(bq_json_member(root, "accepted", &accepted) == 0);
	must(bq_json_bool(accepted, &yes) == 0 && !yes);
	return 0;
}

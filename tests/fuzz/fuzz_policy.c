/* Policy files. */
#include "fuzz.h"

#include <string.h>

static struct bq_verifier *verifier;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	verifier = bq_verifier_new();
	must(verifier != NULL);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char where[200];
	int e;

	memset(where, 'x', sizeof(where));
	e = bq_verifier_set_policy(verifier, bq_view_of(p, n), where, sizeof(where));
	must(e == 0 || memchr(where, '\0', sizeof(where)) != NULL);
	must(bq_verifier_set_policy(verifier, bq_view_of(p, n), NULL, 0) == e);
	return 0;
}

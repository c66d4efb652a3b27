/* Runs every suite in one runner, so that there is one line of totals.
 * suites.h is made by the Makefile: every `Suite *suite_NAME(void)` in tests. */
#include <stdlib.h>

#include "mint.h"
#include "suites.h"

int main(int argc, char **argv)
{
	Suite *(*const suites[])(void) = {SUITES};
	SRunner *r = srunner_create(NULL);
	int failed;

	if (argc > 0)
		mint_beside(argv[0]);
	/* Seconds. Check's own 4 are too few under sanitizers on a busy machine. */
	setenv("CK_DEFAULT_TIMEOUT", "60", 0);
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		srunner_add_suite(r, suites[i]());
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#include "diff.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	SRunner *r;
	int failed;

	setenv("TSS2_LOG", "all+none", 1); /* it says what it refuses */
	setenv("CK_DEFAULT_TIMEOUT", "120", 0);
	seed();
	fflush(stdout);
	r = srunner_create(suite_mu_read());
	srunner_add_suite(r, suite_mu_write());
	srunner_add_suite(r, suite_jansson());
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

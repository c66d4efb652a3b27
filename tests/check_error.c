#include "support.h"

#include <limits.h>
#include <string.h>

START_TEST(every_code_has_a_sentence_of_its_own)
{
	const char *unknown = bq_strerror(BQ_E_COUNT);

	for (int a = 0; a < BQ_E_COUNT; a++) {
		const char *text = bq_strerror(a);

		ck_assert_str_ne(text, unknown);
		ck_assert_str_ne(text, "");
		ck_assert_msg(text[strlen(text) - 1] != '.', "full stop: %s", text);
		ck_assert_msg(strchr(text, '\n') == NULL, "more than a line: %s", text);
		for (int b = 0; b < a; b++)
			ck_assert_msg(strcmp(text, bq_strerror(b)) != 0, "%d and %d: %s", a, b,
				      text);
	}
}
END_TEST

START_TEST(other_numbers_have_text_too)
{
	ck_assert_ptr_nonnull(bq_strerror(-1));
	ck_assert_ptr_nonnull(bq_strerror(INT_MIN));
	ck_assert_ptr_nonnull(bq_strerror(INT_MAX));
	ck_assert_str_eq(bq_strerror(-1), bq_strerror(BQ_E_COUNT));
}
END_TEST

Suite *suite_error(void)
{
	Suite *s = suite_create("error");
	TCase *tc = tcase_create("error");

	tcase_add_test(tc, every_code_has_a_sentence_of_its_own);
	tcase_add_test(tc, other_numbers_have_text_too);
	suite_add_tcase(s, tc);
	return s;
}

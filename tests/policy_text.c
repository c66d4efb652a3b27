#include "policy_text.h"

#include <string.h>

#include "support.h"

char *json_text(const char *text)
{
	size_t n = strlen(text);
	char *s = must_alloc(n + 1);

	for (size_t i = 0; i <= n; i++)
		s[i] = text[i] == '\'' ? '"' : text[i];
	return s;
}

/* Every text of the attester, packed by tools/pack.c and put by its bq_put_words(), is
 * the text of the source; and what comes from outside stays as it is. */
#include <barequote/text.h>

#include <stdio.h>
#include <string.h>

#define TEXT(literal) literal, sizeof(literal)

static const struct text {
	const char *packed;
	size_t packed_n;
	const char *plain;
	size_t plain_n;
} texts[] = {
#include "texts.h"
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

/* A text may be several strings, one after another. */
static bool is_whole(const struct text *t)
{
	static char put[8192];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, put, sizeof(put));
	for (size_t at = 0; at < t->packed_n; at += strlen(t->packed + at) + 1) {
		bq_put_str(&b.s, t->packed + at);
		bq_put_chr(&b.s, '\0');
	}
	return b.s.err == 0 && b.n == t->plain_n && memcmp(put, t->plain, b.n) == 0;
}

/* bq_putf() looks for its conversions before it unpacks anything. */
static bool converts(const struct text *t)
{
	const char *packed = t->packed, *plain = t->plain;

	while ((plain = strchr(plain, '%')) != NULL) {
		if ((packed = strchr(packed, '%')) == NULL || packed[1] != plain[1])
			return false;
		packed += 2;
		plain += 2;
	}
	return strchr(packed, '%') == NULL;
}

/* All bytes that a string can have, where arguments are and where input is. */
static bool stays(char str[256])
{
	char put[256];
	struct bq_sink_buf b;

	for (int c = 1; c < 256; c++)
		str[c - 1] = (char)c;
	str[255] = '\0';
	bq_sink_buf_init(&b, put, sizeof(put));
	bq_put_str(&b.s, str);
	return b.s.err == 0 && b.n == 255 && memcmp(put, str, b.n) == 0;
}

int main(void)
{
	static char input[256];
	char argument[256];
	size_t packed = 0, plain = 0, failed = 0;

	for (size_t i = 0; i < TEXTS; i++) {
		packed += texts[i].packed_n;
		plain += texts[i].plain_n;
		if (is_whole(&texts[i]) && converts(&texts[i]))
			continue;
		printf("not what it was: %s\n", texts[i].plain);
		failed++;
	}
	if (!stays(input) || !stays(argument)) {
		puts("a string from outside was taken for packed words");
		failed++;
	}
	if (packed >= plain) {
		puts("packing makes the words no shorter");
		failed++;
	}
	printf("%zu texts, %zu bytes packed into %zu, %zu failed\n", TEXTS, plain, packed, failed);
	return failed != 0;
}

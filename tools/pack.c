/* Packs the attester's words: in a preprocessed source each BQ_WORDS(), and each literal
 * that is said at once, is written with pairs of characters as one byte: one that no text
 * has. Each half of a pair may be such a byte in turn. tools/barequote/guest_words.c
 * reads them.
 *
 *   pack pairs FILE.i...         the pairs that serve these files best, as C
 *   pack words PAIRS FILE.i      the file, its words packed
 *   pack list PAIRS FILE.i...    each text packed and as it is, as C, for the tests
 *
 * The same files in the same order give the same pairs. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK      "BQ_PACK"

#define PAIRS     160
#define TEXT_MAX  4096
#define TEXTS_MAX (1u << 18)
#define FILE_MAX  (1u << 22)

/* The first is that of byte 128, and after that of byte 255 comes that of byte 0.
 * Zeros: none. */
static unsigned char pairs[PAIRS][2];

static char file[FILE_MAX + 1];
static const char *file_name;
static FILE *out;

_Noreturn static void die(const char *what)
{
	fprintf(stderr, "pack: %s: %s\n", file_name, what);
	exit(1);
}

static void load(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	file_name = path;
	if (f == NULL)
		die("cannot read");
	n = fread(file, 1, FILE_MAX, f);
	if (ferror(f) || n == FILE_MAX || memchr(file, '\0', n) != NULL)
		die("too large, or not text");
	file[n] = '\0';
	fclose(f);
}

/* --- words and pairs --------------------------------------------------------- */

struct text {
	unsigned char c[TEXT_MAX];
	size_t n;
};

/* A conversion of bq_putf() stays two characters of its own, and the end of a string
 * one. */
static bool is_alone(const unsigned char *c, size_t i)
{
	return c[i] == '\0' || c[i] == '%' || (i > 0 && c[i - 1] == '%');
}

static unsigned char byte_of(unsigned pair)
{
	return (unsigned char)(pair ^ 128);
}

/* Every occurrence of a and b, from the left, becomes the byte for them. */
static size_t join(unsigned char *c, size_t n, unsigned pair)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && c[i] == pairs[pair][0] && c[i + 1] == pairs[pair][1] &&
		    !is_alone(c, i) && !is_alone(c, i + 1)) {
			c[kept++] = byte_of(pair);
			i++;
		} else {
			c[kept++] = c[i];
		}
	}
	return kept;
}

static void pack(struct text *t)
{
	for (unsigned p = 0; p < PAIRS; p++)
		if (pairs[p][0] != 0)
			t->n = join(t->c, t->n, p);
}

/* All texts, a NUL after each. */
static unsigned char texts[TEXTS_MAX];
static size_t texts_n;

static void count_pairs(unsigned count[256][256])
{
	size_t i = 0;

	memset(count, 0, 256 * sizeof(*count));
	while (i + 1 < texts_n) {
		unsigned char a = texts[i], b = texts[i + 1];

		if (is_alone(texts, i++) || is_alone(texts, i))
			continue;
		count[a][b]++;
		if (a == b && i + 1 < texts_n && texts[i + 1] == a)
			i++; /* three in a row are one pair */
	}
}

/* The most frequent one; of several the first. False where none saves anything. */
static bool find_pair(unsigned char pair[2])
{
	static unsigned count[256][256];
	unsigned most = 2; /* what it takes to store a pair */

	count_pairs(count);
	for (unsigned a = 1; a < 256; a++) {
		for (unsigned b = 1; b < 256; b++) {
			if (count[a][b] <= most)
				continue;
			most = count[a][b];
			pair[0] = (unsigned char)a;
			pair[1] = (unsigned char)b;
		}
	}
	return most > 2;
}

static void find_pairs(void)
{
	for (unsigned p = 0; p < PAIRS; p++)
		if (strchr("\t\n\r", byte_of(p)) == NULL && find_pair(pairs[p]))
			texts_n = join(texts, texts_n, p);
}

/* --- C ------------------------------------------------------------------------- */

static unsigned char unescape(const char **p)
{
	static const char names[] = "nt\"\\'0", values[] = "\n\t\"\\'";
	const char *at = **p == '\0' ? NULL : strchr(names, **p);

	if (at == NULL)
		die("an escape that words do not have");
	(*p)++;
	return (unsigned char)values[at - names];
}

/* A literal after its first quote, appended to t. */
static const char *read_literal(const char *p, struct text *t)
{
	while (*p != '"') {
		unsigned char c = (unsigned char)*p++;

		if (c == '\0' || c == '\n' || c > 0x7E || t->n == TEXT_MAX)
			die("a literal that words cannot be");
		t->c[t->n++] = c == '\\' ? unescape(&p) : c;
	}
	return p + 1;
}

/* Literals one after another, from the first on, and lines of the preprocessor's
 * between them. */
static const char *read_words(const char *p, struct text *t)
{
	const char *end = p;

	t->n = 0;
	for (;;) {
		p += strspn(p, " \t\n");
		if (*p == '"')
			end = p = read_literal(p + 1, t);
		else if (*p == '#')
			p += strcspn(p, "\n");
		else
			return end;
	}
}

static void put_literal(const unsigned char *c, size_t n)
{
	putc('"', out);
	for (size_t i = 0; i < n; i++) {
		if (c[i] < ' ' || c[i] > 0x7E || c[i] == '"' || c[i] == '\\')
			fprintf(out, "\\%03o", c[i]);
		else
			putc(c[i], out);
	}
	putc('"', out);
}

/* --- what is done with each text -------------------------------------------------- */

/* before: what stands between the text before and this one. */
typedef void text_fn(const char *before, size_t before_n, struct text *t);

static void keep_text(const char *before, size_t before_n, struct text *t)
{
	(void)before, (void)before_n;
	if (sizeof(texts) - texts_n <= t->n)
		die("more words than there is room for");
	memcpy(texts + texts_n, t->c, t->n);
	texts_n += t->n;
	texts[texts_n++] = '\0';
}

static void replace_text(const char *before, size_t before_n, struct text *t)
{
	fwrite(before, 1, before_n, out);
	pack(t);
	put_literal(t->c, t->n);
}

static void list_text(const char *before, size_t before_n, struct text *t)
{
	static struct text packed;

	(void)before, (void)before_n;
	packed = *t;
	pack(&packed);
	fputs("{TEXT(", out);
	put_literal(packed.c, packed.n);
	fputs("), TEXT(", out);
	put_literal(t->c, t->n);
	fputs(")},\n", out);
}

/* --- where the texts are ------------------------------------------------------------- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool is_name(const char *name, size_t n, const char *wanted)
{
	return strlen(wanted) == n && memcmp(wanted, name, n) == 0;
}

/* Whatever string these functions are given goes to a sink, and nowhere else. */
static bool is_sayer(const char *name, size_t n)
{
	static const char *const sayers[] = {
		"bq_put_str", "bq_putf",       "doctor_number", "doctor_says",
		"msg",        "msg_errno",     "msg_error",     "msg_option",
		"msg_usage",  "session_error", "tss_put_alg",   "tss_put_bytes",
	};

	for (size_t i = 0; i < sizeof(sayers) / sizeof(sayers[0]); i++)
		if (is_name(name, n, sayers[i]))
			return true;
	return false;
}

static const char *skip_quoted(const char *p)
{
	char quote = *p++;

	for (; *p != quote; p++) {
		if (*p == '\\')
			p++;
		if (*p == '\0')
			die("a quote without its end");
	}
	return p + 1;
}

static const char *skip_name(const char *p)
{
	while (is_letter(*p))
		p++;
	return p;
}

/* MARK("...") is the literal alone. */
static const char *read_marked(const char *p, struct text *t)
{
	p = read_words(p + strspn(p, "("), t);
	p += strspn(p, " \n");
	if (*p != ')')
		die("marked words that are no literal");
	return p + 1;
}

/* What is marked, and the literals between a sayer's own parentheses; not those of
 * calls among its arguments. Returns what follows the last one. */
static const char *each_text(text_fn *f)
{
	static struct text t;
	const char *rest = file, *p = file, *end;
	bool words;
	int depth = 0, said = -1; /* the parentheses that are open; those of a sayer */

	for (; *p != '\0'; p = end) {
		end = p + 1;
		words = false;
		if (*p == '(') {
			depth++;
		} else if (*p == ')' && depth-- == said) {
			said = -1;
		} else if (is_letter(*p)) {
			end = skip_name(p);
			if (is_name(p, (size_t)(end - p), MARK))
				words = true, end = read_marked(end, &t);
			else if (said < 0 && *end == '(' && is_sayer(p, (size_t)(end - p)))
				said = depth + 1;
		} else if (*p == '"' && depth == said) {
			words = true, end = read_words(p, &t);
		} else if (*p == '"' || *p == '\'') {
			end = skip_quoted(p);
		}
		if (words) {
			f(rest, (size_t)(p - rest), &t);
			rest = end;
		}
	}
	return rest;
}

static void read_pairs(const char *path)
{
	const char *p;
	unsigned a = 0, b = 0, n = 0;

	load(path);
	for (p = file; (p = strchr(p, '{')) != NULL; p++, n++) {
		if (n == PAIRS || sscanf(p, "{%u, %u}", &a, &b) != 2)
			die("not a file of pairs");
		pairs[n][0] = (unsigned char)a;
		pairs[n][1] = (unsigned char)b;
	}
}

static void put_pairs(void)
{
	find_pairs();
	for (unsigned p = 0; p < PAIRS; p++)
		fprintf(out, "{%u, %u},\n", pairs[p][0], pairs[p][1]);
}

static int usage(void)
{
	fputs("usage: pack pairs FILE.i... | pack words|list PAIRS FILE.i...\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	bool find = strcmp(what, "pairs") == 0, replace = strcmp(what, "words") == 0;

	out = stdout;
	if (!find && !replace && strcmp(what, "list") != 0)
		return usage();
	if (!find)
		read_pairs(argv[2]);
	for (int i = find ? 2 : 3; i < argc; i++) {
		const char *rest;

		load(argv[i]);
		rest = each_text(find ? keep_text : replace ? replace_text : list_text);
		if (replace)
			fputs(rest, out);
	}
	if (find)
		put_pairs();
	return fflush(out) == 0 && !ferror(out) ? 0 : 1;
}

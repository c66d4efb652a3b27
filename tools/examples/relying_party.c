/* A relying party in one file: it gives its secret to a genuine confidential VM
 * and to nobody else.
 *
 *   relying_party SECRET-FILE [ROOTS.pem [POLICY.json]]
 *
 *   -> challenge NONCE      on standard output, 32 random bytes in hex
 *   <- evidence             one line on standard input: what
 *                           `barequote-guest attest -n NONCE` prints
 *   -> secret ...           or: refused CHECK: why
 *
 * Put it behind any transport that carries lines; the evidence protects itself.
 * (A real one would also encrypt the secret to a key that the evidence vouches
 * for, such as one whose hash is in the nonce: whoever can read this channel can
 * read the secret.)
 *
 * Build: cc relying_party.c $(pkg-config --cflags --libs barequote) -lcrypto */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <barequote/barequote.h>

#define NONCE_SIZE   32
#define EVIDENCE_MAX (4 << 20)

/* A whole file; the caller frees. NULL where it cannot be read. */
static uint8_t *read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	uint8_t *p = NULL;
	long size;

	if (f == NULL)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0) {
		*n = (size_t)size;
		p = malloc(*n + 1);
		if (p != NULL && fread(p, 1, *n, f) != *n) {
			free(p);
			p = NULL;
		}
	}
	fclose(f);
	return p;
}

/* Built once; any number of threads may use it. */
static struct bq_verifier *make_verifier(const char *roots, const char *policy)
{
	struct bq_verifier *v = bq_verifier_new();
	char where[200] = "it cannot be read";
	uint8_t *file = NULL;
	size_t n = 0;
	bool ok = v != NULL;

	if (ok && roots != NULL) {
		file = read_file(roots, &n);
		ok = file != NULL && bq_verifier_set_roots(v, bq_view_of(file, n)) == 0;
		free(file);
		if (!ok)
			fprintf(stderr, "%s: no roots in it\n", roots);
	}
	if (ok && policy != NULL) {
		file = read_file(policy, &n);
		ok = file != NULL &&
		     bq_verifier_set_policy(v, bq_view_of(file, n), where, sizeof(where)) == 0;
		free(file);
		if (!ok)
			fprintf(stderr, "%s: %s\n", policy, where);
	}
	if (!ok) {
		bq_verifier_free(v);
		v = NULL;
	}
	return v;
}

static bool challenge(uint8_t nonce[NONCE_SIZE])
{
	if (getrandom(nonce, NONCE_SIZE, 0) != NONCE_SIZE)
		return false;
	printf("challenge ");
	for (unsigned i = 0; i < NONCE_SIZE; i++)
		printf("%02x", nonce[i]);
	printf("\n");
	return fflush(stdout) == 0;
}

/* The verdict over what came; evidence that does not parse is rejected too. */
static bool judge(const struct bq_verifier *v, struct bq_view text, const uint8_t nonce[NONCE_SIZE])
{
	static struct bq_evidence evidence;
	static struct bq_verdict verdict;
	struct bq_expect expect = {.has_nonce = true, .nonce = bq_view_of(nonce, NONCE_SIZE)};
	const struct bq_check *failed;
	uint8_t *work = malloc(text.n + 1); /* what is decoded is never larger */
	char where[96] = "";
	bool accepted = false;
	int e = work == NULL ? BQ_E_NO_MEMORY
			     : bq_evidence_parse_json(text, work, text.n, &evidence, where,
						      sizeof(where));

	if (e != 0) {
		printf("refused input.format: %s %s\n", where, bq_strerror(e));
	} else {
		e = bq_verify(v, &evidence, &expect, &verdict);
		failed = bq_verdict_first_failure(&verdict);
		accepted = e == 0 && verdict.accepted;
		if (!accepted)
			printf("refused %s: %s\n", failed == NULL ? "" : failed->name,
			       failed == NULL ? bq_strerror(e) : failed->detail);
	}
	free(work); /* evidence points into it, and is not used after this */
	return accepted;
}

int main(int argc, char **argv)
{
	static char line[EVIDENCE_MAX];
	struct bq_verifier *v;
	uint8_t nonce[NONCE_SIZE], *secret;
	size_t secret_n;
	bool accepted = false;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: relying_party SECRET-FILE [ROOTS.pem [POLICY.json]]\n");
		return 2;
	}
	secret = read_file(argv[1], &secret_n);
	v = make_verifier(argc > 2 ? argv[2] : NULL, argc > 3 ? argv[3] : NULL);
	if (secret == NULL || v == NULL || !challenge(nonce)) {
		fprintf(stderr, "cannot start\n");
	} else if (fgets(line, sizeof(line), stdin) == NULL) {
		fprintf(stderr, "no evidence came\n");
	} else {
		accepted = judge(v, bq_view_str(line), nonce);
		if (accepted)
			printf("secret %.*s", (int)secret_n, (const char *)secret);
	}
	bq_verifier_free(v);
	free(secret);
	return accepted && fflush(stdout) == 0 ? 0 : 1;
}

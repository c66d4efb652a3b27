/* Writes the synthetic vectors into the directory it is given. They are made
 * from the layouts in the specifications, not with the library's parsers or
 * writers. Bytes that would be random are patterns: in reports, each byte of a
 * field is the low byte of its offset. Nothing here is signed by anybody. */
#include "gen.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *dir;

void gen_save(const char *name, const void *p, size_t n)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

void gen_sha256(const void *p, size_t n, uint8_t *out)
{
	if (EVP_Digest(p, n, out, NULL, EVP_sha256(), NULL) != 1)
		exit(1);
}

void gen_le(uint8_t *b, size_t off, size_t n, uint64_t x)
{
	for (size_t i = 0; i < n; i++, x >>= 8)
		b[off + i] = (uint8_t)x;
}

void gen_be(struct bytes *o, size_t n, uint64_t x)
{
	for (size_t i = n; i > 0; i--)
		o->p[o->n++] = (uint8_t)(x >> (8 * (i - 1)));
}

void gen_append(struct bytes *o, const void *p, size_t n)
{
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

void gen_append_2b(struct bytes *o, const void *p, size_t n)
{
	gen_be(o, 2, n);
	gen_append(o, p, n);
}

void gen_modulus(uint8_t n[GEN_RSA_BYTES], uint8_t first)
{
	for (size_t i = 0; i < GEN_RSA_BYTES; i++)
		n[i] = (uint8_t)(i == 0 ? first : i);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIR\n", argv[0]);
		return 2;
	}
	dir = argv[1];
	gen_azure();
	gen_tpm();
	return 0;
}

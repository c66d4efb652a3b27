/* What the parts of the generator share. */
#ifndef GEN_H
#define GEN_H

#include <stddef.h>
#include <stdint.h>

#define GEN_COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define GEN_RSA_BYTES 256

struct bytes {
	uint8_t p[4096];
	size_t n;
};

/* A file of that name in the directory that was asked for, or exit. */
void gen_save(const char *name, const void *p, size_t n);
void gen_sha256(const void *p, size_t n, uint8_t *out);
/* n bytes of x at an offset, little-endian. */
void gen_le(uint8_t *b, size_t off, size_t n, uint64_t x);
/* Append n bytes of x, big-endian; bytes; bytes after a 2-byte size. */
void gen_be(struct bytes *o, size_t n, uint64_t x);
void gen_append(struct bytes *o, const void *p, size_t n);
void gen_append_2b(struct bytes *o, const void *p, size_t n);
/* first, then 1, 2, 3, ... */
void gen_modulus(uint8_t n[GEN_RSA_BYTES], uint8_t first);

void gen_azure(void); /* SNP reports, claims, HCL blobs */
void gen_tpm(void);   /* quotes, signatures, PCR files, public keys */

#endif

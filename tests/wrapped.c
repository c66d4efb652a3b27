#include "wrapped.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static struct {
	bool armed;
	unsigned way;
	size_t left;
	const char *failed;
} plan;

void wrapped_arm(unsigned way, size_t at)
{
	plan.way = way;
	plan.left = at;
	plan.failed = NULL;
	plan.armed = true;
}

const char *wrapped_disarm(void)
{
	plan.armed = false;
	return plan.failed;
}

static bool fails(const char *name, size_t ways)
{
	if (!plan.armed || plan.failed != NULL || plan.way >= ways || plan.left-- > 0)
		return false;
	plan.failed = name;
	return true;
}

/* --- calls ---------------------------------------------------------------------- */

/* A function, and what it returns where it fails, in each way. The Makefile reads the names
 * here. Not here are those that cannot fail. */
#define WRAP(name, type, params, args, ...)                                                        \
	__typeof__(name) __real_##name, __wrap_##name;                                             \
	type __wrap_##name params                                                                  \
	{                                                                                          \
		static type const returned[] = {__VA_ARGS__};                                      \
                                                                                                   \
		if (fails(#name, sizeof(returned) / sizeof(returned[0])))                          \
			return returned[plan.way];                                                 \
		return __real_##name args;                                                         \
	}                                                                                          \
	__typeof__(name) __wrap_##name

/* clang-format off */
WRAP(malloc, void *, (size_t n), (n), NULL);
WRAP(calloc, void *, (size_t n, size_t size), (n, size), NULL);
WRAP(pthread_mutex_init, int, (pthread_mutex_t *m, const pthread_mutexattr_t *a), (m, a), EAGAIN);

WRAP(EVP_MD_fetch, EVP_MD *, (OSSL_LIB_CTX *l, const char *name, const char *p), (l, name, p), NULL);
WRAP(EVP_MD_CTX_new, EVP_MD_CTX *, (void), (), NULL);
WRAP(EVP_DigestInit_ex2, int, (EVP_MD_CTX *c, const EVP_MD *md, const OSSL_PARAM *p), (c, md, p), 0);
WRAP(EVP_DigestUpdate, int, (EVP_MD_CTX *c, const void *in, size_t n), (c, in, n), 0);
WRAP(EVP_DigestFinal_ex, int, (EVP_MD_CTX *c, unsigned char *md, unsigned *n), (c, md, n), 0);
WRAP(EVP_Q_digest, int, (OSSL_LIB_CTX *l, const char *name, const char *p, const void *in, size_t n, unsigned char *md, size_t *md_n), (l, name, p, in, n, md, md_n), 0);
WRAP(X509_digest, int, (const X509 *x, const EVP_MD *md, unsigned char *out, unsigned *n), (x, md, out, n), 0);

WRAP(EVP_DigestVerifyInit_ex, int, (EVP_MD_CTX *c, EVP_PKEY_CTX **k, const char *name, OSSL_LIB_CTX *l, const char *p, EVP_PKEY *key, const OSSL_PARAM *params), (c, k, name, l, p, key, params), 0, -1);
WRAP(EVP_PKEY_CTX_set_rsa_padding, int, (EVP_PKEY_CTX *c, int padding), (c, padding), 0, -2);
WRAP(EVP_PKEY_CTX_set_rsa_pss_saltlen, int, (EVP_PKEY_CTX *c, int n), (c, n), 0, -2);
WRAP(EVP_DigestVerify, int, (EVP_MD_CTX *c, const unsigned char *sig, size_t sig_n, const unsigned char *msg, size_t n), (c, sig, sig_n, msg, n), 0, -1);
WRAP(X509_verify, int, (X509 *x, EVP_PKEY *key), (x, key), 0, -1);
WRAP(X509_CRL_verify, int, (X509_CRL *crl, EVP_PKEY *key), (crl, key), 0, -1);

WRAP(EVP_PKEY_CTX_new_from_name, EVP_PKEY_CTX *, (OSSL_LIB_CTX *l, const char *name, const char *p), (l, name, p), NULL);
WRAP(EVP_PKEY_fromdata_init, int, (EVP_PKEY_CTX *c), (c), 0, -2);
WRAP(EVP_PKEY_fromdata, int, (EVP_PKEY_CTX *c, EVP_PKEY **key, int what, OSSL_PARAM *p), (c, key, what, p), 0, -2);
WRAP(OSSL_PARAM_BLD_new, OSSL_PARAM_BLD *, (void), (), NULL);
WRAP(OSSL_PARAM_BLD_push_BN, int, (OSSL_PARAM_BLD *b, const char *name, const BIGNUM *n), (b, name, n), 0);
WRAP(OSSL_PARAM_BLD_push_uint32, int, (OSSL_PARAM_BLD *b, const char *name, uint32_t n), (b, name, n), 0);
WRAP(OSSL_PARAM_BLD_to_param, OSSL_PARAM *, (OSSL_PARAM_BLD *b), (b), NULL);
WRAP(BN_bin2bn, BIGNUM *, (const unsigned char *p, int n, BIGNUM *out), (p, n, out), NULL);
WRAP(BN_lebin2bn, BIGNUM *, (const unsigned char *p, int n, BIGNUM *out), (p, n, out), NULL);
WRAP(EVP_PKEY_up_ref, int, (EVP_PKEY *key), (key), 0);
WRAP(EVP_PKEY_eq, int, (const EVP_PKEY *a, const EVP_PKEY *b), (a, b), 0, -1);
WRAP(EVP_PKEY_is_a, int, (const EVP_PKEY *key, const char *name), (key, name), 0);
WRAP(EVP_PKEY_get_bits, int, (const EVP_PKEY *key), (key), 0);
WRAP(EVP_PKEY_get_bn_param, int, (const EVP_PKEY *key, const char *name, BIGNUM **out), (key, name, out), 0);
WRAP(EVP_PKEY_get_int_param, int, (const EVP_PKEY *key, const char *name, int *out), (key, name, out), 0);
WRAP(EVP_PKEY_get_group_name, int, (const EVP_PKEY *key, char *out, size_t cap, size_t *n), (key, out, cap, n), 0);

WRAP(ECDSA_SIG_new, ECDSA_SIG *, (void), (), NULL);
WRAP(ECDSA_SIG_set0, int, (ECDSA_SIG *sig, BIGNUM *r, BIGNUM *s), (sig, r, s), 0);
WRAP(i2d_ECDSA_SIG, int, (const ECDSA_SIG *sig, unsigned char **out), (sig, out), 0, -1);
WRAP(i2d_PUBKEY, int, (const EVP_PKEY *key, unsigned char **out), (key, out), 0, -1);
WRAP(i2d_X509, int, (const X509 *x, unsigned char **out), (x, out), 0, -1);
WRAP(d2i_PUBKEY, EVP_PKEY *, (EVP_PKEY **key, const unsigned char **in, long n), (key, in, n), NULL);
WRAP(d2i_X509, X509 *, (X509 **x, const unsigned char **in, long n), (x, in, n), NULL);
WRAP(d2i_X509_CRL, X509_CRL *, (X509_CRL **crl, const unsigned char **in, long n), (crl, in, n), NULL);
WRAP(PEM_read_bio, int, (BIO *in, char **name, char **header, unsigned char **data, long *n), (in, name, header, data, n), 0);
WRAP(BIO_new_mem_buf, BIO *, (const void *p, int n), (p, n), NULL);

WRAP(X509_up_ref, int, (X509 *x), (x), 0);
WRAP(X509_get0_pubkey, EVP_PKEY *, (const X509 *x), (x), NULL);
WRAP(X509_get_extension_flags, uint32_t, (X509 *x), (x), EXFLAG_INVALID);
WRAP(X509_check_ca, int, (X509 *x), (x), 0);
WRAP(X509_cmp, int, (const X509 *a, const X509 *b), (a, b), -2);
WRAP(X509_NAME_cmp, int, (const X509_NAME *a, const X509_NAME *b), (a, b), -2);
WRAP(OBJ_obj2nid, int, (const ASN1_OBJECT *o), (o), NID_undef);
WRAP(ASN1_TYPE_unpack_sequence, void *, (const ASN1_ITEM *it, const ASN1_TYPE *t), (it, t), NULL);
WRAP(ASN1_INTEGER_new, ASN1_INTEGER *, (void), (), NULL);
WRAP(ASN1_INTEGER_set_uint64, int, (ASN1_INTEGER *a, uint64_t n), (a, n), 0);
WRAP(ASN1_INTEGER_get, long, (const ASN1_INTEGER *a), (a), 0, -1);
WRAP(ASN1_TIME_set, ASN1_TIME *, (ASN1_TIME *t, time_t at), (t, at), NULL);
WRAP(ASN1_TIME_diff, int, (int *days, int *seconds, const ASN1_TIME *from, const ASN1_TIME *to), (days, seconds, from, to), 0);
WRAP(OPENSSL_gmtime_adj, int, (struct tm *t, int days, long seconds), (t, days, seconds), 0);
WRAP(ERR_set_mark, int, (void), (), 0);
/* clang-format on */

/* --- memory --------------------------------------------------------------------- */

static atomic_long blocks;

long wrapped_blocks(void)
{
	return blocks;
}

static void *counted(void *p)
{
	blocks += p != NULL;
	return p;
}

static void *count_malloc(size_t n, const char *file, int line)
{
	(void)file, (void)line;
	return counted(__real_malloc(n));
}

static void *count_realloc(void *p, size_t n, const char *file, int line)
{
	void *moved = realloc(p, n);

	(void)file, (void)line;
	blocks += p == NULL && moved != NULL;
	return moved;
}

static void count_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	blocks -= p != NULL;
	free(p);
}

bool wrapped_count_blocks(void)
{
	return CRYPTO_set_mem_functions(count_malloc, count_realloc, count_free) == 1;
}

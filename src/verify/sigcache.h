/* Certificate signatures that have verified, remembered: the same CA and leaf
 * certificates come with every evidence of a machine. Only success is kept, and
 * only of the signature: dates and extensions are judged each time. */
#ifndef VERIFY_SIGCACHE_H
#define VERIFY_SIGCACHE_H

#include <openssl/evp.h>
#include <openssl/x509.h>

struct bq_sigcache; /* may be used from any number of threads */

struct bq_sigcache *bq_sigcache_new(void); /* NULL: no memory */
void bq_sigcache_free(struct bq_sigcache *c);
/* As bq_cert_sig_problem(). */
const char *bq_sigcache_problem(struct bq_sigcache *c, X509 *x, EVP_PKEY *key);

#endif

/* A table of fixed size; the oldest entry makes room for the newest. */
#include "sigcache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"

#define ENTRIES 256

/* SHA-256 over the certificate's bytes, all of them, and over the key that
 * verified it. */
struct id {
	uint8_t cert[BQ_SHA256_BYTES], key[BQ_SHA256_BYTES];
};

struct bq_sigcache {
	pthread_mutex_t lock;
	unsigned n, next;
	struct id entry[ENTRIES];
};

struct bq_sigcache *bq_sigcache_new(void)
{
	struct bq_sigcache *c = calloc(1, sizeof(*c));

	if (c != NULL && pthread_mutex_init(&c->lock, NULL) != 0) {
		free(c);
		c = NULL;
	}
	return c;
}

void bq_sigcache_free(struct bq_sigcache *c)
{
	if (c == NULL)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static bool make_id(X509 *x, EVP_PKEY *key, struct id *id)
{
	unsigned n = 0;

	return key != NULL && X509_digest(x, EVP_sha256(), id->cert, &n) == 1 &&
	       n == sizeof(id->cert) && bq_key_sha256(key, id->key);
}

static bool knows(struct bq_sigcache *c, const struct id *id)
{
	bool found = false;

	pthread_mutex_lock(&c->lock);
	for (unsigned i = 0; i < c->n && !found; i++)
		found = memcmp(&c->entry[i], id, sizeof(*id)) == 0;
	pthread_mutex_unlock(&c->lock);
	return found;
}

static void learn(struct bq_sigcache *c, const struct id *id)
{
	pthread_mutex_lock(&c->lock);
	c->entry[c->next] = *id;
	c->next = (c->next + 1) % ENTRIES;
	if (c->n < ENTRIES)
		c->n++;
	pthread_mutex_unlock(&c->lock);
}

const char *bq_sigcache_problem(struct bq_sigcache *c, X509 *x, EVP_PKEY *key)
{
	const char *problem;
	struct id id;

	if (!make_id(x, key, &id))
		return bq_cert_sig_problem(x, key);
	if (knows(c, &id))
		return NULL;
	problem = bq_cert_sig_problem(x, key);
	if (problem == NULL)
		learn(c, &id);
	return problem;
}

#include "keys.h"

#include <pthread.h>
#include <stdio.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "io.h"

#define KEYS     6
#define RSA_BITS 4096

struct job {
	const char *dir, *name;
	bool rsa;
	EVP_PKEY **key;
	bool ok;
};

bool sim_bio_write(const char *dir, const char *name, BIO *b, unsigned mode)
{
	char *p;
	long n = BIO_get_mem_data(b, &p);

	return n > 0 && sim_file_write(dir, name, p, (size_t)n, mode);
}

static bool key_load(struct job *j)
{
	char path[SIM_PATH_MAX];
	BIO *b;

	if (!sim_path(path, sizeof(path), j->dir, j->name))
		return false;
	b = BIO_new_file(path, "r");
	if (b == NULL)
		return false;
	*j->key = PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
	BIO_free(b);
	return *j->key != NULL;
}

static bool key_make(struct job *j)
{
	BIO *b = BIO_new(BIO_s_mem());
	bool ok;

	*j->key = j->rsa ? EVP_RSA_gen(RSA_BITS) : EVP_EC_gen("P-384");
	ok = b != NULL && *j->key != NULL &&
	     PEM_write_bio_PrivateKey(b, *j->key, NULL, NULL, 0, NULL, NULL) == 1 &&
	     sim_bio_write(j->dir, j->name, b, 0600);
	BIO_free(b);
	return ok;
}

static void *key_work(void *arg)
{
	struct job *j = arg;

	j->ok = key_load(j) || key_make(j);
	return NULL;
}

bool sim_keys_open(struct sim_keys *k, const char *dir)
{
	struct job jobs[KEYS] = {
		{dir, "ark.key.pem", true, &k->ark, false},
		{dir, "ask.key.pem", true, &k->ask, false},
		{dir, "asvk.key.pem", true, &k->asvk, false},
		{dir, "vcek.key.pem", false, &k->vcek, false},
		{dir, "vlek.key.pem", false, &k->vlek, false},
		{dir, "akca.key.pem", false, &k->ak_ca, false},
	};
	pthread_t threads[KEYS];
	bool started[KEYS], ok = true;

	for (size_t i = 0; i < KEYS; i++)
		started[i] = pthread_create(&threads[i], NULL, key_work, &jobs[i]) == 0;
	for (size_t i = 0; i < KEYS; i++) {
		if (started[i])
			pthread_join(threads[i], NULL);
		ok = ok && jobs[i].ok;
	}
	return ok;
}

void sim_keys_free(struct sim_keys *k)
{
	EVP_PKEY_free(k->ark);
	EVP_PKEY_free(k->ask);
	EVP_PKEY_free(k->asvk);
	EVP_PKEY_free(k->vcek);
	EVP_PKEY_free(k->vlek);
	EVP_PKEY_free(k->ak_ca);
	*k = (struct sim_keys){0};
}

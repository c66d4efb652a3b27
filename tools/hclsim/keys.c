#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#define KEYS 6

struct job {
	const char *dir, *name;
	bool rsa;
	EVP_PKEY **key;
	bool ok;
};

static bool path_of(char *out, size_t cap, const char *dir, const char *name, const char *suffix)
{
	int n = snprintf(out, cap, "%s/%s%s", dir, name, suffix);

	return n > 0 && (size_t)n < cap;
}

static bool write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		ssize_t did = write(fd, at, n);

		if (did < 0 && errno == EINTR)
			continue;
		if (did <= 0)
			return false;
		at += did;
		n -= (size_t)did;
	}
	return true;
}

bool sim_file_write(const char *dir, const char *name, const void *p, size_t n, unsigned mode)
{
	char path[4096], tmp[4096];
	bool ok;
	int fd;

	if (!path_of(path, sizeof(path), dir, name, "") ||
	    !path_of(tmp, sizeof(tmp), dir, name, ".new"))
		return false;
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return false;
	ok = write_all(fd, p, n);
	ok = close(fd) == 0 && ok;
	ok = ok && rename(tmp, path) == 0;
	if (!ok)
		unlink(tmp);
	return ok;
}

static bool write_bio(const char *dir, const char *name, BIO *b, unsigned mode)
{
	char *p;
	long n = BIO_get_mem_data(b, &p);

	return n > 0 && sim_file_write(dir, name, p, (size_t)n, mode);
}

static bool key_load(struct job *j)
{
	char path[4096];
	BIO *b;

	if (!path_of(path, sizeof(path), j->dir, j->name, ".key.pem"))
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
	char name[64];
	bool ok = false;

	snprintf(name, sizeof(name), "%s.key.pem", j->name);
	*j->key = j->rsa ? EVP_RSA_gen(4096) : EVP_EC_gen("P-384");
	if (b == NULL || *j->key == NULL)
		goto out;
	if (PEM_write_bio_PrivateKey(b, *j->key, NULL, NULL, 0, NULL, NULL) != 1)
		goto out;
	ok = write_bio(j->dir, name, b, 0600);
out:
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
		{dir, "ark", true, &k->ark, false},    {dir, "ask", true, &k->ask, false},
		{dir, "asvk", true, &k->asvk, false},  {dir, "vcek", false, &k->vcek, false},
		{dir, "vlek", false, &k->vlek, false}, {dir, "akca", false, &k->ak_ca, false},
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

char *sim_pem(X509 *const *certs, size_t n)
{
	BIO *b = BIO_new(BIO_s_mem());
	char *out = NULL, *p;
	bool ok = b != NULL;
	long size;

	for (size_t i = 0; ok && i < n; i++)
		ok = certs[i] == NULL || PEM_write_bio_X509(b, certs[i]) == 1;
	if (ok) {
		size = BIO_get_mem_data(b, &p);
		out = OPENSSL_strndup(p, (size_t)size);
	}
	BIO_free(b);
	return out;
}

/* AMD's key distribution service over HTTPS, with OpenSSL's HTTP client. */
#include "kds.h"

#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "io.h"

#define ANSWER_MAX 65536 /* bytes; both answers together have less than 10,000 */
#define CHAIN_MAX  4     /* certificates in a chain: ASK and ARK */

/* --- TLS ------------------------------------------------------------------ */

struct tls {
	SSL_CTX *ctx;
	char *host;
};

/* The server must be who the URL names, by the system's trust store. */
static SSL_CTX *tls_new(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (ctx == NULL)
		return NULL;
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_default_verify_paths(ctx) != 1) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	return ctx;
}

static bool name_server(SSL *ssl, char *host)
{
	if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1)
		return true;
	return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

/* An OSSL_HTTP_bio_cb_t: puts TLS on top of the connection. */
static BIO *add_tls(BIO *bio, void *arg, int connect, int detail)
{
	struct tls *t = arg;
	BIO *tls;
	SSL *ssl = NULL;

	if (!connect || !detail)
		return bio;
	tls = BIO_new_ssl(t->ctx, 1);
	if (tls == NULL)
		return NULL;
	if (BIO_get_ssl(tls, &ssl) != 1 || !name_server(ssl, t->host)) {
		BIO_free(tls);
		return NULL;
	}
	return BIO_push(tls, bio);
}

/* --- one GET -------------------------------------------------------------- */

/* OpenSSL's own words: its first error is what happened. */
static enum outcome refuse(const char *url, const char *instead)
{
	const char *data = NULL, *reason;
	unsigned long e = ERR_get_error_all(NULL, NULL, NULL, &data, NULL);

	reason = e == 0 ? NULL : ERR_reason_error_string(e);
	return msg(TOOL_FAILED, url, ": ", reason != NULL ? reason : instead,
		   data != NULL && data[0] != '\0' ? ": " : "", data != NULL ? data : "",
		   "; AMD answers about one request in 10 s: retry, or take --imds", NULL);
}

/* What is left to read, in memory; NULL where it is more than ANSWER_MAX. from is
 * the connection itself, whose end is the answer's. */
static BIO *read_all(BIO *from)
{
	static char buf[4096];
	BIO *to = BIO_new(BIO_s_mem());
	size_t total = 0;
	int n;

	while (to != NULL && (n = BIO_read(from, buf, sizeof(buf))) > 0) {
		total += (size_t)n;
		if (total > ANSWER_MAX || BIO_write(to, buf, n) != n) {
			BIO_free(to);
			to = NULL;
		}
	}
	BIO_free_all(from);
	return to;
}

/* No proxy, nothing but TLS, no more than ANSWER_MAX. NULL and a message. */
static BIO *get(const char *url, unsigned timeout_s)
{
	struct tls t = {.ctx = tls_new()};
	int use_ssl = 0;
	BIO *answer = NULL;

	ERR_clear_error();
	if (t.ctx != NULL &&
	    OSSL_HTTP_parse_url(url, &use_ssl, NULL, &t.host, NULL, NULL, NULL, NULL, NULL) == 1 &&
	    use_ssl)
		answer = OSSL_HTTP_get(url, "", NULL, NULL, NULL, add_tls, &t, 0, NULL, NULL, 0,
				       ANSWER_MAX, (int)timeout_s);
	if (answer != NULL)
		answer = read_all(answer);
	if (answer == NULL)
		refuse(url, use_ssl ? "no answer" : "expected https://");
	OPENSSL_free(t.host);
	SSL_CTX_free(t.ctx);
	return answer;
}

/* --- certificates --------------------------------------------------------- */

static bool put_pem(BIO *to, X509 *x)
{
	bool ok = x != NULL && PEM_write_bio_X509(to, x) == 1;

	X509_free(x);
	return ok;
}

/* One certificate, or the whole chain; read and written again, so that what is
 * handed on is certificates and nothing else. */
static bool copy_vcek(BIO *from, BIO *to)
{
	return put_pem(to, d2i_X509_bio(from, NULL)) && BIO_pending(from) == 0;
}

static bool copy_chain(BIO *from, BIO *to)
{
	unsigned n = 0;
	X509 *x;

	while (n < CHAIN_MAX && (x = PEM_read_bio_X509(from, NULL, NULL, NULL)) != NULL) {
		if (!put_pem(to, x))
			return false;
		n++;
	}
	return n > 0;
}

static enum outcome fetch(const char *url, unsigned timeout_s, bool (*copy)(BIO *from, BIO *to),
			  BIO *to)
{
	BIO *from = get(url, timeout_s);
	enum outcome o = TOOL_OK;

	if (from == NULL)
		return TOOL_FAILED;
	if (!copy(from, to))
		o = msg(TOOL_FAILED, url, ": the answer is no certificate", NULL);
	BIO_free(from);
	return o;
}

static enum outcome put(BIO *pem, const char *out)
{
	char *p;
	long n = BIO_get_mem_data(pem, &p);

	return out_view(out, false, bq_view_of(p, (size_t)n));
}

enum outcome kds_put_certs(const char *vcek_url, const char *chain_url, unsigned timeout_s,
			   const char *out)
{
	BIO *pem = BIO_new(BIO_s_mem());
	enum outcome o = TOOL_FAILED;

	if (pem == NULL)
		return msg_error("certificates", BQ_E_NO_MEMORY, 0);
	if ((o = fetch(vcek_url, timeout_s, copy_vcek, pem)) == TOOL_OK &&
	    (o = fetch(chain_url, timeout_s, copy_chain, pem)) == TOOL_OK)
		o = put(pem, out);
	BIO_free(pem);
	return o;
}

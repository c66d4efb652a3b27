/* AMD's key distribution service over HTTPS, with OpenSSL's HTTP client. */
#include "kds.h"

#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "io.h"

#define ANSWER_MAX 65536 /* bytes; both answers together have less than 10,000 */
#define HEAD_MAX   16384
#define CHAIN_MAX  4   /* certificates in a chain: ASK and ARK */
#define POLL_MS    100 /* where OpenSSL cannot wait for the connection itself */

/* --- TLS ------------------------------------------------------------------ */

struct tls {
	SSL_CTX *ctx;
	char *host;
	size_t left; /* bytes that the server may still say */
	time_t deadline;
	bool stopped; /* by limit() */
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

/* A BIO_callback_fn_ex. OpenSSL 3.0 reads a head as long as lines come, for ever. */
static long limit(BIO *bio, int what, const char *at, size_t n, int argi, long argl, int result,
		  size_t *got)
{
	struct tls *t = (void *)BIO_get_callback_arg(bio);

	(void)at, (void)n, (void)argi, (void)argl;
	if (what == BIO_CB_READ) {
		t->stopped = t->left == 0 || time(NULL) > t->deadline;
		return t->stopped ? 0 : 1;
	}
	if (what == (BIO_CB_READ | BIO_CB_RETURN) && result > 0)
		t->left -= *got < t->left ? *got : t->left;
	return result;
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
	BIO_set_callback_arg(tls, arg);
	BIO_set_callback_ex(tls, limit);
	return BIO_push(tls, bio);
}

/* --- one GET -------------------------------------------------------------- */

/* OpenSSL's own words: its first error is what happened. With it are words of the server's. */
static enum outcome refuse(const char *url, const char *instead)
{
	const char *data = NULL, *reason;
	unsigned long e = ERR_get_error_all(NULL, NULL, NULL, &data, NULL);
	struct bq_sink *s = msg_begin();

	reason = e == 0 ? NULL : ERR_reason_error_string(e);
	bq_putf(s, "%s: %s", url, reason != NULL ? reason : instead);
	if (data != NULL && data[0] != '\0') {
		bq_put_str(s, ": ");
		bq_put_safe(s, bq_view_str(data));
	}
	bq_put_str(s, "; AMD answers about one request in 10 s: retry, or take --imds");
	return msg_end(TOOL_FAILED);
}

/* Everything that follows the head, in memory: as much as was announced, or, where
 * nothing was, until the server ends it. NULL: too late, too much or too little. */
static BIO *read_body(BIO *from, size_t announced, const struct tls *t)
{
	static char buf[4096];
	BIO *to = BIO_new(BIO_s_mem());
	size_t total = 0;
	int n = 0;

	while (to != NULL && total <= ANSWER_MAX && (announced == 0 || total < announced)) {
		n = BIO_read(from, buf, sizeof(buf));
		if (n > 0 && BIO_write(to, buf, n) == n)
			total += (size_t)n;
		else if (n > 0 || !BIO_should_retry(from) ||
			 BIO_wait(from, t->deadline, POLL_MS) <= 0)
			break;
	}
	if (to == NULL || t->stopped || total > ANSWER_MAX ||
	    (announced != 0 && total != announced) ||
	    (announced == 0 && (n != 0 || BIO_should_retry(from)))) {
		BIO_free(to);
		return NULL;
	}
	return to;
}

struct url {
	char *host, *port, *path; /* path with the query */
};

static bool url_read(const char *text, struct url *u)
{
	int ssl = 0;

	return OSSL_HTTP_parse_url(text, &ssl, NULL, &u->host, &u->port, NULL, &u->path, NULL,
				   NULL) == 1 &&
	       ssl == 1;
}

static void url_free(struct url *u)
{
	OPENSSL_free(u->host);
	OPENSSL_free(u->port);
	OPENSSL_free(u->path);
}

static int seconds_left(const struct tls *t)
{
	time_t now = time(NULL);

	return now < t->deadline ? (int)(t->deadline - now) : 0;
}

/* No proxy, no redirection, no more than ANSWER_MAX, nothing after the deadline: OpenSSL
 * counts a connection's time and a request's apart, and takes 0 for no limit. */
static BIO *ask(const struct url *u, struct tls *t)
{
	OSSL_HTTP_REQ_CTX *c = NULL;
	BIO *from = NULL, *answer = NULL;
	int left = seconds_left(t);

	if (left > 0)
		c = OSSL_HTTP_open(u->host, u->port, "", NULL, 1, NULL, NULL, add_tls, t, 0, left);
	if (c != NULL && (left = seconds_left(t)) > 0 &&
	    OSSL_HTTP_set1_request(c, u->path, NULL, NULL, NULL, NULL, 0, ANSWER_MAX, left, 0) == 1)
		from = OSSL_HTTP_exchange(c, NULL);
	if (from != NULL)
		answer = read_body(from, OSSL_HTTP_REQ_CTX_get_resp_len(c), t);
	BIO_free(from);
	(void)OSSL_HTTP_close(c, answer != NULL);
	return answer;
}

/* NULL and a message. */
static BIO *get(const char *text, time_t deadline)
{
	struct url u = {.host = NULL};
	struct tls t = {.ctx = tls_new(), .left = HEAD_MAX + ANSWER_MAX + 1, .deadline = deadline};
	bool https = url_read(text, &u);
	BIO *answer = NULL;

	ERR_clear_error();
	t.host = u.host;
	if (t.ctx != NULL && https)
		answer = ask(&u, &t);
	if (answer == NULL)
		refuse(text, https ? "the answer is too long, too short or too late"
				   : "expected https://");
	url_free(&u);
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

	ERR_clear_error();
	while ((x = PEM_read_bio_X509(from, NULL, NULL, NULL)) != NULL)
		if (!put_pem(to, x) || ++n > CHAIN_MAX)
			return false;
	/* No further BEGIN is how a file ends; all else is damage. */
	return n > 0 && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

static enum outcome fetch(const char *url, time_t deadline, bool (*copy)(BIO *from, BIO *to),
			  BIO *to)
{
	BIO *from = get(url, deadline);
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
	time_t deadline = time(NULL) + (time_t)timeout_s; /* for both */
	BIO *pem = BIO_new(BIO_s_mem());
	enum outcome o = TOOL_FAILED;

	if (pem == NULL)
		return msg_error("certificates", BQ_E_NO_MEMORY, 0);
	if ((o = fetch(vcek_url, deadline, copy_vcek, pem)) == TOOL_OK &&
	    (o = fetch(chain_url, deadline, copy_chain, pem)) == TOOL_OK)
		o = put(pem, out);
	BIO_free(pem);
	return o;
}

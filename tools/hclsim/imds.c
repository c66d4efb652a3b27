/* The instance metadata service's trusted hardware identity management: one GET
 * a connection (RFC 9112). */
#include "relay.h"

#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include <barequote/azure.h>
#include <barequote/json.h>

#define BODY_MAX  32768
#define DAMAGE_AT 100 /* bytes from the end: in the base64 */

static const char *reason(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	default:
		return "Simulated";
	}
}

static bool respond(struct sim_conn *c, int status, struct bq_view body)
{
	char head[256];
	int n = snprintf(head, sizeof(head),
			 "HTTP/1.1 %d %s\r\nContent-Type: application/json; charset=utf-8\r\n"
			 "Content-Length: %zu\r\nServer: hclsim\r\nConnection: close\r\n\r\n",
			 status, reason(status), body.n);

	if (sim_conn_send(c, head, (size_t)n))
		(void)sim_conn_send(c, body.p, body.n);
	return false;
}

static bool refuse(struct sim_conn *c, int status, const char *why)
{
	char body[128];
	int n = snprintf(body, sizeof(body), "{\"error\":\"%s\"}", why);

	return respond(c, status, bq_view_of(body, (size_t)n));
}

/* True for one of the first so many, which it counts down. */
static bool still(uint32_t *many)
{
	if (*many == 0)
		return false;
	if (*many != SIM_ALWAYS)
		--*many;
	return true;
}

/* REPORTED_TCB as the hex of its little-endian u64. */
static void put_tcbm(struct bq_jw *w, const struct sim_machine *m, bool old)
{
	struct bq_tcb tcb = sim_tcb(m->options->product);
	uint8_t raw[8], turned[8];

	if (old)
		tcb.microcode--;
	sim_tcb_write(&tcb, m->options->product, raw);
	for (size_t i = 0; i < sizeof(raw); i++)
		turned[i] = raw[7 - i];
	bq_jw_open_str(w, "tcbm");
	bq_put_hex_upper(w->s, bq_view_of(turned, sizeof(turned)));
	bq_jw_close_str(w);
}

static bool certification(struct sim_machine *m, struct sim_conn *c)
{
	bool old = still(&m->faults.tcbm);
	X509 *leaf[] = {old ? m->old_vcek : m->certs.vcek}, *chain[] = {m->certs.ask, m->certs.ark};
	char *leaf_pem = sim_pem(leaf, 1), *chain_pem = sim_pem(chain, 2);
	uint8_t body[BODY_MAX];
	struct bq_sink_buf s;
	struct bq_jw w;

	if (m->faults.imds_pem && chain_pem != NULL)
		chain_pem[strlen(chain_pem) - DAMAGE_AT] = '!';
	bq_sink_buf_init(&s, body, sizeof(body));
	bq_jw_init(&w, &s.s, 0);
	bq_jw_object(&w, NULL);
	bq_jw_str(&w, "vcekCert", leaf_pem != NULL ? leaf_pem : "");
	put_tcbm(&w, m, old);
	bq_jw_str(&w, "certificateChain", chain_pem != NULL ? chain_pem : "");
	bq_jw_str(&w, "cacheControl", "86400");
	bq_jw_end_object(&w);
	OPENSSL_free(leaf_pem);
	OPENSSL_free(chain_pem);
	return respond(c, 200, bq_view_of(body, s.n));
}

/* A header line `Metadata: true`, in a request that ends in an empty line. */
static bool says_metadata(const char *request)
{
	static const char name[] = "metadata:";

	for (const char *at = strstr(request, "\r\n"); at != NULL; at = strstr(at, "\r\n")) {
		at += 2;
		if (strncasecmp(at, name, sizeof(name) - 1) != 0)
			continue;
		at += sizeof(name) - 1;
		at += strspn(at, " \t");
		return strncasecmp(at, "true", 4) == 0 &&
		       strcspn(at + 4, "\r") == strspn(at + 4, " \t");
	}
	return false;
}

static bool request(struct sim_machine *m, struct sim_conn *c)
{
	static const char want[] = "GET " BQ_IMDS_PATH;
	const char *text = (const char *)c->buf;

	if (strncmp(text, "GET ", 4) != 0)
		return refuse(c, 405, "GET is expected");
	if (!says_metadata(text))
		return refuse(c, 400, "the header Metadata: true is missing");
	if (strncmp(text, want, sizeof(want) - 1) != 0 ||
	    strchr(" ?", text[sizeof(want) - 1]) == NULL)
		return refuse(c, 404, "no such resource");
	if (m->faults.imds_status != 0 && still(&m->faults.imds_many))
		return refuse(c, m->faults.imds_status, "simulated");
	return certification(m, c);
}

bool sim_imds_readable(struct sim_server *s, struct sim_conn *c)
{
	if (!sim_conn_fill(c) || c->n == sizeof(c->buf))
		return false;
	c->buf[c->n] = '\0';
	if (strstr((const char *)c->buf, "\r\n\r\n") == NULL)
		return strlen((const char *)c->buf) == c->n; /* a NUL is no HTTP */
	return request(s->m, c);
}

/* certs: the platform's certificates, or where AMD has them. */
#include "cmd.h"
#include "imds.h"
#include "kds.h"
#include "session.h"

#define TURIN_ID    8 /* bytes of CHIP_ID that AMD asks for there */
#define URL_MAX     512
#define KDS_TIMEOUT 30 /* seconds */

static struct {
	const char *imds, *kds, *kds_url, *print_url, *out, *timeout, *auth;
} given;

static const struct opt options[] = {
	OPT("", "imds", "URL", "the metadata service; default: " BQ_IMDS_URL, &given.imds),
	OPT("", "kds", "", "from AMD over HTTPS, for this machine's report", &given.kds),
	OPT("", "kds-url", "URL", "instead of " KDS_URL, &given.kds_url),
	OPT("", "print-url", "", "print where AMD has this VCEK; reads the report",
	    &given.print_url),
	OPT("o", "output", "FILE", "default: standard output", &given.out),
	OPT("", "timeout", "SEC", "give up after so long; default: 10", &given.timeout),
	OPT("P", "auth", "AUTH", "the owner hierarchy's password, if it has one", &given.auth),
	{0},
};

static enum outcome put_certs(void)
{
	struct bq_imds_certs c;
	unsigned timeout_ms;
	struct bq_sink *s;
	enum outcome o;

	if ((o = session_timeout(given.timeout, &timeout_ms)) != TOOL_OK ||
	    (o = imds_fetch(given.imds, timeout_ms, "it answers only inside an Azure VM", &c)) !=
		    TOOL_OK ||
	    (o = out_begin(given.out, false, &s)) != TOOL_OK)
		return o;
	imds_put_pem(s, c.vcek, c.chain);
	return out_end();
}

static void put_spl(struct bq_sink *s, const char *name, uint8_t spl)
{
	bq_putf(s, "%sSPL=%s%u", name, spl < 10 ? "0" : "", (unsigned)spl);
}

/* The product's directory, without a slash at its end. */
static void put_product(struct bq_sink *s, enum bq_product p)
{
	const char *base = given.kds_url != NULL ? given.kds_url : KDS_URL;

	bq_putf(s, "%s/vcek/v1/%s", base, bq_product_name(p));
}

/* AMD publication 57230 (VCEK certificate and KDS interface), the VCEK's URL. */
static void put_url(struct bq_sink *s, const struct bq_snp *snp, enum bq_product p)
{
	struct bq_tcb tcb = bq_tcb_read(snp->reported_tcb, p);
	struct bq_view id = snp->chip_id;

	if (p == BQ_PRODUCT_TURIN)
		id.n = TURIN_ID;
	put_product(s, p);
	bq_put_chr(s, '/');
	bq_put_hex(s, id);
	if (tcb.has_fmc)
		put_spl(s, "?fmc", tcb.fmc);
	put_spl(s, tcb.has_fmc ? "&bl" : "?bl", tcb.bootloader);
	put_spl(s, "&tee", tcb.tee);
	put_spl(s, "&snp", tcb.snp);
	put_spl(s, "&ucode", tcb.microcode);
}

/* This machine's report, of a kind whose key AMD has. */
static enum outcome read_report(struct bq_snp *snp, enum bq_product *product)
{
	static uint8_t blob_buf[BQ_HCL_MAX];
	struct bq_azure a = {.tpm = NULL};
	struct bq_view blob;
	struct bq_hcl hcl;
	enum outcome o;
	int e;

	if ((o = session_azure(given.auth, given.timeout, &a)) != TOOL_OK)
		return o;
	if ((e = bq_azure_report(&a, blob_buf, sizeof(blob_buf), &blob, &hcl)) != 0 ||
	    (e = bq_hcl_require_snp(&hcl)) != 0 ||
	    (e = bq_snp_parse(hcl.hardware_report, snp)) != 0)
		return session_error("reading the report", e);
	*product = bq_snp_product(snp);
	if (*product == BQ_PRODUCT_UNKNOWN)
		return msg_error("the report", BQ_E_PRODUCT, 0);
	if (bq_view_is_zero(snp->chip_id))
		return msg(TOOL_FAILED,
			   "the report hides the chip's id, by which AMD files its key", NULL);
	return TOOL_OK;
}

static enum outcome print_url(const struct bq_snp *snp, enum bq_product product)
{
	struct bq_sink *s;
	enum outcome o;

	if ((o = out_begin(given.out, false, &s)) != TOOL_OK)
		return o;
	put_url(s, snp, product);
	bq_put_chr(s, '\n');
	return out_end();
}

static enum outcome from_kds(const struct bq_snp *snp, enum bq_product product)
{
	static char vcek[URL_MAX], chain[URL_MAX];
	struct bq_sink_buf v, c;
	unsigned timeout_ms;
	enum outcome o;

	if ((o = session_timeout(given.timeout, &timeout_ms)) != TOOL_OK)
		return o;
	bq_sink_buf_init(&v, vcek, sizeof(vcek) - 1);
	put_url(&v.s, snp, product);
	bq_sink_buf_init(&c, chain, sizeof(chain) - 1);
	put_product(&c.s, product);
	bq_put_str(&c.s, "/cert_chain");
	if (v.s.err != 0 || c.s.err != 0)
		return msg_usage("--kds-url: too long", NULL);
	return kds_put_certs(vcek, chain, timeout_ms == 0 ? KDS_TIMEOUT : (timeout_ms + 999) / 1000,
			     given.out);
}

static enum outcome by_report(void)
{
	enum bq_product product = BQ_PRODUCT_UNKNOWN;
	struct bq_snp snp = {0};
	enum outcome o = read_report(&snp, &product);

	if (o != TOOL_OK)
		return o;
	return given.print_url != NULL ? print_url(&snp, product) : from_kds(&snp, product);
}

static enum outcome run(char **args, unsigned n)
{
	(void)args, (void)n;
	if ((given.print_url != NULL) + (given.imds != NULL) + (given.kds != NULL) > 1)
		return msg_usage("--print-url, --kds and --imds exclude each other", NULL);
	return given.print_url != NULL || given.kds != NULL ? by_report() : put_certs();
}

const struct command cmd_certs = {
	.words = COMMAND("certs", "", "get the platform's certificates (PEM: VCEK, ASK, ARK)", ""),
	.opts = options,
	.run = run,
};

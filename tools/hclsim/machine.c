#include "machine.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/err.h>

#define CC_Startup          0x00000144u
#define CC_StartAuthSession 0x00000176u

static bool fail(const char *what)
{
	fprintf(stderr, "hclsim: %s\n", what);
	ERR_print_errors_fp(stderr);
	return false;
}

static bool fail_tpm(const struct sim_machine *m, const char *what, int e)
{
	fprintf(stderr, "hclsim: %s: %s", what, bq_strerror(e));
	if (e == BQ_E_TPM_RC)
		fprintf(stderr, " (0x%x)", (unsigned)m->tpm.rc);
	fputc('\n', stderr);
	return false;
}

/* --- opening ---------------------------------------------------------------- */

/* A certificate of the AK, and the VCEK of a TCB before the present one. */
static bool mint_extras(struct sim_machine *m)
{
	const struct sim_options *o = m->options;
	struct sim_leaf old = sim_leaf_like_amd(o->product, false);
	EVP_PKEY *ak = sim_rsa_public(bq_view_of(m->ak.n, m->ak.size));
	X509 *ca = sim_ak_ca_cert(m->keys.ak_ca), *cert = NULL;
	unsigned char *at = m->ak_cert;
	bool ok;

	old.hwid_n = sim_chip_id(o->product, m->keys.vcek, old.hwid);
	old.tcb.microcode--;
	m->old_vcek = sim_leaf_cert(&old, m->keys.vcek, m->certs.ask, m->keys.ask);
	if (ak != NULL && ca != NULL)
		cert = sim_ak_cert(ak, ca, m->keys.ak_ca);
	memset(m->ak_cert, 0, sizeof(m->ak_cert));
	ok = cert != NULL && m->old_vcek != NULL && i2d_X509(cert, NULL) <= SIM_AK_CERT_SIZE &&
	     i2d_X509(cert, &at) > 0 && sim_cert_write(o->dir, "akca.pem", ca);
	X509_free(cert);
	X509_free(ca);
	EVP_PKEY_free(ak);
	return ok;
}

/* With the banks of PCRs that there shall be. */
static int start(struct sim_machine *m)
{
	bool changed;
	int e;

	if ((e = sim_tpm_startup(&m->tpm)) != 0 ||
	    (e = sim_provision_sha256(&m->tpm, !m->faults.no_sha256, &changed)) != 0 || !changed ||
	    (e = sim_tpm_shutdown(&m->tpm)) != 0)
		return e;
	return sim_swtpm_power(&m->swtpm) ? sim_tpm_startup(&m->tpm) : BQ_E_GONE;
}

/* What the paravisor does before the operating system starts. */
static int provision(struct sim_machine *m)
{
	struct bq_tpm *t = &m->tpm;
	uint32_t permanent;
	int e;

	if ((e = start(m)) != 0 ||
	    (e = sim_provision_user_data(t, m->faults.platform_user_data)) != 0 ||
	    (e = bq_tpm_property(t, TPM_PT_PERMANENT, &permanent)) != 0)
		return e;
	/* A password of an earlier start with the fault goes; a guest's own stays. */
	if ((permanent & 1) != 0 && !m->faults.owner_auth)
		(void)sim_provision_owner_auth(t, SIM_OWNER_PASSWORD, "");
	if ((e = sim_provision_ak(t, &m->ak)) != 0 || (e = sim_provision_ek(t, &m->ek)) != 0)
		return e;
	if (m->faults.other_ak && (e = sim_provision_other_ak(t)) != 0)
		return e;
	if (m->faults.no_ak && (e = sim_provision_no_ak(t)) != 0)
		return e;
	if (m->faults.owner_auth && (permanent & 1) == 0)
		return sim_provision_owner_auth(t, "", SIM_OWNER_PASSWORD);
	return 0;
}

/* With a control channel, firmware boots the VM later: the TPM is left ready to
 * be switched on. Otherwise it has booted. */
static bool boot(struct sim_machine *m)
{
	int e = 0;

	if (m->options->ctrl != NULL)
		e = sim_tpm_shutdown(&m->tpm);
	else
		e = sim_provision_no_platform(&m->tpm);
	if (e != 0)
		return fail_tpm(m, "the TPM refuses to boot", e);
	m->started = m->options->ctrl == NULL;
	if (m->started)
		sim_report_boot(m);
	return true;
}

bool sim_machine_open(struct sim_machine *m, const struct sim_options *options, int stop_fd)
{
	const char *dir = options->dir;
	int e;

	memset(m, 0, sizeof(*m));
	m->options = options;
	m->faults = options->faults;
	m->stop_fd = stop_fd;
	m->swtpm = (struct sim_swtpm){.ctrl = -1, .data = -1};
	if (options->log != NULL && (m->log = fopen(options->log, "ae")) == NULL)
		return fail("--log: the file cannot be opened");
	if (!sim_keys_open(&m->keys, dir))
		return fail("the keys in --dir cannot be read or made");
	if (!sim_certs_open(&m->certs, &m->keys, options->product, dir))
		return fail("the certificates in --dir cannot be made");
	if (!sim_swtpm_start(&m->swtpm, dir) || !sim_swtpm_power(&m->swtpm))
		return fail("no TPM");
	bq_tpm_init(&m->tpm,
		    (struct bq_transport){.transact = sim_swtpm_transact, .ctx = &m->swtpm});
	if ((e = provision(m)) != 0)
		return fail_tpm(m, "the TPM cannot be provisioned (remove DIR/tpm for a new one)",
				e);
	if (!mint_extras(m))
		return fail("the certificate of the AK cannot be made");
	return boot(m);
}

void sim_machine_close(struct sim_machine *m)
{
	if (m->started && !m->broken)
		(void)sim_tpm_shutdown(&m->tpm);
	sim_swtpm_stop(&m->swtpm);
	sim_keys_free(&m->keys);
	sim_certs_free(&m->certs);
	X509_free(m->old_vcek);
	m->old_vcek = NULL;
	if (m->log != NULL)
		fclose(m->log);
	m->log = NULL;
}

bool sim_machine_power(struct sim_machine *m)
{
	m->started = false;
	m->due_ms = SIM_NEVER;
	m->sessions = (struct sim_sessions){0};
	return sim_swtpm_power(&m->swtpm);
}

/* --- commands ---------------------------------------------------------------- */

size_t sim_machine_forward(struct sim_machine *m, struct bq_view cmd, uint8_t rsp[BQ_TPM_PACKET])
{
	size_t n = 0;
	int err;

	if (m->broken || sim_swtpm_transact(&m->swtpm, cmd, rsp, BQ_TPM_PACKET, &n, &err) != 0) {
		m->broken = true;
		return 0;
	}
	return n;
}

static uint32_t code_of(struct bq_view rsp)
{
	uint32_t rc = 0;

	if (bq_rd_skip(&rsp, 6) == 0)
		(void)bq_rd_be32(&rsp, &rc);
	return rc;
}

static void log_command(const struct sim_machine *m, const struct sim_command *c, bool dropped,
			uint32_t rc)
{
	const char *name = bq_tpm_cc_name(c->cc);
	struct timespec now;
	struct tm tm;
	char when[32];

	if (m->log == NULL)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	fprintf(m->log, "%s.%03ldZ ", when, now.tv_nsec / 1000000);
	if (name != NULL)
		fputs(name, m->log);
	else
		fprintf(m->log, "%08x", (unsigned)c->cc);
	for (int i = 0; i < c->handles; i++)
		fprintf(m->log, " %08x", (unsigned)c->handle[i]);
	if (dropped)
		fputs(" dropped\n", m->log);
	else
		fprintf(m->log, " %08x\n", (unsigned)rc);
	fflush(m->log);
}

static void wait_ms(const struct sim_machine *m, uint32_t ms)
{
	struct pollfd p = {.fd = m->stop_fd, .events = POLLIN};

	if (ms != 0)
		(void)poll(&p, 1, (int)ms);
}

/* The 50 bytes that Azure's TPM takes: swtpm takes more. Only a quote that is
 * otherwise right gets so far. */
static bool too_long(const struct sim_command *c)
{
	struct bq_view r = c->params;
	uint16_t n;

	return c->cc == TPM_CC_Quote && bq_rd_be16(&r, &n) == 0 && n > BQ_HCL_NONCE_MAX;
}

static void flushed(struct sim_machine *m, const struct sim_command *c)
{
	struct bq_view r = c->params;
	uint32_t handle;

	if (bq_rd_be32(&r, &handle) == 0)
		sim_session_ended(&m->sessions, handle);
}

/* What an answer of swtpm's means to the paravisor. */
static void after(struct sim_machine *m, const struct sim_command *c, uint8_t *rsp, size_t *rsp_n)
{
	if (code_of(bq_view_of(rsp, *rsp_n)) != TPM_RC_SUCCESS)
		return;
	if (c->cc == CC_Startup && !m->started) {
		m->started = true;
		sim_report_boot(m);
	} else if (c->cc == TPM_CC_NV_Write && c->handle[1] == BQ_HCL_USER_DATA_NV) {
		sim_report_after_write(m);
	} else if (c->cc == TPM_CC_GetCapability) {
		sim_nv_add_handles(m, c, rsp, rsp_n);
	} else if (c->cc == CC_StartAuthSession) {
		sim_session_started(&m->sessions, c, bq_view_of(rsp, *rsp_n));
	} else if (c->cc == TPM_CC_FlushContext) {
		flushed(m, c);
	} else if (too_long(c)) {
		*rsp_n = sim_respond_rc(rsp, SIM_RC_QUOTE_DATA);
	}
}

enum sim_answer sim_machine_command(struct sim_machine *m, struct bq_view cmd,
				    uint8_t rsp[BQ_TPM_PACKET], size_t *rsp_n)
{
	struct sim_command c;
	struct sim_fault_action fault;

	sim_command_parse(cmd, &c);
	fault = sim_fault_on(&m->faults, c.cc);
	wait_ms(m, fault.delay_ms);
	if (fault.drop) {
		log_command(m, &c, true, 0);
		return SIM_DROP;
	}
	if (fault.rc != 0) {
		*rsp_n = sim_respond_rc(rsp, fault.rc);
	} else if (!m->started || !sim_nv_command(m, &c, rsp, rsp_n)) {
		*rsp_n = sim_machine_forward(m, cmd, rsp);
		if (c.malformed == 0)
			after(m, &c, rsp, rsp_n);
	}
	if (*rsp_n == 0 || m->broken)
		return SIM_DROP;
	log_command(m, &c, false, code_of(bq_view_of(rsp, *rsp_n)));
	return SIM_ANSWER;
}

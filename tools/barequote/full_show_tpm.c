/* What a TPM signs and signs with. */
#include <barequote/tpm.h>

#include "full_shown.h"
#include "tss_text.h"

static void show_selection(struct shown *o, const struct bq_pcr_list *l)
{
	char text[256];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_pcr_list(&b.s, l);
	shown_chars(o, "pcr_selection", bq_view_of(text, b.n));
}

void show_quote(struct shown *o, const struct bq_attest *a)
{
	shown_hex(o, "nonce", a->extra_data);
	show_selection(o, &a->pcrs);
	shown_hex(o, "pcr_digest", a->pcr_digest);
	shown_hex(o, "qualified_signer", a->qualified_signer);
	shown_u64(o, "clock_ms", a->clock);
	shown_bool(o, "clock_safe", a->safe != 0);
	shown_u64(o, "reset_count", a->reset_count);
	shown_u64(o, "restart_count", a->restart_count);
	shown_x64(o, "firmware_version", a->firmware_version);
}

void show_signature(struct shown *o, const struct bq_signature *sig)
{
	shown_named(o, "scheme", sig->alg, bq_alg_name(sig->alg));
	shown_named(o, "hash", sig->hash, bq_alg_name(sig->hash));
	if (sig->alg == TPM_ALG_ECDSA) {
		shown_hex(o, "r", sig->r);
		shown_hex(o, "s", sig->s);
	} else {
		shown_hex(o, "value", sig->rsa);
	}
}

static void show_attributes(struct shown *o, uint32_t attributes)
{
	char text[256];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	tss_put_attributes(&b.s, attributes);
	shown_x64(o, "attributes", attributes);
	shown_chars(o, "attribute_names", bq_view_of(text, b.n));
}

void show_public(struct shown *o, const struct bq_public *pub)
{
	shown_named(o, "type", pub->type, bq_alg_name(pub->type));
	shown_named(o, "name_alg", pub->name_alg, bq_alg_name(pub->name_alg));
	show_attributes(o, pub->attributes);
	shown_named(o, "scheme", pub->scheme, bq_alg_name(pub->scheme));
	if (pub->scheme != TPM_ALG_NULL)
		shown_named(o, "hash", pub->hash, bq_alg_name(pub->hash));
	if (pub->sym_alg != TPM_ALG_NULL) {
		shown_named(o, "symmetric", pub->sym_alg, bq_alg_name(pub->sym_alg));
		shown_u64(o, "symmetric_bits", pub->sym_bits);
	}
	if (pub->policy.n != 0)
		shown_hex(o, "policy", pub->policy);
	if (pub->type == TPM_ALG_RSA) {
		shown_u64(o, "rsa_bits", pub->bits);
		shown_u64(o, "exponent", pub->exponent);
		shown_hex(o, "modulus", pub->n);
	} else {
		shown_named(o, "curve", pub->curve, tss_curve_name(pub->curve));
		shown_hex(o, "x", pub->x);
		shown_hex(o, "y", pub->y);
	}
}

void show_pcrs(struct shown *o, const struct bq_pcr_values *v)
{
	struct bq_view value;

	for (unsigned b = 0; b < v->n; b++) {
		const char *name = bq_alg_name(v->bank[b].alg);

		shown_group(o, name != NULL ? name : "unknown bank");
		for (unsigned i = 0; i < BQ_PCRS; i++) {
			const char index[] = {(char)('0' + i / 10), (char)('0' + i % 10), '\0'};

			if ((v->bank[b].mask >> i & 1) != 0 &&
			    bq_pcr_value(v, v->bank[b].alg, i, &value) == 0)
				shown_hex(o, i < 10 ? index + 1 : index, value);
		}
		shown_end_group(o);
	}
}

/* Part 1, 18.1: tag, size, then a command's or a response's code. */
static bool read_header(struct bq_view *v, uint16_t *tag, uint32_t *code)
{
	size_t all = v->n;
	uint32_t size;

	return bq_rd_be16(v, tag) == 0 && bq_rd_be32(v, &size) == 0 && bq_rd_be32(v, code) == 0 &&
	       size == all && (*tag == TPM_ST_SESSIONS || *tag == TPM_ST_NO_SESSIONS);
}

bool shown_is_packet(struct bq_view v)
{
	uint16_t tag;
	uint32_t code;

	return read_header(&v, &tag, &code);
}

/* Some numbers are both a command's and a response's: then the handles that the
 * command would need tell which. */
static bool is_command(uint32_t code, size_t rest)
{
	int handles = bq_tpm_cc_handles(code);

	return bq_tpm_cc_name(code) != NULL && handles >= 0 && rest / 4 >= (size_t)handles;
}

static void show_response(struct shown *o, uint32_t code)
{
	char text[200];
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, text, sizeof(text));
	bq_put_tpm_rc(&b.s, code);
	shown_chars(o, "response_code", bq_view_of(text, b.n));
}

void show_packet(struct shown *o, struct bq_view v)
{
	uint16_t tag = 0;
	uint32_t code = 0, handle;
	bool command;

	if (!read_header(&v, &tag, &code))
		return;
	command = is_command(code, v.n);
	shown_str(o, "direction", command ? "command" : "response");
	shown_bool(o, "sessions", tag == TPM_ST_SESSIONS);
	if (command)
		shown_str(o, "command", bq_tpm_cc_name(code));
	else
		show_response(o, code);
	for (int i = 0; command && i < bq_tpm_cc_handles(code) && bq_rd_be32(&v, &handle) == 0; i++)
		shown_x64(o, i == 0 ? "handle" : "second_handle", handle);
	shown_hex(o, "rest", v);
}

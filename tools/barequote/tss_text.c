#include "tss_text.h"

#include <string.h>
#include <unistd.h>

#include "io.h"

void tss_put_digits(struct bq_sink *s, uint32_t x, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned shift = 0;

	while (shift < 28 && x >> (shift + 4) != 0)
		shift += 4;
	for (; shift < 32; shift -= 4) /* ends as it wraps around */
		bq_put_chr(s, digits[x >> shift & 15]);
}

void tss_put_raw(struct bq_sink *s, uint32_t x)
{
	bq_put_str(s, "0x");
	tss_put_digits(s, x, false);
}

void tss_put_raw_upper(struct bq_sink *s, uint32_t x)
{
	bq_put_str(s, "0x");
	tss_put_digits(s, x, true);
}

static void put_value(struct bq_sink *s, const char *value, uint32_t raw)
{
	/* tpm2-tools say it like that too. */
	bq_putf(s, "  value: %s\n  raw: ", value != NULL ? value : "(null)");
	tss_put_raw(s, raw);
	bq_put_chr(s, '\n');
}

static void put_name(struct bq_sink *s, const char *name)
{
	bq_putf(s, "%s:\n", name);
}

void tss_put_alg(struct bq_sink *s, const char *name, uint16_t alg)
{
	put_name(s, name);
	put_value(s, bq_alg_name(alg), alg);
}

static void put_number(struct bq_sink *s, const char *name, uint32_t x)
{
	bq_putf(s, "%s: %u\n", name, x);
}

void tss_put_bytes(struct bq_sink *s, const char *name, struct bq_view v)
{
	bq_putf(s, "%s: ", name);
	bq_put_hex(s, v);
	bq_put_chr(s, '\n');
}

/* TPMA_OBJECT, part 2, 8.3: the bit from '@' on, and its name. */
#define ATTRIBUTE(bit, name) bit name "\0"
#define ATTRIBUTES(T)                                                                              \
	T("A", "fixedtpm")                                                                         \
	T("B", "stclear")                                                                          \
	T("D", "fixedparent")                                                                      \
	T("E", "sensitivedataorigin")                                                              \
	T("F", "userwithauth")                                                                     \
	T("G", "adminwithpolicy")                                                                  \
	T("J", "noda")                                                                             \
	T("K", "encryptedduplication")                                                             \
	T("P", "restricted")                                                                       \
	T("Q", "decrypt")                                                                          \
	T("R", "sign")                                                                             \
	T("S", "x509sign")
static const char attribute_names[] = ATTRIBUTES(ATTRIBUTE);

void tss_put_attributes(struct bq_sink *s, uint32_t attributes)
{
	const char *bar = "";

	for (const char *e = attribute_names; *e != '\0'; e += strlen(e) + 1) {
		if ((attributes >> (e[0] - '@') & 1) == 0)
			continue;
		bq_putf(s, "%s%s", bar, e + 1);
		bar = "|";
	}
}

const char *tss_curve_name(uint16_t curve)
{
	static const char *const nist[] = {
		NULL, "NIST p192", "NIST p224", "NIST p256", "NIST p384", "NIST p521",
	};

	if (curve == 0x20)
		return "SM2 p256";
	return curve < sizeof(nist) / sizeof(nist[0]) ? nist[curve] : NULL;
}

static void put_rsa_head(struct bq_sink *s, const struct bq_public *pub)
{
	put_number(s, "exponent", pub->exponent);
	put_number(s, "bits", pub->bits);
}

static void put_ecc_head(struct bq_sink *s, const struct bq_public *pub)
{
	put_name(s, "curve-id");
	put_value(s, tss_curve_name(pub->curve), pub->curve);
	tss_put_alg(s, "kdfa-alg", pub->kdf);
	tss_put_alg(s, "kdfa-halg", pub->kdf_hash);
}

void tss_put_public(struct bq_sink *s, const struct bq_public *pub)
{
	bool rsa = pub->type == TPM_ALG_RSA;

	tss_put_alg(s, "name-alg", pub->name_alg);
	bq_put_str(s, "attributes:\n  value: ");
	tss_put_attributes(s, pub->attributes);
	bq_put_str(s, "\n  raw: ");
	tss_put_raw(s, pub->attributes);
	bq_put_chr(s, '\n');
	tss_put_alg(s, "type", pub->type);
	if (rsa)
		put_rsa_head(s, pub);
	else
		put_ecc_head(s, pub);
	tss_put_alg(s, "scheme", pub->scheme);
	tss_put_alg(s, "scheme-halg", pub->hash);
	tss_put_alg(s, "sym-alg", pub->sym_alg);
	tss_put_alg(s, "sym-mode", pub->sym_mode);
	put_number(s, "sym-keybits", pub->sym_bits);
	if (rsa) {
		tss_put_bytes(s, "rsa", pub->n);
	} else {
		tss_put_bytes(s, "x", pub->x);
		tss_put_bytes(s, "y", pub->y);
	}
	if (pub->policy.n != 0)
		tss_put_bytes(s, "authorization policy", pub->policy);
}

static void put_bank(struct bq_sink *s, const struct bq_pcr_select *bank,
		     const struct bq_pcr_values *v)
{
	const char *name = bq_alg_name(bank->alg);
	struct bq_view value;

	bq_put_str(s, "  ");
	if (name != NULL)
		bq_put_str(s, name);
	else
		tss_put_raw(s, bank->alg);
	bq_put_str(s, ":\n");
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		if ((bank->mask >> i & 1) == 0 || bq_pcr_value(v, bank->alg, i, &value) != 0)
			continue;
		bq_putf(s, "    %u%s: 0x", i, i < 10 ? " " : "");
		bq_put_hex_upper(s, value);
		bq_put_chr(s, '\n');
	}
}

void tss_put_pcrs(struct bq_sink *s, const struct bq_pcr_list *sel, const struct bq_pcr_values *v)
{
	for (unsigned i = 0; i < sel->n; i++)
		put_bank(s, &sel->bank[i], v);
}

static void put_raw_value(void *ctx, struct bq_view value)
{
	bq_put_view(ctx, value);
}

enum outcome tss_pcr_file(const char *path, bool values_only, const struct bq_pcr_list *sel,
			  const struct bq_pcr_values *v)
{
	struct bq_sink *s;
	enum outcome o;
	int e = 0;

	if (path == NULL)
		return TOOL_OK;
	if ((o = out_begin(path, true, &s)) != TOOL_OK)
		return o;
	if (values_only)
		e = bq_pcr_each(sel, v, put_raw_value, s);
	else
		bq_pcr_file_write(s, sel, v);
	if (s->err == 0)
		s->err = e;
	return out_end();
}

enum outcome tss_pcr_format(const char *text, bool fallback, bool *values_only)
{
	*values_only = text == NULL ? fallback : strcmp(text, "values") == 0;
	if (text != NULL && !*values_only && strcmp(text, "serialized") != 0)
		return msg_usage("--pcrs_format: expected serialized or values", NULL);
	return TOOL_OK;
}

enum outcome tss_nonce(const char *option, const char *text, void *buf, size_t cap,
		       struct bq_view *out)
{
	size_t n;

	if (bq_hex_decode(bq_view_str(text), buf, cap, &n) == BQ_E_HEX && access(text, R_OK) == 0)
		return input_file(option, text, buf, cap, out);
	return input_value(option, text, buf, cap, out);
}

enum outcome tss_key(const char *option, const char *text, uint32_t *out)
{
	uint64_t handle;

	if (bq_num_decode(bq_view_str(text), UINT32_MAX, &handle) != 0)
		return msg_usage(option, ": takes a persistent handle, no context file", NULL);
	*out = (uint32_t)handle;
	return TOOL_OK;
}

/* Claims that are not those of the report, keys that are no AK, user data. */
#include "forgery.h"

#include "hcl_build.h"

#include <openssl/rsa.h>

#define REPORT_SIZE  8     /* of the blob, in its header */
#define DATA_SIZE    0x4C0 /* of the runtime data */
#define CLAIMS_SIZE  0x4D0
#define REPORT_DATA  0x50 /* in the report */
#define CLAIMS_MAX   4096
#define DIGEST_INFO  19 /* DigestInfo of SHA-256 before the hash (RFC 8017, 9.2) */
#define AK_SIG_BYTES 256

EVP_PKEY *attackers_ak(void)
{
	static EVP_PKEY *key;

	if (key == NULL)
		key = EVP_RSA_gen(2048);
	ck_assert_ptr_nonnull(key);
	return key;
}

/* --- claims and their hash ------------------------------------------------------ */

static const char *claims_text(const struct forge *f, bool sorted, bool upper, struct bq_view ek)
{
	struct sim_claims c = {
		.ak = bq_view_of(f->n, f->n_len),
		.ek = ek,
		.sorted = sorted,
		.upper = upper,
		.has_user_data = true,
		.vm_id = {0xAB, 0xCD, 0xEF},
	};
	char *text = must_alloc(CLAIMS_MAX);
	struct bq_sink_buf b;

	memcpy(c.user_data, f->user_data, sizeof(c.user_data));
	bq_sink_buf_init(&b, text, CLAIMS_MAX - 1);
	sim_claims_put(&b.s, &c);
	ck_assert_int_eq(b.s.err, 0);
	text[b.n] = '\0';
	return text;
}

static const char *usual_claims(const struct forge *f)
{
	return claims_text(f, false, true, bq_view_of(NULL, 0));
}

static void milan_claims(struct forge *f)
{
	milan(f);
	f->claims = usual_claims(f);
}

/* The hardware has signed the hash of the claims as they are now. */
static void sign_as_it_is(struct forge *f)
{
	forge_make(f);
	f->own_report_data = true;
}

static void other_byte(struct forge *f)
{
	sign_as_it_is(f);
	f->claims = replaced(f->claims, "ABCDEF", "ABCDEE");
}

static void secure_boot_off(struct forge *f)
{
	f->claims = replaced(f->claims, "\"secure-boot\":true", "\"secure-boot\":false");
	sign_as_it_is(f);
	f->claims = usual_claims(f);
}

static void white_space(struct forge *f)
{
	sign_as_it_is(f);
	f->claims = replaced(f->claims, "{\"keys\":", "{ \"keys\":");
}

static void space_at_the_end(struct forge *f)
{
	sign_as_it_is(f);
	f->claims =
		(const char *)concat((struct bq_view[]){bq_view_str(f->claims), VIEW(" \0")}, 2).p;
}

static void lower_case(struct forge *f)
{
	sign_as_it_is(f);
	f->claims = claims_text(f, false, false, bq_view_of(NULL, 0));
}

static void member_order(struct forge *f)
{
	sign_as_it_is(f);
	f->claims = claims_text(f, true, true, bq_view_of(NULL, 0));
}

static void escape(struct forge *f)
{
	sign_as_it_is(f);
	f->claims = replaced(f->claims, "\"RSA\"", "\"R\\u0053A\"");
}

static void attacker_instead(struct forge *f)
{
	sign_as_it_is(f);
	forge_ak(f, attackers_ak());
	f->claims = usual_claims(f);
}

/* The hash too, which the hardware has not signed. */
static void attacker_rehashed(struct forge *f)
{
	uint8_t report_data[32], *raw;

	memcpy(report_data, f->report.report_data, sizeof(report_data));
	raw = writable_report(f);
	forge_ak(f, attackers_ak());
	f->claims = usual_claims(f);
	forge_make(f);
	ck_assert_mem_ne(report_data, f->report.report_data, sizeof(report_data));
	memcpy(raw + REPORT_DATA, f->report.report_data, sizeof(report_data));
	memcpy(writable_report(f), raw, BQ_SNP_REPORT_SIZE);
}

static void hash_type(struct forge *f)
{
	f->hash_type = (uint32_t)f->arg;
}

/* --- sizes ----------------------------------------------------------------------- */

static void resize(struct forge *f, size_t at)
{
	uint8_t *p = writable(&f->ev.hcl) + at;
	uint32_t x = (uint32_t)(p[0] | p[1] << 8) + (uint32_t)f->arg;

	p[0] = (uint8_t)x;
	p[1] = (uint8_t)(x >> 8);
}

static void claims_size(struct forge *f)
{
	resize(f, CLAIMS_SIZE);
}

static void data_size(struct forge *f)
{
	resize(f, DATA_SIZE);
}

static void report_size(struct forge *f)
{
	resize(f, REPORT_SIZE);
}

static void all_sizes(struct forge *f)
{
	claims_size(f);
	data_size(f);
	report_size(f);
}

static void report_type(struct forge *f)
{
	writable(&f->ev.hcl)[DATA_SIZE + 8] = (uint8_t)f->arg;
}

/* --- the AK ----------------------------------------------------------------------- */

static void aks(struct forge *f)
{
	f->aks = (unsigned)f->arg;
}

/* The attacker's beside the machine's, under one kid. */
static void second_ak(struct forge *f)
{
	struct bq_view mine = bq_view_of(f->n, f->n_len);
	const char *both;

	f->ak = attackers_ak();
	both = claims_text(f, false, true, mine);
	f->claims = replaced(both, "HCLEkPub", "HCLAkPub");
}

static void other_kid(struct forge *f)
{
	f->claims = replaced(f->claims, "HCLAkPub", f->text);
}

static void not_rsa(struct forge *f)
{
	f->claims = replaced(f->claims, "\"RSA\"", "\"EC\"");
}

static void zero_modulus(struct forge *f)
{
	memset(f->n, 0, f->n_len);
}

static void even_modulus(struct forge *f)
{
	f->n[f->n_len - 1] &= 0xFE;
}

static void padded_modulus(struct forge *f)
{
	memmove(f->n + 1, f->n, f->n_len);
	f->n[0] = 0;
	f->n_len++;
}

static void bits(struct forge *f)
{
	f->own_key = EVP_RSA_gen((unsigned)f->arg);
	ck_assert_ptr_nonnull(f->own_key);
	forge_ak(f, f->own_key);
}

static void exponent_3(struct forge *f)
{
	f->own_key = rsa_with_exponent_3();
	forge_ak(f, f->own_key);
	f->e = "Aw";
}

static void exponent(struct forge *f)
{
	f->e = f->text;
}

/* With exponent 1 a signature is what it signs: anybody can make it. */
static void signed_with_exponent_1(struct forge *f)
{
	static const uint8_t info[DIGEST_INFO] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
						  0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
						  0x01, 0x05, 0x00, 0x04, 0x20};
	uint8_t *sig = must_alloc(AK_SIG_BYTES);
	struct bq_hash c;

	memset(sig, 0xFF, AK_SIG_BYTES);
	sig[0] = 0;
	sig[1] = 1;
	sig[AK_SIG_BYTES - BQ_SHA256_SIZE - DIGEST_INFO - 1] = 0;
	memcpy(sig + AK_SIG_BYTES - BQ_SHA256_SIZE - DIGEST_INFO, info, sizeof(info));
	bq_hash_init(&c, TPM_ALG_SHA256);
	bq_hash_add(&c, f->ev.quote_msg);
	bq_hash_end(&c, sig + AK_SIG_BYTES - BQ_SHA256_SIZE);
	f->ev.quote_sig = bq_view_of(sig, AK_SIG_BYTES);
}

/* --- user data ---------------------------------------------------------------------- */

void milan_user_data(struct forge *f)
{
	milan(f);
	f->ev.format = BQ_EVIDENCE_COCO2;
	f->has_user_data = true;
	memcpy(f->user_data, f->nonce.p, f->nonce.n);
}

static void no_user_data(struct forge *f)
{
	f->has_user_data = false;
}

static void user_data_byte(struct forge *f)
{
	f->user_data[f->arg] ^= 1;
}

static void user_data_zero(struct forge *f)
{
	memset(f->user_data, 0, sizeof(f->user_data));
}

static void user_data_short(struct forge *f)
{
	f->claims = replaced(usual_claims(f), "\"user-data\":\"61", "\"user-data\":\"");
}

static void user_data_null(struct forge *f)
{
	f->claims = replaced(usual_claims(f), "\"user-data\":\"", "\"user-data\":null,\"x\":\"");
}

static void user_data_twice(struct forge *f)
{
	f->claims =
		replaced(usual_claims(f), "\"user-data\":", "\"user-data\":null,\"user-data\":");
}

const struct maker runtime_makers[] = {
	{"runtime/other-byte", milan_claims, .change = other_byte},
	{"runtime/secure-boot", milan_claims, .change = secure_boot_off},
	{"runtime/white-space", milan_claims, .change = white_space},
	{"runtime/space-at-end", milan_claims, .change = space_at_the_end},
	{"runtime/lower-case", milan_claims, .change = lower_case},
	{"runtime/member-order", milan_claims, .change = member_order},
	{"runtime/escape", milan_claims, .change = escape},
	{"runtime/attacker-ak", milan_claims, .change = attacker_instead},
	{"runtime/attacker-ak-rehashed", milan_claims, .spoil = attacker_rehashed},
	{"runtime/hash-type-0", milan, .change = hash_type, .arg = 0},
	{"runtime/hash-type-2", milan, .change = hash_type, .arg = 2},
	{"runtime/hash-type-3", milan, .change = hash_type, .arg = 3},
	{"runtime/claims-longer", milan, .spoil = claims_size, .arg = 1},
	{"runtime/claims-shorter", milan, .spoil = claims_size, .arg = -1},
	{"runtime/data-longer", milan, .spoil = data_size, .arg = 1},
	{"runtime/data-shorter", milan, .spoil = data_size, .arg = -1},
	{"runtime/report-longer", milan, .spoil = report_size, .arg = 1},
	{"runtime/report-shorter", milan, .spoil = report_size, .arg = -1},
	{"runtime/all-longer", milan, .spoil = all_sizes, .arg = 1},
	{"runtime/all-shorter", milan, .spoil = all_sizes, .arg = -1},
	{"runtime/claims-to-the-end", milan, .spoil = claims_size, .arg = 2000},
	{"runtime/type-tdx", milan, .spoil = report_type, .arg = BQ_HCL_TDX},
	{"runtime/type-vbs", milan, .spoil = report_type, .arg = BQ_HCL_VBS},
	{"runtime/no-ak", milan, .change = aks, .arg = 0},
	{"runtime/ak-twice", milan, .change = aks, .arg = 2},
	{"runtime/second-ak", milan, .change = second_ak},
	{"runtime/kid-longer", milan_claims, .change = other_kid, .text = "HCLAkPub2"},
	{"runtime/kid-lower-case", milan_claims, .change = other_kid, .text = "hclakpub"},
	{"runtime/kid-of-ek", milan_claims, .change = other_kid, .text = "HCLEkPub"},
	{"runtime/ak-not-rsa", milan_claims, .change = not_rsa},
	{"runtime/ak-zero", milan, .change = zero_modulus},
	{"runtime/ak-even", milan, .change = even_modulus},
	{"runtime/ak-padded", milan, .change = padded_modulus},
	{"runtime/ak-1024", milan, .change = bits, .arg = 1024},
	{"runtime/ak-2040", milan, .change = bits, .arg = 2040},
	{"runtime/ak-3072", milan, .change = bits, .arg = 3072},
	{"runtime/exponent-3", milan, .change = exponent_3},
	{"runtime/exponent-1", milan, .change = exponent, .spoil = signed_with_exponent_1,
	 .text = "AQ"},
	{"runtime/exponent-0", milan, .change = exponent, .text = "AA"},
	{"runtime/exponent-plus-2-32", milan, .change = exponent, .text = "AQABAAE"},
	{"runtime/user-data-missing", milan_user_data, .change = no_user_data},
	{"runtime/user-data-other", milan_user_data, .change = user_data_byte, .arg = 0},
	{"runtime/user-data-longer", milan_user_data, .change = user_data_byte, .arg = 63},
	{"runtime/user-data-zero", milan_user_data, .change = user_data_zero},
	{"runtime/user-data-short", milan_user_data, .change = user_data_short},
	{"runtime/user-data-null", milan_user_data, .change = user_data_null},
	{"runtime/user-data-twice", milan_user_data, .change = user_data_twice},
	{0},
};

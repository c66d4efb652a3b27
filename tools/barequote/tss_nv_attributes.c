/* Attributes of NV indices, by name: TPMA_NV, part 2, 13.4. */
#include "tss_nv.h"
#include "tss_text.h"

#include <string.h>

/* Bits 4 to 7 are the type of the index: part 2, 13.4, TPM_NT. */
#define TYPE_BIT  4
#define TYPE_MASK 0xF0u

/* The bit from '@' on, and its name. */
static const char names[] = "@ppwrite\0"
			    "Aownerwrite\0"
			    "Bauthwrite\0"
			    "Cpolicywrite\0"
			    "Jpolicydelete\0"
			    "Kwritelocked\0"
			    "Lwriteall\0"
			    "Mwritedefine\0"
			    "Nwrite_stclear\0"
			    "Ogloballock\0"
			    "Pppread\0"
			    "Qownerread\0"
			    "Rauthread\0"
			    "Spolicyread\0"
			    "Yno_da\0"
			    "Zorderly\0"
			    "[clear_stclear\0"
			    "\\readlocked\0"
			    "]written\0"
			    "^platformcreate\0"
			    "_read_stclear\0";

static const char types[] = "@ordinary\0"
			    "Acounter\0"
			    "Bbits\0"
			    "Dextend\0"
			    "Hpinfail\0"
			    "Ipinpass\0";

static unsigned value_of(const char *entry)
{
	return (unsigned)(entry[0] - '@');
}

static const char *find(const char *table, struct bq_view name)
{
	for (const char *e = table; *e != '\0'; e += strlen(e) + 1)
		if (bq_view_eq_str(name, e + 1))
			return e;
	return NULL;
}

/* tpm2-tools print the type as if it began with its lowest bit. */
static void put_type(struct bq_sink *s, uint32_t type)
{
	while ((type & 1) == 0)
		type >>= 1;
	bq_put_str(s, "nt=");
	tss_put_raw(s, type);
}

void tss_nv_put_attributes(struct bq_sink *s, uint32_t attributes)
{
	const char *bar = "";

	for (const char *e = names; *e != '\0'; e += strlen(e) + 1) {
		if (value_of(e) > TYPE_BIT && (attributes & TYPE_MASK) != 0) {
			bq_put_str(s, bar);
			put_type(s, attributes & TYPE_MASK);
			bar = "|";
			attributes &= ~TYPE_MASK;
		}
		if ((attributes >> value_of(e) & 1) == 0)
			continue;
		bq_putf(s, "%s%s", bar, e + 1);
		bar = "|";
	}
}

/* `nt=TYPE` without its beginning. */
static bool parse_type(struct bq_view text, uint32_t *out)
{
	const char *e = find(types, text);
	uint64_t n;

	if (e != NULL)
		n = value_of(e);
	else if (bq_num_decode(text, TYPE_MASK >> TYPE_BIT, &n) != 0)
		return false;
	*out |= (uint32_t)n << TYPE_BIT;
	return true;
}

static bool parse_one(struct bq_view text, uint32_t *out)
{
	struct bq_view head;
	const char *e = find(names, text);

	if (e != NULL)
		*out |= UINT32_C(1) << value_of(e);
	else if (bq_rd_take(&text, 3, &head) != 0 || !bq_view_eq_str(head, "nt="))
		return false;
	else
		return parse_type(text, out);
	return true;
}

enum outcome tss_nv_parse_attributes(const char *text, uint32_t *out)
{
	struct bq_view rest = bq_view_str(text), one;
	uint32_t attributes = 0;
	uint64_t n;

	if (bq_num_decode(rest, UINT32_MAX, &n) == 0) {
		*out = (uint32_t)n;
		return TOOL_OK;
	}
	while (rest.n != 0) {
		(void)bq_rd_take(&rest, bq_view_find(rest, '|'), &one);
		(void)bq_rd_skip(&rest, 1);
		if (!parse_one(one, &attributes))
			return msg_usage("--attributes: expected for example ownerread|ownerwrite",
					 NULL);
	}
	*out = attributes;
	return TOOL_OK;
}

/* Which product a report comes from: CPUID as reports carry it, and names. */
#include <barequote/snp.h>

#define FAMILY_ZEN3 0x19 /* and Zen 4 */
#define FAMILY_ZEN5 0x1A /* and newer */

static const struct {
	uint8_t family, model_min, model_max;
	enum bq_product product;
} models[] = {
	{FAMILY_ZEN3, 0x00, 0x0F, BQ_PRODUCT_MILAN},  {FAMILY_ZEN3, 0x10, 0x1F, BQ_PRODUCT_GENOA},
	{FAMILY_ZEN3, 0xA0, 0xAF, BQ_PRODUCT_GENOA}, /* Bergamo, Siena: Genoa's keys */
	{FAMILY_ZEN5, 0x00, 0x11, BQ_PRODUCT_TURIN},  {FAMILY_ZEN5, 0x50, 0x57, BQ_PRODUCT_VENICE},
	{FAMILY_ZEN5, 0x90, 0xAF, BQ_PRODUCT_VENICE}, {FAMILY_ZEN5, 0xC0, 0xC7, BQ_PRODUCT_VENICE},
};

enum bq_product bq_snp_product(const struct bq_snp *s)
{
	if (!s->has_cpuid)
		return BQ_PRODUCT_UNKNOWN;
	/*@ loop invariant 0 <= i <= sizeof(models) / sizeof(models[0]);
	  @ loop assigns i;
	  @ loop variant sizeof(models) / sizeof(models[0]) - i; */
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (s->cpuid_family == models[i].family && s->cpuid_model >= models[i].model_min &&
		    s->cpuid_model <= models[i].model_max)
			return models[i].product;
	return BQ_PRODUCT_UNKNOWN;
}

const char *bq_product_name(enum bq_product p)
{
	switch (p) {
	case BQ_PRODUCT_MILAN:
		return "Milan";
	case BQ_PRODUCT_GENOA:
		return "Genoa";
	case BQ_PRODUCT_TURIN:
		return "Turin";
	case BQ_PRODUCT_VENICE:
		return "Venice";
	case BQ_PRODUCT_UNKNOWN:
		break;
	}
	return "unknown";
}

enum bq_product bq_product_by_name(struct bq_view name)
{
	/*@ loop invariant BQ_PRODUCT_MILAN <= p <= BQ_PRODUCT_VENICE + 1;
	  @ loop assigns p;
	  @ loop variant BQ_PRODUCT_VENICE + 1 - p; */
	for (enum bq_product p = BQ_PRODUCT_MILAN; p <= BQ_PRODUCT_VENICE; p++)
		if (bq_view_eq_str(name, bq_product_name(p)))
			return p;
	return BQ_PRODUCT_UNKNOWN;
}

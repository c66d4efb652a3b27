/* The formats' names, as options and output spell them. */
#include <barequote/evidence.h>

const char *bq_evidence_format_name(enum bq_evidence_format f)
{
	switch (f) {
	case BQ_EVIDENCE_SNP:
		return "snp";
	case BQ_EVIDENCE_HCL:
		return "hcl";
	case BQ_EVIDENCE_DIR:
		return "dir";
	case BQ_EVIDENCE_COCO0:
		return "coco0";
	case BQ_EVIDENCE_COCO1:
		return "coco1";
	case BQ_EVIDENCE_COCO2:
		return "coco2";
	case BQ_EVIDENCE_MAA_SNP:
		return "maa-snp";
	}
	return "unknown";
}

/* A model of Azure's vTPM for the suites: the report index, the user-data index
 * and the rules by which reports are made, with faults at will. It lives on the
 * script's clock, so that seconds cost nothing. tools/hclsim is the simulator
 * with a real TPM behind it. */
#ifndef PARAVISOR_H
#define PARAVISOR_H

#include "scripted.h"
#include "support.h"

#define PARAVISOR_CALLS 4096

struct paravisor {
	struct script s; /* .tpm is the one to use */

	/* How it is made; set before the first command. */
	bool not_cvm, unwritten;
	const char *password; /* the owner's; NULL: none */
	uint16_t nv_size;     /* of the report index */
	uint32_t header_version, report_type, hash_type;
	bool no_user_data, with_ek, lower_case;
	bool refresh_on_write; /* instead of on reads at offset 0 */
	uint64_t period_ms;    /* a report is only replaced when older than this */
	struct bq_view fixed;  /* a captured blob instead of reports of our own */

	/* 0x01400002 */
	bool defined, written;
	uint32_t attributes;
	uint16_t size;
	uint8_t data[256];

	/* Faults */
	uint32_t fail_cc, fail_rc; /* answers that command with that code, */
	unsigned fail_after;       /* after so many right answers, */
	unsigned fail_times;       /* so often */
	unsigned cut_at;           /* the transport fails at this command, counted from 1 */
	unsigned tear_at, tears;   /* another reader's report before a read at that offset */
	bool sizes_change;         /* successive reports differ in length */
	bool never_new;            /* no report is ever made */
	bool break_claims;         /* claims that are no JSON, with the right hash */
	bool gone_before_undefine; /* another program undefines it first */
	unsigned overwrites;       /* another program writes after our write, so often */

	/* Quotes */
	uint8_t pcr[BQ_PCRS][32];
	unsigned moves;           /* PCR 10 changes after a quote, so often */
	unsigned wrong_selection; /* 1: another PCR, 2: another bank too */
	bool wrong_nonce, other_hash, not_a_quote;

	/* What happened */
	uint64_t made_ms;    /* when the report was made */
	unsigned generation; /* reports so far */
	uint8_t blob[BQ_HCL_MAX];
	size_t blob_n, told; /* told: as it was when offset 0 was read */
	char log[PARAVISOR_CALLS];
};

/* A VM that has been up for long, with 0x01400002 defined as we define it, and
 * user data of somebody else's in index and report. */
void paravisor_init(struct paravisor *p);
/* The first report; after changing how it is made. */
void paravisor_boot(struct paravisor *p);
/* Commands so far, a word each: W64 (NV_Write of 64 bytes), R1024+22 (NV_Read,
 * offset and size), P1 and P2 (NV_ReadPublic of 0x0140000x), D and U (define and
 * undefine), Q, C (PCR_Read), G (GetCapability, refused), ! (a fault). */
#define ck_assert_calls(p, words) ck_assert_str_eq((p)->log, words)

#endif

/* A transport that fails on demand, over another one. */
#ifndef FAULTY_H
#define FAULTY_H

#include <barequote/tpm.h>

enum fault_kind {
	FAULT_REFUSED, /* errno `value`; the command did not reach the TPM */
	FAULT_LOST,    /* errno `value`; the TPM ran it, the response is lost */
	FAULT_CUT,     /* the response ends after `value` bytes */
	FAULT_GROWN,   /* `value` bytes follow the response's end */
	FAULT_CLAIMS,  /* the transport says it returned `value` bytes */
	FAULT_TAG,     /* the response's tag is `value` */
	FAULT_SIZE,    /* its size field is off by `value` */
	FAULT_INNER,   /* the 32 bits after its header are off by `value` */
	FAULT_CODE,    /* the TPM answers with code `value`, and did nothing */
	FAULT_LATE,    /* the right answer, `value` ms later */
	FAULT_ECHO,    /* the response before instead; the TPM did nothing */
	FAULT_EVENT,   /* event(ctx, value), then what the TPM answers */
};

struct fault {
	const char *name;
	enum fault_kind kind;
	uint32_t value;
};

/* Every one of them. */
extern const struct fault faults[];
extern const unsigned faults_n;

struct faulty {
	struct bq_transport below;
	uint64_t *now_ms; /* the clock that FAULT_LATE moves */
	void (*event)(void *ctx, uint32_t value);
	void *ctx;
	unsigned events;           /* it knows these values, from 0 */
	const struct fault *fault; /* NULL: none */
	unsigned at;               /* at this command, counted from 1, */
	bool for_ever;             /* and at those after it */
	unsigned commands;
	uint8_t last[BQ_TPM_PACKET]; /* the response before */
	size_t last_n;
};

/* Between t and its transport. The clock and the events are the caller's to set. */
void faulty_attach(struct faulty *f, struct bq_tpm *t);
/* From now on that fault, or NULL, at that command. */
void faulty_arm(struct faulty *f, const struct fault *fault, unsigned at, bool for_ever);
/* Whether e, and the code in t, is what that fault may end in; 0 is not judged here. */
bool faulty_may_end_in(const struct fault *f, const struct bq_tpm *t, int e);

/* A sequence of commands, to be run under every fault at every step. */
struct sequence {
	const char *name;
	void (*setup)(void); /* makes the TPM anew, and attaches to it */
	int (*run)(void);
	bool (*is_right)(void);  /* after success: whether the answer is */
	bool (*is_intact)(void); /* after failure: whether nothing is left half-done; or NULL */
	unsigned bound_ms; /* of one, on the clock, without what FAULT_LATE adds to one packet */
	/* Calls with a deadline of their own. 0: a plain command has none, so that each
	 * packet may be late, and nothing by which to tell the response before from its own. */
	unsigned calls;
};

struct matrix {
	unsigned cells, right;
};

/* Fails the test at the first cell that ends in neither the right answer nor an
 * error to be expected, takes too long, or after which the sequence does not
 * succeed without faults. */
void matrix_run(struct matrix *m, const struct sequence *s, struct faulty *f, struct bq_tpm *t);
/* Says how large it was. */
void matrix_end(const struct matrix *m, const char *name);

#endif

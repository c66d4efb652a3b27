/* A TPM that answers from a script, and a clock that waits for nobody. */
#ifndef SCRIPTED_H
#define SCRIPTED_H

#include <barequote/tpm.h>

/* One command and its answer, in hex; spaces are ignored. */
struct exchange {
	const char *cmd; /* NULL: any */
	const char *rsp; /* NULL: err instead */
	int err;         /* a transport error, with errno 5 */
};

#define SLEEPS_MAX 64

struct script {
	struct bq_tpm tpm;
	/* In this order, each once; a command that is not the next one fails the test. */
	const struct exchange *list;
	size_t n, at;
	/* Or a TPM of the test's own: fills rsp, or returns a transport error. Takes
	 * the place of the list. */
	int (*answer)(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n);
	void *ctx;
	unsigned commands; /* seen so far */
	bool closed;
	/* The clock: moves only when somebody sleeps, and by tick_ms on each reading. */
	struct bq_clock clock;
	uint64_t now_ms;
	unsigned tick_ms;
	unsigned sleeps, slept[SLEEPS_MAX]; /* ms each; those beyond the table are only counted */
};

/* s->tpm is ready to use, with the script's clock. */
void script_init(struct script *s, const struct exchange *list, size_t n);
void script_init_answer(struct script *s,
			int (*answer)(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap,
				      size_t *rsp_n),
			void *ctx);
/* Fails the test unless every exchange of the list has happened. */
void script_end(const struct script *s);
uint64_t script_slept_ms(const struct script *s);
/* Hex with spaces, decoded into dst; fails the test where it is no hex or does not fit. */
size_t script_hex(const char *hex, uint8_t *dst, size_t cap);

/* GetRandom for two bytes, and an answer to it. */
#define ASK_CMD "80010000000c0000017b0002"
#define ASK_RSP "80010000000e000000000002abcd"
/* What it ends in; fails the test where it is another answer. */
int script_ask(struct bq_tpm *t);

#define SCRIPT(s, list) script_init((s), (list), sizeof(list) / sizeof((list)[0]))

#endif

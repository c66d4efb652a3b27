/* A TPM behind a transport: packets, commands, response codes.
 *
 * No allocation: the caller keeps a struct bq_tpm (about 9 KiB) wherever it
 * likes and, once it is open, leaves it there. Views that a command returns lie
 * in its response buffer and live until the next command on the same struct. One
 * thread at a time.
 *
 * Every command returns 0, a transport error, BQ_E_TPM_RC with the TPM's own
 * answer in rc, or one of the other BQ_E_TPM_*. */
#ifndef BAREQUOTE_TPM_H
#define BAREQUOTE_TPM_H

#include <barequote/bytes.h>
#include <barequote/clock.h>
#include <barequote/pcr.h>
#include <barequote/text.h>
#include <barequote/tpm2.h>

/* One command out, one response in. transact returns 0 or a transport error,
 * with errno in *sys_errno where the system gave one. */
struct bq_transport {
	int (*transact)(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
			int *sys_errno);
	void (*close)(void *ctx);
	void *ctx;
};

struct bq_tpm {
	struct bq_transport transport;
	const struct bq_clock *clock;
	struct bq_sink *record; /* every exchange, in replay form; or NULL */
	struct bq_sink *trace;  /* every packet, decoded, for people; or NULL */
	uint32_t rc;            /* of the last command that was answered */
	int sys_errno;          /* of the last transport error */
	size_t nv_chunk;        /* bytes in an NV transfer; found out when it matters */
	uint64_t deadline_ms;   /* on the clock: nothing is sent after it; 0: none */
	int fd;                 /* of the built-in transports, or -1 */
	struct bq_view rsp;     /* the last command's response, whole; empty without one */
	uint8_t cmd_buf[BQ_TPM_PACKET];
	uint8_t rsp_buf[BQ_TPM_PACKET];
};

/* tcti: `device:PATH`, `swtpm:path=SOCKET`, `swtpm:host=H,port=P` (H numeric or
 * localhost), `replay:FILE`, or a bare path (device or socket, by what is there).
 * BQ_E_TCTI, BQ_E_NO_DEVICE, BQ_E_PERMISSION, BQ_E_BUSY, BQ_E_IO, BQ_E_REPLAY. */
int bq_tpm_open(struct bq_tpm *t, const char *tcti);
/* The same over a transport of the caller's. */
void bq_tpm_init(struct bq_tpm *t, struct bq_transport transport);
void bq_tpm_close(struct bq_tpm *t);
/* The path of the first TPM with a resource manager: the first of /sys/class/tpmrm,
 * or else of /dev/tpmrm0 to 15; waits for up to wait_ms for one to appear. Only
 * where none has, and none may follow, /dev/tpm0, whose only user one then is.
 * BQ_E_NO_DEVICE: no driver found a chip; BQ_E_NO_NODE: the kernel has it, and path
 * is where its node should be; BQ_E_SPACE, and path is undefined. */
int bq_tpm_find(char *path, size_t cap, unsigned wait_ms);

uint64_t bq_tpm_now_ms(const struct bq_tpm *t);
void bq_tpm_sleep_ms(const struct bq_tpm *t, unsigned ms);

/* Sends a finished command packet as it is and checks the response's header:
 * BQ_E_TPM_HEADER, BQ_E_TPM_RC, BQ_E_ARG where the packet's own size is wrong.
 * Resends on the warnings that ask for it (part 3, 5.4: RETRY, TESTING, YIELDED
 * with backoff; NV_RATE and NV_UNAVAILABLE slowly), each bounded, and by the
 * deadline. Past that BQ_E_TIMEOUT, with no errno. A command the TPM is at is
 * waited for: interrupting the driver would leave the answer to the next one.
 * After it, t->rsp is the response and t->rc its code, also where that is not 0;
 * where none came, t->rsp is empty and t->rc as it was. */
int bq_tpm_transact(struct bq_tpm *t, struct bq_view cmd);

/* One authorization: the empty password, or the one given. */
struct bq_auth {
	struct bq_view password;
};

/* GetCapability, part 3, 30.2: the TPMU_CAPABILITIES as a view. */
int bq_tpm_get_capability(struct bq_tpm *t, uint32_t capability, uint32_t property, uint32_t count,
			  bool *more, struct bq_view *data);
/* One TPM property; BQ_E_TPM_PROPERTY where the TPM answers with another one. */
int bq_tpm_property(struct bq_tpm *t, uint32_t property, uint32_t *value);
/* The first handle of its type (part 2, 7.2) from `from` on; BQ_E_TPM_PROPERTY
 * where there is none. */
int bq_tpm_next_handle(struct bq_tpm *t, uint32_t from, uint32_t *handle);
/* n bytes, however many commands that takes. Part 3, 16.1. out is undefined on
 * failure. */
int bq_tpm_get_random(struct bq_tpm *t, void *out, size_t n);

/* TPMS_NV_PUBLIC, part 2, 13.5 */
struct bq_nv_public {
	uint32_t index, attributes;
	uint16_t name_alg;
	uint16_t size; /* bytes */
	struct bq_view policy;
};

/* name is the index's Name (part 1, 16); may be NULL. Part 3, 31.6. */
int bq_tpm_nv_read_public(struct bq_tpm *t, uint32_t index, struct bq_nv_public *out,
			  struct bq_view *name);
/* One NV_Read, part 3, 31.13. auth_handle is TPM_RH_OWNER or the index itself.
 * The TPM must return exactly n bytes. */
int bq_tpm_nv_read_chunk(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth,
			 uint32_t index, uint16_t n, uint16_t off, struct bq_view *out);
/* n bytes from off, in chunks of t->nv_chunk; asks the TPM for its limit where
 * a chunk is refused as too large (0x1C4). out is undefined on failure. */
int bq_tpm_nv_read(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth, uint32_t index,
		   uint16_t off, void *out, size_t n);
/* Part 3, 31.7; chunked likewise. Not repeated after a transport error: what
 * was written then is unknown. */
int bq_tpm_nv_write(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth, uint32_t index,
		    uint16_t off, struct bq_view data);
/* Part 3, 31.3. auth authorizes the owner, index_auth becomes the index's. */
int bq_tpm_nv_define(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth,
		     const struct bq_nv_public *pub, struct bq_view index_auth);
int bq_tpm_nv_undefine(struct bq_tpm *t, uint32_t auth_handle, struct bq_auth auth, uint32_t index);

/* ReadPublic, part 3, 12.4. pub is the TPMT_PUBLIC, see attest.h. name and
 * qualified_name may be NULL. */
int bq_tpm_read_public(struct bq_tpm *t, uint32_t handle, struct bq_view *pub, struct bq_view *name,
		       struct bq_view *qualified_name);

/* Quote, part 3, 18.4. scheme and hash: TPM_ALG_NULL and 0 for the key's own.
 * attest is the TPMS_ATTEST, signature the TPMT_SIGNATURE. */
struct bq_quote_request {
	uint32_t handle;
	struct bq_auth auth;
	struct bq_view qualifying_data; /* at most 50 bytes on Azure */
	uint16_t scheme, hash;
	struct bq_pcr_list pcrs;
};
int bq_tpm_quote(struct bq_tpm *t, const struct bq_quote_request *q, struct bq_view *attest,
		 struct bq_view *signature);

/* PCR_Read, part 3, 22.4, as often as it takes for all of sel (8 digests a
 * call). Banks the TPM does not have: BQ_E_PCR_SELECTION. out's banks hold
 * exactly sel; it is undefined on failure. */
int bq_tpm_pcr_read(struct bq_tpm *t, const struct bq_pcr_list *sel, struct bq_pcr_values *out);

struct bq_digest {
	uint16_t alg;
	struct bq_view value;
};
/* PCR_Extend, part 3, 22.2: n digests, one a bank. BQ_E_ARG where a digest has
 * not its algorithm's size. Not repeated after a transport error. */
int bq_tpm_pcr_extend(struct bq_tpm *t, uint32_t pcr, struct bq_auth auth,
		      const struct bq_digest *digests, unsigned n);

/* An event sequence hashes data of any size in every bank that the TPM has and
 * extends a PCR with the digests: start, update any number of times, complete.
 * Part 3, 17.3 to 17.6. None of these is repeated after a transport error. A
 * sequence that is not completed takes memory of the TPM until it is flushed. */
#define BQ_TPM_EVENT_CHUNK 1024 /* bytes in an update, at most */
int bq_tpm_event_start(struct bq_tpm *t, uint32_t *sequence);
int bq_tpm_event_update(struct bq_tpm *t, uint32_t sequence, struct bq_view data);
/* pcr TPM_RH_NULL: only hashes. out is undefined on failure. */
int bq_tpm_event_complete(struct bq_tpm *t, uint32_t pcr, struct bq_auth auth, uint32_t sequence,
			  struct bq_digest out[BQ_PCR_BANKS], unsigned *n);
/* FlushContext, part 3, 28.4. */
int bq_tpm_flush(struct bq_tpm *t, uint32_t handle);

/* Response codes (part 1, 39.4 and part 2, 6.6): the error's name without
 * TPM_RC_ (`NV_UNINITIALIZED`; `unknown`), and which handle, session or
 * parameter. */
const char *bq_tpm_rc_name(uint32_t rc);
/* What that means in a few words, or "". */
const char *bq_tpm_rc_words(uint32_t rc);
void bq_put_tpm_rc(struct bq_sink *s, uint32_t rc); /* one line: code, name, where, words */
/* What to do about it on an Azure confidential VM, or NULL. */
const char *bq_tpm_rc_advice(uint32_t rc);
/* `NV_Read`, NULL where unknown. */
const char *bq_tpm_cc_name(uint32_t cc);
/* Handles in a command's and a response's handle area; -1 where unknown. */
int bq_tpm_cc_handles(uint32_t cc);
int bq_tpm_cc_rsp_handles(uint32_t cc);

#endif

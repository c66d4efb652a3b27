#include "faulty.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../src/tpm/internal.h"
#include "support.h"

#define RC_REFERENCE_H0    0x910u
#define RC_VALUE_OF_HANDLE 0x084u

#define ERRNO(name)                                                                                \
	{"refused with " #name, FAULT_REFUSED, name},                                              \
	{                                                                                          \
		"lost with " #name, FAULT_LOST, name                                               \
	}
#define CODE(name, rc)                                                                             \
	{                                                                                          \
		"code " name, FAULT_CODE, rc                                                       \
	}
#define WARNING(rc) CODE(#rc, rc)

const struct fault faults[] = {
	ERRNO(EPIPE),
	ERRNO(EIO),
	ERRNO(ETIME),
	ERRNO(ETIMEDOUT),
	ERRNO(EFAULT),
	ERRNO(ENOMEM),
	ERRNO(EBUSY),
	ERRNO(EINVAL),
	ERRNO(E2BIG),
	ERRNO(EINTR),
	ERRNO(ENODEV),
	ERRNO(EAGAIN),
	ERRNO(ECONNRESET),
	ERRNO(ECANCELED),
	ERRNO(EPERM),
	{"empty", FAULT_CUT, 0},
	{"a byte", FAULT_CUT, 1},
	{"cut in its size", FAULT_CUT, 5},
	{"a byte short of a header", FAULT_CUT, 9},
	{"a header alone", FAULT_CUT, 10},
	{"cut in its parameters", FAULT_CUT, 13},
	{"a byte too many", FAULT_GROWN, 1},
	{"long", FAULT_GROWN, 1024},
	{"longer than the buffer", FAULT_CLAIMS, BQ_TPM_PACKET + 1},
	{"much longer than the buffer", FAULT_CLAIMS, UINT32_MAX},
	{"tag of a command without sessions", FAULT_TAG, TPM_ST_NO_SESSIONS},
	{"tag of a command with sessions", FAULT_TAG, TPM_ST_SESSIONS},
	{"tag of TPM 1.2", FAULT_TAG, 0x00C4},
	{"tag 0", FAULT_TAG, 0},
	{"size one more", FAULT_SIZE, 1},
	{"size one less", FAULT_SIZE, UINT32_MAX},
	{"size huge", FAULT_SIZE, 0x80000000},
	{"inner size one more", FAULT_INNER, 1},
	{"inner size one less", FAULT_INNER, UINT32_MAX},
	{"inner size huge", FAULT_INNER, 0x80000000},
	{"inner 16 bits one more", FAULT_INNER, 0x10000},
	{"inner 16 bits one less", FAULT_INNER, 0xFFFF0000},
	WARNING(0x900),
	WARNING(0x901),
	WARNING(0x902),
	WARNING(0x903),
	WARNING(0x904),
	WARNING(0x905),
	WARNING(0x906),
	WARNING(0x907),
	WARNING(0x908),
	WARNING(0x909),
	WARNING(0x90A),
	WARNING(0x90B),
	WARNING(0x90C),
	WARNING(0x90D),
	WARNING(0x90E),
	WARNING(0x910),
	WARNING(0x911),
	WARNING(0x912),
	WARNING(0x913),
	WARNING(0x914),
	WARNING(0x915),
	WARNING(0x916),
	WARNING(0x918),
	WARNING(0x919),
	WARNING(0x91A),
	WARNING(0x91B),
	WARNING(0x91C),
	WARNING(0x91D),
	WARNING(0x91E),
	WARNING(0x920),
	WARNING(0x921),
	WARNING(0x922),
	WARNING(0x923),
	WARNING(0x97F),
	CODE("INITIALIZE", 0x100),
	CODE("FAILURE", 0x101),
	CODE("DISABLED", 0x120),
	CODE("COMMAND_CODE", TPM_RC_COMMAND_CODE),
	CODE("NV_RANGE", TPM_RC_NV_RANGE),
	CODE("NV_LOCKED", 0x148),
	CODE("NV_AUTHORIZATION", TPM_RC_NV_AUTH),
	CODE("NV_UNINITIALIZED", TPM_RC_NV_UNINIT),
	CODE("NV_SPACE", 0x14B),
	CODE("NV_DEFINED", TPM_RC_NV_DEFINED),
	CODE("VALUE of parameter 1", 0x1C4),
	CODE("HASH of parameter 1", 0x1C3),
	CODE("SIZE of parameter 1", 0x1D5),
	CODE("VALUE of parameter 2", 0x2C4),
	CODE("HANDLE 1", 0x18B),
	CODE("HANDLE 2", 0x28B),
	CODE("ATTRIBUTES of handle 2", 0x282),
	CODE("BAD_AUTH of session 1", 0x9A2),
	CODE("AUTH_FAIL of session 1", 0x98E),
	CODE("of TPM 1.2", 0x0000001E),
	CODE("of the resource manager: no memory", 0x000B0902),
	CODE("of the resource manager: no command", 0x000B0143),
	CODE("of another layer", 0x00070001),
	CODE("all ones", UINT32_MAX),
	{"a moment late", FAULT_LATE, 100},
	{"5 s late", FAULT_LATE, 5000},
	{"two minutes late", FAULT_LATE, 120000},
	{"the response before", FAULT_ECHO, 0},
	{"event 0", FAULT_EVENT, 0},
	{"event 1", FAULT_EVENT, 1},
	{"event 2", FAULT_EVENT, 2},
	{"event 3", FAULT_EVENT, 3},
};
const unsigned faults_n = sizeof(faults) / sizeof(faults[0]);

/* Adds to the 32 bits at off, where there are any. */
static void add_be32(uint8_t *rsp, size_t n, size_t off, uint32_t value)
{
	struct bq_view r = bq_view_of(rsp, n);
	uint32_t x;

	if (bq_rd_skip(&r, off) != 0 || bq_rd_be32(&r, &x) != 0)
		return;
	x += value;
	for (unsigned i = 0; i < 4; i++)
		rsp[off + i] = (uint8_t)(x >> (24 - 8 * i));
}

static void say_code(uint32_t code, uint8_t *rsp, size_t cap, size_t *rsp_n)
{
	struct bq_wr w;

	bq_wr_init(&w, rsp, cap);
	bq_wr_be16(&w, TPM_ST_NO_SESSIONS);
	bq_wr_be32(&w, TPM_HEADER_SIZE);
	bq_wr_be32(&w, code);
	*rsp_n = w.n;
}

static void damage(const struct fault *f, uint8_t *rsp, size_t cap, size_t *rsp_n)
{
	switch (f->kind) {
	case FAULT_CUT:
		*rsp_n = f->value < *rsp_n ? f->value : *rsp_n;
		break;
	case FAULT_GROWN:
		for (unsigned i = 0; i < f->value && *rsp_n < cap; i++)
			rsp[(*rsp_n)++] = 0;
		break;
	case FAULT_CLAIMS:
		*rsp_n = f->value;
		break;
	case FAULT_TAG:
		rsp[0] = (uint8_t)(f->value >> 8);
		rsp[1] = (uint8_t)f->value;
		break;
	case FAULT_SIZE:
		add_be32(rsp, *rsp_n, TPM_SIZE_OFFSET, f->value);
		break;
	case FAULT_INNER:
		add_be32(rsp, *rsp_n, TPM_HEADER_SIZE, f->value);
		break;
	case FAULT_REFUSED:
	case FAULT_LOST:
	case FAULT_CODE:
	case FAULT_LATE:
	case FAULT_ECHO:
	case FAULT_EVENT:
		break;
	}
}

static int below(struct faulty *f, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
		 int *sys_errno)
{
	int e = f->below.transact(f->below.ctx, cmd, rsp, cap, rsp_n, sys_errno);

	if (e == 0) {
		memcpy(f->last, rsp, *rsp_n);
		f->last_n = *rsp_n;
	}
	return e;
}

/* Instead of the TPM, or before it is asked: true where that was the answer. */
static bool instead(struct faulty *f, const struct fault *is, uint8_t *rsp, size_t cap,
		    size_t *rsp_n)
{
	if (is->kind == FAULT_CODE)
		say_code(is->value, rsp, cap, rsp_n);
	else if (is->kind == FAULT_ECHO && f->last_n != 0)
		memcpy(rsp, f->last, *rsp_n = f->last_n);
	else if (is->kind == FAULT_LATE)
		*f->now_ms += is->value;
	else if (is->kind == FAULT_EVENT)
		f->event(f->ctx, is->value);
	return is->kind == FAULT_CODE || (is->kind == FAULT_ECHO && f->last_n != 0);
}

static int faulty_transact(void *ctx, struct bq_view cmd, uint8_t *rsp, size_t cap, size_t *rsp_n,
			   int *sys_errno)
{
	struct faulty *f = ctx;
	const struct fault *is = f->fault;
	int e;

	f->commands++;
	if (is == NULL || (f->for_ever ? f->commands < f->at : f->commands != f->at))
		return below(f, cmd, rsp, cap, rsp_n, sys_errno);
	if (instead(f, is, rsp, cap, rsp_n))
		return 0;
	if (is->kind != FAULT_REFUSED && (e = below(f, cmd, rsp, cap, rsp_n, sys_errno)) != 0)
		return e;
	if (is->kind == FAULT_REFUSED || is->kind == FAULT_LOST) {
		errno = (int)is->value;
		return bq_tpm_errno(sys_errno);
	}
	damage(is, rsp, cap, rsp_n);
	return 0;
}

void faulty_attach(struct faulty *f, struct bq_tpm *t)
{
	memset(f, 0, sizeof(*f));
	f->below = t->transport;
	t->transport = (struct bq_transport){.transact = faulty_transact, .ctx = f};
}

void faulty_arm(struct faulty *f, const struct fault *fault, unsigned at, bool for_ever)
{
	f->fault = fault;
	f->at = at;
	f->for_ever = for_ever;
	f->commands = 0;
	f->last_n = 0;
}

/* What the layers above make of some codes. */
static bool is_code(uint32_t rc, int e)
{
	uint32_t kind = rc & ~0x700u;

	switch (e) {
	case BQ_E_OWNER_AUTH:
		return kind == TPM_RC_BAD_AUTH || kind == TPM_RC_AUTH_FAIL;
	case BQ_E_NOT_CVM:
	case BQ_E_STALE: /* an unfit index, said to be gone, was not replaced */
		return kind == TPM_RC_HANDLE;
	case BQ_E_UNWRITTEN:
		return rc == TPM_RC_NV_UNINIT;
	case BQ_E_PCR_SELECTION:
		return rc == 0x1C3;
	default:
		return false;
	}
}

/* An index said to be there where it is not, or the other way round: the next
 * command finds out, and says so. */
static bool is_belied(uint32_t rc, uint32_t later)
{
	return (rc == TPM_RC_NV_DEFINED && (later & ~0x700u) == TPM_RC_HANDLE) ||
	       ((rc & ~0x700u) == TPM_RC_HANDLE && later == TPM_RC_NV_RANGE);
}

/* A sequence object is not there, no more, or never was one. */
static bool is_of_no_sequence(const struct bq_tpm *t, int e)
{
	uint32_t kind = t->rc & ~0x700u;

	return e == BQ_E_TPM_RC && (t->rc == RC_REFERENCE_H0 || t->rc == RC_REFERENCE_H0 + 1 ||
				    kind == TPM_RC_HANDLE || kind == RC_VALUE_OF_HANDLE);
}

static bool is_one_of(int e, const int *errors)
{
	for (; *errors != 0; errors++)
		if (*errors == e)
			return true;
	return false;
}

bool faulty_may_end_in(const struct fault *f, const struct bq_tpm *t, int e)
{
	static const int malformed[] = {BQ_E_TPM_HEADER,
					BQ_E_TPM_RESPONSE,
					BQ_E_TPM_PROGRESS,
					BQ_E_TPM_PROPERTY,
					BQ_E_PCR_SELECTION,
					BQ_E_PUBLIC,
					0};
	static const int mixed_up[] = {
		BQ_E_TPM_RC, BQ_E_NOT_CVM, BQ_E_TPM_HEADER, BQ_E_TPM_RESPONSE, BQ_E_TPM_PROPERTY,
		BQ_E_TORN,   BQ_E_STALE,   BQ_E_HCL_SIZE,   BQ_E_PCRS_MOVING,  0};
	static const int disturbed[] = {BQ_E_TORN, BQ_E_STALE, BQ_E_HCL_SIZE, BQ_E_PCRS_MOVING, 0};
	int sys_errno;

	switch (f->kind) {
	case FAULT_REFUSED:
	case FAULT_LOST:
		errno = (int)f->value;
		return e == bq_tpm_errno(&sys_errno) && t->sys_errno == sys_errno;
	case FAULT_CODE:
		return (e == BQ_E_TPM_RC && (t->rc == f->value || is_belied(f->value, t->rc))) ||
		       is_code(f->value, e);
	case FAULT_LATE:
		return e == BQ_E_TIMEOUT && t->sys_errno == 0;
	case FAULT_ECHO:
		return is_one_of(e, mixed_up);
	case FAULT_EVENT:
		return is_one_of(e, disturbed) || is_of_no_sequence(t, e);
	case FAULT_CUT:
	case FAULT_GROWN:
	case FAULT_CLAIMS:
	case FAULT_TAG:
	case FAULT_SIZE:
		return is_one_of(e, malformed);
	case FAULT_INNER: /* a handle that is off is believed */
		return is_one_of(e, malformed) || is_of_no_sequence(t, e);
	}
	return false;
}

/* --- the matrix ------------------------------------------------------------ */

static char cell[256]; /* the one that is being run */

static void name_cell(const struct sequence *s, const struct faulty *f)
{
	snprintf(cell, sizeof(cell), "%s: command %u: %s, %s", s->name, f->at, f->fault->name,
		 f->for_ever ? "for ever" : "once");
}

static void run_clean(const struct sequence *s, struct faulty *f)
{
	int e;

	faulty_arm(f, NULL, 0, false);
	e = s->run();
	ck_assert_msg(e == 0, "%s: afterwards, without faults: %s", cell, bq_strerror(e));
	ck_assert_msg(s->is_right(), "%s: afterwards, without faults: wrong", cell);
}

static bool applies(const struct sequence *s, const struct faulty *f, const struct fault *is)
{
	return is->kind == FAULT_EVENT ? is->value < f->events
				       : is->kind != FAULT_ECHO || s->calls != 0;
}

static uint64_t bound_ms(const struct sequence *s, const struct faulty *f)
{
	uint64_t late = f->fault->kind == FAULT_LATE ? f->fault->value : 0;

	if (s->calls == 0)
		return s->bound_ms + late * f->commands;
	return s->calls * (s->bound_ms + late);
}

static void run_cell(struct matrix *m, const struct sequence *s, struct faulty *f, struct bq_tpm *t)
{
	uint64_t begin = *f->now_ms;
	int e;

	name_cell(s, f);
	e = s->run();
	m->cells++;
	if (e == 0) {
		m->right++;
		ck_assert_msg(s->is_right(), "%s: wrong answer", cell);
	} else {
		ck_assert_msg(faulty_may_end_in(f->fault, t, e), "%s: %s (rc %x, errno %d)", cell,
			      bq_strerror(e), t->rc, t->sys_errno);
		ck_assert_msg(s->is_intact == NULL || s->is_intact(), "%s: not intact", cell);
	}
	ck_assert_msg(*f->now_ms - begin <= bound_ms(s, f), "%s took %u ms", cell,
		      (unsigned)(*f->now_ms - begin));
	run_clean(s, f);
}

void matrix_run(struct matrix *m, const struct sequence *s, struct faulty *f, struct bq_tpm *t)
{
	unsigned steps;

	snprintf(cell, sizeof(cell), "%s", s->name);
	s->setup();
	run_clean(s, f);
	steps = f->commands;
	for (unsigned i = 0; i < 2 * steps * faults_n; i++) {
		s->setup();
		if (!applies(s, f, &faults[i % faults_n]))
			continue;
		faulty_arm(f, &faults[i % faults_n], i / faults_n / 2 + 1, i / faults_n % 2 == 1);
		run_cell(m, s, f, t);
	}
}

void matrix_end(const struct matrix *m, const char *name)
{
	printf("faults, %s: %u cells; %u ended in the right answer, %u in an error to be "
	       "expected, 0 in a wrong answer\n",
	       name, m->cells, m->right, m->cells - m->right);
}

/* A seccomp filter: the few system calls that judging takes, and EPERM for the
 * rest. It is a list of what is allowed, since what an attacker could use is open
 * ended. Nothing is killed: whatever a library tries on the side, and goes on
 * without, may fail as it would on a machine where it is not there. */
#include "full_confine.h"

#if defined(__x86_64__) || defined(__aarch64__)

#include <asm/ioctls.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define ARCH AUDIT_ARCH_X86_64
#else
#define ARCH AUDIT_ARCH_AARCH64
#endif

#define DENY(err) (SECCOMP_RET_ERRNO | (err))

/* Whatever their arguments. */
static const unsigned allowed[] = {
	/* open descriptors */
	SYS_read,
	SYS_write,
	SYS_writev,
	SYS_close,
	SYS_fstat,
	SYS_lseek,
	SYS_pselect6,
	/* memory; see also the conditions */
	SYS_brk,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	/* threads and signals of this process */
	SYS_futex,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_sched_yield,
	SYS_restart_syscall,
	SYS_exit,
	SYS_exit_group,
	/* what there is to know */
	SYS_getpid,
	SYS_gettid,
	SYS_getrandom,
	SYS_clock_gettime,
	SYS_gettimeofday,
	SYS_sched_getaffinity,
	SYS_sysinfo,
#ifdef SYS_time /* of time(), where there is no vDSO */
	SYS_time,
#endif
};

/* One argument decides. Of it the lower half is looked at: these are no wider. */
struct condition {
	unsigned call, arg;
	uint16_t test; /* BPF_JSET: has one of the bits; BPF_JEQ: is equal */
	uint32_t k;
	uint32_t where_true, where_false;
};

#define CONDITIONS ((size_t)6)
#define COUNT(a)   (sizeof(a) / sizeof((a)[0]))

struct program {
	unsigned short n;
	struct sock_filter at[5 + 2 * COUNT(allowed) + 5 * CONDITIONS];
};

/* Jumps count the instructions they leave out, where it is so and where not. */
static void jump(struct program *p, uint16_t test, uint32_t k, uint8_t so, uint8_t not )
{
	p->at[p->n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_K | test, k, so, not );
}

static void load(struct program *p, size_t offset)
{
	p->at[p->n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static void answer(struct program *p, uint32_t action)
{
	p->at[p->n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
}

static void add_condition(struct program *p, const struct condition *c)
{
	jump(p, BPF_JEQ, c->call, 0, 4);
	load(p, offsetof(struct seccomp_data, args) + c->arg * sizeof(uint64_t));
	jump(p, c->test, c->k, 0, 1);
	answer(p, c->where_true);
	answer(p, c->where_false);
}

/* A call of another architecture's numbering is not looked up in ours. */
static void write_program(struct program *p)
{
	const struct condition conditions[CONDITIONS] = {
		{SYS_mmap, 2, BPF_JSET, PROT_EXEC, DENY(EPERM), SECCOMP_RET_ALLOW},
		{SYS_mprotect, 2, BPF_JSET, PROT_EXEC, DENY(EPERM), SECCOMP_RET_ALLOW},
		{SYS_clone, 0, BPF_JSET, CLONE_THREAD, SECCOMP_RET_ALLOW, DENY(EPERM)},
		/* Its flags are in memory, out of reach; the C library takes clone instead. */
		{SYS_clone3, 0, BPF_JEQ, 0, DENY(ENOSYS), DENY(ENOSYS)},
		{SYS_ioctl, 1, BPF_JEQ, TCGETS, SECCOMP_RET_ALLOW, DENY(EPERM)}, /* isatty() */
		{SYS_tgkill, 0, BPF_JEQ, (uint32_t)getpid(), SECCOMP_RET_ALLOW, DENY(EPERM)},
	};

	load(p, offsetof(struct seccomp_data, arch));
	jump(p, BPF_JEQ, ARCH, 1, 0);
	answer(p, DENY(EPERM));
	load(p, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT(allowed); i++) {
		jump(p, BPF_JEQ, allowed[i], 0, 1);
		answer(p, SECCOMP_RET_ALLOW);
	}
	for (size_t i = 0; i < CONDITIONS; i++)
		add_condition(p, &conditions[i]);
	answer(p, DENY(EPERM));
}

bool confine(void)
{
	struct program p = {.n = 0};
	struct sock_fprog f = {.filter = p.at};

	write_program(&p);
	f.len = p.n;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &f) == 0;
}

#else

bool confine(void)
{
	return false;
}

#endif

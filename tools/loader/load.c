/* barequote-guest as a file: the program, packed, and what unpacks it into memory and
 * starts it. The program is an ordinary static one at a fixed address; this is linked to
 * another (Makefile). No memory is ever writable and executable at once.
 *
 *     0x400000     the program's segments, as its headers have them
 *     0x10000000   this, with the packed program; stays, as clean pages of the file */
#include <elf.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "calls.h"
#include "lzma.h"

#define PAGE         4096u /* x86-64 has no other */
#define EXIT_TROUBLE 3

/* Of start.S. */
extern const uint8_t packed[];
extern const size_t packed_size, program_size;

/* Unpacks the program; where it starts. stack: argc, and behind it argv, the environment
 * and the auxiliary vector (System V ABI, AMD64 supplement, 3.4.1). */
uintptr_t load(uintptr_t *stack);

/* libc's would set errno, for which nothing is ready yet. */
static long call(long number, uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d)
{
	register uintptr_t r10 __asm__("r10") = d;
	register uintptr_t r8 __asm__("r8") = (uintptr_t)-1; /* mmap: no file */
	register uintptr_t r9 __asm__("r9") = 0;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static _Noreturn void give_up(const char *why, size_t n)
{
	call(SYS_write, 2, (uintptr_t)why, n, 0);
	for (;;)
		call(SYS_exit_group, EXIT_TROUBLE, 0, 0, 0);
}

#define GIVE_UP(why) give_up("barequote-guest: " why "\n", sizeof("barequote-guest: " why "\n") - 1)

/* At that address, or wherever there is room. */
static uint8_t *map(uintptr_t at, size_t n)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | (at == 0 ? 0 : MAP_FIXED);
	long p = call(SYS_mmap, at, n, PROT_READ | PROT_WRITE, (uintptr_t)flags);

	if (p < 0 && p > -(long)PAGE)
		GIVE_UP("no memory to unpack it into");
	return (uint8_t *)p;
}

static void place(const uint8_t *image, const Elf64_Phdr *p)
{
	uintptr_t from = p->p_vaddr & ~(uintptr_t)(PAGE - 1);
	size_t n = p->p_vaddr + p->p_memsz - from;
	int prot = (p->p_flags & PF_R ? PROT_READ : 0) | (p->p_flags & PF_W ? PROT_WRITE : 0) |
		   (p->p_flags & PF_X ? PROT_EXEC : 0);

	map(from, n);
	memcpy((uint8_t *)p->p_vaddr, image + p->p_offset, p->p_filesz);
	if (call(SYS_mprotect, from, n, (uintptr_t)prot, 0) != 0)
		GIVE_UP("it may not make memory executable here: use barequote-guest.plain");
}

/* What the kernel said of this file, said of the program. */
static void correct(uintptr_t *stack, const Elf64_Ehdr *e, uintptr_t headers)
{
	Elf64_auxv_t *aux;

	stack += 1 + *stack + 1; /* argc, argv, NULL */
	while (*stack++ != 0)    /* the environment, NULL */
		;
	for (aux = (Elf64_auxv_t *)stack; aux->a_type != AT_NULL; aux++)
		if (aux->a_type == AT_PHDR)
			aux->a_un.a_val = headers;
		else if (aux->a_type == AT_PHNUM)
			aux->a_un.a_val = e->e_phnum;
		else if (aux->a_type == AT_ENTRY)
			aux->a_un.a_val = e->e_entry;
}

uintptr_t load(uintptr_t *stack)
{
	uint8_t *image = map(0, program_size);
	const Elf64_Ehdr *e = (const Elf64_Ehdr *)image;
	const Elf64_Phdr *p = (const Elf64_Phdr *)(image + sizeof(*e));
	uintptr_t entry, headers = 0;

	if (!lzma_decode(packed, packed_size, image, program_size))
		GIVE_UP("the file is damaged");
	calls_convert(image, program_size, false);
	for (unsigned i = 0; i < e->e_phnum; i++) {
		if (p[i].p_type != PT_LOAD)
			continue;
		place(image, &p[i]);
		if (p[i].p_offset == 0)
			headers = p[i].p_vaddr + e->e_phoff;
	}
	correct(stack, e, headers);
	entry = e->e_entry;
	call(SYS_munmap, (uintptr_t)image, program_size, 0, 0);
	return entry;
}

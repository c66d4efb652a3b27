/* Where the file starts, and what it brings. PACKED: a file; PROGRAM_SIZE: its size when
 * unpacked. */
	.globl	_start, packed, packed_size, program_size

	.section .text._start, "ax"
_start:	xor	%ebp, %ebp
	mov	%rsp, %rbx	/* as the kernel left it, for the program */
	mov	%rsp, %rdi
	call	load
	mov	%rbx, %rsp
	xor	%edx, %edx	/* nothing to call at exit */
	jmp	*%rax

	.section .rodata
	.balign	8
program_size:
	.quad	PROGRAM_SIZE
packed_size:
	.quad	packed_end - packed
packed:	.incbin	PACKED
packed_end:

	.section .note.GNU-stack, "", @progbits

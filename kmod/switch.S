/* SPDX-License-Identifier: GPL-2.0 */
/*
 * switch.S - the way into the guest and back.
 *
 * All of it runs in ring 0 with interrupts off, on the guest's shadow tables
 * (which have the host's upper half), and in three situations:
 *
 *	lg_enter	called by vcpu.c: puts the guest's IDT, GDT and
 *			segments in place and irets to ring 1 or 3
 *	the stubs	what the guest's IDT points to: save the guest,
 *			restore the host, return from lg_enter
 *	reflection	traps out of ring 3 that ring 1 will handle anyway
 *			(system calls above all) are delivered right here
 *
 * Why 32-bit code cannot break out: it cannot form an address of the upper
 * half, the only gates it can reach are the stubs, and segments.c lets no
 * 64-bit code segment and no system descriptor into its GDT.
 *
 * Order matters because an NMI can come between any two instructions:
 * the guest's IDT is loaded first on the way in and the host's last on the
 * way out, so in between an NMI always finds our stub, which knows what to
 * do; GS_BASE is right before the host's IDT is, as its entry code needs it.
 * guide: S:070
 */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <asm/msr-index.h>
#include <asm/nospec-branch.h>
#include <asm/processor-flags.h>
#include <asm/segment.h>
#include <asm/trapnr.h>
#include <asm/unwind_hints.h>
#include <lguest/hypercall.h>
#include "compat.h"
#include "offsets.h"

/* Vectors for which the CPU pushes an error code. */
#define HAS_ERROR_CODE	((1 << X86_TRAP_DF) | (1 << X86_TRAP_TS) | \
			 (1 << X86_TRAP_NP) | (1 << X86_TRAP_SS) | \
			 (1 << X86_TRAP_GP) | (1 << X86_TRAP_PF) | \
			 (1 << X86_TRAP_AC) | (1 << X86_TRAP_CP) | \
			 (1 << X86_TRAP_VC) | (1 << 30))

/* Flags that a trap clears on its way into ring 1. */
#define TRAP_CLEARS	(X86_EFLAGS_TF | X86_EFLAGS_NT | X86_EFLAGS_RF | \
			 X86_EFLAGS_VM)
/* AC lets ring 1 reach the user pages of its own guest in spite of SMAP. */
#define RING1_FLAGS	(X86_EFLAGS_IF | X86_EFLAGS_AC)

/* A trap's frame as the stubs leave it, and the same below n saved registers */
#define FRAME_VEC	0
#define FRAME_ERR	8
#define FRAME_RIP	16
#define FRAME_CS	24
#define FRAME_FLAGS	32
#define FRAME_RSP	40
#define FRAME_SS	48
#define BELOW(n)	((n) * 8)

.macro STUB_ENTRY
	.byte 0xf3, 0x0f, 0x1e, 0xfa	/* endbr64 */
.endm

/*
 * Two bytes that make room for the error code or not; then the vector.
 *
 * Some traps push an error code and some do not, and none of them says which
 * it is.  So each vector has a stub of its own, of 16 bytes.
 * guide: S:090 code
 */
.macro STUB first:vararg
	.balign 16, 0xcc
	LG_UNWIND_HINT
	STUB_ENTRY
	\first
	.byte	0x68			/* pushq with a full immediate */
	.long	vector
	jmp	lg_trap
	.set vector, vector + 1
.endm
/* guide: end */

	.text

/* 256 stubs of LG_STUB_SIZE bytes: make all frames alike, name the vector. */
	.balign 16, 0xcc
SYM_CODE_START(lg_stubs)
	.set vector, 0
	.rept 32
	.if (HAS_ERROR_CODE >> vector) & 1
	STUB xchg %ax, %ax
	.else
	STUB pushq $0
	.endif
	.endr
	.rept 256 - 32
	STUB pushq $0
	.endr
SYM_CODE_END(lg_stubs)

/*
 *	void lg_enter(struct lg_vp *vp)
 *
 * Run the guest until it traps.  Interrupts are off before and after.
 *
 * Only the first and the last step are delicate.  From lidt on an NMI finds
 * our stub, and with iretq the guest runs.  All registers that 32-bit code
 * cannot name are cleared, so that it cannot learn from them by other ways
 * either.
 * guide: S:100 code
 */
SYM_CODE_START(lg_enter)
	LG_UNWIND_HINT
	STUB_ENTRY
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushfq
	movq	%rsp, VP_host_rsp(%rdi)
	leaq	VP_iret_top(%rdi), %rsp
	lidt	VP_guest_idtr(%rdi)
.Lentry_start:				/* an NMI from here to the end aborts */
	lgdt	VP_guest_gdtr(%rdi)
	pushq	VP_ss(%rdi)
	pushq	VP_rsp(%rdi)
	pushq	VP_flags(%rdi)
	pushq	VP_cs(%rdi)
	pushq	VP_rip(%rdi)
	/* A selector may have become invalid: vcpu.c knows these four labels */
SYM_INNER_LABEL(lg_load_ds, SYM_L_GLOBAL)
	ANNOTATE_NOENDBR
	movw	VP_ds(%rdi), %ds
SYM_INNER_LABEL(lg_load_es, SYM_L_GLOBAL)
	ANNOTATE_NOENDBR
	movw	VP_es(%rdi), %es
SYM_INNER_LABEL(lg_load_fs, SYM_L_GLOBAL)
	ANNOTATE_NOENDBR
	movw	VP_fs(%rdi), %fs
SYM_INNER_LABEL(lg_load_gs, SYM_L_GLOBAL)
	ANNOTATE_NOENDBR
	movw	VP_gs(%rdi), %gs
	movq	VP_rsi(%rdi), %rsi
	movq	VP_rbp(%rdi), %rbp
	movq	VP_rbx(%rdi), %rbx
	movq	VP_rdx(%rdi), %rdx
	movq	VP_rcx(%rdi), %rcx
	movq	VP_rax(%rdi), %rax
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
	movq	VP_rdi(%rdi), %rdi
	iretq
.Lentry_end:
SYM_CODE_END(lg_enter)
/* guide: end */

/*
 * The system call gate.  Told apart here so that the most frequent trap of
 * all has the shortest way.
 */
SYM_CODE_START(lg_syscall_stub)
	LG_UNWIND_HINT
	STUB_ENTRY
	pushq	$0
	pushq	$SYSCALL_VECTOR
	testb	$3, FRAME_CS(%rsp)
	jz	lg_not_from_guest
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	movq	%rsp, %rcx
	andq	$VP_MASK, %rcx
	movl	VP_reflect + 4 * REFLECT_SYSCALL(%rcx), %edx
	jmp	lg_reflect_or_save
SYM_CODE_END(lg_syscall_stub)

/* Every other trap.  The stack pointer is within regs, at vec. */
SYM_CODE_START_LOCAL(lg_trap)
	LG_UNWIND_HINT
	testb	$3, FRAME_CS(%rsp)
	jz	lg_not_from_guest
.Lfrom_guest:
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	movl	BELOW(3) + FRAME_VEC(%rsp), %edx
	cmpl	$31, %edx
	ja	lg_save_rest
	movq	%rsp, %rcx
	andq	$VP_MASK, %rcx
	movl	VP_reflect(%rcx, %rdx, 4), %edx
SYM_INNER_LABEL(lg_reflect_or_save, SYM_L_LOCAL)
	/* %edx: the guest's handler or 0, %rcx: vp */
	testl	%edx, %edx
	jz	lg_save_rest
	movb	BELOW(3) + FRAME_CS(%rsp), %al
	andb	$3, %al
	cmpb	$3, %al
	jne	lg_save_rest		/* ring 1 traps are rare: C does them */
	testl	$X86_EFLAGS_VM, BELOW(3) + FRAME_FLAGS(%rsp)
	jnz	lg_save_rest
	movl	VP_ring1_esp(%rcx), %eax
	subl	$24, %eax
	jb	lg_save_rest		/* the frame would wrap: C kills it */

	/*
	 * A program of the guest makes a system call, which is its kernel's
	 * business and not ours.  We are here only because the gates of a
	 * 64-bit CPU lead into 64-bit code and nowhere else; so on to ring 1,
	 * as fast as can be.  What this costs is what a null system call of a
	 * guest costs.
	 *
	 * Push the frame as the guest's own gate would.  Guest addresses are
	 * used as they are: below 4 GiB there is nothing but the guest.  A
	 * fault in here undoes nothing and takes the long way instead.
	 * guide: S:110 code
	 */
.Lreflect_start:
	movzwl	BELOW(3) + FRAME_SS(%rsp), %edx
	movl	%edx, 20(%rax)
	movl	BELOW(3) + FRAME_RSP(%rsp), %edx
	movl	%edx, 16(%rax)
	andl	$~X86_EFLAGS_IF, BELOW(3) + FRAME_FLAGS(%rsp)
	movl	VP_data_va(%rcx), %edx
	movl	LGUEST_DATA_IRQ_ENABLED(%rdx), %edx
	andl	$X86_EFLAGS_IF, %edx
	orl	BELOW(3) + FRAME_FLAGS(%rsp), %edx
	movl	%edx, 12(%rax)
	movzwl	BELOW(3) + FRAME_CS(%rsp), %edx
	movl	%edx, 8(%rax)
	movl	BELOW(3) + FRAME_RIP(%rsp), %edx
	movl	%edx, 4(%rax)
	movl	BELOW(3) + FRAME_ERR(%rsp), %edx
	movl	%edx, (%rax)
	movl	VP_data_va(%rcx), %edx
	movl	$0, LGUEST_DATA_IRQ_ENABLED(%rdx)
.Lreflect_end:
/* guide: end */
	/* Whether the error code is part of the frame depends on the vector. */
	movl	BELOW(3) + FRAME_VEC(%rsp), %edx
	cmpl	$SYSCALL_VECTOR, %edx
	je	1f
	btl	%edx, .Lhas_error_code(%rip)
	jc	2f
	movl	VP_reflect(%rcx, %rdx, 4), %edx
	addl	$4, %eax
	jmp	3f
1:	movl	VP_reflect + 4 * REFLECT_SYSCALL(%rcx), %edx
	addl	$4, %eax
	jmp	3f
2:	movl	VP_reflect(%rcx, %rdx, 4), %edx
3:	movq	%rdx, BELOW(3) + FRAME_RIP(%rsp)
	movq	$LGUEST_KERNEL_CS, BELOW(3) + FRAME_CS(%rsp)
	movq	%rax, BELOW(3) + FRAME_RSP(%rsp)
	movq	$LGUEST_KERNEL_DS, BELOW(3) + FRAME_SS(%rsp)
	andl	$~TRAP_CLEARS, BELOW(3) + FRAME_FLAGS(%rsp)
	orl	$RING1_FLAGS, BELOW(3) + FRAME_FLAGS(%rsp)
	popq	%rdx
	popq	%rcx
	popq	%rax
	addq	$16, %rsp		/* vector and error code */
	iretq
SYM_CODE_END(lg_trap)

/*
 * Save what is not saved yet, and go back to the host.
 *
 * The way in, backwards.  %rdi is found from the stack pointer alone: a trap's
 * stack lies within struct lg_vp, which is aligned to its size.
 * guide: S:120 code
 */
SYM_CODE_START_LOCAL(lg_save_rest)
	LG_UNWIND_HINT
	pushq	%rbx
	pushq	%rbp
	pushq	%rsi
	pushq	%rdi
	movq	%rsp, %rdi
	andq	$VP_MASK, %rdi
.Lsave_segments:
	movl	%ds, %eax
	movl	%eax, VP_ds(%rdi)
	movl	%es, %eax
	movl	%eax, VP_es(%rdi)
	movl	%fs, %eax
	movl	%eax, VP_fs(%rdi)
	movl	%gs, %eax
	movl	%eax, VP_gs(%rdi)
SYM_INNER_LABEL(lg_leave, SYM_L_LOCAL)
	/* %rdi: vp.  Nothing of the guest's registers is needed any more. */
	cld
	lgdt	VP_host_gdtr(%rdi)
	xorl	%eax, %eax		/* vcpu.c restores the launcher's own */
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$MSR_GS_BASE, %ecx
	movl	VP_host_gsbase(%rdi), %eax
	movl	VP_host_gsbase + 4(%rdi), %edx
	wrmsr
	movl	$__KERNEL_DS, %eax
	movl	%eax, %ss
	lidt	VP_host_idtr(%rdi)
	movq	VP_host_rsp(%rdi), %rsp
	popfq				/* also clears AC and NT */
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ANNOTATE_UNRET_SAFE
	ret
	int3
SYM_CODE_END(lg_save_rest)
/* guide: end */

/*
 * A trap whose CS says ring 0: the switcher's own, or out of vm86 mode.
 *
 * Why would the switcher trap?  A selector that the guest has loaded may have
 * become invalid when it changed its GDT, and only loading it tells.  And a
 * reflection writes to the guest's stack, which need not be mapped.  Neither
 * is an error of ours, so both have a way out.
 * guide: S:130
 */
SYM_CODE_START_LOCAL(lg_not_from_guest)
	LG_UNWIND_HINT
	/*
	 * Silicon ignores VM in an iret of ring 1; QEMU's emulation does not,
	 * and then the low bits of CS are no privilege level.
	 */
	testl	$X86_EFLAGS_VM, FRAME_FLAGS(%rsp)
	jnz	.Lfrom_guest
	pushq	%rax
	leaq	.Lreflect_start(%rip), %rax
	cmpq	%rax, BELOW(1) + FRAME_RIP(%rsp)
	jb	1f
	leaq	.Lreflect_end(%rip), %rax
	cmpq	%rax, BELOW(1) + FRAME_RIP(%rsp)
	jae	1f
	/* The guest's stack or data is not mapped: take the long way. */
	movq	BELOW(1) + FRAME_RSP(%rsp), %rsp
	jmp	lg_save_rest
1:	/* A bad selector or iret frame on the way in; regs are untouched. */
	pushq	%rdi
	movq	%rsp, %rdi
	andq	$VP_MASK, %rdi
	movq	BELOW(2) + FRAME_VEC(%rsp), %rax
	movq	%rax, VP_fault_vec(%rdi)
	movq	BELOW(2) + FRAME_ERR(%rsp), %rax
	movq	%rax, VP_fault_err(%rdi)
	movq	BELOW(2) + FRAME_RIP(%rsp), %rax
	movq	%rax, VP_fault_rip(%rdi)
	movl	$1, VP_fault(%rdi)
	jmp	lg_leave
SYM_CODE_END(lg_not_from_guest)

/* A double fault means that the switcher is broken: report it like a fault. */
	.balign 16, 0xcc
SYM_CODE_START(lg_df_stub)
	LG_UNWIND_HINT
	STUB_ENTRY
	movq	%rsp, %rdi
	andq	$VP_MASK, %rdi
	movq	$X86_TRAP_DF, VP_fault_vec(%rdi)
	movq	$0, VP_fault_err(%rdi)
	movq	8(%rsp), %rax		/* error code, rip, ... */
	movq	%rax, VP_fault_rip(%rdi)
	movl	$1, VP_fault(%rdi)
	jmp	lg_leave
SYM_CODE_END(lg_df_stub)

/*
 * An NMI that comes in the middle of a reflection is told to the host at the
 * next exit only: a profiler on the host sees the wrong instruction, and a
 * watchdog a late one.  To abort the reflection would be better, but half of a
 * frame is on the guest's stack by then, and the way back from there is not
 * obvious.
 * guide: M:120
 */

/*
 * NMI and machine check, on stacks of their own within vp.  Count it for C
 * to hand on to the host, and:
 *	from the guest		leave, like any trap
 *	on the way in		give the entry up; the guest's registers are
 *				as they were
 *	on the way out, or in a reflection
 *				go on, without an iret: that would let the next
 *				NMI in before the host has seen this one
 * A reflection's own iret does let it in, and its guest may then run on until
 * the next exit before the host hears of the NMI: late, but never lost.
 * guide: S:140
 */
.macro NMI_LIKE counter, vector
	STUB_ENTRY
	pushq	%rdi
	pushq	%rax
	movq	%rsp, %rdi
	andq	$VP_MASK, %rdi
	incl	\counter(%rdi)
	testb	$3, 24(%rsp)	/* rax 0, rdi 8, rip 16, cs 24, flags 32 ... */
	jnz	.Lguest\@
	testl	$X86_EFLAGS_VM, 32(%rsp)
	jnz	.Lguest\@
	leaq	.Lentry_start(%rip), %rax
	cmpq	%rax, 16(%rsp)
	jb	.Lresume\@
	leaq	.Lentry_end(%rip), %rax
	cmpq	%rax, 16(%rsp)
	jae	.Lresume\@
	movl	$1, VP_aborted(%rdi)
	jmp	lg_leave
.Lresume\@:
	movq	40(%rsp), %rdi		/* build rdi, flags, rip over there */
	movq	16(%rsp), %rax
	movq	%rax, -8(%rdi)
	movq	32(%rsp), %rax
	movq	%rax, -16(%rdi)
	movq	8(%rsp), %rax
	movq	%rax, -24(%rdi)
	popq	%rax
	leaq	-24(%rdi), %rsp
	popq	%rdi
	popfq
	ANNOTATE_UNRET_SAFE
	ret
	int3
.Lguest\@:
	movq	16(%rsp), %rax
	movq	%rax, VP_rip(%rdi)
	movq	24(%rsp), %rax
	movq	%rax, VP_cs(%rdi)
	movq	32(%rsp), %rax
	movq	%rax, VP_flags(%rdi)
	movq	40(%rsp), %rax
	movq	%rax, VP_rsp(%rdi)
	movq	48(%rsp), %rax
	movq	%rax, VP_ss(%rdi)
	movq	$\vector, VP_vec(%rdi)
	movq	$0, VP_err(%rdi)
	movq	0(%rsp), %rax
	movq	%rax, VP_rax(%rdi)
	movq	8(%rsp), %rax
	movq	%rax, VP_rdi(%rdi)
	movq	%rsi, VP_rsi(%rdi)
	movq	%rbp, VP_rbp(%rdi)
	movq	%rbx, VP_rbx(%rdi)
	movq	%rdx, VP_rdx(%rdi)
	movq	%rcx, VP_rcx(%rdi)
	jmp	.Lsave_segments
.endm

	.balign 16, 0xcc
SYM_CODE_START(lg_nmi_stub)
	LG_UNWIND_HINT
	NMI_LIKE VP_nmi, X86_TRAP_NMI
SYM_CODE_END(lg_nmi_stub)

	.balign 16, 0xcc
SYM_CODE_START(lg_mce_stub)
	LG_UNWIND_HINT
	NMI_LIKE VP_mce, X86_TRAP_MC
SYM_CODE_END(lg_mce_stub)

/*
 * 256 thunks of LG_THUNK_SIZE bytes: hand a vector to the host's own IDT.
 *
 * An interrupt of the host that came while the guest ran has arrived at our
 * stub, and the interrupt controller thinks that the host has it.  It gets it
 * now: once we are back, the same vector is raised by an instruction, and the
 * host's handler cannot tell the difference.
 * guide: S:150
 */
	.balign 16, 0xcc
SYM_CODE_START(lg_int_thunks)
	.set vector, 0
	.rept 256
	.balign 8, 0xcc
	LG_UNWIND_HINT
	STUB_ENTRY
	.byte	0xcd, vector		/* int $vector */
	ANNOTATE_UNRET_SAFE
	ret
	int3
	.set vector, vector + 1
	.endr
SYM_CODE_END(lg_int_thunks)

/*
 * void lg_call_nmi(void)
 * Call the host's NMI entry with the frame that an NMI would have pushed.
 * Its iret ends here and lets the next NMI in.
 */
SYM_CODE_START(lg_call_nmi)
	LG_UNWIND_HINT
	STUB_ENTRY
	pushq	%rbp
	movq	%rsp, %rbp
	andq	$-16, %rsp
	pushq	$__KERNEL_DS
	pushq	%rbp
	pushfq
	pushq	$__KERNEL_CS
	leaq	1f(%rip), %rax
	pushq	%rax
	jmp	HOST_NMI_ENTRY
1:	LG_UNWIND_HINT
	STUB_ENTRY
	popq	%rbp
	ANNOTATE_UNRET_SAFE
	ret
	int3
SYM_CODE_END(lg_call_nmi)

	.section .rodata
	.balign 4
.Lhas_error_code:
	.long	HAS_ERROR_CODE

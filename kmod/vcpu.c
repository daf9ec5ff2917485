// SPDX-License-Identifier: GPL-2.0
/*
 * vcpu.c - lends this CPU to a guest and takes it back.
 *
 * There are three nested spans.  Between lg_vcpu_begin() and lg_vcpu_end(), a
 * read() of /dev/lguest, the thread may be scheduled as usual; a preempt
 * notifier saves what the guest spoils (segments, the system call MSRs, two
 * IST entries) when it comes onto a CPU, and restores it when it leaves.
 * Between lg_guest_mode_enter() and _leave() interrupts are off and CR3, CR4
 * and the TSS stack are the guest's.  lg_enter_guest() then runs the guest
 * until its next trap.
 * guide: S:020
 */

/*
 * We come to the heart.  So far "enter the guest" was a function call; now we
 * are to see what it does.  A guest is 32-bit code in rings 1 and 3 under a
 * 64-bit kernel, and the CPU has only one of each thing that matters: one CR3,
 * one GDT, one IDT, one stack for traps out of lower rings.  All of them have
 * to be the guest's while it runs, and the host's before anybody notices, with
 * NMIs coming in between whatever they like.
 *
 * This chapter is short and worth reading slowly.  vcpu.c does in C whatever
 * can be done in C; segments.c says which segments a guest may load; switch.S
 * is what is left, some two hundred instructions.
 * guide: S:010
 */

#include <linux/hw_breakpoint.h>
#include <linux/module.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/thread_info.h>
#include <asm/debugreg.h>
#include <asm/desc.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/tlbflush.h>
#include <asm/trapnr.h>
#include "compat.h"
#include "lg.h"

/*
 * What the guest must not have: features whose state its kernel would not
 * save (OSXSAVE, PKE), user-only protection that ring 1 is not exempt from
 * (LASS), shadow stacks, and performance counters for ring 3.
 * guide: S:030
 */
#define CR4_NOT_FOR_GUEST	(X86_CR4_OSXSAVE | X86_CR4_PKE | X86_CR4_CET | \
				 X86_CR4_LASS | X86_CR4_PCE)

/*
 * Flags that a guest may have when it runs.  IF is always on: its own is the
 * virtual one.  Never IOPL, NT or VM.
 */
#define FLAGS_FOR_GUEST		(X86_EFLAGS_CF | X86_EFLAGS_PF | \
				 X86_EFLAGS_AF | X86_EFLAGS_ZF | \
				 X86_EFLAGS_SF | X86_EFLAGS_TF | \
				 X86_EFLAGS_DF | X86_EFLAGS_OF | \
				 X86_EFLAGS_RF | X86_EFLAGS_AC | X86_EFLAGS_ID)

/* Linux uses IST entries 1 to 5 of the 7 (index 0 to 4). */
#define LG_IST_NMI		6
#define LG_IST_MCE		7

/* IST entry numbers count from 1, the TSS array from 0. */
#define IST_INDEX(ist)		((ist) - 1)

/*
 * Side channels are open.  The branch predictors of ring 1 are those of ring
 * 0, so a guest may train what the host's kernel does in speculation, and
 * caches tell what that was.  (Meltdown should be no help against the host,
 * whose addresses 32-bit code cannot form; but a guest's programs may have it
 * against their own kernel.)  One could restrict indirect branches at each
 * exit and flush the predictors by IBPB when the CPU goes to another guest.
 * Both cost something; how much, and whether it is enough, nobody has
 * measured.
 * guide: M:050
 */

static gate_desc *lg_idt;

static void set_gate(u32 vector, void *stub, u32 dpl, u32 ist)
{
	gate_desc *gate = &lg_idt[vector];
	u64 address = (u64)stub;

	memset(gate, 0, sizeof(*gate));
	gate->offset_low = address;
	gate->offset_middle = address >> 16;
	gate->offset_high = address >> 32;
	gate->segment = __KERNEL_CS;
	gate->bits.ist = ist;
	gate->bits.type = GATE_INTERRUPT;
	gate->bits.dpl = dpl;
	gate->bits.p = 1;
}

/* The IDT that is loaded while any guest runs. */
int lg_vcpu_init_module(void)
{
	u32 vector;

	BUILD_BUG_ON(sizeof(struct lg_vp) > LG_VP_SIZE);
	BUILD_BUG_ON(offsetof(struct lg_vp, nmi_stack) != PAGE_SIZE);
	BUILD_BUG_ON((offsetof(struct lg_vp, regs) +
		      sizeof(struct lg_regs)) % 16);

	lg_idt = (gate_desc *)get_zeroed_page(GFP_KERNEL);
	if (!lg_idt)
		return -ENOMEM;
	for (vector = 0; vector < 256; vector++)
		set_gate(vector, lg_stubs + vector * LG_STUB_SIZE, 0, 0);
	set_gate(X86_TRAP_NMI, lg_nmi_stub, 0, LG_IST_NMI);
	set_gate(X86_TRAP_MC, lg_mce_stub, 0, LG_IST_MCE);
	set_gate(X86_TRAP_DF, lg_df_stub, 0, LG_IST_MCE);
	set_gate(X86_TRAP_BP, lg_stubs + X86_TRAP_BP * LG_STUB_SIZE, 3, 0);
	set_gate(X86_TRAP_OF, lg_stubs + X86_TRAP_OF * LG_STUB_SIZE, 3, 0);
	set_gate(LG_SYSCALL_VECTOR, lg_syscall_stub, 3, 0);
	set_gate(LGUEST_TRAP_ENTRY,
		 lg_stubs + LGUEST_TRAP_ENTRY * LG_STUB_SIZE, 1, 0);
	preempt_notifier_inc();
	return 0;
}

void lg_vcpu_exit_module(void)
{
	preempt_notifier_dec();
	free_page((unsigned long)lg_idt);
}

/*
 * CPUID and RDTSC are not caught, so programs see the host's processor and its
 * clock, and a guest cannot be shown an older one.  Some CPUs can make CPUID
 * fault (MSR_MISC_FEATURES_ENABLES), and CR4.TSD makes RDTSC fault; both would
 * have to be set and undone where this is.
 * guide: M:060
 */

static void vcpu_load(struct lg *lg)
{
	struct x86_hw_tss *tss = this_cpu_ptr(&cpu_tss_rw.x86_tss);
	struct lg_vp *vp = lg->vp;

	/* Nothing else uses these two entries, so they may stay behind. */
	tss->ist[IST_INDEX(LG_IST_NMI)] = (u64)vp->nmi_stack + LG_NMI_STACK;
	tss->ist[IST_INDEX(LG_IST_MCE)] = (u64)vp->mce_stack + LG_NMI_STACK;

	vp->host_gsbase = native_read_msr(MSR_GS_BASE);
	native_store_gdt((struct desc_ptr *)&vp->host_gdtr);
	store_idt((struct desc_ptr *)&vp->host_idtr);

	savesegment(ds, lg->host_ds);
	savesegment(es, lg->host_es);
	savesegment(fs, lg->host_fs);
	savesegment(gs, lg->host_gs);
	lg->host_fsbase = native_read_msr(MSR_FS_BASE);

	/* No sysenter for the guest: it would reach the host. */
	lg->host_sysenter_cs = native_read_msr(MSR_IA32_SYSENTER_CS);
	native_write_msr(MSR_IA32_SYSENTER_CS, 0, 0);

	lg->loads++;
}

static void vcpu_put(struct lg *lg)
{
	unsigned long flags;

	wrmsrl(MSR_IA32_SYSENTER_CS, lg->host_sysenter_cs);

	local_irq_save(flags);
	loadsegment(ds, lg->host_ds);
	loadsegment(es, lg->host_es);
	loadsegment(fs, lg->host_fs);
	wrmsrl(MSR_FS_BASE, lg->host_fsbase);
	if (lg->host_gs) {
		u64 base = native_read_msr(MSR_KERNEL_GS_BASE);

		load_gs_index(lg->host_gs);
		wrmsrl(MSR_KERNEL_GS_BASE, base);
	}
	local_irq_restore(flags);
}

static void sched_in(struct preempt_notifier *notifier, int cpu)
{
	vcpu_load(container_of(notifier, struct lg, preempt));
}

static void sched_out(struct preempt_notifier *notifier,
		      struct task_struct *next)
{
	vcpu_put(container_of(notifier, struct lg, preempt));
}

static struct preempt_ops lg_preempt_ops = {
	.sched_in = sched_in,
	.sched_out = sched_out,
};

int lg_vcpu_alloc(struct lg *lg)
{
	BUILD_BUG_ON(PAGE_SIZE << LG_VP_ORDER != LG_VP_SIZE);
	lg->vp = (void *)__get_free_pages(GFP_KERNEL_ACCOUNT | __GFP_ZERO,
					  LG_VP_ORDER);
	if (!lg->vp)
		return -ENOMEM;
	if (!fpu_alloc_guest_fpstate(&lg->fpu)) {
		free_pages((unsigned long)lg->vp, LG_VP_ORDER);
		return -ENOMEM;
	}
	preempt_notifier_init(&lg->preempt, &lg_preempt_ops);
	lg->guest_mode_cpu = -1;
	return 0;
}

void lg_vcpu_free(struct lg *lg)
{
	fpu_free_guest_fpstate(&lg->fpu);
	free_pages((unsigned long)lg->vp, LG_VP_ORDER);
}

/* The state that hypercall.h promises at the start. */
void lg_vcpu_start(struct lg *lg, u32 entry, u32 boot_params)
{
	struct lg_vp *vp = lg->vp;

	vp->guest_gdtr.limit = sizeof(vp->gdt) - 1;
	vp->guest_gdtr.base = (u64)vp->gdt;
	vp->guest_idtr.limit = 256 * sizeof(gate_desc) - 1;
	vp->guest_idtr.base = (u64)lg_idt;
	vp->ds = LGUEST_KERNEL_DS;
	vp->es = LGUEST_KERNEL_DS;
	vp->regs.cs = LGUEST_KERNEL_CS;
	vp->regs.ss = LGUEST_KERNEL_DS;
	vp->regs.rip = entry;
	vp->regs.rsi = boot_params;
	vp->regs.flags = X86_EFLAGS_FIXED | X86_EFLAGS_IF | X86_EFLAGS_AC;
}

void lg_vcpu_begin(struct lg *lg)
{
	fpu_swap_kvm_fpstate(&lg->fpu, true);
	preempt_disable();
	vcpu_load(lg);
	preempt_notifier_register(&lg->preempt);
	preempt_enable();
}

void lg_vcpu_end(struct lg *lg)
{
	preempt_disable();
	preempt_notifier_unregister(&lg->preempt);
	vcpu_put(lg);
	preempt_enable();
	fpu_swap_kvm_fpstate(&lg->fpu, false);
}

/* Not native_write_cr4(): that pins bits which the guest must not have. */
static void write_cr4(u64 cr4)
{
	asm volatile("mov %0, %%cr4" : : "r"(cr4) : "memory");
}

/*
 * Called with interrupts off; they stay off until lg_guest_mode_leave().
 *
 * Nothing in here is done twice in one stay: who goes from trap to trap of one
 * guest pays for none of it.
 * guide: S:040 code
 */
int lg_guest_mode_enter(struct lg *lg)
{
	struct x86_hw_tss *tss = this_cpu_ptr(&cpu_tss_rw.x86_tss);
	u16 ldt;

	/* Both of these are global to the CPU: the guest could use them. */
	asm volatile("sldt %0" : "=rm"(ldt));
	if (unlikely(ldt))
		return lg_kill(lg, "its launcher has an LDT");
	if (unlikely(test_thread_flag(TIF_IO_BITMAP)))
		return lg_kill(lg, "its launcher has access to I/O ports");

	if (test_thread_flag(TIF_NEED_FPU_LOAD))
		switch_fpu_return();
	if (unlikely(hw_breakpoint_active()))
		set_debugreg(0, 7);

	/*
	 * Who raises an interrupt line or takes a page away looks at
	 * guest_mode_cpu after having done so; we look at those after having
	 * set it.
	 */
	WRITE_ONCE(lg->guest_mode_cpu, smp_processor_id());
	smp_mb();	/* pairs with lg_raise_irq(), lg_wait_guest_mode() */

	lg->host_sp0 = tss->sp0;
	tss->sp0 = (u64)(&lg->vp->regs + 1);
	lg->host_cr4 = native_read_cr4();
	if (lg->host_cr4 & CR4_NOT_FOR_GUEST)
		write_cr4(lg->host_cr4 & ~CR4_NOT_FOR_GUEST);
	lg->host_cr3 = __native_read_cr3();
	if (lg->host_cr4 & X86_CR4_PCIDE)
		lg->host_cr3 |= X86_CR3_PCID_NOFLUSH;
	native_write_cr3(lg_shadow_cr3(lg));
	lg->flush_tlb = false;
	/*
	 * No syscall for the guest, either.  Not in vcpu_load(): KVM changes
	 * this register from interrupts, and must find the host's own.
	 */
	lg->host_efer = native_read_msr(MSR_EFER);
	wrmsrl(MSR_EFER, lg->host_efer & ~EFER_SCE);
	return 0;
}

void lg_guest_mode_leave(struct lg *lg)
{
	struct x86_hw_tss *tss = this_cpu_ptr(&cpu_tss_rw.x86_tss);

	wrmsrl(MSR_EFER, lg->host_efer);
	native_write_cr3(lg->host_cr3);
	if (lg->host_cr4 & CR4_NOT_FOR_GUEST)
		write_cr4(lg->host_cr4);
	tss->sp0 = lg->host_sp0;
	/* All that was read in guest mode is done with. */
	smp_store_release(&lg->guest_mode_cpu, -1);
	if (unlikely(hw_breakpoint_active()))
		hw_breakpoint_restore();
}

/*
 * The last look at a frame before the CPU takes it.  All that sets registers
 * is careful already; this makes ring 0 unreachable whatever else is wrong.
 *
 * With this our journey into ring 0 ends.  If all of this chapter were wrong
 * but for these lines, an iret could still not lead a guest into the host's
 * ring.
 * guide: S:160 code
 */
static bool frame_is_safe(const struct lg_regs *regs)
{
	return (regs->cs & 3) && (regs->ss & 3) &&
	       !((regs->cs | regs->ss) & SEGMENT_TI_MASK);
}

/*
 * Run the guest until it traps.  On return regs.vec tells why, or vp->aborted
 * that it did not run, or vp->fault that it could not.
 */
void lg_enter_guest(struct lg *lg)
{
	struct lg_vp *vp = lg->vp;

	if (lg->flush_tlb) {
		native_write_cr3(lg_shadow_cr3(lg));
		lg->flush_tlb = false;
	}
	vp->regs.flags = (vp->regs.flags & FLAGS_FOR_GUEST) |
			 X86_EFLAGS_FIXED | X86_EFLAGS_IF;
	vp->aborted = 0;
	vp->fault = 0;
	if (unlikely(!frame_is_safe(&vp->regs))) {
		lg_kill(lg, "bad frame: cs %#x, ss %#x", (u32)vp->regs.cs,
			(u32)vp->regs.ss);
		vp->aborted = 1;
		return;
	}
	lg_enter(vp);
	lg->cr2 = native_read_cr2();
}

/* Called with interrupts off: runs the host's handler of a vector. */
void lg_host_vector(u8 vector)
{
	asmlinkage void (*thunk)(void);

	thunk = (void *)(lg_int_thunks + vector * LG_THUNK_SIZE);
	thunk();
}

void lg_host_nmi(void)
{
	lg_call_nmi();
}

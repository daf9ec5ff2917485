// SPDX-License-Identifier: GPL-2.0
/*
 * traps.c - the guest's IDT, and what happens when the guest traps.
 *
 * Most traps are the guest kernel's own business: its handler is entered as
 * its CPU would have done ("reflected").  switch.S does that by itself for
 * the vectors that lg_load_gate() offers it; the rest comes here: page faults
 * (often the shadow's), traps of ring 1, and port instructions, which are
 * answered as a machine without devices would.
 * guide: H:180
 */
#include <asm/trapnr.h>
#include <asm/trap_pf.h>
#include "lg.h"

/* An i386 gate's high word (Intel SDM volume 3, 6.11). */
#define GATE_TYPE_SHIFT		8
#define GATE_TYPE_MASK		0x1f
#define GATE_TYPE_INTERRUPT	0x0e
#define GATE_TYPE_TRAP		0x0f
#define GATE_DPL_SHIFT		13
#define GATE_PRESENT		BIT(15)

static bool has_error_code(u32 vector)
{
	switch (vector) {
	case X86_TRAP_DF:
	case X86_TRAP_TS:
	case X86_TRAP_NP:
	case X86_TRAP_SS:
	case X86_TRAP_GP:
	case X86_TRAP_PF:
	case X86_TRAP_AC:
		return true;
	}
	return false;
}

/* Vectors that ring 3 reaches by int n: the gate's DPL has a say. */
static bool is_software_vector(u32 vector)
{
	return vector == X86_TRAP_BP || vector == X86_TRAP_OF ||
	       vector == LG_SYSCALL_VECTOR;
}

/* May switch.S deliver this one from ring 3 to ring 1 without asking us? */
static bool reflects_directly(u32 vector, const struct lg_gate *gate)
{
	if (!gate->present || gate->trap)
		return false;
	if (is_software_vector(vector))
		return gate->dpl == 3;
	switch (vector) {
	case X86_TRAP_DB:	/* DR6 */
	case X86_TRAP_NMI:
	case X86_TRAP_DF:
	case X86_TRAP_PF:	/* the shadow's, perhaps */
	case X86_TRAP_MC:
	case LGUEST_TRAP_ENTRY:
		return false;
	}
	return vector < 32;
}

static void offer_to_switcher(struct lg *lg, u32 vector)
{
	struct lg_gate *gate = &lg->idt[vector];
	u32 eip = reflects_directly(vector, gate) ? gate->eip : 0;

	if (vector < 32)
		lg->vp->reflect[vector] = eip;
	else if (vector == LG_SYSCALL_VECTOR)
		lg->vp->reflect[LG_REFLECT_SYSCALL] = eip;
}

/* LHCALL_LOAD_IDT_ENTRY */
int lg_load_gate(struct lg *lg, u32 vector, u32 lo, u32 hi)
{
	u32 type = (hi >> GATE_TYPE_SHIFT) & GATE_TYPE_MASK;
	struct lg_gate *gate;

	if (vector >= ARRAY_SIZE(lg->idt))
		return lg_kill(lg, "bad vector %u", vector);
	gate = &lg->idt[vector];
	if (!(hi & GATE_PRESENT)) {
		gate->present = 0;
		offer_to_switcher(lg, vector);
		return 0;
	}
	if (type != GATE_TYPE_INTERRUPT && type != GATE_TYPE_TRAP)
		return lg_kill(lg, "gate %u is of type %#x", vector, type);
	if (lo >> 16 != LGUEST_KERNEL_CS)
		return lg_kill(lg, "gate %u leads into segment %#x", vector,
			       lo >> 16);
	gate->eip = (hi & 0xffff0000) | (lo & 0xffff);
	gate->trap = type == GATE_TYPE_TRAP;
	gate->dpl = (hi >> GATE_DPL_SHIFT) & 3;
	gate->present = 1;
	offer_to_switcher(lg, vector);
	return 0;
}

bool lg_in_noirq(const struct lg *lg)
{
	u32 eip = lg->vp->regs.rip;

	return lg_cpl(lg) == 1 && eip >= lg->noirq_start &&
	       eip < lg->noirq_end;
}

/*
 * Enter the guest's handler.  Nothing of the guest changes until the whole
 * frame is on its stack.
 *
 * It looks just as a trap does to a kernel on its own machine, but for one
 * thing: the IF that the frame shows is the guest's own, which lives in
 * memory.
 * guide: H:190
 */
int lg_reflect(struct lg *lg, u32 vector, bool has_err, u32 err)
{
	struct lg_regs *regs = &lg->vp->regs;
	struct lg_gate *gate = &lg->idt[vector];
	u32 frame[6], n = 0, esp, flags;
	struct lguest_data *data;
	int ret;

	if (!gate->present)
		return lg_kill(lg, "trap %u at %#x, for which it has no gate (error code %#x, address %#x)",
			       vector, (u32)regs->rip, err, (u32)lg->cr2);
	ret = lg_data(lg, &data);
	if (ret)
		return ret;

	flags = regs->flags & ~(u64)X86_EFLAGS_IF;
	/* An iret that faults has not loaded the flags it was to load. */
	if (!lg_in_noirq(lg))
		flags |= READ_ONCE(data->irq_enabled) & X86_EFLAGS_IF;

	if (has_err)
		frame[n++] = err;
	frame[n++] = regs->rip;
	frame[n++] = regs->cs & 0xffff;
	frame[n++] = flags;
	esp = regs->rsp;
	if (lg_cpl(lg) == 3) {
		frame[n++] = regs->rsp;
		frame[n++] = regs->ss & 0xffff;
		esp = lg->ring1_esp;
	}
	esp -= n * sizeof(frame[0]);
	ret = lg_write_virt(lg, esp, frame, n * sizeof(frame[0]));
	if (ret == -ENOENT)
		return lg_kill(lg, "double fault: trap %u at %#x, but no stack at %#x to push it to",
			       vector, (u32)regs->rip, esp);
	if (ret)
		return ret;

	if (vector == X86_TRAP_PF)
		data->cr2 = lg->cr2;
	if (vector == X86_TRAP_DB)
		data->dr6 = lg->dr6;
	if (!gate->trap)
		WRITE_ONCE(data->irq_enabled, 0);
	if (lg_cpl(lg) == 3)
		regs->ss = LGUEST_KERNEL_DS;
	regs->cs = LGUEST_KERNEL_CS;
	regs->rip = gate->eip;
	regs->rsp = esp;
	regs->flags &= ~(u64)(X86_EFLAGS_TF | X86_EFLAGS_NT | X86_EFLAGS_RF);
	regs->flags |= X86_EFLAGS_AC;
	return 0;
}

/* Let the guest do the iret by itself: the CPU is the best judge of it. */
static int iret_in_guest(struct lg *lg, u32 esp)
{
	if (lg->noirq_start == lg->noirq_end)
		return lg_kill(lg, "odd iret frame, and no iret of its own");
	lg->vp->regs.rsp = esp;
	lg->vp->regs.rip = lg->noirq_end - 1;
	return 0;
}

struct iret_frame {
	u32 eip, cs, flags, esp, ss;
};

static bool is_plain_frame(const struct iret_frame *frame)
{
	if (frame->flags & X86_EFLAGS_VM)
		return false;
	if (frame->cs == LGUEST_KERNEL_CS)
		return true;
	return frame->cs == LGUEST_USER_CS && frame->ss == LGUEST_USER_DS;
}

/*
 * LHCALL_IRET, and the end of the guest's own return path: pop EAX if it is
 * still on the stack, then return from the trap.
 */
int lg_iret(struct lg *lg, bool with_eax)
{
	struct lg_regs *regs = &lg->vp->regs;
	struct iret_frame frame;
	struct lguest_data *data;
	u32 eax = regs->rax, esp = regs->rsp, words;
	int err = lg_data(lg, &data);

	if (!err && with_eax) {
		err = lg_read_virt(lg, esp, &eax, sizeof(eax));
		esp += sizeof(eax);
	}
	if (!err)
		err = lg_read_virt(lg, esp, &frame, 3 * sizeof(u32));
	if (!err && (frame.cs & 3) == 3)
		err = lg_read_virt(lg, esp, &frame, sizeof(frame));
	if (err == -ENOENT)
		return lg_kill(lg, "iret, but no stack at %#x", esp);
	if (err)
		return err;

	frame.cs &= 0xffff;
	frame.ss &= 0xffff;
	regs->rax = eax;
	WRITE_ONCE(data->irq_enabled, frame.flags & X86_EFLAGS_IF);
	if (!is_plain_frame(&frame))
		return iret_in_guest(lg, esp);
	words = frame.cs == LGUEST_USER_CS ? 5 : 3;
	regs->rip = frame.eip;
	regs->flags = frame.flags;
	if (words == 5) {
		regs->rsp = frame.esp;
		regs->ss = frame.ss;
	} else {
		regs->rsp = esp + words * sizeof(u32);
		regs->flags |= X86_EFLAGS_AC;
	}
	regs->cs = frame.cs;
	return 0;
}

/* --- port instructions of ring 1 --- */

struct port_insn {
	u32 bytes;		/* its length */
	u32 width;		/* of the operand: 1, 2 or 4 */
	bool in;
};

/* 0: it is one, 1: it is not, or an error of lg_read_virt() */
static int decode_port_insn(struct lg *lg, struct port_insn *insn)
{
	u32 eip = lg->vp->regs.rip;
	bool operand16 = false;
	u8 op;
	int err = lg_read_virt(lg, eip, &op, 1);

	if (!err && op == 0x66) {
		operand16 = true;
		err = lg_read_virt(lg, eip + 1, &op, 1);
	}
	if (err)
		return err;

	switch (op & 0xfe) {
	case 0xe4:		/* in $imm8 */
	case 0xe6:		/* out $imm8 */
		insn->bytes = 2;
		break;
	case 0xec:		/* in %dx */
	case 0xee:		/* out %dx */
		insn->bytes = 1;
		break;
	default:
		return 1;
	}
	insn->bytes += operand16;
	insn->in = !(op & 2);
	insn->width = !(op & 1) ? 1 : operand16 ? 2 : 4;
	return 0;
}

/* No device answers: reads give all ones, writes go nowhere. */
static void emulate_port_insn(struct lg *lg, const struct port_insn *insn)
{
	struct lg_regs *regs = &lg->vp->regs;
	u32 ones = insn->width == 4 ? ~0U : BIT(insn->width * 8) - 1;

	if (insn->in)
		regs->rax |= ones;
	regs->rip = (u32)(regs->rip + insn->bytes);
	regs->flags &= ~(u64)X86_EFLAGS_RF;
}

static int general_protection(struct lg *lg)
{
	struct lg_regs *regs = &lg->vp->regs;
	struct port_insn insn;
	int err = 1;

	if (lg_cpl(lg) == 1 && !regs->err)
		err = decode_port_insn(lg, &insn);
	if (!err) {
		emulate_port_insn(lg, &insn);
		return 0;
	}
	if (err != 1 && err != -ENOENT)
		return err;
	return lg_reflect(lg, X86_TRAP_GP, true, regs->err);
}

static int page_fault(struct lg *lg)
{
	u32 err = lg->vp->regs.err;
	bool guests_own;
	int ret = lg_shadow_fault(lg, lg->cr2, &err, &guests_own);

	if (ret || !guests_own)
		return ret;
	return lg_reflect(lg, X86_TRAP_PF, true, err);
}

/* Anything but a hypercall that brought the guest to a stop. */
int lg_trap(struct lg *lg)
{
	struct lg_regs *regs = &lg->vp->regs;
	u32 vector = regs->vec;

	if (vector == X86_TRAP_PF)
		return page_fault(lg);
	if (vector == X86_TRAP_GP)
		return general_protection(lg);
	/* int n of a ring that the guest's own gate does not admit */
	if (is_software_vector(vector) && lg->idt[vector].present &&
	    lg->idt[vector].dpl < lg_cpl(lg))
		return lg_reflect(lg, X86_TRAP_GP, true, vector * 8 + 2);
	return lg_reflect(lg, vector, has_error_code(vector), regs->err);
}

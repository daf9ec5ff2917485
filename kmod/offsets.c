// SPDX-License-Identifier: GPL-2.0
/*
 * offsets.c - tells switch.S where the fields of struct lg_vp are.  It is
 * compiled to assembler, from which Kbuild makes offsets.h; it is no part of
 * the module.
 * guide: S:080
 */
#include <linux/kbuild.h>
#include <linux/stddef.h>
#include "lg.h"

#define VP(field)	OFFSET(VP_##field, lg_vp, field)
#define REG(field)	OFFSET(VP_##field, lg_vp, regs.field)

static void __used lg_offsets(void)
{
	VP(host_rsp);
	VP(host_gsbase);
	VP(host_gdtr);
	VP(host_idtr);
	VP(guest_gdtr);
	VP(guest_idtr);
	VP(ds);
	VP(es);
	VP(fs);
	VP(gs);
	VP(nmi);
	VP(mce);
	VP(aborted);
	VP(fault);
	VP(fault_vec);
	VP(fault_err);
	VP(fault_rip);
	VP(reflect);
	VP(ring1_esp);
	VP(data_va);
	DEFINE(VP_iret_top, offsetof(struct lg_vp, nest_stack));
	BLANK();
	REG(rdi);
	REG(rsi);
	REG(rbp);
	REG(rbx);
	REG(rdx);
	REG(rcx);
	REG(rax);
	REG(vec);
	REG(err);
	REG(rip);
	REG(cs);
	REG(flags);
	REG(rsp);
	REG(ss);
	BLANK();
	DEFINE(VP_MASK, ~(LG_VP_SIZE - 1));
	DEFINE(REFLECT_SYSCALL, LG_REFLECT_SYSCALL);
	DEFINE(SYSCALL_VECTOR, LG_SYSCALL_VECTOR);
}

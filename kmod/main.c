// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - loads and unloads lg.ko: looks whether this host can run guests at
 * all, says in one line why not, and sets up what all guests share.
 * guide: H:030
 */
#include <linux/cc_platform.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <asm/processor.h>
#include <asm/special_insns.h>
#include <lguest/version.h>
#include "compat.h"
#include "lg.h"

unsigned int lg_max_leaves;
module_param_named(shadow_tables, lg_max_leaves, uint, 0444);
MODULE_PARM_DESC(shadow_tables, "Most shadow page tables per guest, each for 2 MiB and of 8 KiB, 64 or more (0, the default: one per 64 KiB of guest memory)");

bool lg_five_levels(void)
{
	return native_read_cr4() & X86_CR4_LA57;
}

/*
 * FRED is refused.  With it a CPU has no IDT at all: all events arrive at one
 * entry for ring 3 and one for ring 0, and ring 1 does not exist any more.  A
 * guest kernel would have to run in ring 3, apart from its programs by page
 * tables alone, as PVM does it.  The switcher and segments.c would be others
 * then; shadow.c would need two roots per address space; little else would
 * change.  It is the most worthwhile thing on this list, for hosts will have
 * it.
 * guide: M:030
 */

static const char *why_not(void)
{
	u16 cs;

	asm volatile("mov %%cs, %0" : "=r"(cs));
	if (cs & 3)
		return "this kernel does not run in ring 0 (paravirtual guest?)";
	if (native_read_cr4() & X86_CR4_FRED)
		return "this kernel uses FRED; boot it with fred=off";
	if (cc_platform_has(CC_ATTR_GUEST_STATE_ENCRYPT) ||
	    boot_cpu_has(X86_FEATURE_TDX_GUEST))
		return "this is a confidential virtual machine (SEV-ES, SEV-SNP or TDX)";
	return NULL;
}

/*
 * Silicon has never been tried.  All tests run under QEMU's emulation, which
 * is kind: it forgives a missing TLB flush more often than not, it does not
 * speculate, and it has bugs of its own that lguest steps around (vm86 mode,
 * in run.c).  Whoever has a machine to spare loads lg.ko there, runs
 * tests/vm/tests one by one, and tells what happened.  The numbers of "make
 * bench" would be the first to mean something.
 * guide: M:020
 */

static int __init lg_init(void)
{
	const char *reason = why_not();
	int err;

	if (reason) {
		pr_err("lg: cannot run guests: %s\n", reason);
		return -ENODEV;
	}
	err = lg_shadow_init_module();
	if (err)
		return err;
	err = lg_vcpu_init_module();
	if (err)
		goto err_vcpu;
	lg_interrupts_init_module();
	err = lg_chardev_register();
	if (err)
		goto err_chardev;
	return 0;

err_chardev:
	lg_interrupts_exit_module();
	lg_vcpu_exit_module();
err_vcpu:
	lg_shadow_exit_module();
	return err;
}

static void __exit lg_exit(void)
{
	lg_chardev_unregister();
	lg_interrupts_exit_module();
	lg_vcpu_exit_module();
	lg_shadow_exit_module();
}

module_init(lg_init);
module_exit(lg_exit);
MODULE_DESCRIPTION("lguest: 32-bit Linux guests without hardware virtualization");
MODULE_VERSION(LGUEST_VERSION);
MODULE_LICENSE("GPL");

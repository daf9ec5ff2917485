// SPDX-License-Identifier: GPL-2.0
/*
 * What processor the guest kernel believes to be on.  CPUID cannot be caught
 * by the host, so this is where the features are left out that need ring 0,
 * that the host does not shadow (large, global and non-executable pages), or
 * whose state is more than FXSAVE holds.  Programs ask CPUID by themselves and
 * see the real processor, but for OSXSAVE, which the host has cleared.
 * guide: G:090
 */
#include <linux/kernel.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>
#include "../kernel/cpu/cpu.h"
#include "lguest.h"

#define BIT_OF(feature)		BIT((feature) & 31)

/* CPUID leaf 1, %edx */
#define LEAF1_EDX	(BIT_OF(X86_FEATURE_FPU) | BIT_OF(X86_FEATURE_TSC) | \
			 BIT_OF(X86_FEATURE_CX8) | BIT_OF(X86_FEATURE_CMOV) | \
			 BIT_OF(X86_FEATURE_CLFLUSH) | \
			 BIT_OF(X86_FEATURE_MMX) | BIT_OF(X86_FEATURE_FXSR) | \
			 BIT_OF(X86_FEATURE_XMM) | BIT_OF(X86_FEATURE_XMM2))
/* CPUID leaf 1, %ecx */
#define LEAF1_ECX	(BIT_OF(X86_FEATURE_XMM3) | \
			 BIT_OF(X86_FEATURE_SSSE3) | \
			 BIT_OF(X86_FEATURE_CX16) | \
			 BIT_OF(X86_FEATURE_XMM4_1) | \
			 BIT_OF(X86_FEATURE_XMM4_2) | \
			 BIT_OF(X86_FEATURE_POPCNT) | \
			 BIT_OF(X86_FEATURE_RDRAND))
/* CPUID leaf 1, %eax: family, model, stepping; %ebx: CLFLUSH line size */
#define LEAF1_EAX	0x0fff3fffU
#define LEAF1_EBX	0x0000ff00U

#define LEAF_VENDOR	0U
#define LEAF_FEATURES	1U
#define LEAF_EXTENDED	0x80000000U
#define LEAF_NAME_FIRST	0x80000002U
#define LEAF_NAME_LAST	0x80000004U

void lguest_cpuid(unsigned int *eax, unsigned int *ebx, unsigned int *ecx,
		  unsigned int *edx)
{
	unsigned int leaf = *eax;

	asm volatile("cpuid"
		     : "+a" (*eax), "=b" (*ebx), "+c" (*ecx), "=d" (*edx)
		     : : "memory");

	switch (leaf) {
	case LEAF_VENDOR:
		*eax = LEAF_FEATURES;
		break;
	case LEAF_FEATURES:
		*eax &= LEAF1_EAX;
		*ebx &= LEAF1_EBX;
		*ecx &= LEAF1_ECX;
		*ecx |= BIT_OF(X86_FEATURE_HYPERVISOR);
		*edx &= LEAF1_EDX;
		break;
	case LEAF_EXTENDED:
		*eax = LEAF_NAME_LAST;
		break;
	case LEAF_NAME_FIRST ... LEAF_NAME_LAST:
		break;
	default:
		*eax = 0;
		*ebx = 0;
		*ecx = 0;
		*edx = 0;
	}
}

/*
 * All processors are alike to us.  Naming the two usual makers keeps the
 * kernel from warning that it does not know them; their quirks and registers
 * are the host's business.
 */
static void lguest_cpu_init(struct cpuinfo_x86 *c)
{
	if (cpu_has(c, X86_FEATURE_XMM2))
		set_cpu_cap(c, X86_FEATURE_LFENCE_RDTSC);
}

static const struct cpu_dev lguest_cpu_dev = {
	.c_vendor	= "lguest",
	.c_ident	= { "GenuineIntel", "AuthenticAMD" },
	.c_init		= lguest_cpu_init,
	.c_x86_vendor	= X86_VENDOR_UNKNOWN,
};

cpu_dev_register(lguest_cpu_dev);

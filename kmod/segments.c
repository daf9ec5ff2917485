// SPDX-License-Identifier: GPL-2.0
/*
 * segments.c - the guest's GDT.
 *
 * The CPU uses our copy of it while the guest runs, so what gets in decides
 * whether a guest can reach ring 0 or 64-bit code: only present or absent
 * data and non-conforming 32- or 16-bit code segments of rings 1 to 3 do.
 * Entry 2 is the host's 64-bit code segment, at the selector that the gates
 * of our IDT name, so that the stubs can run before the host's GDT is back.
 * guide: S:050
 */
#include <asm/segment.h>
#include "lg.h"

/* High word of a descriptor (Intel SDM volume 3, 3.4.5). */
#define DESC_ACCESSED	BIT(8)
#define DESC_CONFORMING	BIT(10)		/* of code */
#define DESC_CODE	BIT(11)
#define DESC_S		BIT(12)		/* code or data, not system */
#define DESC_DPL_SHIFT	13
#define DESC_DPL	(3 << DESC_DPL_SHIFT)
#define DESC_PRESENT	BIT(15)
#define DESC_LONG	BIT(21)
#define DESC_BIG	BIT(22)

/* Flat segments: base 0, limit 4 GiB, 32-bit, accessed. */
#define HOST_CODE64	0x00af9b000000ffffULL
#define RING1_CODE	0x00cfbb000000ffffULL
#define RING1_DATA	0x00cfb3000000ffffULL
#define RING3_CODE	0x00cffb000000ffffULL
#define RING3_DATA	0x00cff3000000ffffULL

#define TLS_FIRST	6
#define TLS_COUNT	3

void lg_gdt_init(struct lg *lg)
{
	u64 *gdt = lg->vp->gdt;

	gdt[__KERNEL_CS / 8] = HOST_CODE64;
	gdt[LGUEST_KERNEL_CS / 8] = RING1_CODE;
	gdt[LGUEST_KERNEL_DS / 8] = RING1_DATA;
	gdt[LGUEST_USER_CS / 8] = RING3_CODE;
	gdt[LGUEST_USER_DS / 8] = RING3_DATA;
}

/*
 * Put a descriptor in place if it is one that a guest may have.
 *
 * A list of what is allowed, not of what is forbidden: whoever invents a new
 * kind of descriptor has to come here first.
 * guide: S:060 code
 */
static int set_descriptor(struct lg *lg, u32 n, u32 lo, u32 hi)
{
	if (!(hi & DESC_PRESENT)) {
		lg->vp->gdt[n] = 0;
		return 0;
	}
	if (!(hi & DESC_S))
		return lg_kill(lg, "GDT entry %u is a system descriptor", n);
	if (hi & DESC_LONG)
		return lg_kill(lg, "GDT entry %u is a 64-bit segment", n);
	if ((hi & DESC_CODE) && (hi & DESC_CONFORMING))
		return lg_kill(lg, "GDT entry %u is a conforming code segment",
			       n);
	/* What a kernel wrote for ring 0 is for ring 1 here. */
	if (!(hi & DESC_DPL))
		hi |= 1 << DESC_DPL_SHIFT;
	/*
	 * An iret to a 16-bit stack would leave half of our stack pointer in
	 * the guest's ESP.
	 */
	if (!(hi & DESC_CODE))
		hi |= DESC_BIG;
	/* With A set the CPU never writes to the table. */
	hi |= DESC_ACCESSED;
	lg->vp->gdt[n] = (u64)hi << 32 | lo;
	return 0;
}

int lg_load_gdt(struct lg *lg, u32 pa, u32 entries)
{
	u64 table[LGUEST_GDT_ENTRIES];
	u32 n;
	int err;

	if (entries > LGUEST_GDT_ENTRIES)
		return lg_kill(lg, "GDT of %u entries", entries);
	err = lg_read_phys(lg, pa, table, entries * sizeof(table[0]));
	for (n = LGUEST_GDT_FIRST; !err && n < entries; n++)
		err = set_descriptor(lg, n, table[n], table[n] >> 32);
	return err;
}

int lg_load_gdt_entry(struct lg *lg, u32 n, u32 lo, u32 hi)
{
	if (n < LGUEST_GDT_FIRST || n >= LGUEST_GDT_ENTRIES)
		return lg_kill(lg, "bad GDT entry %u", n);
	return set_descriptor(lg, n, lo, hi);
}

int lg_load_tls(struct lg *lg, u32 pa)
{
	u64 tls[TLS_COUNT];
	u32 i;
	int err = lg_read_phys(lg, pa, tls, sizeof(tls));

	for (i = 0; !err && i < TLS_COUNT; i++)
		err = set_descriptor(lg, TLS_FIRST + i, tls[i], tls[i] >> 32);
	return err;
}

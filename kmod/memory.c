// SPDX-License-Identifier: GPL-2.0
/*
 * memory.c - guest-physical memory.
 *
 * A guest's memory is a range of its launcher's address space.  Pages are
 * looked up when the guest first needs them and noted in lg->page[], without
 * a reference: a notifier tells when the host takes one away (swap,
 * migration, munmap), and then it is forgotten and its mappings go.
 *
 * Reading lg->page[] in guest mode needs no lock: the notifier first clears
 * the entry and then waits until the guest's CPU has left guest mode once
 * (lg_wait_guest_mode()), so a page found there stays for as long as guest
 * mode lasts.  What outlives that, a shadow entry, is made under mmu_lock,
 * which the notifier takes too.  Frames from other guests are written under
 * an endpoint's lock, see dma.c.
 * guide: H:080
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>
#include "lg.h"
#include "net.h"

/*
 * How many pages, or mappings of one, the notifier handles before it lets
 * others have the lock: a vCPU may wait for it with interrupts off.
 */
#define UNMAP_BATCH	256

static void nothing(void *unused)
{
}

/*
 * Wait until the guest's CPU has been outside of guest mode, and so has
 * dropped what it had read, and flushed its TLB.  Pairs with the barrier of
 * lg_guest_mode_enter().
 *
 * This is why guest memory is neither pinned nor locked at each look at it:
 * guest mode runs with interrupts off, so an interrupt that has been served by
 * that CPU is proof that it has left guest mode since we asked.
 * guide: H:090 code
 */
void lg_wait_guest_mode(struct lg *lg)
{
	int cpu;

	smp_mb();	/* our changes first, then look who runs */
	cpu = READ_ONCE(lg->guest_mode_cpu);
	if (cpu >= 0)
		smp_call_function_single(cpu, nothing, NULL, 1);
}

/*
 * Nothing can come back meanwhile: while the notifier runs, lg_bring_in()
 * finds its sequence number taken, and without lg->page[] nothing is mapped.
 */
static void take_a_break(struct lg *lg, const struct mmu_notifier_range *range)
	__must_hold(&lg->mmu_lock)
{
	spin_unlock(&lg->mmu_lock);
	if (mmu_notifier_range_blockable(range))
		cond_resched();
	else
		cpu_relax();
	spin_lock(&lg->mmu_lock);
}

/*
 * What a guest has touched once it keeps, though its kernel may think of it as
 * free memory.  A balloon, or better the guest's free page reporting, would
 * give such pages back: MADV_REMOVE in the launcher does it, this notifier
 * follows by itself, and what is missing is a device and its driver.
 *
 * A page that the host finds to be damaged (an uncorrectable memory error)
 * ends the launcher at best.  The guest could be told, as its kernel knows
 * what to do.
 * guide: M:100
 */

static bool invalidate(struct mmu_interval_notifier *notifier,
		       const struct mmu_notifier_range *range,
		       unsigned long seq)
{
	struct lg *lg = container_of(notifier, struct lg, notifier);
	unsigned long end = lg->memory + (unsigned long)lg->npages * PAGE_SIZE;
	unsigned long first = max(range->start, lg->memory);
	unsigned long last = min(range->end, end);
	u32 gfn, stop;

	if (first >= last)
		return true;
	gfn = (first - lg->memory) >> PAGE_SHIFT;
	stop = (last - lg->memory + PAGE_SIZE - 1) >> PAGE_SHIFT;

	spin_lock(&lg->mmu_lock);
	mmu_interval_set_seq(notifier, seq);
	for (; gfn < stop; gfn++) {
		WRITE_ONCE(lg->page[gfn], NULL);
		while (lg_shadow_unmap_page(lg, gfn, UNMAP_BATCH))
			take_a_break(lg, range);
		if (!(gfn % UNMAP_BATCH))
			take_a_break(lg, range);
	}
	spin_unlock(&lg->mmu_lock);
	lg_wait_guest_mode(lg);
	lg_net_wait_for_copies(lg);
	return true;
}

static const struct mmu_interval_notifier_ops lg_notifier_ops = {
	.invalidate = invalidate,
};

int lg_memory_init(struct lg *lg, unsigned long memory)
{
	int err = -ENOMEM;

	spin_lock_init(&lg->mmu_lock);
	lg->memory = memory;
	lg->page = __vcalloc(lg->npages, sizeof(*lg->page), GFP_KERNEL_ACCOUNT);
	lg->rmap = __vcalloc(lg->npages, sizeof(*lg->rmap), GFP_KERNEL_ACCOUNT);
	if (!lg->page || !lg->rmap)
		goto err_free;
	err = mmu_interval_notifier_insert(&lg->notifier, current->mm, memory,
					   (unsigned long)lg->npages * PAGE_SIZE,
					   &lg_notifier_ops);
	if (err)
		goto err_free;
	return 0;

err_free:
	vfree(lg->rmap);
	vfree(lg->page);
	return err;
}

void lg_memory_exit(struct lg *lg)
{
	mmu_interval_notifier_remove(&lg->notifier);
	vfree(lg->rmap);
	vfree(lg->page);
}

/*
 * Outside guest mode: find the launcher's page for gfn.  It is looked up for
 * writing, whatever the guest wants, as its memory is writable throughout;
 * so it is marked dirty, too: that stays true until the notifier says that
 * the host cleans it.
 *
 * A page may be taken away between finding it and noting it.  So the
 * notifier's sequence number is read first, and if it has moved all is done
 * again.
 * guide: H:100
 */
int lg_bring_in(struct lg *lg, u32 gfn)
{
	unsigned long address = lg->memory + (unsigned long)gfn * PAGE_SIZE;
	unsigned long seq;
	struct page *page;
	int got;

	/* The page may lie in memory that was plugged in just now. */
	preempt_disable();
	lg->loads++;
	preempt_enable();
	for (;;) {
		seq = mmu_interval_read_begin(&lg->notifier);
		got = get_user_pages_fast(address, 1, FOLL_WRITE, &page);
		if (got != 1) {
			if (fatal_signal_pending(current))
				return -EINTR;
			return lg_kill(lg, "its launcher has no writable memory at guest-physical %#x (error %d)",
				       gfn << PAGE_SHIFT, -got);
		}
		set_page_dirty_lock(page);

		spin_lock(&lg->mmu_lock);
		if (!mmu_interval_read_retry(&lg->notifier, seq)) {
			WRITE_ONCE(lg->page[gfn], page);
			spin_unlock(&lg->mmu_lock);
			put_page(page);
			return 0;
		}
		spin_unlock(&lg->mmu_lock);
		put_page(page);
		if (signal_pending(current))
			return -EINTR;
	}
}

/*
 * Guest mode: a pointer to len bytes at guest-physical pa, which must not
 * cross a page.  The whole range is checked before anything is looked up.
 */
int lg_phys(struct lg *lg, u32 pa, u32 len, void **ptr)
{
	u32 gfn = pa >> PAGE_SHIFT;
	struct page *page;

	if (gfn >= lg->npages || offset_in_page(pa) + len > PAGE_SIZE)
		return lg_kill(lg, "bad guest-physical address %#x, %u bytes",
			       pa, len);
	page = READ_ONCE(lg->page[gfn]);
	if (unlikely(!page)) {
		lg->want_gfn = gfn;
		return lg_want(lg, LG_WANT_PAGE);
	}
	*ptr = page_address(page) + offset_in_page(pa);
	return 0;
}

/* Guest mode: copy from guest-physical memory, across pages if need be. */
int lg_read_phys(struct lg *lg, u32 pa, void *buf, u32 len)
{
	while (len) {
		u32 part = min_t(u32, len, PAGE_SIZE - offset_in_page(pa));
		void *ptr;
		int err = lg_phys(lg, pa, part, &ptr);

		if (err)
			return err;
		memcpy(buf, ptr, part);
		if (pa + part < pa && len > part)
			return lg_kill(lg, "guest-physical range beyond 4 GiB");
		pa += part;
		buf += part;
		len -= part;
	}
	return 0;
}

/* Guest mode: the page that the guest shares with us. */
int lg_data(struct lg *lg, struct lguest_data **data)
{
	if (unlikely(lg->data_pa == ~0U))
		return lg_kill(lg, "needs its lguest_data before LHCALL_INIT");
	return lg_phys(lg, lg->data_pa, sizeof(**data), (void **)data);
}

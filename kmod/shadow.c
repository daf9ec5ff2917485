// SPDX-License-Identifier: GPL-2.0
/*
 * shadow.c - the page tables that the CPU uses while a guest runs.
 *
 * A guest's own tables (i386, two levels, 4 KiB pages) are never seen by the
 * CPU.  What they say is copied, entry by entry as faults ask for it, into
 * 64-bit shadow tables that can only map the guest's own memory.  The shadow
 * behaves like a TLB: it may hold what the guest's tables said once, until
 * the guest tells (LHCALL_SET_PTE and so on) or flushes.  Unlike a TLB it
 * keeps several address spaces (LG_TOPS, the least recently used makes
 * room), and their part above kernel_address is one and the same.
 *
 *	root [-> p4d] -> pdpt -> pd, one per GiB -> leaf, 2 MiB each
 *
 * A root's upper half is the host's, so the kernel runs on it.  The lower
 * half, from 4 GiB on, is empty.
 *
 * Only the vCPU's thread changes anything above the leaves.  Leaf entries
 * and the lists of who maps a page are changed under mmu_lock, because the
 * memory notifier clears them too.  The lock is uncontended otherwise, and
 * not taken by exits that need no new mapping.
 * guide: H:110
 */
#include <linux/mm.h>
#include <linux/mem_encrypt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/io.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>
#include <asm/trap_pf.h>
#include "lg.h"

/*
 * Who builds page tables for others must not trust a single bit of theirs.
 * The list that follows is all that is ever looked at.
 * guide: H:120 code
 */

/* An i386 page table entry: everything else in it is ignored, as by a CPU. */
#define GUEST_PRESENT	BIT(0)
#define GUEST_WRITE	BIT(1)
#define GUEST_USER	BIT(2)
#define GUEST_ACCESSED	BIT(5)
#define GUEST_DIRTY	BIT(6)
/* PSE in a directory, PAT in a table: CPUID offers neither. */
#define GUEST_UNKNOWN	BIT(7)
/* guide: end */

/* Entries that point to a lower table: permissions are up to the leaf. */
#define TABLE_FLAGS	(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | \
			 _PAGE_ACCESSED | _PAGE_DIRTY)

#define ENTRIES		512
#define LEAF_SHIFT	21	/* 2 MiB */
#define GIB_SHIFT	30
#define DEFAULT_KERNEL	0xc0000000

/* What refill keeps in stock: more than one exit can use up. */
#define STOCK_LEAVES	8
/* How many unused leaves an idle guest may hold on to. */
#define TRIM_LEAVES	32
/* More leaves than this are dropped outside guest mode, interrupts on. */
#define DROP_INSIDE	8
/* A cap below this could keep a single instruction from ever completing. */
#define MIN_LEAVES	64
/* References to their entries must stay clear of LG_HEAD. */
#define MAX_LEAVES	BIT(21)
/* By default one leaf per this many guest pages at most. */
#define PAGES_PER_LEAF	16

static struct kmem_cache *leaf_cache;

int lg_shadow_init_module(void)
{
	leaf_cache = KMEM_CACHE(lg_leaf, SLAB_ACCOUNT);
	return leaf_cache ? 0 : -ENOMEM;
}

void lg_shadow_exit_module(void)
{
	kmem_cache_destroy(leaf_cache);
}

/* --- tables and the entries that point to them --- */

static u64 table_entry(const void *table)
{
	return __sme_set(__pa(table)) | TABLE_FLAGS;
}

static void *entry_table(u64 entry)
{
	return __va(__sme_clr(entry) & PTE_PFN_MASK);
}

static struct lg_leaf *entry_leaf(u64 entry)
{
	return (struct lg_leaf *)page_private(virt_to_page(entry_table(entry)));
}

static u32 pd_index(u32 va)
{
	return (va >> LEAF_SHIFT) % ENTRIES;
}

static u32 leaf_index(u32 va)
{
	return (va >> PAGE_SHIFT) % ENTRIES;
}

static bool in_kernel_half(const struct lg *lg, u32 va)
{
	return va >= lg->kernel_address;
}

static u64 **pd_of(struct lg *lg, struct lg_top *top, u32 va)
{
	u32 gib = va >> GIB_SHIFT;

	return in_kernel_half(lg, va) ? &lg->kernel_pd[gib] : &top->pd[gib];
}

static u32 *leaf_count(struct lg *lg, struct lg_top *top, u32 va)
{
	return in_kernel_half(lg, va) ? &lg->kernel_nleaves : &top->nleaves;
}

static struct lg_leaf *find_leaf(struct lg *lg, struct lg_top *top, u32 va)
{
	u64 *pd = *pd_of(lg, top, va);

	if (!pd || !pd[pd_index(va)])
		return NULL;
	return entry_leaf(pd[pd_index(va)]);
}

/* --- who maps a page; all under mmu_lock --- */

static u32 make_ref(const struct lg_leaf *leaf, u32 slot)
{
	return 1 + (leaf->id * ENTRIES + slot);
}

static struct lg_leaf *ref_leaf(struct lg *lg, u32 ref)
{
	return lg->leaf[(ref - 1) / ENTRIES];
}

static struct lg_link *ref_link(struct lg *lg, u32 ref)
{
	return &ref_leaf(lg, ref)->link[(ref - 1) % ENTRIES];
}

static void link_page(struct lg *lg, u32 gfn, struct lg_leaf *leaf, u32 slot)
{
	u32 ref = make_ref(leaf, slot);
	struct lg_link *link = &leaf->link[slot];

	link->next = lg->rmap[gfn];
	link->prev = LG_HEAD | gfn;
	if (link->next)
		ref_link(lg, link->next)->prev = ref;
	lg->rmap[gfn] = ref;
}

static void unlink_page(struct lg *lg, struct lg_leaf *leaf, u32 slot)
{
	struct lg_link *link = &leaf->link[slot];

	if (link->prev & LG_HEAD)
		lg->rmap[link->prev & ~LG_HEAD] = link->next;
	else
		ref_link(lg, link->prev)->next = link->next;
	if (link->next)
		ref_link(lg, link->next)->prev = link->prev;
}

static bool zap_slot(struct lg *lg, struct lg_leaf *leaf, u32 slot)
{
	lockdep_assert_held(&lg->mmu_lock);
	if (!leaf->pte[slot])
		return false;
	WRITE_ONCE(leaf->pte[slot], 0);
	leaf->used--;
	unlink_page(lg, leaf, slot);
	return true;
}

/*
 * The host takes a page away: zap at most this many of its mappings.  The
 * caller flushes.  Returns whether there are more.
 */
bool lg_shadow_unmap_page(struct lg *lg, u32 gfn, u32 most)
{
	lockdep_assert_held(&lg->mmu_lock);
	while (lg->rmap[gfn] && most--) {
		u32 ref = lg->rmap[gfn];

		zap_slot(lg, ref_leaf(lg, ref), (ref - 1) % ENTRIES);
	}
	return lg->rmap[gfn];
}

/* --- stock: what guest mode may take without allocating --- */

static u64 *alloc_table(void)
{
	return (u64 *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
}

static u32 free_leaf_id(struct lg *lg)
{
	while (lg->leaf[lg->next_id])
		lg->next_id = (lg->next_id + 1) % lg->max_leaves;
	return lg->next_id;
}

static void destroy_leaf(struct lg *lg, struct lg_leaf *leaf)
{
	lg->leaf[leaf->id] = NULL;
	lg->nleaves--;
	set_page_private(virt_to_page(leaf->pte), 0);
	free_page((unsigned long)leaf->pte);
	free_page((unsigned long)leaf->link);
	kmem_cache_free(leaf_cache, leaf);
}

static int create_leaf(struct lg *lg)
{
	struct lg_leaf *leaf = kmem_cache_zalloc(leaf_cache,
						 GFP_KERNEL_ACCOUNT);

	if (!leaf)
		return -ENOMEM;
	leaf->pte = alloc_table();
	leaf->link = (struct lg_link *)alloc_table();
	if (!leaf->pte || !leaf->link) {
		free_page((unsigned long)leaf->pte);
		free_page((unsigned long)leaf->link);
		kmem_cache_free(leaf_cache, leaf);
		return -ENOMEM;
	}
	set_page_private(virt_to_page(leaf->pte), (unsigned long)leaf);
	leaf->id = free_leaf_id(lg);
	lg->leaf[leaf->id] = leaf;
	lg->nleaves++;
	list_add(&leaf->free, &lg->free_leaves);
	lg->nfree_leaves++;
	return 0;
}

/* Outside: fill up the stock, as far as the cap allows. */
int lg_shadow_refill(struct lg *lg)
{
	BUILD_BUG_ON(ENTRIES * sizeof(struct lg_link) != PAGE_SIZE);
	while (lg->nfree_pd < ARRAY_SIZE(lg->free_pd)) {
		u64 *pd = alloc_table();

		if (!pd)
			goto no_memory;
		lg->free_pd[lg->nfree_pd++] = pd;
	}
	while (lg->nfree_leaves < STOCK_LEAVES && lg->nleaves < lg->max_leaves)
		if (create_leaf(lg))
			goto no_memory;
	return 0;

no_memory:
	return lg_kill(lg, "the host has no memory for its page tables");
}

/* Outside, so nothing is cached by the CPU: give back what is not needed. */
void lg_shadow_trim(struct lg *lg)
{
	while (lg->nfree_leaves > TRIM_LEAVES) {
		struct lg_leaf *leaf = list_first_entry(&lg->free_leaves,
							struct lg_leaf, free);

		list_del(&leaf->free);
		lg->nfree_leaves--;
		destroy_leaf(lg, leaf);
	}
}

/* --- adding and dropping leaves; the vCPU's --- */

static int add_pd(struct lg *lg, struct lg_top *top, u32 va)
{
	u32 gib = va >> GIB_SHIFT;
	u64 *pd;
	u32 i;

	if (!lg->nfree_pd)
		return lg_want(lg, LG_WANT_TABLES);
	pd = lg->free_pd[--lg->nfree_pd];
	*pd_of(lg, top, va) = pd;
	/* A change of kernel_address may have left another one there. */
	lg->flush_tlb = true;
	if (!in_kernel_half(lg, va)) {
		top->pdpt[gib] = table_entry(pd);
		return 0;
	}
	for (i = 0; i < LG_TOPS; i++)
		lg->top[i].pdpt[gib] = table_entry(pd);
	return 0;
}

static int get_leaf(struct lg *lg, struct lg_top *top, u32 va,
		    struct lg_leaf **leaf)
{
	int err;

	*leaf = find_leaf(lg, top, va);
	if (*leaf)
		return 0;
	if (!*pd_of(lg, top, va)) {
		err = add_pd(lg, top, va);
		if (err)
			return err;
	}
	if (!lg->nfree_leaves)
		return lg_want(lg, lg->nleaves < lg->max_leaves ?
				   LG_WANT_TABLES : LG_WANT_ROOM);
	*leaf = list_first_entry(&lg->free_leaves, struct lg_leaf, free);
	list_del(&(*leaf)->free);
	lg->nfree_leaves--;
	(*leaf_count(lg, top, va))++;
	(*pd_of(lg, top, va))[pd_index(va)] = table_entry((*leaf)->pte);
	return 0;
}

static void drop_leaf(struct lg *lg, struct lg_top *top, u32 va)
{
	struct lg_leaf *leaf = find_leaf(lg, top, va);
	u32 slot;

	if (!leaf)
		return;
	lg->zapped += leaf->used;
	spin_lock(&lg->mmu_lock);
	for (slot = 0; slot < ENTRIES && leaf->used; slot++)
		zap_slot(lg, leaf, slot);
	spin_unlock(&lg->mmu_lock);
	(*pd_of(lg, top, va))[pd_index(va)] = 0;
	(*leaf_count(lg, top, va))--;
	list_add(&leaf->free, &lg->free_leaves);
	lg->nfree_leaves++;
	/* The CPU may still know the way to this leaf. */
	lg->flush_tlb = true;
}

static void drop_range(struct lg *lg, struct lg_top *top, u64 from, u64 to,
		       bool may_sleep)
{
	for (; from < to; from += BIT(LEAF_SHIFT)) {
		if (!*leaf_count(lg, top, from))
			return;
		if (!*pd_of(lg, top, from)) {
			from += BIT(GIB_SHIFT) - BIT(LEAF_SHIFT);
			continue;
		}
		drop_leaf(lg, top, from);
		if (may_sleep)
			cond_resched();
	}
}

static u32 count_leaves(const struct lg *lg, u32 which)
{
	u32 n = which & LG_DROP_KERNEL ? lg->kernel_nleaves : 0;
	u32 i;

	for (i = 0; i < LG_TOPS; i++)
		if (which & BIT(i))
			n += lg->top[i].nleaves;
	return n;
}

static void drop_tables(struct lg *lg, u32 which, bool may_sleep)
{
	u32 i;

	for (i = 0; i < LG_TOPS; i++)
		if (which & BIT(i))
			drop_range(lg, &lg->top[i], 0, lg->kernel_address,
				   may_sleep);
	if (which & LG_DROP_KERNEL)
		drop_range(lg, lg->cur, lg->kernel_address, BIT_ULL(32),
			   may_sleep);
}

/* Outside: drop tables, however many leaves they have. */
void lg_shadow_drop(struct lg *lg, u32 which)
{
	drop_tables(lg, which, true);
}

/* Guest mode: drop tables, outside if they have many leaves. */
static int drop(struct lg *lg, u32 which)
{
	if (count_leaves(lg, which) > DROP_INSIDE) {
		lg->want_drop = which;
		return lg_want(lg, LG_WANT_DROP);
	}
	drop_tables(lg, which, false);
	return 0;
}

static u32 top_bit(const struct lg *lg, const struct lg_top *top)
{
	return BIT(top - lg->top);
}

static struct lg_top *least_recent_with_leaves(struct lg *lg)
{
	struct lg_top *top, *oldest = NULL;

	for (top = lg->top; top < lg->top + LG_TOPS; top++)
		if (top != lg->cur && top->nleaves &&
		    (!oldest || top->stamp < oldest->stamp))
			oldest = top;
	return oldest;
}

/*
 * Outside: the cap is reached, so something has to go.
 *
 * Shadow tables are the host's memory, so there is a cap; the tables of who
 * ran longest ago go first.  Nothing is lost by that but time: faults bring
 * back what is needed.
 * guide: H:150
 */
void lg_shadow_make_room(struct lg *lg)
{
	struct lg_top *top = least_recent_with_leaves(lg);

	if (!top && lg->cur->nleaves)
		top = lg->cur;
	lg_shadow_drop(lg, top ? top_bit(lg, top) : LG_DROP_KERNEL);
}

/* --- tops --- */

static int alloc_top(struct lg_top *top)
{
	/*
	 * Two pages, so that bit 12 of root's address is clear: with page
	 * table isolation the host's NMI entry takes that bit in CR3 for "the
	 * user's tables".  The second one is the pdpt.
	 */
	top->root = (u64 *)__get_free_pages(GFP_KERNEL_ACCOUNT | __GFP_ZERO,
					    1);
	if (!top->root)
		return -ENOMEM;
	top->pdpt = top->root + ENTRIES;
	if (lg_five_levels()) {
		top->p4d = alloc_table();
		if (!top->p4d)
			return -ENOMEM;
		top->p4d[0] = table_entry(top->pdpt);
		top->root[0] = table_entry(top->p4d);
	} else {
		top->root[0] = table_entry(top->pdpt);
	}
	return 0;
}

static void free_top(struct lg_top *top)
{
	u32 gib;

	for (gib = 0; gib < ARRAY_SIZE(top->pd); gib++)
		free_page((unsigned long)top->pd[gib]);
	free_page((unsigned long)top->p4d);
	free_pages((unsigned long)top->root, 1);
	memset(top, 0, sizeof(*top));
}

int lg_shadow_init(struct lg *lg)
{
	u32 i;

	lg->kernel_address = DEFAULT_KERNEL;
	lg->max_leaves = lg_max_leaves ?: lg->npages / PAGES_PER_LEAF;
	lg->max_leaves = clamp_t(u32, lg->max_leaves, MIN_LEAVES, MAX_LEAVES);
	INIT_LIST_HEAD(&lg->free_leaves);
	lg->leaf = __vcalloc(lg->max_leaves, sizeof(*lg->leaf),
			     GFP_KERNEL_ACCOUNT);
	if (!lg->leaf)
		return -ENOMEM;
	for (i = 0; i < LG_TOPS; i++)
		if (alloc_top(&lg->top[i]))
			return -ENOMEM;
	lg->cur = &lg->top[0];
	return 0;
}

/*
 * Also after an lg_shadow_init() that failed half-way; leaves all as it was
 * before, as initialization may be tried again.
 */
void lg_shadow_exit(struct lg *lg)
{
	u32 i;

	for (i = 0; i < LG_TOPS; i++)
		free_top(&lg->top[i]);
	for (i = 0; i < ARRAY_SIZE(lg->kernel_pd); i++) {
		free_page((unsigned long)lg->kernel_pd[i]);
		lg->kernel_pd[i] = NULL;
	}
	while (lg->nfree_pd)
		free_page((unsigned long)lg->free_pd[--lg->nfree_pd]);
	for (i = 0; lg->nleaves && i < lg->max_leaves; i++)
		if (lg->leaf[i])
			destroy_leaf(lg, lg->leaf[i]);
	vfree(lg->leaf);
	lg->leaf = NULL;
}

/*
 * What CR3 shall be for the current address space.  Its upper half is copied
 * anew whenever the thread has come onto a CPU: the host's may have grown.
 */
u64 lg_shadow_cr3(struct lg *lg)
{
	struct lg_top *top = lg->cur;

	if (top->loads != lg->loads) {
		memcpy(top->root + ENTRIES / 2,
		       current->mm->pgd + ENTRIES / 2, PAGE_SIZE / 2);
		top->loads = lg->loads;
	}
	return __sme_pa(top->root);
}

static struct lg_top *find_top(struct lg *lg, u32 gpgdir)
{
	struct lg_top *top;

	if (lg->cur->used && lg->cur->gpgdir == gpgdir)
		return lg->cur;
	for (top = lg->top; top < lg->top + LG_TOPS; top++)
		if (top->used && top->gpgdir == gpgdir)
			return top;
	return NULL;
}

static int take_top(struct lg *lg, u32 gpgdir, struct lg_top **found)
{
	struct lg_top *top, *oldest = NULL;
	int err;

	for (top = lg->top; top < lg->top + LG_TOPS; top++)
		if (!oldest || !top->used ||
		    (oldest->used && top->stamp < oldest->stamp))
			oldest = top;
	err = drop(lg, top_bit(lg, oldest));
	if (err)
		return err;
	oldest->used = true;
	oldest->gpgdir = gpgdir;
	*found = oldest;
	return 0;
}

static int check_gpgdir(struct lg *lg, u32 gpgdir)
{
	if (offset_in_page(gpgdir) || gpgdir >> PAGE_SHIFT >= lg->npages)
		return lg_kill(lg, "bad page directory %#x", gpgdir);
	return 0;
}

/* LHCALL_NEW_PGTABLE */
int lg_shadow_new_pgdir(struct lg *lg, u32 gpgdir)
{
	struct lg_top *top;
	int err = check_gpgdir(lg, gpgdir);

	if (err)
		return err;
	if (lg->data_pa == ~0U)
		return lg_kill(lg, "page directory before LHCALL_INIT");
	if (!lg->paging) {
		/* The tables so far mapped physical addresses. */
		err = drop(lg, LG_DROP_ALL);
		if (err)
			return err;
		lg->paging = true;
	}
	top = find_top(lg, gpgdir);
	if (!top) {
		err = take_top(lg, gpgdir, &top);
		if (err)
			return err;
	}
	top->stamp = ++lg->stamp;
	lg->cur = top;
	lg->flush_tlb = true;
	return 0;
}

/* LHCALL_DROP_PGTABLE: the current one may go, too; it fills up again. */
int lg_shadow_drop_pgdir(struct lg *lg, u32 gpgdir)
{
	struct lg_top *top;
	int err = check_gpgdir(lg, gpgdir);

	if (err)
		return err;
	top = find_top(lg, gpgdir);
	if (!top)
		return 0;
	err = drop(lg, top_bit(lg, top));
	if (err)
		return err;
	if (top != lg->cur)
		top->used = false;
	return 0;
}

/* LHCALL_SET_PTE */
int lg_shadow_set_pte(struct lg *lg, u32 gpgdir, u32 va)
{
	struct lg_top *top;
	struct lg_leaf *leaf;
	bool was;
	int err = check_gpgdir(lg, gpgdir);

	if (err)
		return err;
	top = in_kernel_half(lg, va) ? lg->cur : find_top(lg, gpgdir);
	if (!top)
		return 0;
	leaf = find_leaf(lg, top, va);
	if (!leaf)
		return 0;
	spin_lock(&lg->mmu_lock);
	was = zap_slot(lg, leaf, leaf_index(va));
	spin_unlock(&lg->mmu_lock);
	if (was && top == lg->cur && !lg->flush_tlb)
		asm volatile("invlpg (%0)" : : "r"((u64)va) : "memory");
	return 0;
}

/* LHCALL_SET_PGD: an i386 directory entry spans two leaves. */
int lg_shadow_set_pgd(struct lg *lg, u32 gpgdir, u32 index)
{
	struct lg_top *top;
	u32 va = index << 22;
	int err = check_gpgdir(lg, gpgdir);

	if (err)
		return err;
	if (index >= 1024)
		return lg_kill(lg, "bad page directory index %u", index);
	top = in_kernel_half(lg, va) ? lg->cur : find_top(lg, gpgdir);
	if (!top)
		return 0;
	drop_leaf(lg, top, va);
	drop_leaf(lg, top, va + BIT(LEAF_SHIFT));
	return 0;
}

/* LHCALL_FLUSH_TLB */
int lg_shadow_flush(struct lg *lg, u32 kind)
{
	switch (kind) {
	case LGUEST_FLUSH_TOLD:
		/* Each SET_PTE and SET_PGD has flushed what it changed. */
		return 0;
	case LGUEST_FLUSH_USER:
		return drop(lg, top_bit(lg, lg->cur));
	case LGUEST_FLUSH_ALL:
		return drop(lg, LG_DROP_ALL);
	}
	return lg_kill(lg, "bad kind of TLB flush %u", kind);
}

/* --- what the guest's tables say --- */

/*
 * Guests have page tables of 32-bit entries, which have no bit against
 * execution: a guest's stacks are executable.  PAE tables would bring NX, and
 * shadow them more naturally, 512 entries to 512 entries.  What has to learn
 * of a third level is guest_entry(), walk_guest(), and who counts directory
 * entries.
 * guide: M:090
 */

struct walk {
	bool present;		/* there is a translation */
	bool allowed;		/* and it allows this access */
	bool user, write;	/* what else it allows */
	u32 gfn;
};

/* Read an entry of a guest table.  Never trusted to be the same twice. */
static int guest_entry(struct lg *lg, u32 table, u32 index, u32 **ptr, u32 *entry)
{
	int err = lg_phys(lg, (table & PAGE_MASK) + index * sizeof(u32),
			  sizeof(u32), (void **)ptr);

	if (err)
		return err;
	*entry = READ_ONCE(**ptr);
	if ((*entry & GUEST_PRESENT) && (*entry & GUEST_UNKNOWN))
		return lg_kill(lg, "page table entry %#x has a bit that CPUID does not offer",
			       *entry);
	return 0;
}

/* The bits that a CPU would set, set as a CPU would: atomically. */
static void set_entry_bits(u32 *ptr, u32 entry, u32 bits)
{
	if (~entry & bits)
		asm volatile("lock orl %1, %0" : "+m"(*ptr) : "r"(bits));
}

static bool access_allowed(const struct walk *walk, u32 access)
{
	if ((access & X86_PF_WRITE) && !walk->write)
		return false;
	if ((access & X86_PF_USER) && !walk->user)
		return false;
	/* Ring 1 does not execute user pages where the CPU has SMEP. */
	if ((access & X86_PF_INSTR) && !(access & X86_PF_USER) && walk->user)
		return false;
	return true;
}

static int walk_unpaged(struct lg *lg, u32 va, u32 access, struct walk *walk)
{
	if (va >> PAGE_SHIFT >= lg->npages)
		return lg_kill(lg, "touched %#x, outside its memory, before it turned paging on",
			       va);
	if (access & X86_PF_USER)
		return lg_kill(lg, "went to ring 3 before it turned paging on");
	walk->present = true;
	walk->allowed = true;
	walk->user = false;
	walk->write = true;
	walk->gfn = va >> PAGE_SHIFT;
	return 0;
}

/*
 * Translate va for an access (X86_PF_* bits) as an i386 CPU with CR0.WP set
 * would, and set accessed and dirty bits as it would.
 *
 * Every linear address that is ever translated for a guest is translated here,
 * be it for a fault or for a frame on the guest's stack.  There is no second,
 * faster way that might check less; that is where others had their holes.
 * guide: H:130 code
 */
static int walk_guest(struct lg *lg, u32 va, u32 access, struct walk *walk)
{
	u32 *pde_ptr, *pte_ptr, pde, pte, both;
	int err;

	if (!lg->paging)
		return walk_unpaged(lg, va, access, walk);

	walk->present = false;
	walk->allowed = false;
	err = guest_entry(lg, lg->cur->gpgdir, va >> 22, &pde_ptr, &pde);
	if (err || !(pde & GUEST_PRESENT))
		return err;
	err = guest_entry(lg, pde, (va >> 12) % 1024, &pte_ptr, &pte);
	if (err || !(pte & GUEST_PRESENT))
		return err;

	both = pde & pte;
	walk->present = true;
	walk->user = both & GUEST_USER;
	walk->write = both & GUEST_WRITE;
	walk->gfn = pte >> PAGE_SHIFT;
	walk->allowed = access_allowed(walk, access);
	if (!walk->allowed)
		return 0;
	if (walk->gfn >= lg->npages)
		return lg_kill(lg, "maps %#x to guest-physical %#x, outside its memory",
			       va, walk->gfn << PAGE_SHIFT);

	set_entry_bits(pde_ptr, pde, GUEST_ACCESSED);
	if (access & X86_PF_WRITE)
		pte |= GUEST_DIRTY;
	set_entry_bits(pte_ptr, READ_ONCE(*pte_ptr),
		       GUEST_ACCESSED | (pte & GUEST_DIRTY));
	/* Clean pages are mapped read-only, so that the first write tells. */
	walk->write = walk->write && (pte & GUEST_DIRTY);
	return 0;
}

/*
 * What the guest's tables allow becomes an entry of ours.  Of the guest's bits
 * only two come in here, as booleans, so there is nothing to filter: a 64-bit
 * entry is composed from a page that is known to be the guest's and from flags
 * that we choose.  It is never global, and dirty whenever it is writable, so
 * the CPU never has to write to it.
 * guide: H:140 code
 */
static int map(struct lg *lg, u32 va, const struct walk *walk)
{
	u32 slot = leaf_index(va);
	struct lg_leaf *leaf;
	struct page *page;
	u64 pte;
	int err = get_leaf(lg, lg->cur, va, &leaf);

	if (err)
		return err;
	spin_lock(&lg->mmu_lock);
	page = lg->page[walk->gfn];
	if (unlikely(!page)) {
		spin_unlock(&lg->mmu_lock);
		lg->want_gfn = walk->gfn;
		return lg_want(lg, LG_WANT_PAGE);
	}
	pte = __sme_set(page_to_phys(page)) | _PAGE_PRESENT | _PAGE_ACCESSED;
	if (walk->user)
		pte |= _PAGE_USER;
	if (walk->write)
		pte |= _PAGE_RW | _PAGE_DIRTY;
	zap_slot(lg, leaf, slot);
	link_page(lg, walk->gfn, leaf, slot);
	leaf->used++;
	WRITE_ONCE(leaf->pte[slot], pte);
	spin_unlock(&lg->mmu_lock);
	return 0;
}

/*
 * A page fault of the guest.  Either the shadow was behind and is not any
 * more, or the guest's own tables say so (*guests_own), and then *err is what
 * its handler shall see.
 */
int lg_shadow_fault(struct lg *lg, u32 va, u32 *err, bool *guests_own)
{
	struct lg_regs *regs = &lg->vp->regs;
	struct walk walk;
	int ret = walk_guest(lg, va, *err, &walk);

	if (ret)
		return ret;
	*guests_own = !walk.allowed;
	if (!walk.allowed) {
		*err &= X86_PF_WRITE | X86_PF_USER;
		*err |= walk.present ? X86_PF_PROT : 0;
		return 0;
	}
	/* Ring 1 has turned AC off, and SMAP bars it from its user pages. */
	if (walk.user && !(*err & X86_PF_USER))
		regs->flags |= X86_EFLAGS_AC;
	return map(lg, va, &walk);
}

/* --- guest memory by linear address, as ring 1 would access it --- */

/*
 * Guest mode: a pointer for va that is good up to the end of its page, or
 * NULL if the guest has no such mapping.
 */
int lg_virt(struct lg *lg, u32 va, bool write, void **ptr)
{
	struct walk walk;
	int err = walk_guest(lg, va, write ? X86_PF_WRITE : 0, &walk);

	*ptr = NULL;
	if (err || !walk.allowed)
		return err;
	return lg_phys(lg, (walk.gfn << PAGE_SHIFT) + offset_in_page(va), 1,
		       ptr);
}

static int copy_virt(struct lg *lg, u32 va, void *buf, u32 len, bool write)
{
	while (len) {
		u32 part = min_t(u32, len, PAGE_SIZE - offset_in_page(va));
		void *ptr;
		int err = lg_virt(lg, va, write, &ptr);

		if (err)
			return err;
		if (!ptr)
			return -ENOENT;
		if (write)
			memcpy(ptr, buf, part);
		else
			memcpy(buf, ptr, part);
		va += part;
		buf += part;
		len -= part;
	}
	return 0;
}

/* These two also return -ENOENT: the guest has not mapped all of it. */
int lg_read_virt(struct lg *lg, u32 va, void *buf, u32 len)
{
	return copy_virt(lg, va, buf, len, false);
}

int lg_write_virt(struct lg *lg, u32 va, const void *buf, u32 len)
{
	return copy_virt(lg, va, (void *)buf, len, true);
}

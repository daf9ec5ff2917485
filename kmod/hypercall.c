// SPDX-License-Identifier: GPL-2.0
/*
 * hypercall.c - what a guest kernel asks for (include/lguest/hypercall.h).
 *
 * Runs in guest mode, and anew from the start if something had to be done
 * outside first.  The calls queued in lguest_data are run before the call
 * itself, each marked free when it is done, so a restart goes on where it
 * stopped.
 * guide: H:160
 */
#include <linux/kernel.h>
#include "lg.h"
#include "net.h"

/* Shadow entries that one hypercall zaps before it lets interrupts in. */
#define ZAPPED_MAX	4096

static int init(struct lg *lg, u32 pa, u32 va, u32 abi)
{
	struct lguest_data *data;
	u32 kernel_address;
	int err;

	if (lg->data_pa != ~0U)
		return lg_kill(lg, "LHCALL_INIT twice");
	if (abi != LGUEST_ABI)
		return lg_kill(lg, "guest kernel for ABI %u, this host has %u",
			       abi, LGUEST_ABI);
	if (va > U32_MAX - sizeof(*data))
		return lg_kill(lg, "bad linear address of lguest_data %#x", va);
	if (pa % __alignof__(*data))
		return lg_kill(lg, "bad address of lguest_data %#x", pa);
	err = lg_phys(lg, pa, sizeof(*data), (void **)&data);
	if (err)
		return err;

	kernel_address = READ_ONCE(data->kernel_address);
	if (!kernel_address || kernel_address % SZ_1G)
		return lg_kill(lg, "bad kernel_address %#x", kernel_address);
	/* What is mapped by now was sorted by the old kernel_address. */
	err = lg_shadow_flush(lg, LGUEST_FLUSH_ALL);
	if (err)
		return err;
	lg->kernel_address = kernel_address;
	lg->noirq_start = READ_ONCE(data->noirq_start);
	lg->noirq_end = READ_ONCE(data->noirq_end);
	if (lg->noirq_end < lg->noirq_start)
		return lg_kill(lg, "bad noirq range %#x-%#x", lg->noirq_start,
			       lg->noirq_end);
	data->tsc_khz = lg_clock_khz();
	lg_read_clock(data);
	lg->vp->data_va = va;
	lg->data_pa = pa;
	return 0;
}

/* Guest text for a person's terminal: the launcher makes it printable. */
static int read_message(struct lg *lg, u32 pa, char *text, u32 size)
{
	u32 done = 0;

	while (pa && done < size - 1) {
		u32 part = min_t(u32, size - 1 - done,
				 PAGE_SIZE - offset_in_page(pa));
		void *ptr;
		int err = lg_phys(lg, pa, part, &ptr);

		if (err)
			return err;
		memcpy(text + done, ptr, part);
		if (strnlen(text + done, part) < part)
			return 0;
		done += part;
		pa += part;
	}
	text[done] = '\0';
	return 0;
}

static int shut_down(struct lg *lg, u32 pa, u32 reason)
{
	char text[LGUEST_MESSAGE_MAX];
	int err;

	if (reason < LGUEST_SHUTDOWN_POWEROFF || reason > LGUEST_SHUTDOWN_PANIC)
		return lg_kill(lg, "bad shutdown reason %u", reason);
	err = read_message(lg, pa, text, sizeof(text));
	return err ?: lg_end(lg, reason, text);
}

static int set_stack(struct lg *lg, u32 ss, u32 esp)
{
	if (lg->data_pa == ~0U)
		return lg_kill(lg, "LHCALL_SET_STACK before LHCALL_INIT");
	if (ss != LGUEST_KERNEL_DS)
		return lg_kill(lg, "bad stack segment %#x", ss);
	lg->ring1_esp = esp;
	lg->vp->ring1_esp = esp;
	return 0;
}

static int read_clock(struct lg *lg)
{
	struct lguest_data *data;
	int err = lg_data(lg, &data);

	if (!err)
		lg_read_clock(data);
	return err;
}

static int notify(struct lg *lg, u32 device)
{
	if (device >= LGUEST_DEVICE_MAX)
		return lg_kill(lg, "notifies device %u", device);
	if (!READ_ONCE(lg->eventfd[device]))
		return 0;
	lg->vp->regs.rax = 0;
	lg->want_device = device;
	return lg_want(lg, LG_WANT_NOTIFY);
}

/* --- networks --- */

/*
 * With that a single guest is served: it computes, faults, sleeps and is
 * woken.  The rest of what it may ask for concerns others.  A net is a thing
 * of this module's and not of any launcher's, because only here a frame can go
 * from one guest's memory to another's by one copy; all that a launcher does
 * for it is to say which net a device is on.
 * guide: H:230
 */

/* The endpoint of a network device; ERR_PTR: the guest is dead. */
static struct lg_endpoint *endpoint(struct lg *lg, u32 device)
{
	struct lg_endpoint *ep = NULL;

	if (device < LGUEST_DEVICE_MAX)
		/* Pairs with the release of who joins. */
		ep = smp_load_acquire(&lg->net[device]);
	if (!ep)
		return ERR_PTR(lg_kill(lg, "device %u is on no net", device));
	return ep;
}

static bool is_ring(const struct lg *lg, u32 pa)
{
	u64 end = (u64)pa + sizeof(struct lguest_dma_ring);

	/* So neither what comes before desc nor a desc crosses a page. */
	return pa && !(pa % offsetof(struct lguest_dma_ring, desc)) &&
	       end <= (u64)lg->npages << PAGE_SHIFT;
}

static int bind_dma(struct lg *lg, u32 device, u32 send, u32 receive)
{
	struct lg_endpoint *ep = endpoint(lg, device);

	if (IS_ERR(ep))
		return PTR_ERR(ep);
	if ((send || receive) && !(is_ring(lg, send) && is_ring(lg, receive)))
		return lg_kill(lg, "bad rings %#x, %#x for device %u", send,
			       receive, device);
	lg_endpoint_bind(ep, send, receive);
	set_bit(device, &lg->net_missing);
	return 0;
}

static int send_dma(struct lg *lg, u32 device)
{
	struct lg_endpoint *ep = endpoint(lg, device);
	int err;

	if (IS_ERR(ep))
		return PTR_ERR(ep);
	err = lg_dma_send(ep);
	if (err == -EFAULT)
		return lg_kill(lg, "ring of device %u makes no sense", device);
	return err == -EAGAIN ? lg_want(lg, LG_WANT_NOTHING) : err;
}

static int restock_dma(struct lg *lg, u32 device)
{
	struct lg_endpoint *ep = endpoint(lg, device);

	if (IS_ERR(ep))
		return PTR_ERR(ep);
	lg_dma_restock(ep);
	return 0;
}

static int set_net(struct lg *lg, u32 device, u32 low, u32 high)
{
	struct lg_endpoint *ep = endpoint(lg, device);
	u64 mac = low | (u64)(high & 0xffff) << 32;

	if (IS_ERR(ep))
		return PTR_ERR(ep);
	if (!lg_mac_is_station(mac) || !lg_endpoint_set_mac(ep, mac))
		return 1;
	lg_endpoint_set_all(ep, high & LGUEST_NET_PROMISC);
	return 0;
}

/* The calls that may be queued.  -ENOENT: not one of them. */
static int do_queued(struct lg *lg, const struct lguest_hcall *call)
{
	switch (call->nr) {
	case LHCALL_FLUSH_ASYNC:
		return 0;
	case LHCALL_NEW_PGTABLE:
		return lg_shadow_new_pgdir(lg, call->arg1);
	case LHCALL_FLUSH_TLB:
		return lg_shadow_flush(lg, call->arg1);
	case LHCALL_SET_STACK:
		return set_stack(lg, call->arg1, call->arg2);
	case LHCALL_SET_CLOCKEVENT:
		lg_set_clockevent(lg, (u64)call->arg2 << 32 | call->arg1);
		return 0;
	case LHCALL_SET_PTE:
		return lg_shadow_set_pte(lg, call->arg1, call->arg2);
	case LHCALL_SET_PGD:
		return lg_shadow_set_pgd(lg, call->arg1, call->arg2);
	case LHCALL_DROP_PGTABLE:
		return lg_shadow_drop_pgdir(lg, call->arg1);
	case LHCALL_LOAD_TLS:
		return lg_load_tls(lg, call->arg1);
	case LHCALL_LOAD_GDT_ENTRY:
		return lg_load_gdt_entry(lg, call->arg1, call->arg2,
					 call->arg3);
	}
	return -ENOENT;
}

/* The others.  What is not negative is the guest's result. */
static int do_call(struct lg *lg, const struct lguest_hcall *call)
{
	switch (call->nr) {
	case LHCALL_INIT:
		return init(lg, call->arg1, call->arg2, call->arg3);
	case LHCALL_SHUTDOWN:
		return shut_down(lg, call->arg1, call->arg2);
	case LHCALL_LOAD_GDT:
		return lg_load_gdt(lg, call->arg1, call->arg2);
	case LHCALL_LOAD_IDT_ENTRY:
		return lg_load_gate(lg, call->arg1, call->arg2, call->arg3);
	case LHCALL_HALT:
		return lg_halt(lg);
	case LHCALL_READ_CLOCK:
		return read_clock(lg);
	case LHCALL_SEND_INTERRUPTS:
		return 0;	/* they are looked at after every exit */
	case LHCALL_NOTIFY:
		return notify(lg, call->arg1);
	case LHCALL_BIND_DMA:
		return bind_dma(lg, call->arg1, call->arg2, call->arg3);
	case LHCALL_SEND_DMA:
		return send_dma(lg, call->arg1);
	case LHCALL_RESTOCK_DMA:
		return restock_dma(lg, call->arg1);
	case LHCALL_SET_NET:
		return set_net(lg, call->arg1, call->arg2, call->arg3);
	}
	return lg_kill(lg, "unknown hypercall %u", call->nr);
}

/*
 * Before any hypercall, those that the guest has queued: in order, each read
 * once, each marked free once it is done.  If one of them needs something from
 * outside, we return with -EAGAIN and come back to just that one.
 * guide: H:170 code
 */
static int drain_ring(struct lg *lg)
{
	struct lguest_data *data;
	u32 n;
	int err;

	if (lg->data_pa == ~0U)
		return 0;
	err = lg_data(lg, &data);
	if (err)
		return err;
	for (n = 0; n < LGUEST_RING_SIZE; n++) {
		u32 i = lg->ring_next;
		struct lguest_hcall call;

		if (READ_ONCE(data->hcall_status[i]) != LGUEST_RING_QUEUED)
			return 0;
		/* One copy, so that checks and use see the same numbers. */
		memcpy(&call, &data->hcalls[i], sizeof(call));
		barrier();
		err = do_queued(lg, &call);
		if (err == -ENOENT)
			return lg_kill(lg, "queued hypercall %u, which may not be",
				       call.nr);
		if (err)
			return err;
		WRITE_ONCE(data->hcall_status[i], LGUEST_RING_FREE);
		lg->ring_next = (i + 1) % LGUEST_RING_SIZE;
		/* Enough for one stretch of interrupts off. */
		if (lg->zapped > ZAPPED_MAX)
			return lg_want(lg, LG_WANT_NOTHING);
	}
	return 0;
}

int lg_hypercall(struct lg *lg)
{
	struct lg_regs *regs = &lg->vp->regs;
	struct lguest_hcall call = {
		.nr = regs->rax,
		.arg1 = regs->rdx,
		.arg2 = regs->rbx,
		.arg3 = regs->rcx,
	};
	int err = drain_ring(lg);

	if (err)
		return err;
	if (call.nr == LHCALL_IRET)	/* sets EAX from the frame */
		return lg_iret(lg, true);
	err = do_queued(lg, &call);
	if (err == -ENOENT)
		err = do_call(lg, &call);
	if (err < 0)
		return err;
	regs->rax = err;
	return 0;
}

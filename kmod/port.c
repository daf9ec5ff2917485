// SPDX-License-Identifier: GPL-2.0
/*
 * port.c - nets as host processes see them through /dev/lguest: guests that
 * join, processes that are an endpoint themselves (ports), listeners, and the
 * memory that these map.
 *
 * A port is an endpoint whose memory the module allocates and the process
 * maps, so it is always there and nobody needs to look up pages.
 * guide: H:340
 */
#include <linux/file.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include "compat.h"
#include "lg.h"
#include "net.h"

/* --- joining and listening: lg->lock --- */

static bool is_in_use(const struct lg *lg)
{
	return lg->initialized || lg->port || lg->listener;
}

static int join_guest(struct lg *lg, struct lguest_net_join *join)
{
	struct lg_endpoint *ep;

	if (!lg->initialized || current->mm != lg->mm ||
	    join->device >= LGUEST_DEVICE_MAX)
		return -EINVAL;
	if (lg->net[join->device])
		return -EBUSY;
	ep = lg_endpoint_join(join, lg, NULL);
	if (IS_ERR(ep))
		return PTR_ERR(ep);
	/* Its notifier and its vCPU see it whole. */
	smp_store_release(&lg->net[join->device], ep);
	return 0;
}

static struct lg_port *new_port(u32 buffer_bytes)
{
	struct lg_port *port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);

	if (!port)
		return ERR_PTR(-ENOMEM);
	port->bytes = PAGE_ALIGN(sizeof(struct lguest_port) + buffer_bytes);
	port->memory = __vmalloc(port->bytes, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!port->memory) {
		kfree(port);
		return ERR_PTR(-ENOMEM);
	}
	mutex_init(&port->mutex);
	init_waitqueue_head(&port->wait);
	return port;
}

static void free_port(struct lg_port *port)
{
	vfree(port->memory);
	kfree(port);
}

static int join_port(struct lg *lg, struct lguest_net_join *join)
{
	struct lg_endpoint *ep;
	struct lg_port *port;

	if (is_in_use(lg) || join->buffer_bytes > LGUEST_PORT_MAX)
		return -EINVAL;
	port = new_port(join->buffer_bytes);
	if (IS_ERR(port))
		return PTR_ERR(port);
	ep = lg_endpoint_join(join, NULL, port);
	if (IS_ERR(ep)) {
		free_port(port);
		return PTR_ERR(ep);
	}
	port->endpoint = ep;
	lg_endpoint_bind(ep, offsetof(struct lguest_port, send),
			 offsetof(struct lguest_port, receive));
	/* Who sees it sees it whole. */
	smp_store_release(&lg->port, port);
	return 0;
}

static int ioctl_join(struct lg *lg, void __user *arg)
{
	struct lguest_net_join join;
	int err;

	if (copy_from_user(&join, arg, sizeof(join)))
		return -EFAULT;
	mutex_lock(&lg->lock);
	if (join.device == LGUEST_JOIN_PORT)
		err = join_port(lg, &join);
	else
		err = join_guest(lg, &join);
	mutex_unlock(&lg->lock);
	if (err)
		return err;
	return copy_to_user(arg, &join, sizeof(join)) ? -EFAULT : 0;
}

static int ioctl_listen(struct lg *lg, void __user *arg)
{
	struct lguest_net_listen listen;
	struct lg_listener *listener;
	int err = -EINVAL;

	if (copy_from_user(&listen, arg, sizeof(listen)))
		return -EFAULT;
	mutex_lock(&lg->lock);
	if (!is_in_use(lg)) {
		listener = lg_listener_open(&listen);
		err = PTR_ERR_OR_ZERO(listener);
		if (!err)
			/* Who sees it sees it whole. */
			smp_store_release(&lg->listener, listener);
	}
	mutex_unlock(&lg->lock);
	return err;
}

/* --- what a port does --- */

static struct lg_port *port_of(struct lg *lg)
{
	/* Pairs with join_port(). */
	return smp_load_acquire(&lg->port);
}

static struct lg_listener *listener_of(struct lg *lg)
{
	/* Pairs with ioctl_listen(). */
	return smp_load_acquire(&lg->listener);
}

static int send_frames(struct lg_port *port)
{
	int err;

	do {
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
		err = lg_dma_send(port->endpoint);
	} while (err == -EAGAIN);
	return err == -EFAULT ? -EINVAL : err;
}

static int ioctl_send(struct lg *lg)
{
	struct lg_port *port = port_of(lg);
	int err;

	if (!port)
		return -EINVAL;
	if (mutex_lock_interruptible(&port->mutex))
		return -EINTR;
	err = send_frames(port);
	mutex_unlock(&port->mutex);
	return err;
}

static int ioctl_restock(struct lg *lg)
{
	struct lg_port *port = port_of(lg);

	if (!port)
		return -EINVAL;
	lg_dma_restock(port->endpoint);
	return 0;
}

static int ioctl_set(struct lg *lg, const void __user *arg)
{
	struct lg_port *port = port_of(lg);
	struct lguest_net_set set;
	struct lg_endpoint *ep;

	if (!port)
		return -EINVAL;
	if (copy_from_user(&set, arg, sizeof(set)))
		return -EFAULT;
	if (set.slot > LGUEST_NET_NOBODY ||
	    set.mask & ~LG_FLAGS_TO_SET || set.flags & ~set.mask)
		return -EINVAL;
	if (set.slot == LGUEST_NET_NOBODY) {
		if (set.mask != LGUEST_SLOT_STRICT)
			return -EINVAL;
		lg_endpoint_set_joiners(port->endpoint, set.flags);
		return 0;
	}
	rcu_read_lock();
	ep = rcu_dereference(port->endpoint->net->slot[set.slot]);
	if (ep)
		lg_endpoint_set_flags(ep, set.mask, set.flags);
	rcu_read_unlock();
	return ep ? 0 : -ENOENT;
}

static int ioctl_divert(struct lg *lg, const void __user *arg)
{
	struct lg_port *port = port_of(lg);
	struct lguest_net_divert divert;

	if (!port)
		return -EINVAL;
	if (copy_from_user(&divert, arg, sizeof(divert)))
		return -EFAULT;
	return lg_divert(port->endpoint, &divert);
}

long lg_net_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct lg *lg = file->private_data;

	switch (cmd) {
	case LGUEST_NET_JOIN:
		return ioctl_join(lg, (void __user *)arg);
	case LGUEST_NET_LISTEN:
		return ioctl_listen(lg, (void __user *)arg);
	case LGUEST_NET_SET:
		return ioctl_set(lg, (void __user *)arg);
	case LGUEST_NET_DIVERT:
		return ioctl_divert(lg, (void __user *)arg);
	case LGUEST_NET_SEND:
		return ioctl_send(lg);
	case LGUEST_NET_RESTOCK:
		return ioctl_restock(lg);
	}
	return -ENOTTY;
}

static __poll_t poll_port(struct lg_port *port, struct file *file,
			  struct poll_table_struct *table)
{
	const struct lguest_port *memory = (void *)port->memory;
	struct lg_endpoint *ep = port->endpoint;
	__poll_t events = 0;

	poll_wait(file, &port->wait, table);
	if (READ_ONCE(ep->received) != READ_ONCE(memory->receive.seen))
		events |= EPOLLIN | EPOLLRDNORM;
	if (!READ_ONCE(ep->stopped))
		events |= EPOLLOUT | EPOLLWRNORM;
	return events;
}

static __poll_t poll_listener(struct lg_listener *listener, struct file *file,
			      struct poll_table_struct *table)
{
	if (!listener->log)
		return EPOLLERR;
	poll_wait(file, &listener->wait, table);
	/*
	 * Asked for again at each look: the writer of a later record may have
	 * woken us while an earlier one was still being written.
	 */
	WRITE_ONCE(listener->log->waiting, 1);
	/* The wish first, then look. */
	smp_mb();
	return lg_listener_has_news(listener) ? EPOLLIN | EPOLLRDNORM : 0;
}

__poll_t lg_net_poll(struct file *file, struct poll_table_struct *table)
{
	struct lg *lg = file->private_data;
	struct lg_listener *listener = listener_of(lg);
	struct lg_port *port = port_of(lg);

	if (port)
		return poll_port(port, file, table);
	if (listener)
		return poll_listener(listener, file, table);
	return EPOLLERR;
}

void lg_port_close(struct lg *lg)
{
	if (lg->port) {
		lg_endpoint_leave(lg->port->endpoint);
		lg_endpoint_free(lg->port->endpoint);
		free_port(lg->port);
	}
	if (lg->listener)
		lg_listener_close(lg->listener);
}

/* --- mapping --- */

/* What lies at a page of a file's offsets, if anything. */
static struct page *find_page(struct lg *lg, unsigned long offset)
{
	const struct lg_listener *listener = lg->listener;
	const struct lg_port *port = lg->port;
	struct lg_net *net = port ? port->endpoint->net : listener->net;
	struct lguest_net_pair *row;
	unsigned long bytes;
	void *own;

	if (offset < PAGE_SIZE)
		return virt_to_page(net->page);
	if (offset >= LGUEST_MAP_OWN) {
		offset -= LGUEST_MAP_OWN;
		own = port ? (void *)port->memory : (void *)listener->log;
		bytes = port ? port->bytes :
			PAGE_SIZE + (unsigned long)listener->log_bytes;
		return own && offset < bytes ? vmalloc_to_page(own + offset) :
					       NULL;
	}
	offset -= LGUEST_MAP_PAIRS;
	if (offset >= sizeof(struct lguest_net_pairs))
		return NULL;
	row = lg_net_row(net, offset / LG_ROW_BYTES);
	return row ? virt_to_page((void *)row + offset % LG_ROW_BYTES) : NULL;
}

static vm_fault_t fault(struct vm_fault *vmf)
{
	struct lg *lg = vmf->vma->vm_file->private_data;
	struct page *page = find_page(lg, vmf->pgoff << PAGE_SHIFT);

	if (!page)
		return VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct lg_vm_ops = {
	.fault = fault,
};

int lg_net_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct lg *lg = file->private_data;
	unsigned long start = vma->vm_pgoff << PAGE_SHIFT;
	unsigned long end = start + (vma->vm_end - vma->vm_start);

	if (!port_of(lg) && !listener_of(lg))
		return -EINVAL;
	if (!(vma->vm_flags & VM_SHARED) || end < start ||
	    vma->vm_pgoff > U32_MAX >> PAGE_SHIFT)
		return -EINVAL;
	if (start < LGUEST_MAP_OWN) {
		if (end > LGUEST_MAP_OWN)
			return -EINVAL;
		if (vma->vm_flags & VM_WRITE)
			return -EACCES;
		lg_vm_flags_change(vma, VM_DONTEXPAND, VM_MAYWRITE);
	} else {
		lg_vm_flags_change(vma, VM_DONTEXPAND, 0);
	}
	vma->vm_ops = &lg_vm_ops;
	return 0;
}

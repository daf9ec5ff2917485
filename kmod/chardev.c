// SPDX-License-Identifier: GPL-2.0
/*
 * chardev.c - /dev/lguest (include/lguest/chardev.h), one guest per open
 * file.  Ordinary users may open it, so every number in a request is taken
 * for a lie until checked.
 * guide: H:050
 */
#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "lg.h"
#include "net.h"

static bool is_initialized(const struct lg *lg)
{
	/* Pairs with the release in initialize(). */
	return smp_load_acquire(&lg->initialized);
}

static int check_initialize(const struct lguest_req_initialize *req)
{
	if (req->abi != LGUEST_ABI)
		return -EINVAL;
	if (!req->memory_bytes || req->memory_bytes > LGUEST_MEMORY_MAX)
		return -EINVAL;
	if (offset_in_page(req->memory) || offset_in_page(req->memory_bytes))
		return -EINVAL;
	if (!access_ok((void __user *)(unsigned long)req->memory,
		       req->memory_bytes))
		return -EINVAL;
	if (req->entry >= req->memory_bytes)
		return -EINVAL;
	return 0;
}

static int initialize(struct lg *lg, const struct lguest_req_initialize *req)
{
	int err = check_initialize(req);

	if (err)
		return err;
	err = lg_vcpu_alloc(lg);
	if (err)
		return err;
	lg->npages = req->memory_bytes >> PAGE_SHIFT;
	err = lg_shadow_init(lg);
	if (err)
		goto err_shadow;
	lg->data_pa = ~0U;
	lg_interrupts_init(lg);
	lg_gdt_init(lg);
	lg_vcpu_start(lg, req->entry, req->boot_params);
	/* Last: from here on the notifier may call. */
	err = lg_memory_init(lg, req->memory);
	if (err)
		goto err_shadow;
	lg->mm = current->mm;
	/* Whoever sees this sees all of the above. */
	smp_store_release(&lg->initialized, true);
	return 0;

err_shadow:
	lg_shadow_exit(lg);
	lg_vcpu_free(lg);
	return err;
}

static int request_initialize(struct lg *lg,
			      const struct lguest_req_initialize *req)
{
	int err = -EBUSY;

	mutex_lock(&lg->lock);
	if (lg->port || lg->listener)
		err = -EINVAL;
	else if (!lg->initialized)
		err = initialize(lg, req);
	mutex_unlock(&lg->lock);
	return err;
}

/*
 * Once there is a guest, only its own address space has business with it.
 * Asked once per call: a file that is not initialized yet could be so, by
 * another process, the next time one looks.
 */
static int check_caller(const struct lg *lg)
{
	if (!is_initialized(lg))
		return -EINVAL;
	return current->mm == lg->mm ? 0 : -EPERM;
}

static int request_irq_line(struct lg *lg, const struct lguest_req_irq *req)
{
	int err = check_caller(lg);

	if (err)
		return err;
	if (req->irq >= LGUEST_IRQS)
		return -EINVAL;
	lg_raise_irq(lg, req->irq);
	return 0;
}

static int request_eventfd(struct lg *lg, const struct lguest_req_eventfd *req)
{
	struct eventfd_ctx *ctx = NULL, *old;

	if (is_initialized(lg) && current->mm != lg->mm)
		return -EPERM;
	if (req->device >= LGUEST_DEVICE_MAX)
		return -EINVAL;
	if (req->fd != -1) {
		ctx = eventfd_ctx_fdget(req->fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}
	mutex_lock(&lg->eventfd_lock);
	old = lg->eventfd[req->device];
	WRITE_ONCE(lg->eventfd[req->device], ctx);
	mutex_unlock(&lg->eventfd_lock);
	if (old)
		eventfd_ctx_put(old);
	return 0;
}

union request {
	u32 type;
	struct lguest_req_initialize initialize;
	struct lguest_req_irq irq;
	struct lguest_req_eventfd eventfd;
};

static size_t request_size(u32 type)
{
	switch (type) {
	case LGUEST_REQ_INITIALIZE:
		return sizeof(struct lguest_req_initialize);
	case LGUEST_REQ_IRQ:
		return sizeof(struct lguest_req_irq);
	case LGUEST_REQ_EVENTFD:
		return sizeof(struct lguest_req_eventfd);
	}
	return 0;
}

static int do_request(struct lg *lg, const union request *req)
{
	switch (req->type) {
	case LGUEST_REQ_INITIALIZE:
		return request_initialize(lg, &req->initialize);
	case LGUEST_REQ_IRQ:
		return request_irq_line(lg, &req->irq);
	case LGUEST_REQ_EVENTFD:
		return request_eventfd(lg, &req->eventfd);
	}
	return -EINVAL;
}

static ssize_t lg_write(struct file *file, const char __user *buf,
			size_t count, loff_t *offset)
{
	struct lg *lg = file->private_data;
	union request req;
	int err;

	if (count < sizeof(req.type) || count > sizeof(req))
		return -EINVAL;
	if (copy_from_user(&req, buf, count))
		return -EFAULT;
	if (count != request_size(req.type))
		return -EINVAL;
	err = do_request(lg, &req);
	return err ?: count;
}

static ssize_t lg_read(struct file *file, char __user *buf, size_t count,
		       loff_t *offset)
{
	struct lg *lg = file->private_data;
	int err;

	/* The FPU of io_uring's and other kernel threads is not switched. */
	if (current->flags & (PF_KTHREAD | PF_IO_WORKER))
		return -EINVAL;
	err = check_caller(lg);
	if (err)
		return err;
	if (count < sizeof(lg->exit))
		return -EINVAL;
	if (!mutex_trylock(&lg->run_lock))
		return -EBUSY;
	err = lg->dead ? 0 : lg_run(lg);
	mutex_unlock(&lg->run_lock);
	if (err)
		return err;
	if (copy_to_user(buf, &lg->exit, sizeof(lg->exit)))
		return -EFAULT;
	return sizeof(lg->exit);
}

static int lg_open(struct inode *inode, struct file *file)
{
	struct lg *lg = kzalloc(sizeof(*lg), GFP_KERNEL_ACCOUNT);

	if (!lg)
		return -ENOMEM;
	mutex_init(&lg->lock);
	mutex_init(&lg->run_lock);
	mutex_init(&lg->eventfd_lock);
	file->private_data = lg;
	return nonseekable_open(inode, file);
}

static int lg_release(struct inode *inode, struct file *file)
{
	struct lg *lg = file->private_data;
	u32 i;

	if (lg->initialized) {
		lg_net_leave_all(lg);
		lg_interrupts_exit(lg);
		lg_memory_exit(lg);
		lg_net_free_all(lg);
		lg_shadow_exit(lg);
		lg_vcpu_free(lg);
	}
	for (i = 0; i < LGUEST_DEVICE_MAX; i++)
		if (lg->eventfd[i])
			eventfd_ctx_put(lg->eventfd[i]);
	lg_port_close(lg);
	kfree(lg);
	return 0;
}

static const struct file_operations lg_fops = {
	.owner = THIS_MODULE,
	.open = lg_open,
	.release = lg_release,
	.read = lg_read,
	.write = lg_write,
	.unlocked_ioctl = lg_net_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = lg_net_mmap,
	.poll = lg_net_poll,
};

/* Root only, until udev's rule gives it to group lguest. */
static struct miscdevice lg_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "lguest",
	.fops = &lg_fops,
	.mode = 0600,
};

int lg_chardev_register(void)
{
	return misc_register(&lg_device);
}

void lg_chardev_unregister(void)
{
	misc_deregister(&lg_device);
}

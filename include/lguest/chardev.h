/* SPDX-License-Identifier: GPL-2.0 */
/*
 * chardev.h - the contract between a launcher and /dev/lguest.
 *
 * One open file is one guest.  write() carries a request, one struct each,
 * whole; it returns the struct's size, or fails as the request says and for
 * any request with EINVAL (unknown type, wrong size) or EFAULT.  read() runs
 * the guest on the calling thread until it has ended or a signal is pending.
 * Closing the file ends the guest.
 *
 * Only a process with the address space that initialized the guest may use
 * the file after that; another (a fork's child, the receiver of a passed
 * descriptor) gets EPERM.  All fields are in host byte order; unused ones
 * are zero.
 * guide: L:210
 */
#ifndef _LGUEST_CHARDEV_H
#define _LGUEST_CHARDEV_H

#include <linux/types.h>
#include <lguest/hypercall.h>

#define LGUEST_CHARDEV		"/dev/lguest"

/* type of a request */
#define LGUEST_REQ_INITIALIZE	1
#define LGUEST_REQ_IRQ		2
#define LGUEST_REQ_EVENTFD	3

/* Guest memory is at most this many bytes, its device pages included. */
#define LGUEST_MEMORY_MAX	0xc0000000ULL

/*
 * Give the guest its memory and its start.  Once per file.
 * EBUSY	done before
 * EINVAL	abi differs, memory is not whole pages, empty, too large or not
 *		within the caller's address space, or entry lies outside of it
 * EINTR	a signal came first: nothing was done, write it again
 * ENOMEM, EFAULT
 */
struct lguest_req_initialize {
	__u32 type;		/* LGUEST_REQ_INITIALIZE */
	__u32 abi;		/* LGUEST_ABI */
	/*
	 * Where guest-physical 0 is in the caller's memory, and the bytes
	 * from there on that belong to the guest (device pages included).
	 * Pages are looked up when the guest touches them: one that is not
	 * there, or not writable, ends the guest, not the host.
	 */
	__u64 memory;
	__u64 memory_bytes;
	__u32 entry;		/* guest-physical; EIP at the start */
	__u32 boot_params;	/* guest-physical; ESI at the start */
};

/*
 * Raise an interrupt line; it stays pending until the guest takes it.  Any
 * thread may, while another one is in read().
 * EINVAL	irq is not below LGUEST_IRQS, or not initialized
 */
struct lguest_req_irq {
	__u32 type;		/* LGUEST_REQ_IRQ */
	__u32 irq;
};

/*
 * Name the eventfd that the guest's LHCALL_NOTIFY(device) adds 1 to, or with
 * fd -1 take it away.  A notification without an eventfd is ignored.
 * EINVAL	device is not below LGUEST_DEVICE_MAX, or fd no eventfd
 * EBADF	fd is not open
 */
struct lguest_req_eventfd {
	__u32 type;		/* LGUEST_REQ_EVENTFD */
	__u32 device;
	__s32 fd;
	__u32 reserved;
};

/*
 * What read() returns when the guest has ended; again at each further read().
 * EINTR	a signal is pending; call read() again to go on
 * EBUSY	another thread is in read()
 * EINVAL	not initialized, or the buffer is smaller than this struct
 */
struct lguest_exit {
	__u32 reason;		/* LGUEST_EXIT_* */
	__u32 reserved;
	char message[LGUEST_MESSAGE_MAX];	/* for people; ends with a NUL */
};

#define LGUEST_EXIT_POWEROFF	LGUEST_SHUTDOWN_POWEROFF
#define LGUEST_EXIT_RESTART	LGUEST_SHUTDOWN_RESTART
#define LGUEST_EXIT_PANIC	LGUEST_SHUTDOWN_PANIC	/* by its own account */
#define LGUEST_EXIT_KILLED	4	/* by the host, for what it did */

#endif /* _LGUEST_CHARDEV_H */

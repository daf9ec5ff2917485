// SPDX-License-Identifier: GPL-2.0
/*
 * device.c - keeps the list of a guest's devices and presents it to the guest.
 */
#include <sys/eventfd.h>
#include <unistd.h>

#include <lguest/chardev.h>

#include "device.h"
#include "log.h"

/* Interrupt 0 is the timer's. */
static unsigned int irq_of(const struct device *device)
{
	return device->number + 1;
}

void device_list_init(struct device_list *list)
{
	*list = (struct device_list){ .guest = -1 };
}

void device_add(struct device_list *list, struct device *device)
{
	device->list = list;
	device->number = list->count;
	device->doorbell = -1;
	list->device[list->count++] = device;
}

unsigned int device_pages(const struct device_list *list)
{
	unsigned int pages = 1;
	unsigned int i;

	for (i = 0; i < list->count; i++)
		pages += list->device[i]->pages;
	return pages;
}

static void rung(void *context)
{
	struct device *device = context;
	eventfd_t count;

	eventfd_read(device->doorbell, &count);
	device->notified(device->context);
}

static bool open_one(struct device *device, struct loop *loop,
		     struct why *why)
{
	device->doorbell = eventfd(0, EFD_CLOEXEC |
				   (device->notified ? EFD_NONBLOCK : 0));
	if (device->doorbell < 0)
		return why_fail(why, "cannot create an eventfd: %m");
	if (!device->notified)
		return true;
	device->watch = (struct watch){
		.fd = device->doorbell,
		.events = EPOLLIN,
		.changed = rung,
		.context = device,
	};
	return loop_add(loop, &device->watch, why);
}

bool device_open(struct device_list *list, struct loop *loop, struct why *why)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (!open_one(list->device[i], loop, why))
			return false;
	return true;
}

void device_close(struct device_list *list)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (list->device[i]->doorbell >= 0)
			close(list->device[i]->doorbell);
}

static bool name_doorbell(struct device *device, int guest, struct why *why)
{
	struct lguest_req_eventfd request = {
		.type = LGUEST_REQ_EVENTFD,
		.device = device->number,
		.fd = device->doorbell,
	};

	if (write(guest, &request, sizeof(request)) != sizeof(request))
		return why_fail(why, "the host does not take the eventfd of device %u: %m",
				device->number);
	return true;
}

/* Devices' threads look at it, too. */
static void set_guest(struct device_list *list, int guest)
{
	__atomic_store_n(&list->guest, guest, __ATOMIC_RELEASE);
}

bool device_attach(struct device_list *list, int guest, uint8_t *memory,
		   uint64_t start, struct why *why)
{
	struct lguest_device_page *page = (void *)(memory + start);
	uint64_t next = start + LGUEST_PAGE_SIZE;
	unsigned int i;

	list->memory = memory;
	list->ram = start;
	for (i = 0; i < list->count; i++) {
		struct device *device = list->device[i];

		page->dev[i].type = device->type;
		page->dev[i].num_pages = device->pages;
		page->dev[i].pfn = next / LGUEST_PAGE_SIZE;
		device->reset(device->context, memory + next);
		if (!name_doorbell(device, guest, why) ||
		    (device->attach &&
		     !device->attach(device->context, guest, why)))
			return false;
		next += (uint64_t)device->pages * LGUEST_PAGE_SIZE;
	}
	set_guest(list, guest);
	return true;
}

void device_detach(struct device_list *list)
{
	set_guest(list, -1);
}

void device_release(struct device_list *list)
{
	unsigned int i;

	device_detach(list);
	for (i = 0; i < list->count; i++)
		list->device[i]->reset(list->device[i]->context, NULL);
}

void device_again(struct device *device)
{
	eventfd_write(device->doorbell, 1);
}

void device_interrupt(struct device *device)
{
	struct lguest_req_irq request = {
		.type = LGUEST_REQ_IRQ,
		.irq = irq_of(device),
	};
	int guest = __atomic_load_n(&device->list->guest, __ATOMIC_ACQUIRE);

	if (guest < 0)
		return;
	if (write(guest, &request, sizeof(request)) < 0)
		log_error("cannot raise interrupt %u: %m", request.irq);
}

void device_print(const struct device_list *list, FILE *file)
{
	unsigned int i;

	for (i = 0; i < list->count; i++) {
		if (!list->device[i]->describe)
			continue;
		fprintf(file, "  device %u: ", i);
		list->device[i]->describe(list->device[i]->context, file);
	}
}

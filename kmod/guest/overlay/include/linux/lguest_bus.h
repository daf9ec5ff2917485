/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bus on which an lguest guest finds its devices, for their drivers.
 *
 * A driver names the type that it drives (LGUEST_DEVICE_*) and is probed for
 * each device of that type.  The bus keeps the status of the device that
 * launchers see; drivers do not write it.
 * guide: D:030
 */
#ifndef _LINUX_LGUEST_BUS_H
#define _LINUX_LGUEST_BUS_H

#include <linux/device.h>
#include <asm/lguest_guest.h>
#include <lguest/device.h>

/**
 * struct lguest_device - one entry of the device page
 * @dev: as any device; drivers may use its drvdata
 * @desc: the entry itself, shared with the launcher: read a field once
 * @index: its place in the page, which names it to the host
 */
struct lguest_device {
	struct device dev;
	struct lguest_device_desc *desc;
	unsigned int index;
};

/**
 * struct lguest_driver - a driver for one type of device
 * @driver: its name is the driver's to set
 * @type: LGUEST_DEVICE_*
 * @probe: take a device on; 0 or an error
 * @remove: let go of it; may be NULL
 */
struct lguest_driver {
	struct device_driver driver;
	u32 type;
	int (*probe)(struct lguest_device *ldev);
	void (*remove)(struct lguest_device *ldev);
};

#define to_lguest_device(d)	container_of(d, struct lguest_device, dev)
#define to_lguest_driver(d)	container_of(d, struct lguest_driver, driver)

int lguest_driver_register(struct lguest_driver *driver);
void lguest_driver_unregister(struct lguest_driver *driver);

/* The interrupt that the launcher raises for this device. */
static inline unsigned int lguest_device_irq(const struct lguest_device *ldev)
{
	return ldev->index + 1;
}

/* Wake the launcher's side of this device.  Any context. */
static inline void lguest_device_notify(const struct lguest_device *ldev)
{
	lguest_hypercall(LHCALL_NOTIFY, ldev->index, 0, 0);
}

/*
 * Map the device's own pages, from probe() on until the driver lets go of it.
 * ENXIO if it has none or they do not lie above the guest's memory, ENOMEM.
 */
void *lguest_device_map(struct lguest_device *ldev);

#endif /* _LINUX_LGUEST_BUS_H */

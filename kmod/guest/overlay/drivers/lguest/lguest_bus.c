// SPDX-License-Identifier: GPL-2.0
/*
 * The bus of lguest's devices: what the launcher put on the device page
 * becomes devices of the driver model, seen in /sys/bus/lguest.
 * guide: D:040
 */
#define pr_fmt(fmt) "lguest_bus: " fmt

#include <linux/err.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/lguest_bus.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/slab.h>
#include <asm/setup.h>

static ssize_t type_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	u32 type = READ_ONCE(to_lguest_device(dev)->desc->type);

	return sysfs_emit(buf, "%u\n", type);
}
static DEVICE_ATTR_RO(type);

static ssize_t features_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	u32 features = READ_ONCE(to_lguest_device(dev)->desc->features);

	return sysfs_emit(buf, "0x%08x\n", features);
}
static DEVICE_ATTR_RO(features);

static ssize_t status_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	u32 status = READ_ONCE(to_lguest_device(dev)->desc->status);

	return sysfs_emit(buf, "0x%02x\n", status);
}
static DEVICE_ATTR_RO(status);

static struct attribute *lguest_device_attrs[] = {
	&dev_attr_type.attr,
	&dev_attr_features.attr,
	&dev_attr_status.attr,
	NULL,
};
ATTRIBUTE_GROUPS(lguest_device);

static void set_status(struct lguest_device *ldev, u32 status)
{
	WRITE_ONCE(ldev->desc->status, status);
}

static void add_status(struct lguest_device *ldev, u32 bit)
{
	set_status(ldev, READ_ONCE(ldev->desc->status) | bit);
}

static int lguest_bus_match(struct device *dev, struct device_driver *driver)
{
	return READ_ONCE(to_lguest_device(dev)->desc->type) ==
	       to_lguest_driver(driver)->type;
}

static int lguest_bus_probe(struct device *dev)
{
	struct lguest_device *ldev = to_lguest_device(dev);
	int err;

	set_status(ldev, LGUEST_STATUS_ACKNOWLEDGE | LGUEST_STATUS_DRIVER);
	err = to_lguest_driver(dev->driver)->probe(ldev);
	add_status(ldev, err ? LGUEST_STATUS_FAILED : LGUEST_STATUS_DRIVER_OK);
	return err;
}

static void lguest_bus_remove(struct device *dev)
{
	struct lguest_driver *driver = to_lguest_driver(dev->driver);
	struct lguest_device *ldev = to_lguest_device(dev);

	if (driver->remove)
		driver->remove(ldev);
	set_status(ldev, LGUEST_STATUS_ACKNOWLEDGE | LGUEST_STATUS_REMOVED);
}

static struct bus_type lguest_bus = {
	.name		= "lguest",
	.dev_groups	= lguest_device_groups,
	.match		= lguest_bus_match,
	.probe		= lguest_bus_probe,
	.remove		= lguest_bus_remove,
};

int lguest_driver_register(struct lguest_driver *driver)
{
	driver->driver.bus = &lguest_bus;
	return driver_register(&driver->driver);
}

void lguest_driver_unregister(struct lguest_driver *driver)
{
	driver_unregister(&driver->driver);
}

void *lguest_device_map(struct lguest_device *ldev)
{
	u32 first = READ_ONCE(ldev->desc->pfn);
	u32 count = READ_ONCE(ldev->desc->num_pages);
	void *pages;

	/* A mistake here would have a driver scribble over our own memory. */
	if (!count || first + count < first ||
	    region_intersects(PFN_PHYS(first), PFN_PHYS((u64)count),
			      IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) !=
	    REGION_DISJOINT)
		return ERR_PTR(-ENXIO);
	pages = devm_memremap(&ldev->dev, PFN_PHYS(first),
			      (size_t)count << PAGE_SHIFT, MEMREMAP_WB);
	return pages ?: ERR_PTR(-ENOMEM);
}

static void release_device(struct device *dev)
{
	kfree(to_lguest_device(dev));
}

static void __init add_device(struct lguest_device_desc *desc,
			      unsigned int index)
{
	struct lguest_device *ldev = kzalloc(sizeof(*ldev), GFP_KERNEL);
	int err;

	if (!ldev) {
		pr_err("no memory for device %u\n", index);
		return;
	}
	ldev->desc = desc;
	ldev->index = index;
	ldev->dev.bus = &lguest_bus;
	ldev->dev.release = release_device;
	set_status(ldev, LGUEST_STATUS_ACKNOWLEDGE);
	dev_set_name(&ldev->dev, "lguest%u", index);
	err = device_register(&ldev->dev);
	if (err) {
		pr_err("cannot register device %u of type %u (error %d)\n",
		       index, desc->type, -err);
		set_status(ldev, LGUEST_STATUS_ACKNOWLEDGE |
				 LGUEST_STATUS_FAILED);
		put_device(&ldev->dev);
	}
}

static int __init lguest_bus_init(void)
{
	phys_addr_t pa = boot_params.hdr.hardware_subarch_data;
	struct lguest_device_page *page;
	unsigned int i;
	int err;

	err = bus_register(&lguest_bus);
	if (err)
		return err;
	if (boot_params.hdr.hardware_subarch != LGUEST_SUBARCH || !pa) {
		pr_warn("the launcher names no device page, so there are no devices\n");
		return 0;
	}
	page = memremap(pa, sizeof(*page), MEMREMAP_WB);
	if (!page) {
		pr_err("cannot map the device page at %pa\n", &pa);
		return -ENOMEM;
	}
	for (i = 0; i < LGUEST_DEVICE_MAX; i++) {
		if (page->dev[i].type == LGUEST_DEVICE_NONE)
			break;
		add_device(&page->dev[i], i);
	}
	return 0;
}
postcore_initcall(lguest_bus_init);

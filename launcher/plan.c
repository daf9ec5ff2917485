// SPDX-License-Identifier: GPL-2.0
/*
 * plan.c - reads what a guest is to be made of and plans its memory.
 */
#include "plan.h"

static bool open_initrd(struct plan *plan, struct why *why)
{
	const char *path = plan->config->initrd;

	if (!path)
		return true;
	if (!file_open(&plan->initrd, path, why))
		return false;
	if (!plan->initrd.bytes)
		return why_fail(why, "the initrd %s is empty", path);
	return true;
}

static bool plan_layout(struct plan *plan, unsigned int device_pages,
			struct why *why)
{
	const struct layout_wish wish = {
		.ram = plan->config->ram,
		.program = &plan->kernel.program,
		.initrd_bytes = plan->initrd.bytes,
		.initrd_end_max = plan->kernel.initrd_end_max,
		.device_pages = device_pages,
	};
	struct why inner;

	if (layout_plan(&wish, &plan->layout, &inner))
		return true;
	return why_fail(why, "cannot load kernel %s: %s", plan->config->kernel,
			inner.text);
}

bool plan_make(struct plan *plan, const struct config *config,
	       unsigned int device_pages, struct why *why)
{
	*plan = (struct plan){ .config = config, .initrd.fd = -1 };
	if (kernel_load(config->kernel, &plan->kernel, why) &&
	    open_initrd(plan, why) && plan_layout(plan, device_pages, why))
		return true;
	plan_free(plan);
	return false;
}

void plan_print(const struct plan *plan, FILE *file)
{
	fprintf(file, "guest %s: %lluM of memory, kernel %s (%s), entry 0x%x\n",
		plan->config->name,
		(unsigned long long)(plan->layout.ram / MIB),
		plan->config->kernel, plan->kernel.format,
		plan->kernel.program.entry);
	layout_print(&plan->layout, file);
	fprintf(file, "  command line: %s\n", plan->config->cmdline);
}

void plan_free(struct plan *plan)
{
	kernel_free(&plan->kernel);
	if (plan->initrd.fd >= 0)
		file_close(&plan->initrd);
}

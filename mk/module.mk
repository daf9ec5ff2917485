# SPDX-License-Identifier: GPL-2.0
#
# lg.ko, the guest kernel and its initrd.  The first two have build systems of
# their own, which know by themselves what is out of date: they are always asked.
#
# lg.ko is built for each host kernel apart, in build/kmod/RELEASE/.
# guide: P:050

RUNNING_KDIR := /lib/modules/$(shell uname -r)/build

# Without KDIR, a machine whose own kernel has no headers (a container, say)
# builds for the kernel that the tests run on.
$(B)/lg.ko: FORCE
	@mkdir -p $(@D)
	+@if [ -n "$(KDIR)" ]; then \
		kdir="$(KDIR)"; \
	elif [ -e $(RUNNING_KDIR)/Makefile ]; then \
		kdir=$(RUNNING_KDIR); \
	else \
		echo "no headers of the running kernel here (package linux-headers-$$(uname -r)): lg.ko will be for the test host's $(HOST_KERNEL) (KDIR=... chooses)"; \
		kdir=$$(tests/vm/host-kernel $(HOST_KERNEL)) || exit; \
		kdir=$$kdir/build; \
	fi; \
	module=$$(mk/module "$$kdir") && cp "$$module" $@

.PHONY: module
module: ## lg.ko for the kernel that tests run on (HOST_KERNEL)
	+@dir=$$(tests/vm/host-kernel $(HOST_KERNEL)) && mk/module "$$dir/build"

.PHONY: guest-kernel
guest-kernel: ## build/guest/vmlinux and bzImage, for guests
	@kmod/guest/build $(B)/guest

# Its user space, ready-made: Debian's busybox, and mk/guest/.
.PHONY: guest-initrd
guest-initrd: $(B)/guest/initrd.gz ## build/guest/initrd.gz, for guests: a shell, and settings lg.*

$(B)/guest/initrd.gz: mk/initrd $(wildcard mk/guest/*)
	$(call TELL,INITRD)
	$(Q)mk/initrd $@

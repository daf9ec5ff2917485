# SPDX-License-Identifier: GPL-2.0
#
# Installation.  mk/install knows what goes where below DESTDIR and PREFIX, and
# writes it down for mk/uninstall.  Debian packages are made from the same.
#
# Root installs what an ordinary user has built: what has to be built still is
# built as that user (mk/as-owner).

export DESTDIR PREFIX

# What guests run
.PHONY: guest-products
guest-products: guest-kernel guest-initrd

.PHONY: built
built:
	+@mk/as-owner $(MAKE) --no-print-directory all guest-products guide

.PHONY: install
install: built ## all but for DKMS, to DESTDIR and PREFIX
	@mk/install --manifest module programs guest
	@[ -n "$(DESTDIR)" ] || { \
		echo "next, as root: systemd-sysusers && systemd-tmpfiles --create lguest.conf &&"; \
		echo "    udevadm control --reload && depmod && modprobe lg"; \
		echo "and whoever may run guests, USER: adduser USER lguest"; \
	}

.PHONY: install-dkms
install-dkms: ## lg.ko's sources, built by DKMS for every kernel, now and later
	@mk/install --manifest dkms
	@[ -n "$(DESTDIR)" ] || mk/dkms install $$(mk/version)

.PHONY: uninstall
uninstall: ## remove what these two have installed, and nothing else
	@mk/uninstall
	@[ -n "$(DESTDIR)" ] || echo "next, as root: depmod && udevadm control --reload"

.PHONY: deb
deb: ## Debian packages, in build/deb/
	@mk/deb

# SPDX-License-Identifier: GPL-2.0
#
# The front door: whatever one does with this tree is a target here, and `make
# help` lists them.  All products go below build/.  The rules are in mk/:
#	user.mk		the programs, for this machine
#	module.mk	lg.ko, for a host kernel; the guest kernel
#	lab.mk		a lab, from nothing
#	install.mk	installation, Debian packages
#	tests.mk	test programs and tiny guests, style, running it all
# guide: P:020

PREFIX	?= /usr/local
CFLAGS	?= -O2 -g

# The host kernel that tests run on: 6.1, 6.12 or 6.1-debug, see tests/vm/host-kernel.
HOST_KERNEL ?= 6.1
export HOST_KERNEL
# How many VMs run tests at once.
JOBS ?= $(shell nproc)

B := build

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: FORCE
all:

include mk/user.mk
include mk/module.mk
include mk/install.mk
include mk/lab.mk
include mk/tests.mk

.PHONY: help
help: ## list the targets (default: all)
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@echo
	@echo 'Variables: KDIR (kernel to build lg.ko for; default: the running one),'
	@echo 'HOST_KERNEL (6.1, 6.12 or 6.1-debug, for tests), TESTS (which of tests/vm/tests), JOBS,'
	@echo 'SOAK=yes (tests as long as they should be at times),'
	@echo 'ROWS (which of tests/bench), V=1 (show commands),'
	@echo 'PREFIX, DESTDIR, LGUEST_CACHE (downloads; default: ~/.cache/lguest)'

.PHONY: all
all: programs $(B)/lg.ko ## the programs, and lg.ko for KDIR

.PHONY: deps
deps: ## install what building and testing need (as root; else tells how)
	@mk/deps

.PHONY: guide
guide: ## the story that the sources tell, to read (build/guide/)
	@mk/guide $(B)/guide

.PHONY: clean
clean: ## remove build/ and lab/ (the cache outside of the tree stays)
	rm -rf $(B) lab

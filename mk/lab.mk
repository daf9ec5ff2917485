# SPDX-License-Identifier: GPL-2.0
#
# The lab, which is also how all of this is tried for the first time.  Nothing
# is a prerequisite: the script installs what building needs before it builds.

.PHONY: lab
lab: ## from nothing to guests, a router, a switch and a capture (LAB=native: without a VM)
	@tests/lab/run

.PHONY: lab-shell
lab-shell: ## the same, and then a console of each guest to play in
	@tests/lab/run --shell

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: /dev/lguest refuses every wrong request, call and caller
# timeout: 400
#
# tests/vm/abuse-requests.c says what it tries.
set -eu
. tests/vm/lib.sh

abuse() {
	build/tests/vm/abuse-requests
}

abuse_twice() {
	abuse && abuse
}

run abuse
no_growth 2048 slab_kib abuse_twice
# The kernel's count is by 32 of each CPU.
no_growth 64 open_files abuse

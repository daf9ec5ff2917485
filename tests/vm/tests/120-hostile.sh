#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: hostile guests harm nobody but themselves
# timeout: 600
#
# Bad page tables, descriptors, gates, stacks, frames, instructions...: the
# guest dies for it, or gets the fault that it deserves; the host goes on.
set -eu
. tests/vm/lib.sh

run tests/guests/run 'hostile-[!fhln]*'

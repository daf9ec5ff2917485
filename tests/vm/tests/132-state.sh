#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a launcher's registers, segments and breakpoints survive its guest
# timeout: 240
#
# tests/vm/abuse-state.c says what it tries.
set -eu
. tests/vm/lib.sh

run build/tests/vm/abuse-state

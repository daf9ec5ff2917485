#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: random code in ring 1 and ring 3 cannot leave the guest
# timeout: 600
set -eu
. tests/vm/lib.sh

run tests/guests/run hostile-fuzz

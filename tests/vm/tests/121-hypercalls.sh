#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: no hypercall can be abused by wild arguments, at any stage
# timeout: 600
set -eu
. tests/vm/lib.sh

run tests/guests/run hostile-hypercall

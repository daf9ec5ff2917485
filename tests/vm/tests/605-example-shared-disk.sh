#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: examples/shared-disk: three guests from one image, each with what it wrote itself
# timeout: 120
set -eu
. tests/vm/lib.sh
. tests/vm/examples.sh

example shared-disk
run test "$(grep -c '^the same for all' "$SHOWN")" -eq 3
shown '^The image has not changed'

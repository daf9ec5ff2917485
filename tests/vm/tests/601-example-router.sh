#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: examples/router: a guest routes IPv4 and IPv6 between two nets
# timeout: 120
set -eu
. tests/vm/lib.sh
. tests/vm/examples.sh

example router
run test "$(grep -c ' ttl=63 ' "$SHOWN")" -eq 4
shown '^ *1  10\.0\.1\.1 '
shown '^ *2  10\.0\.2\.2 '
shown '^[1-9][0-9]* packets'

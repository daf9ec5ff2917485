#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: examples/lossy-link: frames from a to b are lost and late, those from b to a are neither
# timeout: 150
set -eu
. tests/vm/lib.sh
. tests/vm/examples.sh

example lossy-link
mapfile -t lost < <(sed -n 's/.* \([0-9]*\)% packet loss/\1/p' "$SHOWN")
run test ${#lost[@]} -eq 4
run test "${lost[0]}" -eq 0
run test "${lost[1]}" -gt 0
run test "${lost[2]}" -gt 0
run test "${lost[3]}" -eq 0
mapfile -t least < <(sed -n 's/^round-trip .* = \([0-9]*\)\..*/\1/p' "$SHOWN")
# Once 50 ms, not twice: one way only
for i in 1 2; do
	run test "${least[i]}" -ge 50
	run test "${least[i]}" -lt 100
done
run test "${least[3]}" -lt 50

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: power-off, restart and panic end a guest with their own status and reason
# timeout: 180
set -eu
. tests/vm/linux.sh

init 'poweroff -f'
linux 0 60 32m < /dev/null

init 'halt -f'
linux 0 60 32m < /dev/null

init 'reboot -f'
linux 4 60 32m < /dev/null
seen 'asked for a restart'

COMPLAINTS_EXPECTED='a panic has a call trace'
init 'echo about to panic; exit 7'
linux 3 60 32m --name=doomed < /dev/null
seen 'about to panic'
seen 'doomed: guest panicked: Attempted to kill init! exitcode=0x00000700'

COMPLAINTS_EXPECTED=

# With --restart it comes up again and again, until told to go.
init 'echo came up; reboot -f'
start_linux 32m --restart --name=phoenix < /dev/null > "$OUTPUT" 2>&1
came_up_three_times() {
	[ "$(grep -c '^came up' "$OUTPUT")" -ge 3 ]
}
run wait_for 60 came_up_three_times
kill -TERM $GUEST
expect 143 wait $GUEST

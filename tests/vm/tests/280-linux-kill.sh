#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: Linux guests killed at random moments leave no memory, process or file behind
# timeout: 300
set -eu
. tests/vm/linux.sh
. tests/vm/group.sh

KILLS=$(soak 12 60)
SLACK=6144	# KiB of slab that may differ for other reasons

init 'while :; do md5sum /bin/busybox > /dev/null & wait; done'

kill_one() {
	start_linux 32m --console=null < /dev/null > /dev/null 2>&1
	sleep "$((RANDOM % 2)).$(printf %03d $((RANDOM % 1000)))"
	kill -KILL $GUEST
	wait $GUEST 2> /dev/null || :
}

settled() {
	[ "$(cat /sys/module/lg/refcnt)" -eq 0 ] && ! pgrep -x lguest
}

kill_many() {
	local left=$1
	while [ "$left" -gt 0 ]; do
		kill_one
		left=$((left - 1))
	done
	wait_for 10 settled
}

new_group linux-kill
run in_group kill_many 5
files=$(open_files)
no_growth $SLACK slab_kib in_group kill_many "$KILLS"
wait_for 10 little_is_left
echo "left of $KILLS guests: $(group_left) bytes"
echo "open files: $files before, $(open_files) after"
run test "$(open_files)" -le $((files + 64))

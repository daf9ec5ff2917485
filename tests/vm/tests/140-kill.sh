#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: launchers killed at any moment leave nothing behind, and lg.ko unloads
# timeout: 600
set -eu
. tests/vm/lib.sh
. tests/vm/group.sh

KILLS=$(soak 60 200)
RELOADS=$(soak 5 20)
MODULE=build/kmod/$(uname -r)/lg.ko
# KiB of slab that may differ for other reasons than guests
SLAB_SLACK=4096

# A guest of a kind by turns, killed after 0 to 120 ms.
kill_one() {
	local i=$1 kinds pid
	kinds=('hostile-loop case=0' 'hostile-loop case=14' 'memory seconds=60'
	       'hostile-loop case=11' 'syscalls' 'hostile-loop case=13')
	# shellcheck disable=SC2086 # words
	set -- ${kinds[i % ${#kinds[@]}]}
	build/lguest --console=null --name="$1" 32M "build/tests/guests/$1" "${@:2}" \
		< /dev/null > /dev/null 2>&1 &
	pid=$!
	sleep "0.$(printf %03d $((RANDOM % 120)))"
	kill -KILL $pid 2> /dev/null || :
	wait $pid 2> /dev/null || :
}

# Four at a time.
kill_many() {
	local i j
	for ((i = 0; i < $1; i += 4)); do
		for j in 0 1 2 3; do
			kill_one $((i + j)) &
		done
		wait
	done
}

# Threads of the dead may take a moment to let go.
settled() {
	[ "$(cat /sys/module/lg/refcnt)" -eq 0 ] && ! pgrep -x lguest
}

in_use() {
	[ "$(cat /sys/module/lg/refcnt)" -gt 0 ]
}

kill_and_settle() {
	in_group kill_many "$1"
	wait_for 10 settled
}

new_group kill
kill_and_settle 10	# what is allocated once is there from now on
no_growth $SLAB_SLACK slab_kib kill_and_settle "$KILLS"
wait_for 10 little_is_left
echo "left of $KILLS guests: $(group_left) bytes"

# In use it cannot be unloaded, else it can, time and again.
build/lguest --console=null 16M build/tests/guests/hostile-loop case=0 < /dev/null &
pid=$!
run wait_for 10 in_use
if rmmod lg 2> "$TMPDIR/rmmod"; then
	fail "rmmod succeeded while a guest was running"
fi
run grep -q 'in use' "$TMPDIR/rmmod"
kill -KILL $pid
wait $pid || :
run wait_for 10 settled
reload_many() {
	local i
	for i in $(seq "$RELOADS"); do
		rmmod lg && insmod "$MODULE" || return
	done
}
no_growth $SLAB_SLACK slab_kib reload_many
run build/lguest --console=null 16M build/tests/guests/hypercalls

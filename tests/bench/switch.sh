# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# switch.sh - those rows of the section "net" (net.sh) that go through lgswitch:
#
#	guests a --- sharenet --- b
#	                |
#	             lgswitch --- lg9 10.0.0.9 host
#
#	guest t1 --- tap --- Linux bridge --- tap --- guest t2
#
# What they are compared with is the way from guest to guest, which needs none.

SWITCH_HOST=10.0.0.9
# Addresses that a switch may know, and those that it then knows.
FEW_MACS=10
MANY_MACS=10000

# start_switch [WORD...]
start_switch() {
	modprobe tun
	build/lgswitch "$NET" --name=bench --control="$TMP/bench.sock" \
		--tap=lg9,addr=$SWITCH_HOST/24 "$@" 2> "$TMP/switch.log" &
	SWITCH_PID=$!
	until grep -q 'is ready' "$TMP/switch.log"; do
		kill -0 "$SWITCH_PID" 2> /dev/null ||
			{ trouble "lgswitch did not start" "$TMP/switch.log"; return 1; }
		sleep 0.05
	done
}

stop_switch() {
	kill "$SWITCH_PID"
	wait "$SWITCH_PID" || trouble "lgswitch failed" "$TMP/switch.log"
}

# with_switch COMMAND...  (Three share the CPUs then, whom the scheduler places
# better than we would.)
with_switch() {
	local status=0
	start_switch || return
	place b 0-1
	"$@" || status=1
	place b "${CPU_OF[b]}"
	stop_switch
	return "$status"
}

row_switch_up() {
	guest_stream && with_switch stream b host $SWITCH_HOST &&
		compared switch_up "$GUEST_STREAM" "$VALUE"
}

row_switch_down() {
	guest_stream && with_switch stream host b 10.0.0.2 &&
		compared switch_down "$GUEST_STREAM" "$VALUE"
}

# How it goes without a switch of ours: by --tunnet and the host's own.
row_switch_taps() {
	guest_stream && stream t2 t1 10.3.0.1 && compared switch_taps "$GUEST_STREAM" "$VALUE"
}

start_taps() {
	modprobe -a tun bridge && ip link add bench type bridge && ip link set bench up &&
		start_told t1 --tunnet=bridge:bench && start_told t2 --tunnet=bridge:bench &&
		join t1 10.3.0.1 && join t2 10.3.0.2
}

stop_taps() {
	stop_told t1 t2
	ip link del bench 2> /dev/null
}

row_switch_udp() {
	local direct
	blast b a 10.0.0.1 || return
	direct=$VALUE
	with_switch blast b host $SWITCH_HOST && compared switch_udp "$direct" "$VALUE"
}

# some_macs COUNT: a configuration that knows them
some_macs() {
	awk -v count="$1" 'BEGIN {
		for (i = 0; i < count; i++)
			printf "static=02:99:00:00:%02x:%02x,port=lg9\n", i / 256, i % 256
	}' > "$TMP/macs"
}

# blast_with MACS
blast_with() {
	some_macs "$1"
	start_switch --config="$TMP/macs" || return
	blast b host $SWITCH_HOST
	stop_switch
}

row_switch_macs() {
	local few
	blast_with $FEW_MACS || return
	few=$VALUE
	blast_with $MANY_MACS && compared switch_macs "$few" "$VALUE"
}

# --- section count: system calls of the switch per frame that guests send

SWITCH_EVENT=/sys/kernel/tracing/events/raw_syscalls/sys_enter

count_calls() {
	local sent status=0
	echo "hist:keys=common_pid if common_pid == $SWITCH_PID" > $SWITCH_EVENT/trigger ||
		{ trouble "this kernel cannot count system calls"; return 1; }
	frames b && sent=$FRAMES && stream b host $SWITCH_HOST && frames b || status=1
	CALLS=$(awk '/hitcount:/ { sum += $NF } END { print sum + 0 }' $SWITCH_EVENT/hist)
	echo '!hist:keys=common_pid' > $SWITCH_EVENT/trigger
	[ $status -ne 0 ] || VALUE=$(calculate "$CALLS / ($FRAMES - $sent)")
	return $status
}

count_switch_calls() {
	asked switch_calls || return 0
	with_switch count_calls && sample "$ROUND" switch_calls "$VALUE"
}

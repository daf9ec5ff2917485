# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# switch.sh - the section "switch" of tests/bench/inside, and what a switch
# costs in system calls:
#
#	guests a, b --- sharenet --- lgswitch --- tap --- host
#	guest t1 --- tap --- Linux bridge --- tap --- guest t2
#
# It goes by the functions of net.sh.

SWITCH_NET=$TMP/net0		# that of start_pair
SWITCH_LOG=$TMP/lgswitch.log
SWITCH_WAIT=30			# seconds, for it to be ready
FEW_MACS=10
MANY_MACS=10000

start_switch() {
	local i
	modprobe tun
	: > "$SWITCH_LOG"
	build/lgswitch --name=bench --control="$TMP/bench.sock" "$SWITCH_NET" \
		--tap=benchsw,addr=10.0.0.254/24 --tap=benchmac > "$SWITCH_LOG" 2>&1 &
	SWITCH_PID=$!
	for ((i = 0; i < SWITCH_WAIT * 20; i++)); do
		! grep -q 'is ready' "$SWITCH_LOG" || return 0
		kill -0 $SWITCH_PID 2> /dev/null || break
		sleep 0.05
	done
	trouble "the switch did not start: $(tail -n 1 "$SWITCH_LOG")"
	return 1
}

stop_switch() {
	[ -n "${SWITCH_PID-}" ] || return 0
	kill "$SWITCH_PID"
	wait "$SWITCH_PID" || trouble "the switch failed: $(tail -n 1 "$SWITCH_LOG")"
	SWITCH_PID=
}

# learn COUNT: a frame from each of so many stations, in the other tap
learn() {
	ip link set benchmac up
	python3 - "$1" << 'END'
import socket, struct, sys, time
tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
tap.bind(("benchmac", 0))
for i in range(int(sys.argv[1])):
    # (To a station that is nobody's, but not to all: no guest is woken.)
    tap.send(b"\x02\0\0\0\0\xfe" + b"\x02\x77" + struct.pack(">I", i) + b"\x88\xb5" + bytes(46))
    if i % 200 == 199:
        time.sleep(0.01)
END
}

row_switch_out() {
	guest_stream && stream a host 10.0.0.254 && compared switch_out "$GUEST_STREAM" "$VALUE"
}

row_switch_in() {
	guest_stream && stream host a 10.0.0.1 && compared switch_in "$GUEST_STREAM" "$VALUE"
}

row_switch_taps() {
	guest_stream && stream t2 t1 10.3.0.1 && compared switch_taps "$GUEST_STREAM" "$VALUE"
}

row_switch_udp() {
	local guest
	blast b a 10.0.0.1 || return
	guest=$VALUE
	blast a host 10.0.0.254 && compared switch_udp "$guest" "$VALUE"
}

# One after the other in a new switch, which has forgotten them.
row_switch_macs() {
	local few
	stop_switch
	start_switch && learn $FEW_MACS && blast a host 10.0.0.254 || return
	few=$VALUE
	learn $MANY_MACS && blast a host 10.0.0.254 && compared switch_macs "$few" "$VALUE"
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

measure_switch() {
	local names row
	mapfile -t names < <(rows switch)
	[ ${#names[@]} -gt 0 ] || return 0
	# shellcheck disable=SC2034 # start_guest's
	INITRD=$IO_INITRD
	declare -A broken=()
	if start_switch && start_pair; then
		! asked switch_taps || start_taps || broken[switch_taps]=yes
		for ((ROUND = 1; ROUND <= IO_ROUNDS; ROUND++)); do
			progress "switch, round $ROUND of $IO_ROUNDS"
			GUEST_STREAM=''
			for row in "${names[@]}"; do
				[ -z "${broken[$row]-}" ] || continue
				"row_$row" || broken[$row]=yes
			done
		done
	fi
	stop_taps
	stop_told a b
	stop_switch
}

# --- section count, of a switch: the kernel counts by process

SYSCALLS=/sys/kernel/tracing/events/raw_syscalls/sys_enter

start_counting() {
	echo "hist:keys=common_pid if common_pid == $SWITCH_PID" > "$SYSCALLS/trigger"
}

stop_counting() {
	echo "!hist:keys=common_pid if common_pid == $SWITCH_PID" > "$SYSCALLS/trigger"
}

syscalls() {
	awk '$1 == "{" && /hitcount/ { sub(/.*hitcount: */, ""); sum += $1 } END { print sum + 0 }' "$SYSCALLS/hist"
}

# Frames that crossed: what the tap took and gave, super-frames once.
crossed() {
	local statistics=/sys/class/net/benchsw/statistics
	echo $(($(< $statistics/rx_packets) + $(< $statistics/tx_packets)))
}

# count_syscalls ROW COMMAND...
count_syscalls() {
	local row=$1 calls frames
	shift
	asked "$row" || return 0
	calls=$(syscalls) frames=$(crossed)
	"$@" || return
	calls=$(($(syscalls) - calls)) frames=$(($(crossed) - frames))
	[ "$frames" -gt 0 ] || { trouble "no frame crossed the switch"; return 1; }
	sample "$ROUND" "$row" "$(calculate "$calls / $frames")"
}

measure_syscalls() {
	asked tcp_syscalls udp_syscalls || return 0
	# shellcheck disable=SC2034 # start_guest's
	INITRD=$IO_INITRD
	progress "counting system calls of a switch"
	if start_switch && start_pair; then
		if start_counting; then
			for ((ROUND = 1; ROUND <= 3; ROUND++)); do
				count_syscalls tcp_syscalls stream a host 10.0.0.254 || break
				count_syscalls udp_syscalls blast a host 10.0.0.254 || break
			done
			stop_counting
		else
			trouble "this kernel cannot count system calls by process"
		fi
	fi
	stop_told a b
	stop_switch
}

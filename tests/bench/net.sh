# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# net.sh - the sections "net" and "count" of tests/bench/inside:
#
#	guests a --- sharenet --- b		host   namespaces A --- veth --- B
#	guest tun --- tap --- host
#
# The same program talks in all places.

NET=$TMP/net0
ECHO_PORT=5002
PORT=5001
STREAM_MIB=128
BLAST_SECONDS=2
DATAGRAM=64
TRIPS=400
NET_LIMIT=60	# seconds, after which traffic is stuck

declare -A PLACE_PID

is_guest() {
	[ -n "${TOLD_GUEST[$1]-}" ]
}

# begin PLACE TRAFFIC-ARGUMENT...; then finish PLACE: wait, $SAID is what it said
begin() {
	local place=$1 words=(timeout "$NET_LIMIT")
	shift
	if is_guest "$place"; then
		order "$place" "${words[*]} traffic $*"
		return
	fi
	[ "$place" = host ] || words=(ip netns exec "$place" "${words[@]}")
	pin_to "$place"
	words=("${PIN[@]}" "${words[@]}")
	PIN=()
	"${words[@]}" "$TMP/traffic" "$@" > "$TMP/said.$place" 2>&1 &
	PLACE_PID[$place]=$!
}

finish() {
	local status=0
	if is_guest "$1"; then
		answer "$1" || status=$?
	else
		wait "${PLACE_PID[$1]}" || status=$?
		SAID=$(< "$TMP/said.$1")
	fi
	[ "$status" -eq 0 ] || trouble "traffic at $1 failed ($status): ${SAID//$'\n'/; }"
	return "$status"
}

# field NAME: of what was said
field() {
	sed -n "s/.* $1=\([0-9.]*\).*/\1/p" <<< "$SAID"
}

# Each sets $VALUE, in ns.

# stream FROM TO ADDRESS
stream() {
	local status=0
	begin "$2" sink $PORT nosum
	begin "$1" send "$3" $PORT $STREAM_MIB nosum
	finish "$1" || status=1
	VALUE=$(calculate "$(field seconds) * 1e9 / ($STREAM_MIB * 1024)")
	finish "$2" && return "$status"
}

# blast FROM TO ADDRESS
blast() {
	local status=0
	begin "$2" count $PORT 1
	begin "$1" blast "$3" $PORT $DATAGRAM $BLAST_SECONDS
	finish "$1" || status=1
	finish "$2" || return
	[ "$(field got)" -gt 0 ] || { trouble "no datagram came from $1 to $2"; return 1; }
	VALUE=$(calculate "$(field seconds) * 1e9 / $(field got)")
	return "$status"
}

# round_trips FROM ADDRESS
round_trips() {
	begin "$1" rtt "$2" $ECHO_PORT $TRIPS
	finish "$1" || return
	VALUE=$(calculate "$(field median_us) * 1000")
}

# The streams that others are compared with, once a round.
veth_stream() {
	[ -n "$VETH_STREAM" ] || { stream B A 10.1.0.1 && VETH_STREAM=$VALUE; }
}

guest_stream() {
	[ -n "$GUEST_STREAM" ] || { stream b a 10.0.0.1 && GUEST_STREAM=$VALUE; }
}

# --- rows

# compared ROW HOST GUEST: a sample of each
compared() {
	sample "$ROUND" "$1" "$2" host
	sample "$ROUND" "$1" "$3"
}

row_net_tcp() {
	veth_stream && guest_stream && compared net_tcp "$VETH_STREAM" "$GUEST_STREAM"
}

row_net_listen() {
	local pid status=0
	guest_stream || return
	build/tests/ports/drain "$NET" > "$TMP/drain" 2>&1 &
	pid=$!
	until [ -s "$TMP/drain" ]; do
		kill -0 $pid || break
		sleep 0.05
	done
	stream b a 10.0.0.1 || status=1
	kill $pid 2> /dev/null
	wait $pid || { trouble "the listener failed: $(< "$TMP/drain")"; return 1; }
	progress "the listener $(tail -n 1 "$TMP/drain")"
	[ "$status" -ne 0 ] || compared net_listen "$GUEST_STREAM" "$VALUE"
}

row_net_tunnet() {
	veth_stream && stream tun host 10.2.0.1 &&
		compared net_tunnet "$VETH_STREAM" "$VALUE"
}

row_net_udp() {
	local veth
	blast B A 10.1.0.1 || return
	veth=$VALUE
	blast b a 10.0.0.1 && compared net_udp "$veth" "$VALUE"
}

row_net_rtt() {
	local veth
	round_trips B 10.1.0.1 || return
	veth=$VALUE
	round_trips b 10.0.0.1 && compared net_rtt "$veth" "$VALUE"
}

# --- places

make_namespaces() {
	modprobe veth &&
		ip netns add A && ip netns add B &&
		ip link add eth0 netns A type veth peer name eth0 netns B &&
		ip -n A addr add 10.1.0.1/24 dev eth0 && ip -n A link set eth0 up &&
		ip -n B addr add 10.1.0.2/24 dev eth0 && ip -n B link set eth0 up
}

start_namespaces() {
	make_namespaces || { trouble "no namespaces to compare with"; return 1; }
	taskset -c "${CPU_OF[A]}" ip netns exec A "$TMP/traffic" echo $ECHO_PORT &
	ECHO_PID=$!
}

# Nothing of the host may be left to disturb what is measured next.
stop_namespaces() {
	[ -z "${ECHO_PID-}" ] || kill "$ECHO_PID"
	ip netns del A
	ip netns del B
}

# join NAME ADDRESS
join() {
	tell "$1" "ip addr add $2/24 dev eth0 && ip link set eth0 up"
}

start_pair() {
	start_told a --sharenet="$NET" && start_told b --sharenet="$NET" &&
		join a 10.0.0.1 && join b 10.0.0.2 &&
		tell a "traffic echo $ECHO_PORT &"
}

start_tun() {
	modprobe tun && start_told tun --tunnet=10.2.0.1/24 && join tun 10.2.0.2
}

# --- section net

# What cannot be started is missing in those rows only that need it.
start_places() {
	local places row
	places=" $(for row; do needs "$row"; done | tr '\n' ' ')"
	READY=
	start_namespaces && READY+=' veth'
	[[ $places != *' pair '* ]] || { start_pair && READY+=' pair'; }
	[[ $places != *' tun '* ]] || { start_tun && READY+=' tun'; }
	[[ $places != *' taps '* ]] || { start_taps && READY+=' taps'; }
}

# needs ROW: what it talks between
needs() {
	case $1 in
	switch_taps) echo pair taps ;;
	net_listen | switch_* | dump_slows*) echo pair ;;
	dump_*) echo veth ;;
	net_tunnet) echo veth tun ;;
	*) echo veth pair ;;
	esac
}

is_ready() {
	local place
	for place in $(needs "$1"); do
		[[ " $READY " == *" $place "* ]] || return 1
	done
}

# A row that has failed once is left alone: nobody knows what is still under way.
measure_net() {
	local names row
	mapfile -t names < <(rows net)
	[ ${#names[@]} -gt 0 ] || return 0
	# shellcheck disable=SC2034 # start_guest's
	INITRD=$IO_INITRD
	start_places "${names[@]}"
	declare -A broken=()
	for ((ROUND = 1; ROUND <= IO_ROUNDS; ROUND++)); do
		progress "networks, round $ROUND of $IO_ROUNDS"
		VETH_STREAM='' GUEST_STREAM=''
		for row in "${names[@]}"; do
			[ -z "${broken[$row]-}" ] || continue
			! is_ready "$row" || "row_$row" || broken[$row]=yes
		done
	done
	stop_told a b tun
	stop_taps
	stop_namespaces
}

# --- section count: what the host's kernel can count of us by itself, which
# makes guests slower.  Its probes come and go while no guest runs.

TRACING=/sys/kernel/tracing

probe() {
	printf '%s\n' 'p:bench/switches lg_enter_guest' 'p:bench/calls lg_hypercall' \
		> $TRACING/kprobe_events && echo 1 > $TRACING/events/bench/enable
}

unprobe() {
	echo 0 > $TRACING/events/bench/enable
	: > $TRACING/kprobe_events
}

# frames NAME: that it has sent
frames() {
	tell "$1" "cat /sys/class/net/eth0/statistics/tx_packets" && FRAMES=${SAID%%$'\n'*}
}

# look: so far, at $SWITCHES, $CALLS, $SENT
look() {
	frames a && SENT=$FRAMES && frames b && SENT=$((SENT + FRAMES)) || return
	SWITCHES=$(awk '$1 == "switches" { print $2 }' $TRACING/kprobe_profile)
	CALLS=$(awk '$1 == "calls" { print $2 }' $TRACING/kprobe_profile)
}

# count KIND COMMAND...: the rows of that kind
count() {
	local kind=$1 switches calls sent
	shift
	asked "${kind}_switches" "${kind}_calls" || return 0
	look || return
	switches=$SWITCHES calls=$CALLS sent=$SENT
	"$@" && look || return
	sent=$((SENT - sent))
	[ "$sent" -gt 0 ] || { trouble "no frame was sent"; return 1; }
	! asked "${kind}_switches" ||
		sample "$ROUND" "${kind}_switches" "$(calculate "($SWITCHES - $switches) / $sent")"
	! asked "${kind}_calls" ||
		sample "$ROUND" "${kind}_calls" "$(calculate "($CALLS - $calls) / $sent")"
}

measure_counts() {
	[ -n "$(rows count)" ] || return 0
	# shellcheck disable=SC2034 # start_guest's
	INITRD=$IO_INITRD
	progress "counting switches and hypercalls"
	probe || { trouble "this kernel cannot count calls of lg.ko's functions"; return; }
	if start_pair; then
		for ((ROUND = 1; ROUND <= 3; ROUND++)); do
			count tcp stream b a 10.0.0.1 || break
			count udp blast b a 10.0.0.1 || break
			count_switch_calls || break
		done
	fi
	stop_told a b
	unprobe
}

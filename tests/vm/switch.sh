# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# switch.sh - for VM tests of lgswitch: `. tests/vm/switch.sh` instead of
# guests.sh, which it includes.
#
#	switch NAME [WORD...]	start a switch in the background and wait until it
#				says that it is ready; what it says is in
#				$TMPDIR/NAME.log, what it tells its manager in
#				$TMPDIR/NAME.told; ${SWITCH[NAME]} is its process
#	in_netns NETNS switch...  the same (or another command) in a namespace
#	ctl NAME VERB...	ask it; $SAID is the answer
#	end_switch NAME		SIGTERM; it must end with status 0
#	kill_switch NAME	kill -9
#	netns NAME...		make network namespaces, gone at the end
#	join_netns BRIDGE NETNS ADDRESS...  a namespace behind a bridge, which is
#				made if need be
#	here NAME NETNS COMMAND...  start it in a namespace ("-": none), and
#	result_here NAME	wait for it as result() does
#	is_served NETNS PORT [-u]  there is somebody at that port there (of UDP)
#	field NAME		of "... NAME=VALUE ..." in $SAID
#	same_sum SUM		is that the sum in $SAID?
#	refused WORDS COMMAND...  it must fail and say WORDS
. tests/vm/guests.sh

declare -A SWITCH
WITHIN=()

in_netns() {
	local WITHIN=(ip netns exec "$1")
	shift
	"$@"
}

is_up_or_gone() {
	! kill -0 "${SWITCH[$1]}" 2> /dev/null || grep -qs '^READY=1' "$TMPDIR/$1.told"
}

switch() {
	local name=$1
	shift
	echo "\$ ${WITHIN[*]} lgswitch --name=$name $*"
	rm -f "$TMPDIR/$name.told"
	"${WITHIN[@]}" build/tests/vm/notified "$TMPDIR/$name.told" \
		build/lgswitch --name="$name" --control="$TMPDIR/$name.sock" "$@" \
		>> "$TMPDIR/$name.log" 2>&1 &
	SWITCH[$name]=$!
	at_exit "kill -KILL ${SWITCH[$name]} 2> /dev/null"
	quietly wait_for 30 is_up_or_gone "$name" && kill -0 "${SWITCH[$name]}" 2> /dev/null && return
	cat "$TMPDIR/$name.log"
	fail "switch $name did not start"
}

ctl() {
	local name=$1
	shift
	SAID=$(build/lgswitch ctl --control="$TMPDIR/$name.sock" "$@") || fail "lgswitch ctl $name $*"
}

end_switch() {
	local status=0
	kill -TERM "${SWITCH[$1]}"
	wait "${SWITCH[$1]}" || status=$?
	[ "$status" -eq 0 ] || { cat "$TMPDIR/$1.log"; fail "switch $1 ended with status $status"; }
}

kill_switch() {
	kill -KILL "${SWITCH[$1]}"
	wait "${SWITCH[$1]}" 2> /dev/null || :
}

netns() {
	local name
	for name; do
		run ip netns add "$name"
		at_exit "ip netns del $name"
		run ip -n "$name" link set lo up
	done
}

# Addresses of IPv6 are usable at once.
set_up_in() {
	local netns=$1 device=$2 address
	shift 2
	for address; do
		case $address in
		*:*) run ip -n "$netns" addr add "$address" dev "$device" nodad ;;
		*) run ip -n "$netns" addr add "$address" dev "$device" ;;
		esac
	done
	run ip -n "$netns" link set "$device" up
}

# (The device there is eth0.)
join_netns() {
	local bridge=$1 netns=$2
	shift 2
	if [ ! -e "/sys/class/net/$bridge" ]; then
		run ip link add "$bridge" type bridge
		at_exit "ip link del $bridge"
		run ip link set "$bridge" up
	fi
	run ip link add "to-$netns" type veth peer name eth0 netns "$netns"
	run ip link set "to-$netns" master "$bridge" up
	set_up_in "$netns" eth0 "$@"
}

field() {
	sed -n "s/.*\<$1=\([0-9a-z.]*\).*/\1/p" <<< "$SAID" | tail -n 1
}

same_sum() {
	[ -n "$1" ] && [ "$(field sum)" = "$1" ] && return
	fail "the sums differ"
}

refused() {
	local words=$1 status=0
	shift
	echo "\$ $*   (refused: $words)"
	timeout 20 "$@" > "$TMPDIR/refusal" 2>&1 || status=$?
	[ "$status" -eq 1 ] || { cat "$TMPDIR/refusal"; fail "status $status, not 1: $*"; }
	grep -q -- "$words" "$TMPDIR/refusal" || { cat "$TMPDIR/refusal"; fail "it did not say: $words"; }
}

declare -A HERE_PID

here() {
	local name=$1 netns=$2
	shift 2
	echo "$netns& $*"
	if [ "$netns" = - ]; then
		"$@" > "$TMPDIR/here.$name" 2>&1 &
	else
		ip netns exec "$netns" "$@" > "$TMPDIR/here.$name" 2>&1 &
	fi
	HERE_PID[$name]=$!
	at_exit "kill -KILL ${HERE_PID[$name]} 2> /dev/null"
}

is_served() {
	local netns=$1 port=$2 kind=${3--t} where=()
	[ "$netns" = - ] || where=(ip netns exec "$netns")
	"${where[@]}" ss -Hln "$kind" "sport = :$port" | grep -q .
}

result_here() {
	local status=0
	wait "${HERE_PID[$1]}" || status=$?
	SAID=$(< "$TMPDIR/here.$1")
	echo "$SAID"
	[ "$status" -eq 0 ] || fail "$1 ended with status $status"
}

modprobe -a tun bridge veth vxlan
# shellcheck disable=SC2034 # for the test
TRAFFIC=build/tests/progs/traffic

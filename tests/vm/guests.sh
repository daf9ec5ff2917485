# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# guests.sh - for VM tests in which several Linux guests are told, one step
# after the other, what to do: `. tests/vm/guests.sh` instead of linux.sh,
# which it includes.
#
#	boot NAME [LGUEST-OPTION...]	start a guest (64m unless $MEMORY says
#				otherwise) that takes commands; $PROGS as in linux.sh
#	ready NAME...		wait until they have booted
#	on NAME COMMAND		run a line of shell there; prints what it prints,
#				which is in $SAID, too; fails the test if it fails
#	try NAME COMMAND	the same, but its failure is a status
#	later NAME COMMAND	start it and do not wait; then
#	result NAME		wait for it as on() does
#	off NAME...		power them off; they must do so in good order
#	kill_guest NAME		kill -9
#
# A guest's command may take $PATIENCE seconds (default 60).
. tests/vm/linux.sh

declare -A GUEST_PID GUEST_IN GUEST_SEEN
SAID=
HAVE_INITRD=
MARK=@@status

# shellcheck disable=SC2016 # for the guest's shell
make_guests_initrd() {
	[ -z "$HAVE_INITRD" ] || return 0
	HAVE_INITRD=yes
	init '
stty -echo
ip link set lo up
echo '$MARK' 0
while read -r line; do
	eval "$line"
	echo '$MARK' $?
done
poweroff -f'
}

boot() {
	local name=$1 fd
	shift
	make_guests_initrd
	[ -p "$TMPDIR/$name.in" ] || mkfifo "$TMPDIR/$name.in"
	# Open both ways, so that the guest never sees its end.
	exec {fd}<> "$TMPDIR/$name.in"
	: > "$TMPDIR/$name.out"
	start_linux "${MEMORY:-64m}" --name="$name" "$@" < "$TMPDIR/$name.in" > "$TMPDIR/$name.out" 2>&1
	GUEST_PID[$name]=$GUEST
	GUEST_IN[$name]=$fd
	GUEST_SEEN[$name]=0
	at_exit "kill -KILL $GUEST 2> /dev/null"
}

has_answered() {
	tail -c +$((GUEST_SEEN[$1] + 1)) "$TMPDIR/$1.out" | grep -qa "^$MARK [0-9]*.\$"
}

is_gone() {
	! kill -0 "${GUEST_PID[$1]}" 2> /dev/null
}

has_answered_or_gone() {
	has_answered "$1" || is_gone "$1"
}

# What it said since the last time, and its status.
result() {
	local name=$1 text status
	SAID=
	if ! quietly wait_for "${PATIENCE:-60}" has_answered_or_gone "$name" || ! has_answered "$name"; then
		tail -n 30 "$TMPDIR/$name.out"
		fail "guest $name does not answer"
	fi
	text=$(tail -c +$((GUEST_SEEN[$name] + 1)) "$TMPDIR/$name.out" | tr -d '\r\0')
	GUEST_SEEN[$name]=$(stat -c %s "$TMPDIR/$name.out")
	status=$(sed -n "s/^$MARK //p" <<< "$text" | tail -n 1)
	SAID=$(grep -v "^$MARK" <<< "$text" || :)
	[ -z "$SAID" ] || echo "$SAID"
	return "$status"
}

ready() {
	local name
	for name; do
		result "$name" > /dev/null || fail "guest $name did not boot well"
	done
}

later() {
	echo "$1# $2"
	echo "$2" >&"${GUEST_IN[$1]}"
}

try() {
	later "$1" "$2"
	result "$1"
}

on() {
	try "$1" "$2" || fail "status $? on $1: $2"
}

off() {
	local name
	for name; do
		echo 'poweroff -f' >&"${GUEST_IN[$name]}"
	done
	for name; do
		wait "${GUEST_PID[$name]}" || fail "guest $name ended with status $?"
		OUTPUT=$TMPDIR/$name.out
		unseen "$GUEST_COMPLAINTS"
	done
}

kill_guest() {
	kill -KILL "${GUEST_PID[$1]}"
	wait "${GUEST_PID[$1]}" 2> /dev/null || :
}

# address NAME N: 10.0.0.N and fd00::N on its eth0
address() {
	on "$1" "ip addr add 10.0.0.$2/24 dev eth0; echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad; ip -6 addr add fd00::$2/64 dev eth0; ip link set eth0 up"
}

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
#	on NAME COMMAND		run one line of shell there; prints what it prints,
#				which is in $SAID, too; fails the test if it fails
#	try NAME COMMAND	the same, but its failure is a status
#	later NAME COMMAND	start it and do not wait; then
#	result NAME		wait for it as on() does
#	off NAME...		power them off; they must do so in good order
#	kill_guest NAME		kill -9
#
# A guest's command may take $PATIENCE seconds (default 60).
. tests/vm/linux.sh

declare -A GUEST_PID GUEST_IN GUEST_OUT GUEST_LINE
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
	exec {fd}< "$TMPDIR/$name.out"
	GUEST_OUT[$name]=$fd
	GUEST_LINE[$name]=
	at_exit "kill -KILL $GUEST 2> /dev/null"
}

is_gone() {
	! kill -0 "${GUEST_PID[$1]}" 2> /dev/null
}

# More of what the guest has said, up to the mark and the status behind it, to
# TEXT and STATUS; 1 if that has not come yet.  The rest of a line that is not
# complete waits in GUEST_LINE.  (All of this without a process: there are
# thousands of these steps.)
read_answer() {
	local name=$1 line
	while IFS= read -r line <&"${GUEST_OUT[$name]}"; do
		line=${GUEST_LINE[$name]}$line
		GUEST_LINE[$name]=
		line=${line//$'\r'/}
		if [[ $line =~ ^"$MARK "([0-9]+)$ ]]; then
			STATUS=${BASH_REMATCH[1]}
			return 0
		fi
		TEXT+=$line$'\n'
	done
	GUEST_LINE[$name]+=$line
	return 1
}

# What it said since the last time, and its status.
result() {
	local name=$1 TEXT='' STATUS='' gone='' end
	SAID=
	end=$((SECONDS + ${PATIENCE:-60} * SLOW))
	until read_answer "$name"; do
		if [ -n "$gone" ] || [ $SECONDS -gt $end ]; then
			tail -n 30 "$TMPDIR/$name.out"
			fail "guest $name does not answer"
		fi
		! is_gone "$name" || gone=yes
		nap 0.02
	done
	SAID=$TEXT
	while [[ $SAID == *$'\n' ]]; do
		SAID=${SAID%$'\n'}
	done
	[ -z "$SAID" ] || echo "$SAID"
	return "$STATUS"
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

# (Who removes the file wants its memory back.)
close_output() {
	local fd=${GUEST_OUT[$1]}
	exec {fd}<&-
}

off() {
	local name
	for name; do
		echo 'poweroff -f' >&"${GUEST_IN[$name]}"
	done
	for name; do
		wait "${GUEST_PID[$name]}" || fail "guest $name ended with status $?"
		close_output "$name"
		OUTPUT=$TMPDIR/$name.out
		unseen "$GUEST_COMPLAINTS"
	done
}

kill_guest() {
	kill -KILL "${GUEST_PID[$1]}"
	wait "${GUEST_PID[$1]}" 2> /dev/null || :
	close_output "$1"
}

# address NAME N: 10.0.0.N and fd00::N on its eth0
address() {
	on "$1" "ip addr add 10.0.0.$2/24 dev eth0; echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad; ip -6 addr add fd00::$2/64 dev eth0; ip link set eth0 up"
}

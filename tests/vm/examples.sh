# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# examples.sh - for VM tests of examples/ and of the lab: `. tests/vm/examples.sh`
# after lib.sh or what includes it.
#
#	example NAME [WORD...]	run examples/NAME; it must end well, and leave
#				nothing of its own behind
#	nothing_left WORD...	is all as it was when begin_watch was called?
#	shown REGEX		it has said that, in $SHOWN
#	stops SIGNAL STATUS	end $STARTED by that signal; it must end with STATUS
#	start_it COMMAND...	in the background, where SIGINT ends it; what it
#				says goes to $SHOWN, and $STARTED is its process
SHOWN=$TMPDIR/shown
SCRATCH=$TMPDIR/scratch

# All that an example makes: nets, devices, namespaces, ways, files, processes
things() (
	shopt -s nullglob dotglob
	echo "nets:" /var/lg*/*
	echo "devices:" /sys/class/net/*
	echo "namespaces:" /run/netns/*
	echo "ways: $(ip route show | paste -sd ' ')"
	echo "files:" "$SCRATCH"/* /run/lgswitch/*
	echo "processes: $(pgrep -l '^(lg|tmux|ts)' | paste -sd ' ')"
)

begin_watch() {
	mkdir -p "$SCRATCH" /run/lgswitch
	modprobe -a tun bridge veth
	BEFORE=$(things)
}

is_as_before() {
	[ "$(things)" = "$BEFORE" ]
}

nothing_left() {
	quietly wait_for 5 is_as_before && return
	diff <(echo "$BEFORE") <(things) || :
	fail "$* left something behind"
}

shown() {
	grep -qaE -- "$1" "$SHOWN" || fail "it did not say: $1"
}

example() {
	local status=0
	begin_watch
	echo "\$ examples/$*"
	TMPDIR=$SCRATCH "examples/$1" "${@:2}" > "$SHOWN" 2>&1 < /dev/null || status=$?
	cat "$SHOWN"
	[ "$status" -eq 0 ] || fail "examples/$1 ended with status $status"
	nothing_left "examples/$1"
}

# (What bash starts in the background could not be interrupted otherwise.)
start_it() {
	echo "\$ $* &"
	TMPDIR=$SCRATCH env --default-signal=INT "$@" > "$SHOWN" 2>&1 < "${INPUT:-/dev/null}" &
	STARTED=$!
	at_exit "kill -KILL $STARTED 2> /dev/null"
}

stops() {
	local status=0
	echo "\$ kill -$1"
	kill "-$1" "$STARTED"
	wait "$STARTED" || status=$?
	[ "$status" -eq "$2" ] || { cat "$SHOWN"; fail "status $status, not $2, at SIG$1"; }
}

[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd

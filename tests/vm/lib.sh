# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# lib.sh - for tests that run in the host VM: `. tests/vm/lib.sh` (a test starts
# in the tree's folder, as root, with a tmpfs as $TMPDIR).
#
#	run COMMAND...		echo it, run it, fail the test if it fails
#	expect STATUS COMMAND...  the same, for another status
#	fail WHY, skip WHY	end the test
#	need_accounts		skip it where accounts cannot be changed
#	at_exit COMMAND		run a line at the end, last one first
#	wait_for SECONDS COMMAND...  until it succeeds; fails the test if it never
#	quietly COMMAND...	the same helper without its echo, and its failure
#				is a status, not the end of the test
#	no_growth LIMIT MEASURE COMMAND...  COMMAND adds at most LIMIT to MEASURE,
#				which is one of the next or another command
#	slab_kib, used_kib, open_files  the kernel's objects, all memory (caches
#				dropped), open files of the system
#	soak QUICK FULL		prints one of the two: how long, often or much is done
#				what is better the longer it lasts.  FULL with
#				SOAK=yes, which make check-all sets
#	worst_nap MS		for so long naps of 10 ms; prints what the longest took, in ms
#	nap SECONDS		sleep without a process, which is dear in this VM
#
# Times to wait are for a stock kernel; tests/vm/run says by $SLOW how many times
# as long to wait on another one.
SLOW=${SLOW:-1}

QUIET=

say() {
	[ -n "$QUIET" ] || echo "$*"
}

fail() {
	[ -z "$QUIET" ] || return 1
	echo "FAILED: $*"
	exit 1
}

skip() {
	echo "$*"
	exit 77
}

# The VM of who is not root cannot read what that user may not; which shows when a
# file is opened, not before.
need_accounts() {
	{ : < /etc/shadow; } 2> /dev/null || skip "it adds accounts, and /etc/shadow is root's: not in this VM"
}

quietly() {
	local QUIET=yes
	"$@"
}

run() {
	expect 0 "$@"
}

expect() {
	local want=$1 status=0
	shift
	say "\$ $*"
	"$@" || status=$?
	[ "$status" -eq "$want" ] || fail "status $status, not $want: $*"
}

AT_EXIT=

run_at_exit() {
	local status=$?
	trap - EXIT
	set +e
	eval "$AT_EXIT"
	exit "$status"
}

at_exit() {
	AT_EXIT="$1
$AT_EXIT"
	trap run_at_exit EXIT
}

soak() {
	[ "${SOAK-}" = yes ] && echo "$2" || echo "$1"
}

# Nobody writes to this pipe.
exec {NAP_PIPE}<> <(:)

nap() {
	read -r -t "$1" -u "$NAP_PIPE" || :
}

worst_nap() {
	local end=$((${EPOCHREALTIME/./} + $1 * 1000)) worst=0 before now=0
	while [ "$now" -lt "$end" ]; do
		before=${EPOCHREALTIME/./}
		nap 0.01
		now=${EPOCHREALTIME/./}
		[ $((now - before)) -le $worst ] || worst=$((now - before))
	done
	echo $((worst / 1000))
}

# Asks twenty times a second; a test that has an event to wait for, should.
wait_for() {
	local seconds=$1 end
	shift
	say "\$ wait up to $seconds s for: $*"
	end=$((${EPOCHREALTIME/./} + seconds * SLOW * 1000000))
	until "$@" > /dev/null 2>&1; do
		if [ "${EPOCHREALTIME/./}" -gt "$end" ]; then
			fail "not within $seconds s: $*"
			return
		fi
		nap 0.05
	done
}

no_growth() {
	local limit=$1 measure=$2 before after
	shift 2
	before=$($measure)
	run "$@"
	after=$($measure)
	say "$measure: $before before, $after after (at most $limit more)"
	[ $((after - before)) -le "$limit" ] ||
		fail "$measure grew by $((after - before)), more than $limit: $*"
}

# What is merely cached goes first, so that the rest can be compared.
drop_caches() {
	sync
	echo 3 > /proc/sys/vm/drop_caches
}

slab_kib() {
	drop_caches
	awk '/^Slab:/ { print $2 }' /proc/meminfo
}

used_kib() {
	drop_caches
	awk '/^MemTotal:/ { total = $2 } /^MemFree:/ { print total - $2 }' /proc/meminfo
}

open_files() {
	cut -f 1 /proc/sys/fs/file-nr
}

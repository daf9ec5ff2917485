# shellcheck shell=bash disable=SC2034 # others use what is set here
# SPDX-License-Identifier: GPL-2.0
#
# common.sh - what the scripts of the VM harness share: where things are, how
# they complain, and scratch folders that go away.  (Tests that run inside of
# the VM have lib.sh instead.)

TREE=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")

# Downloads and guest kernels live outside of the tree, so that a clean
# checkout need not get them again.
LGUEST_CACHE=$(realpath -m "${LGUEST_CACHE:-${XDG_CACHE_HOME:-${HOME:?is not set: set LGUEST_CACHE}/.cache}/lguest}")

# The stock Debian kernels that lg.ko must work on, and what to call them; and
# one that watches itself.
HOST_KERNELS="6.1 6.12 6.1-debug"

# slowness KERNEL: how many times as long as on a stock kernel things may take
slowness() {
	[[ $1 == *-debug ]] && echo 5 || echo 1
}

say() {
	echo "${0##*/}: $*" >&2
}

die() {
	say "$@"
	exit 1
}

# die_with LOG MESSAGE: the same, with the end of a log.
die_with() {
	local log=$1
	shift
	tail -n 20 "$log" | sed 's/^/    /' >&2
	die "$@"
}

# What takes longer than a moment says so to a person, and only to one.
progress() {
	[ ! -t 2 ] || echo "${0##*/}: $*..." >&2
}

# scratch_dir VARIABLE: a new folder that is removed when the script ends.
scratch_dir() {
	local dir
	dir=$(mktemp -d "${TMPDIR:-/tmp}/lguest-${0##*/}.XXXXXX")
	printf -v "$1" %s "$dir"
	# shellcheck disable=SC2064 # its value of now
	trap "rm -rf -- '$dir'" EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

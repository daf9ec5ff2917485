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

# become_root; "${BECOME_ROOT[@]}" COMMAND...: for users who are not root: as root
# of a user namespace, in which they have their own id as root's and those that
# /etc/subuid grants them, and so can make files that are somebody else's.
become_root() {
	local user grant
	BECOME_ROOT=()
	[ "$(id -u)" -ne 0 ] || return 0
	user=$(id -un)
	BECOME_ROOT=(unshare --user --map-root-user --map-auto --)
	! "${BECOME_ROOT[@]}" true 2> /dev/null || return 0
	command -v newuidmap > /dev/null ||
		die "newuidmap is missing, by which users other than root get a user namespace (as root: apt-get install uidmap)"
	grant="--add-subuids 100000-165535 --add-subgids 100000-165535"
	[ "$(grep -ls "^$user:" /etc/subuid /etc/subgid | wc -l)" -eq 2 ] ||
		die "/etc/subuid and /etc/subgid grant no ids to $user (as root: usermod $grant $user)"
	die "this machine lets only root make user namespaces (use sudo; or as root: sysctl -w user.max_user_namespaces=10000 kernel.unprivileged_userns_clone=1)"
}

# lock_in_cache FILE: wait until nobody else has that lock of the cache; it is
# ours until the script ends.
lock_in_cache() {
	local file=$LGUEST_CACHE/$1
	mkdir -p "${file%/*}" 2> /dev/null || :
	{ exec 8> "$file"; } 2> /dev/null ||
		die "something is missing in the cache, $LGUEST_CACHE, and it cannot be written to (set LGUEST_CACHE to a folder of your own)"
	flock 8
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

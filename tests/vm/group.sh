# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# group.sh - for tests that ask what processes leave behind: a cgroup to run
# them in, whose accounts outlive them.  Unlike the free memory of a machine,
# which comes and goes by megabytes for reasons of its own, these are exact.
#
#	. tests/vm/lib.sh; . tests/vm/group.sh
#	new_group NAME		make it; sets GROUP; it goes when the test ends
#	in_group COMMAND...	run it there, as the shell's own child
#	INTO_GROUP		an array, words before a COMMAND that shall run there
#	little_is_left		is next to nothing allocated on its account?

# What the kernel may keep for a group that has been in use, in bytes.
GROUP_SLACK=65536
# (A debug kernel keeps what was freed in a quarantine for a while, and has its
# own means of finding what was lost.)
[ "$SLOW" -eq 1 ] || GROUP_SLACK=$((64 << 20))

new_group() {
	GROUP=/sys/fs/cgroup/test-$1
	mkdir -p "$GROUP"
	at_exit "rmdir $GROUP"
	# shellcheck disable=SC2034 # for the test
	INTO_GROUP=(sh -c 'echo $$ > "$0/cgroup.procs" && exec "$@"' "$GROUP")
	[ -e "$GROUP/memory.stat" ] || fail "there is no memory cgroup"
}

# ($BASHPID is the subshell that this is.)
in_group() (
	echo "$BASHPID" > "$GROUP/cgroup.procs"
	"$@"
)

# Page tables, guests, shadow tables, and the memory of launchers and guests.
group_left() {
	drop_caches
	awk '/^(kernel|anon|file|shmem) / { sum += $2 } END { print sum }' "$GROUP/memory.stat"
}

little_is_left() {
	[ "$(group_left)" -le $GROUP_SLACK ]
}

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# lib.sh - what the examples share, so that each of them can be about its
# subject.  An example is run as root where lg.ko is loaded:
#
#	sudo examples/two-hosts			shows what it shows, and ends
#	sudo examples/two-hosts --shell		and then gives you the consoles
#
# It uses the programs that `make` built, or else the installed ones.  All that
# it starts ends with it, ^C included.
#
#	begin			always first
#	net NAME...		nets, each an Ethernet segment: the files /var/lg/NAME
#	guest NAME [OPTION...] [SETTING...]
#				start a guest: options are lguest's, and settings
#				(lg.ip=...) those of its ready-made user space,
#				both as in lguest(1)
#	up NAME...		wait until their user space is up
#	on NAME COMMAND		run a line of shell there and show what it says;
#				it must succeed.  ask NAME COMMAND is silent and
#				may fail.  Both leave what was said in $SAID
#	switch WORD...		start lgswitch and wait until it answers; ctl WORD...
#				asks it
#	start NAME PROGRAM...	start another program; its messages are in $WORK/NAME.log
#	run COMMAND...		show it, and run it here
#	tell TEXT		to the reader
#	await SECONDS COMMAND...  until it succeeds
#	at_end COMMAND...	do that at the end, last one first
#	finish [TEXT]		the end; with --shell, consoles first, and TEXT is
#				what to try there
set -eu

# How long a guest may take to boot, and for a command.
BOOT_SECONDS=120
COMMAND_SECONDS=60

NETS=/var/lg
SAID=
STEP=
SHELL_WANTED=
ENDINGS=()
declare -A PID KEYS SEEN STARTED UP

tell() {
	printf '%s\n' "$*"
}

# die WHY: with the ends of what the programs and the guests have said
die() {
	trap '' INT TERM HUP
	local log
	echo "${0##*/}: ${STEP:+$STEP: }$*" >&2
	for log in "${WORK:-/nowhere}"/*.log; do
		[ ! -s "$log" ] || { echo "--- the end of $(basename "$log")"; tail -n 15 "$log"; } >&2
	done
	exit 1
}

# --- beginning and end

at_end() {
	ENDINGS+=("$(printf '%q ' "$@")")
}

# shellcheck disable=SC2317 # called by trap
end_all() {
	local status=$? i
	trap - EXIT
	trap '' INT TERM HUP
	set +e
	for ((i = ${#ENDINGS[@]} - 1; i >= 0; i--)); do
		eval "${ENDINGS[i]}"
	done > /dev/null 2>&1
	exit "$status"
}

find_programs() {
	local here lib
	here=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
	if [ -x "$here/build/lguest" ]; then
		PATH=$here/build:$PATH
		GUESTS=$here/build/guest
	else
		lib=$(command -v lguest) ||
			die "there is no lguest: make all guest-kernel guest-initrd, or make install"
		GUESTS=$(dirname "$(dirname "$lib")")/lib/lguest
	fi
	KERNEL=$GUESTS/vmlinux INITRD=$GUESTS/initrd.gz
	[ -e "$KERNEL" ] || die "$KERNEL is not there (make guest-kernel)"
	[ -e "$INITRD" ] || die "$INITRD is not there (make guest-initrd)"
}

# begin [--shell]
begin() {
	case ${1-} in
	'') ;;
	--shell) SHELL_WANTED=yes ;;
	*) die "'$1'? (--shell gives you the consoles, and there is nothing else)" ;;
	esac
	[ "$(id -u)" -eq 0 ] || die "only root can set up nets and devices (use sudo)"
	[ -z "$SHELL_WANTED" ] || [ -t 0 ] || die "--shell: standard input is not a terminal"
	[ -z "$SHELL_WANTED" ] || command -v tmux > /dev/null ||
		die "--shell needs tmux (apt-get install tmux)"
	[ -e /dev/lguest ] ||
		die "lg.ko is not loaded (modprobe lg, or insmod build/lg.ko; make vm-shell has a machine with it)"
	find_programs
	WORK=$(mktemp -d "${TMPDIR:-/tmp}/lguest-${0##*/}.XXXXXX")
	trap end_all EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
	at_end rm -rf "$WORK"
}

# --- waiting

await() {
	local seconds=$1 end
	shift
	end=$((${EPOCHREALTIME/./} + seconds * 1000000))
	until "$@" > /dev/null 2>&1; do
		[ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
		sleep 0.02
	done
}

# --- programs

# What is started here ends even if this script is killed.
leashed() {
	exec setpriv --pdeathsig TERM -- "$@"
}

# start NAME PROGRAM [WORD...]: ${PID[NAME]} is its process
start() {
	local name=$1
	shift
	leashed "$@" > "$WORK/$name.log" 2>&1 < /dev/null &
	PID[$name]=$!
	at_end end "$name"
}

is_gone() {
	! kill -0 "${PID[$1]}" 2> /dev/null
}

# end NAME: by SIGTERM, or else by SIGKILL; its exit status
end() {
	local pid=${PID[$1]}
	kill -TERM "$pid" 2> /dev/null || :
	await 10 is_gone "$1" || kill -KILL "$pid"
	wait "$pid"
}

run() {
	tell "\$ $*"
	"$@" || die "status $?: $*"
}

# --- nets

make_folder() {
	[ -d "$NETS" ] || { mkdir -p "$NETS" && at_end rmdir "$NETS"; }
}

is_populated() {
	lgnetdump -D --json -i "$1" | grep -q '"pid"'
}

# Where somebody is, a guest of ours would be in the midst of theirs.
net() {
	local name file
	make_folder
	for name; do
		file=$NETS/$name
		if [ ! -e "$file" ]; then
			: > "$file"
			at_end rm -f "$file"
		elif is_populated "$file"; then
			die "somebody is on the net $file already (lgnetdump -D tells who)"
		fi
	done
}

# --- guests

# Each has its console in files: $WORK/NAME.keys is what it is told, and
# $WORK/NAME.log what it says.
guest() {
	local name=$1 keys
	shift
	[ -n "${SILENT-}" ] ||
		tell "\$ lguest 64m vmlinux --initrd=initrd.gz --name=$name $* console=hvc0 &"
	set -- "$@" lg.hostname="$name" lg.run=obey console=hvc0 quiet
	mkfifo "$WORK/$name.keys"
	# Open both ways, so that the guest never sees its end.
	exec {keys}<> "$WORK/$name.keys"
	KEYS[$name]=$keys
	SEEN[$name]=0
	STARTED[$name]=${EPOCHREALTIME/./}
	leashed lguest 64m "$KERNEL" --initrd="$INITRD" --name="$name" "$@" \
		< "$WORK/$name.keys" > "$WORK/$name.log" 2>&1 &
	PID[$name]=$!
	at_end end "$name"
}

# news NAME: what it has said since the last time
news() {
	tail -c +$((SEEN[$1] + 1)) "$WORK/$1.log" | tr -d '\r\0'
}

is_up() {
	grep -qa '^lguest-init-up' "$WORK/$1.log"
}

has_answered() {
	news "$1" | grep -qaE 'lguest-status [0-9]+;$'
}

is_up_or_gone() {
	is_up "$1" || is_gone "$1"
}

has_answered_or_gone() {
	has_answered "$1" || is_gone "$1"
}

# When each came up is in ${UP[NAME]}, in microseconds since it was started.
up() {
	local name waiting=("$@") still
	while [ ${#waiting[@]} -gt 0 ]; do
		still=()
		for name in "${waiting[@]}"; do
			if is_up "$name"; then
				# shellcheck disable=SC2034 # for the lab
				UP[$name]=$((${EPOCHREALTIME/./} - STARTED[$name]))
			elif is_gone "$name"; then
				die "guest $name has ended before its user space was up"
			elif [ $((${EPOCHREALTIME/./} - STARTED[$name])) -gt ${BOOT_SECONDS}000000 ]; then
				die "guest $name is not up after $BOOT_SECONDS s"
			else
				still+=("$name")
			fi
		done
		waiting=("${still[@]}")
		sleep 0.02
	done
	# It says that it is ready for commands, and what was wrong with its settings.
	for name; do
		answer "$name" || die "guest $name is not ready"
		[[ $SAID != *lguest-init:* ]] || die "guest $name has a setting that is wrong"
	done
}

# The end of a command: what it said is in $SAID; its status.
answer() {
	local name=$1 text
	await "$COMMAND_SECONDS" has_answered_or_gone "$name" ||
		die "guest $name has not answered for $COMMAND_SECONDS s"
	has_answered "$name" || die "guest $name has ended"
	text=$(news "$name")
	SEEN[$name]=$(stat -c %s "$WORK/$name.log")
	SAID=$(sed '/lguest-status [0-9]*;$/{s///;/^$/d}' <<< "$text")
	return "$(sed -n 's/.*lguest-status \([0-9]*\);$/\1/p' <<< "$text" | tail -n 1)"
}

ask() {
	echo "$2" >&"${KEYS[$1]}"
	answer "$1"
}

on() {
	tell "$1# $2"
	ask "$1" "$2" || die "status $? on $1: $2${SAID:+: $SAID}"
	[ -z "$SAID" ] || tell "$SAID"
}

# --- a switch

# (Where no udev is they are not loaded by themselves.)
load_drivers() {
	modprobe -aq "$@" || :
}

switch() {
	load_drivers tun bridge
	[ -n "${SILENT-}" ] || tell "\$ lgswitch $* &"
	SWITCH=${0##*/}-$$
	start lgswitch lgswitch --name="$SWITCH" "$@"
	await 20 switch_answers_or_gone || :
	await 0 switch_answers || die "lgswitch does not start"
}

switch_answers() {
	lgswitch ctl --name="$SWITCH" ping
}

switch_answers_or_gone() {
	switch_answers || is_gone lgswitch
}

ctl() {
	tell "\$ lgswitch ctl $*"
	lgswitch ctl --name="$SWITCH" "$@" || die "lgswitch ctl $* failed"
}

# --- consoles

# A guest's console in this terminal.  (Its screen is as large as ours: the
# guest cannot see that by itself.)
# shellcheck disable=SC2317 # in a script of its own
console() {
	local rows columns
	read -r rows columns < <(stty size)
	stty raw -echo
	printf 'shell\nstty rows %d cols %d; clear\n' "$rows" "$columns" > "$WORK/$1.keys"
	tail -c +$((SEEN[$1] + 1)) -f "$WORK/$1.log" &
	exec cat > "$WORK/$1.keys"
}

write_console_script() {
	{
		declare -p WORK SEEN
		declare -f console
		echo 'console "$1"'
	} > "$WORK/console"
}

in_tmux() {
	env -u TMUX tmux -u -S "$WORK/tmux" -f /dev/null "$@"
}

# All of them in tmux, a window for each guest, and one for the host; until one
# leaves it.
consoles() {
	local name guests
	mapfile -t guests < <(printf '%s\n' "${!KEYS[@]}" | sort)
	write_console_script
	# (One line is tmux's own.)
	in_tmux new-session -d -s lab -n host -x "$(tput cols)" -y $(($(tput lines) - 1)) \
		"${SHELL:-/bin/bash}"
	at_end in_tmux kill-server
	in_tmux set-option -g status-right '^b n: next window, ^b d: the end '
	for name in "${guests[@]}"; do
		in_tmux new-window -d -n "$name" "bash '$WORK/console' $name"
	done
	in_tmux send-keys -t lab:host -l "# ${1:-ping, look, break}"
	in_tmux send-keys -t lab:host Enter
	# (In the background, so that a signal ends us at once.)
	in_tmux attach-session -t lab <&0 &
	wait $! || :
}

# finish [TEXT]
finish() {
	if [ -n "$SHELL_WANTED" ]; then
		consoles "${1-}"
	elif [ -n "${1-}" ]; then
		tell "With --shell you can go on from here: $1"
	fi
}

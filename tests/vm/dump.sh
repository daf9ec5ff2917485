# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# dump.sh - for VM tests of lgnetdump: `. tests/vm/dump.sh` after lib.sh or
# guests.sh.
#
#	start_dump NAME WORD...	lgnetdump in the background, until it listens
#				(or waits); its messages go to $TMPDIR/NAME.said
#	end_dump NAME [STATUS]	end it by SIGTERM; it must end with STATUS (0)
#	drained NAME		it has looked at all that was said so far
#	counted NAME WHAT	"captured", "lost in the ring"...: what its last counts tell
#	judge FILE...		tshark and capinfos read it all, with no complaint
#	capinfos_of FILE...	capinfos does (and leaves $TMPDIR/capinfos)
#	fields FILE FIELD...	tshark's fields, a line for each frame (or for the
#				first $FIRST); a judge, too
#	fields_of_all FIELD FILE...  one field of all frames of these files
#	frames FILE		how many it has
#	sums FILE		a line for each frame: MD5 of its bytes
#	refused REGEX COMMAND...  status 1, and that is why
#	start_echo NET NAME MAC	a port that sends all back ($ECHO); talk NET TO
#				COUNT SIZE sends frames there, and gets them back
PORTS=build/tests/ports
TALKER=02:00:00:00:00:fe

declare -A DUMP

# Whoever has no home has no settings of Wireshark.
export HOME=$TMPDIR

# What tshark and its kind learn by heart before anything else, though none of
# our tests asks for it, is a third of their time.
for file in manuf services enterprises.tsv; do
	[ ! -s /usr/share/wireshark/$file ] || : > /usr/share/wireshark/$file
done

has_started() {
	grep -qE '(listening on|waiting for) ' "$TMPDIR/$1.said" || [ ! -e "/proc/${DUMP[$1]}/exe" ]
}

start_dump() {
	local name=$1
	shift
	echo "\$ lgnetdump $* &"
	build/lgnetdump "$@" 2> "$TMPDIR/$name.said" &
	DUMP[$name]=$!
	at_exit "kill -KILL $! 2> /dev/null"
	quietly wait_for 20 has_started "$name" || fail "lgnetdump $name does not start: $(< "$TMPDIR/$name.said")"
}

end_dump() {
	local status=0
	echo "\$ end lgnetdump $1"
	kill -TERM "${DUMP[$1]}" 2> /dev/null || :
	wait "${DUMP[$1]}" || status=$?
	cat "$TMPDIR/$1.said"
	[ "$status" -eq "${2-0}" ] || fail "lgnetdump $1 ended with status $status"
}

counted() {
	grep -a 'seen [0-9]' "$TMPDIR/$1.said" | tail -n 1 | sed -n "s/.*[ :]$2 \([0-9]*\).*/\1/p"
}

# Its counts, asked for twice, are the same, and new ones.
is_idle() {
	local before='' count
	for _ in 1 2; do
		count=$(grep -c 'seen [0-9]' "$TMPDIR/$1.said" || :)
		kill -USR1 "${DUMP[$1]}" || return
		quietly wait_for 10 has_counts "$1" "$count" || return
		[ "$before" != "$(counted "$1" seen)" ] || return 0
		before=$(counted "$1" seen)
		sleep 0.1
	done
	return 1
}

has_counts() {
	[ "$(grep -c 'seen [0-9]' "$TMPDIR/$1.said")" -gt "$2" ]
}

drained() {
	wait_for 60 is_idle "$1"
}

# tshark says that it should not be root, and then what we want to hear.
tshark_quiet() {
	{
		command tshark "$@" 2>&1 >&3 3>&- | sed '/Running as user/d' >&2
		return "${PIPESTATUS[0]}"
	} 3>&1
}

# capinfos_of FILE...: all in one go, for starting it takes its time here
capinfos_of() {
	local complaint
	complaint=$(capinfos "$@" 2>&1 > "$TMPDIR/capinfos") || fail "capinfos cannot read $*: $complaint"
	[ -z "$complaint" ] || fail "capinfos complains of $*: $complaint"
}

judge() {
	echo "\$ tshark -r, capinfos: $*"
	fields_of_all frame.number "$@" > /dev/null
	capinfos_of "$@"
}

# As it is checksums would be "unverified", and there would be none of frames.
# (Both take their time, so they are for who asks.)
CHECK=(-o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -o ip.check_checksum:TRUE)
HASH=(-o frame.generate_md5_hash:TRUE)

fields() {
	local file=$1 words=() field
	shift
	for field; do
		words+=(-e "$field")
		case $field in
		*.checksum.status) words+=("${CHECK[@]}") ;;
		frame.md5_hash) words+=("${HASH[@]}") ;;
		esac
	done
	tshark_quiet -n -r "$file" ${FIRST:+-c "$FIRST"} -T fields -E occurrence=f "${words[@]}" 2> "$TMPDIR/complaint" ||
		fail "tshark cannot read $file: $(< "$TMPDIR/complaint")" >&2
	[ ! -s "$TMPDIR/complaint" ] || fail "tshark complains of $file: $(< "$TMPDIR/complaint")" >&2
}

# fields_of_all FIELD FILE...: with one tshark for all of them, which takes seconds
# to start.  A file of pcapng behind another one is a file of pcapng.
fields_of_all() {
	local field=$1 all
	shift
	[ $# -gt 1 ] || { fields "$1" "$field"; return; }
	all=$(mktemp "$TMPDIR/all.XXXXXX")
	case $(head -c 4 "$1" | od -An -t x1) in
	' 0a 0d 0d 0a' | ' 1f 8b '*) cat "$@" > "$all" ;;
	*) mergecap -F nsecpcap -w "$all" "$@" || fail "mergecap cannot read $*" >&2 ;;
	esac
	fields "$all" "$field"
	rm "$all"
}

frames() {
	capinfos -T -r -M -c "$1" | cut -f 2
}

sums() {
	fields "$1" frame.md5_hash
}

refused() {
	local regex=$1
	shift
	expect 1 "$@" > "$TMPDIR/refusal" 2>&1 < /dev/null
	cat "$TMPDIR/refusal"
	grep -qE -- "^lgnetdump: .*$regex" "$TMPDIR/refusal" || fail "that is not why: $regex"
}

as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

start_echo() {
	$PORTS/echo "$@" > "$TMPDIR/echo" &
	# shellcheck disable=SC2034 # for the test
	ECHO=$!
	at_exit "kill -KILL $! 2> /dev/null"
	quietly wait_for 10 grep -q slot "$TMPDIR/echo" || fail "no echo"
}

talk() {
	run timeout 60 $PORTS/echo "$1" talk $TALKER "$2" "$3" "$4"
}
